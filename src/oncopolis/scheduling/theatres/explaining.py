"""`explain`: why a patient is not in a schedule, and what it would cost to have them in."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from oncopolis.foundation import InfeasibleError, NotFoundError
from oncopolis.foundation.kernels.compiled import interpreted
from oncopolis.scheduling.budget import Budget
from oncopolis.scheduling.forced import Forced, leave_out_solution
from oncopolis.scheduling.theatres.arrays import make_state, make_tables
from oncopolis.scheduling.theatres.belonging import check_belongs
from oncopolis.scheduling.theatres.changes import Change, compare
from oncopolis.scheduling.theatres.checking import check
from oncopolis.scheduling.theatres.kernels.annealing import price_places
from oncopolis.scheduling.theatres.obstacles import Obstacles, Occupancy
from oncopolis.scheduling.theatres.problem import Patient, Problem
from oncopolis.scheduling.theatres.solution import Admission, Solution
from oncopolis.scheduling.theatres.solving import run
from oncopolis.scheduling.theatres.terms import Terms
from oncopolis.scheduling.theatres.urgency import harden

_WARMTH = 0.15  # structure: of the first temperature; hot enough to move a few, too cold to begin anew


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which a patient might come.

    Parameters
    ----------
    obstacles
        What keeps the patient from it while everybody else stays where they are.
    cost
        Least that an admission would add, the price of being out not taken off; None if it cannot be.
    """

    obstacles: Obstacles
    cost: int | None

    def say(self) -> str:
        """Say what binds, or what an admission would add."""
        if self.cost is not None:
            return f"free, {self.cost:+} for the admission"
        return "; ".join(self.obstacles.list_binding()) or "no theatre has the time in one piece"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a patient is in or not.

    Parameters
    ----------
    admission
        None if they are out.
    price
        What being out costs; None for those who have to come.
    days
        Each day between release and due day.
    forced
        A schedule with them; None if they are in, or none was found in the time.
    """

    patient: str
    admission: Admission | None
    price: int | None
    days: tuple[Day, ...]
    forced: Forced[Solution, Change] | None

    def to_dict(self) -> dict[str, Any]:
        """Return all of it but the schedule with the patient."""
        return leave_out_solution(self)

    def to_text(self) -> str:
        """Say it in lines: the admission, each day, and what having them in would cost and change."""
        one = self.admission
        lines = [f"{self.patient}: " + (f"day {one.day}, {one.room}, {one.theatre}" if one else "out")]
        lines += [f"  day {day.obstacles.day}: {day.say()}" for day in self.days]
        if self.forced is not None:
            lines.append(f"a schedule with {self.patient} costs {self.forced.cost:+}:")
            lines += [f"  {change}" for change in self.forced.changes]
        elif one is None:
            lines.append(f"no schedule with {self.patient} was found in the time")
        return "\n".join(lines)


def explain(
    problem: Problem,
    solution: Solution,
    patient: str,
    *,
    seconds: float = 2.0,
    seed: int = 0,
    moves: int | None = None,
    cancel: threading.Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Explanation:
    """Say what keeps a patient out on each day, and look for the cheapest schedule that has them.

    Raises
    ------
    NotFoundError
        SCH-022: there is no such patient.
    InputError
        SCH-021: the schedule is of another problem.
    """
    budget = Budget(clock, clock(), seconds, moves, cancel)
    row = next((row for row, one in enumerate(problem.patients) if one.id == patient), None)
    if row is None:
        raise NotFoundError(
            code="SCH-022", where="patient", got=patient, expected="a patient of the problem",
            fix="check the id; occupants have no admission to explain",
        )  # fmt: skip
    check_belongs(problem, solution, "schedule")
    problem = harden(problem)
    one, admission = problem.patients[row], solution.admissions.get(patient)
    price = None if one.is_mandatory else problem.weights.unscheduled_optional
    rest = Solution(
        {id_: other for id_, other in solution.admissions.items() if id_ != patient}, solution.nurses
    )
    days = _list_days(problem, rest, row, one)
    forced = None
    if admission is None:
        forced = _force(problem, solution, one, budget, seed)
    return Explanation(patient, admission, price, days, forced)


def _list_days(problem: Problem, rest: Solution, row: int, patient: Patient) -> tuple[Day, ...]:
    tables = make_tables(problem)
    prices = np.full((problem.days, len(problem.rooms)), -1, np.int64)
    with interpreted():
        price_places(tables, make_state(problem, tables, 0, rest), row, prices)
    days = []
    for obstacles in Occupancy(problem, rest).list_obstacles(patient):
        possible = prices[obstacles.day][prices[obstacles.day] >= 0]
        days.append(Day(obstacles, int(possible.min()) if len(possible) else None))
    return tuple(days)


def _force(
    problem: Problem, solution: Solution, patient: Patient, budget: Budget, seed: int
) -> Forced[Solution, Change] | None:
    terms = Terms(forced=frozenset({patient.id}))
    try:
        result = run(problem, terms, budget, 1, seed, solution, None, with_bound=False, warmth=_WARMTH)
    except InfeasibleError:
        return None
    before = check(problem, solution).cost
    return Forced(result.solution, result.cost - before, compare(problem, solution, result.solution))
