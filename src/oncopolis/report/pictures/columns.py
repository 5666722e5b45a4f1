"""Stacked columns by year, with an optional line over them."""

from collections.abc import Sequence

from oncopolis.report.pictures import style
from oncopolis.report.pictures.areas import Layer
from oncopolis.report.pictures.canvas import Canvas, measure_text
from oncopolis.report.pictures.scales import Scale, Write, draw_value_axis, draw_year_axis, list_ticks

_TOP, _BOTTOM, _LEFT, _HEIGHT = 58, 28, 64, 340
_MARK, _GAP = 14, 14


def draw_columns(
    years: Sequence[int], layers: Sequence[Layer], line: Layer | None, *, write: Write, title: str, unit: str
) -> str:
    """Draw a column for each year, its pieces on each other, and `line` as a line with dots."""
    entries = [(layer.label, style.SERIES[i % len(style.SERIES)]) for i, layer in enumerate(layers)]
    if line:
        entries.append((line.label, ""))
    places = _place_legend([label for label, _ in entries])
    top = places[-1][1] + _TOP - 2 * style.LINE
    height = _HEIGHT - _TOP + top
    canvas = Canvas(height)
    totals = [sum(values) for values in zip(*(layer.values for layer in layers), strict=True)]
    ticks = list_ticks(0, max([*totals, *(line.values if line else ())]))
    slot = (style.WIDTH - _LEFT) / len(years)
    x = Scale(years[0], years[-1], _LEFT + slot / 2, style.WIDTH - slot / 2)
    y = Scale(0, ticks[-1], height - _BOTTOM, top)
    draw_value_axis(canvas, y, ticks, (_LEFT, style.WIDTH), write)
    canvas.text((0, 12), unit, size=style.SMALL)
    _draw_legend(canvas, entries, places)
    below = [0.0] * len(years)
    for i, layer in enumerate(layers):
        for k, year in enumerate(years):
            above = below[k] + layer.values[k]
            if layer.values[k]:
                canvas.box(
                    (x(year) - slot * 0.36, y(above)),
                    slot * 0.72,
                    y(below[k]) - y(above),
                    style.SERIES[i % len(style.SERIES)],
                    f"{year}, {layer.label}: {write(layer.values[k])}",
                )
            below[k] = above
    if line:
        points = [(x(year), y(value)) for year, value in zip(years, line.values, strict=True)]
        canvas.path(points, style.INK, 1.8)
        for year, point, value in zip(years, points, line.values, strict=True):
            canvas.dot(point, 2.6, style.INK, f"{year}, {line.label}: {write(value)}")
    draw_year_axis(canvas, x, years, height - _BOTTOM)
    return canvas.to_svg(
        title, "; ".join(f"{year}: {write(total)}" for year, total in zip(years, totals, strict=True))
    )


def _place_legend(labels: Sequence[str]) -> list[tuple[float, float]]:
    """Place legend entries in as many lines as they need."""
    places = []
    left, top = 0.0, 2.0 * style.LINE
    for label in labels:
        width = _MARK + measure_text(label, style.SMALL)
        if left and left + width > style.WIDTH:
            left, top = 0.0, top + style.LINE
        places.append((left, top))
        left += width + _GAP
    return places


def _draw_legend(
    canvas: Canvas, entries: Sequence[tuple[str, str]], places: Sequence[tuple[float, float]]
) -> None:
    for (label, colour), (left, top) in zip(entries, places, strict=True):
        if colour:
            canvas.box((left, top - 9), 10, 10, colour)
        else:
            canvas.line((left, top - 4), (left + 11, top - 4), style.INK, 2)
            canvas.dot((left + 5, top - 4), 2.6, style.INK)
        canvas.text((left + _MARK, top), label, size=style.SMALL)
