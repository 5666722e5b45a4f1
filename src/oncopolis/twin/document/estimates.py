"""Replications summarised: the mean with Student's interval; without an interval if there is one only."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from oncopolis.twin.experiments.intervals import compute_mean

Estimate = dict[str, Any]


def estimate(values: Iterable[float]) -> Estimate:
    """Return the mean over replications with its 95 % interval, null where it cannot be known.

    Everything estimated here is a count, a time or a share of them, so the interval ends at 0.

    Parameters
    ----------
    values
        One from each replication; those in which nothing was observed (NaN) are left out.
    """
    finite = [float(value) for value in values if math.isfinite(value)]
    if not finite:
        return {"value": None, "low": None, "high": None}
    interval = compute_mean(finite)
    if len(finite) == 1:
        return {"value": interval.value, "low": None, "high": None}
    return {"value": interval.value, "low": max(interval.low, 0.0), "high": interval.high}


def average(values: Sequence[Any]) -> Any:
    """Return the mean over replications of arrays of one shape."""
    return np.mean(np.asarray(values, dtype=np.float64), axis=0)


DIGITS = 3  # structure: precision of long series


def to_numbers(values: Any, digits: int = DIGITS) -> list[float | None]:
    """Return an array as a list of so many significant digits, null where it is not a number."""
    return [float(f"{value:.{digits}g}") if math.isfinite(value) else None for value in values]
