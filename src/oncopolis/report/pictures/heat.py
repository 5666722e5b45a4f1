"""Heat maps: rows by columns of small cells, the fuller the darker."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, Point, measure_text, shorten
from oncopolis.report.pictures.scales import Write

Row = Sequence[float | None]


@dataclass(frozen=True)
class Heat:
    """One map: a name, a remark beside it, and its rows; None is a cell without a value."""

    label: str
    remark: str
    rows: Sequence[Row]


_ACROSS, _GAP, _TOP, _HEAD, _DAYS, _CELL = 3, 24, 30, 22, 30, 11
_FOOT, _NAMES, _WIDE_CELL, _HOURS = 22, 190, 17, (0, 6, 12, 18)
_DAY = 24


def draw_heat_weeks(
    maps: Sequence[Heat], *, days: Sequence[str], limits: Sequence[float], write: Write, over: str, title: str
) -> str:
    """Draw small maps of seven days by 24 hours side by side.

    Parameters
    ----------
    maps
        Seven rows of 24 values each.
    days
        Names of the days, short.
    limits
        Upper end of each colour but the one for values above the last.
    write
        Writes a limit in the legend.
    over
        Name of the colour for values above the last limit.
    title
        What the picture shows.
    """
    each = _HEAD + len(days) * _CELL + _FOOT
    canvas = Canvas(_TOP + -(-len(maps) // _ACROSS) * each)
    width = (style.WIDTH - _GAP * (_ACROSS - 1)) / _ACROSS
    _draw_legend(canvas, limits, write, over)
    for i, heat in enumerate(maps):
        left, top = i % _ACROSS * (width + _GAP), _TOP + i // _ACROSS * each
        canvas.text((left + width, top + 12), heat.remark, anchor="end", size=style.SMALL)
        room = width - measure_text(heat.remark, style.SMALL) - 10
        canvas.text((left, top + 12), shorten(heat.label, room), fill=style.INK, bold=True)
        corner = (left + _DAYS, top + _HEAD)
        size = ((width - _DAYS) / _DAY, float(_CELL))
        _draw_cells(canvas, heat.rows, corner, size, limits)
        for k, day in enumerate(days):
            canvas.text((left + _DAYS - 5, corner[1] + (k + 0.8) * _CELL), day, anchor="end", size=9)
        _draw_hours(canvas, corner, size[0], corner[1] + len(days) * _CELL)
    return canvas.to_svg(title, "; ".join(f"{heat.label} {heat.remark}" for heat in maps))


def draw_heat_hours(
    rows: Sequence[tuple[str, Row]], *, limits: Sequence[float], write: Write, over: str, title: str
) -> str:
    """Draw one map of named rows by the 24 hours of a day; parameters as in `draw_heat_weeks`."""
    height = _TOP + len(rows) * _WIDE_CELL
    canvas = Canvas(height + _FOOT)
    size = ((style.WIDTH - _NAMES) / _DAY, float(_WIDE_CELL))
    _draw_legend(canvas, limits, write, over)
    _draw_cells(canvas, [row for _, row in rows], (_NAMES, _TOP), size, limits)
    for i, (label, _) in enumerate(rows):
        y = _TOP + (i + 0.72) * _WIDE_CELL
        canvas.text((_NAMES - 8, y), shorten(label, _NAMES - 8), anchor="end", fill=style.INK)
    _draw_hours(canvas, (_NAMES, _TOP), size[0], height)
    return canvas.to_svg(title, "; ".join(label for label, _ in rows))


def _draw_cells(
    canvas: Canvas, rows: Sequence[Row], corner: Point, size: tuple[float, float], limits: Sequence[float]
) -> None:
    colours = _pick_colours(limits)
    places: dict[str, list[Point]] = {colour: [] for colour in colours}
    (left, top), (width, height) = corner, size
    for i, row in enumerate(rows):
        for k, value in enumerate(row):
            if value is not None:
                level = sum(value > limit for limit in limits)
                places[colours[level]].append((left + k * width, top + i * height))
    for colour, corners in places.items():
        canvas.cells(corners, width - 0.8, height - 0.8, colour)


def _pick_colours(limits: Sequence[float]) -> tuple[str, ...]:
    return (*style.HEAT[-len(limits) :], style.ROSE)


def _draw_hours(canvas: Canvas, corner: Point, width: float, bottom: float) -> None:
    for hour in _HOURS:
        canvas.text((corner[0] + hour * width, bottom + 11), f"{hour:02d}", size=9)
    canvas.text((corner[0] + _DAY * width, bottom + 11), f"{_DAY}", anchor="end", size=9)


def _draw_legend(canvas: Canvas, limits: Sequence[float], write: Write, over: str) -> None:
    left = 0.0
    words = [f"≤ {write(limit)}" for limit in limits] + [over]
    for colour, word in zip(_pick_colours(limits), words, strict=True):
        canvas.box((left, 3), 12, 10, colour)
        canvas.text((left + 16, 12), word, size=style.SMALL)
        left += 16 + measure_text(word, style.SMALL) + 14
