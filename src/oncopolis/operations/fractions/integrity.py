"""Integrity of a course of fractions: how many were given, days missed, and how much longer it takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from oncopolis.operations.courses.trail import Mark
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.way import Step
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.floor import Floor
from oncopolis.operations.fractions.gaps import Category, find_category, get_limit_days
from oncopolis.operations.house import House
from oncopolis.operations.radiation import is_fraction


@dataclass(frozen=True, slots=True)
class Integrity:
    """A course of fractions that has begun.

    Parameters
    ----------
    n_done, n_planned
        Fractions.
    first
        Day of the first one.
    missed
        Days on which one was due and none was given; a second one on another day makes up for one.
    planned_last, last
        Day of the last one as it was when it began, and as it is if no other is missed.
    limit_days
        By how much it may become longer.
    """

    course: Course
    mark: Mark
    category: Category
    n_done: int
    n_planned: int
    first: date
    missed: int
    planned_last: date
    last: date
    limit_days: int

    @property
    def longer_days(self) -> int:
        """By how many days the whole course becomes longer."""
        return max((self.last - self.planned_last).days, 0)

    @property
    def is_past_limit(self) -> bool:
        """Whether that is more than it may be."""
        return self.longer_days > self.limit_days


def list_integrity(floor: Floor, today: date) -> list[Integrity]:
    """Return the courses of fractions that go on: those past their limit first, then the longest overdue."""
    found = [one for course in floor.list(Course) for one in read_course(floor, course, today)]
    return sorted(
        found, key=lambda one: (not one.is_past_limit, one.limit_days - one.longer_days, one.course.id)
    )


def read_course(floor: Floor, course: Course, today: date) -> Iterator[Integrity]:
    """Yield the courses of fractions of somebody: a step that is done several times, from its first on."""
    marks = [mark for mark in course.list_open() if mark.times > 1 and mark.n_done]
    if not any(is_fraction(floor.house, activity) for mark in marks for activity, _ in mark.wanted):
        return
    way = get_way(floor, course)
    for mark in marks:
        step = way.steps.get(mark.step)
        if step is not None and any(is_fraction(floor.house, activity) for activity, _ in mark.wanted):
            yield _judge(floor.house, course, mark, step, today)


def _judge(house: House, course: Course, mark: Mark, step: Step, today: date) -> Integrity:
    days = sorted(done.day for done in mark.done)
    first, n_done = days[0], mark.n_done
    planned = _list_days(house, step, first, mark.times)
    n_due = sum(day < today for day in planned)
    n_today = sum(day == today for day in days)
    n_before = n_done - min(n_today, n_done)
    start = today if not n_today else today + timedelta(days=1)
    left = _list_days(house, step, start, mark.times - n_done)
    last = left[-1] if left else days[-1]
    category = find_category(course, mark.step)
    return Integrity(
        course, mark, category, n_done, mark.times, first, max(n_due - n_before, 0), planned[-1], last,
        get_limit_days(house, category),
    )  # fmt: skip


def _list_days(house: House, step: Step, first: date, n: int) -> list[date]:
    """Return the days of so many fractions from a day on, as the pathway spaces them."""
    found: list[date] = []
    day, gap = first, max(step.every_days, 1)
    while len(found) < n:
        if not step.workdays or house.is_workday(day):
            found.append(day)
            day = _pass_days(house, step, day, gap)
        else:
            day += timedelta(days=1)
    return found


def _pass_days(house: House, step: Step, day: date, gap: int) -> date:
    if not step.workdays:
        return day + timedelta(days=gap)
    left = gap
    while left:
        day += timedelta(days=1)
        left -= house.is_workday(day)
    return day
