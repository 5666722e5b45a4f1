"""Whatever stands somewhere is moved, taken out or handed on; places are kept free, blocked and closed.

What is meant is scanned, or found by a part of its label; then where it goes, and the place is one of those
that are free. None of it needs a script.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.storage.filling import Position, map_box
from oncopolis.biobank.storage.geometry import name_place
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.holdings import Fill
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.specimens import Specimen
from oncopolis.web.live.rota import list_people
from oncopolis.web.live.showing import show
from oncopolis.web.live.specimen_words import KINDS, STATES, USES
from oncopolis.web.live.station import Station
from oncopolis.web.live.storage import lay_rows
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

HOME: Final = "/live/biobank/moves"
_FOUND: Final = 30  # structure: labels of a search
_NEW: Final = ("box", "rack", "tank", "cane", "room", "paraffin")
"""Kinds of what is added by hand."""
_FIXED: Final = ("site", "room")
"""Kinds of containers that stay where they are."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Where something is to go.

    Parameters
    ----------
    rows
        Positions of a box, row by row, for a specimen.
    places
        Names of the places that are free, for a container.
    """

    own: Container
    path: Sequence[Container]
    rows: Sequence[tuple[str, Sequence[Position]]] = ()
    places: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Moving:
    """What is meant, a specimen or a container, and what it stands in, the outermost first.

    Parameters
    ----------
    rows
        Positions of a container that is a box, row by row.
    fill
        How full a container is.
    """

    specimen: Specimen | None
    own: Container | None
    path: Sequence[Container]
    rows: Sequence[tuple[str, Sequence[Position]]] = ()
    fill: Fill | None = None
    patient: str = ""

    @property
    def label(self) -> str:
        """What stands on it."""
        if self.specimen is not None:
            return self.specimen.barcode
        assert self.own is not None
        return self.own.name

    @property
    def place(self) -> str:
        """What people call its place; empty if it stands nowhere."""
        place = self.specimen.place if self.specimen is not None else self.own.slot if self.own else None
        return name_place(self.path[-1], place or 0) if self.path else ""

    @property
    def is_movable(self) -> bool:
        """Whether it can be somewhere else."""
        if self.specimen is not None:
            return self.specimen.state in ("stored", "out")
        return self.own is not None and self.own.kind not in _FIXED


@dataclass(frozen=True, slots=True)
class Searched:
    """What has a part of a label: specimens, and containers with how full they are."""

    specimens: Sequence[Specimen]
    containers: Sequence[tuple[Container, Fill]]


def show_moves(station: Station, visit: Visit) -> Response:
    """What was scanned, and what can be done with it."""
    label, into = (visit.query.get(name, "").strip() for name in ("label", "into"))
    bank, now_ms = biobank.Bank(station.live.store), station.now_ms
    text = find_words(visit.language).text
    found = bank.ask(lambda books: find_moving(books, label, now_ms)) if label else None
    goal = bank.ask(lambda books: find_goal(books, into, found, now_ms)) if found and into else None
    # Where it goes is searched once it is known what goes there.
    part, wants_boxes = (into, found.specimen is not None) if found is not None else (label, None)
    is_missed = bool(part) and (goal if found is not None else found) is None
    searched = bank.ask(lambda books: search(books, part, wants_boxes, now_ms)) if is_missed else None
    patients = [found.patient] if found is not None and found.patient else []
    return show(
        station, visit, "moves.html", patients=patients, wanted=label, into=into, found=found, goal=goal,
        searched=searched, kinds=KINDS, uses=USES, states=STATES, holders=list_people(visit, "bank_hand"),
        new_kinds=[(one, text(KINDS[one])) for one in _NEW],
    )  # fmt: skip


def find_moving(books: Books, label: str, now_ms: int) -> Moving | None:
    """Return what has a label, with where it is; None for nothing."""
    specimen = books.find_specimen(label)
    if specimen is not None:
        path = [] if specimen.box is None else books.list_path(specimen.box)
        donor = next(iter(books.get_donors([specimen.donor])), None)
        return Moving(specimen, None, path, patient=(donor.patient or "") if donor is not None else "")
    own = books.find_container(label)
    if own is None:
        return None
    rows = lay_rows(own, map_box(books, own, now_ms)) if own.holds == "specimens" else ()
    return Moving(None, own, books.list_path(own.id)[:-1], rows, books.compute_fill(own.id, now_ms))


def find_goal(books: Books, label: str, found: Moving, now_ms: int) -> Goal | None:
    """Return where something is to go, with its free places; None if it cannot stand there."""
    own = books.find_container(label)
    if own is None or (own.holds == "specimens") != (found.specimen is not None):
        return None
    path = books.list_path(own.id)
    if found.specimen is not None:
        return Goal(own, path, lay_rows(own, map_box(books, own, now_ms)))
    taken = {one.slot for one in books.list_children(own.id)}
    taken |= {slot for _, slot in books.list_promised([own.id])}
    free = [name_place(own, slot) for slot in range(own.n_places) if slot not in taken]
    return Goal(own, path, places=free)


def search(books: Books, part: str, wants_boxes: bool | None, now_ms: int) -> Searched:
    """Look for a part of a label, whatever the case of its letters.

    Parameters
    ----------
    wants_boxes
        Whether only what holds specimens is meant, or only what holds containers; None for all.
    """
    holds = None if wants_boxes is None else "specimens" if wants_boxes else "containers"
    containers = books.list_like(part, holds, _FOUND)
    specimens = books.list_begun(part, _FOUND) if wants_boxes is None else []
    return Searched(specimens, [(one, books.compute_fill(one.id, now_ms)) for one in containers])
