"""Answering an offer from the phone: the time is taken, or left to the next who waits."""

from typing import Final
from uuid import uuid4

from starlette.responses import Response

from oncopolis.foundation import InputError
from oncopolis.operations import make_wish
from oncopolis.record.types import Act
from oncopolis.web import pages
from oncopolis.web.journey.door import HOME, Guest, wait
from oncopolis.web.journey.page import look

ANSWERS: Final = {"accept": "taken", "decline": "left"}
"""Act -> what the page says then."""


def take_answer(guest: Guest) -> Response:
    """Take or leave a time that this patient is offered; tapped again, it changes nothing.

    The form names the time it showed: an answer to an offer that was replaced is none to the new one.
    """
    one, form = guest.get_journey(), guest.visit.form
    name = form.get("answer", "")
    if name not in ANSWERS:
        raise InputError(
            code="WEB-430", where="form", got=name[:64], expected="accept or decline",
            fix="use the buttons of the page",
        )  # fmt: skip
    shown = (form.get("booking", ""), form.get("start", ""))
    if all((offer.id, str(offer.start_ms)) != shown for offer in look(guest).offers):
        # Answered already, taken back, or somebody else's: the page says what is so.
        return pages.go(f"{HOME}/{one.id}")
    act = Act("E", name, guest.who, str(uuid4()), "PATRQT")
    wait(guest.door.live.perform(make_wish(name, {"booking": shown[0]}, act)))
    return pages.go(f"{HOME}/{one.id}?done={ANSWERS[name]}")
