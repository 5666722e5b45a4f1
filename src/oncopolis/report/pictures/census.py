"""Small pictures side by side: what is occupied by day, with its band and what there is."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, Point, measure_text, shorten
from oncopolis.report.pictures.scales import Scale, Write, draw_value_axis, list_ticks


@dataclass(frozen=True)
class Ward:
    """One small picture."""

    label: str
    remark: str
    mean: Sequence[float]
    high: Sequence[float] | None
    limit: Sequence[float]


_GAP, _HEIGHT, _TOP, _BOTTOM, _LEFT = 26, 170, 30, 26, 40


def draw_census(
    wards: Sequence[Ward], *, marks: Sequence[tuple[int, str]], write: Write, title: str, across: int = 2
) -> str:
    """Draw a line for each ward over days, the band above it to its P95, and the beds as a dashed line.

    Parameters
    ----------
    wards
        Wards; all over the same days.
    marks
        Day and what to write below it.
    write
        Writes a value.
    title
        What the picture shows.
    across
        Pictures in a row.
    """
    canvas = Canvas(-(-len(wards) // across) * _HEIGHT)
    width = (style.WIDTH - _GAP * (across - 1)) / across
    for i, ward in enumerate(wards):
        _draw(canvas, ward, (i % across * (width + _GAP), i // across * _HEIGHT), width, marks, write)
    return canvas.to_svg(title, "; ".join(f"{ward.label}: {ward.remark}" for ward in wards))


def _draw(
    canvas: Canvas,
    ward: Ward,
    corner: Point,
    width: float,
    marks: Sequence[tuple[int, str]],
    write: Write,
) -> None:
    left, top = corner
    bottom = top + _HEIGHT - _BOTTOM
    ticks = list_ticks(0, max([*ward.mean, *(ward.high or ()), *ward.limit]), 4)
    x = Scale(0, max(len(ward.mean) - 1, 1), left + _LEFT, left + width - 8)
    y = Scale(0, ticks[-1], bottom, top + _TOP)
    room = width - measure_text(ward.remark, style.SMALL) - 16
    canvas.text((left, top + 14), shorten(ward.label, room), fill=style.INK, bold=True)
    canvas.text((left + width - 8, top + 14), ward.remark, anchor="end", size=style.SMALL)
    draw_value_axis(canvas, y, ticks, (left + _LEFT, left + width - 8), write)
    points = [(x(day), y(value)) for day, value in enumerate(ward.mean)]
    if ward.high:
        band = [(x(day), y(value)) for day, value in enumerate(ward.high)]
        canvas.area([*points, *reversed(band)], style.PALE_BLUE, 0.7)
    canvas.path([(x(day), y(value)) for day, value in enumerate(ward.limit)], style.AMBER, 1.5, "5 3")
    canvas.path(points, style.BLUE, 1.2)
    free = -1e9
    for day, word in marks:
        if x(day) - free > measure_text(word, style.SMALL) + 8 and day < len(ward.mean):
            canvas.text((x(day), bottom + 16), word, size=style.SMALL)
            canvas.line((x(day), bottom), (x(day), bottom + 5), style.FAINT)
            free = x(day)
