"""Stacked columns by year, with an optional line over them."""

from collections.abc import Sequence

from oncopolis.report.pictures import style
from oncopolis.report.pictures.areas import Layer
from oncopolis.report.pictures.canvas import Canvas, measure_text
from oncopolis.report.pictures.scales import Scale, Write, draw_value_axis, draw_year_axis, list_ticks

_TOP, _BOTTOM, _LEFT, _HEIGHT = 58, 28, 64, 340


def draw_columns(
    years: Sequence[int], layers: Sequence[Layer], line: Layer | None, *, write: Write, title: str, unit: str
) -> str:
    """Draw a column for each year, its pieces on each other, and `line` as a line with dots."""
    canvas = Canvas(_HEIGHT)
    totals = [sum(values) for values in zip(*(layer.values for layer in layers), strict=True)]
    ticks = list_ticks(0, max([*totals, *(line.values if line else ())]))
    slot = (style.WIDTH - _LEFT) / len(years)
    x = Scale(years[0], years[-1], _LEFT + slot / 2, style.WIDTH - slot / 2)
    y = Scale(0, ticks[-1], _HEIGHT - _BOTTOM, _TOP)
    draw_value_axis(canvas, y, ticks, (_LEFT, style.WIDTH), write)
    canvas.text((0, 12), unit, size=style.SMALL)
    _draw_legend(canvas, layers, line)
    below = [0.0] * len(years)
    for i, layer in enumerate(layers):
        for k, year in enumerate(years):
            top = below[k] + layer.values[k]
            if layer.values[k]:
                canvas.box(
                    (x(year) - slot * 0.36, y(top)),
                    slot * 0.72,
                    y(below[k]) - y(top),
                    style.SERIES[i % len(style.SERIES)],
                    f"{year}, {layer.label}: {write(layer.values[k])}",
                )
            below[k] = top
    if line:
        points = [(x(year), y(value)) for year, value in zip(years, line.values, strict=True)]
        canvas.path(points, style.INK, 1.8)
        for year, point, value in zip(years, points, line.values, strict=True):
            canvas.dot(point, 2.6, style.INK, f"{year}, {line.label}: {write(value)}")
    draw_year_axis(canvas, x, years, _HEIGHT - _BOTTOM)
    return canvas.to_svg(
        title, "; ".join(f"{year}: {write(total)}" for year, total in zip(years, totals, strict=True))
    )


def _draw_legend(canvas: Canvas, layers: Sequence[Layer], line: Layer | None) -> None:
    left, top = 0.0, 32.0
    entries = [(layer.label, style.SERIES[i % len(style.SERIES)]) for i, layer in enumerate(layers)]
    if line:
        entries.append((line.label, ""))
    for label, colour in entries:
        width = 14 + measure_text(label, style.SMALL) + 14
        if left + width > style.WIDTH:
            left, top = 0.0, top + style.LINE
        if colour:
            canvas.box((left, top - 9), 10, 10, colour)
        else:
            canvas.line((left - 1, top - 4), (left + 11, top - 4), style.INK, 2)
            canvas.dot((left + 5, top - 4), 2.6, style.INK)
        canvas.text((left + 14, top), label, size=style.SMALL)
        left += width
