"""`Calendar`: when something is open, and how many hours a year that makes."""

import sys
from collections.abc import Callable, Iterable
from datetime import date, time
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, Literal

from pydantic import Field, model_validator

from oncopolis.centre.pattern import Clock
from oncopolis.foundation import Frozen
from oncopolis.foundation.units import DAYS_PER_WEEK, DAYS_PER_YEAR, HOURS_PER_DAY, MINUTES_PER_HOUR

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKING_WEEK = tuple(day for day in WEEKDAYS if day not in ("sat", "sun"))
"""Days counted when somebody says "a working day"."""


class Calendar(Frozen):
    """Weekly opening hours, with public holidays."""

    label: str = ""
    """What it is called."""
    days: tuple[Weekday, ...] = WEEKDAYS
    """Days it is open."""
    opens: Clock = time(0)
    """Opening time, ``08:00``."""
    closes: Clock | None = None
    """Closing time; midnight if left out."""
    holidays: Literal["open", "closed"] = "open"
    """Whether public holidays of the practice's country are worked."""
    breaks_min: Annotated[int, Field(ge=0)] = 0
    """Minutes in the middle of the opening time in which nothing is started, such as a lunch break."""
    overtime_min: Annotated[int, Field(ge=0)] = 0
    """Minutes after closing in which something may still be started for those who wait. For the twin:
    the plan does not count on overtime."""

    @model_validator(mode="after")
    def _opens_at_all(self) -> "Calendar":
        if self.hours_per_day <= 0 or not self.days:
            raise ValueError("`days`, and a closing time after the opening time and its breaks")
        return self

    @property
    def hours_per_day(self) -> float:
        """Open hours of an open day, breaks taken off."""
        closes = HOURS_PER_DAY if self.closes is None else _to_hours(self.closes)
        return closes - _to_hours(self.opens) - self.breaks_min / MINUTES_PER_HOUR

    def compute_days_per_year(self, country: str, year: int) -> float:
        """Open days of a mean year, less the public holidays of `year` that fall on an open day."""
        open_days = DAYS_PER_YEAR * len(self.days) / DAYS_PER_WEEK
        if self.holidays == "open":
            return open_days
        closed = {day for day in list_holidays(country, year) if WEEKDAYS[day.weekday()] in self.days}
        return open_days - len(closed)

    def compute_hours_per_year(self, country: str, year: int) -> float:
        """Open hours of a mean year."""
        return self.compute_days_per_year(country, year) * self.hours_per_day


def _to_hours(clock: time) -> float:
    return clock.hour + clock.minute / MINUTES_PER_HOUR


@cache
def list_holidays(country: str, year: int) -> tuple[date, ...]:
    """Return the public holidays of a country (ISO 3166-1 alpha-3) in one year.

    Source: package `holidays`. A country it does not know has none; the reader reports that.
    """
    of_country = _find_country(country)
    return () if of_country is None else tuple(sorted(of_country(years=year)))


def _find_country(country: str) -> Callable[..., Iterable[date]] | None:
    """Return the calendar of one country without loading those of all others.

    The folder of countries is entered by its path while its own start-up, which imports every country, is
    left out; afterwards it is as if nobody had asked for it.
    """
    from holidays.registry import COUNTRIES

    module = next((name for name, codes in COUNTRIES.items() if country in codes), None)
    folder = import_module("holidays").__path__[0]
    if module is None or "holidays.countries" in sys.modules:
        return getattr(import_module("holidays"), country, None)
    package = ModuleType("holidays.countries")
    package.__path__ = [str(Path(folder) / "countries")]
    sys.modules[package.__name__] = package
    try:
        return getattr(import_module(f"holidays.countries.{module}"), country, None)
    finally:
        del sys.modules[package.__name__]
