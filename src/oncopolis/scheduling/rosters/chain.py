"""`Chain`: one annealing search, cooled as its budget is used up."""

import math
from dataclasses import astuple

import numpy as np

from oncopolis.scheduling.progress import Progress
from oncopolis.scheduling.rosters.arrays import make_state, make_tables, to_solution
from oncopolis.scheduling.rosters.kernels.annealing import anneal
from oncopolis.scheduling.rosters.kernels.tables import COST, MISSING, State
from oncopolis.scheduling.rosters.problem import Problem
from oncopolis.scheduling.rosters.solution import Solution

_STEPS = 20_000  # structure: moves between two looks at the clock
_FIRST = 40  # structure: rounds in which the least cover is looked for, whatever the time
_HOT, _COLD = 1.0, 0.033  # structure: first and last temperature, in the dearest component, found by trying
_PENALTY = 10  # structure: price of a nurse short of the least cover, in the dearest component
_CHANCES = (
    19_660,
    62_260,
)  # structure: cumulated chances of changes and swaps, in 65,536ths, found by trying


class Chain:
    """A state of the search and the way it is cooled.

    Parameters
    ----------
    start
        A roster to begin with; nobody works if there is none.
    """

    def __init__(self, problem: Problem, seed: int, start: Solution | None) -> None:
        self.problem = problem
        dearest: int = max(1, *astuple(problem.weights))
        self.hot, self.cold, self.penalty = _HOT * dearest, _COLD * dearest, _PENALTY * dearest
        self.tables = make_tables(problem)
        self.state: State = make_state(problem, self.tables, seed, self.penalty, start)
        self.chances = np.array(_CHANCES, np.int64)
        self.n_moves = 0

    def run(self, progress: Progress) -> None:
        """Cool until the budget is used up; find the least cover first, even with hardly any time."""
        budget = progress.budget
        for cooled in range(_FIRST):
            if self.best[0] and self.n_moves != budget.moves:
                self._anneal(budget.moves, self._cool(cooled / _FIRST))
        progress.report(self.best)
        while (share := budget.compute_share(self.n_moves)) < 1:
            self._anneal(budget.moves, self._cool(share))
            progress.report(self.best)

    def crawl(self, n_steps: int) -> None:
        """Look for the least cover, then better what is there, as `beginning` asks for it."""
        anneal(self.tables, self.state, n_steps, self.cold, self.penalty, self.chances)
        self.n_moves += n_steps

    def _cool(self, share: float) -> float:
        """Return the temperature after a share of the budget."""
        return self.hot * math.pow(self.cold / self.hot, share)

    def _anneal(self, moves: int | None, temperature: float) -> None:
        steps = _STEPS if moves is None else min(_STEPS, moves - self.n_moves)
        anneal(self.tables, self.state, steps, temperature, self.penalty, self.chances)
        self.n_moves += steps

    @property
    def best(self) -> tuple[int, int]:
        """Nurses short of the least cover, and cost, of the best state."""
        return int(self.state.best_counts[MISSING]), int(self.state.best_counts[COST])

    def make_solution(self) -> Solution:
        """Return the best state."""
        return to_solution(self.problem, self.state)
