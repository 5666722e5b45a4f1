"""How sure a figure is: Student's interval of a mean, of a paired difference, and of a quantile."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation import InputError

Floats = NDArray[np.float64]
Values = Sequence[float] | Floats

LEVEL = 0.95  # structure: the customary confidence level where nobody asks for another


@dataclass(frozen=True)
class Interval:
    """An estimate and the bounds it lies between, in the unit of the values."""

    value: float
    low: float
    high: float
    n: int
    """Values it was made of."""
    level: float
    """Confidence, 0 to 1."""

    @property
    def half_width(self) -> float:
        """Half the distance between the bounds."""
        return (self.high - self.low) / 2

    @property
    def excludes_zero(self) -> bool:
        """Whether nought lies outside, so that the sign is sure at this level."""
        return self.low > 0 or self.high < 0

    def contains(self, value: float) -> bool:
        """Tell whether a value lies between the bounds."""
        return self.low <= value <= self.high


def compute_mean(values: Values, level: float = LEVEL) -> Interval:
    """Return the mean of independent values with Student's interval.

    Parameters
    ----------
    values
        One from each replication; shape (n,).
    level
        Confidence, between 0 and 1.

    Returns
    -------
    Interval
        Of infinite width for a single value.

    Raises
    ------
    InputError
        There is no value, or one is not finite, or the level is not between 0 and 1.
    """
    checked = check_values(values, level)
    mean = float(checked.mean())
    n = len(checked)
    spread = float(checked.std(ddof=1)) if n > 1 else math.inf
    half = compute_half_width(spread, n, level)
    return Interval(mean, mean - half, mean + half, n, level)


def compute_half_width(sd: float, n: int, level: float = LEVEL) -> float:
    """Return the half-width of Student's interval of a mean, from the standard deviation of n values."""
    if n <= 1:
        return math.inf
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, (1 + level) / 2)) * sd / math.sqrt(n)


def compute_difference(before: Values, after: Values, level: float = LEVEL) -> Interval:
    """Return ``after - before``, pair by pair, with Student's interval.

    Under common random numbers pairs move together, and the interval is far narrower than that of two
    means side by side.

    Parameters
    ----------
    before, after
        The same replications of two scenarios in the same order; shape (n,) each.
    level
        Confidence, between 0 and 1.

    Raises
    ------
    InputError
        The two are not of one length, or as in `compute_mean`.
    """
    if len(before) != len(after):
        raise InputError(
            code="TWN-031",
            where="paired difference",
            got=f"{len(before)} and {len(after)} values",
            expected="the same replications of both scenarios",
            fix="compare those replications that both have",
        )
    return compute_mean(np.asarray(after, np.float64) - np.asarray(before, np.float64), level)


def compute_quantile(values: Values, share: float, level: float = LEVEL) -> Interval:
    """Return a quantile with the interval that order statistics give, whatever the distribution.

    The bounds are two of the values themselves: how many values lie below the true quantile is binomial.
    Where there are too few values for a bound it is infinite.

    Parameters
    ----------
    values
        Independent values; shape (n,).
    share
        The share of the distribution below the quantile, between 0 and 1.
    level
        Least confidence, half of the rest on either side.

    Raises
    ------
    InputError
        `share` is not between 0 and 1, or as in `compute_mean`.
    """
    ordered = np.sort(check_values(values, level))
    if not 0 < share < 1:
        raise InputError(
            code="TWN-030",
            where="quantile",
            got=f"a share of {share}",
            expected="a share between 0 and 1",
            fix="state another",
        )
    from scipy.special import bdtr

    n = len(ordered)
    below = bdtr(np.arange(n, dtype=np.float64), n, share)  # below[k]: at most k values lie below it
    tail = (1 - level) / 2
    lower = int(np.searchsorted(below, tail, side="right")) - 1
    upper = int(np.searchsorted(below, 1 - tail, side="left"))
    low = float(ordered[lower]) if lower >= 0 else -math.inf
    high = float(ordered[upper]) if upper < n else math.inf
    return Interval(float(np.quantile(ordered, share)), low, high, n, level)


def check_values(values: Values, level: float) -> Floats:
    """Return the values as an array, having refused what no interval can be made of."""
    array = np.asarray(values, dtype=np.float64)
    finite = array.ndim == 1 and len(array) > 0 and bool(np.isfinite(array).all())
    if finite and 0 < level < 1:
        return array
    raise InputError(
        code="TWN-030",
        where="interval",
        got=f"{np.isfinite(array).sum()} of {array.size} values finite, a level of {level}",
        expected="at least one value, all of them finite, in one row, and a level between 0 and 1",
        fix="leave out replications that do not have the figure",
    )
