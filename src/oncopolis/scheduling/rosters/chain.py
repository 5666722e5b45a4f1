"""`Chain`: one search, cooled as its budget is used up."""

import math
from dataclasses import astuple
from typing import Any

import numpy as np

from oncopolis.scheduling.progress import Progress
from oncopolis.scheduling.rosters.arrays import lay_rows, make_state, make_tables, to_solution
from oncopolis.scheduling.rosters.diving import Start, dive, mix_rows
from oncopolis.scheduling.rosters.kernels.annealing import anneal, settle
from oncopolis.scheduling.rosters.kernels.pricing import find_cheapest
from oncopolis.scheduling.rosters.kernels.tables import COST, MISSING, State
from oncopolis.scheduling.rosters.mixing import Mixture
from oncopolis.scheduling.rosters.problem import Problem
from oncopolis.scheduling.rosters.relaxing import Relaxation, can_relax
from oncopolis.scheduling.rosters.solution import Solution
from oncopolis.scheduling.rosters.span import Span

Days = np.ndarray[Any, np.dtype[np.int32]]
"""(N, D) shift, or skill, of each nurse and day."""

_STEPS = 20_000  # structure: moves between two looks at the clock
_LOOKS = 200  # structure: looks at a budget of moves, if they are so few
_FIRST = 40  # structure: rounds in which the least cover is looked for, whatever the time
_HOT, _COLD = 1.0, 0.033  # structure: first and last temperature, in the dearest component, found by trying
_HOT_PART, _COLD_PART = 0.66, 0.05  # structure: likewise while some nurses are free only, found by trying
_WARM = 0.1  # structure: likewise where all are free again, found by trying
_PENALTY = 10  # structure: price of a nurse short of the least cover, in the dearest component
_CHANCES = (
    19_660,
    62_260,
)  # structure: cumulated chances of changes and swaps, in 65,536ths, found by trying
_BEFORE, _PRICED, _MIXED, _DIVED, _STARTED = (
    0.12,
    0.3,
    0.4,
    0.65,
    0.85,
)  # structure: shares of the budget at which parts of the search end, found by trying
_RISES = (0.01, 0.02, 0.04, 0.07)  # structure: how far fixed rows may raise the cost, found by trying
_PART = 0.67  # structure: share of the time of a start in which some nurses are free only


