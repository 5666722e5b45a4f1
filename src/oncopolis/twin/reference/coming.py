"""`Coming`: when somebody comes, by appointment or without one, for the first time, the next, or again."""

import math

from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.tables import DAY
from oncopolis.twin.reference.agenda import Agenda, What
from oncopolis.twin.reference.appointments import URGENT_BELOW, Diary
from oncopolis.twin.reference.away import Away
from oncopolis.twin.reference.definition import Definition, Stop
from oncopolis.twin.reference.draws import correlate, uniform
from oncopolis.twin.reference.floor import Floor
from oncopolis.twin.reference.people import Patient

_LAST_START = 0.75  # structure: who comes without a booking comes in the first three quarters of the open day


class Coming:
    """When somebody comes."""

    def __init__(
        self, definition: Definition, agenda: Agenda, floor: Floor, diary: Diary, away: Away
    ) -> None:
        self._definition, self._agenda = definition, agenda
        self._floor, self._diary, self._away = floor, diary, away

    def _find_next_day(self, stop: Stop, day: int) -> int:
        """Return the day of the next occurrence of a series."""
        if not stop.on_workdays:
            return day + stop.every_days
        working = self._definition.working
        steps = stop.every_days
        while steps > 0 and day < len(working) - 1:
            day += 1
            steps -= working[day]
        return day

    def _find_row(self, stop: Stop, day: int) -> Stop:
        """Return the stop as it is on a day: which departments are open decides what is booked."""
        row = self._definition.stops[stop.base]
        while row.before >= 0 and day < row.from_day:
            row = self._definition.stops[row.before]
        return row

    def _find_time(self, patient: Patient, day: int) -> int:
        """Return when somebody comes on a day without an appointment."""
        stop, now = patient.stop, self._agenda.now
        window = stop.window
        if window < 0 or stop.setting in (k.INPATIENT, k.NONE):
            return max(day * DAY + now % DAY, now)
        opening, closing = self._definition.opening[window], self._definition.closing[window]
        last = len(opening) - 1
        while day < last and opening[day] < 0:
            day += 1
        day = min(day, last)
        u = uniform(patient.key, k.FOR_HOUR, patient.number_occurrence())
        into = int(u * _LAST_START * (closing[day] - opening[day]))
        return max(day * DAY + opening[day] + into, now)

    def _is_booked(self, stop: Stop) -> bool:
        return bool(stop.needs) and not self._floor.before_run

    def come_first(self, patient: Patient) -> bool:
        """Come for the first occurrence of a stop, now or later; return whether it is now."""
        today = self._agenda.now // DAY
        stop = patient.stop = self._find_row(patient.stop, today + patient.stop.aim_days)
        patient.aim = None if stop.latest_days < 0 else today + stop.latest_days
        patient.planned, patient.order = -1, None
        patient.excused = False
        booked = self._is_booked(stop)
        if stop.aim_days == 0 and (not booked or patient.department is not None):
            return True
        self._away.go_home(patient)
        day = today + stop.aim_days
        if booked:
            self.book_ahead(patient, day)
        else:
            self._away.wait_until(patient, self._find_time(patient, day), What.DUE)
        return False

    def come_next(self, patient: Patient) -> None:
        """Come for the next occurrence of a series."""
        stop = patient.stop
        day = self._find_next_day(stop, self._agenda.now // DAY)
        patient.planned, patient.order = -1, None
        patient.excused = False
        if stop.deferral > 0:
            u = uniform(patient.key, k.FOR_DEFERRAL, patient.number_occurrence())
            if stop.deferral_loading != 0.0:
                u = correlate(u, patient.frailty, stop.deferral_loading)
            if u < stop.deferral:
                self._diary.give_back(patient)
                day += stop.deferral_days
        patient.aim = day
        self._away.go_home(patient)
        if not patient.appointments:
            stop = patient.stop = self._find_row(stop, day)
        if self._is_booked(stop):
            if patient.appointments:
                self._come_to_next(patient)
            else:
                self.book_ahead(patient, day)
        else:
            self._away.wait_until(patient, self._find_time(patient, day), What.DUE)

    def come_again(self, patient: Patient, day: int, *, urgent: bool) -> None:
        """Find new times for an occurrence that did not take place, and for the rest of its series."""
        self._away.go_home(patient)
        patient.planned, patient.order = -1, None
        left = len(patient.appointments)
        usual = patient.appointments[0].quarter if left else None
        self._diary.give_back(patient)
        stop = patient.stop = self._find_row(patient.stop, day)
        if self._is_booked(stop):
            self._book_series(patient, day, 1 + left, usual, soon=urgent)
            self._come_to_next(patient)
        else:
            self._away.wait_until(patient, self._find_time(patient, day), What.DUE)

    def _book_series(
        self, patient: Patient, day: int, n: int, usual: int | None = None, *, soon: bool = False
    ) -> None:
        """Book `n` of a series, as far as the horizon reaches, at its usual time; the first `soon`."""
        stop = patient.stop
        urgent = patient.priority < URGENT_BELOW
        reach = self._diary.today + self._diary.get_bookable(stop).horizon
        for i in range(n):
            first = soon and i == 0
            made = self._diary.book(stop, day, self._agenda.now + 1, usual, urgent=urgent or first)
            patient.appointments.append(made)
            usual = made.quarter if usual is None else usual
            day = self._find_next_day(stop, made.day)
            if day > reach or self._find_row(stop, day) is not stop:
                return

    def _come_to_next(self, patient: Patient) -> None:
        """Come to the next appointment, or cancel it in time if it is the only one."""
        now, number = self._agenda.now, patient.number_occurrence()
        bookable = self._diary.get_bookable(patient.stop)
        at = patient.appointments[0].time
        patient.planned = patient.order = at
        if len(patient.appointments) == 1 and bookable.cancelled > 0 and not patient.excused:
            cancels = at - bookable.cancelled_days * DAY
            if cancels > now and uniform(patient.key, k.FOR_CANCEL, number) < bookable.cancelled:
                patient.excused = True
                self._away.wait_until(patient, cancels, What.CANCELS)
                return
        late = 0
        if bookable.lateness is not None:
            late = math.floor(bookable.lateness.draw(patient.key, k.FOR_LATE, number))
        self._away.wait_until(patient, max(at + late, now), What.DUE)

    def come_as_booked(self, patient: Patient, due: int, appointments: tuple[int, ...]) -> None:
        """Come for what is left of a step that began before the run: as booked then, else as usual."""
        stop = patient.stop = self._find_row(patient.stop, due // DAY)
        if not stop.needs:
            time = due if appointments else self._find_time(patient, due // DAY)
            self._away.wait_until(patient, time, What.DUE)
        elif appointments:
            patient.appointments.extend(self._diary.keep(stop, time) for time in appointments)
            self._come_to_next(patient)
        else:
            self.book_ahead(patient, due // DAY)

    def book_ahead(self, patient: Patient, day: int) -> None:
        """Book the rest of a series as far as the horizon reaches, and come for the first of it."""
        self._book_series(patient, day, patient.repeats_left)
        self._come_to_next(patient)
