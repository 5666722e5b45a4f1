"""A link is opened on a phone: what only its owner knows is asked for once."""

from http import HTTPStatus
from typing import NoReturn

from starlette.responses import Response

from oncopolis.foundation import NotFoundError
from oncopolis.record.accounts.journeys import Journey, JourneyRefused, check_link, list_journeys, open_link
from oncopolis.record.accounts.journeys.opening import forget
from oncopolis.record.accounts.journeys.patients import find_given_name
from oncopolis.record.accounts.tokens import make_secret
from oncopolis.web import pages
from oncopolis.web.journey.door import HOME, Guest
from oncopolis.web.journey.refusals import tell

_LONGEST_DAY = 8  # structure: digits of a day with its month and year


def show_door(guest: Guest) -> Response:
    """The page of this phone, or a choice where it has several."""
    found = list_journeys(guest.door.desk, guest.device)
    if not found:
        raise JourneyRefused("stranger")
    if len(found) == 1:
        return pages.go(f"{HOME}/{found[0].id}")
    guest.journey = found[0]
    listed = [(f"{HOME}/{one.id}", find_given_name(guest.door.desk, one.patient)) for one in found]
    return pages.show("journey", "choice.html", guest.make_frame(), listed=listed)


def show_link(guest: Guest) -> Response:
    """The question behind a link; its page where this phone has opened it."""
    one = _check(guest)
    if one.device is not None:
        return pages.go(f"{HOME}/{one.id}")
    return _show_question(guest, one)


def take_link(guest: Guest) -> Response:
    """Look at the answer, and bind the link to this phone."""
    one, form = _check(guest), guest.visit.form
    answer = form.get("code", "") if one.code else read_day(form)
    device = guest.device or make_secret()
    try:
        open_link(guest.door.desk, guest.door.login.keyring, guest.parts["text"], device, answer)
    except JourneyRefused as error:
        if error.reason != "wrong":
            raise
        return _show_question(guest, one, error)
    guest.keep_device(device)
    return pages.go(f"{HOME}/{one.id}")


def take_end(guest: Guest) -> Response:
    """Close the page on this phone."""
    forget(guest.door.desk, guest.get_journey())
    return pages.show("journey", "ended.html", guest.make_frame())


def refuse_address(guest: Guest) -> NoReturn:
    """Say that there is no such page."""
    raise NotFoundError(
        code="WEB-332", where="address", got=guest.visit.request.url.path[:100],
        expected="a page that is there", fix="open your page again",
    )  # fmt: skip


def read_day(form: dict[str, str]) -> str:
    """Return a day of three fields as FHIR writes it; something that is no day if they are none."""
    year, month, day = (form.get(name, "").strip() for name in ("year", "month", "day"))
    is_day = all(part.isascii() and part.isdecimal() for part in (year, month, day))
    return (
        f"{int(year):04}-{int(month):02}-{int(day):02}"
        if is_day and len(year + month + day) <= _LONGEST_DAY
        else "?"
    )


def _check(guest: Guest) -> Journey:
    one = check_link(guest.door.desk, guest.door.login.keyring, guest.parts["text"], guest.device)
    guest.journey = one
    return one


def _show_question(guest: Guest, one: Journey, error: JourneyRefused | None = None) -> Response:
    status = HTTPStatus.FORBIDDEN if error else HTTPStatus.OK
    return pages.show(
        "journey", "question.html", guest.make_frame(), status, is_by_code=one.code is not None,
        told=tell(guest, error) if error else "",
    )  # fmt: skip
