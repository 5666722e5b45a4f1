"""The command centre: one wall for the campus, with an owner and a clock on everything that is wrong."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.responses import Response

from oncopolis.biobank.watching.alarms import TankAlarm
from oncopolis.foundation.marking import mark
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.command import Alarm, list_alarms, read_overview
from oncopolis.operations.command.causes import Cause, Rule
from oncopolis.operations.floor import Floor
from oncopolis.operations.infusion import Treatment
from oncopolis.operations.orders import Order
from oncopolis.web.live.naming import Names
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words
from oncopolis.web.tanks.words import RULES as TANK_RULES

RULES: Final[Mapping[Rule, str]] = {
    "critical-unseen": mark("Critical result not seen for {n} min"),
    "infusion-over": mark("Infusion {n} min over its time"),
    "unit-down": mark("Out of order for {n} min"),
    "theatre-late": mark("Theatre {n} min late"),
    "ward-full": mark("No free bed; {n} to be cleaned"),
    "queue-wait": mark("Somebody has waited for {n} min"),
    "called-away": mark("{n} were called and have not come"),
}
SERIOUS: Final[frozenset[Rule]] = frozenset({"critical-unseen", "infusion-over"})
"""Rules about one patient, who may come to harm."""
_OF_UNITS: Final[frozenset[Rule]] = frozenset({"unit-down", "theatre-late"})
TOPICS: Final = (
    "contact", "visit", "bed", "machine", "room", "operation", "treatment", "bag", "order", "taken",
    "tankalarm",
)  # fmt: skip
_MOST_AREAS = 12  # structure: queues on the wall, the longest first


def show_command(station: Station, visit: Visit) -> Response:
    """The wall."""
    names = Names(station.house, find_words(visit.language))
    values, alarms = read_wall(station, names)
    people = station.live.ask(
        lambda floor: {alarm.cause.key: _find_patient(floor, alarm.cause) for alarm in alarms}
    )
    patients = {one for one in people.values() if one}
    called = station.people.find_names(patients, visit.language)
    return show(
        station, visit, "command.html", topics=TOPICS, link=_find_link, patients=patients,
        place=_make_place(names, people, called), **values,
    )  # fmt: skip


def read_wall(station: Station, names: Names) -> tuple[dict[str, Any], list[Alarm]]:
    """Return what templates of the wall use, and the alarms; no patient is named."""
    now_ms = station.now_ms
    overview, alarms = station.live.ask(
        lambda floor: (read_overview(floor, now_ms), list_alarms(floor, now_ms))
    )
    tanks = _list_tank_alarms(station)
    values: dict[str, Any] = {
        "overview": overview,
        "alarms": alarms,
        "rules": RULES,
        "serious": SERIOUS,
        "minutes": lambda ms: None if ms is None else max(now_ms - ms, 0) // MS_PER_MINUTE,
        "queues": overview.queues[:_MOST_AREAS],
        "n_more": max(len(overview.queues) - _MOST_AREAS, 0),
        "buildings": _name_buildings(names, overview.inside),
        "n_free": sum(one.taken is None for one in alarms) + sum(not one.owner for one in tanks or ()),
        "tanks": tanks,
        "tank_rules": TANK_RULES,
    }
    return values, alarms


def _list_tank_alarms(station: Station) -> list[TankAlarm] | None:
    """Return the alarms of tanks, those that cannot wait first; None for a centre without a biobank."""
    if station.tanks is None:
        return None
    return sorted(station.tanks.look().alarms, key=lambda one: (not one.is_serious, one.since_ms))


def _find_patient(floor: Floor, cause: Cause) -> str:
    """Return whom it is about; empty if about nobody."""
    kind = {"critical-unseen": Order, "infusion-over": Treatment}.get(cause.rule)
    found = floor.find(kind, cause.subject) if kind is not None else None
    return str(getattr(found, "patient", ""))


def _make_place(names: Names, people: Mapping[str, str], called: Mapping[str, str]) -> Callable[[Cause], str]:
    def tell(cause: Cause) -> str:
        return (
            called[people[cause.key]]
            if people.get(cause.key)
            else name_place(names, cause.rule, cause.subject)
        )

    return tell


def name_place(names: Names, rule: Rule, subject: str) -> str:
    """Return where it is: an area, a ward or a unit; empty if it is about somebody."""
    if rule in SERIOUS:
        return ""
    return names.unit(subject) if rule in _OF_UNITS else names.place(subject)


def _find_link(cause: Cause) -> str:
    """Return the page behind an alarm."""
    if cause.rule in ("queue-wait", "called-away"):
        return f"/live/areas/{cause.subject}"
    if cause.rule == "ward-full":
        return f"/live/wards/{cause.subject}"
    if cause.rule == "infusion-over":
        return f"/live/infusion/{cause.subject}"
    return {"critical-unseen": "/live/orders", "theatre-late": "/live/theatre"}.get(cause.rule, "/live/units")


def _name_buildings(names: Names, inside: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Return key, name and people of each building, the fullest first."""
    listed = [(key or ELSEWHERE, name_building(names, key), n) for key, n in inside.items()]
    return sorted(listed, key=lambda one: -one[2])


def name_building(names: Names, key: str) -> str:
    """Return what a building is called; departments of none are elsewhere."""
    building = names.house.centre.campus.buildings.get(key)
    return names.words.text(OTHER) if building is None else names.words.label(building.label)


ELSEWHERE: Final = "-"
"""Key of no building: none of the definition has a dash."""
OTHER: Final = mark("Elsewhere")
