"""The page of a person: who they are, where they are now, what is booked, and what can be done about it."""

from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from oncopolis.foundation import OncopolisError
from oncopolis.operations.arrivals.indexes import Inside, Queues
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.arrivals.views import Visit as Inhouse
from oncopolis.operations.booking import Booking, get_diary
from oncopolis.operations.charges import find_payer
from oncopolis.operations.courses.indexes import Courses
from oncopolis.operations.courses.views import Course
from oncopolis.operations.elements import get_referred
from oncopolis.operations.floor import Floor
from oncopolis.operations.orders.listing import list_open_orders
from oncopolis.operations.orders.views import Order
from oncopolis.operations.people import Person, write_name
from oncopolis.operations.people.views import PROVISIONAL
from oncopolis.operations.wards.indexes import Stays
from oncopolis.operations.wards.views import Stay
from oncopolis.web.live.doing import HOME, add_query, perform, perform_said
from oncopolis.web.live.naming import Names, shorten, sort_by_name
from oncopolis.web.live.practitioners import list_deciders
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.topics import name_topic
from oncopolis.web.login.visits import Visit, find_local
from oncopolis.web.pages import find_words, go

_TRIP: Final = ("earliest", "latest", "in_order", "priority", "language")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open of a person."""

    person: Person
    inside: Inhouse | None
    contacts: tuple[Contact, ...]
    stay: Stay | None
    planned: tuple[Stay, ...]
    bookings: tuple[Booking, ...]
    courses: tuple[Course, ...]
    orders: tuple[Order, ...]


def read_standing(floor: Floor, id_: str) -> Standing:
    """Look at a person."""
    person = floor.get(Person, id_)
    inside = floor.index(Inside).of_patient.get(id_)
    stays = floor.index(Stays)
    stay = stays.of_patient.get(id_)
    bookings = [one for one in get_diary(floor).list_of_patient(id_) if one.is_open]
    bookings.sort(key=lambda one: (one.spot is None, one.spot.start_ms if one.spot else one.asked_ms, one.id))
    whole = inside or stay
    return Standing(
        person, inside, floor.index(Queues).list_of_visit(whole.id) if whole else (), stay,
        tuple(stays.planned_of[id_].values()) if id_ in stays.planned_of else (), tuple(bookings),
        floor.index(Courses).list_of(id_), tuple(list_open_orders(floor, id_)),
    )  # fmt: skip


def show_person(station: Station, visit: Visit) -> Response:
    """The page of a person."""
    id_ = visit.parts["id"]
    standing = station.live.ask(lambda floor: read_standing(floor, id_))
    names = Names(station.house, find_words(visit.language))
    cards = station.house.cards.values()
    return show(
        station, visit, "person.html", topics=[name_topic("person", id_)], patients=[id_], standing=standing,
        person=standing.person, name=write_name(standing.person, visit.language),
        activities=sort_by_name((card.id, names.activity(card.id)) for card in cards if card.is_contact),
        everything=sort_by_name((card.id, names.activity(card.id)) for card in cards),
        pathways=list_pathways(station, names), shorten=shorten,
        today=station.house.to_local(station.now_ms).date(), deciders=list_deciders(station, visit),
        is_unknown=standing.person.identity == PROVISIONAL, merged=list_merged(standing.person),
        payers=station.house.tariffs.payers, payer=station.live.ask(lambda floor: find_payer(floor, id_)),
    )  # fmt: skip


def list_merged(person: Person) -> list[str]:
    """Return the ids of records that were merged into this one."""
    links = (one for one in person.rest.get("link", ()) if one.get("type") == "replaces")
    return [id_ for one in links if (id_ := get_referred(one.get("other"), "Patient"))]


def list_pathways(station: Station, names: Names) -> list[tuple[str, str]]:
    """Return what courses there are, ``pathway|site|stage``, by name."""
    pathways = station.house.centre.pathways
    routes = station.house.network.routes.values()
    known = dict.fromkeys((route.pathway, route.site or "", route.stage or "") for route in routes)
    return sort_by_name(
        (
            f"{pathway}|{site}|{stage}",
            " · ".join(part for part in (names.words.label(pathways[pathway].label), site, stage) if part),
        )
        for pathway, site, stage in known
    )


def take_course(station: Station, visit: Visit) -> Response:
    """Start a course of a pathway with its site and stage."""
    pathway, site, stage = (visit.form.get("way", "") + "||").split("|")[:3]
    form = {**visit.form, "pathway": pathway, "site": site, "stage": stage}
    try:
        answer = perform(station, visit, "start_course", form)
    except OncopolisError as error:
        return go(add_query(find_local(visit.form.get("back", ""), HOME), told=error.code))
    return go(add_query(f"/live/courses/{answer['course']}", done="start_course"))


def take_trip(station: Station, visit: Visit) -> Response:
    """Book several appointments on one day."""
    form, back = visit.form, f"/live/people/{visit.parts['id']}"
    said: dict[str, Any] = {name: form[name] for name in _TRIP if form.get(name)}
    stops = [form[name] for name in sorted(form) if name.startswith("stop-") and form[name]]
    said |= {"patient": visit.parts["id"], "stops": [{"activity": one} for one in stops]}
    try:
        perform_said(station, visit, "book_trip", said, form.get("key", ""))
    except OncopolisError as error:
        return go(add_query(back, told=error.code))
    return go(add_query(back, done="book_trip"))
