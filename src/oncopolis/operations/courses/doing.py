"""What something done means for a course: which step it counts for, and what went otherwise than planned."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Literal

from oncopolis.operations.booking.views import Window
from oncopolis.operations.courses.days import make_next_window
from oncopolis.operations.courses.trail import WHOLE, Done, Mark, Variance, VarianceKind
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.walking import leave, make_mark, put_mark
from oncopolis.operations.courses.way_record import Way
from oncopolis.operations.house import House


def find_or_make_mark(way: Way, course: Course, name: str) -> Mark | None:
    """Return the step that ``name`` (of a mark, or of a step of the way) stands for on a course.

    A step that was not reached yet is marked ahead of its turn; None if the way has no such step.
    """
    named = [mark for mark in course.marks if name in (mark.id, mark.step)]
    opened = next((mark for mark in named if mark.is_open), None)
    if opened is not None or named:
        return opened or named[-1]
    return make_mark(course, way.steps[name]) if name in way.steps else None


def add_done(way: Way, course: Course, mark: Mark, done: Done, house: House) -> Course:
    """Return a course on which something was done for a step; a step that is complete is left."""
    told = tuple(Variance(kind, done.at_ms) for kind in _list_variances(mark, done))
    after = replace(mark, done=(*mark.done, done), variances=(*mark.variances, *told))
    if not mark.is_open:
        return put_mark(course, after)
    if after.n_done < after.times:
        return put_mark(course, _await_next(way, mark, after, done, house))
    return close_mark(way, course, after)


def close_mark(way: Way, course: Course, mark: Mark) -> Course:
    """Return a course on which a step has all it needs; the course goes on if it waited for it."""
    mark = replace(mark, status="done")
    course = put_mark(course, mark)
    if mark.instead_of:
        replaced = course.find_mark(mark.instead_of)
        if replaced is None or not _is_waited_for(course, replaced):
            return course
        return leave(way, course, mark, is_done=mark.has_effect)
    return leave(way, course, mark, is_done=True) if _is_waited_for(course, mark) else course


def want_what_was_done(mark: Mark) -> Mark:
    """Return a step of which nobody said what it takes: what was done is what it takes."""
    activities = dict.fromkeys(done.activity for done in mark.done if done.activity != WHOLE)
    return replace(mark, wanted=tuple((activity, 1) for activity in activities))


def _await_next(way: Way, before: Mark, after: Mark, done: Done, house: House) -> Mark:
    """Return a repeated step with the window of its next occurrence, once one is complete."""
    step = way.steps.get(after.step)
    if after.n_done == before.n_done or after.window is None or step is None:
        return after
    return replace(after, window=make_next_window(step, done.day, house))


def _list_variances(mark: Mark, done: Done) -> Iterator[VarianceKind]:
    if not mark.is_open:
        yield "again"
    elif mark.window is None:
        if not mark.done:
            yield "out_of_order"
    elif (kind := tell_variance(mark.window, done.day)) and not is_explained(mark, kind):
        yield kind


def tell_variance(window: Window, day: date) -> Literal["early", "late"] | None:
    """Tell whether a day is before or behind those on which a step is due."""
    if day < window.earliest:
        return "early"
    return "late" if window.latest is not None and day > window.latest else None


def is_explained(mark: Mark, kind: VarianceKind) -> bool:
    """Whether somebody has said why, before it came so."""
    return any(variance.kind == kind and variance.reason for variance in mark.variances)


def _is_waited_for(course: Course, mark: Mark) -> bool:
    """Whether the course is at this step."""
    return bool(mark.step) and mark.step == course.at and mark.window is not None
