"""`Values`: coefficients as plain numbers, and their spread from case to case as rows of a table."""

import math
from collections.abc import Callable

from oncopolis.centre import Coefficient, Project
from oncopolis.centre.context import make_context
from oncopolis.centre.number import Number
from oncopolis.evidence import Row
from oncopolis.foundation.kernels.variates import (
    EXPONENTIAL,
    FIXED,
    GAMMA,
    LOGNORMAL,
    NORMAL,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
)
from oncopolis.foundation.units import (
    DAYS_PER_WEEK,
    DAYS_PER_YEAR,
    MONTHS_PER_YEAR,
    MS_PER_DAY,
    MS_PER_HOUR,
    MS_PER_MINUTE,
)
from oncopolis.twin.compiling.columns import Columns

TICKS: dict[str, float] = {
    "min": MS_PER_MINUTE,
    "hour": MS_PER_HOUR,
    "day": MS_PER_DAY,
    "week": MS_PER_DAY * DAYS_PER_WEEK,
    "month": MS_PER_DAY * DAYS_PER_YEAR / MONTHS_PER_YEAR,
    "year": MS_PER_DAY * DAYS_PER_YEAR,
}
"""Unit of time -> ticks."""

_HALVINGS = 60  # structure: bisection steps, the last one below any rounding


class Values:
    """Coefficients of one project, each read once."""

    def __init__(self, project: Project, columns: Columns) -> None:
        self.project, self.columns = project, columns
        self._rows: dict[tuple[object, ...], int] = {}

    def resolve(self, number: int | Number | None, *path: str) -> Coefficient | None:
        """Return the coefficient written at a path of the definition; None if there is none."""
        if number is None:
            return None
        return self.project.resolver.resolve(number, path, make_context(self.project.centre))

    def find_row(self, coefficient: Coefficient | None) -> Row | None:
        """Return the evidence row; None for a plain number."""
        return None if not isinstance(coefficient, str) else self.project.evidence.get_row(coefficient)

    def get(self, coefficient: Coefficient | None, missing: float = -1.0) -> float:
        """Return the central value in its row's unit; `missing` where there is none."""
        if coefficient is None:
            return missing
        row = self.find_row(coefficient)
        return float(coefficient) if row is None else row.value

    def get_ticks(self, coefficient: Coefficient | None, missing: float = 0.0) -> float:
        """Return the mean of a time, ticks."""
        row = self.find_row(coefficient)
        return missing if row is None else row.value * TICKS[row.unit]

    def add_time(self, coefficient: Coefficient | None, otherwise: int = FIXED) -> int:
        """Return the row of a time's distribution, ticks; -1 if there is no time.

        Parameters
        ----------
        coefficient
            Key of the time.
        otherwise
            Family of a time whose row states none.
        """
        row = self.find_row(coefficient)
        if row is None:
            return -1
        return self._add(row, TICKS[row.unit], otherwise)

    def add_count(self, coefficient: Coefficient | None) -> int:
        """Return the row of a number's distribution; -1 if it is stated without one."""
        row = self.find_row(coefficient)
        if row is None or row.distribution is None or row.distribution.family == "fixed":
            return -1
        return self._add(row, 1.0, FIXED)

    def _add(self, row: Row, scale: float, otherwise: int) -> int:
        found = find_parameters(row, scale, otherwise)
        if found not in self._rows:
            kind, a, b, c = found
            self._rows[found] = self.columns.count("di_kind")
            self.columns.add(di_kind=kind, di_a=a, di_b=b, di_c=c)
        return self._rows[found]


def find_parameters(row: Row, scale: float, otherwise: int) -> tuple[int, float, float, float]:
    """Return family and parameters of a row's distribution, times `scale`; see `variates.variate`."""
    mean = row.value * scale
    spread = row.distribution
    if spread is None:
        return otherwise, mean, 0.0, 0.0
    family = spread.family
    if family == "exponential":
        return EXPONENTIAL, mean, 0.0, 0.0
    if spread.low is not None and spread.high is not None:
        low, high = spread.low * scale, spread.high * scale
        if family == "uniform":
            return UNIFORM, low, high, 0.0
        return TRIANGULAR, low, spread.compute_mode(row.value) * scale, high
    sd = spread.sd * scale if spread.sd is not None else (spread.cv or 0.0) * abs(mean)
    if family == "fixed" or sd == 0.0:
        return FIXED, mean, 0.0, 0.0
    return *_FROM_MOMENTS[family](mean, sd), 0.0 if family != "triangular" else mean + sd * math.sqrt(
        6.0
    )  # structure: half-width


def _to_lognormal(mean: float, sd: float) -> tuple[int, float, float]:
    variance = math.log1p((sd / mean) ** 2)
    return LOGNORMAL, math.log(mean) - variance / 2, math.sqrt(variance)


def _to_weibull(mean: float, sd: float) -> tuple[int, float, float]:
    shape = _find_weibull_shape(sd / mean)
    return WEIBULL, mean / math.gamma(1 + 1 / shape), shape


def _to_uniform(mean: float, sd: float) -> tuple[int, float, float]:
    half = sd * math.sqrt(3.0)  # structure: half-width of a flat distribution
    return UNIFORM, mean - half, mean + half


_FROM_MOMENTS: dict[str, Callable[[float, float], tuple[int, float, float]]] = {
    "lognormal": _to_lognormal,
    "weibull": _to_weibull,
    "uniform": _to_uniform,
    "gamma": lambda mean, sd: (GAMMA, (mean / sd) ** 2, sd**2 / mean),
    "normal": lambda mean, sd: (NORMAL, mean, sd),
    "triangular": lambda mean, sd: (TRIANGULAR, mean - sd * math.sqrt(6.0), mean),  # structure: half-width
}
"""Family -> code and parameters from mean and standard deviation."""


def _find_weibull_shape(cv: float) -> float:
    """Return the shape whose coefficient of variation is `cv`, by bisection."""
    low, high = 0.05, 500.0  # structure: beyond any use
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        first, second = math.gamma(1 + 1 / middle), math.gamma(1 + 2 / middle)
        wide = second / first**2 - 1 > cv**2
        low, high = (middle, high) if wide else (low, middle)
    return (low + high) / 2
