"""How many units of a resource there are, once all phases are open."""

from collections.abc import Iterable, Mapping
from datetime import time

from oncopolis.centre.calendar import WEEKDAYS, Calendar
from oncopolis.centre.equipped import Duty


def count_units(duties: Iterable[Duty], calendars: Mapping[str, Calendar]) -> int:
    """Return the most of a resource that is there at any moment of the week.

    Duties of different hours are often the same unit: a scanner by day and the same one at night.
    """
    known = [(calendars[duty.calendar], duty.n) for duty in duties]
    return max(
        (
            sum(n for calendar, n in known if _is_open(calendar, day, moment))
            for day in WEEKDAYS
            for moment in {calendar.opens for calendar, _ in known}
        ),
        default=0,
    )


def _is_open(calendar: Calendar, day: str, moment: time) -> bool:
    closes = calendar.closes
    return day in calendar.days and calendar.opens <= moment and (closes is None or moment < closes)
