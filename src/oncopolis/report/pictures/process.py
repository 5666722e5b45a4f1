"""What follows what: activities one below the other, forward on the right, back on the left.

Arrows run in lanes beside the boxes. An arrow that finds no free lane is left out, the rarest first, so that
any process stays legible.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, measure_text, shorten
from oncopolis.report.pictures.scales import Write

END = ""


@dataclass(frozen=True)
class Step:
    """An activity."""

    name: str
    label: str
    remark: str
    share: float
    """Share of all people who had it, 0 to 1."""


@dataclass(frozen=True)
class Arrow:
    """From one activity to another; an empty name is where people come in or go out."""

    before: str
    after: str
    n: float
    remark: str


Span = tuple[int, int]
"""Rows between which an arrow runs, the upper first."""

_LEFT, _WIDE, _HIGH, _GAP, _TOP = 232, 264, 38, 28, 22
_RIGHT = _LEFT + _WIDE
_LANE, _FIRST_LANE = 52, 22
_WIDEST, _THINNEST = 8, 1.2
_TIP = 5
_SMALLER = 9.5


def draw_process(steps: Sequence[Step], arrows: Sequence[Arrow], *, write: Write, title: str) -> str:
    """Draw activities in the order in which they are mostly done.

    Parameters
    ----------
    steps
        The activities.
    arrows
        Arrows, the most frequent first; those from an activity to itself are not drawn.
    write
        Writes how often.
    title
        What the picture shows.
    """
    order = order_steps([step.name for step in steps], arrows)
    rows = {name: row for row, name in enumerate(order)}
    canvas = Canvas(_TOP + len(order) * (_HIGH + _GAP))
    lanes = give_lanes(arrows, rows)
    most = max((arrow.n for arrow in arrows), default=1)

    def widen(arrow: Arrow) -> float:
        return max(_WIDEST * arrow.n / most, _THINNEST)

    for arrow, lane in lanes.items():
        _draw_around(canvas, arrow, rows, lane, widen(arrow))
    for arrow in arrows:
        if _is_next(arrow, rows):
            _draw_straight(canvas, arrow, rows[arrow.before], widen(arrow), write)
    for step in steps:
        _draw_box(canvas, step, _find_top(rows[step.name]))
    for arrow, lane in lanes.items():
        _write_beside(canvas, arrow, rows, lane, write)
    for arrow in arrows:
        _write_end(canvas, arrow, rows, write)
    labels = {step.name: step.label for step in steps}
    told = (
        f"{labels.get(arrow.before, '▸')} → {labels.get(arrow.after, '▸')}: {write(arrow.n)}"
        for arrow in arrows
    )
    return canvas.to_svg(title, "; ".join(told))


def list_drawn(names: Sequence[str], arrows: Sequence[Arrow]) -> list[Arrow]:
    """Return the arrows between two different activities that find room."""
    rows = {name: row for row, name in enumerate(order_steps(names, arrows))}
    lanes = give_lanes(arrows, rows)
    return [arrow for arrow in arrows if arrow in lanes or _is_next(arrow, rows)]


def order_steps(names: Iterable[str], arrows: Sequence[Arrow]) -> list[str]:
    """Order activities so that little runs back (Eades, Lin and Smyth 1993, with weights)."""
    ways = [arrow for arrow in arrows if arrow.before != arrow.after]
    left: list[str] = []
    right: list[str] = []
    remaining = list(names)
    while remaining:
        out = _sum_up(remaining, ways, is_out=True)
        into = _sum_up(remaining, ways, is_out=False)
        last = next((name for name in remaining if not out[name]), None)
        if last is not None and into[last]:
            right.insert(0, last)
            remaining.remove(last)
            continue
        begun = {way.after: way.n for way in ways if way.before == END}
        first = max(remaining, key=lambda name: out[name] - into[name] + begun.get(name, 0))
        left.append(first)
        remaining.remove(first)
    return [*left, *right]


def _sum_up(names: Sequence[str], ways: Sequence[Arrow], *, is_out: bool) -> dict[str, float]:
    """Return what goes out of each activity, or comes in, among some of them."""
    sums = dict.fromkeys(names, 0.0)
    for way in ways:
        if way.before in sums and way.after in sums:
            sums[way.before if is_out else way.after] += way.n
    return sums


def give_lanes(arrows: Sequence[Arrow], rows: Mapping[str, int]) -> dict[Arrow, int]:
    """Give arrows that go neither to the next activity nor to the same a lane, from within outwards."""
    sides: dict[bool, list[list[Span]]] = {
        False: [[] for _ in range((style.WIDTH - _RIGHT - _FIRST_LANE) // _LANE)],
        True: [[] for _ in range((_LEFT - _FIRST_LANE) // _LANE)],
    }
    lanes: dict[Arrow, int] = {}
    for arrow in arrows:
        if arrow.before not in rows or arrow.after not in rows or _is_next(arrow, rows):
            continue
        start, end = rows[arrow.before], rows[arrow.after]
        span = min(start, end), max(start, end)
        taken = sides[end < start]
        free = (i for i, spans in enumerate(taken) if not any(_overlap(span, other) for other in spans))
        if start != end and (lane := next(free, None)) is not None:
            taken[lane].append(span)
            lanes[arrow] = lane
    return lanes


def _overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _is_next(arrow: Arrow, rows: Mapping[str, int]) -> bool:
    return arrow.before in rows and rows.get(arrow.after) == rows[arrow.before] + 1


def _find_top(row: int) -> float:
    return float(_TOP + row * (_HIGH + _GAP))


def _find_lane(is_back: bool, lane: int) -> float:
    return _LEFT - _FIRST_LANE - lane * _LANE if is_back else _RIGHT + _FIRST_LANE + lane * _LANE


def _find_ends(arrow: Arrow, rows: Mapping[str, int]) -> tuple[bool, float, float]:
    """Return whether an arrow runs back, and the heights at which it leaves and arrives."""
    start, end = rows[arrow.before], rows[arrow.after]
    third = _HIGH / 3
    if end < start:
        return True, _find_top(start) + third, _find_top(end) + 2 * third
    return False, _find_top(start) + 2 * third, _find_top(end) + third


def _draw_around(canvas: Canvas, arrow: Arrow, rows: Mapping[str, int], lane: int, wide: float) -> None:
    is_back, leaves, arrives = _find_ends(arrow, rows)
    x, side = _find_lane(is_back, lane), (_LEFT if is_back else _RIGHT)
    colours = (style.PALE_AMBER, style.AMBER) if is_back else (style.PALE_BLUE, style.BLUE)
    canvas.path([(side, leaves), (x, leaves), (x, arrives), (side, arrives)], colours[0], wide)
    tip = side + (-_TIP if is_back else _TIP) * 2
    canvas.area([(tip, arrives - _TIP), (tip, arrives + _TIP), (side, arrives)], colours[1])


def _write_beside(canvas: Canvas, arrow: Arrow, rows: Mapping[str, int], lane: int, write: Write) -> None:
    """Write how often and after which time beside the middle of an arrow."""
    is_back, leaves, arrives = _find_ends(arrow, rows)
    middle = (leaves + arrives) / 2
    x = _find_lane(is_back, lane) + (-6 if is_back else 6)
    lines = (write(arrow.n), arrow.remark)
    wide = max(measure_text(line, _SMALLER) for line in lines)
    canvas.box((x - wide if is_back else x, middle - 12), wide, 25, style.PAPER)
    for line, below, fill in zip(lines, (-2, 10), (style.INK, style.MUTED), strict=True):
        canvas.text((x, middle + below), line, anchor="end" if is_back else "start", size=_SMALLER, fill=fill)


def _draw_straight(canvas: Canvas, arrow: Arrow, row: int, wide: float, write: Write) -> None:
    x, top = _LEFT + _WIDE / 3, _find_top(row) + _HIGH
    end = _find_top(row + 1)
    canvas.line((x, top), (x, end - _TIP), style.PALE_BLUE, wide)
    canvas.area([(x - _TIP, end - 2 * _TIP), (x + _TIP, end - 2 * _TIP), (x, end)], style.BLUE)
    words = f"{write(arrow.n)} · {arrow.remark}"
    canvas.text((x + 10, top + _GAP / 2 + 4), words, size=_SMALLER, fill=style.INK)


def _draw_box(canvas: Canvas, step: Step, top: float) -> None:
    canvas.box((_LEFT, top), _WIDE, _HIGH, style.HEAT[0], step.label, 4)
    canvas.box((_LEFT, top), _WIDE * min(step.share, 1.0), _HIGH, style.HEAT[1], step.label, 4)
    label = shorten(step.label, _WIDE - 16, style.TEXT + 1)
    canvas.text((_LEFT + 8, top + 16), label, fill=style.INK, bold=True)
    canvas.text((_LEFT + 8, top + 31), step.remark, size=style.SMALL - 1)


def _write_end(canvas: Canvas, arrow: Arrow, rows: Mapping[str, int], write: Write) -> None:
    """Write how many came in at an activity above it, and how many went out below."""
    if arrow.before == END and arrow.after in rows:
        place = (_LEFT + 4, _find_top(rows[arrow.after]) - 5)
        canvas.text(place, f"▸ {write(arrow.n)}", size=_SMALLER, fill=style.TEAL)
    elif arrow.after == END and arrow.before in rows:
        place = (_RIGHT - 4, _find_top(rows[arrow.before]) + _HIGH + 11)
        canvas.text(place, f"{write(arrow.n)} ▸", anchor="end", size=_SMALLER, fill=style.TEAL)
