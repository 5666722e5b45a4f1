"""What arrivals look up on the floor: who is inside, who waits where, and who is expected."""

from bisect import bisect_left, insort
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from typing import ClassVar, TypeAlias

from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.later import Later
from oncopolis.operations.views import View

_KEPT = 2_000  # structure: waits an area remembers, more than it has on a day
Rank: TypeAlias = tuple[int, int, int, str]


class Inside:
    """Who is inside.

    Attributes
    ----------
    of_patient
        Patient -> their visit.
    numbers
        Numbers that are called.
    n_of_area
        Area -> how many have a number of it.
    """

    KIND: ClassVar[type[View]] = Visit

    def __init__(self) -> None:
        self.of_patient: dict[str, Visit] = {}
        self.numbers: set[str] = set()
        self.n_of_area: Counter[str] = Counter()

    def change(self, before: Visit | None, after: Visit | None) -> None:
        """Somebody came or left."""
        if before is not None:
            self.of_patient.pop(before.patient, None)
            self.numbers.discard(before.number)
            self.n_of_area[before.area] -= 1
        if after is not None:
            self.of_patient[after.patient] = after
            self.numbers.add(after.number)
            self.n_of_area[after.area] += 1


class Queues:
    """Contacts that are not over.

    Attributes
    ----------
    waiting
        Area -> ranks of those who wait there, the first in order first.
    of_area, of_visit
        Area, or encounter they are part of -> contacts by id.
    of_booking, of_unit
        Booking, or unit in use -> id of the contact.
    numbers
        Numbers that are called.
    """

    KIND: ClassVar[type[View]] = Contact

    def __init__(self) -> None:
        self.waiting: defaultdict[str, list[Rank]] = defaultdict(list)
        self.of_area: defaultdict[str, dict[str, Contact]] = defaultdict(dict)
        self.of_visit: defaultdict[str, dict[str, Contact]] = defaultdict(dict)
        self.of_booking: dict[str, str] = {}
        self.of_unit: dict[str, str] = {}
        self.numbers: Counter[str] = Counter()
        self._waits: defaultdict[str, deque[tuple[int, int]]] = defaultdict(lambda: deque(maxlen=_KEPT))

    def change(self, before: Contact | None, after: Contact | None) -> None:
        """Somebody waits, is called, is served, or it is over."""
        if before is not None:
            self._drop(before)
        if after is not None:
            self._add(after)

    def _drop(self, contact: Contact) -> None:
        if contact.state == "waiting":
            ranks = self.waiting[contact.area]
            del ranks[bisect_left(ranks, contact.rank)]
        del self.of_area[contact.area][contact.id]
        of_visit = self.of_visit[contact.visit]
        del of_visit[contact.id]
        if not of_visit:
            del self.of_visit[contact.visit]
        if contact.booking is not None:
            self.of_booking.pop(contact.booking, None)
        for unit in contact.units:
            self.of_unit.pop(unit, None)
        self.numbers[contact.number] -= 1
        if not self.numbers[contact.number]:
            del self.numbers[contact.number]

    def _add(self, contact: Contact) -> None:
        if contact.state == "waiting":
            insort(self.waiting[contact.area], contact.rank)
        self.of_area[contact.area][contact.id] = contact
        self.of_visit[contact.visit][contact.id] = contact
        if contact.booking is not None:
            self.of_booking[contact.booking] = contact.id
        for unit in contact.units:
            self.of_unit[unit] = contact.id
        self.numbers[contact.number] += 1
        if contact.start_ms is not None:
            self._waits[contact.area].append((contact.start_ms, contact.start_ms - contact.asked_ms))

    def list_waits(self, area: str, since_ms: int) -> list[int]:
        """Return the waits that were over from a moment on, milliseconds; forgotten with the process."""
        return [waited_ms for start_ms, waited_ms in self._waits[area] if start_ms >= since_ms]

    def list_of_visit(self, visit: str) -> tuple[Contact, ...]:
        """Return what is not over of an encounter."""
        return tuple(self.of_visit[visit].values()) if visit in self.of_visit else ()


class Expected:
    """Appointments to which nobody has come yet.

    Attributes
    ----------
    of_patient
        Patient -> their appointments by id.
    """

    KIND: ClassVar[type[View]] = Booking

    def __init__(self) -> None:
        self.later: Later | None = None
        self.of_patient: defaultdict[str, dict[str, Booking]] = defaultdict(dict)
        self._starts: defaultdict[str, dict[int, list[tuple[int, str]]]] = defaultdict(dict)

    def change(self, before: Booking | None, after: Booking | None) -> None:
        """An appointment was made, moved or met."""
        if before is not None and _is_expected(before):
            days, day = self._starts[before.activity], before.start_ms // MS_PER_DAY
            starts = days[day]
            del starts[bisect_left(starts, (before.start_ms, before.id))]
            if not starts:
                del days[day]
            of_patient = self.of_patient[before.patient]
            del of_patient[before.id]
            if not of_patient:
                del self.of_patient[before.patient]
        if after is not None and _is_expected(after):
            starts = self._starts[after.activity].setdefault(after.start_ms // MS_PER_DAY, [])
            insort(starts, (after.start_ms, after.id))
            self.of_patient[after.patient][after.id] = after

    def list_of_patient(self, patient: str, first_ms: int, end_ms: int) -> list[Booking]:
        """Return somebody's appointments that begin in a time, the first first."""
        self._bring(first_ms, end_ms)
        if patient not in self.of_patient:
            return []
        found = [one for one in self.of_patient[patient].values() if first_ms <= one.start_ms < end_ms]
        return sorted(found, key=lambda one: (one.start_ms, one.id))

    def list_ids(self, activity: str, first_ms: int, end_ms: int) -> Iterator[str]:
        """Yield the ids of the appointments for an activity that begin in a time, in order."""
        self._bring(first_ms, end_ms)
        days = self._starts.get(activity, {})
        for day in range(first_ms // MS_PER_DAY, (end_ms - 1) // MS_PER_DAY + 1):
            yield from (id_ for start_ms, id_ in days.get(day, ()) if first_ms <= start_ms < end_ms)

    def list_missed(self, before_ms: int) -> Iterator[str]:
        """Yield the ids of the appointments that began before a moment, the first of each activity first."""
        self._bring(0, before_ms)
        for days in list(self._starts.values()):
            for day in sorted(day for day in days if day * MS_PER_DAY < before_ms):
                yield from (id_ for start_ms, id_ in days[day] if start_ms < before_ms)

    def _bring(self, first_ms: int, end_ms: int) -> None:
        if self.later is not None:
            self.later.bring_days(first_ms, end_ms)


def _is_expected(booking: Booking) -> bool:
    return booking.status == "booked" and booking.spot is not None
