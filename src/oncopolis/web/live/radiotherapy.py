"""Radiotherapy today: machines with their fractions, and courses that do not keep their time."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from oncopolis.foundation.marking import mark
from oncopolis.operations.floor import Floor
from oncopolis.operations.fractions import (
    Category,
    Integrity,
    Machine,
    TurnState,
    get_key,
    list_day,
    list_integrity,
    read_ended,
)
from oncopolis.operations.upkeep import Lock, list_locks
from oncopolis.web.live.naming import Names
from oncopolis.web.live.showing import show
from oncopolis.web.live.spans import tell_span
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

HOME: Final = "/live/radiotherapy"
STATES: Final[Mapping[TurnState, tuple[str, str]]] = {
    "done": (mark("treated"), "done"),
    "under_way": (mark("being treated"), "go"),
    "here": (mark("is here"), "wait"),
    "late": (mark("has not come"), "stop"),
    "to_come": (mark("to come"), "quiet"),
    "missed": (mark("missed"), "stop"),
}
"""State of a turn -> what it is called, and the kind of its badge."""
CATEGORIES: Final[Mapping[Category, str]] = {
    1: mark("category 1: gaps are made up for"),
    2: mark("category 2: gaps should be made up for"),
    3: mark("category 3: palliative"),
}  # structure: names of categories
_MOST: Final = 200  # structure: courses of one page


def show_day(station: Station, visit: Visit) -> Response:
    """Every machine of somebody's departments, and the courses that became longer."""
    now_ms = station.now_ms
    today = station.house.to_local(now_ms).date()
    own, units = station.find_areas(visit.account), station.house.units
    ended, missed = read_ended(station.live, today)

    def look(floor: Floor) -> tuple[list[Machine], list[Integrity], dict[str, Lock]]:
        day = list_day(floor, today, now_ms, ended, missed)
        return day, list_integrity(floor, today), list_locks(floor, now_ms)

    machines, courses, locks = station.live.ask(look)
    shown = [one for one in machines if own is None or (one.unit and units[one.unit].department in own)]
    of_course = {one.course.patient: one for one in courses}
    here = {turn.patient for machine in shown for turn in machine.turns}
    kept = [one for one in courses if own is None or one.course.patient in here]
    longer = [one for one in kept if one.longer_days or one.missed]
    words = find_words(visit.language)
    return show(
        station, visit, "radiotherapy.html",
        topics=["booking", "contact", "course", "machine", "room"], machines=shown, states=STATES,
        locks=locks,
        of_course=of_course, longer=longer[:_MOST], n_more=max(len(longer) - _MOST, 0), n_courses=len(kept),
        categories=CATEGORIES, rows=_list_rows(station), span=lambda ms: tell_span(words, ms),
        activity=Names(station.house, words).activity,
        people=station.people.find_names(here | {one.course.patient for one in longer}, visit.language),
    )  # fmt: skip


def _list_rows(station: Station) -> list[tuple[str, str, str, bool]]:
    """Return of each category its words, how many days it allows, whose rule that is, and if it was read."""
    rows = station.house.equipped.project.evidence.rows
    found = ((words, rows[get_key(category)]) for category, words in CATEGORIES.items())
    return [(words, f"{row.value:g}", row.source, row.opened) for words, row in found]
