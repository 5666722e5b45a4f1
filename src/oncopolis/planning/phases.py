"""Sizing each phase of opening: resources, staff, rooms and equipment for its year."""

from collections.abc import Mapping
from dataclasses import dataclass

from oncopolis.centre.facility import Opening
from oncopolis.planning.asking import Asking
from oncopolis.planning.drivers import Drivers
from oncopolis.planning.openings import list_departments
from oncopolis.planning.sizing import Sized, size_resources
from oncopolis.planning.space import Counted, Space, compute_space, count_items
from oncopolis.planning.staff import Staffed, name_first_total, name_total, staff_roles
from oncopolis.planning.workload import Workload


@dataclass(frozen=True)
class Phase:
    """What stands and who works there once a phase is open."""

    opening: Opening
    drivers: Drivers
    resources: Mapping[str, Sized]
    staff: Mapping[str, Staffed]
    space: Space
    equipment: tuple[Counted, ...]


def size_phases(asking: Asking, workload: Workload) -> tuple[Phase, ...]:
    """Size every phase in order; figures of the last carry no prefix, those of the others their id."""
    centre = asking.project.centre
    openings = sorted(centre.openings, key=lambda opening: opening.year)
    phases: list[Phase] = []
    departments: frozenset[str] = frozenset()
    for opening in openings:
        departments |= frozenset(list_departments(centre, opening))
        prefix = "" if opening is openings[-1] else f"{opening.id}."
        drivers = Drivers(asking, workload, opening.sized_for, departments, prefix)
        phases.append(_size_phase(opening, drivers))
    return tuple(phases)


def _size_phase(opening: Opening, drivers: Drivers) -> Phase:
    centre = drivers.asking.project.centre
    resources = size_resources(drivers)
    staff = staff_roles(drivers, resources, after_space=False)
    drivers.known["staff.total"] = name_first_total(drivers, staff)
    space = compute_space(drivers)
    staff |= staff_roles(drivers, resources, after_space=True)
    drivers.known["staff.total"] = name_total(drivers, staff)
    equipment = count_items(drivers, centre.equipment, "equipment")
    return Phase(opening, drivers, resources, staff, space, equipment)
