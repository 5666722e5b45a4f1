"""Where a series has warmed up: the marginal standard error rule in batches of five, and Welch's average."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation import InputError

Floats = NDArray[np.float64]

BATCH = 5  # structure: the 5 of MSER-5
_LEAST_BATCHES = 10  # structure: fewer batches say nothing about a trend
LEAST = BATCH * _LEAST_BATCHES
"""Observations that can be judged at all."""
_KEPT_BATCHES = 5  # structure: the rule is blind in the last five batches, whose error is small by chance


@dataclass(frozen=True)
class Warming:
    """Where the warm-up ends by MSER-5, with what to draw."""

    truncation: int
    """Observations before the least of the statistic."""
    length: int
    """Observations in the series."""
    statistic: Floats
    """Squared standard error of what is kept, by batches left out; shape (batches - 5,)."""

    @property
    def has_settled(self) -> bool:
        """Whether the point lies in the first half: later ones only say that the series is too short."""
        return 2 * self.truncation <= self.length

    def get_point(self) -> int:
        """Return how many observations to leave out.

        Raises
        ------
        InputError
            The point lies in the second half of the series.
        """
        if self.has_settled:
            return self.truncation
        raise InputError(
            code="TWN-032",
            where="warm-up",
            got=f"a series of {self.length} still moving at {self.truncation}",
            expected="a series that settles within its first half",
            fix="run longer, or treat the study as one that ends (no warm-up)",
        )


def find_warming(series: Floats) -> Warming:
    """Find the end of the warm-up by MSER-5 (White 1997; White, Cobb and Spratt 2000).

    Of all starts of the kept part, at multiples of five observations, it is the one that makes the
    standard error of the mean of what is kept least.

    Parameters
    ----------
    series
        Observations in order of time; shape (time,), or (replications, time), of which the mean is taken.

    Raises
    ------
    InputError
        Fewer than 50 observations, or one of them not finite.
    """
    means = _average(series)
    n = len(means) // BATCH
    if n < _LEAST_BATCHES:
        raise _refuse(f"{len(means)} observations", f"at least {LEAST}", "run longer")
    batches = means[: n * BATCH].reshape(n, BATCH).mean(axis=1)
    batches = batches - np.median(batches)  # sums of squares of small numbers cancel without loss
    kept = np.arange(n, 0, -1)
    sums = np.cumsum(batches[::-1])[::-1]
    squares = np.cumsum(batches[::-1] ** 2)[::-1]
    statistic = np.maximum(squares - sums**2 / kept, 0.0) / kept.astype(np.float64) ** 2
    statistic = statistic[: n - _KEPT_BATCHES]
    return Warming(int(np.argmin(statistic)) * BATCH, len(means), statistic)


def compute_welch(series: Floats, window: int) -> Floats:
    """Return Welch's moving average, to see with the eye where a series settles.

    Parameters
    ----------
    series
        As in `find_warming`; the mean of replications is smoothed.
    window
        Observations on either side; fewer at the beginning, as many as there are before.

    Returns
    -------
    Floats
        Shape (time - window,).
    """
    means = _average(series)
    if not 0 <= window < len(means) / 2:
        raise _refuse(f"a window of {window}", "at least 0, less than half the series", "state another")
    sums = np.concatenate(([0.0], np.cumsum(means)))
    middle = np.arange(len(means) - window)
    reach = np.minimum(middle, window)
    average: Floats = (sums[middle + reach + 1] - sums[middle - reach]) / (2 * reach + 1)
    return average


def find_settling(series: Floats, window: int, tolerance: float) -> int | None:
    """Return from where Welch's average stays near the mean of the second half: a check of MSER-5.

    Parameters
    ----------
    series, window
        As in `compute_welch`.
    tolerance
        How near, as a share of that mean.

    Returns
    -------
    int | None
        Observations before; None if the last of them still is farther away.
    """
    average = compute_welch(series, window)
    means = _average(series)
    level = float(means[len(means) // 2 :].mean())
    away = np.flatnonzero(np.abs(average - level) > tolerance * abs(level))
    first = int(away[-1]) + 1 if len(away) else 0
    return first if first < len(average) else None


def _average(series: Floats) -> Floats:
    array = np.asarray(series, dtype=np.float64)
    means: Floats = array.mean(axis=0) if array.ndim == 2 else array
    if means.ndim != 1 or not np.isfinite(means).all():
        raise _refuse(
            f"an array of shape {array.shape} with {np.isfinite(array).sum()} finite numbers",
            "finite numbers in order of time",
            "leave out what has gaps",
        )
    return means


def _refuse(got: str, expected: str, fix: str) -> InputError:
    return InputError(code="TWN-033", where="series of a warm-up", got=got, expected=expected, fix=fix)
