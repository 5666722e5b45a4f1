"""Nobody is treated with a machine whose quality has not been checked today.

The definition says which machines have to be checked each day (`daily_check`). A live centre locks them from
its first day until the check of the day has passed; in shadow mode it is told that they would be locked. What
treats with radiation is locked as well from the first check that is recorded here.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from oncopolis.foundation import ConflictError
from oncopolis.operations.booking.units import Check, Machine, Room, find_kind
from oncopolis.operations.deciding import Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.radiation import is_fraction, list_machines
from oncopolis.record.approval import ID, TYPE, is_approval
from oncopolis.record.fhir.bodies import find_resource

Lock: TypeAlias = Literal["unchecked", "failed"]
"""Why nobody is treated with it: not checked today, or the check of today has failed."""


def is_demanded(house: House, unit: str) -> bool:
    """Whether the definition wants a unit checked each day."""
    card = house.get_unit(unit)
    return find_kind(card) is not None and house.centre.resources[card.resource].daily_check


def list_checked(house: House) -> list[str]:
    """Return what is checked each day: treatment machines, and whatever the definition wants checked."""
    wanted = [key for key, one in house.centre.resources.items() if one.daily_check]
    demanded = [unit for key in wanted for unit in house.units_of[key] if is_demanded(house, unit)]
    return list(dict.fromkeys((*list_machines(house), *demanded)))


def list_locks(floor: Floor, at_ms: int) -> dict[str, Lock]:
    """Return the machines with which nobody may be treated, and why."""
    faults = _list_faults(floor, at_ms)
    if not faults:
        return {}
    house = floor.house
    machines = list_machines(house)
    treating = set(machines) if any(_find_check(floor, unit) for unit in machines) else set()
    is_live = _is_live(floor)
    return {
        unit: fault
        for unit, fault in faults.items()
        if unit in treating or fault == "failed" or (is_live and is_demanded(house, unit))
    }


def list_unchecked(floor: Floor, at_ms: int) -> list[str]:
    """Return the machines that would be locked if the centre were live: they were not checked today."""
    return [unit for unit in _list_faults(floor, at_ms) if is_demanded(floor.house, unit)]


def _list_faults(floor: Floor, at_ms: int) -> dict[str, Lock]:
    house = floor.house
    today = house.to_local(at_ms).date()
    faults: dict[str, Lock] = {}
    for unit in list_checked(house):
        check = _find_check(floor, unit)
        if check is None or house.to_local(check.at_ms).date() != today:
            faults[unit] = "unchecked"
        elif not check.passed:
            faults[unit] = "failed"
    return faults


def _is_live(floor: Floor) -> bool:
    """Whether the centre has approved the server for care."""
    found = floor.look(lambda reading: reading.read(TYPE, ID), None)
    record = find_resource(found)
    return record is not None and is_approval(record)


def _find_check(floor: Floor, unit: str) -> Check | None:
    kind: type[Machine | Room] | None = find_kind(floor.house.get_unit(unit))
    found = None if kind is None else floor.find(kind, unit)
    return None if found is None else found.checked


def check_may_treat(floor: Floor, activity: str, units: Iterable[str], moment: Moment) -> None:
    """Refuse a treatment with a machine that is locked.

    Of a machine that treats with radiation only that is refused: its pictures may be part of a check.

    Raises
    ------
    ConflictError
        It was not checked today (OPS-480), or the check has failed (OPS-481).
    """
    house = floor.house
    asked = list(units)
    if not is_fraction(house, activity):
        asked = [unit for unit in asked if is_demanded(house, unit)]
        treating = set(list_machines(house)) if asked else set()
        asked = [unit for unit in asked if unit not in treating]
    locks = list_locks(floor, moment.at_ms) if asked else {}
    for unit in asked:
        lock = locks.get(unit)
        if lock == "unchecked":
            raise ConflictError(
                code="OPS-480", where=f"unit {unit}", got="a machine that was not checked today",
                expected="one whose quality was checked today",
                fix="have it checked and the check recorded, or treat with another machine",
            )  # fmt: skip
        if lock == "failed":
            raise ConflictError(
                code="OPS-481", where=f"unit {unit}", got="a machine whose check failed today",
                expected="one whose check has passed",
                fix="have it put right and checked again, or treat with another machine",
            )  # fmt: skip
