"""Shipments: what waits for a courier, what is on the road, and how what arrived fared by its logger."""

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.foundation import InputError, OncopolisError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.requests import Permit, Request, Shipment
from oncopolis.web.live.bank_acts import perform
from oncopolis.web.live.doing import add_query
from oncopolis.web.live.found_words import tell_found
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words, go

HOME: Final = "/live/biobank/shipments"
FORM_BYTES: Final = 5_065_536  # structure: the file of a logger with the fields beside it
_SHOWN: Final = 200  # structure: shipments of a page


@dataclass(frozen=True, slots=True)
class Row:
    """A shipment with the request it is for, how much it has, and the permit it left by."""

    one: Shipment
    request: Request
    n: int
    permit: Permit | None


def show_shipments(station: Station, visit: Visit) -> Response:
    """All shipments, and what waits for a courier."""
    bank = biobank.Bank(station.live.store)
    rows, waiting = bank.ask(list_rows), bank.ask(list_waiting)
    words = find_words(visit.language)
    return show(
        station, visit, "shipments.html", rows=rows, waiting=waiting, shown=_SHOWN,
        tell=lambda verdict: tell_found(words, verdict),
    )  # fmt: skip


def list_rows(books: Books) -> list[Row]:
    """Return the last shipments, the newest first."""
    found = []
    for one in books.list_last_shipments(_SHOWN):
        request = books.find(Request, one.request)
        assert request is not None
        n = sum(pick.shipment == one.id for pick in books.list_picks(one.request))
        found.append(Row(one, request, n, None if one.permit is None else books.find(Permit, one.permit)))
    return found


def list_waiting(books: Books) -> list[tuple[Request, int]]:
    """Return requests of which something was given out and has no courier yet, with how much."""
    found = []
    for one in books.list_requests():
        if one.state == "issued":
            n = sum(pick.state == "issued" and pick.shipment is None for pick in books.list_picks(one.id))
            found += [(one, n)] if n else []
    return found


def take_arrival(station: Station, visit: Visit) -> Response:
    """Receive a shipment with the file of its logger."""
    try:
        said = {"shipment": visit.parts["id"], "logger": _read_logger(visit)}
        perform(station, visit, "bank_receive", said)
    except OncopolisError as error:
        return go(add_query(HOME, told=error.code))
    return go(add_query(HOME, done="bank_receive"))


def _read_logger(visit: Visit) -> str:
    body = b"" if visit.sent is None else visit.sent.body
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not text:
        raise InputError(
            code="WEB-423", where="file of the logger", got=f"{len(body)} bytes", expected="text in UTF-8",
            fix="export the logger as CSV and choose that file",
        )  # fmt: skip
    return text
