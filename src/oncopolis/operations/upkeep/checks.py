"""Nobody is treated with a machine whose quality has not been checked today.

Machines that treat with radiation are checked each day. From the first check that is recorded here the centre
keeps its checks here, and all of them are locked until that of the day has passed.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from oncopolis.foundation import ConflictError
from oncopolis.operations.booking.units import Check, Machine, Room, find_kind
from oncopolis.operations.deciding import Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.radiation import is_fraction, list_machines

Lock: TypeAlias = Literal["unchecked", "failed"]
"""Why nobody is treated with it: not checked today, or the check of today has failed."""


def list_locks(floor: Floor, at_ms: int) -> dict[str, Lock]:
    """Return the treatment machines with which nobody may be treated, and why."""
    house = floor.house
    machines = list_machines(house)
    checks = {unit: _find_check(floor, unit) for unit in machines}
    if not any(checks.values()):
        return {}
    today = house.to_local(at_ms).date()
    locks: dict[str, Lock] = {}
    for unit, check in checks.items():
        if check is None or house.to_local(check.at_ms).date() != today:
            locks[unit] = "unchecked"
        elif not check.passed:
            locks[unit] = "failed"
    return locks


def _find_check(floor: Floor, unit: str) -> Check | None:
    kind: type[Machine | Room] | None = find_kind(floor.house.get_unit(unit))
    found = None if kind is None else floor.find(kind, unit)
    return None if found is None else found.checked


def check_may_treat(floor: Floor, activity: str, units: Iterable[str], moment: Moment) -> None:
    """Refuse a treatment with radiation with a machine that is locked.

    Raises
    ------
    ConflictError
        It was not checked today (OPS-480), or the check has failed (OPS-481).
    """
    if not is_fraction(floor.house, activity):
        return
    locks = list_locks(floor, moment.at_ms)
    for unit in units:
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
