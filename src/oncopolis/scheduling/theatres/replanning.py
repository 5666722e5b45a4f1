"""`replan`: a schedule again after something has happened, with few changes to what people were told."""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from oncopolis.foundation import InputError
from oncopolis.scheduling.budget import Budget, check_limits
from oncopolis.scheduling.result import Improvement, Result
from oncopolis.scheduling.theatres.changes import Change, compare
from oncopolis.scheduling.theatres.demand import check_demand
from oncopolis.scheduling.theatres.faults import check_problem
from oncopolis.scheduling.theatres.problem import Problem
from oncopolis.scheduling.theatres.solution import Solution
from oncopolis.scheduling.theatres.solving import run
from oncopolis.scheduling.theatres.terms import Terms
from oncopolis.scheduling.theatres.urgency import harden

_WARMTH = 0.1  # structure: of the first temperature; hot enough to mend, too cold to begin anew


@dataclass(frozen=True, slots=True)
class Replanned:
    """A schedule that follows another.

    Parameters
    ----------
    changes
        Patients whose day, room or theatre is another one, those among them who are new included.
    n_told_again
        Patients who had been told a day and have to be told another, or that they do not come.
    charge
        What was charged for those; it is not in the costs of the result.
    """

    result: Result[Solution]
    changes: tuple[Change, ...]
    n_told_again: int
    charge: int

    @property
    def solution(self) -> Solution:
        """The schedule itself."""
        return self.result.solution

    def to_dict(self) -> dict[str, Any]:
        """Return cost, charge and changes."""
        return {
            "cost": self.result.cost,
            "costs": dict(self.result.costs),
            "charge": self.charge,
            "told_again": self.n_told_again,
            "changes": [asdict(change) for change in self.changes],
            "seconds": self.result.seconds,
        }

    def to_text(self) -> str:
        """Say it in lines."""
        return "\n".join(
            (
                f"cost {self.result.cost}, {self.n_told_again} told again, charge {self.charge}",
                *(f"  {change}" for change in self.changes),
            )
        )


def replan(
    problem: Problem,
    told: Solution,
    *,
    today: int,
    charge: int,
    seconds: float = 2.5,  # structure: half a second less than a desk should wait
    threads: int = 1,
    seed: int = 0,
    on_improvement: Callable[[Improvement], None] | None = None,
    moves: int | None = None,
    cancel: threading.Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Replanned:
    """Mend a schedule: the past stays, and each day that a patient was told costs a charge to change.

    Parameters
    ----------
    problem
        As it is now: with new patients and without those who no longer come, with the time, beds and duties
        that there are now. Of days before `today` it says what there was.
    told
        The schedule that is known. Patients, rooms and nurses that are no more are left out of it.
    today
        First day that may still be changed. Who came before stays in their bed until they leave.
    charge
        Cost of each patient whose day is another one, or who is left out after all.

    Raises
    ------
    InputError, InputErrors
        SCH-010 to SCH-014, SCH-020: as `solve` says. SCH-023: today is no day of the horizon, or who has come
        cannot be where they are.
    InfeasibleError
        SCH-015 to SCH-018: as `solve` says.
    """
    started = clock()
    check_limits(seconds, threads, moves)
    check_problem(problem)
    if not 0 <= today < problem.days or charge < 0:
        raise InputError(
            code="SCH-023", where="today and charge", got=f"{today} and {charge}",
            expected=f"a day from 0 to {problem.days - 1}, and at least 0", fix="correct it",
        )  # fmt: skip
    check_demand(harden(problem))
    known = _keep_known(problem, told)
    later = {id_: one.day for id_, one in known.admissions.items() if one.day >= today}
    terms = Terms(
        kept={id_: one for id_, one in known.admissions.items() if one.day < today},
        first_day=today,
        fees={
            (id_, day): charge for id_, told_day in later.items() for day in range(today, problem.days)
            if day != told_day
        },
        prices=dict.fromkeys(later, charge),
    )  # fmt: skip
    budget = Budget(clock, started, seconds, moves, cancel)
    result = run(
        problem, terms, budget, threads, seed, known, on_improvement, with_bound=False, warmth=_WARMTH
    )
    changes = compare(problem, known, result.solution)
    n_again = sum(change.is_of_day and change.patient in later for change in changes)
    return Replanned(result, changes, n_again, charge * n_again)


def _keep_known(problem: Problem, told: Solution) -> Solution:
    """Return what a schedule says of what there still is."""
    patients = {one.id for one in problem.patients}
    rooms = {one.id for one in problem.rooms}
    theatres = {one.id for one in problem.theatres}
    nurses = {one.id for one in problem.nurses}
    return Solution(
        {
            id_: one for id_, one in told.admissions.items()
            if id_ in patients and one.room in rooms and one.theatre in theatres
            and 0 <= one.day < problem.days
        },
        {
            at: nurse for at, nurse in told.nurses.items()
            if nurse in nurses and at[0] in rooms and 0 <= at[1] < problem.days
            and 0 <= at[2] < len(problem.shifts)
        },
    )  # fmt: skip
