"""`Found`: what the chains of a search have found so far, and tell each other."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from oncopolis.scheduling.budget import Budget
from oncopolis.scheduling.result import Improvement
from oncopolis.scheduling.theatres.bounding import compute_bound
from oncopolis.scheduling.theatres.problem import Problem
from oncopolis.scheduling.theatres.solution import Solution

_BOUND_SHARE = 0.05  # structure: of the time, for the bound
_BOUND_LEAST_S = 0.5  # structure: shorter times are spent on starting the solver
_BOUND_MOST_S = 30.0  # structure: longest time for the bound, seconds


@dataclass
class Found:
    """What the chains of a search have found so far, and tell each other.

    Parameters
    ----------
    best
        Mandatory patients who are out, units of each clinical class, and cost.
    left
        Solution that a chain has left at the end of a round, and its worth.
    """

    budget: Budget
    on_improvement: Callable[[Improvement], None] | None
    best: tuple[float, ...] = (math.inf,)
    left: tuple[tuple[int, ...], Solution] | None = None
    bound: int | None = None
    history: list[Improvement] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def report(self, best: tuple[int, ...]) -> None:
        """Take note of what a chain has found, if it is better."""
        with self.lock:
            if best >= self.best:
                return
            self.best = best
            if best[0]:
                return
            improvement = Improvement(self.budget.elapsed, best[-1], self.bound)
            self.history.append(improvement)
            self._look_for_proof()
            if self.on_improvement is not None:
                self.on_improvement(improvement)

    def exchange(self, best: tuple[int, ...], solution: Solution) -> Solution:
        """Leave what a chain has found; return the best that any has left."""
        with self.lock:
            if self.left is None or best < self.left[0]:
                self.left = (best, solution)
            return self.left[1]

    def find_bound(self, problem: Problem, share: float = _BOUND_SHARE) -> None:
        """Spend a little of the time on a bound."""
        seconds = min(share * self.budget.seconds, _BOUND_MOST_S)
        bound = compute_bound(problem, seconds if seconds >= _BOUND_LEAST_S else 0.0)
        with self.lock:
            self.bound = bound
            self._look_for_proof()

    def _look_for_proof(self) -> None:
        if self.bound is not None and not any(self.best[:-1]) and self.best[-1] <= self.bound:
            self.budget.proved.set()
