"""When a step is due: days counted from the last work done."""

from datetime import date, timedelta

from oncopolis.operations.booking.series import Rhythm, find_next
from oncopolis.operations.booking.views import Window
from oncopolis.operations.courses.trail import NO_DAYS, Carried
from oncopolis.operations.courses.way import Step
from oncopolis.operations.house import House


def carry(carried: Carried, step: Step) -> Carried:
    """Return the days up to a step, with the interval before it.

    Steps that say nothing add nothing; behind one that says when, and not by when at the latest, nothing is
    ever late.
    """
    said = Carried(step.earliest_days, step.target_days, step.latest_days)
    if NO_DAYS in (carried, said):
        return said if carried == NO_DAYS else carried
    is_limited = carried.latest_days is not None and said.latest_days is not None
    return Carried(
        carried.earliest_days + said.earliest_days,
        carried.target_days + said.target_days,
        (carried.latest_days or 0) + (said.latest_days or 0) if is_limited else None,
    )


def make_window(since: date, carried: Carried) -> Window:
    """Return the days so long after one."""
    latest = carried.latest_days
    return Window(
        since + timedelta(days=carried.earliest_days),
        since + timedelta(days=carried.target_days),
        None if latest is None else since + timedelta(days=latest),
    )


def make_next_window(step: Step, last: date, house: House) -> Window:
    """Return when the next occurrence of a repeated step is due; only "not before" is said of it."""
    day = find_next(house, make_rhythm(step), last)
    return Window(day, day)


def make_rhythm(step: Step) -> Rhythm:
    """Return how often a step is done, and every how many days."""
    return Rhythm(step.times, step.every_days, step.workdays)
