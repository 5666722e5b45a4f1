"""Ending a course: at its end, or before it with everything that is still booked for it."""

from dataclasses import replace

from oncopolis.centre.pathway import END
from oncopolis.foundation import ConflictError, Frozen
from oncopolis.operations.booking import Booking, give_up, make_agenda, offer_freed
from oncopolis.operations.booking.asking import Id
from oncopolis.operations.booking.making import tell_of
from oncopolis.operations.courses.branching import get_open
from oncopolis.operations.courses.changing import check_reason
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.courses.indexes import Booked
from oncopolis.operations.courses.starting import CLINIC
from oncopolis.operations.courses.telling import Text
from oncopolis.operations.courses.trail import Mark, Variance
from oncopolis.operations.courses.views import Course, make_episode
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor


class EndCourse(Frozen):
    """A course is over: at the end of its pathway, or before it."""

    course: Id
    """Course."""
    reason: Text = ""
    """Why, if it is before the end of its pathway."""
    by: Id | None = None
    """Practitioner who decided it, where a program tells."""
    cancels: bool = False
    """Whether what is still booked and undone goes with it."""
    died: bool = False
    """Whether the patient has died: then nobody is told."""


def end_course(floor: Floor, asked: EndCourse, moment: Moment) -> Decision:
    """End a course; the patient is told of each appointment that goes with it."""
    course = get_open(floor, asked.course)
    where = f"CarePlan/{course.id}"
    person = name_person(moment, asked.by, where)
    open_marks = list(course.list_open())
    booked = sorted(floor.index(Booked).list_of(course.id), key=lambda one: one.id)
    is_early = course.at != END or bool(open_marks)
    if is_early:
        check_reason(asked.reason, where)
    if (booked or is_early) and not asked.cancels:
        _refuse_open(course, open_marks, booked)
    _check_nobody_is_here(booked)
    stopped = Variance("stopped", moment.at_ms, asked.reason, person)
    course = replace(
        course,
        status="revoked" if is_early else "completed",
        ended_ms=max(moment.at_ms, course.started_ms),
        ended_because=asked.reason,
        marks=tuple(_stop(mark, stopped) if mark.is_open else mark for mark in course.marks),
    )
    decision = Decision((course,), (make_episode(course, CLINIC),), answer={"course": course.id})
    if not booked:
        return decision
    agenda = make_agenda(floor, moment.at_ms)
    for booking in booked:
        agenda.give(booking)
    decision += give_up(moment, booked, "died" if asked.died else "course")
    for booking in () if asked.died else booked:
        decision += tell_of(moment, booking, "cancelled")
    return decision + offer_freed(agenda, moment, booked)


def _refuse_open(course: Course, marks: list[Mark], booked: list[Booking]) -> None:
    pending = course.find_pending()
    stands = [
        *(f"step {mark.id}" for mark in marks),
        *([f"the decision at {pending.step}"] if pending is not None else ()),
        *(f"appointment {booking.id}" for booking in booked),
    ]
    raise ConflictError(
        code="OPS-094", where=f"CarePlan/{course.id}", got=f"still open: {', '.join(stands)}",
        expected="nothing open", fix="finish it, or say with `cancels` that it goes with the course",
    )  # fmt: skip


def _check_nobody_is_here(booked: list[Booking]) -> None:
    here = [booking.id for booking in booked if booking.status in ("arrived", "checked-in")]
    if here:
        raise ConflictError(
            code="OPS-095", where=f"Appointment/{here[0]}", got="a patient who is here for it",
            expected="nobody who is waiting or being seen", fix="let it be finished or sent home first",
        )  # fmt: skip


def _stop(mark: Mark, variance: Variance) -> Mark:
    return replace(mark, status="stopped", variances=(*mark.variances, variance))


END_COURSE = Act(
    "end_course", EndCourse, end_course, ("CarePlan", "EpisodeOfCare", "Appointment", "Communication")
)
