"""`compute_bound`: what no plan of the day clinic costs less than, by a linear model.

What a session asks of a day depends only on its consultation, its drug and its length. Of the sessions alike
on one day, however many, the model says how many consultations, installations and monitorings have begun by
each slot; in order of time they make whole sessions again, the first with the first. So it is as exact as one
with each session on its own, and far smaller. That parts of patients may come on several days is all that it
allows too much.

Days after the last of `days` are not modelled: whoever begins there costs what they would in an empty clinic.
"""

import math
import time
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import Any

from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]

from oncopolis.scheduling.chairs.arrays import compute_ready
from oncopolis.scheduling.chairs.problem import Patient, Problem, Session
from oncopolis.scheduling.chairs.ways import Ends, Way, compute_ends, find_way, list_starts

Count = Any
_MOST_STARTS = 60_000  # structure: patients times days, beyond which the model is not worth its building
_TOLERANCE = 1e-5  # structure: rounding of reals


def compute_simple_bound(problem: Problem, ends: Ends) -> int:
    """Return what it would cost if each patient had the clinic to themselves."""
    return sum(min(list_starts(problem, patient, ends).values()) for patient in problem.patients)


def compute_bound(problem: Problem, days: int, seconds: float) -> int:
    """Return what no plan costs less than.

    Parameters
    ----------
    days
        Days that are modelled, from 1 on.
    seconds
        Time for it; what is known when it is over is returned.
    """
    end = time.monotonic() + seconds
    ends = compute_ends(problem)
    bound = compute_simple_bound(problem, ends)
    if len(problem.patients) * problem.days > _MOST_STARTS:
        return bound
    bound = max(bound, _minimise(_make_model_of_days(problem, ends), end))
    if time.monotonic() < end:
        bound = max(bound, _minimise(_Model(problem, days, ends).model, end))
    return bound


def _minimise(model: Any, end: float) -> int:
    """Return the least whole number that the value of a model allows; nought if it is not known in time."""
    left = end - time.monotonic()
    if left <= 0:
        return 0
    limit = mathopt.SolveParameters(time_limit=timedelta(seconds=left))
    result = mathopt.solve(model, mathopt.SolverType.GLOP, params=limit)
    found = result.termination.objective_bounds.dual_bound
    return math.ceil(found - _TOLERANCE) if math.isfinite(found) else 0


def _make_model_of_days(problem: Problem, ends: Ends) -> Any:
    """Return a small model, in which a day has so much time of nurses, and sessions end as if alone."""
    model = mathopt.Model()
    objective: list[Any] = []
    used: dict[int, list[Any]] = defaultdict(list)
    installing = problem.installation_slots * problem.patients_per_nurse
    for patient in problem.patients:
        begins = []
        for first, cost in list_starts(problem, patient, ends).items():
            begins.append(model.add_variable(lb=0))
            objective.append(cost * begins[-1])
            for session, offset in zip(patient.sessions, patient.list_offsets(), strict=True):
                used[first + offset].append((installing + session.monitoring_slots) * begins[-1])
        model.add_linear_constraint(mathopt.fast_sum(begins) == 1)
    for day, parts in used.items():
        most = problem.patients_per_nurse * sum(problem.nurses[day])
        model.add_linear_constraint(mathopt.fast_sum(parts) <= most)
    model.minimize(mathopt.fast_sum(objective))
    return model


