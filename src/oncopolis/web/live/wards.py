"""Wards: how full they are and will be, and the map of their beds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from oncopolis.foundation import NotFoundError
from oncopolis.foundation.marking import mark
from oncopolis.operations.floor import Floor
from oncopolis.operations.forecasting.beds import Outlook, foresee_ward
from oncopolis.operations.orders.listing import list_open_orders
from oncopolis.operations.orders.views import Order
from oncopolis.operations.theatre import Operation, Operations
from oncopolis.operations.wards.indexes import Beds
from oncopolis.operations.wards.map import Place, map_ward
from oncopolis.operations.wards.views import Stay
from oncopolis.web.live.doing import may
from oncopolis.web.live.naming import Names, sort_by_name
from oncopolis.web.live.queues import check_area
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.topics import name_topic
from oncopolis.web.live.unit_words import STAGES
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import Link, find_words
from oncopolis.web.pages.languages import Words

_AHEAD_H = (24, 48, 72)  # structure: hours that a ward is planned ahead


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward as it is now, and as it will be.

    Parameters
    ----------
    planned
        Stays to come, the first expected first.
    operations
        Patient -> the operation that is next for them.
    orders
        Patient in a bed -> what was ordered for them and is not over.
    """

    places: tuple[Place, ...]
    planned: tuple[Stay, ...]
    outlooks: tuple[Outlook, ...]
    operations: Mapping[str, Operation]
    orders: Mapping[str, list[Order]]


def list_wards(station: Station, names: Names) -> list[tuple[str, str]]:
    """Wards by name: resources of beds."""
    resources = station.house.centre.resources.items()
    return sort_by_name((key, names.words.label(one.label)) for key, one in resources if one.kind == "bed")


def list_own(station: Station, visit: Visit, names: Names) -> list[tuple[str, str]]:
    """Wards of the departments somebody works in."""
    own, resources = station.find_areas(visit.account), station.house.centre.resources
    return [
        (key, name)
        for key, name in list_wards(station, names)
        if own is None or resources[key].department in own
    ]


def show_wards(station: Station, visit: Visit) -> Response:
    """All wards."""

    def count(floor: Floor) -> dict[str, Counter[str]]:
        wards = floor.index(Beds).of_ward.items()
        return {ward: Counter[str](bed.state for bed in beds.values()) for ward, beds in wards}

    names = Names(station.house, find_words(visit.language))
    return show(
        station, visit, "wards.html", topics=["bed"], wards=list_own(station, visit, names),
        counts=station.live.ask(count), nothing=Counter[str](),
    )  # fmt: skip


def read_ward(floor: Floor, ward: str, now_ms: int) -> Ward:
    """Look at a ward."""
    planned = [one for one in floor.list(Stay) if one.ward == ward and one.state == "planned"]
    planned.sort(key=lambda one: (one.expected_ms or 0, one.id))
    outlooks = tuple(one for one in foresee_ward(floor, ward, now_ms) if one.hours in _AHEAD_H)
    places = map_ward(floor, ward)
    patients = {place.stay.patient for place in places if place.stay is not None}
    listed = ((patient, floor.index(Operations).list_of(patient)) for patient in patients)
    operations = {patient: found[0] for patient, found in listed if found}
    orders = {patient: list_open_orders(floor, patient) for patient in patients}
    return Ward(places, tuple(planned), outlooks, operations, orders)


def get_ward(station: Station, visit: Visit) -> str:
    """Return the ward of an address; refuse what is none, or is not somebody's."""
    key = visit.parts["ward"]
    resource = station.house.centre.resources.get(key)
    if resource is None or resource.kind != "bed":
        raise NotFoundError(
            code="OPS-137", where="address", got=key[:100], expected="a ward of the definition",
            fix="choose one of the list",
        )  # fmt: skip
    check_area(station, visit, resource.department)
    return key


def make_tabs(words: Words, ward: str, current: str) -> list[Link]:
    """Return the pages of a ward: its beds, its round, what is scanned there, and its hand-over."""
    pages = {
        "": mark("Beds"),
        "round": mark("Round"),
        "doses": mark("Medicines and tubes"),
        "handover": mark("Hand-over"),
    }
    return [
        Link(f"/live/wards/{ward}/{page}".rstrip("/"), words.text(label), page == current)
        for page, label in pages.items()
    ]


def show_ward(station: Station, visit: Visit) -> Response:
    """The map of a ward."""
    key = get_ward(station, visit)
    resource = station.house.centre.resources[key]
    now_ms = station.now_ms
    ward = station.live.ask(lambda floor: read_ward(floor, key, now_ms))
    stays = [*(place.stay for place in ward.places if place.stay is not None), *ward.planned]
    names = Names(station.house, find_words(visit.language))
    free = [(place.bed.id, names.bed(place.bed.id)) for place in ward.places if place.bed.state == "free"]
    return show(
        station, visit, "ward.html", topics=["bed", name_topic("ward", key)], ward=ward, key_of=key,
        department=resource.department,
        stages=STAGES, tabs=make_tabs(names.words, key, "") if may(visit.account, "finish_task") else [],
        name=names.words.label(resource.label), free=free, wards=list_wards(station, names),
        people=station.people.find_names({one.patient for one in stays}, visit.language),
        today=station.house.to_local(now_ms).date(),
        has_stays=any(key in card.holds for card in station.house.cards.values()),
    )  # fmt: skip
