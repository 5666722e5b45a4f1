"""What whoever acts on a course is told of it."""

from typing import Annotated, Any, TypeAlias

from pydantic import Field

from oncopolis.operations.booking.views import Window
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.way_record import Way

Text: TypeAlias = Annotated[str, Field(max_length=2000)]  # structure: a few sentences


def tell_course(way: Way, course: Course) -> dict[str, Any]:
    """Return where a course is: what is to be done, and what has to be decided."""
    pending = course.find_pending()
    question = None if pending is None else way.steps[pending.step].find_question(pending.part)
    return {
        "course": course.id,
        "at": course.at,
        "status": course.status,
        "draft": course.is_draft,
        "steps": [
            {
                "step": mark.id,
                "label": mark.label,
                "left": mark.times - mark.n_done,
                "activities": [activity for activity, _ in mark.list_left()],
                **tell_window(mark.window),
            }
            for mark in course.list_open()
        ],
        "question": None
        if pending is None or question is None
        else {
            "step": pending.step,
            "part": pending.part,
            "decider": question.decider,
            "needs": list(question.needs),
            "reasons": list(question.reasons),
            "options": [
                {"to": one.to, "label": one.label, "likely": one.is_likely} for one in question.options
            ],
            **tell_window(pending.window),
        },
    }


def tell_window(window: Window | None) -> dict[str, str]:
    """Return the days of a window."""
    if window is None:
        return {}
    days = {"earliest": window.earliest.isoformat(), "target": window.target.isoformat()}
    return days if window.latest is None else days | {"latest": window.latest.isoformat()}
