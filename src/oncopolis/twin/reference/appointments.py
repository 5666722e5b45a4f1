"""`Diary`: what is booked of each bookable resource, day by day in quarters of an hour."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from oncopolis.twin.kernels.tables import CELL, CELLS, DAY
from oncopolis.twin.reference.definition import Bookable, Definition, Need, Stop
from oncopolis.twin.reference.people import Appointment, Patient

URGENT_BELOW = 5  # structure: priorities below the ordinary one are urgent
REACH = 2
"""Days at the end of what can be booked that are kept free."""

Place = tuple[int, int]
"""Bookable resource, and day."""


class Diary:
    """Bookings of all bookable resources."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self.today = 0
        self._used: dict[Place, list[int]] = defaultdict(lambda: [0] * CELLS)

    def get_bookable(self, stop: Stop) -> Bookable:
        """Return the first of the bookable resources of a stop, whose rules apply."""
        return self._definition.bookables[stop.needs[0].bookable]

    def book(self, stop: Stop, day: int, after: int, prefer: int | None, *, urgent: bool) -> Appointment:
        """Book the first slot for a stop, from a day and later than a tick.

        Where none is left within the horizon, the patient comes at opening on its last day nevertheless.
        """
        bookable = self.get_bookable(stop)
        furthest = self.today + self._definition.ring - REACH
        last = min(max(day, self.today) + bookable.horizon, furthest)
        for at in range(day, last + 1):
            if not self._has_time(stop, at, urgent=urgent):
                continue
            for quarter in self._list_quarters(bookable, at, after, prefer):
                offset = self._find_offset(stop, at, quarter)
                if offset is not None:
                    self._change(stop, at, quarter, offset, 1)
                    return Appointment(at, quarter, offset, at * DAY + quarter * CELL + offset)
        at = max(last, day)
        opening = self._definition.opening[bookable.resource]
        offset = max(opening[min(at, len(opening) - 1)], 0)
        return Appointment(at, None, offset, at * DAY + offset)

    def keep(self, stop: Stop, time: int) -> Appointment:
        """Enter an appointment that was made before the run, whatever else is booked then."""
        day, begins = divmod(time, DAY)
        quarter, offset = divmod(begins, CELL)
        if day > self._definition.ring - REACH or any(begins + need.ticks > DAY for need in stop.needs):
            return Appointment(day, None, begins, time)
        self._change(stop, day, quarter, offset, 1)
        return Appointment(day, quarter, offset, time)

    def give_back(self, patient: Patient) -> None:
        """Give back every appointment somebody still has."""
        for appointment in patient.appointments:
            if appointment.quarter is not None and appointment.day >= self.today:
                self._change(patient.stop, appointment.day, appointment.quarter, appointment.offset, -1)
        patient.appointments.clear()

    def _list_quarters(self, bookable: Bookable, day: int, after: int, prefer: int | None) -> Iterable[int]:
        """Yield the quarters of a day in the order they are tried: the usual time of a course first."""
        capacity = self._get_capacity(bookable, day)
        first = max(-((day * DAY - after) // CELL), 0)
        tried = [quarter for quarter in range(first, CELLS) if capacity[quarter] > 0]
        earliest = max(first, next((q for q in range(CELLS) if capacity[q] > 0), CELLS))
        if prefer is not None and prefer > earliest:
            yield from (quarter for quarter in tried if quarter >= prefer)
        yield from tried

    def _get_capacity(self, bookable: Bookable, day: int) -> list[int]:
        return self._definition.capacities[bookable.profile[day]]

    def _keeps(self, bookable: Bookable, day: int, *, urgent: bool) -> float:
        """Return the share of a day that is kept from somebody."""
        kept = not urgent and day - self.today > bookable.urgent_days
        return bookable.urgent if kept else 0.0

    def _has_time(self, stop: Stop, day: int, *, urgent: bool) -> bool:
        """Return whether the day as a whole has time left, with what is kept for the urgent."""
        for need in stop.needs:
            bookable = self._definition.bookables[need.bookable]
            total = self._definition.totals[bookable.profile[day]]
            free = total - sum(self._used[need.bookable, day])
            free -= int(total * self._keeps(bookable, day, urgent=urgent))
            if free < need.amount * need.ticks:
                return False
        return True

    def _find_free(self, need: Need, day: int, quarter: int) -> int:
        """Return the time of units that is left in a quarter."""
        bookable = self._definition.bookables[need.bookable]
        return self._get_capacity(bookable, day)[quarter] - self._used[need.bookable, day][quarter]

    def _find_offset(self, stop: Stop, day: int, quarter: int) -> int | None:
        """Return how far into a quarter an appointment would begin; None if it does not fit there."""
        offset = 0
        for need in stop.needs:
            if self._find_free(need, day, quarter) <= 0:
                return None
            full = self._get_capacity(self._definition.bookables[need.bookable], day)[quarter]
            offset = max(offset, int(CELL * (self._used[need.bookable, day][quarter] / full)))
        for need in stop.needs:
            for at, ticks in _list_parts(need, quarter, offset):
                if at >= CELLS or self._find_free(need, day, at) < ticks * need.amount:
                    return None
        return offset

    def _change(self, stop: Stop, day: int, quarter: int, offset: int, sign: int) -> None:
        for need in stop.needs:
            for at, ticks in _list_parts(need, quarter, offset):
                self._used[need.bookable, day][at] += sign * ticks * need.amount


def _list_parts(need: Need, quarter: int, offset: int) -> Iterator[tuple[int, int]]:
    """Yield the quarters an appointment reaches over, and the ticks in each."""
    begin, end = quarter * CELL + offset, quarter * CELL + offset + need.ticks
    for at in range(quarter, -(-end // CELL)):
        yield at, min(end, (at + 1) * CELL) - max(begin, at * CELL)
