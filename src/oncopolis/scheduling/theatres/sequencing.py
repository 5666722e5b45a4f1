"""`sequence`: the order and the times of the operations of each day, and how likely each list overruns."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from oncopolis.foundation import InputError
from oncopolis.scheduling.theatres.belonging import check_belongs
from oncopolis.scheduling.theatres.problem import Patient, Problem
from oncopolis.scheduling.theatres.solution import Solution

_LATE = 1000  # structure: a minute past closing counts as much as so many of an end or a start
_EFFORT = 0.3  # structure: of the solver for a day, in its own measure, so that it is the same anywhere
_DRAWS = 2000  # structure: days that are lived through
_LONGEST = 0.9  # structure: share of days that end no later than what is called late


@dataclass(frozen=True)
class Means:
    """What operations share beside theatres and surgeons.

    Parameters
    ----------
    spread
        Standard deviation of the length of an operation over its mean; `spreads` has that of single patients.
    change_min
        From the end of an operation to the start of the next in a theatre.
    anaesthetists
        Operations at once, in all theatres; None for no limit.
    recovery_beds, recovery_min
        Beds, None for no limit, and how long each patient has one after the operation.
    devices
        Patient -> what is there only once, such as a robot.
    """

    spread: float
    spreads: Mapping[str, float] = field(default_factory=dict)
    change_min: int = 0
    anaesthetists: int | None = None
    recovery_beds: int | None = None
    recovery_min: int = 0
    devices: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def get_spread(self, patient: str) -> float:
        """Return the spread of a patient's operation."""
        return self.spreads.get(patient, self.spread)


@dataclass(frozen=True, slots=True)
class Case:
    """An operation with its times, in minutes from the opening of the theatres."""

    patient: str
    surgeon: str
    theatre: str
    start_min: int
    end_min: int


@dataclass(frozen=True, slots=True)
class TheatreList:
    """The operations of a theatre on a day, in their order.

    Parameters
    ----------
    share_overrun
        How often the last of them ends past closing.
    late_min
        Minutes past closing that nine days in ten do not exceed.
    """

    day: int
    theatre: str
    open_min: int
    cases: tuple[Case, ...]
    share_overrun: float
    late_min: int


def sequence(problem: Problem, solution: Solution, means: Means, *, seed: int = 0) -> tuple[TheatreList, ...]:
    """Put the operations of each day in order, and live through each day many times.

    No surgeon, device or theatre has two operations at once. The times are those with the fewest minutes past
    closing, then with early ends, then with early starts. Lengths are drawn from lognormal distributions; an
    operation begins no earlier than planned.

    Raises
    ------
    InputError
        SCH-021: the schedule is of another problem. SCH-024: a spread or a number of means that cannot be.
    """
    _check_means(means)
    check_belongs(problem, solution, "schedule")
    by_day: dict[int, list[tuple[Patient, str]]] = defaultdict(list)
    for patient in problem.patients:
        one = solution.admissions.get(patient.id)
        if one is not None:
            by_day[one.day].append((patient, one.theatre))
    generator = np.random.default_rng(seed)
    lists: list[TheatreList] = []
    for day, operations in sorted(by_day.items()):
        opened = {theatre.id: theatre.open_min[day] for theatre in problem.theatres}
        cases = _order(operations, opened, means)
        ends = _live(cases, means, generator)
        lists += [
            _sum_up(day, theatre, opened[theatre], [case for case in cases if case.theatre == theatre], end)
            for theatre, end in sorted(ends.items())
        ]
    return tuple(lists)


def _check_means(means: Means) -> None:
    wrong = [value for value in (means.spread, *means.spreads.values()) if not 0 <= value < math.inf]
    counts = (means.change_min, means.recovery_min, means.anaesthetists or 1, means.recovery_beds or 1)
    zero = 0 in (means.anaesthetists, means.recovery_beds)
    if wrong or zero or any(value < 0 for value in counts):
        raise InputError(
            code="SCH-024", where="means of the theatres", got=str(means),
            expected="spreads and minutes of at least 0, at least one anaesthetist and recovery bed",
            fix="correct the number",
        )  # fmt: skip


