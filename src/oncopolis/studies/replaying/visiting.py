"""What a patient and those around them do on a day, as acts of the live centre."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from oncopolis.foundation.units import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE
from oncopolis.operations.arrivals.rules import get_rules
from oncopolis.operations.house import SLOT_MIN, House
from oncopolis.studies.replaying.day import Part, Visited
from oncopolis.studies.replaying.dice import Dice
from oncopolis.studies.replaying.fitting import Served
from oncopolis.studies.replaying.intentions import Intention, Known
from oncopolis.studies.replaying.registering import PERSON, Registering, begin_course
from oncopolis.studies.replaying.treating import Treating

WHY: Final = "as in the twin"
"""Reason given wherever one is needed."""
SLOT_MS: Final = SLOT_MIN * MS_PER_MINUTE
FULL: Final = frozenset({"OPS-043", "OPS-044", "OPS-045", "OPS-046", "OPS-047"})
"""A time that cannot be had (any more): who wanted it comes without an appointment."""
MISSED: Final = frozenset({"OPS-101", "OPS-102", "OPS-105", "OPS-106"})
"""An appointment that was given up, or moved by a breakdown, before its patient was there."""
KIOSK, PHONE = 0.55, 0.80  # structure: cumulated shares of the ways to check in; reception has the rest
TAPS_TWICE: Final = 0.02  # structure: a share for rehearsals
STEPS_OUT: Final = 0.02  # structure: a share for rehearsals
CALLED_AGAIN: Final = 0.05  # structure: a share for rehearsals
"""Shares of contacts, so that all of it happens on any day."""
CALL_MS: Final = MS_PER_MINUTE
"""From a call to the begin, where the twin leaves so much."""
LONG_MS: Final = 20 * MS_PER_MINUTE  # structure: minutes of a rehearsal
"""A wait during which somebody may step out."""
SEEN_MS: Final = 45 * MS_PER_MINUTE  # structure: minutes of a rehearsal
"""From a result to when somebody has seen it."""
EVE_MS: Final = MS_PER_DAY - 8 * MS_PER_HOUR  # structure: eight in the morning of the day before
OFFICE_MS: Final = 9 * MS_PER_HOUR  # structure: hours of a rehearsal


class Visiting:
    """Makes the script of a visit.

    Parameters
    ----------
    begin_ms
        Midnight of the day, milliseconds since 1970 (UTC).

    Attributes
    ----------
    treating
        Makes what takes place in theatres and chairs; it gives out the places in recovery.
    """

    def __init__(self, house: House, begin_ms: int, dice: Dice, people: Registering) -> None:
        self._house, self._begin_ms, self._dice, self._people = house, begin_ms, dice, people
        self._early_ms = get_rules(house).early_ms
        self.treating = Treating(house, begin_ms)

    def write(self, visit: Visited, served: Sequence[Served]) -> list[Intention]:
        """Return what is done for a visit, in order; of whom does not come, what was booked."""
        here = list(_in_order(self._list(visit, served)))
        orders = [order for i, one in enumerate(served) for order in self._order(visit, one, i)]
        return sorted((*here, *orders), key=lambda one: one.at_ms)

    def _list(self, visit: Visited, served: Sequence[Served]) -> Iterator[Intention]:
        parts = [one.part for one in served] or [part for part in visit.parts if part.is_contact]
        first = {
            part.planned_ms: i for i, part in reversed([*enumerate(parts)]) if part.planned_ms is not None
        }
        first_ms = parts[0].asked_ms - 3 * MS_PER_MINUTE  # structure: at the desk before it waits
        if first:
            first_ms = -EVE_MS + int(OFFICE_MS * self._dice.draw("asks", visit.number))
        at_ms = self._begin_ms + first_ms
        yield from self._people.register(visit.number, at_ms)
        yield begin_course(visit.route, at_ms)
        for i in sorted(first.values()):
            yield self._book(visit, parts[i], i, at_ms)
        if visit.fate == "cancels":
            said = {"booking": Known("booking-0"), "reason": "patient"}
            yield Intention(at_ms + MS_PER_HOUR, "cancel", said)
        if visit.fate == "comes":
            for i in range(len(served)):
                if not served[i].is_waking:
                    is_last = all(one.is_waking for one in served[i + 1 :])
                    yield from self._serve(visit, served[i], i, is_last=is_last)

    def _book(self, visit: Visited, part: Part, i: int, at_ms: int) -> Intention:
        assert part.planned_ms is not None
        said = {
            "patient": Known("patient"), "activity": part.activity, "pathway": visit.route[0],
            "step": part.step, "course": Known("course"),
            "start_ms": self._begin_ms + part.planned_ms // SLOT_MS * SLOT_MS,
        }  # fmt: skip
        return Intention(at_ms, "book", said, {f"booking-{i}": "booking"}, may_be=FULL)

    def _serve(self, visit: Visited, one: Served, i: int, *, is_last: bool) -> Iterator[Intention]:
        part, treating, me = one.part, self.treating, f"contact-{i}"
        if one.wakes is not None:
            yield treating.plan(one, i)
        begin_ms, contact = self._begin_ms, {"contact": Known(me)}
        asked_ms = begin_ms + part.asked_ms
        yield self._check_in(visit, part, i)
        if self._draw(TAPS_TWICE, visit, "again", i):
            yield self._check_in(visit, part, i)
        if not one.room or part.start_ms is None:
            said: Mapping[str, Any] = {"visit": Known("visit"), "reason": part.outcome}
            yield Intention(begin_ms + part.end_ms, "leave", said)
            return
        start_ms = begin_ms + part.start_ms
        if start_ms - asked_ms > LONG_MS and self._draw(STEPS_OUT, visit, "out", i):
            yield Intention(asked_ms + 2 * MS_PER_MINUTE, "step_out", contact)
            yield Intention(start_ms - 3 * MS_PER_MINUTE, "return", contact)  # structure: before the call
        if one.wakes is not None:
            yield from treating.operate(one, i, is_last=is_last)
            return
        if treating.is_infusion(one):
            yield from treating.infuse(one, i, is_last=is_last)
            return
        area = self._house.get_card(part.activity).department
        after = tuple(token for use in one.uses for token in use.list_after())
        called_ms = max(asked_ms, start_ms - CALL_MS)
        said = {**contact, "area": area, "room": one.room, "reason": WHY}
        yield Intention(called_ms, "call", said, after=after)
        if self._draw(CALLED_AGAIN, visit, "called again", i):
            yield Intention(called_ms, "recall", contact)
        yield Intention(start_ms, "start", {**contact, "units": [use.unit for use in one.uses]})
        said = {**contact, "more": not is_last}
        gives = tuple(use.gives for use in one.uses)
        yield Intention(begin_ms + part.end_ms, "finish", said, gives=gives)

    def _order(self, visit: Visited, one: Served, i: int) -> Iterator[Intention]:
        """Yield what is ordered at the end of a contact, with its result."""
        if not one.room:
            return
        begin_ms = self._begin_ms
        for n, (job, shift_ms) in enumerate(_list_jobs(visit, one, i)):
            if job.start_ms is None or job.end_ms + shift_ms + SEEN_MS >= MS_PER_DAY:
                continue
            me = f"order-{i}-{n}"
            said = {
                "patient": Known("patient"),
                "activity": job.activity,
                "course": Known("course"),
                "by": PERSON,
            }
            yield Intention(begin_ms + one.part.end_ms, "order", said, {me: "order"})
            of_order = {"order": Known(me), "by": PERSON}
            begun_ms = begin_ms + max(job.start_ms + shift_ms, one.part.end_ms)
            done_ms = max(begin_ms + job.end_ms + shift_ms, begun_ms)
            yield Intention(begun_ms, "take", of_order)
            yield Intention(done_ms, "result", of_order)
            yield Intention(done_ms + SEEN_MS, "acknowledge", of_order)

    def _check_in(self, visit: Visited, part: Part, i: int) -> Intention:
        drawn = self._dice.draw("channel", visit.number, i)
        channel = "kiosk" if drawn < KIOSK else "phone" if drawn < PHONE else "reception"
        if part.planned_ms is None or part.planned_ms - part.asked_ms > self._early_ms:
            channel = "reception"
        learns = {f"contact-{i}": "contact", "visit": "visit"}
        at_ms = self._begin_ms + part.asked_ms
        walks_in = {"patient": Known("patient"), "activity": part.activity, "channel": "reception"}
        if part.planned_ms is None:
            return Intention(at_ms, "check_in", walks_in, learns)
        said = {"booking": Known(f"booking-{i}"), "channel": channel}
        if channel == "kiosk":
            said["area"] = self._house.get_card(part.activity).department
        return Intention(at_ms, "check_in", said, learns, otherwise=walks_in, may_be=MISSED)

    def _draw(self, share: float, visit: Visited, *what: str | int) -> bool:
        return self._dice.draw(visit.number, *what) < share


def _list_jobs(visit: Visited, one: Served, i: int) -> Iterator[tuple[Part, int]]:
    """Yield the work that follows a contact in the patient's absence, with how much later it is by now."""
    n = -1
    shift_ms = 0
    for part in visit.parts:
        if part.is_contact:
            n += 1
            shift_ms = max(one.part.end_ms - part.end_ms, 0)
        elif n == i:
            yield part, shift_ms


def _in_order(intentions: Iterator[Intention]) -> Iterator[Intention]:
    """Yield intentions at moments that never go back: each is meant after the one before."""
    latest_ms = 0
    for one in intentions:
        latest_ms = max(latest_ms, one.at_ms)
        yield one if one.at_ms == latest_ms else replace(one, at_ms=latest_ms)
