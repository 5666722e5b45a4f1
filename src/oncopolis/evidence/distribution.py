"""`Distribution`: how a number spreads from case to case around the mean that its row states."""

from math import isclose
from typing import Annotated, Literal

from pydantic import Field, model_validator

from oncopolis.foundation.frozen import Frozen

Family = Literal["fixed", "exponential", "lognormal", "gamma", "weibull", "normal", "triangular", "uniform"]

_WITHOUT_SPREAD = ("fixed", "exponential")
_BOUNDED = ("triangular", "uniform")
_ABOVE_ZERO = ("exponential", "lognormal", "gamma", "weibull")

ROUNDING = 1e-9  # structure: how far apart two numbers written the same may be


class Distribution(Frozen):
    """Spread from case to case (not the uncertainty of the mean, which is the row's `low` to `high`).

    The mean is the row's value, always. How far cases spread around it is said by the standard deviation
    (`sd` or `cv`), or by the ends of a `triangular` or `uniform` one (`low` and `high`); `fixed` and
    `exponential` need nothing. Durations of a `normal` one are cut at 0.
    """

    family: Family
    """Shape."""
    sd: Annotated[float, Field(ge=0)] | None = None
    """Standard deviation in the row's unit."""
    cv: Annotated[float, Field(ge=0)] | None = None
    """Standard deviation as a share of the mean, in place of `sd`."""
    low: float | None = None
    """Smallest value of a `triangular` or `uniform` one, in the row's unit, in place of `sd`."""
    high: float | None = None
    """Largest value of a `triangular` or `uniform` one, in the row's unit."""

    @model_validator(mode="after")
    def _states_one_spread(self) -> "Distribution":
        stated = [name for name in ("sd", "cv", "low", "high") if getattr(self, name) is not None]
        if self.family in _WITHOUT_SPREAD:
            if stated:
                raise ValueError(f"no `{stated[0]}` for `{self.family}`, whose mean says it all")
        elif self.family in _BOUNDED:
            if stated not in (["sd"], ["cv"], ["low", "high"]):
                raise ValueError(f"either `sd`, or `cv`, or `low` and `high` for `{self.family}`")
        elif stated not in (["sd"], ["cv"]):
            raise ValueError(f"either `sd` or `cv` for `{self.family}`")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"low < high, which {self.low:g} and {self.high:g} are not")
        return self

    def find_misfit(self, mean: float) -> str | None:
        """Return what would fit a mean (in the row's unit) that this distribution cannot have, or None."""
        if self.family in _ABOVE_ZERO and mean < 0:
            return f"a mean of 0 or more for `{self.family}`, which {mean:g} is not"
        if self.cv and mean == 0:
            return "`sd` in place of `cv`, as the mean is 0"
        if self.low is None or self.high is None:
            return None
        if self.family == "uniform":
            middle = (self.low + self.high) / 2
            fits = isclose(mean, middle, rel_tol=ROUNDING, abs_tol=ROUNDING * (self.high - self.low))
            return None if fits else f"the middle of {self.low:g} to {self.high:g} as mean: {middle:g}"
        first, last = (2 * self.low + self.high) / _CORNERS, (self.low + 2 * self.high) / _CORNERS
        slack = ROUNDING * (self.high - self.low)
        if first - slack <= mean <= last + slack:
            return None
        return f"a mean from {first:g} to {last:g}, so that the mode lies in {self.low:g} to {self.high:g}"

    def compute_mode(self, mean: float) -> float:
        """Return the mode of a `triangular` distribution with stated ends, in the row's unit.

        Parameters
        ----------
        mean
            The row's value.
        """
        if self.low is None or self.high is None:
            return mean
        return min(max(_CORNERS * mean - self.low - self.high, self.low), self.high)


_CORNERS = 3  # structure: the mean of a triangle is that of its three corners
