"""An equipped centre as records: clinics, rooms, machines, roles and what can be booked.

Every record has an identifier of the definition and an id made from the same keys, so that the same
definition gives the same records. They tell the centre with all its phases open.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from oncopolis.centre.calendar import Calendar
from oncopolis.centre.equipped import Equipped
from oncopolis.centre.resource import Resource
from oncopolis.operations.house.counting import count_units
from oncopolis.operations.house.naming import make_id

Record: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[str, str]
"""Resource type and id."""

SYSTEM = "urn:oncopolis:definition"
"""System of the identifiers that say which part of the definition a record follows from."""
RESOURCE_SYSTEM = "urn:oncopolis:resource"
DEPARTMENT_SYSTEM = "urn:oncopolis:department"
PHYSICAL_TYPE_SYSTEM = "http://terminology.hl7.org/CodeSystem/location-physical-type"


_PHYSICAL_TYPES = {
    "si": "Site",
    "bu": "Building",
    "area": "Area",
    "ro": "Room",
    "bd": "Bed",
}
_KINDS = {"room": "ro", "bed": "bd", "place": "area"}
"""Kind of resource -> physical type of the location of one unit."""

MANAGED = {
    "Organization": ("identifier", "active", "name"),
    "Location": (
        "identifier", "status", "name", "mode", "type", "physicalType", "managingOrganization", "partOf",
        "hoursOfOperation",
    ),
    "Device": ("identifier", "status", "deviceName", "type", "owner", "location"),
    "HealthcareService": ("identifier", "active", "providedBy", "type", "location", "name"),
    "PractitionerRole": (
        "identifier", "active", "organization", "code", "location", "healthcareService", "availableTime",
    ),
    "Schedule": ("identifier", "active", "serviceType", "actor"),
}  # fmt: skip
"""Types of records made here, in an order in which references point back -> elements the definition states.

