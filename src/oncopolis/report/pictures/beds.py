"""The bed map: a row a room, a column a day, a cell a bed."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, measure_text

_ACROSS, _GAP, _NAMES, _ROW, _TOP, _HEAD = 4, 14, 34, 11, 26, 16
_FREE = "#eef1f4"
_COLOURS = {("female", False): "#d9b8c6", ("female", True): "#a24d75", ("male", False): "#b7cbdd"}
_NEW_MALE = "#2b6391"


@dataclass(frozen=True)
class Bed:
    """Somebody in a bed on a day; whether they come in the week."""

    tip: str
    sex: str
    is_new: bool


@dataclass(frozen=True)
class RoomRow:
    """A room: on each day who lies there, and how many beds it has."""

    label: str
    n_beds: int
    days: Sequence[Sequence[Bed]]


def draw_rooms(rooms: Sequence[RoomRow], *, days: Sequence[str], legend: Sequence[str], title: str) -> str:
    """Draw rooms in columns side by side.

    Parameters
    ----------
    days
        One letter or two for each day.
    legend
        Words for: a woman who comes, a man who comes, a woman and a man who were there, a free bed.
    """
    per_column = -(-len(rooms) // _ACROSS)
    canvas = Canvas(_TOP + _HEAD + per_column * _ROW + 4)
    colours = (_COLOURS["female", True], _NEW_MALE, _COLOURS["female", False], _COLOURS["male", False], _FREE)
    left = 0.0
    for colour, words in zip(colours, legend, strict=True):
        canvas.box((left, 4), 10, 10, colour)
        canvas.text((left + 14, 13), words, size=style.SMALL)
        left += 14 + measure_text(words, style.SMALL) + 12
    each = (style.WIDTH - _GAP * (_ACROSS - 1)) / _ACROSS
    day_width = (each - _NAMES) / len(days)
    for number, room in enumerate(rooms):
        column, row = divmod(number, per_column)
        x, y = column * (each + _GAP), _TOP + _HEAD + row * _ROW
        if row == 0:
            for day, word in enumerate(days):
                middle = x + _NAMES + (day + 0.5) * day_width
                canvas.text((middle, _TOP + _HEAD - 4), word, anchor="middle", size=9)
        canvas.text((x + _NAMES - 5, y + _ROW - 3), room.label, anchor="end", size=9, fill=style.INK)
        for day, lying in enumerate(room.days):
            _draw_day(canvas, room, lying, (x + _NAMES + day * day_width, y), day_width - 2)
    return canvas.to_svg(title, "; ".join(room.label for room in rooms))


def _draw_day(
    canvas: Canvas, room: RoomRow, lying: Sequence[Bed], corner: tuple[float, float], width: float
) -> None:
    x, y = corner
    each = width / max(room.n_beds, 1)
    for place in range(room.n_beds):
        at = (x + place * each, y)
        if place < len(lying):
            bed = lying[place]
            colour = _COLOURS.get((bed.sex, bed.is_new), _NEW_MALE)
            canvas.box(at, each - 0.8, _ROW - 2, colour, bed.tip)
        else:
            canvas.box(at, each - 0.8, _ROW - 2, _FREE)
