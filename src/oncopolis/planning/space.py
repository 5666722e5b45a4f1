"""Space programme: rooms by department, net, department gross and building gross area."""

from collections.abc import Mapping
from dataclasses import dataclass

from oncopolis.centre.facility import Department, Equipment, Room
from oncopolis.planning.drivers import Drivers
from oncopolis.planning.quantity import Quantity, total


@dataclass(frozen=True)
class Counted:
    """A room type or a kind of equipment, and how many of it."""

    id: str
    item: Room | Equipment
    n: Quantity


@dataclass(frozen=True)
class DepartmentSpace:
    """Floor area of a department, m2."""

    id: str
    department: Department
    net: Quantity
    gross: Quantity
    building: Quantity
    """With its share of the building's gross area."""


@dataclass(frozen=True)
class Space:
    """The space programme."""

    rooms: tuple[Counted, ...]
    departments: tuple[DepartmentSpace, ...]
    net: Quantity
    gross: Quantity
    building: Quantity


def count_items(
    drivers: Drivers, items: Mapping[str, Room] | Mapping[str, Equipment], kind: str
) -> tuple[Counted, ...]:
    """Count rooms or equipment of the departments that are open."""
    counted = []
    for key, item in items.items():
        if item.department not in drivers.departments:
            continue
        n = drivers.count_whole(item.count, item.at_least)
        counted.append(Counted(key, item, drivers.name(f"{kind}.{key}", item.label, "count", n)))
    return tuple(counted)


def compute_space(drivers: Drivers) -> Space:
    """Count rooms and add up their areas."""
    asking = drivers.asking
    centre = asking.project.centre
    rooms = count_items(drivers, centre.rooms, "room")
    factor = asking.ask(centre.building_gross)
    departments = []
    for key, department in centre.departments.items():
        areas = [
            part.n * asking.ask(part.item.area)
            for part in rooms
            if isinstance(part.item, Room) and part.item.department == key
        ]
        if not areas:
            continue
        net = drivers.name(f"space.net.{key}", f"Net area, {department.label}", "m2", total(areas))
        gross = drivers.name(
            f"space.department_gross.{key}",
            f"Department gross area, {department.label}",
            "m2",
            net * asking.ask(department.gross),
        )
        building = drivers.name(
            f"space.building.{key}", f"Building gross area, {department.label}", "m2", gross * factor
        )
        departments.append(DepartmentSpace(key, department, net, gross, building))
    space = Space(
        rooms=rooms,
        departments=tuple(departments),
        net=drivers.name("space.net_m2", "Net floor area", "m2", total([part.net for part in departments])),
        gross=drivers.name(
            "space.department_gross_m2",
            "Department gross area",
            "m2",
            total([part.gross for part in departments]),
        ),
        building=drivers.name(
            "space.gross_m2", "Building gross area", "m2", total([part.building for part in departments])
        ),
    )
    drivers.known["space.gross_m2"] = space.building
    return space
