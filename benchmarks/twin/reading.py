"""What the peers read out of a project: the same numbers that the twin compiles, in minutes.

The peers share nothing else with the twin: neither its tables, nor its random numbers, nor its queues.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import log, sqrt

from oncopolis.centre import Project
from oncopolis.centre.calendar import WEEKDAYS, list_holidays
from oncopolis.centre.route import Stop
from oncopolis.foundation.units import convert

MINUTES_A_DAY = 1440
Coefficient = int | str


def read_value(project: Project, coefficient: Coefficient | None, default: float = 0.0) -> float:
    """Return the value of a coefficient as written."""
    if coefficient is None:
        return default
    return float(coefficient) if isinstance(coefficient, int) else project.evidence.get_row(coefficient).value


def read_minutes(project: Project, coefficient: Coefficient | None) -> float:
    """Return the mean of a time, minutes."""
    if coefficient is None or isinstance(coefficient, int):
        return float(coefficient or 0)
    row = project.evidence.get_row(coefficient)
    return convert(row.value, row.unit, "min", coefficient)


@dataclass(frozen=True)
class Time:
    """A time with its spread, minutes; `mu` and `sigma` belong to the logarithm of a lognormal one."""

    family: str
    mean: float
    sd: float

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm."""
        return sqrt(log(1 + (self.sd / self.mean) ** 2))

    @property
    def mu(self) -> float:
        """Mean of the logarithm."""
        return log(self.mean) - self.sigma**2 / 2


def read_time(project: Project, coefficient: Coefficient) -> Time:
    """Return a time with its spread."""
    mean = read_minutes(project, coefficient)
    row = None if isinstance(coefficient, int) else project.evidence.get_row(coefficient)
    spread = row.distribution if row else None
    if spread is None or row is None:
        return Time("fixed", mean, 0.0)
    sd = mean if spread.family == "exponential" else mean * spread.cv if spread.cv is not None else 0.0
    if spread.sd is not None:
        sd = convert(spread.sd, row.unit, "min", str(coefficient))
    return Time(spread.family, mean, sd)


def read_service(project: Project, stop: Stop) -> tuple[Time, tuple[str, ...]]:
    """Return how long the one activity of a step takes and what it holds, one of each."""
    (task,) = stop.tasks
    (phase,) = task.activity.phases
    return read_time(project, phase.duration), tuple(name for name, _ in phase.hold)


def is_open(project: Project, name: str, day: date) -> bool:
    """Return whether a calendar has this day among its open ones."""
    calendar = project.centre.get_calendar(name)
    if WEEKDAYS[day.weekday()] not in calendar.days:
        return False
    return calendar.holidays == "open" or day not in list_holidays(project.centre.country, day.year)


def list_windows(
    project: Project, name: str, start: date, days: int, overtime: bool = True
) -> Iterator[tuple[float, float]]:
    """Yield opening and closing of each open day, minutes from the first midnight; overtime added."""
    calendar = project.centre.get_calendar(name)
    opens = calendar.opens.hour * 60 + calendar.opens.minute
    closes = MINUTES_A_DAY
    if calendar.closes is not None:
        closes = calendar.closes.hour * 60 + calendar.closes.minute
    for i in range(days):
        if is_open(project, name, start + timedelta(days=i)):
            extra = calendar.overtime_min if overtime else 0
            yield i * MINUTES_A_DAY + opens, i * MINUTES_A_DAY + closes + extra