Other elements are the centre's own and stay as they are.
"""


def make_records(equipped: Equipped) -> dict[Key, Record]:
    """Return the records of a centre, in an order in which what is referred to comes first."""
    made = list(_Maker(equipped).make())
    order = list(MANAGED)
    made.sort(key=lambda record: order.index(record["resourceType"]))
    return {(record["resourceType"], record["id"]): record for record in made}


class _Maker:
    def __init__(self, equipped: Equipped) -> None:
        self.equipped = equipped
        self.centre = equipped.project.centre
        self.organization = {"reference": "Organization/centre"}

    @cached_property
    def building_of(self) -> Mapping[str, str]:
        """Department -> building."""
        buildings = self.centre.campus.buildings
        return {department: key for key, building in buildings.items() for department in building.departments}

    def make(self) -> Iterator[Record]:
        yield _record("Organization", "centre", active=True, name=self.centre.name)
        yield self._place("site", name=self.centre.name, physical="si")
        for key, building in self.centre.campus.buildings.items():
            yield self._place("building", key, name=building.label, physical="bu", within=make_id("site"))
        for key in self.equipped.opened:
            yield from self._make_department(key)
        for key, resource in self.centre.resources.items():
            if resource.department in self.equipped.opened:
                yield from self._make_resource(key, resource)

    def _make_department(self, key: str) -> Iterator[Record]:
        department = self.centre.departments[key]
        building = self.building_of.get(key)
        within = make_id("building", building) if building else make_id("site")
        kind = _concept(DEPARTMENT_SYSTEM, key, department.label)
        yield self._place("department", key, name=department.label, physical="area", within=within, kind=kind)
        yield _record(
            "HealthcareService", "department", key, active=True, providedBy=self.organization, type=[kind],
            location=[_refer("Location", "department", key)], name=department.label,
        )  # fmt: skip

    def _make_resource(self, key: str, resource: Resource) -> Iterator[Record]:
        calendars = {
            duty.calendar: self._get_calendar(duty.calendar) for duty in self.equipped.list_duties(key)
        }
        n_units = count_units(self.equipped.list_duties(key), calendars)
        if resource.kind == "role":
            if n_units:
                yield self._make_role(key, resource)
                yield from self._make_schedule(resource, "PractitionerRole", "role", key)
            return
        for number in range(1, n_units + 1):
            if resource.kind == "machine":
                yield self._make_machine(key, resource, number)
                yield from self._make_schedule(resource, "Device", "machine", key, str(number))
            else:
                yield self._make_unit(key, resource, number)
                yield from self._make_schedule(resource, "Location", resource.kind, key, str(number))

    def _make_unit(self, key: str, resource: Resource, number: int) -> Record:
        return self._place(
            resource.kind, key, str(number), name=f"{resource.label} {number}",
            physical=_KINDS[resource.kind],
            within=make_id("department", resource.department),
            kind=_concept(RESOURCE_SYSTEM, key, resource.label),
            hoursOfOperation=_to_hours(self._get_calendar(resource.calendar)),
        )  # fmt: skip

    def _make_machine(self, key: str, resource: Resource, number: int) -> Record:
        return _record(
            "Device", "machine", key, str(number), status="active",
            deviceName=[{"name": f"{resource.label} {number}", "type": "user-friendly-name"}],
            type=_concept(RESOURCE_SYSTEM, key, resource.label), owner=self.organization,
            location=_refer("Location", "department", resource.department),
        )  # fmt: skip

    def _make_role(self, key: str, resource: Resource) -> Record:
        return _record(
            "PractitionerRole", "role", key, active=True, organization=self.organization,
            code=[_concept(RESOURCE_SYSTEM, key, resource.label)],
            location=[_refer("Location", "department", resource.department)],
            healthcareService=[_refer("HealthcareService", "department", resource.department)],
            availableTime=_to_times(self._get_calendar(resource.calendar)),
        )  # fmt: skip

    def _make_schedule(self, resource: Resource, type_: str, *keys: str) -> Iterator[Record]:
        """Yield the schedule of a unit whose time is given out beforehand."""
        if resource.booking is not None:
            yield _record(
                "Schedule", *keys, active=True, serviceType=[{"text": resource.label}],
                actor=[_refer(type_, *keys)],
            )  # fmt: skip

    def _place(
        self,
        *keys: str,
        name: str,
        physical: str,
        within: str | None = None,
        kind: Any = None,
        **members: Any,
    ) -> Record:
        coding = {"system": PHYSICAL_TYPE_SYSTEM, "code": physical, "display": _PHYSICAL_TYPES[physical]}
        part_of = {"partOf": {"reference": f"Location/{within}"}} if within else {}
        return _record(
            "Location", *keys, status="active", name=name, mode="instance",
            **({"type": [kind]} if kind else {}), physicalType={"coding": [coding]},
            managingOrganization=self.organization, **part_of, **members,
        )  # fmt: skip

    def _get_calendar(self, key: str) -> Calendar:
        return self.centre.get_calendar(key)


def _record(type_: str, *keys: str, **members: Any) -> Record:
    identifier = [{"system": SYSTEM, "value": ".".join(keys)}]
    return {"resourceType": type_, "id": make_id(*keys), "identifier": identifier, **members}


def _refer(type_: str, *keys: str) -> Record:
    return {"reference": f"{type_}/{make_id(*keys)}"}


def _concept(system: str, code: str, text: str) -> Record:
    return {"coding": [{"system": system, "code": code}], "text": text}


def _to_hours(calendar: Calendar) -> list[Record]:
    return [_to_opening(calendar, "openingTime", "closingTime")]


def _to_times(calendar: Calendar) -> list[Record]:
    return [_to_opening(calendar, "availableStartTime", "availableEndTime")]


def _to_opening(calendar: Calendar, opens: str, closes: str) -> Record:
    days = {"daysOfWeek": list(calendar.days)}
    if calendar.closes is None and not (calendar.opens.hour or calendar.opens.minute):
        return days | {"allDay": True}
    # FHIR has no 24:00.
    end = "23:59:59" if calendar.closes is None else f"{calendar.closes:%H:%M:%S}"
    return days | {opens: f"{calendar.opens:%H:%M:%S}", closes: end}
