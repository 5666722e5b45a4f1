"""What follows what: activities as boxes from left to right, arrows as wide as they are frequent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, Point, shorten
from oncopolis.report.pictures.scales import Write

END = ""


@dataclass(frozen=True)
class Arrow:
    """From one activity to another; an empty name is where people come in or go out."""

    before: str
    after: str
    n: float
    remark: str


_BOX, _HIGH, _GAP_X, _TOP, _WIDEST, _LANE, _MARGIN = 118, 40, 42, 24, 9, 15, 26
_PER_ROW = 5


def draw_process(
    arrows: Sequence[Arrow], labels: Mapping[str, str], *, write: Write, words: tuple[str, str], title: str
) -> str:
    """Draw activities in the order in which they are mostly done, row below row.

    Parameters
    ----------
    arrows
        Arrows, the most frequent first.
    labels
        Activity -> name.
    write
        Writes how often.
    words
        Names of entry and exit.
    title
        What the picture shows.
    """
    order = _order(arrows, labels)
    cells = {name: divmod(i, _PER_ROW) for i, name in enumerate(order)}
    lanes = _give_lanes(arrows, cells)
    tops = _list_tops(lanes, -(-len(order) // _PER_ROW))
    places = {name: (column * (_BOX + _GAP_X), tops[row]) for name, (row, column) in cells.items()}
    canvas = Canvas(tops[-1])
    most = max((arrow.n for arrow in arrows), default=1)
    for arrow in arrows:
        if arrow in lanes:
            row, lane = lanes[arrow]
            level = tops[row] + _HIGH + _MARGIN / 2 + (lane + 0.6) * _LANE
            _draw_around(
                canvas, arrow, places, (level, lane), max(_WIDEST * 0.6 * arrow.n / most, 1.2), write
            )
    for arrow in arrows:
        if arrow.before and arrow.after and arrow not in lanes:
            _draw_straight(canvas, arrow, places, max(_WIDEST * arrow.n / most, 1.2), write)
    for name in order:
        _draw_box(canvas, places[name], labels.get(name, name))
    for arrow in arrows:
        if not arrow.before and arrow.after in places:
            x, y = places[arrow.after]
            canvas.text((x, y - 6), f"▸ {words[0]} {write(arrow.n)}", size=10, fill=style.TEAL)
        elif not arrow.after and arrow.before in places:
            x, y = places[arrow.before]
            canvas.text(
                (x + _BOX, y + _HIGH + 13),
                f"{words[1]} {write(arrow.n)} ▸",
                anchor="end",
                size=10,
                fill=style.TEAL,
            )
    return canvas.to_svg(
        title,
        "; ".join(
            f"{labels.get(arrow.before, words[0])} → {labels.get(arrow.after, words[1])}: {write(arrow.n)}"
            for arrow in arrows
        ),
    )


def _order(arrows: Sequence[Arrow], labels: Mapping[str, str]) -> list[str]:
    """Follow the most frequent way out of each activity; what that misses comes behind."""
    ways = [arrow for arrow in arrows if arrow.after in labels]
    order: list[str] = []
    current = END
    while len(order) < len(labels):
        follower = next((way.after for way in ways if way.before == current and way.after not in order), None)
        if follower is None:
            follower = next((way.after for way in ways if way.after not in order), None)
        if follower is None:
            return [*order, *(name for name in labels if name not in order)]
        order.append(follower)
        current = follower
    return order


def _is_next(before: tuple[int, int], after: tuple[int, int]) -> bool:
    return before[0] == after[0] and after[1] == before[1] + 1


def _give_lanes(
    arrows: Sequence[Arrow], cells: Mapping[str, tuple[int, int]]
) -> dict[Arrow, tuple[int, int]]:
    """Give every arrow that cannot go straight to its neighbour a lane: row, number below that row."""
    lanes: dict[Arrow, tuple[int, int]] = {}
    taken: dict[int, int] = {}
    for arrow in arrows:
        if not arrow.before or not arrow.after or _is_next(cells[arrow.before], cells[arrow.after]):
            continue
        row = min(cells[arrow.before][0], cells[arrow.after][0])
        lanes[arrow] = row, taken.get(row, 0)
        taken[row] = taken.get(row, 0) + 1
    return lanes


def _list_tops(lanes: Mapping[Arrow, tuple[int, int]], rows: int) -> list[float]:
    """Return the upper end of each row of boxes, and of the picture's end."""
    tops = [float(_TOP)]
    for row in range(rows):
        n = sum(at == row for at, _ in lanes.values())
        tops.append(tops[-1] + _HIGH + _MARGIN + n * _LANE)
    return tops


def _draw_straight(
    canvas: Canvas, arrow: Arrow, places: Mapping[str, Point], wide: float, write: Write
) -> None:
    (x1, y1), (x2, y2) = places[arrow.before], places[arrow.after]
    start, end = (x1 + _BOX, y1 + _HIGH / 2), (x2, y2 + _HIGH / 2)
    canvas.line(start, end, style.PALE_BLUE, wide)
    middle = (start[0] + end[0]) / 2
    canvas.text((middle, start[1] - 8), write(arrow.n), anchor="middle", size=10, fill=style.INK)
    canvas.text((middle, start[1] + 15), arrow.remark, anchor="middle", size=9)


def _draw_around(
    canvas: Canvas,
    arrow: Arrow,
    places: Mapping[str, Point],
    lane: tuple[float, int],
    wide: float,
    write: Write,
) -> None:
    """Draw an arrow down into its lane, along it and to where it goes; back again is amber."""
    (x1, y1), (x2, y2) = places[arrow.before], places[arrow.after]
    level, number = lane
    aside = (number % 7 - 3) * 7.0
    start = (x1 + _BOX / 2 + aside, y1 + (_HIGH if y1 < level else 0))
    end = (x2 + _BOX / 2 + aside + 4, y2 + (_HIGH if y2 < level else 0))
    is_back = (y2, x2) < (y1, x1)
    colour = style.PALE_AMBER if is_back else style.PALE_BLUE
    canvas.path([start, (start[0], level), (end[0], level), end], colour, wide)
    way = -4 if end[1] > level else 4
    tip = [(end[0] - 4, end[1] + way), (end[0] + 4, end[1] + way), end]
    canvas.area(tip, style.AMBER if is_back else style.BLUE)
    words = f"{write(arrow.n)} · {arrow.remark}"
    canvas.text(((start[0] + end[0]) / 2, level - 3), words, anchor="middle", size=9, fill=style.INK)


def _draw_box(canvas: Canvas, place: Point, label: str) -> None:
    x, y = place
    canvas.box((x, y), _BOX, _HIGH, style.HEAT[0], label, 4)
    words = label.split(" ")
    first = words[0]
    rest = words[1:]
    while rest and len(first) + len(rest[0]) < 19:
        first += " " + rest.pop(0)
    lines = [first, " ".join(rest)] if rest else [first]
    for i, line in enumerate(lines):
        baseline = y + _HIGH / 2 + 4 + (i - (len(lines) - 1) / 2) * 14
        words_shown = shorten(line, _BOX - 8, style.SMALL)
        canvas.text((x + _BOX / 2, baseline), words_shown, anchor="middle", size=style.SMALL, fill=style.INK)
