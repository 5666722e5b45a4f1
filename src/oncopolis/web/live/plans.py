"""The proposal of a course: what comes next with the first times that fit, and booking what is chosen."""

import re
from typing import Any, Final

from starlette.responses import Response

from oncopolis.foundation import InputError, OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.operations.courses.branching import get_open
from oncopolis.operations.courses.proposing import LOOK_AHEAD_DAYS, Proposed, propose
from oncopolis.operations.courses.views import Course
from oncopolis.operations.floor import Floor
from oncopolis.operations.people import Person
from oncopolis.web.live.doing import add_query, perform_said
from oncopolis.web.live.practitioners import list_deciders
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words, go

SPANS: Final = {
    30: mark("a month"),
    90: mark("three months"),
    LOOK_AHEAD_DAYS: mark("half a year"),
    366: mark("a year"),
}  # structure: days of the spans one may look ahead
"""Days -> what they are called."""
STATES: Final = {
    "booked": mark("booked"),
    "free": mark("free"),
    "late": mark("later than its time"),
    "no_time": mark("no time is left"),
    "work": mark("nobody has to come"),
}
_PICK: Final = re.compile(r"(?P<step>\S+)\|(?P<turn>\d{1,4})\|(?P<stops>\S+)", re.ASCII)
_MOST: Final = 150  # structure: what can be chosen in one go; a form has no more fields


def show_plan(station: Station, visit: Visit) -> Response:
    """What comes next on a course; nothing is held."""
    id_, days, now_ms = visit.parts["id"], _read_days(visit.query.get("days", "")), station.now_ms

    def look(floor: Floor) -> tuple[Course, Person, tuple[Proposed, ...]]:
        course = get_open(floor, id_)
        return course, floor.get(Person, course.patient), propose(floor, id_, now_ms, days)

    course, person, proposed = station.live.ask(look)
    words = find_words(visit.language)
    picks = {name_turn(one): write_pick(one) for one in proposed if is_free(one)}
    return show(
        station, visit, "plan.html", patients=[course.patient], course=course,
        person=person, proposed=proposed, days=str(days),
        spans=[(str(n), words.text(told)) for n, told in SPANS.items()], turn=name_turn,
        picks=dict(list(picks.items())[:_MOST]), n_more=max(0, len(picks) - _MOST),
        states={key: words.text(told) for key, told in STATES.items()},
        deciders=list_deciders(station, visit),
        name=station.people.find_name(course.patient, visit.language),
    )  # fmt: skip


def take_plan(station: Station, visit: Visit) -> Response:
    """Book what was chosen: all of it, or nothing."""
    id_, form = visit.parts["id"], visit.form
    said: dict[str, Any] = {"course": id_} | {
        name: form[name] for name in ("despite", "language", "by") if form.get(name)
    }
    try:
        said["picks"] = read_picks(form.get("pick", ""))
        perform_said(station, visit, "confirm_course", said, form.get("key", ""))
    except OncopolisError as error:
        return go(add_query(f"/live/courses/{id_}/plan", told=error.code))
    return go(add_query(f"/live/courses/{id_}", done="confirm_course"))


def is_free(one: Proposed) -> bool:
    """Tell whether an occurrence can be booked as it is proposed."""
    return one.state in ("free", "late") and not one.foreseen.is_provisional


def name_turn(one: Proposed) -> str:
    """Return what tells an occurrence from the others of its course."""
    return f"{one.foreseen.mark}|{one.foreseen.turn}"


def write_pick(one: Proposed) -> str:
    """Return what a form carries of an occurrence: what is to be booked of it, and when."""
    stops = (f"{stop.activity}@{stop.spot.start_ms}" for stop in one.stops if not stop.booking)
    return f"{name_turn(one)}|{','.join(stops)}"


def read_picks(text: str) -> list[dict[str, str]]:
    """Return what was chosen, as the act asks for it.

    Raises
    ------
    InputError
        Nothing is, or not as a form carries it (WEB-330).
    """
    picks = []
    for one in text.split():
        found = _PICK.fullmatch(one)
        if found is None:
            raise _refuse(one)
        for stop in found["stops"].split(","):
            activity, _, start_ms = stop.partition("@")
            pick = {"step": found["step"], "turn": found["turn"], "activity": activity, "start_ms": start_ms}
            picks.append(pick)
    if not picks:
        raise _refuse("nothing")
    return picks


def _refuse(got: str) -> InputError:
    return InputError(
        code="WEB-330", where="form", got=got[:60], expected="at least one appointment that was proposed",
        fix="choose what is to be booked",
    )  # fmt: skip


def _read_days(text: str) -> int:
    return next((days for days in SPANS if str(days) == text), LOOK_AHEAD_DAYS)
