"""The sheet of a ward's hand-over, for a shift: situation, background, assessment, recommendation."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.responses import Response

from oncopolis.foundation.units import MS_PER_DAY, MS_PER_HOUR
from oncopolis.operations import House
from oncopolis.operations.courses.indexes import Courses
from oncopolis.operations.floor import Floor
from oncopolis.operations.orders.listing import list_open_orders
from oncopolis.operations.orders.views import Order
from oncopolis.operations.theatre import Operation, Operations
from oncopolis.record.store.journal import list_lines_between
from oncopolis.web.live.bedsides import Bedside, list_bedsides, read_shown
from oncopolis.web.live.day_words import TASKS
from oncopolis.web.live.doing import MINUTES_PER_HOUR
from oncopolis.web.live.naming import Names
from oncopolis.web.live.showing import show
from oncopolis.web.live.spans import tell_span
from oncopolis.web.live.station import Station
from oncopolis.web.live.topics import name_topic
from oncopolis.web.live.unit_words import STAGES
from oncopolis.web.live.wards import get_ward, make_tabs
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

_FIRST, _LENGTH = "nursing.shift.first", "nursing.shift.length"
_NURSING: Final = "nursing"


@dataclass(frozen=True, slots=True)
class Handed:
    """What of somebody is handed over beside their bedside."""

    courses: tuple[str, ...]
    operation: Operation | None
    orders: tuple[Order, ...]


def find_shift(house: House, now_ms: int, back: int = 0) -> tuple[int, int]:
    """Return begin and end of the shift that is on, or of one before it, milliseconds since 1970 (UTC)."""
    length_ms = house.values.get_ms(_LENGTH)
    day = house.to_local(now_ms).date()
    first_min = round(house.values.get_ms(_FIRST) / MS_PER_HOUR * MINUTES_PER_HOUR)
    begin_ms = house.to_ms(day, first_min)
    if begin_ms > now_ms:
        begin_ms -= MS_PER_DAY
    begin_ms += ((now_ms - begin_ms) // length_ms - back) * length_ms
    return begin_ms, begin_ms + length_ms


def show_handover(station: Station, visit: Visit) -> Response:
    """Everybody on a ward in the order in which one hands over; to be printed, or read from the screen."""
    key = get_ward(station, visit)
    now_ms = station.now_ms
    back = 1 if visit.query.get("shift") == "last" else 0
    from_ms, until_ms = find_shift(station.house, now_ms, back)
    words = find_words(visit.language)

    def look(floor: Floor) -> list[tuple[Bedside, Handed]]:
        return [(one, _read(floor, one.stay.patient)) for one in list_bedsides(floor, key)]

    found = station.live.ask(look)
    patients = {one.stay.patient for one, _ in found}
    names = Names(station.house, words)
    return show(
        station, visit, "handover.html", topics=["bed", "nursingtask", "handover", name_topic("ward", key)],
        name=words.label(station.house.centre.resources[key].label), tabs=make_tabs(words, key, "handover"),
        found=found, from_ms=from_ms, until_ms=until_ms, next_ms=2 * until_ms - from_ms, is_last=bool(back),
        key_of=key, tasks=TASKS, stages=STAGES, activity=names.activity, span=lambda ms: tell_span(words, ms),
        days=lambda stay: (now_ms - (stay.came_ms or now_ms)) // MS_PER_DAY + 1,
        trends=read_shown(station, patients, words, now_ms),
        counted=_count_done(station, patients, from_ms, min(until_ms, now_ms + 1)),
        people=station.people.find_names(patients, visit.language),
    )  # fmt: skip


def _read(floor: Floor, patient: str) -> Handed:
    operations = floor.index(Operations).list_of(patient)
    courses = tuple(course.label for course in floor.index(Courses).list_of(patient))
    return Handed(courses, operations[0] if operations else None, tuple(list_open_orders(floor, patient)))


def _count_done(
    station: Station, patients: set[str], from_ms: int, until_ms: int
) -> Mapping[str, Mapping[str, int]]:
    """Return, by patient, how many tasks were done and left out in a shift, as the journal has it."""
    lines = station.live.store.ask(partial(list_lines_between, from_ms=from_ms, until_ms=until_ms))
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, line in lines:
        if line.pathway == _NURSING and line.case in patients:
            found[line.case][line.step.rpartition("_")[2]] += 1
    return found