def _order(operations: list[tuple[Patient, str]], opened: Mapping[str, int], means: Means) -> list[Case]:
    """Return the operations of a day with their times, by start."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    horizon = sum(one.surgery_min + means.change_min + means.recovery_min for one, _ in operations)
    alone: dict[tuple[str, str], list[Any]] = defaultdict(list)
    busy, recovering, starts, lasts = [], [], [], []
    for patient, theatre in operations:
        start = model.new_int_var(0, horizon, f"start {patient.id}")
        minutes = patient.surgery_min
        operation = model.new_fixed_size_interval_var(start, minutes, f"operation {patient.id}")
        alone["theatre", theatre].append(
            model.new_fixed_size_interval_var(start, minutes + means.change_min, f"theatre {patient.id}")
        )
        alone["surgeon", patient.surgeon].append(operation)
        for device in sorted(means.devices.get(patient.id, ())):
            alone["device", device].append(operation)
        busy.append(operation)
        recovering.append(
            model.new_fixed_size_interval_var(start + minutes, means.recovery_min, f"recovery {patient.id}")
        )
        starts.append(start)
    for intervals in alone.values():
        model.add_no_overlap(intervals)
    if means.anaesthetists is not None:
        model.add_cumulative(busy, [1] * len(busy), means.anaesthetists)
    if means.recovery_beds is not None and means.recovery_min:
        model.add_cumulative(recovering, [1] * len(recovering), means.recovery_beds)
    for theatre in sorted({theatre for _, theatre in operations}):
        end, late = model.new_int_var(0, horizon, theatre), model.new_int_var(0, horizon, f"late {theatre}")
        for (patient, where), start in zip(operations, starts, strict=True):
            if where == theatre:
                model.add(end >= start + patient.surgery_min)
        model.add(late >= end - opened[theatre])
        lasts.append(_LATE * late + end)
    model.minimize(len(starts) * sum(lasts) + sum(starts))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = _EFFORT
    status = solver.solve(model)
    assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE), "one after the other is always possible"
    cases = [
        Case(patient.id, patient.surgeon, theatre, begun := solver.value(start), begun + patient.surgery_min)
        for (patient, theatre), start in zip(operations, starts, strict=True)
    ]
    return sorted(cases, key=lambda case: (case.start_min, case.patient))


def _live(cases: list[Case], means: Means, generator: np.random.Generator) -> dict[str, np.ndarray[Any, Any]]:
    """Return when each theatre is done on each of many such days, (draws,)."""
    free: dict[tuple[str, str], np.ndarray[Any, Any]] = defaultdict(lambda: np.zeros(_DRAWS))
    ends: dict[str, np.ndarray[Any, Any]] = {}
    for case in cases:
        shared = [("surgeon", case.surgeon), ("theatre", case.theatre)]
        shared += [("device", device) for device in sorted(means.devices.get(case.patient, ()))]
        start = np.maximum.reduce([np.full(_DRAWS, float(case.start_min)), *(free[one] for one in shared)])
        end = start + _draw_lengths(case.end_min - case.start_min, means.get_spread(case.patient), generator)
        for one in shared:
            free[one] = end + (means.change_min if one[0] == "theatre" else 0)
        ends[case.theatre] = end
    return ends


def _draw_lengths(mean_min: int, spread: float, generator: np.random.Generator) -> np.ndarray[Any, Any]:
    if not mean_min:
        return np.zeros(_DRAWS)
    variance = math.log1p(spread**2)
    return generator.lognormal(math.log(mean_min) - variance / 2, math.sqrt(variance), _DRAWS)


def _sum_up(
    day: int, theatre: str, open_min: int, cases: list[Case], ends: np.ndarray[Any, Any]
) -> TheatreList:
    late = np.maximum(ends - open_min, 0.0)
    share = float((late > 0).mean())
    return TheatreList(day, theatre, open_min, tuple(cases), share, round(float(np.quantile(late, _LONGEST))))