class _Model:
    def __init__(self, problem: Problem, days: int, ends: Ends) -> None:
        self.problem, self.days, self.ends = problem, min(days, problem.days), ends
        self.model = mathopt.Model()
        self.objective: list[tuple[Count, int]] = []
        self.on: dict[tuple[Way, int], list[Count]] = defaultdict(list)
        self.begun: dict[int, list[tuple[Way, tuple[list[Count], ...]]]] = defaultdict(list)
        for patient in problem.patients:
            self._add_cycle(patient)
        sessions = {find_way(one): one for patient in problem.patients for one in patient.sessions}
        for (way, day), present in self.on.items():
            self._add_sessions(way, sessions[way], day, present)
        for day in self.begun:
            self._add_resources(day)
        self.model.minimize(mathopt.fast_sum(weight * one for one, weight in self.objective))

    def _add_cycle(self, patient: Patient) -> None:
        """A cycle begins on one day, or later than is modelled."""
        starts = list_starts(self.problem, patient, self.ends)
        offsets = patient.list_offsets()
        last = self.days - offsets[-1]
        begins = []
        later = min((cost for day, cost in starts.items() if day > last), default=None)
        if later is not None:
            begins.append(self.model.add_variable(lb=0))
            self.objective.append((begins[0], later))
        for first in starts:
            if first > last:
                continue
            begin = self.model.add_variable(lb=0)
            begins.append(begin)
            self.objective.append(
                (begin, sum((first + offset - 1) * self.problem.slots for offset in offsets))
            )
            for session, offset in zip(patient.sessions, offsets, strict=True):
                self.on[find_way(session), first + offset].append(begin)
        self.model.add_linear_constraint(mathopt.fast_sum(begins) == 1)

    def _add_sessions(self, way: Way, session: Session, day: int, present: list[Count]) -> None:
        """As many parts of each kind begin as there are sessions, each after what it has to wait for."""
        problem, model = self.problem, self.model
        slots, length, consulting = problem.slots, session.monitoring_slots, problem.consultation_slots
        ready = compute_ready(problem, session)[day]
        sessions = model.add_variable(lb=0)
        model.add_linear_constraint(mathopt.fast_sum(present) == sessions)
        installed = self._add_begun(sessions, slots - problem.installation_slots)
        monitored = self._add_begun(sessions, slots - length)
        consulted: list[Count] = []
        if session.has_consultation:
            consulted = self._add_begun(sessions, slots - consulting)
        for slot in range(slots):
            self._add_order(monitored[slot], installed, slot - problem.installation_slots)
            if consulted:
                self._add_order(installed[slot], consulted, slot - consulting)
                mixed = [
                    start for start in range(slots - consulting + 1) if ready[start + consulting] <= slot
                ]
                self._add_order(monitored[slot], consulted, max(mixed, default=-1))
            elif slot < ready[0]:
                model.add_linear_constraint(monitored[slot] == 0)
        self.objective.append((sessions, length + slots))
        self.objective += [(monitored[slot], -1) for slot in range(slots)]
        self.begun[day].append((way, (consulted, installed, monitored)))

    def _add_begun(self, sessions: Count, last: int) -> list[Count]:
        """Return how many parts have begun by each slot: all of them by the last in which they may."""
        begun = [
            sessions if slot >= last else self.model.add_variable(lb=0) for slot in range(self.problem.slots)
        ]
        for before, after in pairwise(begun):
            if before.id != after.id:
                self.model.add_linear_constraint(before - after <= 0)
        return begun

    def _add_order(self, begun: Count, others: list[Count], slot: int) -> None:
        """No more parts have begun than others had by a slot."""
        if slot < 0:
            self.model.add_linear_constraint(begun <= 0)
        elif begun.id != others[slot].id:
            self.model.add_linear_constraint(begun - others[slot] <= 0)

    def _add_resources(self, day: int) -> None:
        """Doctors, nurses and seats suffice in each slot."""
        problem, model = self.problem, self.model
        for slot in range(problem.slots):
            nurses, seats = [], []
            doctors: dict[str, list[Any]] = defaultdict(list)
            for way, (consulted, installed, monitored) in self.begun[day]:
                ended = _look_back(monitored, slot - way[-1])
                installing = installed[slot] - _look_back(installed, slot - problem.installation_slots)
                nurses.append(problem.patients_per_nurse * installing + monitored[slot] - ended)
                seats.append(installed[slot] - ended)
                if consulted:
                    before = _look_back(consulted, slot - problem.consultation_slots)
                    doctors[way[1]].append(consulted[slot] - before)
            most = problem.patients_per_nurse * problem.nurses[day][slot]
            model.add_linear_constraint(mathopt.fast_sum(nurses) <= most)
            model.add_linear_constraint(mathopt.fast_sum(seats) <= problem.count_seats(day))
            for sector, in_talk in doctors.items():
                model.add_linear_constraint(mathopt.fast_sum(in_talk) <= problem.doctors[sector][day][slot])


def _look_back(begun: list[Count], slot: int) -> Count | int:
    """Return how many parts have begun by a slot, which may be before the day."""
    return begun[slot] if slot >= 0 else 0
