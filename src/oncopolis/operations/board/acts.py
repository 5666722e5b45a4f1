"""What a board does with cases: put on the agenda, postponed, withdrawn, decided."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field

from oncopolis.centre.number import Identifier
from oncopolis.foundation import ConflictError, ForbiddenError, Frozen, InputError
from oncopolis.operations.board.agenda import Cases
from oncopolis.operations.board.views import Case, Postponed, Present
from oncopolis.operations.booking.asking import Id
from oncopolis.operations.courses.branching import (
    MANY,
    Answer,
    get_open,
    get_question,
    make_choice,
)
from oncopolis.operations.courses.changing import (
    Adding,
    Changing,
    Replacing,
    Skipping,
    Timing,
    check_reason,
)
from oncopolis.operations.courses.deciders import BOARD, PATIENT, name_person
from oncopolis.operations.courses.doing import add_done
from oncopolis.operations.courses.indexes import Posts
from oncopolis.operations.courses.telling import Text, tell_course
from oncopolis.operations.courses.trail import WHOLE, Done
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.walking import answer
from oncopolis.operations.courses.way_record import Way
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.lines import make_line
from oncopolis.record.store.journal import JournalLine


class PutOnAgenda(Frozen):
    """A patient is to be discussed by a board."""

    course: Id
    """Course."""
    board: Identifier = BOARD
    """Which board: an activity of the definition that needs no patient."""
    day: date
    """When."""
    question: Text = ""
    """What it is about."""
    by: Id | None = None
    """Practitioner who asks, where the office of the board or a program tells."""


class OfCase(Frozen):
    """A case on the agenda."""

    case: Id
    """Case."""
    by: Id | None = None
    """Practitioner in whose name it is told, where the office of the board or a program tells."""


class Postpone(OfCase):
    """A case is discussed on a later day."""

    day: date
    """When instead."""
    reason: Text
    """Why, such as a report that is missing."""


class Withdraw(OfCase):
    """A case is taken off the agenda."""

    reason: Text
    """Why."""


class Member(Frozen):
    """Somebody at the discussion."""

    practitioner: Id
    """Practitioner."""
    role: Identifier
    """Role of the definition they are there as."""


class DecideCase(OfCase):
    """What a board has decided."""

    present: Annotated[tuple[Member, ...], Field(min_length=1, max_length=MANY)]
    """Who was there."""
    answers: Annotated[tuple[Answer, ...], Field(max_length=MANY)] = ()
    """Questions of the pathway that it answers, the next one and those further on."""
    changes: Annotated[tuple[Skipping | Replacing | Timing | Adding, ...], Field(max_length=MANY)] = ()
    """Steps that are skipped, replaced, done more or less often, or added; with reasons."""
    summary: Text = ""
    """In a few words."""
    despite: Text = ""
    """Why it is decided although a role of the board is missing."""


def put_on_agenda(floor: Floor, asked: PutOnAgenda, moment: Moment) -> Decision:
    """Put a patient on the agenda of a board."""
    course = get_open(floor, asked.course)
    person = name_person(moment, asked.by, f"CarePlan/{course.id}", may_be_told=True)
    if floor.house.get_card(asked.board).is_contact:
        raise InputError(
            code="OPS-171", where=f"activity {asked.board}", got="something a patient comes for",
            expected="a discussion of a board", fix="choose the board's activity",
        )  # fmt: skip
    known = next((one for one in floor.index(Cases).list_of(course.id) if one.board == asked.board), None)
    if known is not None:
        raise ConflictError(
            code="OPS-170", where=f"Task/{known.id}", got=f"already on the agenda of {known.day}",
            expected="one discussion at a time", fix="postpone that one",
        )  # fmt: skip
    _check_day(asked.day, moment)
    case = Case(
        id=moment.make_id(),
        patient=course.patient,
        course=course.id,
        board=asked.board,
        day=asked.day,
        question=asked.question,
        asked_ms=moment.at_ms,
        asked_by=person,
    )
    return Decision((case,), answer={"case": case.id, "day": case.day.isoformat()})


def postpone(floor: Floor, asked: Postpone, moment: Moment) -> Decision:
    """Discuss a case on a later day."""
    case = _get_listed(floor, asked.case)
    name_person(moment, asked.by, f"Task/{case.id}", may_be_told=True)
    reason = check_reason(asked.reason, f"Task/{case.id}")
    _check_day(asked.day, moment, after=case.day)
    case = replace(case, day=asked.day, postponed=(*case.postponed, Postponed(case.day, reason)))
    return Decision((case,), answer={"case": case.id, "day": case.day.isoformat()})


def withdraw(floor: Floor, asked: Withdraw, moment: Moment) -> Decision:
    """Take a case off the agenda."""
    case = _get_listed(floor, asked.case)
    name_person(moment, asked.by, f"Task/{case.id}", may_be_told=True)
    reason = check_reason(asked.reason, f"Task/{case.id}")
    return Decision((replace(case, state="withdrawn", reason=reason),), answer={"case": case.id})


def decide_case(floor: Floor, asked: DecideCase, moment: Moment) -> Decision:
    """Record what a board decided: the course goes on with it, all of it or nothing."""
    case = _get_listed(floor, asked.case)
    course = get_open(floor, case.course)
    way = get_way(floor, course)
    person = name_person(moment, asked.by, f"Task/{case.id}", may_be_told=True)
    present = _check_present(floor, case, asked)
    course, lines = _finish_discussion(floor, way, course, case, moment)
    for one in asked.answers:
        question = get_question(way, course, one)
        if question.decider not in (BOARD, "", PATIENT, *(member.role for member in present)):
            raise ForbiddenError(
                code="OPS-175", where=f"step {one.step}", got=f"a decision of {question.decider}",
                expected=f"somebody of {question.decider} at the discussion",
                fix="have that role decide it, or be present",
            )  # fmt: skip
        course = answer(way, course, make_choice(question, one, moment.at_ms, person, case.board, case.id))
    changing = Changing(floor, way, moment, person)
    for change in asked.changes:
        course = changing.change(course, change)
    case = replace(
        case,
        state="decided",
        present=present,
        decided_ms=moment.at_ms,
        answers=tuple(f"{one.step}|{one.part}|{one.to}" for one in asked.answers),
        summary=asked.summary,
        despite=asked.despite,
    )
    return Decision((case, course), lines=lines, answer={"case": case.id, **tell_course(way, course)})


def _get_listed(floor: Floor, id_: str) -> Case:
    case = floor.get(Case, id_)
    if not case.is_open:
        raise ConflictError(
            code="OPS-172", where=f"Task/{id_}", got=f"a case that is {case.state}",
            expected="one on the agenda", fix="put the patient on the agenda again",
        )  # fmt: skip
    return case


def _check_day(day: date, moment: Moment, after: date | None = None) -> None:
    is_late_enough = day >= moment.day if after is None else day > after and day >= moment.day
    if not is_late_enough or not moment.house.is_workday(day):
        raise InputError(
            code="OPS-173", where="agenda", got=f"{day}",
            expected=f"a working day{'' if after is None else f' after {after}'} that is still to come",
            fix="choose another day",
        )  # fmt: skip


def _check_present(floor: Floor, case: Case, asked: DecideCase) -> tuple[Present, ...]:
    """Return who was there; every role of the board has to be, or somebody says why not."""
    posts = floor.index(Posts)
    for member in asked.present:
        if not posts.has(member.practitioner, member.role):
            raise InputError(
                code="OPS-174", where=f"Task/{case.id}",
                got=f"Practitioner/{member.practitioner}, who holds no post of {member.role}",
                expected="members in roles they hold", fix="correct who was present",
            )  # fmt: skip
    resources = floor.house.centre.resources
    holds = floor.house.get_card(case.board).holds
    roles = {member.role for member in asked.present}
    missing = [one for one in holds if resources[one].kind == "role" and one not in roles]
    if missing and not asked.despite.strip():
        raise InputError(
            code="OPS-176", where=f"Task/{case.id}", got=f"nobody of {', '.join(missing)}",
            expected="all roles of the board",
            fix="postpone it, or say in `despite` why it is decided all the same",
        )  # fmt: skip
    return tuple(Present(f"Practitioner/{one.practitioner}", one.role) for one in asked.present)


def _finish_discussion(
    floor: Floor, way: Way, course: Course, case: Case, moment: Moment
) -> tuple[Course, tuple[JournalLine, ...]]:
    """Let the step at which the board discusses be done, if the course is there."""
    for mark in course.list_open():
        step = way.steps.get(mark.step)
        if step is None or case.board not in {errand.activity for errand in step.errands}:
            continue
        activity = case.board if mark.wanted else WHOLE
        done = Done(moment.at_ms, moment.day, activity, f"Task/{case.id}")
        line = make_line(
            course.patient, case.board, moment.at_ms, "done", pathway=course.pathway, step=mark.step,
            asked_ms=case.asked_ms,
        )  # fmt: skip
        return add_done(way, course, mark, done, floor.house), (line,)
    return course, ()


PUT_ON_AGENDA = Act("put_on_agenda", PutOnAgenda, put_on_agenda, ("Task",))
POSTPONE = Act("postpone", Postpone, postpone, ("Task",))
WITHDRAW = Act("withdraw_case", Withdraw, withdraw, ("Task",))
DECIDE_CASE = Act("decide_case", DecideCase, decide_case, ("Task", "CarePlan"))
