"""What is done for somebody in a bed on a day, as acts of the live centre."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, Final

from oncopolis.foundation.units import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE
from oncopolis.operations.house import House
from oncopolis.studies.replaying.day import Stayed
from oncopolis.studies.replaying.fitting import Served, Use
from oncopolis.studies.replaying.intentions import Intention, Known
from oncopolis.studies.replaying.registering import Registering, begin_course
from oncopolis.studies.replaying.treating import Treating
from oncopolis.studies.replaying.visiting import WHY

EARLIEST_MS: Final = -7 * MS_PER_DAY  # structure: a week
"""Who has been there for longer is taken in then."""
_KNOWN: Final = ("register", "start_course")
RESERVE_MS: Final = MS_PER_HOUR
ORDER_MS: Final = 4 * MS_PER_HOUR  # structure: hours of a rehearsal
PAPERS_MS: Final = 30 * MS_PER_MINUTE  # structure: minutes of a rehearsal
CLEANING_MS: Final = 45 * MS_PER_MINUTE  # structure: minutes of a rehearsal
"""Before the begin and the end of a stay, and after it: when a bed is held, a discharge ordered and written,
and the bed clean."""


@dataclass(frozen=True, slots=True)
class _Slept:
    """A bed from one moment until another."""

    use: Use
    from_ms: int
    until_ms: int


class Lying:
    """Gives out beds in the order of time, and makes the script of each stay.

    Parameters
    ----------
    begin_ms
        Midnight of the day, milliseconds since 1970 (UTC).
    taken
        Beds in which others are.
    operations
        Number of a patient -> their operation, with the theatre it takes place in.
    treating
        Makes what is done in theatres.
    """

    def __init__(
        self,
        house: House,
        begin_ms: int,
        people: Registering,
        taken: AbstractSet[str],
        operations: Mapping[int, Served],
        treating: Treating,
    ) -> None:
        self._operations, self._treating = operations, treating
        self._house, self._begin_ms, self._people = house, begin_ms, people
        self._free_ms: dict[str, int] = dict.fromkeys(taken, 2 * MS_PER_DAY)
        self._turns: dict[str, int] = {}

    def write(self, stay: Stayed) -> list[Intention]:
        """Return what is done for a stay; nothing if there is no bed for it on the day.

        Stays have to come in the order in which they begin.
        """
        from_ms = max(stay.from_ms, EARLIEST_MS)
        moves = stay.moved_to is not None and stay.moved_to[1] > 0
        first_until_ms = stay.moved_to[1] if stay.moved_to is not None and moves else stay.until_ms
        slept = self._take(stay.resource, from_ms, first_until_ms)
        if slept is None or slept.from_ms >= slept.until_ms:
            return self._cut(self._add_operation(stay, self._know(stay, self._begin_ms)))
        second = None
        if stay.moved_to is not None and moves:
            second = self._take(stay.moved_to[0], slept.until_ms, max(stay.until_ms, slept.until_ms + 1))
        return self._cut(self._add_operation(stay, self._list(stay, slept, second)))

    def _cut(self, listed: Iterator[Intention]) -> list[Intention]:
        """Return what belongs to the day, in order; nothing if somebody is only made known."""
        script = sorted(listed, key=lambda one: one.at_ms)
        of_day = [one for one in script if one.at_ms < self._begin_ms + MS_PER_DAY]
        return of_day if any(one.act not in _KNOWN for one in of_day) else []

    def _know(self, stay: Stayed, at_ms: int) -> Iterator[Intention]:
        yield from self._people.register(stay.number, at_ms)
        yield begin_course(stay.route, at_ms)

    def _add_operation(self, stay: Stayed, listed: Iterator[Intention]) -> Iterator[Intention]:
        """Yield what is done for a stay, with the operation before or in it; they are known before either."""
        one = self._operations.get(stay.number)
        if one is None or one.wakes is None:
            yield from listed
            return
        begins_ms = self._begin_ms + one.part.asked_ms - CLEANING_MS
        for intention in listed:
            is_first = intention.act in _KNOWN
            yield replace(intention, at_ms=min(intention.at_ms, begins_ms)) if is_first else intention
        plan = self._treating.plan(one, 0)
        yield replace(plan, at_ms=begins_ms)
        yield from self._treating.operate(one, 0, is_last=True)

    def _take(self, resource: str, from_ms: int, until_ms: int) -> _Slept | None:
        """Return the bed that is free first, from when it is; None if that is not on the day."""
        beds = self._house.units_of[resource]
        bed = min(
            beds, key=lambda one: (max(self._free_ms.get(one, EARLIEST_MS), from_ms), one), default=None
        )
        if bed is None:
            return None
        begins_ms = max(self._free_ms.get(bed, EARLIEST_MS), from_ms)
        if begins_ms >= min(until_ms, MS_PER_DAY):
            return None
        turn = self._turns.get(bed, 0)
        self._turns[bed], self._free_ms[bed] = turn + 1, until_ms + CLEANING_MS
        return _Slept(Use(bed, turn), begins_ms, until_ms)

    def _list(self, stay: Stayed, slept: _Slept, second: _Slept | None) -> Iterator[Intention]:
        at_ms = self._begin_ms + slept.from_ms
        known_ms = at_ms - 2 * RESERVE_MS
        yield from self._know(stay, known_ms)
        bed, after = slept.use.unit, slept.use.list_after()
        said: dict[str, Any] = {
            "patient": Known("patient"), "activity": stay.activity, "bed": bed, "reason": WHY,
        }  # fmt: skip
        learns = {"stay": "stay"}
        if stay.from_ms > RESERVE_MS:
            held_ms = max(at_ms - RESERVE_MS, self._begin_ms)
            expected = {**said, "expected_ms": at_ms}
            yield Intention(held_ms, "reserve_bed", expected, learns, after=after)
            yield Intention(at_ms, "admit", {"stay": Known("stay"), "reason": WHY})
        else:
            yield Intention(at_ms, "admit", said, learns, after=after)
        last = slept
        if second is not None:
            moved_ms = self._begin_ms + second.from_ms
            said = {"stay": Known("stay"), "bed": second.use.unit, "reason": WHY}
            ward = self._house.units[second.use.unit].resource
            yield Intention(moved_ms, "transfer_bed", {**said, "ward": ward}, after=second.use.list_after())
            yield self._clean(slept, moved_ms)
            last = second
        yield from self._end(last)

    def _end(self, last: _Slept) -> Iterator[Intention]:
        left_ms = self._begin_ms + last.until_ms
        stay = {"stay": Known("stay")}
        since_ms = self._begin_ms + max(last.from_ms, 0)
        if left_ms < self._begin_ms + MS_PER_DAY:
            ordered_ms = max(left_ms - ORDER_MS, since_ms)
            yield Intention(ordered_ms, "order_discharge", {**stay, "due_ms": left_ms})
            yield Intention(max(left_ms - PAPERS_MS, since_ms), "discharge", stay)
            yield Intention(left_ms, "left_bed", stay)
            yield self._clean(last, left_ms)

    def _clean(self, slept: _Slept, at_ms: int) -> Intention:
        said = {"bed": slept.use.unit}
        return Intention(at_ms + CLEANING_MS, "cleaned", said, gives=(slept.use.gives,))
