"""Courses: the work list of a role with its deadlines, and the steps and question of one course."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from oncopolis.foundation.marking import mark
from oncopolis.operations.courses.branching import may_come
from oncopolis.operations.courses.deciders import BOARD
from oncopolis.operations.courses.trail import Choice
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.way import Question
from oncopolis.operations.courses.way_record import Way
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.courses.work_lists import Item, list_of_course, list_work
from oncopolis.operations.floor import Floor
from oncopolis.web.live.documents import KINDS as DOCUMENTS
from oncopolis.web.live.documents import list_documents
from oncopolis.web.live.naming import Names, sort_by_name
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.topics import name_topic
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words
from oncopolis.web.pages.languages import Words

_MOST = 200  # structure: lines of one page
KINDS: Final = {
    "do": mark("to be done"),
    "book": mark("to be booked"),
    "decide": mark("to be decided"),
    "choose": mark("to be said what it takes"),
    "start": mark("ends, or goes on with another course"),
    "explain": mark("a reason is missing"),
}
VARIANCES: Final = {
    "early": mark("earlier than its time"),
    "late": mark("later than its time"),
    "out_of_order": mark("out of order of the steps"),
    "again": mark("once more"),
    "skipped": mark("skipped"),
    "replaced": mark("replaced"),
    "added": mark("added"),
    "times": mark("more or less often"),
    "stopped": mark("stopped"),
}
STATUSES: Final = {
    "open": mark("to be done"),
    "done": mark("done"),
    "skipped": mark("skipped"),
    "replaced": mark("replaced"),
    "stopped": mark("stopped"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A course as it is now.

    Parameters
    ----------
    question
        What it waits for to be decided.
    """

    course: Course
    way: Way
    items: tuple[Item, ...]
    pending: Choice | None
    question: Question | None


def show_courses(station: Station, visit: Visit) -> Response:
    """The work list of a role, or of all."""
    role = visit.query.get("role", "")
    today = station.house.to_local(station.now_ms).date()
    items = station.live.ask(lambda floor: list_work(floor, today, role or None))
    words = find_words(visit.language)
    resources = station.house.centre.resources.items()
    roles = sort_by_name((key, words.label(one.label)) for key, one in resources if one.kind == "role")
    shown = items[:_MOST]
    return show(
        station, visit, "courses.html", topics=["course"], items=shown, n_more=len(items) - len(shown),
        roles=roles, role=role, today=today, role_names=dict(roles),
        kinds=_word(words, KINDS),
        people=station.people.find_names({one.patient for one in shown}, visit.language),
    )  # fmt: skip


def read_course(floor: Floor, id_: str) -> Standing:
    """Look at a course."""
    course = floor.get(Course, id_)
    way = get_way(floor, course)
    pending = course.find_pending()
    question = way.steps[pending.step].find_question(pending.part) if pending is not None else None
    return Standing(course, way, tuple(list_of_course(floor, course)), pending, question)


def show_course(station: Station, visit: Visit) -> Response:
    """One course."""
    id_ = visit.parts["id"]
    standing = station.live.ask(lambda floor: read_course(floor, id_))
    course, way = standing.course, standing.way
    words = find_words(visit.language)
    names = Names(station.house, words)
    cards = station.house.cards
    boards = [BOARD] if BOARD in cards else [card.id for card in cards.values() if not card.is_contact]
    work = [step for step in way.layout.steps if step.is_work and may_come(way, course, step.id)]
    resources = station.house.centre.resources
    return show(
        station, visit, "course.html", topics=[name_topic("course", id_)], patients=[course.patient],
        standing=standing,
        course=course, ahead=[(step.id, words.label(step.label)) for step in work],
        activities=sort_by_name((card.id, names.activity(card.id)) for card in cards.values()),
        documents=list_documents(station, visit, course.marks), file_kinds=_word(words, DOCUMENTS),
        role_names={key: words.label(one.label) for key, one in resources.items() if one.kind == "role"},
        marks_of={one.id: one for one in course.marks},
        reached=[(one.id, words.label(one.label)) for one in course.marks],
        today=station.house.to_local(station.now_ms).date(),
        boards=sort_by_name((key, names.activity(key)) for key in boards),
        kinds=_word(words, KINDS), statuses=_word(words, STATUSES), variances=_word(words, VARIANCES),
        name=station.people.find_name(course.patient, visit.language),
    )  # fmt: skip


def _word(words: Words, sentences: Mapping[str, str]) -> dict[str, str]:
    return {key: words.text(sentence) for key, sentence in sentences.items()}
