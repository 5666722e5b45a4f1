"""`Chain`: one annealing search, cooled as its budget is used up."""

from typing import Any

import numpy as np

from oncopolis.scheduling.theatres.arrays import make_state, to_solution
from oncopolis.scheduling.theatres.found import Found
from oncopolis.scheduling.theatres.heat import compute_penalty
from oncopolis.scheduling.theatres.kernels.annealing import anneal
from oncopolis.scheduling.theatres.kernels.tables import COST, FIRST_SHIFT, N_OUT, SHIFTS, State, Tables
from oncopolis.scheduling.theatres.problem import Problem
from oncopolis.scheduling.theatres.solution import Solution
from oncopolis.scheduling.theatres.terms import Terms
from oncopolis.scheduling.theatres.urgency import Ranking

_STEPS = 20_000  # structure: moves between two looks at the clock
_FIRST_STEPS = 8  # structure: looks at the clock that a search may do without
_COOL = 0.1  # structure: share of the first temperature
_HOTTEST = 0.3  # structure: share of the penalty
_UNTIL = 0.7  # structure: share of the budget
_MOVES_EACH = 20_000  # structure: moves for each patient from there down to the first temperature
_RAISED_EVERY = 0.1  # structure: share of the budget
_MOST_PENALTY = 1 << 40  # structure: far from where whole numbers end
_ROUNDS = ((0.0, 0.6, 1.0), (0.6, 1.0, 0.35))  # structure: found by trying
"""From which share of the budget to which, and with which share of the first temperature it begins."""
_WHOLE = 65_536  # structure: what cumulated chances end with
_SAVED_BELOW = 0.3  # structure: share of the first temperature below which every best state is kept
_MIX = {
    "relocate": 0.3, "swap": 0.15, "eject": 0.12, "expel": 0.01, "theatre": 0.02, "nurse": 0.25,
    "swap nurses": 0.1, "keep nurse": 0.04, "resettle": 0.08, "resettled swap": 0.04,
    "resettled eject": 0.04, "force": 0.01,
}  # fmt: skip  # structure: how often each move is tried, found by trying
_FIRST_MIX = dict.fromkeys(_MIX, 0.0) | {"relocate": 1.0, "force": 1.0}
_ROOM_MIX = dict.fromkeys(_MIX, 0.0) | {
    "relocate": 0.3, "swap": 0.2, "eject": 0.3, "expel": 0.01, "theatre": 0.02, "force": 0.05,
}  # fmt: skip  # structure: found by trying
_OF_NURSES = ("nurse", "swap nurses", "keep nurse")


