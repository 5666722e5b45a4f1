"""`Progress`: what a search has found so far, its bound, and who is told."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from oncopolis.scheduling.budget import Budget
from oncopolis.scheduling.result import Improvement, Stop


@dataclass
class Progress:
    """What the chains of a search have found so far.

    Parameters
    ----------
    best
        How much is left undone that has to be done, and cost.
    bound
        No solution costs less.
    """

    budget: Budget
    on_improvement: Callable[[Improvement], None] | None
    best: tuple[float, float] = (math.inf, math.inf)
    bound: int | None = None
    history: list[Improvement] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def report(self, best: tuple[int, int]) -> None:
        """Take note of what a chain has found, if it is better."""
        with self.lock:
            if best >= self.best:
                return
            self.best = best
            if best[0]:
                return
            improvement = Improvement(self.budget.elapsed, best[1], self.bound)
            self.history.append(improvement)
            self._look_for_proof()
            if self.on_improvement is not None:
                self.on_improvement(improvement)

    def take_bound(self, bound: int) -> None:
        """Take note of a bound."""
        with self.lock:
            self.bound = bound if self.bound is None else max(self.bound, bound)
            self._look_for_proof()

    def _look_for_proof(self) -> None:
        if self.bound is not None and self.best <= (0, self.bound):
            self.budget.proved.set()

    def find_stop(self) -> Stop:
        """Return why the search has ended."""
        budget = self.budget
        return budget.find_stop() or ("time" if budget.moves is None or budget.is_over else "moves")

    def compute_aside(self, compute: Callable[[float], int], seconds: float) -> None:
        """Have a bound computed in a thread that is left alone once somebody cancels or time is up.

        Parameters
        ----------
        compute
            Called with the seconds it may take.
        """

        def work() -> None:
            self.take_bound(compute(seconds))

        aside = threading.Thread(target=work, daemon=True)
        aside.start()
        while aside.is_alive() and not self.budget.is_over and self.budget.find_stop() is None:
            aside.join(0.02)  # structure: seconds between looks
