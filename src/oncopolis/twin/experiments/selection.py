"""The best of several systems with a stated probability of being right, by the procedure KN.

Kim and Nelson (2001), ACM Transactions on Modeling and Computer Simulation 11, 251-273. Fully
sequential: what is plainly worse is dropped early. Systems are compared pair by pair, so that common
random numbers make it end sooner, and it stays right with them.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation import InputError
from oncopolis.twin.experiments.intervals import LEVEL

Floats = NDArray[np.float64]
Turn = tuple[int, int]
"""A system and a replication, both counted from 0."""
Sample = Callable[[Sequence[Turn]], Sequence[float]]
"""Outputs of turns, which may be run side by side: the same replication, the same random numbers."""

FIRST = 10  # structure: first-stage replications, as in the paper's examples
MOST = 1000  # structure: where the search ends unless told otherwise


@dataclass(frozen=True)
class Selection:
    """The system selected, and what it took."""

    best: int
    probability: float
    """Least probability that it is the best, or at most `indifference` worse than the best."""
    indifference: float
    means: tuple[float, ...]
    """By system, over the replications it was given."""
    n: tuple[int, ...]
    """Replications by system."""
    left: tuple[int, ...]
    """Systems that were not dropped; the others were dropped after their replications in `n`."""
    is_sure: bool
    """False if the limit came first: then the probability does not hold."""


def select_best(
    sample: Sample,
    n_systems: int,
    *,
    indifference: float,
    probability: float = LEVEL,
    smallest: bool = True,
    first: int = FIRST,
    most: int = MOST,
) -> Selection:
    """Select the system with the smallest (or largest) mean.

    Parameters
    ----------
    sample
        Runs systems; normal, and independent between replications, as means over a run nearly are.
    n_systems
        How many there are.
    indifference
        A difference of means not worth telling apart, in the unit of the output.
    probability
        That the selected one is the best, if the best is better than all others by `indifference`.
    smallest
        Whether less is better.
    first
        Replications of every system from which the variances of the differences are taken.
    most
        Replications of one system at which the search ends without being sure.

    Raises
    ------
    InputError
        Nothing to choose from, or a number out of its range.
    """
    _check(n_systems, indifference, probability, first, most)
    sign = -1.0 if smallest else 1.0
    values = sign * sample_all(sample, range(n_systems), range(first)).T
    differences = values[:, np.newaxis] - values[np.newaxis]
    # A pair can be told apart after h**2 * variance / indifference**2 replications at the latest.
    ends = _compute_h2(n_systems, probability, first) * differences.var(axis=2, ddof=1) / indifference**2
    sums, n = values.sum(axis=1), np.full(n_systems, first)
    left, r = np.arange(n_systems), first
    while True:
        # Sums lie apart by the r-fold difference of means; the lead allowed shrinks to nought as r grows.
        allowed = np.maximum(indifference / 2 * (ends[np.ix_(left, left)] - r), 0.0)
        behind = sums[left][np.newaxis] - sums[left][:, np.newaxis]
        kept = (behind <= allowed).all(axis=1)
        left = left[kept]
        is_over = len(left) == 1 or r > ends[np.ix_(left, left)].max()
        if is_over or r >= most:
            break
        sums[left] += sign * sample_all(sample, left.tolist(), (r,))[0]
        n[left] += 1
        r += 1
    return Selection(
        best=int(left[np.argmax(sums[left])]),
        probability=probability,
        indifference=indifference,
        means=tuple(map(float, sign * sums / n)),
        n=tuple(map(int, n)),
        left=tuple(map(int, left)),
        is_sure=bool(is_over),
    )


def sample_all(sample: Sample, systems: Sequence[int], replications: Iterable[int]) -> Floats:
    """Return the outputs of systems in replications; shape (replications, systems)."""
    turns = [(i, r) for r in replications for i in systems]
    return np.array(sample(turns), dtype=np.float64).reshape(-1, len(systems))


def _compute_h2(n_systems: int, probability: float, first: int) -> float:
    """Return h squared of the paper, for its constant c = 1."""
    freedom = first - 1
    eta = (math.pow(2 * (1 - probability) / (n_systems - 1), -2 / freedom) - 1) / 2
    return 2 * eta * freedom


def _check(n_systems: int, indifference: float, probability: float, first: int, most: int) -> None:
    chance = 1 / n_systems if n_systems > 0 else 0
    if n_systems < 2 or not indifference > 0 or not chance < probability < 1 or not 2 <= first <= most:
        raise InputError(
            code="TWN-046",
            where="selection of the best",
            got=f"{n_systems} systems, indifference {indifference}, probability {probability}, "
            f"{first} to {most} replications",
            expected="two systems or more, an indifference above 0, a probability above that of a guess and "
            "below 1, at least 2 first replications and not more than the limit",
            fix="state others",
        )
