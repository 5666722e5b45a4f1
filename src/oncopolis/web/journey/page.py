"""The page itself: today's stops, what waits, what is to be filled in, what comes, and what was told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from oncopolis.foundation.marking import mark
from oncopolis.operations import Floor
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.journeys import (
    Ahead,
    Leg,
    Offered,
    Today,
    find_today,
    list_ahead,
    list_areas,
    list_offers,
)
from oncopolis.operations.notices import Notice, word_place, word_stop, write_day, write_notice
from oncopolis.operations.notices.naming import word_preparation
from oncopolis.record.access.disclosing import DISCLOSURE, SHAREABLE
from oncopolis.record.accounts.journeys.patients import find_given_name
from oncopolis.record.accounts.journeys.seeing import list_latest
from oncopolis.web import pages
from oncopolis.web.journey.door import Guest
from oncopolis.web.journey.forms import list_asked
from oncopolis.web.journey.looking import may_see_log
from oncopolis.web.live.topics import name_topic

KEPT_MS = 14 * 86_400_000  # structure: default of a setting: for how long what was told is shown
_LABEL = {"system": DISCLOSURE, "code": SHAREABLE}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the floor says of one patient at a moment."""

    today: Today
    ahead: tuple[Ahead, ...]
    offers: tuple[Offered, ...]
    areas: tuple[str, ...]
    instructions: Mapping[str, str]
    """Appointment -> what its patient has to prepare."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was told, in the reader's words."""

    words: str
    at_ms: int
    is_withdrawn: bool


def show_page(guest: Guest) -> Response:
    """The whole page."""
    return _show(guest, "page.html")


def show_now(guest: Guest) -> Response:
    """What changes of the page, for the script; nothing if it is what the script has."""
    answer = _show(guest, "now.html")
    print_ = _print(bytes(answer.body))
    if guest.visit.query.get("mark") == print_:
        answer = Response(status_code=HTTPStatus.NO_CONTENT)
    answer.headers["X-Mark"] = print_
    answer.headers["X-Clock"] = f"{guest.door.house.to_local(guest.door.now_ms):%H:%M}"
    answer.headers["X-Stream"] = _print(" ".join(list_topics(guest)).encode())
    return answer


def _print(text: bytes) -> str:
    return sha256(text).hexdigest()[:16]


def look(guest: Guest) -> Seen:
    """Ask the floor, at one moment."""
    patient, door = guest.get_journey().patient, guest.door
    now_ms, is_told = door.now_ms, guest.is_told

    def ask(floor: Floor) -> Seen:
        today, ahead = find_today(floor, patient, now_ms, door.forecast), list_ahead(floor, patient, now_ms)
        booked = [*(one.id for one in today.legs), *(one.id for one in ahead)]
        found = {id_: _find_instruction(floor, id_, is_told=is_told) for id_ in booked}
        return Seen(
            today, tuple(ahead), list_offers(floor, patient, now_ms), list_areas(floor, patient),
            {id_: words for id_, words in found.items() if words},
        )  # fmt: skip

    return door.live.ask(ask)


def list_topics(guest: Guest) -> list[str]:
    """What the page of a patient shows: them, and the queues they stand in."""
    patient = guest.get_journey().patient
    areas = guest.door.live.ask(lambda floor: list_areas(floor, patient))
    return [name_topic("person", patient), *(name_topic("area", area) for area in areas)]


def _show(guest: Guest, template: str) -> Response:
    one, door = guest.get_journey(), guest.door
    place_in_stream = door.stream.mark
    seen = look(guest)
    return pages.show(
        "journey", template, guest.make_frame(), seen=seen, link=one, after=place_in_stream,
        stream=_print(" ".join(list_topics(guest)).encode()),
        given=find_given_name(door.desk, one.patient) if one.carer else "",
        name=lambda stop: _name(guest, stop), place=lambda stop: word_place(stop.place, guest.language),
        prepare=lambda stop: word_preparation(stop.stop, guest.language),
        write_day=lambda day: write_day(day, guest.language),
        day_of=lambda at_ms: write_day(door.house.to_local(at_ms).date(), guest.language),
        told_before=list(_list_told(guest)), asked=list_asked(guest), may_see_log=may_see_log(guest),
        done=guest.words.text(_DONE[guest.visit.query["done"]])
        if guest.visit.query.get("done") in _DONE
        else "",
    )  # fmt: skip


def _name(guest: Guest, stop: Leg | Ahead | Offered) -> str:
    """Name a stop: by its kind, and by its own name only to whoever was told."""
    card = guest.door.house.cards.get(stop.activity)
    if guest.is_told and card is not None:
        return guest.words.label(card.label)
    return word_stop(stop.stop, guest.language)


def _list_told(guest: Guest) -> Iterator[Told]:
    one, door = guest.get_journey(), guest.door
    for record in list_latest(door.desk, one.patient, Notice.TYPE, door.now_ms - KEPT_MS):
        if not Notice.is_mine(record):
            continue
        notice = Notice.from_record(record)
        words = write_notice(
            door.house, notice.kind, guest.language, stop=notice.stop, place=notice.place,
            start_ms=notice.start_ms, before_ms=notice.before_ms,
        )  # fmt: skip
        yield Told(words, notice.at_ms, notice.state == "withdrawn")


def _find_instruction(floor: Floor, booking: str, *, is_told: bool) -> str:
    """Return what an appointment says its patient has to prepare; free text may tell, so not to everybody."""
    found = floor.find(Booking, booking)
    if found is None:
        return ""
    rest: Mapping[str, Any] = found.rest
    is_open = is_told or _LABEL in rest.get("meta", {}).get("security", ())
    return str(rest.get("patientInstruction", "")) if is_open else ""


_DONE = {
    "checked-in": mark("You are checked in. Please wait until your number is called."),
    "form": mark("Thank you, the form has arrived."),
    "taken": mark("The time is yours. It is in the list below."),
    "left": mark("The time goes to somebody else. You will be offered another one."),
}
