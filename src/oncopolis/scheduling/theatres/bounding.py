"""A cost that no schedule gets below: who comes on which day, with everything else made easy.

Beds are counted all together, whoever lies in them; theatres by their minutes; nurses by the load that all
on duty can take. Of care it counts what no choice of nurses avoids. HiGHS solves the programme that is left;
where it is stopped early, its own bound holds all the same.
"""

import math
from typing import Any

import numpy as np

from oncopolis.scheduling.theatres.domains import compute_open_days
from oncopolis.scheduling.theatres.problem import Care, Problem
from oncopolis.scheduling.theatres.programme import Programme

_MOST_COLUMNS = 60_000  # structure: programmes beyond this take longer to write down than is left
_SLACK = 1e-6  # structure: of the solver's sums, relative


def compute_bound(problem: Problem, seconds: float) -> int:
    """Return a cost that no schedule gets below; the least there is to say if time is short."""
    care = _Care(problem)
    is_open = compute_open_days(problem)
    fixed: int = sum(care.compute_least(one.care, 0) for one in problem.occupants)
    least = [_list_least(problem, care, row, is_open[row]) for row in range(len(problem.patients))]
    easy: int = fixed + sum(
        min([*costs.values(), *(() if patient.is_mandatory else (problem.weights.unscheduled_optional,))])
        for patient, costs in zip(problem.patients, least, strict=True)
    )
    if seconds <= 0 or sum(map(len, least)) > _MOST_COLUMNS:
        return easy
    return max(easy, fixed + _solve(problem, least, seconds))


def _list_least(problem: Problem, care: "_Care", row: int, is_open: np.ndarray[Any, Any]) -> dict[int, int]:
    """Day -> least cost of an admission on that day."""
    patient, weight = problem.patients[row], problem.weights.patient_delay
    return {
        int(day): weight * (int(day) - patient.release_day) + care.compute_least(patient.care, int(day))
        for day in np.flatnonzero(is_open)
    }


class _Care:
    """What no choice of nurses avoids: skill that nobody on duty has, and how many a stay takes."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.per_day = problem, len(problem.shifts)
        n = problem.n_shifts
        on = np.zeros((len(problem.nurses), n + 1), np.int64)
        self.skill = np.zeros(n, np.int64)
        self.capacity = np.zeros(n, np.int64)
        for row, nurse in enumerate(problem.nurses):
            for duty in nurse.duties:
                at = duty.day * self.per_day + duty.shift
                on[row, at + 1] = 1
                self.skill[at] = max(self.skill[at], nurse.skill)
                self.capacity[at] += duty.most_load
        self.worked = np.cumsum(on, axis=1)
        self.covering: dict[tuple[int, int], int] = {}

    def compute_least(self, care: Care, day: int) -> int:
        """Return the least cost of nurses for a stay from a day on."""
        start, end = (
            day * self.per_day,
            min(day + min(care.stay_days, self.problem.days), self.problem.days) * self.per_day,
        )
        need = np.array(care.skill[: end - start])
        short = int(np.maximum(need - self.skill[start:end], 0).sum())
        if (start, end) not in self.covering:
            self.covering[start, end] = self._count_nurses(start, end)
        weights = self.problem.weights
        return weights.room_nurse_skill * short + weights.continuity_of_care * self.covering[start, end]

    def _count_nurses(self, start: int, end: int) -> int:
        """Fewest nurses whose shifts could add up to all of those between two."""
        if not len(self.worked):
            return 0
        most = np.cumsum(np.sort(self.worked[:, end] - self.worked[:, start])[::-1])
        by_sum = int(np.searchsorted(most, end - start)) + 1
        return min(by_sum, len(self.worked))


def _solve(problem: Problem, least: list[dict[int, int]], seconds: float) -> int:
    bound, _ = _write(problem, least).solve("HIGHS", seconds)
    return math.ceil(bound - _SLACK * max(1.0, abs(bound))) if math.isfinite(bound) else 0


def _write(problem: Problem, least: list[dict[int, int]]) -> Programme:
    programme = Programme()
    comes: list[dict[int, int]] = []
    for patient, costs in zip(problem.patients, least, strict=True):
        out = 0 if patient.is_mandatory else problem.weights.unscheduled_optional
        programme.constant += out
        comes.append({day: programme.add_column(cost - out) for day, cost in costs.items()})
        columns = ((column, 1.0) for column in comes[-1].values())
        programme.add_row(columns, 1.0 if patient.is_mandatory else 0.0, 1.0)
    _write_theatres(problem, programme, comes)
    _write_wards(problem, programme, comes)
    return programme


def _write_theatres(problem: Problem, programme: Programme, comes: list[dict[int, int]]) -> None:
    for day in range(problem.days):
        here = [
            (patient, columns[day])
            for patient, columns in zip(problem.patients, comes, strict=True)
            if day in columns
        ]
        for surgeon in problem.surgeons:
            of = [
                (column, float(patient.surgery_min))
                for patient, column in here
                if patient.surgeon == surgeon.id
            ]
            programme.add_row(of, -math.inf, surgeon.most_min[day])
        opens = [
            (programme.add_column(problem.weights.open_operating_theatre), -float(theatre.list_min[day]))
            for theatre in problem.theatres
        ]
        takes = [(column, float(patient.surgery_min)) for patient, column in here]
        programme.add_row([*takes, *opens], -math.inf, 0.0)


def _write_wards(problem: Problem, programme: Programme, comes: list[dict[int, int]]) -> None:
    per_day, beds = len(problem.shifts), sum(room.n_beds for room in problem.rooms)
    lying: list[list[tuple[int, float]]] = [[] for _ in range(problem.days)]
    loads: list[list[tuple[int, float]]] = [[] for _ in range(problem.n_shifts)]
    for patient, columns in zip(problem.patients, comes, strict=True):
        for first, column in columns.items():
            for day in range(first, min(first + patient.care.stay_days, problem.days)):
                lying[day].append((column, 1.0))
                for shift in range(per_day):
                    load = patient.care.workload[(day - first) * per_day + shift]
                    loads[day * per_day + shift].append((column, float(load)))
    there, load_there = np.zeros(problem.days), np.zeros(problem.n_shifts)
    for occupant in problem.occupants:
        n = min(occupant.care.stay_days, problem.days)
        there[:n] += 1
        load_there[: n * per_day] += occupant.care.workload[: n * per_day]
    for day in range(problem.days):
        programme.add_row(lying[day], -math.inf, beds - there[day])
    capacity = _Care(problem).capacity
    for shift in range(problem.n_shifts):
        over = programme.add_column(
            problem.weights.nurse_excessive_workload, highest=math.inf, is_whole=False
        )
        programme.add_row([*loads[shift], (over, -1.0)], -math.inf, capacity[shift] - load_there[shift])
