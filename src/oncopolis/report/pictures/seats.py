"""Chairs in use through each day: a panel a day, with the number of chairs there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.foundation.units import MINUTES_PER_HOUR
from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas

_ACROSS, _GAP, _HEIGHT, _HEAD, _FOOT, _LEFT = 3, 26, 84, 24, 24, 26


@dataclass(frozen=True)
class SeatDay:
    """How many sit in each slot of a day."""

    label: str
    remark: str
    opens_min: int
    slot_min: int
    n_chairs: int
    in_use: Sequence[int]


def draw_seats(days: Sequence[SeatDay], *, title: str) -> str:
    """Draw the panels."""
    n_rows = -(-len(days) // _ACROSS)
    each_height = _HEAD + _HEIGHT + _FOOT
    canvas = Canvas(n_rows * each_height)
    width = (style.WIDTH - _GAP * (_ACROSS - 1)) / _ACROSS - _LEFT
    for number, day in enumerate(days):
        row, column = divmod(number, _ACROSS)
        _draw_panel(canvas, day, (column * (width + _LEFT + _GAP) + _LEFT, row * each_height + _HEAD), width)
    return canvas.to_svg(title, "; ".join(f"{day.label} {day.remark}" for day in days))


def _draw_panel(canvas: Canvas, day: SeatDay, corner: tuple[float, float], width: float) -> None:
    left, top = corner
    most = max(day.n_chairs, *day.in_use, 1)
    step = width / max(1, len(day.in_use))
    bottom = top + _HEIGHT
    outline = [(left, bottom)]
    for slot, n in enumerate(day.in_use):
        height = bottom - _HEIGHT * n / most
        outline += [(left + slot * step, height), (left + (slot + 1) * step, height)]
    outline.append((left + len(day.in_use) * step, bottom))
    canvas.area(outline, style.TEAL, 0.75, f"{day.label}: {day.remark}")
    limit = bottom - _HEIGHT * day.n_chairs / most
    canvas.line((left, limit), (left + width, limit), style.ROSE, 1.2, "4 3")
    canvas.text((left - 4, limit + 4), str(day.n_chairs), anchor="end", size=9)
    canvas.line((left, bottom), (left + width, bottom), style.FAINT)
    canvas.text((left, top - 10), day.label, fill=style.INK, bold=True)
    canvas.text((left + width, top - 10), day.remark, anchor="end", size=style.SMALL)
    for slot in range(len(day.in_use) + 1):
        minute = day.opens_min + slot * day.slot_min
        if minute % (2 * MINUTES_PER_HOUR) == 0:
            canvas.text(
                (left + slot * step, bottom + 13),
                f"{minute // MINUTES_PER_HOUR:02d}",
                anchor="middle",
                size=9,
            )
