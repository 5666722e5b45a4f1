"""`Relaxation`: what it is worth that somebody works, and what no roster costs less than by that.

Each shift, day and skill has a price that the roster pays whoever works there, and the cover is no rule any
more. Every nurse then works the days that are cheapest for them, whatever the others do, and what that costs
together no roster costs less than. Prices are moved towards where people are missing.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np

from oncopolis.scheduling.rosters.arrays import count_places, make_pricing
from oncopolis.scheduling.rosters.kernels.pricing import find_cheapest
from oncopolis.scheduling.rosters.kernels.tables import COVER, DAYS, NURSES, OFF, SHIFTS, SITUATIONS, Tables
from oncopolis.scheduling.rosters.problem import Problem

Prices = np.ndarray[Any, np.dtype[np.float64]]
"""(D, S, K) of working a shift of a day with a skill."""

_MOST_WAYS = 20_000_000  # structure: ways to be kept, of eight bytes each
_MOST_STEPS = 5_000_000_000  # structure: steps on such ways a round, two or three seconds of them
_ROUNDS = 100  # structure: times that prices are moved, found by trying
_PATIENCE = 8  # structure: rounds without a better bound after which prices move less, found by trying
_SHRINK = 0.7  # structure: how much less, found by trying
_MEMORY = 0.7  # structure: share of the way moved before that is gone on with, found by trying
_AWAY = 0.01  # structure: share of the cost to step by where the bound is beyond the target
_TINY = 1e-6  # structure: rounding of reals


@dataclass(frozen=True)
class Row:
    """All days of a nurse.

    Parameters
    ----------
    shifts
        Of each day, numbered as in the tables.
    cost
        Of them.
    paid
        What they cost less what they are worth by the prices they were found with.
    """

    nurse: int
    shifts: tuple[int, ...]
    cost: int
    paid: float


def can_relax(tables: Tables) -> bool:
    """Whether the cheapest days of all nurses can be found often enough."""
    days, shifts, nurses = (int(tables.sizes[place]) for place in (DAYS, SHIFTS, NURSES))
    ways = (days + 1) * int(tables.sizes[SITUATIONS]) * count_places(tables)
    return ways <= _MOST_WAYS and ways * shifts * nurses <= _MOST_STEPS


class Relaxation:
    """Prices, the best bound, and every row that was the cheapest by some prices.

    Parameters
    ----------
    penalty
        Price of each nurse short of the least cover.
    """

    def __init__(self, problem: Problem, tables: Tables, penalty: int) -> None:
        self.tables = tables
        self.pricing = make_pricing(tables)
        self.missed = float(tables.weights[COVER])
        self.short = self.missed + penalty
        self.step = math.gcd(*astuple(problem.weights)) or 1
        skills = [
            tuple(sorted(tables.skills_of[nurse, : tables.n_skills[nurse]].tolist()))
            for nurse in range(tables.sizes[NURSES])
        ]
        self.groups = sorted(set(skills))
        self.group_of = [self.groups.index(one) for one in skills]
        self.prices: Prices = np.where(tables.wanted > 0, self.missed / 2, 0.0)
        self.bound = -math.inf
        self.rows: dict[tuple[int, tuple[int, ...]], Row] = {}

    @property
    def whole_bound(self) -> int:
        """What no roster costs less than: costs are sums of whole weights."""
        if math.isinf(self.bound):
            return 0
        return max(0, math.ceil(self.bound / self.step - _TINY) * self.step)

    def move_prices(self, target: float, goes_on: Callable[[], bool]) -> bool:
        """Move the prices, by the way that leads to the best bound; return whether all rounds were made.

        Parameters
        ----------
        target
            Cost of some roster.
        """
        prices, pull, stalled = self.prices, 1.0, 0
        way = np.zeros_like(prices)
        for _ in range(_ROUNDS):
            if not goes_on():
                return False
            before = self.bound
            rows, bound = self.try_prices(prices)
            stalled = 0 if self.bound > before + _TINY else stalled + 1
            if stalled == _PATIENCE:
                pull, stalled = pull * _SHRINK, 0
            lack = self._find_lack(prices, rows)
            way = lack if not way.any() else _MEMORY * way + (1 - _MEMORY) * lack
            size = float((way * way).sum())
            if size < _TINY:
                break
            step = pull * (target - bound if bound < target else _AWAY * target) / size
            prices = np.clip(prices + step * way, 0, self.short)
        return True

    def try_prices(self, prices: Prices) -> tuple[list[Row], float]:
        """Return the cheapest row of each nurse, and what no roster costs less than by that."""
        rows = self.find_rows(prices, range(self.tables.sizes[NURSES]))
        wanted, least = self.tables.wanted, self.tables.least
        paid = wanted * prices
        paid -= (wanted - least) * np.maximum(0, prices - self.missed)
        paid -= least * np.maximum(0, prices - self.short)
        bound = float(paid.sum()) + sum(row.paid for row in rows)
        if bound > self.bound:
            self.bound, self.prices = bound, prices
        return rows, bound

    def find_rows(self, prices: Prices, nurses: Iterable[int]) -> list[Row]:
        """Return the cheapest row of some nurses; somebody with several skills works with the dearest."""
        worths = [prices[:, :, list(skills)].max(axis=2) for skills in self.groups]
        days = np.arange(self.tables.sizes[DAYS])
        rows = []
        for nurse in nurses:
            worth = worths[self.group_of[nurse]]
            self.pricing.worth[:] = worth
            paid = find_cheapest(self.tables, self.pricing, nurse)
            shifts = tuple(self.pricing.row.tolist())
            row = Row(nurse, shifts, round(paid + float(worth[days, self.pricing.row].sum())), paid)
            self.rows.setdefault((nurse, shifts), row)
            rows.append(row)
        return rows

    def _find_lack(self, prices: Prices, rows: list[Row]) -> Prices:
        """Return how many are missing where, those that the roster does without not counted."""
        n_days, n_shifts, _ = prices.shape
        wanted, least = self.tables.wanted.astype(np.float64), self.tables.least
        lack: Prices = np.where(prices > self.missed, least, wanted)
        for group, skills in enumerate(self.groups):
            works = np.zeros((n_days, n_shifts))
            for row in rows:
                if self.group_of[row.nurse] == group:
                    works[np.arange(n_days), row.shifts] += 1
            works[:, OFF] = 0
            mine = prices[:, :, list(skills)]
            is_best = mine >= mine.max(axis=2, keepdims=True) - _TINY
            lack[:, :, list(skills)] -= works[:, :, None] * is_best / is_best.sum(axis=2, keepdims=True)
        return lack
