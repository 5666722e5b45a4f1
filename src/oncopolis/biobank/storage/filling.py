"""How full everything is, and what is in each position of a box."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from oncopolis.biobank.storage.geometry import name_place
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.holdings import Fill
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.specimens import Specimen

Use: TypeAlias = Literal["free", "taken", "reserved", "blocked"]


@dataclass(frozen=True, slots=True)
class Position:
    """A position of a box.

    Parameters
    ----------
    name
        What people call it.
    why
        Why it is reserved or blocked, if somebody said.
    """

    name: str
    use: Use
    specimen: Specimen | None = None
    why: str = ""


def compute_fills(books: Books, containers: Sequence[Container], now_ms: int) -> dict[int, Fill]:
    """How full each of these containers is; what is in a container has to be among them."""
    boxes = [one for one in containers if one.holds == "specimens"]
    ids = [one.id for one in boxes]
    stored = books.count_in_boxes(ids)
    held = _count(one.box for one in books.list_holds(ids, now_ms))
    parents = {one.id: one.parent for one in containers}
    sums = {one.id: [0, 0, 0] for one in containers}
    for box in boxes:
        counted = box.n_places, stored.get(box.id, 0), held.get(box.id, 0)
        within: int | None = box.id
        while within is not None and within in sums:
            sums[within] = [a + b for a, b in zip(sums[within], counted, strict=True)]
            within = parents[within]
    return {one.id: Fill(one.id, one.name, one.kind, *sums[one.id]) for one in containers}


def _count(ids: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for id_ in ids:
        found[id_] = found.get(id_, 0) + 1
    return found


def map_box(books: Books, box: Container, now_ms: int) -> list[Position]:
    """Every position of a box in order; one that an evacuation will need is reserved."""
    there = {one.place: one for one in books.list_in_box(box.id)}
    held = {one.place: one for one in books.list_holds([box.id], now_ms)}
    promised = {place for _, place in books.list_promised([box.id])}
    found = []
    for place in range(box.n_places):
        name, hold = name_place(box, place), held.get(place)
        if place in there:
            found.append(Position(name, "taken", there[place]))
        elif hold is not None:
            found.append(
                Position(name, "blocked" if hold.kind == "blocked" else "reserved", None, hold.reason)
            )
        else:
            found.append(Position(name, "reserved" if place in promised else "free"))
    return found
