"""How many replications: until every figure is known well enough, and stays so for some more.

The confidence-interval method with look-ahead of Hoad, Robinson and Davies (2010), Journal of the
Operational Research Society 61, 1632-1644. Replications are judged strictly in their order, however
many are run at once, so that the answer does not depend on the number of workers.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation import InputError
from oncopolis.twin.experiments.intervals import LEVEL, Interval, compute_half_width

LEAST = 3  # structure: replications before the first judgement, as in the paper
MOST = 1000  # structure: where the search ends, as in the paper
LOOK_AHEAD = 5  # structure: k_limit of the paper
_SCALED_ABOVE = 100  # structure: the paper looks ahead in proportion above a hundred replications

Outputs = Mapping[str, float]
RunMany = Callable[[Sequence[int]], Sequence[Outputs]]
"""Runs replications of these numbers and returns the named outputs of each, in the same order."""


@dataclass(frozen=True)
class Precision:
    """Half-width asked for: a share of the mean, or an amount; the wider of the two where both are given."""

    share: float | None = None
    amount: float | None = None

    def is_met(self, mean: float, half_width: float) -> bool:
        """Tell whether a half-width is narrow enough."""
        allowed = max((self.share or 0.0) * abs(mean), self.amount or 0.0)
        return half_width <= allowed


@dataclass(frozen=True)
class Replication:
    """What was known of one output after one replication."""

    output: str
    n: int
    """Replications run, this one included."""
    value: float
    """This replication's; NaN if it did not have the output."""
    mean: float
    half_width: float
    is_met: bool


@dataclass(frozen=True)
class Replicated:
    """The end of the search."""

    values: dict[str, NDArray[np.float64]]
    """Of every output that all replications gave or were judged by; NaN where one lacked it; shape (n,)."""
    n: int
    """Replications run and judged."""
    needed: int | None
    """Replications from which on all precisions were kept; None if the limit came first."""
    reached: dict[str, int | None]
    """The same by judged output."""
    table: tuple[Replication, ...]
    """Replication by replication, for a plot: the judged outputs."""
    complete: bool
    """False if the runs were stopped."""
    level: float

    def get_interval(self, output: str) -> Interval:
        """Return the interval of an output over all replications that had it."""
        values = self.values[output]
        present = values[np.isfinite(values)]
        mean = float(present.mean()) if len(present) else math.nan
        sd = float(present.std(ddof=1)) if len(present) > 1 else math.nan
        half = compute_half_width(sd, len(present), self.level)
        return Interval(mean, mean - half, mean + half, len(present), self.level)


def replicate(
    run_many: RunMany,
    precisions: Mapping[str, Precision],
    *,
    least: int = LEAST,
    most: int = MOST,
    look_ahead: int = LOOK_AHEAD,
    at_once: int = 1,
    level: float = LEVEL,
) -> Replicated:
    """Run replications until all precisions are met, and for so many more as a chance hit would not last.

    Parameters
    ----------
    run_many
        Called with the next numbers, counted from 0. If it returns fewer than asked, it was stopped: the
        search ends there.
    precisions
        By output. An output that a replication lacks is judged by those that have it.
    least, most
        Replications before the first judgement and in all.
    look_ahead
        Replications for which the precision must last; above 100 replications in proportion.
    at_once
        Replications that can run side by side; those after the end are left out again.
    level
        Confidence of the intervals.

    Raises
    ------
    InputError
        No precision, none that could ever be met, or limits out of order.
    """
    _check(precisions, least, most)
    search = _Search(precisions, least, look_ahead, level)
    complete = True
    while search.n < most and not search.is_over and complete:
        wanted = min(max(at_once, search.find_least_to_come()), most - search.n)
        numbers = range(search.n, search.n + wanted)
        outputs = run_many(numbers)
        complete = len(outputs) == wanted
        for each in outputs:
            if not search.is_over:
                search.take(each)
    return search.to_replicated(complete)


class _Search:
    def __init__(
        self, precisions: Mapping[str, Precision], least: int, look_ahead: int, level: float
    ) -> None:
        self.precisions, self.least, self.look_ahead, self.level = precisions, least, look_ahead, level
        self.n = 0
        self.reached: dict[str, int | None] = dict.fromkeys(precisions)
        self.rows: list[Outputs] = []
        self.table: list[Replication] = []
        self.moments = {output: _Moments() for output in precisions}

    @property
    def is_over(self) -> bool:
        """Whether every precision has lasted."""
        return all(n is not None and self.n >= n + self._look(n) for n in self.reached.values())

    def find_least_to_come(self) -> int:
        """Return how many replications are needed at the very least, so that none is run in vain."""
        ends = (
            max(self.n + 1, self.least) + self._look(max(self.n + 1, self.least))
            if n is None
            else n + self._look(n)
            for n in self.reached.values()
        )
        return max(ends) - self.n

    def take(self, outputs: Outputs) -> None:
        """Judge one more replication."""
        self.n += 1
        self.rows.append(outputs)
        for output, precision in self.precisions.items():
            moments = self.moments[output]
            value = outputs.get(output, math.nan)
            if math.isfinite(value):
                moments.add(value)
            half = compute_half_width(moments.sd, moments.n, self.level)
            met = self.n >= self.least and precision.is_met(moments.mean, half)
            before = self.reached[output]
            self.reached[output] = (before or self.n) if met else None
            self.table.append(Replication(output, self.n, value, moments.mean, half, met))

    def to_replicated(self, complete: bool) -> Replicated:
        needed = [n for n in self.reached.values() if n is not None] if self.is_over else []
        return Replicated(
            values={name: self._gather(name) for name in self._list_names()},
            n=self.n,
            needed=max(needed, default=None),
            reached=self.reached,
            table=tuple(self.table),
            complete=complete,
            level=self.level,
        )

    def _look(self, n: int) -> int:
        return self.look_ahead * max(n, _SCALED_ABOVE) // _SCALED_ABOVE

    def _list_names(self) -> Iterator[str]:
        yield from dict.fromkeys([*self.precisions, *(name for row in self.rows for name in row)])

    def _gather(self, name: str) -> NDArray[np.float64]:
        return np.array([row.get(name, math.nan) for row in self.rows], dtype=np.float64)


class _Moments:
    """Mean and standard deviation as values come in (Welford 1962)."""

    def __init__(self) -> None:
        self.n, self.mean, self._squares = 0, 0.0, 0.0

    @property
    def sd(self) -> float:
        return math.sqrt(self._squares / (self.n - 1)) if self.n > 1 else math.nan

    def add(self, value: float) -> None:
        self.n += 1
        step = value - self.mean
        self.mean += step / self.n
        self._squares += step * (value - self.mean)


def _check(precisions: Mapping[str, Precision], least: int, most: int) -> None:
    hopeless = [
        name
        for name, precision in precisions.items()
        if max(precision.share or 0, precision.amount or 0) <= 0
    ]
    if not precisions or hopeless:
        raise InputError(
            code="TWN-034",
            where="precision of the replications",
            got=f"nothing above 0 for {', '.join(hopeless)}" if hopeless else "none",
            expected="at least one output with a share of its mean, or an amount, above 0",
            fix="state how near the mean has to be",
        )
    if not 2 <= least <= most:
        raise InputError(
            code="TWN-035",
            where="number of replications",
            got=f"from {least} to {most}",
            expected="at least 2, and not more than the limit",
            fix="state others",
        )
