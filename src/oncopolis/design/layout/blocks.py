"""A department on one storey: rows of rooms on both sides of corridors that leave a common one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log, sqrt

from oncopolis.design.layout.drawn import CORRIDOR, Drawing, DrawnSpace, Rect, join
from oncopolis.design.layout.suites import Pen, Suite
from oncopolis.design.required import Programme

# structure: a row takes in rooms down to such a share of its depth; what is behind them stays empty
SHALLOWS = (0.3, 0.45, 0.6, 0.75, 0.9)
N_LENGTHS = 40  # structure: lengths of rows that are tried
SHORTEST, LONGEST = 0.5, 2.2  # structure: of rows that are tried, as parts of a square's side
LOOSE = 1.6  # structure: corridors and walls on top of the rooms, for the first guess at a square
SQUARE = 0.1  # structure: what departing from a square counts against wasted area


@dataclass
class Row:
    """Suites side by side."""

    depth: float
    suites: list[Suite] = field(default_factory=list)
    length: float = 0.0


@dataclass(frozen=True)
class Block:
    """A department, or a part of it, drawn with its entry at the origin.

    The common corridor runs from y = 0 upwards at the left; the street lies below.
    """

    drawing: Drawing
    width: float
    depth: float


def draw_block(programme: Programme, department: str, suites: Sequence[Suite]) -> Block:
    """Draw suites in rows, as square as wasting no area allows."""
    pen, corridor = Pen.of(programme), programme.get("corridor.bed")
    side = sqrt(sum(suite.width * suite.depth for suite in suites) * LOOSE)
    widest = max(suite.width for suite in suites)
    step = (LONGEST - SHORTEST) / N_LENGTHS
    lengths = sorted({max(side * (SHORTEST + i * step), widest) for i in range(N_LENGTHS + 1)})
    filled = [fill_rows(suites, length, shallow, pen.partition) for length in lengths for shallow in SHALLOWS]
    best = min(filled, key=lambda rows: judge_rows(rows, pen.partition, corridor))
    return stack_rows(best, pen.partition, corridor, department, programme)


def judge_rows(rows: Sequence[Row], partition: float, corridor: float) -> float:
    """Return the floor that rows would take, more the further it is from a square, m2."""
    width = corridor + 2 * partition + max(row.length for row in rows)
    corridors = (len(rows) + 1) // 2 * corridor
    depth = corridors + 2 * partition + sum(2 * partition + row.depth for row in rows)
    return width * depth * (1 + SQUARE * abs(log(width / depth)))


def fill_rows(suites: Sequence[Suite], length: float, shallow: float, partition: float) -> list[Row]:
    """Put suites into rows, deepest first, each into the first row that has room for it."""
    rows: list[Row] = []
    for suite in sorted(suites, key=lambda suite: -suite.depth):
        for row in rows:
            here = suite.deepen(row.depth)
            if row.length + here.width <= length and here.depth >= shallow * row.depth:
                break
        else:
            here = suite
            rows.append(row := Row(suite.depth))
        row.suites.append(here)
        row.length += here.width + partition
    return rows


def stack_rows(
    rows: Sequence[Row], partition: float, corridor: float, department: str, programme: Programme
) -> Block:
    """Stack pairs of rows, each pair with a corridor between."""
    parts: list[Drawing] = []
    ways: list[Rect] = []
    left, y, reached = corridor + partition, partition, 0.0
    right = left + max(row.length for row in rows)
    for i in range(0, len(rows), 2):
        below, above = rows[i], rows[i + 1] if i + 1 < len(rows) else None
        y += partition + below.depth + partition
        parts.append(place_row(below, partition).flip().move(left, y - partition))
        end = left + max(row.length for row in rows[i : i + 2]) - partition
        ways.append(Rect(corridor, y, end, y + corridor))
        y = reached = y + corridor
        if above is not None:
            parts.append(place_row(above, partition).move(left, y + partition))
            y += partition + above.depth + partition
    ways.append(Rect(0, 0, corridor, reached))
    height = programme.get("height.general")
    space = DrawnSpace(CORRIDOR, "corridor", "", department, tuple(ways), height)
    return Block(join([*parts, Drawing((space,))]), right + partition, y + partition)


def place_row(row: Row, partition: float) -> Drawing:
    """Return the suites of a row side by side, with y = 0 at the inner face of the wall to the corridor."""
    parts, x = [], 0.0
    for suite in row.suites:
        parts.append(suite.drawing.move(x, 0))
        x += suite.width + partition
    return join(parts)
