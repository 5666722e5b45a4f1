"""`search`: several chains side by side until the time or the moves are used up."""

import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from oncopolis.scheduling.result import Improvement
from oncopolis.scheduling.theatres.bounding import compute_bound
from oncopolis.scheduling.theatres.budget import Budget
from oncopolis.scheduling.theatres.chain import Chain
from oncopolis.scheduling.theatres.problem import Problem
from oncopolis.scheduling.theatres.solution import Solution

_BOUND_SHARE = 0.05  # structure: of the time, for the bound
_BOUND_MOST_S = 30.0  # structure: longest time for the bound, seconds


@dataclass
class Found:
    """What the chains of a search have found so far, and tell each other.

    Parameters
    ----------
    best
        Mandatory patients who are out, and cost.
    left
        Solution that a chain has left at the end of a round, and its worth.
    """

    budget: Budget
    on_improvement: Callable[[Improvement], None] | None
    best: tuple[float, float] = (math.inf, math.inf)
    left: tuple[tuple[float, float], Solution | None] = ((math.inf, math.inf), None)
    bound: int | None = None
    history: list[Improvement] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def report(self, chain: Chain) -> None:
        """Take note of what a chain has found, if it is better."""
        with self.lock:
            if chain.best >= self.best:
                return
            self.best = chain.best
            if chain.best[0]:
                return
            improvement = Improvement(self.budget.elapsed, chain.best[1], self.bound)
            self.history.append(improvement)
            if self.bound is not None and chain.best[1] <= self.bound:
                self.budget.proved.set()
            if self.on_improvement is not None:
                self.on_improvement(improvement)

    def exchange(self, chain: Chain) -> Solution:
        """Leave the best of a chain; return the best that any has left."""
        with self.lock:
            if self.left[1] is None or chain.best < self.left[0]:
                self.left = (chain.best, chain.make_solution())
            assert self.left[1] is not None, "somebody has left one"
            return self.left[1]

    def find_bound(self, problem: Problem) -> None:
        """Spend a little of the time on a bound."""
        bound = compute_bound(problem, min(_BOUND_SHARE * self.budget.seconds, _BOUND_MOST_S))
        with self.lock:
            self.bound = bound
            if self.best <= (0, bound):
                self.budget.proved.set()


def search(make_chain: Callable[[int], Chain], threads: int, found: Found, problem: Problem | None) -> None:
    """Run so many chains until the budget of `found` is used up.

    Parameters
    ----------
    make_chain
        Called with the number of a chain.
    problem
        What the last chain computes a bound of before it sets out; None for no bound.
    """

    def run(number: int) -> None:
        if problem is not None and number == threads - 1:
            found.find_bound(problem)
        make_chain(number).run(found)

    if threads == 1:
        run(0)
        return
    with ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(run, number) for number in range(threads)]:
            future.result()
