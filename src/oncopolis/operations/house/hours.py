"""When each unit of a resource is open, day by day."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from itertools import pairwise
from typing import TypeAlias

from oncopolis.centre.calendar import WEEKDAYS, Calendar, list_holidays
from oncopolis.centre.equipped import Duty
from oncopolis.foundation.units import HOURS_PER_DAY, MINUTES_PER_HOUR

DAY_MIN = HOURS_PER_DAY * MINUTES_PER_HOUR
Span: TypeAlias = tuple[int, int]
"""Minutes of a local day: from, and up to but not including."""


def is_open(calendar: Calendar, day: date, country: str) -> bool:
    """Whether a calendar opens on a day."""
    if WEEKDAYS[day.weekday()] not in calendar.days:
        return False
    return calendar.holidays == "open" or day not in list_holidays(country, day.year)


def list_spans(calendar: Calendar) -> list[Span]:
    """Return the spans of an open day, the break in its middle taken out."""
    opens = to_minutes(calendar.opens)
    closes = int(DAY_MIN) if calendar.closes is None else to_minutes(calendar.closes)
    if not calendar.breaks_min:
        return [(opens, closes)]
    middle = (opens + closes - calendar.breaks_min) // 2
    return [(opens, middle), (middle + calendar.breaks_min, closes)]


def to_minutes(clock: time) -> int:
    """Return minutes since midnight."""
    return clock.hour * MINUTES_PER_HOUR + clock.minute


def list_open(
    duties: Iterable[Duty], calendars: Mapping[str, Calendar], number: int, day: date, country: str
) -> tuple[Span, ...]:
    """Return when unit ``number`` is open on a day: whenever so many or more are on duty.

    Duties of different hours are often the same unit: a scanner by day and the same one at night.
    """
    spans = [
        (first, end, duty.n)
        for duty in duties
        if is_open(calendars[duty.calendar], day, country)
        for first, end in list_spans(calendars[duty.calendar])
    ]
    edges = sorted({edge for first, end, _ in spans for edge in (first, end)})
    found: list[Span] = []
    for first, end in pairwise(edges):
        if sum(n for begins, ends, n in spans if begins <= first and end <= ends) < number:
            continue
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], end)
        else:
            found.append((first, end))
    return tuple(found)
