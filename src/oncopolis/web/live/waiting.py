"""The waiting list: who waits for a time, for what, since when and why, and what they were offered."""

from starlette.responses import Response

from oncopolis.operations.booking import Booking, get_diary
from oncopolis.operations.floor import Floor
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit

_MOST = 200  # structure: lines of one page


def list_waiting(floor: Floor) -> list[Booking]:
    """Return who waits, by rank and then by how long."""
    diary = get_diary(floor)
    found = [one for activity in floor.house.cards for one in diary.list_waiting(activity)]
    return sorted(found, key=lambda one: (one.priority, one.asked_ms, one.id))


def show_waiting(station: Station, visit: Visit) -> Response:
    """The waiting list."""
    waiting = station.live.ask(list_waiting)
    shown = waiting[:_MOST]
    return show(
        station, visit, "waiting.html", topics=["booking"], waiting=shown, n_more=len(waiting) - len(shown),
        people=station.people.find_names({one.patient for one in shown}, visit.language),
    )  # fmt: skip
