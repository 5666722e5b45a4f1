"""A tank is emptied: the plan of where everything goes, then step by step, and taken up where it was left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.storage.evacuating import Line, list_lines, list_open, plan_evacuation
from oncopolis.biobank.storage.finding import get_container
from oncopolis.foundation import NotFoundError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.specimens import Specimen
from oncopolis.web.live.showing import show
from oncopolis.web.live.specimen_words import KINDS
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit

PAGE: Final = "/live/biobank/evacuations/{tank:path}"
_SHOWN: Final = 200  # structure: steps of a page


@dataclass(frozen=True, slots=True)
class Emptying:
    """A tank with the steps that empty it; what finds no place is ``left``."""

    tank: Container
    is_begun: bool
    lines: Sequence[Line]
    left: Sequence[Specimen]

    @property
    def to_do(self) -> Sequence[Line]:
        """What is still to be carried."""
        return [one for one in self.lines if not one.is_done]

    @property
    def n_specimens(self) -> int:
        """How many specimens are still to be carried."""
        return sum(one.n_specimens for one in self.to_do)


def show_evacuation(station: Station, visit: Visit) -> Response:
    """A tank that is emptied, or could be."""
    name, now_ms = visit.parts["tank"], station.now_ms
    found = biobank.Bank(station.live.store).ask(lambda books: read_emptying(books, name, now_ms))
    return show(station, visit, "evacuation.html", found=found, kinds=KINDS, shown=_SHOWN)


def read_emptying(books: Books, name: str, now_ms: int) -> Emptying:
    """Return the evacuation of a tank that is under way, or a plan of one."""
    tank = get_container(books, name)
    if tank.kind != "tank":
        raise NotFoundError(
            code="WEB-424", where=f"container {tank.name:.64}", got="no tank", expected="a tank",
            fix="choose the tank it is in",
        )  # fmt: skip
    if lines := list_open(books, name):
        return Emptying(tank, is_begun=True, lines=lines, left=())
    plan = plan_evacuation(books, name, now_ms)
    return Emptying(tank, is_begun=False, lines=list_lines(books, plan), left=plan.left)
