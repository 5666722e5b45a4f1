"""Causes: what is wrong somewhere, by rule, read off the floor."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.booking import find_outages
from oncopolis.operations.floor import Floor
from oncopolis.operations.infusion import Bag
from oncopolis.operations.orders.critical import get_audience, get_time_ms, list_critical
from oncopolis.operations.theatre import list_cases, list_theatres
from oncopolis.operations.wards.indexes import Beds

Rule: TypeAlias = Literal[
    "queue-wait", "called-away", "ward-full", "unit-down", "theatre-late", "infusion-over", "critical-unseen"
]
_CLOSE: Final = 0.8  # structure: share of a limit below which what somebody has taken is over (no flapping)


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that is wrong.

    Parameters
    ----------
    subject
        What it is about: an area, a ward, a unit, or the id of a record.
    since_ms
        Since when, milliseconds since 1970 (UTC); None if that is not known.
    n
        How many, or how many minutes: the rule says which.
    """

    rule: Rule
    subject: str
    since_ms: int | None
    n: int

    @property
    def key(self) -> str:
        """Name of the cause: there is one at a time."""
        return f"{self.rule}:{self.subject}"


Find: TypeAlias = Callable[[Floor, int, float], Iterator[Cause]]
"""Yields causes at a moment; the last argument is the share of the limits that counts."""


def _get_limit_ms(floor: Floor, key: str, share: float) -> int:
    return round(floor.house.values.get_ms(key) * share)


def find_long_waits(floor: Floor, now_ms: int, share: float) -> Iterator[Cause]:
    """Areas in which somebody waits too long, since when; ``n`` is for how many minutes."""
    limit_ms = _get_limit_ms(floor, "command.queue.wait", share)
    for area, contacts in floor.index(Queues).of_area.items():
        waits = [one.asked_ms for one in contacts.values() if one.state == "waiting"]
        if waits and now_ms - min(waits) >= limit_ms:
            yield Cause("queue-wait", area, min(waits) + limit_ms, (now_ms - min(waits)) // MS_PER_MINUTE)


def find_called(floor: Floor, now_ms: int, share: float) -> Iterator[Cause]:
    """Areas with people who were called and have not come; ``n`` is how many."""
    limit_ms = _get_limit_ms(floor, "command.away", share)
    for area, contacts in floor.index(Queues).of_area.items():
        calls = [one.called_ms for one in contacts.values() if one.state == "called" and one.called_ms]
        gone = [call_ms for call_ms in calls if now_ms - call_ms >= limit_ms]
        if gone:
            yield Cause("called-away", area, min(gone) + limit_ms, len(gone))


def find_full_wards(floor: Floor, _now_ms: int, _share: float) -> Iterator[Cause]:
    """Wards without a free bed; ``n`` is how many wait to be cleaned."""
    for ward, beds in floor.index(Beds).of_ward.items():
        states = [bed.state for bed in beds.values()]
        if states and "free" not in states:
            yield Cause("ward-full", ward, None, states.count("cleaning"))


def find_down(floor: Floor, now_ms: int, _share: float) -> Iterator[Cause]:
    """Machines and rooms that are out of order; ``n`` is for how many minutes."""
    for unit, down in find_outages(floor).of.items():
        if down.since_ms <= now_ms:
            yield Cause("unit-down", unit, down.since_ms, (now_ms - down.since_ms) // MS_PER_MINUTE)


def find_late_lists(floor: Floor, now_ms: int, share: float) -> Iterator[Cause]:
    """Theatres with a case that will begin too late; ``n`` is by how many minutes."""
    limit_ms = _get_limit_ms(floor, "command.theatre.late", share)
    for room in list_theatres(floor.house):
        waiting = (
            one
            for one in list_cases(floor, room, now_ms)
            if one.operation is None or not one.operation.reached
        )
        late_ms = max((one.find_start_ms(now_ms) - one.planned_ms for one in waiting), default=0)
        if late_ms > 0 and late_ms >= limit_ms:
            yield Cause("theatre-late", room, None, late_ms // MS_PER_MINUTE)


def find_long_infusions(floor: Floor, now_ms: int, share: float) -> Iterator[Cause]:
    """Bags that should have run through; ``n`` is by how many minutes."""
    limit_ms = _get_limit_ms(floor, "command.infusion.over", share)
    for bag in floor.list(Bag):
        if bag.ends_ms is not None and now_ms - bag.ends_ms >= limit_ms:
            over_min = (now_ms - bag.ends_ms) // MS_PER_MINUTE
            yield Cause("infusion-over", bag.treatment, bag.ends_ms + limit_ms, over_min)


def find_unseen(floor: Floor, now_ms: int, _share: float) -> Iterator[Cause]:
    """Critical results that nobody has seen though they were passed on; ``n`` is for how many minutes."""
    for order in list_critical(floor):
        if get_audience(order) == "command" and order.resulted_ms is not None:
            since_ms = order.resulted_ms + order.raised * get_time_ms(order, floor.house)
            yield Cause("critical-unseen", order.id, since_ms, (now_ms - order.resulted_ms) // MS_PER_MINUTE)


RULES: Final[Mapping[Rule, Find]] = {
    "critical-unseen": find_unseen,
    "infusion-over": find_long_infusions,
    "unit-down": find_down,
    "theatre-late": find_late_lists,
    "ward-full": find_full_wards,
    "queue-wait": find_long_waits,
    "called-away": find_called,
}
"""Rules, those about single patients first."""


def list_causes(floor: Floor, now_ms: int) -> list[Cause]:
    """Return everything that is wrong now, in the order of the rules."""
    return [cause for find in RULES.values() for cause in find(floor, now_ms, 1.0)]


def list_going_on(floor: Floor, now_ms: int) -> frozenset[str]:
    """Return the keys of what is not over yet: it has to fall well below its limit for that."""
    return frozenset(cause.key for find in RULES.values() for cause in find(floor, now_ms, _CLOSE))
