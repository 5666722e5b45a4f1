"""The agenda of a board: who is discussed on a day, and what has to be there for it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from oncopolis.operations.board.views import Case
from oncopolis.operations.courses.deciders import BOARD
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.way import Question, Step
from oncopolis.operations.courses.way_record import Way
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.floor import Floor
from oncopolis.operations.grouping import Grouped
from oncopolis.operations.views import View


class Cases(Grouped[Case]):
    """Cases that are still to be discussed, by course."""

    KIND: ClassVar[type[View]] = Case
    OF = "course"


def list_agenda(floor: Floor, board: str, day: date) -> list[Case]:
    """Return the cases of a board on a day, in the order in which they were put there."""
    cases = (case for case in floor.list(Case) if (case.board, case.day) == (board, day))
    return sorted(cases, key=lambda case: (case.asked_ms, case.id))


def list_undecided(way: Way, course: Course) -> Iterator[tuple[Step, Question]]:
    """Yield the questions of the board that lie before a course and have no answer yet, the next first."""
    steps = way.layout.steps
    known = {(one.step, one.part) for one in course.choices if one.to and not one.is_used}
    first = next((i for i, step in enumerate(steps) if step.id == course.at), len(steps))
    pending = course.find_pending()
    for step in steps[first:]:
        for question in step.list_questions():
            is_past = step.id == course.at and question.part == "gate"
            if is_past and (pending is None or pending.part != "gate"):
                continue
            if question.decider == BOARD and (step.id, question.part) not in known:
                yield step, question


def tell_case(floor: Floor, case: Case) -> dict[str, Any]:
    """Return what the members of a board see of a case: the next question, its answers, what it needs."""
    course = floor.get(Course, case.course)
    way = get_way(floor, course)
    found = next(list_undecided(way, course), None)
    told: dict[str, Any] = {
        "case": case.id,
        "patient": case.patient,
        "course": course.id,
        "pathway": way.layout.label,
        "stage": course.stage,
        "at": course.at,
        "question": case.question,
        "postponed": [{"day": one.day.isoformat(), "reason": one.reason} for one in case.postponed],
        "next": None,
    }
    if found is not None:
        step, question = found
        told["next"] = {
            "step": step.id,
            "part": question.part,
            "label": step.label,
            "needs": list(question.needs),
            "reasons": list(question.reasons),
            "options": [{"to": one.to, "label": one.label} for one in question.options],
        }
    return told
