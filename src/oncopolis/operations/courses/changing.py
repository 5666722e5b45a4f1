"""Steps that go otherwise than the pathway says: left out, added, replaced, done more or less often.

Each needs a reason and is kept as a variance, so that it can be counted why pathways are not followed.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, TypeAlias

from pydantic import Field

from oncopolis.centre.number import Identifier
from oncopolis.foundation import ConflictError, Frozen, InputError, NotFoundError
from oncopolis.operations.booking.asking import Id, Words
from oncopolis.operations.booking.trips import MOST_STOPS
from oncopolis.operations.booking.views import Window
from oncopolis.operations.courses.branching import get_open, may_come
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


class Skipping(Frozen):
    """A step is left out for this patient."""

    step: Words
    """Step that is due, or one further on."""
    reason: Text
    """Why."""


class Adding(Frozen):
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
    reason: Text
    """Why."""


class Replacing(Frozen):
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
    reason: Text
    """Why."""


class Timing(Frozen):
    """A repeated step is done more or less often than usual."""

    step: Words
    """Step that is due or under way."""
    times: Times
    """How often in all."""
    reason: Text
    """Why."""


Change: TypeAlias = Skipping | Adding | Replacing | Timing


class Changed(Frozen):
    """Which course is changed, and by whom."""

    course: Id
    """Course."""
    by: Id | None = None
    """Practitioner who decided it, where a program tells."""


class SkipStep(Changed, Skipping):
    """A step of a course is left out."""


class AddStep(Changed, Adding):
    """Something is added to a course."""


class ReplaceStep(Changed, Replacing):
    """A step of a course is replaced."""


class SetTimes(Changed, Timing):
    """A step of a course is done more or less often."""


@dataclass(frozen=True, slots=True)
class Changing:
    """Changes a course that is open.

    Parameters
    ----------
    person
        In whose name, ``Practitioner/<id>``.
    """

    floor: Floor
    way: Way
    moment: Moment
    person: str

    def change(self, course: Course, asked: Change) -> Course:
        """Return the course as it is with a change."""
        if isinstance(asked, Skipping):
            return self._skip(course, asked)
        if isinstance(asked, Adding):
            return self._add(course, asked)
        if isinstance(asked, Replacing):
            return self._replace(course, asked)
        return self._set_times(course, asked)

    def _skip(self, course: Course, asked: Skipping) -> Course:
        """Leave a step out; what is booked for it has to be cancelled first."""
        mark = _get_unfinished(self.way, course, asked.step)
        _check_decided(self.way, course, mark)
        booked = self.floor.index(Booked).list_of(course.id)
        taken = [booking.id for booking in booked if booking.step in (mark.id, mark.step or mark.id)]
        if taken:
            raise ConflictError(
                code="OPS-086", where=f"step {mark.id}", got=f"appointments {', '.join(sorted(taken))}",
                expected="nothing that is booked for it", fix="cancel them first",
            )  # fmt: skip
        skipped = self._tell(replace(mark, status="skipped"), "skipped", asked.reason)
        course = put_mark(course, skipped)
        is_due = mark.window is not None and mark.step == course.at
        return leave(self.way, course, skipped, is_done=False) if is_due else course

    def _add(self, course: Course, asked: Adding) -> Course:
        mark = replace(self._make(course, asked), window=_make_window(course, asked, self.moment))
        return put_mark(course, self._tell(mark, "added", asked.reason))

    def _replace(self, course: Course, asked: Replacing) -> Course:
        mark = _get_unfinished(self.way, course, asked.step)
        if mark.window is None or not mark.step:
            raise ConflictError(
                code="OPS-087", where=f"step {mark.id}", got="a step that is not due",
                expected="the one the course is at", fix="wait until it is due, or skip it and add another",
            )  # fmt: skip
        made = self._make(course, asked)
        made = replace(made, window=mark.window, instead_of=mark.id, has_effect=asked.has_effect)
        course = put_mark(course, self._tell(replace(mark, status="replaced"), "replaced", asked.reason))
        return put_mark(course, made)

    def _set_times(self, course: Course, asked: Timing) -> Course:
        """Let a step be done more or less often; one that has been done often enough is done."""
        mark = _get_unfinished(self.way, course, asked.step)
        if asked.times < mark.n_done:
            raise InputError(
                code="OPS-088", where=f"step {mark.id}", got=f"{asked.times} times",
                expected=f"at least {mark.n_done}: so often it was done", fix="correct the number",
            )  # fmt: skip
        mark = self._tell(replace(mark, times=asked.times), "times", asked.reason)
        return close_mark(self.way, course, mark) if mark.n_done == mark.times else put_mark(course, mark)

    def _make(self, course: Course, asked: Adding | Replacing) -> Mark:
        for activity in asked.activities:
            self.floor.house.get_card(activity)
        number = sum(not mark.step for mark in course.marks) + 1
        counted = Counter(asked.activities)
        return Mark(f"added-{number}", "", asked.label, None, asked.times, tuple(counted.items()))

    def _tell(self, mark: Mark, kind: VarianceKind, reason: str) -> Mark:
        told = Variance(kind, self.moment.at_ms, check_reason(reason, f"step {mark.id}"), self.person)
        return replace(mark, variances=(*mark.variances, told))


def change_course(
    floor: Floor, asked: SkipStep | AddStep | ReplaceStep | SetTimes, moment: Moment
) -> Decision:
    """Change a course in one way."""
    course = get_open(floor, asked.course)
    way = get_way(floor, course)
    person = name_person(moment, asked.by, f"CarePlan/{course.id}")
    course = Changing(floor, way, moment, person).change(course, asked)
    return Decision((course,), answer=tell_course(way, course))


def check_reason(reason: str, where: str) -> str:
    """Return a reason; `InputError` if it says nothing (OPS-085)."""
    if not reason.strip():
        raise InputError(
            code="OPS-085", where=where, got="no reason", expected="why it goes otherwise than the pathway",
            fix="give a reason",
        )  # fmt: skip
    return reason


def get_mark(way: Way, course: Course, name: str) -> Mark:
    """Return a step of a course by its name: one that was opened, or one with work that lies ahead.

    Raises
    ------
    NotFoundError
        Neither the course nor its way has such a step (OPS-089).
    """
    mark = find_or_make_mark(way, course, name)
    if mark is not None and course.find_mark(mark.id) is None:
        is_ahead = way.steps[name].is_work and (may_come(way, course, name) or _is_asked(course, name))
        mark = mark if is_ahead else None
    if mark is None:
        raise NotFoundError(
            code="OPS-089", where=f"CarePlan/{course.id}", got=f"step {name:.80}",
            expected="a step of its pathway, or one that was added", fix="look at the steps of the course",
        )  # fmt: skip
    return mark


def _is_asked(course: Course, name: str) -> bool:
    """Whether a course waits for the decision about a step."""
    pending = course.find_pending()
    return pending is not None and (pending.step, pending.part) == (name, "gate")


def _check_decided(way: Way, course: Course, mark: Mark) -> None:
    """Refuse to leave out what somebody has to decide about: that is their answer to give."""
    step = way.steps.get(mark.step)
    if step is None or step.gate is None or course.find_mark(mark.id) is not None:
        return
    raise ConflictError(
        code="OPS-092", where=f"step {mark.id}", got="a step that has to be decided about",
        expected=f"an answer of {step.gate.decider or 'somebody'}: pass", fix="have it decided instead",
    )  # fmt: skip


def _get_unfinished(way: Way, course: Course, name: str) -> Mark:
    mark = get_mark(way, course, name)
    if not mark.is_open:
        raise ConflictError(
            code="OPS-090", where=f"step {mark.id}", got=f"a step that is {mark.status}",
            expected="one that is not over", fix="look at the course as it is now",
        )  # fmt: skip
    return mark


def _make_window(course: Course, asked: Adding, moment: Moment) -> Window:
    latest = asked.latest_days
    if latest is not None and latest < asked.in_days:
        raise InputError(
            code="OPS-091", where=f"CarePlan/{course.id}", got=f"{latest} days, before {asked.in_days}",
            expected="in_days <= latest_days", fix="correct the days",
        )  # fmt: skip
    aim, today = timedelta(days=asked.in_days), moment.day
    return Window(today, today + aim, None if latest is None else today + timedelta(days=latest))


_WRITES = ("CarePlan",)
CHANGES = (
    Act("skip_step", SkipStep, change_course, _WRITES),
    Act("add_step", AddStep, change_course, _WRITES),
    Act("replace_step", ReplaceStep, change_course, _WRITES),
    Act("set_times", SetTimes, change_course, _WRITES),
)
