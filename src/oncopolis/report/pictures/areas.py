"""Layers on each other over years, each named at its right end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, measure_text, shorten
from oncopolis.report.pictures.scales import (
    Scale,
    Write,
    draw_value_axis,
    draw_year_axis,
    list_ticks,
    spread_labels,
)


@dataclass(frozen=True)
class Layer:
    """One layer."""

    label: str
    values: Sequence[float]
    href: str = ""


_TOP, _BOTTOM, _LEFT, _HEIGHT, _LABELS = 30, 28, 56, 330, 200


def draw_areas(
    years: Sequence[int],
    layers: Sequence[Layer],
    *,
    write: Write,
    title: str,
    unit: str,
    events: Mapping[int, str],
) -> str:
    """Draw layers on each other, the first at the bottom, with `events` (openings) as upright lines."""
    canvas = Canvas(_HEIGHT)
    right = style.WIDTH - _LABELS
    totals = [sum(values) for values in zip(*(layer.values for layer in layers), strict=True)]
    ticks = list_ticks(0, max(totals))
    x = Scale(years[0], years[-1], _LEFT, right)
    y = Scale(0, ticks[-1], _HEIGHT - _BOTTOM, _TOP)
    draw_value_axis(canvas, y, ticks, (_LEFT, right), write)
    canvas.text((0, 12), unit, size=style.SMALL)
    below = [0.0] * len(years)
    middles = []
    for i, layer in enumerate(layers):
        above = [low + value for low, value in zip(below, layer.values, strict=True)]
        outline = [(x(year), y(value)) for year, value in zip(years, above, strict=True)]
        outline += [(x(year), y(value)) for year, value in zip(reversed(years), reversed(below), strict=True)]
        colour = style.SERIES[i % len(style.SERIES)]
        canvas.area(
            outline, colour, tip=f"{layer.label}: {write(layer.values[0])} → {write(layer.values[-1])}"
        )
        canvas.path([(x(year), y(value)) for year, value in zip(years, above, strict=True)], style.PAPER, 0.8)
        middles.append(y((above[-1] + below[-1]) / 2))
        below = above
    _draw_events(canvas, x, {year: event for year, event in events.items() if years[0] <= year <= years[-1]})
    _draw_labels(canvas, layers, middles, right, write)
    draw_year_axis(canvas, x, years, _HEIGHT - _BOTTOM)
    return canvas.to_svg(title, "; ".join(f"{layer.label} {write(layer.values[-1])}" for layer in layers))


def _draw_events(canvas: Canvas, x: Scale, events: Mapping[int, str]) -> None:
    """Draw upright lines, each named as far as there is room before the next."""
    ends = [*[x(year) for year in sorted(events)][1:], float(style.WIDTH)] if events else []
    for year, end in zip(sorted(events), ends, strict=True):
        canvas.line((x(year), _TOP - 8), (x(year), _HEIGHT - _BOTTOM), style.MUTED, 1, "3 3")
        words = shorten(f"{year} {events[year]}", end - x(year) - 12, style.SMALL)
        canvas.text((x(year) + 4, _TOP - 4), words, size=style.SMALL)


def _draw_labels(
    canvas: Canvas, layers: Sequence[Layer], middles: Sequence[float], right: float, write: Write
) -> None:
    places = spread_labels(middles[::-1], style.LINE, _TOP, _HEIGHT - _BOTTOM)[::-1]
    for i, (layer, middle, place) in enumerate(zip(layers, middles, places, strict=True)):
        colour = style.SERIES[i % len(style.SERIES)]
        canvas.path([(right + 2, middle), (right + 12, place)], colour, 1.2)
        canvas.box((right + 13, place - 4), 8, 8, colour)
        number = write(layer.values[-1])
        room = _LABELS - 34 - measure_text(number, style.SMALL)
        canvas.text(
            (right + 25, place + 4),
            shorten(layer.label, room, style.SMALL),
            size=style.SMALL,
            href=layer.href,
        )
        canvas.text((style.WIDTH, place + 4), number, anchor="end", size=style.SMALL, fill=style.INK)
