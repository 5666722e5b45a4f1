"""Checking in from the phone: by the button of a stop, or by the code that hangs in an area."""

from uuid import uuid4

from starlette.responses import Response

from oncopolis.foundation import NotFoundError
from oncopolis.operations import make_wish
from oncopolis.operations.journeys import Leg
from oncopolis.operations.notices import find_place, word_place
from oncopolis.record.accounts.journeys import Journey, JourneyRefused, find_journey, list_journeys
from oncopolis.record.types import Act
from oncopolis.web import pages
from oncopolis.web.journey.door import HOME, Guest, wait
from oncopolis.web.journey.page import look


def take_check_in(guest: Guest) -> Response:
    """Check in for one of today's stops of this patient; repeated, it changes nothing."""
    one, form = guest.get_journey(), guest.visit.form
    booking = form.get("booking", "")
    if all(leg.id != booking for leg in look(guest).today.legs if leg.state == "booked"):
        # Checked in already, or somebody else's: the page says what is so.
        return pages.go(f"{HOME}/{one.id}")
    said = {"booking": booking, "channel": "phone"} | ({"area": form["area"]} if form.get("area") else {})
    act = Act("E", "check_in", guest.who, str(uuid4()), "PATRQT")
    wait(guest.door.live.perform(make_wish("check_in", said, act, key=f"journey {one.id} {booking}")))
    return pages.go(f"{HOME}/{one.id}?done=checked-in")


def show_area(guest: Guest) -> Response:
    """What this phone may check in for in the area whose code was scanned."""
    area, door = guest.parts["area"], guest.door
    found: list[tuple[Journey, Leg]] = []
    listed = list_journeys(door.desk, guest.device)
    if not listed:
        raise JourneyRefused("stranger")
    for one in listed:
        guest.journey = find_journey(door.desk, guest.device, one.id)
        found += [
            (one, leg) for leg in look(guest).today.legs if leg.state == "booked" and _is_in(guest, leg, area)
        ]
    if not found:
        raise NotFoundError(
            code="WEB-303", where=f"area {area:.64}", got="nothing booked there today",
            expected="the area of a stop of today", fix="look at the page",
        )  # fmt: skip
    guest.journey, leg = found[0]
    return pages.show(
        "journey", "area.html", guest.make_frame(), link=guest.journey, leg=leg, area=area,
        place=word_place(find_place(door.house, area), guest.language),
    )  # fmt: skip


def _is_in(guest: Guest, leg: Leg, area: str) -> bool:
    card = guest.door.house.cards.get(leg.activity)
    return card is not None and card.department == area
