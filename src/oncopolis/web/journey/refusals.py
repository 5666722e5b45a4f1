"""What somebody on a phone is told when something is refused, and what to do then."""

from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from oncopolis.foundation import OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.record.accounts.journeys import JourneyRefused
from oncopolis.web import pages
from oncopolis.web.fhir.refusing import get_status
from oncopolis.web.journey.door import HOME, Guest

_DESK: Final = mark("Please ask for a new link at reception.")
_TOLD: Final = {
    "REC-271": mark("The page was open for too long, or belongs to another browser. Please try again."),
    "REC-330": mark("This link is not complete, or was changed."),
    "REC-331": mark("This link is too old."),
    "REC-332": mark("This link was taken back, or there is a newer one."),
    "REC-333": mark("This link was opened on another phone and works only there."),
    "REC-334": mark("This link is locked after five wrong answers. Reception knows."),
    "REC-336": mark("This page is closed: the patient's consent has ended."),
    "REC-337": mark("This phone has no page yet, or it has ended."),
    "OPS-100": mark("Nothing more is planned for today."),
    "OPS-101": mark("This appointment was cancelled. Please ask at reception."),
    "OPS-102": mark("The time of this appointment has passed. Please ask at reception."),
    "OPS-103": mark("You have been there already."),
    "OPS-104": mark("This appointment has no time yet. Please ask at reception."),
    "OPS-105": mark("This appointment is on another day."),
    "OPS-051": mark("You have a time already. Your page says when."),
    "OPS-052": mark("This time is not offered any more."),
    "OPS-053": mark("This time is taken by now. You will be offered another one."),
    "OPS-106": mark("It is too early to check in. Please try again later."),
    "WEB-332": mark("There is no such page."),
    "WEB-333": mark("Only the patient can see who looked at the record, on their own phone."),
    "WEB-301": mark("The form is not complete. Please look at what is marked."),
    "WEB-302": mark("There is no such form for you."),
    "WEB-303": mark("There is nothing for you in this area today. Your page says where to go."),
    "WEB-306": mark(
        "The server did not answer in time. Look at your page whether it worked, or ask at reception."
    ),
}
"""Sentences by code; others get the general one."""
_AT_DESK: Final = frozenset(
    f"REC-33{n}" for n in (0, 1, 2, 3, 4, 6, 7)
)  # structure: codes that a new link ends


def tell(guest: Guest, error: OncopolisError) -> str:
    """Return what a reader is told about an error, in their language."""
    words = guest.words
    if isinstance(error, JourneyRefused) and error.reason == "wrong":
        return words.text(mark("That was not right. Tries left: {n}."), n=error.rest)
    told = words.text(_TOLD.get(error.code, mark("Something went wrong. Please try again.")))
    return f"{told} {words.text(_DESK)}" if error.code in _AT_DESK else told


def show_error(guest: Guest, error: OncopolisError) -> Response:
    """Return the page for what was refused."""
    is_known = error.code in _TOLD
    status = get_status(error) if is_known or not isinstance(error, JourneyRefused) else HTTPStatus.FORBIDDEN
    back = (HOME, guest.words.text(mark("Back to your page"))) if guest.device else None
    return pages.show(
        "journey", "refused.html", guest.make_frame(), status, told=tell(guest, error), back=back
    )
