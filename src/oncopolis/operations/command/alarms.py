"""Alarms: causes with those who have taken them."""

from dataclasses import dataclass

from oncopolis.operations.command.causes import Cause, list_causes
from oncopolis.operations.command.views import Taken
from oncopolis.operations.floor import Floor


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that is wrong, and who sees to it; None for nobody."""

    cause: Cause
    taken: Taken | None


def list_alarms(floor: Floor, now_ms: int) -> list[Alarm]:
    """Return what is wrong now: what nobody has taken first, each in the order of the rules and of time."""
    taken = {one.key: one for one in floor.list(Taken)}
    alarms = [Alarm(cause, taken.get(cause.key)) for cause in list_causes(floor, now_ms)]
    return sorted(alarms, key=lambda one: one.taken is not None)
