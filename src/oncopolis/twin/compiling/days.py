"""`Days`: the days of a run, with weekdays, working days, and when each calendar is open."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre import Centre
from oncopolis.centre.calendar import WEEKDAYS, Calendar, list_holidays
from oncopolis.foundation.units import DAYS_PER_WEEK, MS_PER_DAY, MS_PER_MINUTE

Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
TICK = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Hours:
    """Opening hours of one calendar on an open day, ticks of the day."""

    opens: int
    closes: int
    break_from: int
    break_to: int
    ends: int
    """Last tick at which something is started, overtime included."""


@dataclass(frozen=True)
class Days:
    """Days from `first` on.

    Parameters
    ----------
    centre
        Definition with its practice and country.
    first
        Day 0.
    n
        How many days there are, those beyond the run for bookings included.
    """

    centre: Centre
    first: date
    n: int

    @cached_property
    def weekday(self) -> Longs:
        """Weekday of each day, Monday 0."""
        return (np.arange(self.n) + self.first.weekday()) % DAYS_PER_WEEK

    @cached_property
    def year(self) -> Longs:
        """Calendar year of each day."""
        origin = np.datetime64(self.first)
        dates = origin + np.arange(self.n)
        years: Longs = (
            dates.astype("datetime64[Y]").astype(np.int64) + 1970
        )  # structure: numpy counts from it
        return years

    @cached_property
    def spans(self) -> list[tuple[int, slice]]:
        """Calendar years, each with its days."""
        years, firsts = np.unique(self.year, return_index=True)
        ends = [*firsts[1:].tolist(), self.n]
        return [
            (int(year), slice(first, end))
            for year, first, end in zip(years, firsts.tolist(), ends, strict=True)
        ]

    @cached_property
    def month(self) -> Longs:
        """Month of each day, January 0."""
        dates = np.datetime64(self.first) + np.arange(self.n)
        months: Longs = dates.astype("datetime64[M]").astype(np.int64) % 12  # structure: months a year
        return months

    @cached_property
    def holiday(self) -> Flags:
        """Whether each day is a public holiday."""
        flags = np.zeros(self.n, dtype=bool)
        last = self.first + timedelta(days=self.n - 1)
        for year in range(self.first.year, last.year + 1):
            for day in list_holidays(self.centre.country, year):
                at = (day - self.first).days
                if 0 <= at < self.n:
                    flags[at] = True
        return flags

    @cached_property
    def working(self) -> Flags:
        """Monday to Friday less public holidays."""
        return self.list_open(self.centre.get_working_week())

    def list_open(self, calendar: Calendar) -> Flags:
        """Return on which days a calendar is open."""
        wanted = np.array([day in calendar.days for day in WEEKDAYS])
        flags: Flags = wanted[self.weekday]
        return flags & ~self.holiday if calendar.holidays == "closed" else flags

    def find_first(self, year: int) -> int:
        """Return the first day of a calendar year, 0 if the run begins later."""
        return max((date(year, 1, 1) - self.first).days, 0)


def read_clock(at: time) -> int:
    """Return the tick of the day of a clock time."""
    passed = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
    return passed // TICK


def read_hours(calendar: Calendar) -> Hours:
    """Return the opening hours of a calendar; the break is in their middle."""
    opens = read_clock(calendar.opens)
    closes = MS_PER_DAY if calendar.closes is None else read_clock(calendar.closes)
    pause = calendar.breaks_min * MS_PER_MINUTE
    middle = (opens + closes) // 2
    ends = closes + calendar.overtime_min * MS_PER_MINUTE
    return Hours(opens, closes, middle - pause // 2, middle - pause // 2 + pause, ends)
