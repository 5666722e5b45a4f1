"""Admitting to a ward: whom an appointment brings today, and whoever is searched for."""

from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from oncopolis.foundation import OncopolisError
from oncopolis.operations.arrivals.indexes import Expected
from oncopolis.operations.booking import Booking
from oncopolis.operations.floor import Floor
from oncopolis.operations.people import Person, write_name
from oncopolis.operations.wards.indexes import Beds, Stays
from oncopolis.web.live.doing import add_query, perform
from oncopolis.web.live.naming import Names, sort_by_name
from oncopolis.web.live.reception import make_teller, search
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.telling import tell_code
from oncopolis.web.live.topics import name_topic
from oncopolis.web.live.wards import get_ward
from oncopolis.web.login.pages import get_status_of
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words, go

ACTS: Final = ("admit", "reserve_bed")
HOME: Final = "/live/wards/{ward}/admission"


def list_coming(floor: Floor, ward: str, day: date) -> list[tuple[Booking, Person]]:
    """Return whom an appointment brings to a ward on a day and who has no stay for it yet, by time."""
    first_ms, end_ms = floor.house.to_ms(day), floor.house.to_ms(day + timedelta(days=1))
    expected, stays = floor.index(Expected), floor.index(Stays)
    found = [
        floor.get(Booking, id_)
        for card in floor.house.cards.values()
        if ward in card.holds
        for id_ in expected.list_ids(card.id, first_ms, end_ms)
    ]
    found.sort(key=lambda one: (one.start_ms, one.id))
    return [(one, floor.get(Person, one.patient)) for one in found if not _has_stay(stays, one)]


def _has_stay(stays: Stays, booking: Booking) -> bool:
    planned = stays.planned_of.get(booking.patient, {})
    return booking.patient in stays.of_patient or any(one.booking == booking.id for one in planned.values())


def show_admission(station: Station, visit: Visit) -> Response:
    """Who comes today, a search, and the form for whoever was chosen."""
    return _show(station, visit)


def take_admission(station: Station, visit: Visit) -> Response:
    """Admit somebody, or hold a bed for them."""
    ward = get_ward(station, visit)
    act = ACTS[1] if visit.form.get("act") == ACTS[1] else ACTS[0]
    try:
        perform(station, visit, act, visit.form)
    except OncopolisError as error:
        return _show(station, visit, error)
    return go(add_query(f"/live/wards/{ward}", done=act))


def _show(station: Station, visit: Visit, error: OncopolisError | None = None) -> Response:
    ward = get_ward(station, visit)
    resource = station.house.centre.resources[ward]
    words = find_words(visit.language)
    names = Names(station.house, words)
    today = station.house.to_local(station.now_ms).date()
    found = search(station, visit, visit.query)
    error = error or found.error
    patient = visit.form.get("patient") or visit.query.get("patient", "")
    coming = station.live.ask(lambda floor: list_coming(floor, ward, today))
    chosen = station.live.ask(lambda floor: floor.get(Person, patient)) if patient else None
    shown = [*(person.id for _, person in coming), *([patient] if patient else [])]
    free = station.live.ask(lambda floor: list(_list_free(floor, ward)))
    told = {} if error is None else {"told": tell_code(words, error.code)}
    return show(
        station, visit, "admission.html", HTTPStatus.OK if error is None else get_status_of(error),
        ("booking", name_topic("ward", ward)), shown,
        ward=ward, name=words.label(resource.label), coming=coming, chosen=chosen,
        asked=found.asked, found=found.people, is_asked=found.is_asked, reasons=make_teller(words),
        write_name=lambda person: write_name(person, visit.language), said=visit.form,
        stays=sort_by_name(
            (card.id, names.activity(card.id)) for card in station.house.cards.values() if ward in card.holds
        ),
        free=[(id_, names.bed(id_)) for id_ in free], **told,
    )  # fmt: skip


def _list_free(floor: Floor, ward: str) -> Iterator[str]:
    beds = floor.index(Beds).of_ward
    yield from (bed.id for bed in beds[ward].values() if bed.state == "free") if ward in beds else ()
