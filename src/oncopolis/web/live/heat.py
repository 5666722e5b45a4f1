"""The boxes of a tank at a glance: how full, how good and how old what is in them is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from oncopolis.foundation.marking import mark
from oncopolis.foundation.units import DAYS_PER_YEAR, MS_PER_DAY, PERCENT
from oncopolis.record.biobank.books import Books

BY: Final = {"fill": mark("how full"), "quality": mark("quality"), "age": mark("age")}
"""What the map can be coloured by."""
NOTES: Final = {
    "fill": mark("share of positions that are taken"),
    "quality": mark("mean quality, 0 to 10"),
    "age": mark("mean years since collection"),
}
LIMITS: Final[dict[str, tuple[float, ...]]] = {
    "fill": (0.25, 0.5, 0.75, 0.95),  # structure: shares at which a colour changes
    "quality": (3, 5, 7, 8.5),  # structure: of 10
    "age": (1, 2, 5, 10),  # structure: years
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A box: the step of its colour from 0 to 4, None for nothing known, and what is told of it."""

    name: str
    step: int | None
    told: str


def read_heat(books: Books, tank: int, by: str, now_ms: int) -> list[tuple[str, Sequence[Cell]]]:
    """Return the boxes in a container, rack by rack."""
    within = {one.id: one for one in books.list_within(tank)}
    boxes = [one for one in within.values() if one.holds == "specimens"]
    known = books.sum_up_boxes(one.id for one in boxes)
    racks = list[tuple[str, Sequence[Cell]]]()
    for parent, some in groupby(boxes, key=lambda one: one.parent):
        cells = []
        for box in some:
            n, quality, collected_ms = known.get(box.id, (0, None, None))
            years = None if collected_ms is None else (now_ms - collected_ms) / (MS_PER_DAY * DAYS_PER_YEAR)
            value = {"fill": n / box.n_places, "quality": quality, "age": years}[by]
            cells.append(Cell(box.name, find_step(by, value), tell(by, value)))
        racks.append((within[parent].name if parent in within else "", cells))
    return racks


def find_step(by: str, value: float | None) -> int | None:
    """Return which colour a value has."""
    return None if value is None else sum(value >= limit for limit in LIMITS[by])


def tell(by: str, value: float | None) -> str:
    """Return a value as it stands in its cell."""
    if value is None:
        return "–"
    return f"{value * PERCENT:.0f} %" if by == "fill" else f"{value:.1f}"
