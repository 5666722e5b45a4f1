"""The first page: every clinic with who waits there."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.floor import Floor
from oncopolis.web.live.naming import Names
from oncopolis.web.live.sections import SECTIONS
from oncopolis.web.live.showing import is_for, show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words, go

HOME: Final = "/live"
FIRST: Final = "/live/start"
"""Address that leads everybody to their own first page."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much is going on in an area; the longest wait in minutes."""

    states: Counter[str]
    longest_min: int


def read_loads(floor: Floor, now_ms: int) -> dict[str, Load]:
    """Count who is where."""
    loads = {}
    for area, contacts in floor.index(Queues).of_area.items():
        waits = [now_ms - one.asked_ms for one in contacts.values() if one.state == "waiting"]
        states = Counter[str](one.state for one in contacts.values())
        loads[area] = Load(states, max(max(waits, default=0), 0) // MS_PER_MINUTE)
    return loads


def lead_in(station: Station, visit: Visit) -> Response:
    """Lead to the first section that is somebody's, to their account if none is.

    Whose posts are of one department comes to its list at once.
    """
    own = next((one.path for one in SECTIONS if is_for(visit.account, one.acts)), "/account")
    tied = station.find_tied(visit.account) if own == HOME else frozenset()
    allowed = station.find_areas(visit.account) if tied else None
    there = {card.department for card in station.house.cards.values() if card.is_contact} & tied
    there = there if allowed is None else there & allowed
    return go(f"{HOME}/areas/{next(iter(there))}" if len(there) == 1 else own)


def show_home(station: Station, visit: Visit) -> Response:
    """The first page."""
    now_ms = station.now_ms
    loads = station.live.ask(lambda floor: read_loads(floor, now_ms))
    names = Names(station.house, find_words(visit.language))
    own = station.find_areas(visit.account)
    tied = station.find_tied(visit.account)
    areas = [(key, name) for key, name in names.list_areas() if own is None or key in own]
    areas.sort(key=lambda area: area[0] not in tied)
    return show(
        station, visit, "home.html", topics=["contact"], areas=areas, loads=loads,
        nothing=Load(Counter(), 0),
    )  # fmt: skip
