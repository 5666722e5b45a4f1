"""`Agenda`: the diary as one decision sees it while it takes and gives back times."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeAlias

from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.booking.diary import Diary, Place, find_mask, locate
from oncopolis.operations.booking.openings import Openings
from oncopolis.operations.booking.pool import Pool
from oncopolis.operations.booking.slots import N_SLOTS, count_slots, make_mask
from oncopolis.operations.booking.units import Outages, find_outages
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import SLOT_MIN, House

Taken: TypeAlias = tuple[Booking, int]
"""A booking, and the slots of its day that it covers."""


class Agenda:
    """What can be booked now. It changes by itself: the diary stays as it is.

    Parameters
    ----------
    now_ms
        Nothing is booked before it; milliseconds since 1970 (UTC).
    """

    def __init__(self, diary: Diary, openings: Openings, outages: Outages, now_ms: int) -> None:
        self.openings, self.outages = openings, outages
        self.house: House = openings.house
        self.today, minute = self.house.to_minute(now_ms)
        # A slot that has begun is past.
        self.first_slot = count_slots(minute + (now_ms % MS_PER_MINUTE > 0))
        self._diary = diary
        self._own: dict[Place, Pool] = {}
        self._gone: set[str] = set()
        self._new: dict[str, dict[str, Booking]] = {}
        self._days: dict[str, dict[date, list[Taken]]] = {}

    def get_pool(self, place: Place) -> Pool:
        """Return a resource on a day, to look at."""
        pool = self._own.get(place) or self._diary.get_pool(place)
        if pool.seen != self.outages.state:
            pool.block(self._list_blocked(place))
            pool.seen = self.outages.state
        return pool

    def _list_blocked(self, place: Place) -> dict[int, int]:
        """Return the units that are out of order on a day, with the slots."""
        resource, ordinal = place
        house, day = self.house, date.fromordinal(ordinal)
        found: dict[int, int] = {}
        for unit, down in self.outages.of.items():
            card = house.units.get(unit)
            if card is None or card.resource != resource:
                continue
            begins, ends = house.to_minute(down.since_ms), house.to_minute(down.until_ms)
            if begins[0] <= day <= ends[0]:
                first = begins[1] // SLOT_MIN if day == begins[0] else 0
                end = count_slots(ends[1]) if day == ends[0] else N_SLOTS
                found[card.number - 1] = make_mask(first, end)
        return found

    def take(self, booking: Booking) -> None:
        """Let a booking be there from now on."""
        self._new.setdefault(booking.patient, {})[booking.id] = booking
        if booking.patient in self._days:
            self._add_day(self._days[booking.patient], booking)
        self._count(booking, is_taken=True)

    def give(self, booking: Booking) -> None:
        """Let a booking be gone."""
        if self._new.get(booking.patient, {}).pop(booking.id, None) is None:
            self._gone.add(booking.id)
        self._days.pop(booking.patient, None)
        self._count(booking, is_taken=False)

    def _count(self, booking: Booking, *, is_taken: bool) -> None:
        if booking.spot is None:
            return
        day, mask = find_mask(self.house, booking.spot, booking.minutes)
        for unit, layer in booking.spot.units:
            found = locate(self.openings, unit, day)
            if found is None:
                continue
            place, at = found
            pool = self._own.get(place)
            if pool is None:
                pool = self._own[place] = self.get_pool(place).copy()
            (pool.take if is_taken else pool.give)(at, layer, mask)

    def list_taken(self, patient: str, day: date) -> Sequence[Taken]:
        """Return what somebody has booked on a local day, with the slots."""
        days = self._days.get(patient)
        if days is None:
            days = self._days[patient] = {}
            for booking in self.list_of_patient(patient):
                self._add_day(days, booking)
        return days.get(day, ())

    def _add_day(self, days: dict[date, list[Taken]], booking: Booking) -> None:
        if booking.spot is not None:
            day, mask = find_mask(self.house, booking.spot, booking.minutes)
            days.setdefault(day, []).append((booking, mask))

    def list_of_patient(self, patient: str) -> Iterator[Booking]:
        """Yield what somebody has booked or waits for."""
        for booking in self._diary.list_of_patient(patient):
            if booking.id not in self._gone:
                yield booking
        yield from self._new.get(patient, {}).values()

    def list_waiting(self, activity: str) -> Iterator[Booking]:
        """Yield who waits for a time of an activity."""
        for booking in self._diary.list_waiting(activity):
            if booking.id not in self._gone:
                yield booking


def get_diary(floor: Floor) -> Diary:
    """Return the diary of a floor."""
    diary = floor.index(Diary)
    diary.settle(floor.house)
    return diary


def make_agenda(floor: Floor, now_ms: int) -> Agenda:
    """Return what can be booked on a floor at a moment."""
    diary = get_diary(floor)
    return Agenda(diary, diary.settle(floor.house), find_outages(floor), now_ms)
