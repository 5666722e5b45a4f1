"""What keeps a patient from each day of a schedule, others staying where they are."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Literal

import numpy as np

from oncopolis.scheduling.theatres.domains import compute_covered, compute_free_intensive, is_in_window
from oncopolis.scheduling.theatres.problem import Care, Patient, Problem
from oncopolis.scheduling.theatres.solution import Solution

Reason = Literal["closed to the patient", "other gender", "no bed", "no nurse", "isolation"]


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What keeps a patient from a day.

    Parameters
    ----------
    surgeon_lacks_min, theatre_lacks_min
        Minutes that the surgeon, and the theatre with most time left, are short of; 0 if they have time.
    rooms
        Room -> why not there; rooms that could take the patient are not in it.
    n_rooms
        How many could.
    lacks_intensive
        Whether intensive care has no bed when they need it.
    """

    day: int
    surgeon_lacks_min: int
    theatre_lacks_min: int
    rooms: dict[str, Reason]
    n_rooms: int
    lacks_intensive: bool = False

    @property
    def is_free(self) -> bool:
        """Whether the patient could come on the day as everything stands."""
        lacks = self.surgeon_lacks_min or self.theatre_lacks_min or self.lacks_intensive
        return not lacks and self.n_rooms > 0

    def list_binding(self) -> list[str]:
        """Say in a few words each what binds."""
        said = []
        if self.surgeon_lacks_min:
            said.append(f"the surgeon is {self.surgeon_lacks_min} min short")
        if self.theatre_lacks_min:
            said.append(f"every theatre is at least {self.theatre_lacks_min} min short")
        if self.lacks_intensive:
            said.append("no bed of intensive care")
        if not self.n_rooms:
            counted = Counter(self.rooms.values())
            said.append(f"no room: {', '.join(f'{n} {reason}' for reason, n in counted.most_common())}")
        return said


class Occupancy:
    """How much of everything a schedule takes on each day."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem = problem
        self.surgeons = {one.id: np.array(one.most_min) for one in problem.surgeons}
        self.theatres = {one.id: np.array(one.list_min) for one in problem.theatres}
        self.beds = {one.id: one.n_beds for one in problem.rooms}
        self.lying: dict[tuple[str, int], list[Care]] = defaultdict(list)
        self.covered = compute_covered(problem)
        self.intensive = compute_free_intensive(problem)
        for occupant in problem.occupants:
            self._lay(occupant.room, 0, occupant.care)
        for patient in problem.patients:
            one = solution.admissions.get(patient.id)
            if one is not None:
                self.surgeons[patient.surgeon][one.day] -= patient.surgery_min
                self.theatres[one.theatre][one.day] -= patient.surgery_min
                self._lay(one.room, one.day, patient.care)
                self.intensive[one.day : one.day + patient.care.intensive_days] -= 1

    def _lay(self, room: str, day: int, care: Care) -> None:
        for at in range(day, min(day + care.stay_days, self.problem.days)):
            self.lying[room, at].append(care)

    def list_obstacles(self, patient: Patient) -> list[Obstacles]:
        """Look at each day between release and due day of a patient who is out."""
        days = np.arange(self.problem.days)
        return [self._look_at(patient, int(day)) for day in days[is_in_window(self.problem, patient, days)]]

    def _look_at(self, patient: Patient, day: int) -> Obstacles:
        most_left = max(int(left[day]) for left in self.theatres.values())
        reasons = {room: self._find_reason(patient, day, room) for room in self.beds}
        return Obstacles(
            day,
            max(0, patient.surgery_min - int(self.surgeons[patient.surgeon][day])),
            max(0, patient.surgery_min - most_left),
            {room: reason for room, reason in reasons.items() if reason is not None},
            sum(reason is None for reason in reasons.values()),
            bool((self.intensive[day : day + patient.care.intensive_days] <= 0).any()),
        )

    def _find_reason(self, patient: Patient, day: int, room: str) -> Reason | None:
        if room in patient.closed_rooms:
            return "closed to the patient"
        stay = range(day, min(day + patient.care.stay_days, self.problem.days))
        if not all(self.covered[at] for at in stay):
            return "no nurse"
        lying = [self.lying.get((room, at), ()) for at in stay]
        if any(len(people) >= self.beds[room] for people in lying):
            return "no bed"
        if any(patient.care.gender != care.gender for people in lying for care in people):
            return "other gender"
        if any(patient.care.is_alone or care.is_alone for people in lying for care in people):
            return "isolation"
        return None
