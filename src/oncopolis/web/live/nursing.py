"""The round of a ward, and that of everybody who is isolated, from afar."""

from typing import Final

from starlette.responses import Response

from oncopolis.operations.floor import Floor
from oncopolis.operations.wards.views import Stay
from oncopolis.web.live.bedsides import (
    Bedside,
    count_load,
    list_bedsides,
    list_inputs,
    make_bedside,
    read_shown,
)
from oncopolis.web.live.day_words import TASKS
from oncopolis.web.live.doing import may
from oncopolis.web.live.naming import Names
from oncopolis.web.live.showing import show
from oncopolis.web.live.spans import tell_span
from oncopolis.web.live.station import Station
from oncopolis.web.live.topics import name_topic
from oncopolis.web.live.wards import get_ward, make_tabs
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

_TOPICS: Final = ("bed", "nursingtask", "handover")


def show_round(station: Station, visit: Visit) -> Response:
    """Everybody on a ward: how they are, what is due, and what to do about it."""
    key = get_ward(station, visit)
    now_ms = station.now_ms
    bedsides = station.live.ask(lambda floor: list_bedsides(floor, key))
    words = find_words(visit.language)
    patients = {one.stay.patient for one in bedsides}
    return show(
        station, visit, "round.html", topics=[*_TOPICS, name_topic("ward", key)], key_of=key,
        name=words.label(station.house.centre.resources[key].label), tabs=make_tabs(words, key, "round"),
        bedsides=bedsides, load=count_load(bedsides, now_ms), tasks=TASKS, inputs=list_inputs(words),
        trends=read_shown(station, patients, words, now_ms), span=lambda ms: tell_span(words, ms),
        people=station.people.find_names(patients, visit.language),
        today=station.house.to_local(now_ms).date(),
    )  # fmt: skip


def show_isolated(station: Station, visit: Visit) -> Response:
    """Everybody who is isolated, on all wards of somebody; why and how they are for those who may know."""
    now_ms = station.now_ms
    own = station.find_areas(visit.account)
    knows = may(visit.account, "isolate")
    found = station.live.ask(lambda floor: _list_isolated(floor, own))
    words = find_words(visit.language)
    patients = {one.stay.patient for one in found}
    names = Names(station.house, words)
    return show(
        station, visit, "isolated.html", topics=_TOPICS, bedsides=found, knows=knows, tasks=TASKS,
        inputs=list_inputs(words), ward=lambda key: words.label(names.house.centre.resources[key].label),
        trends=read_shown(station, patients, words, now_ms) if knows else {},
        span=lambda ms: tell_span(words, ms), today=station.house.to_local(now_ms).date(),
        people=station.people.find_names(patients, visit.language),
    )  # fmt: skip


def _list_isolated(floor: Floor, own: frozenset[str] | None) -> list[Bedside]:
    resources = floor.house.centre.resources
    stays = [
        (stay.bed, stay)
        for stay in floor.list(Stay)
        if stay.isolation is not None and stay.bed is not None and stay.ward in resources
        and (own is None or resources[stay.ward].department in own)
    ]  # fmt: skip
    found = [make_bedside(floor, bed, stay) for bed, stay in stays]
    return sorted(found, key=lambda one: (one.stay.ward, one.stay.isolated_ms or 0, one.stay.id))
