"""Who is inside: everybody behind a number of the campus, and where they are now."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from oncopolis.operations.arrivals.indexes import Inside, Queues
from oncopolis.operations.arrivals.views import Contact, State, Visit
from oncopolis.operations.floor import Floor
from oncopolis.operations.wards.indexes import Stays

Whereabouts: TypeAlias = State | Literal["bed"]
"""What somebody is doing; in a bed that is all that is said."""
_FIRST: Final = ("served", "called", "waiting", "away")
"""Of several contacts of somebody the one that says where they are."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who came today and has not left, or who is in a bed.

    Parameters
    ----------
    building
        Where the number of the campus counts them; empty for none.
    area
        Department they are in now, or that of their bed.
    unit
        Room or bed; None where they are in none.
    state
        Of what they are here for; None between two contacts.
    number
        Number they are called by; empty in a bed.
    since_ms
        When they came, milliseconds since 1970 (UTC).
    """

    patient: str
    building: str
    area: str
    unit: str | None
    state: Whereabouts | None
    number: str
    since_ms: int


def list_inside(floor: Floor) -> list[Present]:
    """Return everybody, by department, those who came first before others."""
    found = [*_list_visitors(floor), *_list_in_beds(floor)]
    return sorted(found, key=lambda one: (one.building, one.area, one.since_ms, one.patient))


def _list_visitors(floor: Floor) -> Iterator[Present]:
    queues = floor.index(Queues)
    for visit in floor.index(Inside).of_patient.values():
        contacts = queues.list_of_visit(visit.id)
        now = min(contacts, key=lambda one: _FIRST.index(one.state), default=None)
        yield _place(floor, visit, now)


def _place(floor: Floor, visit: Visit, now: Contact | None) -> Present:
    building = floor.house.buildings.get(visit.area, "")
    if now is None:
        return Present(visit.patient, building, visit.area, None, None, visit.number, visit.came_ms)
    return Present(visit.patient, building, now.area, now.room, now.state, visit.number, visit.came_ms)


def _list_in_beds(floor: Floor) -> Iterator[Present]:
    resources = floor.house.centre.resources
    for stay in floor.index(Stays).of_patient.values():
        if stay.bed is not None and stay.ward in resources:
            area = resources[stay.ward].department
            building = floor.house.buildings.get(area, "")
            since_ms = stay.came_ms or stay.beds[0].from_ms
            yield Present(stay.patient, building, area, stay.bed, "bed", "", since_ms)
