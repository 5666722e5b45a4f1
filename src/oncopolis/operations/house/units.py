"""Units: the single rooms, machines, beds, places and posts of a centre, and the records of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from oncopolis.centre.equipped import Equipped
from oncopolis.centre.resource import Kind
from oncopolis.operations.house.counting import count_units
from oncopolis.operations.house.naming import make_id

RecordType: TypeAlias = Literal["Device", "Location", "PractitionerRole"]
TYPES: dict[Kind, RecordType] = {
    "machine": "Device",
    "role": "PractitionerRole",
    "room": "Location",
    "bed": "Location",
    "place": "Location",
}
"""Kind of resource -> type of the records of its units."""


@dataclass(frozen=True, slots=True)
class UnitCard:
    """One of a resource.

    Parameters
    ----------
    id
        Name of the unit; of rooms and machines, that of its record.
    number
        1, 2, 3, ... within its resource.
    record
        The record that stands for it, ``Type/id``; the posts of a role share one.
    """

    id: str
    resource: str
    department: str
    kind: Kind
    number: int
    label: str
    record: str


def list_units(equipped: Equipped) -> Iterator[UnitCard]:
    """Yield every unit, with all phases of the centre open."""
    centre = equipped.project.centre
    for key, resource in centre.resources.items():
        if resource.department not in equipped.opened:
            continue
        duties = equipped.list_duties(key)
        calendars = {duty.calendar: centre.get_calendar(duty.calendar) for duty in duties}
        for number in range(1, count_units(duties, calendars) + 1):
            id_ = make_id(resource.kind, key, str(number))
            named = make_id("role", key) if resource.kind == "role" else id_
            record = f"{TYPES[resource.kind]}/{named}"
            label = f"{resource.label} {number}"
            yield UnitCard(id_, key, resource.department, resource.kind, number, label, record)
