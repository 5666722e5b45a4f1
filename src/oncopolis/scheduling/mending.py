"""`Mended`: a solution that follows another, and the exact model by which it was found."""

import time
from dataclasses import dataclass
from typing import Generic, TypeVar

from ortools.sat.python import cp_model

S = TypeVar("S")

_SEED = 1


@dataclass(frozen=True)
class Mended(Generic[S]):
    """A solution that follows another.

    Parameters
    ----------
    is_proved
        Whether no other way to change what might change is better.
    """

    solution: S
    is_proved: bool


def solve_model(model: cp_model.CpModel, until: float) -> tuple[cp_model.CpSolver, bool] | None:
    """Solve a model in one thread.

    Parameters
    ----------
    until
        Moment of `time.monotonic` at which it ends.

    Returns
    -------
    tuple or None
        What the answer is read from, and whether it is proved to be the best; None if nothing was found.
    """
    left = until - time.monotonic()
    if left <= 0:
        return None
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = left
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = _SEED
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    return solver, status == cp_model.OPTIMAL
