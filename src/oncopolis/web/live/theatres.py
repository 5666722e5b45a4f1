"""Theatres: the lists of today with how far each case is, and the page of one case."""

from dataclasses import dataclass

from starlette.responses import Response

from oncopolis.foundation import OncopolisError
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.floor import Floor
from oncopolis.operations.theatre import (
    Case,
    Operation,
    Operations,
    list_cases,
    list_recovery,
    list_theatres,
)
from oncopolis.operations.theatre.checklist import PHASES, get_checklist
from oncopolis.web.live.doing import add_query, perform_said
from oncopolis.web.live.naming import Names
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.topics import name_topic
from oncopolis.web.live.unit_words import ITEMS, STAGES
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words, go

_LATE_MIN = 5  # structure: what time is given out in


@dataclass(frozen=True, slots=True)
class Line:
    """A case with when it begins, or began; how late that is and by how much it is over its time, minutes."""

    case: Case
    start_ms: int
    late_min: int
    over_min: int

    @property
    def patient(self) -> str:
        """Whose it is."""
        thing = self.case.operation or self.case.booking
        assert thing is not None
        return thing.patient

    @property
    def activity(self) -> str:
        """What is done."""
        thing = self.case.operation or self.case.booking
        assert thing is not None
        return thing.activity


@dataclass(frozen=True, slots=True)
class Theatre:
    """One theatre with its list."""

    room: str
    lines: tuple[Line, ...]

    @property
    def late_min(self) -> int:
        """By how much the case that suffers most is late."""
        waiting = (one for one in self.lines if one.case.operation is None or not one.case.operation.reached)
        return max((one.late_min for one in waiting), default=0)


def read_theatres(floor: Floor, now_ms: int) -> list[Theatre]:
    """Look at the lists of today; theatres without a case are left out."""
    lists = ((room, list_cases(floor, room, now_ms)) for room in list_theatres(floor.house))
    return [Theatre(room, tuple(_measure(case, now_ms) for case in cases)) for room, cases in lists if cases]


def _measure(case: Case, now_ms: int) -> Line:
    operation = case.operation
    over_ms = 0
    if operation is not None and operation.is_in_room:
        begun_ms = operation.find_ms("inside") or now_ms
        over_ms = now_ms - begun_ms - (operation.minutes + operation.extra_min) * MS_PER_MINUTE
    start_ms = case.find_start_ms(now_ms)
    late = (start_ms - case.planned_ms) // MS_PER_MINUTE
    return Line(case, start_ms, late if late >= _LATE_MIN else 0, max(over_ms, 0) // MS_PER_MINUTE)


def show_theatres(station: Station, visit: Visit) -> Response:
    """The board of all theatres."""
    now_ms = station.now_ms
    names = Names(station.house, find_words(visit.language))
    theatres, free = station.live.ask(lambda floor: (read_theatres(floor, now_ms), list_free_places(floor)))
    patients = {line.patient for theatre in theatres for line in theatre.lines}
    areas = {station.house.get_unit(room).department for room in list_theatres(station.house)}
    return show(
        station, visit, "theatres.html", topics=["operation", *(name_topic("area", one) for one in areas)],
        theatres=theatres, stages=STAGES, free=[(one, names.unit(one)) for one in free],
        people=station.people.find_names(patients, visit.language),
    )  # fmt: skip


def list_free_places(floor: Floor) -> list[str]:
    """Return the places in recovery in which nobody is."""
    taken = {**floor.index(Operations).of_place, **floor.index(Queues).of_unit}
    return [place for place in list_recovery(floor.house) if place not in taken]


def show_case(station: Station, visit: Visit) -> Response:
    """One case: its checklist, its times, what was taken and used."""
    id_ = visit.parts["id"]
    names = Names(station.house, find_words(visit.language))
    operation, free = station.live.ask(lambda floor: (floor.get(Operation, id_), list_free_places(floor)))
    return show(
        station, visit, "case.html", topics=[name_topic("operation", id_)], one=operation, stages=STAGES,
        checklist=get_checklist(), items=ITEMS, phases=PHASES,
        free=[(place, names.unit(place)) for place in free],
        people=station.people.find_names({operation.patient}, visit.language),
    )  # fmt: skip


def take_check(station: Station, visit: Visit) -> Response:
    """Keep what a team has made sure of."""
    id_, form = visit.parts["id"], visit.form
    path = f"/live/theatre/{id_}"
    given = {name.removeprefix("item-"): said for name, said in form.items() if name.startswith("item-")}
    said = {
        "operation": id_,
        "phase": form.get("phase", ""),
        "confirmed": [item for item, answer in given.items() if answer == "yes"],
        "not_applicable": [item for item, answer in given.items() if answer == "none"],
    }
    try:
        answer = perform_said(station, visit, "check_team", said, form.get("key", ""))
    except OncopolisError as error:
        return go(add_query(path, told=error.code))
    if answer["stopped"]:
        return go(add_query(path, told=answer["stopped"][0]))
    return go(add_query(path, done="check_team"))