class Chain:
    """A state of the search and the way it is cooled.

    Parameters
    ----------
    hot
        Temperature to begin with, in units of cost.
    ranked
        The tables with the prices of clinical classes, which take the place of the others as soon as all are
        in who have to be, and what they are worth; None if there are none.
    """

    def __init__(
        self,
        problem: Problem,
        terms: Terms,
        tables: Tables,
        *,
        seed: int,
        start: Solution | None,
        hot: float,
        ranked: tuple[Tables, Ranking] | None = None,
    ) -> None:
        self.ranked = ranked
        self.ranking: Ranking | None = None
        self.problem, self.terms, self.tables, self.seed, self.hot = problem, terms, tables, seed, hot
        self.chances = _compute_chances(tables, _MIX)
        self.can_move = bool(self.chances[-1])
        self.penalty = compute_penalty(tables, hot)
        self.raised_at = _RAISED_EVERY
        self.n_moves = 0
        self.state: State = make_state(problem, tables, seed, start, terms)
        self._anneal(0, 0.0)

    def crawl(self, n_steps: int) -> None:
        """Admit those who have to come, then better what is there, as `beginning` asks for it."""
        self.chances = _compute_chances(self.tables, _FIRST_MIX if self.best[0] else _MIX)
        self._anneal(n_steps if self.can_move else 0, self.hot * _COOL)
        self._rank()

    def run(self, found: Found) -> None:
        """Admit those who have to come, however short the time; then cool until the budget is used up."""
        mix, self.chances = self.chances, _compute_chances(self.tables, _FIRST_MIX)
        for _ in range(_FIRST_STEPS):
            if self.can_move and self.best[0]:
                self._anneal(_STEPS, self.hot * _COOL)
        self.report(found)
        self.chances = _compute_chances(self.tables, _ROOM_MIX)
        self._make_room(found)
        self.chances = mix
        self._rank()
        for begin, end, warmth in _ROUNDS:
            if begin and found.budget.compute_share(self.n_moves) < end:
                self._go_on_from(found.exchange(self.worth, self.make_solution()))
            while self.can_move and (share := found.budget.compute_share(self.n_moves)) < end:
                self._raise_penalty(share)
                self._anneal(_STEPS, self.hot * warmth * (end - share) / (end - begin))
                self._rank()
                self.report(found)

    def _make_room(self, found: Found) -> None:
        """While somebody who has to come is out, begin so hot that those who need not come go and come."""
        warmth = max(1.0, _HOTTEST * self.penalty / (self.hot or 1.0))
        n = 1 + len(self.tables.movable) * _MOVES_EACH // _STEPS
        while self.can_move and self.best[0]:
            for step in range(n):
                if not self.best[0] or found.budget.compute_share(self.n_moves) >= _UNTIL:
                    return
                self._anneal(_STEPS, self.hot * warmth ** (1 - step / n))
                self.report(found)

    def _rank(self) -> None:
        """Once all are in who have to be, go on with the prices of clinical classes."""
        if self.ranked is not None and not self.best[0]:
            solution = self.make_solution()
            (self.tables, self.ranking), self.ranked = self.ranked, None
            self.penalty = compute_penalty(self.tables, self.hot)
            self._go_on_from(solution)

    def report(self, found: Found) -> None:
        """Tell what was found; what does not count clinical classes yet cannot be compared."""
        if self.ranked is None or self.best[0]:
            found.report(self.worth)

    def _go_on_from(self, solution: Solution) -> None:
        """Put the state of a solution in place of the present one; chances go on as they were."""
        random = self.state.random
        self.state = make_state(self.problem, self.tables, self.seed, solution, self.terms)
        self.state.random[0] = random[0]
        self._anneal(0, 0.0)

    def _raise_penalty(self, share: float) -> None:
        """Make it cost more that mandatory patients are out, if some always have been."""
        if share >= self.raised_at:
            self.raised_at += _RAISED_EVERY
            if self.best[0] and self.penalty < _MOST_PENALTY:
                self.penalty *= 2

    def _anneal(self, n_steps: int, temperature: float) -> None:
        anneal(
            self.tables, self.state, n_steps, temperature, self.penalty, self.chances, self.hot * _SAVED_BELOW
        )
        self.n_moves += n_steps

    @property
    def best(self) -> tuple[int, int]:
        """Mandatory patients who are out, and cost, of the best state."""
        return int(self.state.best_counts[N_OUT]), int(self.state.best_counts[COST])

    @property
    def worth(self) -> tuple[int, ...]:
        """Mandatory patients who are out, units of each clinical class, and cost, of the best state."""
        out, price = self.best
        units = (price,) if self.ranking is None else self.ranking.compute(self.state.best_day, price)
        return (out, *units)

    def make_solution(self) -> Solution:
        """Return the best state."""
        return to_solution(self.problem, self.tables, self.state)


def _compute_chances(tables: Tables, mix: dict[str, float]) -> np.ndarray[Any, Any]:
    """Return the cumulated chances of the moves; those that have nothing to move have none."""
    has_patients = len(tables.movable) > 0
    has_shifts = tables.sizes[FIRST_SHIFT] < tables.sizes[SHIFTS]
    chances = [
        chance if (has_shifts if move in _OF_NURSES else has_patients) else 0.0
        for move, chance in mix.items()
    ]
    total = sum(chances)
    return (np.cumsum(chances) / (total or 1) * _WHOLE).astype(np.int64)
