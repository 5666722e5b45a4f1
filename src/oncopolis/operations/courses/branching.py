"""Deciding where a course goes on: by the role the pathway names, with reasons, on stated information."""

from typing import Annotated, Final, Literal

from pydantic import Field

from oncopolis.foundation import ConflictError, Frozen, InputError
from oncopolis.operations.booking.asking import Id, Words
from oncopolis.operations.courses.deciders import check_decider, name_person
from oncopolis.operations.courses.telling import Text, tell_course
from oncopolis.operations.courses.trail import Choice
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.walking import answer
from oncopolis.operations.courses.way import Question
from oncopolis.operations.courses.way_record import Way
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor

MANY: Final = 50  # structure: members of a list that somebody types


class Answer(Frozen):
    """An answer to one question of a pathway."""

    step: Words
    """Step whose question it is."""
    part: Literal["gate", "branch"] = "gate"
    """Whether it is about doing the step, or about where it goes on behind it."""
    to: Words
    """`do` or `pass` at a gate; else the step it goes on at, or `end`."""
    reasons: Annotated[tuple[Text, ...], Field(max_length=MANY)]
    """Why; one of the pathway's reasons, or free."""
    at_hand: Annotated[tuple[Words, ...], Field(max_length=MANY)] = ()
    """Information that was there, in the pathway's words."""
    despite: Text = ""
    """Why it is decided although information is missing."""


class DecideBranch(Answer):
    """Somebody decides a question of a course: the one it waits for, or one further on."""

    course: Id
    """Course."""
    by: Id | None = None
    """Practitioner who decided, where a program tells."""


def decide_branch(floor: Floor, asked: DecideBranch, moment: Moment) -> Decision:
    """Record a decision, and let the course go on if it waited for it."""
    course = get_open(floor, asked.course)
    way = get_way(floor, course)
    question = get_question(way, course, asked)
    where = f"CarePlan/{course.id}"
    person = name_person(moment, asked.by, where)
    check_decider(floor, question.decider, person, where)
    choice = make_choice(question, asked, moment.at_ms, person, question.decider)
    course = answer(way, course, choice)
    return Decision((course,), answer=tell_course(way, course))


def get_open(floor: Floor, id_: str) -> Course:
    """Return a course that is open.

    Raises
    ------
    ConflictError
        It has ended (OPS-079).
    """
    course = floor.get(Course, id_)
    if not course.is_open:
        raise ConflictError(
            code="OPS-079", where=f"CarePlan/{id_}", got=f"a course that is {course.status}",
            expected="an open one", fix="start another that follows from it",
        )  # fmt: skip
    return course


def get_question(way: Way, course: Course, asked: Answer) -> Question:
    """Return the question that is answered.

    Raises
    ------
    InputError
        The pathway has no such question (OPS-080), or it does not know the answer (OPS-081).
    ConflictError
        It was decided, and the course has gone on (OPS-082).
    """
    step = way.steps.get(asked.step)
    question = None if step is None else step.find_question(asked.part)
    where = f"CarePlan/{course.id}"
    if question is None:
        raise InputError(
            code="OPS-080", where=where, got=f"{asked.part} of {asked.step:.80}",
            expected="a question of the pathway", fix="look at what the course waits for",
        )  # fmt: skip
    if question.find_option(asked.to) is None:
        raise InputError(
            code="OPS-081", where=where, got=f"{asked.to:.80}",
            expected=f"one of {', '.join(option.to for option in question.options)}", fix="choose one",
        )  # fmt: skip
    named = [one for one in course.choices if (one.step, one.part) == (asked.step, asked.part)]
    if named and all(one.is_used for one in named) and not may_come(way, course, asked.step):
        raise ConflictError(
            code="OPS-082", where=where, got=f"a question that was answered: {named[-1].to}",
            expected="one that is open", fix="add, skip or replace steps with a reason instead",
        )  # fmt: skip
    return question


def make_choice(
    question: Question, asked: Answer, at_ms: int, person: str, role: str, case: str = ""
) -> Choice:
    """Return a decision with its reasons.

    Raises
    ------
    InputError
        No reason is given (OPS-083), or information is missing and nobody says why it is decided all the
        same (OPS-084).
    """
    where = f"step {asked.step}"
    if not any(reason.strip() for reason in asked.reasons):
        raise InputError(
            code="OPS-083", where=where, got="no reason",
            expected=", ".join(question.reasons) or "a reason", fix="give one of them, or another",
        )  # fmt: skip
    missing = tuple(need for need in question.needs if need not in asked.at_hand)
    if missing and not asked.despite.strip():
        raise InputError(
            code="OPS-084", where=where, got=f"a decision without {', '.join(missing)}",
            expected="all information the pathway asks for",
            fix="get it first, or say in `despite` why it is decided without",
        )  # fmt: skip
    return Choice(
        step=asked.step,
        part=asked.part,
        decider=question.decider,
        to=asked.to,
        reasons=asked.reasons,
        missing=missing,
        despite=asked.despite,
        by=person,
        role=role,
        case=case,
        at_ms=at_ms,
    )


def may_come(way: Way, course: Course, name: str) -> bool:
    """Whether a course can still come to a step from where it is."""
    seen: set[str] = set()
    waiting = [course.at]
    while waiting:
        id_ = waiting.pop()
        step = way.steps.get(id_)
        if step is None:
            continue
        ways_on = [option.to for option in step.branch.options] if step.branch else [step.next]
        for following in (*ways_on, step.skip_to):
            if following == name:
                return True
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return False


DECIDE = Act("decide_branch", DecideBranch, decide_branch, ("CarePlan",))