class Chain:
    """A state of the search and the way it is cooled.

    Parameters
    ----------
    start
        A roster to begin with; nobody works if there is none.
    """

    def __init__(self, problem: Problem, seed: int, start: Solution | None) -> None:
        self.problem = problem
        self.dearest: int = max(1, *astuple(problem.weights))
        self.penalty = _PENALTY * self.dearest
        self.tables = make_tables(problem)
        self.state: State = make_state(problem, self.tables, seed, self.penalty, start)
        self.chances = np.array(_CHANCES, np.int64)
        self.n_moves = 0
        self._best = self._find_best()
        self._shift, self._skill = self.state.best_shift.copy(), self.state.best_skill.copy()

    def run(self, progress: Progress) -> None:
        """Search until the budget is used up; find the least cover first, even with hardly any time.

        What plain annealing finds is followed by rosters made from the best mixture of whole rows, if there
        is time enough for that, of which only those nurses change first who have no clear row.
        """
        budget = progress.budget
        self._find_least_cover(progress)
        self._cool(progress, _BEFORE, _HOT, _COLD)
        made = self._mix(progress)
        if made is None:
            self._cool(progress, 1.0, _HOT, _COLD)
            return
        starts = dive(*made, _RISES, Span(budget, _DIVED))
        first = budget.compute_share(self.n_moves)
        for number, start in enumerate(starts, start=1):
            self._search_from(start, progress, first + (_STARTED - first) * number / len(starts))
        self._keep()
        self._begin(self._shift, self._skill, list(range(len(self.problem.nurses))))
        self._cool(progress, 1.0, _WARM, _COLD)

    def crawl(self, n_steps: int) -> None:
        """Look for the least cover, then better what is there, as `beginning` asks for it."""
        if not n_steps and can_relax(self.tables):
            find_cheapest(self.tables, Relaxation(self.problem, self.tables, self.penalty).pricing, 0)
        anneal(self.tables, self.state, n_steps, self._heat(_COLD), self.penalty, self.chances)
        self.n_moves += n_steps

    def _find_least_cover(self, progress: Progress) -> None:
        budget = progress.budget
        for cooled in range(_FIRST):
            if self.best[0] and self.n_moves != budget.moves:
                self._anneal(budget.moves, self._heat(_HOT * math.pow(_COLD / _HOT, cooled / _FIRST)))
        progress.report(self.best)

    def _mix(self, progress: Progress) -> tuple[Relaxation, Mixture] | None:
        """Return the best mixture of rows, None where that takes too long."""
        budget = progress.budget
        if not can_relax(self.tables) or budget.compute_share(self.n_moves) >= 1:
            return None
        relaxation = Relaxation(self.problem, self.tables, self.penalty)
        is_priced = relaxation.move_prices(self.best[1], Span(budget, _PRICED).goes_on)
        mixture = mix_rows(relaxation, Span(budget, _MIXED)) if is_priced else None
        progress.take_bound(relaxation.whole_bound)
        return None if mixture is None else (relaxation, mixture)

    def _search_from(self, start: Start, progress: Progress, until: float) -> None:
        """Search with the fixed rows left alone, then with all nurses."""
        self._keep()
        rows = {row.nurse: row.shifts for row in (*start.likely, *start.fixed)}
        shift, skill = self.state.best_shift.copy(), self.state.best_skill.copy()
        laid = lay_rows(self.tables, rows, shift, skill)
        fixed = laid & {row.nurse for row in start.fixed}
        nurses = range(len(self.problem.nurses))
        self._begin(shift, skill, [nurse for nurse in nurses if nurse not in fixed])
        share = progress.budget.compute_share(self.n_moves)
        self._cool(progress, share + _PART * (until - share), _HOT_PART, _COLD_PART)
        self._begin(self.state.best_shift.copy(), self.state.best_skill.copy(), list(nurses))
        self._cool(progress, until, _WARM, _COLD)

    def _cool(self, progress: Progress, until: float, hot: float, cold: float) -> None:
        """Anneal until a share of the budget is used up, at temperatures told in the dearest component."""
        budget = progress.budget
        first = budget.compute_share(self.n_moves)
        while (share := budget.compute_share(self.n_moves)) < until:
            done = (share - first) / (until - first)
            self._anneal(budget.moves, self._heat(hot * math.pow(cold / hot, done)))
            progress.report(self.best)

    def _heat(self, temperature: float) -> float:
        """Return a temperature in units of cost."""
        return temperature * self.dearest

    def _anneal(self, moves: int | None, temperature: float) -> None:
        steps = _STEPS if moves is None else min(_STEPS, 1 + moves // _LOOKS, moves - self.n_moves)
        anneal(self.tables, self.state, steps, temperature, self.penalty, self.chances)
        self.n_moves += steps

    def _begin(self, shift: Days, skill: Days, free: list[int]) -> None:
        """Go on from a roster, in which only some nurses may change."""
        state = self.state
        state.shift[:], state.skill[:] = shift, skill
        state.free[: len(free)], state.n_free[0] = free, len(free)
        settle(self.tables, state, self.penalty)

    def _keep(self) -> None:
        """Remember the best state if it is the best of all."""
        if self._find_best() < self._best:
            self._best = self._find_best()
            self._shift, self._skill = self.state.best_shift.copy(), self.state.best_skill.copy()

    def _find_best(self) -> tuple[int, int]:
        return int(self.state.best_counts[MISSING]), int(self.state.best_counts[COST])

    @property
    def best(self) -> tuple[int, int]:
        """Nurses short of the least cover, and cost, of the best roster."""
        return min(self._best, self._find_best())

    def make_solution(self) -> Solution:
        """Return the best roster."""
        self._keep()
        return to_solution(self.problem, self._shift, self._skill)
