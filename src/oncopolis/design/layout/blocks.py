"""A department on one storey: rows of rooms on both sides of corridors that leave a common one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log, sqrt

from oncopolis.design.layout.drawn import CORRIDOR, Drawing, DrawnSpace, Rect, join
from oncopolis.design.layout.suites import Pen, Suite
from oncopolis.design.required import Programme

SHALLOW = (
    0.45  # structure: a row takes in rooms down to this share of its depth; what is behind them stays empty
)
LENGTHS = (
    0.6,
    0.7,
    0.8,
    0.9,
    1.0,
    1.1,
    1.25,
    1.4,
    1.6,
    1.8,
    2.1,
)  # structure: lengths of rows that are tried, as parts of a square's side
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
    lengths = sorted({max(side * part, widest) for part in LENGTHS})
    blocks = [
        stack_rows(fill_rows(suites, length, pen.partition), pen.partition, corridor, department, programme)
        for length in lengths
    ]
    return min(
        blocks,
        key=lambda block: block.width * block.depth * (1 + SQUARE * abs(log(block.width / block.depth))),
    )


def fill_rows(suites: Sequence[Suite], length: float, partition: float) -> list[Row]:
    """Put suites into rows, deepest first, each into the first row that has room for it."""
    rows: list[Row] = []
    for suite in sorted(suites, key=lambda suite: -suite.depth):
        taken = suite.width + partition
        row = next(
            (
                row
                for row in rows
                if row.length + taken <= length + partition and suite.depth >= SHALLOW * row.depth
            ),
            None,
        )
        if row is None:
            rows.append(row := Row(suite.depth))
        row.suites.append(suite)
        row.length += taken
    return rows


def stack_rows(
    rows: Sequence[Row], partition: float, corridor: float, department: str, programme: Programme
) -> Block:
    """Stack pairs of rows, each pair with a corridor between."""
    parts: list[Drawing] = []
    ways: list[Rect] = []
    left, y = corridor + partition, partition
    right = left + max(row.length for row in rows)
    for i in range(0, len(rows), 2):
        below, above = rows[i], rows[i + 1] if i + 1 < len(rows) else None
        y += partition + below.depth + partition
        parts.append(place_row(below, partition).flip().move(left, y - partition))
        ways.append(Rect(corridor, y, right, y + corridor))
        y += corridor
        if above is not None:
            parts.append(place_row(above, partition).move(left, y + partition))
            y += partition + above.depth + partition
    ways.append(Rect(0, 0, corridor, y))
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
