"""Steps that go otherwise than the pathway says: left out, added, replaced, done more or less often.

Each needs a reason and is kept as a variance, so that it can be counted why pathways are not followed.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, TypeAlias

from pydantic import Field

from oncopolis.centre.number import Identifier
from oncopolis.foundation import ConflictError, Frozen, InputError, NotFoundError
from oncopolis.operations.booking.asking import Id, Words
from oncopolis.operations.booking.trips import MOST_STOPS
from oncopolis.operations.booking.views import Window
from oncopolis.operations.courses.branching import get_open
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.courses.doing import close_mark, find_or_make_mark
from oncopolis.operations.courses.indexes import Booked
from oncopolis.operations.courses.telling import Text, tell_course
from oncopolis.operations.courses.trail import Mark, Variance, VarianceKind
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.walking import leave, put_mark
from oncopolis.operations.courses.way_record import Way
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor

Activities: TypeAlias = Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=MOST_STOPS)]
Times: TypeAlias = Annotated[int, Field(ge=1, le=100)]  # structure: no course has more
Days: TypeAlias = Annotated[int, Field(ge=0, le=3660)]  # structure: ten years


class Change(Frozen):
    """What every change of a course says."""

    course: Id
    """Course."""
    reason: Text
    """Why."""
    by: Id | None = None
    """Practitioner who decided it, where a program tells."""


class SkipStep(Change):
    """A step is left out for this patient."""

    step: Words
    """Step that is due, or one further on."""


class AddStep(Change):
    """Something is done that the pathway does not have, beside it."""

    label: Words
    """What it is called."""
    activities: Activities
    """Activities it takes, in order; at least one."""
    in_days: Days = 0
    """Days from today on which it is aimed at."""
    latest_days: Days | None = None
    """Days from today after which it is late."""
    times: Times = 1
    """How often."""


class ReplaceStep(Change):
    """Something else is done in place of a step; the course goes on once that is done."""

    step: Words
    """Step that is due."""
    label: Words
    """What is done instead."""
    activities: Activities
    """Activities it takes, in order; at least one."""
    times: Times = 1
    """How often."""
    has_effect: bool = True
    """Whether it counts as the step for conditions further on (another operation: yes; none at all: no)."""


class SetTimes(Change):
    """A repeated step is done more or less often than usual."""

    step: Words
    """Step that is due or under way."""
    times: Times
    """How often in all."""


def skip_step(floor: Floor, asked: SkipStep, moment: Moment) -> Decision:
    """Leave a step out; what is booked for it has to be cancelled first."""
    course, way, variance = _begin(floor, asked, moment, "skipped")
    mark = _get_unfinished(way, course, asked.step)
    booked = [booking.id for booking in floor.index(Booked).list_of(course.id) if _is_for(booking.step, mark)]
    if booked:
        raise ConflictError(
            code="OPS-086", where=f"step {mark.id}", got=f"appointments {', '.join(sorted(booked))}",
            expected="nothing that is booked for it", fix="cancel them first",
        )  # fmt: skip
    skipped = _tell(replace(mark, status="skipped"), variance)
    course = put_mark(course, skipped)
    if mark.window is not None and mark.step == course.at:
        course = leave(way, course, skipped, is_done=False)
    return Decision((course,), answer=tell_course(way, course))


def add_step(floor: Floor, asked: AddStep, moment: Moment) -> Decision:
    """Add something beside the way."""
    course, way, variance = _begin(floor, asked, moment, "added")
    window = _make_window(asked, moment)
    mark = _make_added(floor, course, asked.label, asked.activities, asked.times)
    course = put_mark(course, _tell(replace(mark, window=window), variance))
    return Decision((course,), answer=tell_course(way, course))


def replace_step(floor: Floor, asked: ReplaceStep, moment: Moment) -> Decision:
    """Do something else in place of a step that is due."""
    course, way, variance = _begin(floor, asked, moment, "replaced")
    mark = _get_unfinished(way, course, asked.step)
    if mark.window is None or not mark.step:
        raise ConflictError(
            code="OPS-087", where=f"step {mark.id}", got="a step that is not due",
            expected="the one the course is at", fix="wait until it is due, or skip it and add another",
        )  # fmt: skip
    made = _make_added(floor, course, asked.label, asked.activities, asked.times)
    made = replace(made, window=mark.window, instead_of=mark.id, has_effect=asked.has_effect)
    course = put_mark(course, _tell(replace(mark, status="replaced"), variance))
    course = put_mark(course, made)
    return Decision((course,), answer=tell_course(way, course))


def set_times(floor: Floor, asked: SetTimes, moment: Moment) -> Decision:
    """Let a step be done more or less often; one that has been done often enough is done."""
    course, way, variance = _begin(floor, asked, moment, "times")
    mark = _get_unfinished(way, course, asked.step)
    if asked.times < max(mark.n_done, 1):
        raise InputError(
            code="OPS-088", where=f"step {mark.id}", got=f"{asked.times} times",
            expected=f"at least {max(mark.n_done, 1)}: so often it was done", fix="skip the step to end it",
        )  # fmt: skip
    mark = _tell(replace(mark, times=asked.times), variance)
    is_enough = mark.n_done == mark.times
    course = close_mark(way, course, mark) if is_enough else put_mark(course, mark)
    return Decision((course,), answer=tell_course(way, course))


def _begin(floor: Floor, asked: Change, moment: Moment, kind: VarianceKind) -> tuple[Course, Way, Variance]:
    course = get_open(floor, asked.course)
    where = f"CarePlan/{course.id}"
    person = name_person(moment, asked.by, where)
    return (
        course,
        get_way(floor, course),
        Variance(kind, moment.at_ms, check_reason(asked.reason, where), person),
    )


def check_reason(reason: str, where: str) -> str:
    """Return a reason; `InputError` if it says nothing (OPS-085)."""
    if not reason.strip():
        raise InputError(
            code="OPS-085", where=where, got="no reason", expected="why it goes otherwise than the pathway",
            fix="give a reason",
        )  # fmt: skip
    return reason


def get_mark(way: Way, course: Course, name: str) -> Mark:
    """Return a step of a course by its name.

    Raises
    ------
    NotFoundError
        Neither the course nor its way has such a step (OPS-089).
    """
    mark = find_or_make_mark(way, course, name)
    if mark is None:
        raise NotFoundError(
            code="OPS-089", where=f"CarePlan/{course.id}", got=f"step {name:.80}",
            expected="a step of its pathway, or one that was added", fix="look at the steps of the course",
        )  # fmt: skip
    return mark


def _get_unfinished(way: Way, course: Course, name: str) -> Mark:
    mark = get_mark(way, course, name)
    if not mark.is_open:
        raise ConflictError(
            code="OPS-090", where=f"step {mark.id}", got=f"a step that is {mark.status}",
            expected="one that is not over", fix="look at the course as it is now",
        )  # fmt: skip
    return mark


def _make_added(floor: Floor, course: Course, label: str, activities: tuple[str, ...], times: int) -> Mark:
    for activity in activities:
        floor.house.get_card(activity)
    number = sum(not mark.step for mark in course.marks) + 1
    wanted = tuple((activity, activities.count(activity)) for activity in dict.fromkeys(activities))
    return Mark(f"added-{number}", "", label, None, times, wanted)


def _make_window(asked: AddStep, moment: Moment) -> Window:
    latest = asked.latest_days
    if latest is not None and latest < asked.in_days:
        raise InputError(
            code="OPS-091", where=f"CarePlan/{asked.course}", got=f"{latest} days, before {asked.in_days}",
            expected="in_days <= latest_days", fix="correct the days",
        )  # fmt: skip
    aim, today = timedelta(days=asked.in_days), moment.day
    return Window(today, today + aim, None if latest is None else today + timedelta(days=latest))


def _is_for(step: str, mark: Mark) -> bool:
    return bool(step) and step in (mark.id, mark.step)


def _tell(mark: Mark, variance: Variance) -> Mark:
    return replace(mark, variances=(*mark.variances, variance))


_WRITES = ("CarePlan",)
CHANGES = (
    Act("skip_step", SkipStep, skip_step, _WRITES),
    Act("add_step", AddStep, add_step, _WRITES),
    Act("replace_step", ReplaceStep, replace_step, _WRITES),
    Act("set_times", SetTimes, set_times, _WRITES),
)
