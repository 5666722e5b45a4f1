"""`Room`: what others leave of a day clinic, and when a session would end in it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from oncopolis.scheduling.chairs.arrays import compute_ready
from oncopolis.scheduling.chairs.problem import Problem, Session
from oncopolis.scheduling.chairs.solution import Visit

RESOURCES = ("doctors", "nurses", "seats", "pharmacy")


class Room:
    """What is left, of each day and slot, after some visits.

    Parameters
    ----------
    without
        A resource of which there is always enough, to see whether it is what binds; None for none.
    """

    def __init__(
        self, problem: Problem, booked: Iterable[tuple[Session, Visit]], without: str | None = None
    ) -> None:
        self.problem = problem if without != "pharmacy" else _open_pharmacy(problem)
        shape = (problem.days + 1, problem.slots)
        self.seats = np.array([[problem.count_seats(day)] * problem.slots for day in range(shape[0])])
        self.nurses = np.array(problem.nurses) * problem.patients_per_nurse
        self.doctors = {sector: np.array(calendar) for sector, calendar in problem.doctors.items()}
        for session, visit in booked:
            if 0 <= visit.day <= problem.days:
                self._take(session, visit)
        enough = np.full(shape, 1 + problem.patients_per_nurse)
        if without == "seats":
            self.seats = enough
        if without == "nurses":
            self.nurses = enough
        if without == "doctors":
            self.doctors = dict.fromkeys(self.doctors, enough)

    def _take(self, session: Session, visit: Visit) -> None:
        problem, day, end = self.problem, visit.day, visit.monitoring + session.monitoring_slots
        installed = visit.installation + problem.installation_slots
        self.nurses[day, visit.installation : installed] -= problem.patients_per_nurse
        self.nurses[day, visit.monitoring : end] -= 1
        self.seats[day, visit.installation : end] -= 1
        if visit.consultation is not None:
            consulted = visit.consultation + problem.consultation_slots
            self.doctors[session.sector][day, visit.consultation : consulted] -= 1

    def list_overfull(self) -> Iterator[tuple[int, int]]:
        """Yield the days and slots in which there is too little of something."""
        for calendar in (self.seats, self.nurses, *self.doctors.values()):
            for day, slot in np.argwhere(calendar < 0):
                yield int(day), int(slot)

    def find_end(self, session: Session, day: int) -> int | None:
        """Return the earliest slot by which a session can be over; None if it does not fit."""
        problem = self.problem
        ready = compute_ready(problem, session)[day]
        ends = []
        for consulted in self._list_consulted(session, day):
            earliest = max(consulted + problem.installation_slots, int(ready[consulted]))
            for monitoring in range(earliest, problem.slots - session.monitoring_slots + 1):
                if self._may_give(session, day, consulted, monitoring):
                    ends.append(monitoring + session.monitoring_slots)
                    break
        return min(ends, default=None)

    def _list_consulted(self, session: Session, day: int) -> Iterator[int]:
        """Yield when a consultation might be over; the begin of the day if there is none."""
        length = self.problem.consultation_slots
        if not session.has_consultation:
            yield 0
            return
        free = self.doctors[session.sector][day]
        for start in range(self.problem.slots - length + 1):
            if (free[start : start + length] > 0).all():
                yield start + length

    def _may_give(self, session: Session, day: int, consulted: int, monitoring: int) -> bool:
        length, most = self.problem.installation_slots, self.problem.patients_per_nurse
        end = monitoring + session.monitoring_slots
        if not (self.nurses[day, monitoring:end] > 0).all():
            return False
        return any(
            (self.seats[day, start:end] > 0).all()
            and (self.nurses[day, start : start + length] >= most).all()
            for start in range(consulted, monitoring - length + 1)
        )


def _open_pharmacy(problem: Problem) -> Problem:
    return replace(problem, pharmacy=((1,) * problem.slots,) * (problem.days + 1))
