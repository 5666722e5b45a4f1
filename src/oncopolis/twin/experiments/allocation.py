"""Where to spend a budget of replications so that the best system is found: OCBA.

Chen, Lin, Yücesan and Chick (2000), Discrete Event Dynamic Systems 10, 251-270.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation import InputError
from oncopolis.twin.experiments.selection import FIRST, Sample, Turn, sample_all

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Allocation:
    """The best by mean after the budget was spent."""

    best: int
    probability: float
    """Approximate least probability that it is the best, from means and variances (Bonferroni)."""
    means: tuple[float, ...]
    sds: tuple[float, ...]
    n: tuple[int, ...]
    """Replications by system."""


def spend_budget(
    sample: Sample,
    n_systems: int,
    budget: int,
    *,
    smallest: bool = True,
    first: int = FIRST,
    step: int | None = None,
) -> Allocation:
    """Give replications to the systems that the choice depends on, some at a time.

    Parameters
    ----------
    sample
        Runs systems.
    n_systems, budget
        How many systems, and replications of all of them together.
    smallest
        Whether less is better.
    first
        Replications of every system before the first choice.
    step
        Replications given out between two choices; as many as there are systems unless stated.

    Raises
    ------
    InputError
        Nothing to choose from, or a budget that does not last for the first replications.
    """
    if n_systems < 2 or first < 2 or budget < n_systems * first:
        raise InputError(
            code="TWN-047",
            where="budget of replications",
            got=f"{budget} for {n_systems} systems with {first} first replications",
            expected="two systems or more, at least 2 first replications and a budget for all of them",
            fix=f"allow {max(n_systems, 2) * max(first, 2)} or more",
        )
    values = sample_all(sample, range(n_systems), range(first)).T.tolist()
    while (spent := sum(map(len, values))) < budget:
        goal = min(spent + (step or n_systems), budget)
        wanted = compute_allocation(*_describe(values), goal, smallest=smallest)
        short = wanted - np.array([len(row) for row in values])
        turns = list(_list_turns(values, _share_out(short, goal - spent)))
        for (i, _), value in zip(turns, sample(turns), strict=True):
            values[i].append(value)
    means, sds = _describe(values)
    n = np.array([len(row) for row in values])
    best = _find_best(means, smallest)
    return Allocation(
        best=best,
        probability=compute_probability(means, sds, n, smallest=smallest),
        means=tuple(map(float, means)),
        sds=tuple(map(float, sds)),
        n=tuple(map(int, n)),
    )


def compute_allocation(
    means: Sequence[float] | Floats, sds: Sequence[float] | Floats, total: int, *, smallest: bool = True
) -> Integers:
    """Share a total of replications out as OCBA does.

    ``n_i / n_j = ((s_i / d_i) / (s_j / d_j))**2`` for all but the best, where ``d`` is the distance of the
    mean from the best; ``n_b = s_b * sqrt(sum((n_i / s_i)**2))`` for the best.

    Parameters
    ----------
    means, sds
        By system, as known so far; shape (systems,).
    total
        Replications to share.

    Returns
    -------
    Integers
        By system; they add up to `total`.
    """
    mean, sd = np.asarray(means, dtype=np.float64), np.asarray(sds, dtype=np.float64)
    best = _find_best(mean, smallest)
    others = np.arange(len(mean)) != best
    distance = np.abs(mean - mean[best])
    near = np.finfo(np.float64).eps ** (1 / 2) * max(np.abs(mean).max(), 1.0)  # ties must not take all
    weight = np.where(others, (sd / np.maximum(distance, near)) ** 2, 0.0)
    moving = others & (sd > 0)
    weight[best] = sd[best] * np.sqrt(np.sum((weight[moving] / sd[moving]) ** 2))
    if not weight.sum() > 0:
        weight = np.ones(len(mean))
    exact = total * weight / weight.sum()
    whole: Integers = np.floor(exact).astype(np.int64)
    whole[np.argsort(whole - exact, kind="stable")[: total - whole.sum()]] += 1
    return whole


def compute_probability(
    means: Sequence[float] | Floats,
    sds: Sequence[float] | Floats,
    n: Sequence[int] | Integers,
    *,
    smallest: bool = True,
) -> float:
    """Return the approximate least probability that the best by mean is the best."""
    mean = np.asarray(means, dtype=np.float64)
    variance = np.asarray(sds, dtype=np.float64) ** 2 / np.asarray(n)
    best = _find_best(mean, smallest)
    wrong = 0.0
    for i in range(len(mean)):
        if i != best:
            sd = math.sqrt(variance[i] + variance[best])
            distance = abs(mean[i] - mean[best])
            wrong += math.erfc(distance / (sd * math.sqrt(2))) / 2 if sd else float(not distance) / 2
    return max(1 - wrong, 0.0)


def _share_out(short: Integers, n: int) -> list[int]:
    """List whose turn it is, the one that is farthest behind its share first."""
    behind = np.maximum(short, 0)
    turns = []
    for _ in range(n):
        i = int(np.argmax(behind))
        behind[i] -= 1
        turns.append(i)
    return turns


def _list_turns(values: list[list[float]], systems: Iterable[int]) -> Iterator[Turn]:
    """Number the next replications of systems whose turn it is."""
    n = [len(row) for row in values]
    for i in systems:
        yield i, n[i]
        n[i] += 1


def _describe(values: list[list[float]]) -> tuple[Floats, Floats]:
    return np.array([np.mean(row) for row in values]), np.array([np.std(row, ddof=1) for row in values])


def _find_best(means: Floats, smallest: bool) -> int:
    return int(np.argmin(means) if smallest else np.argmax(means))
