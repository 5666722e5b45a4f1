"""Requests for specimens: what there is in counts, asked for, decided, picked, given out and brought back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.consents.scopes import SCOPES as ALL_SCOPES
from oncopolis.biobank.consents.scopes import Scope, to_scopes
from oncopolis.biobank.requests.asked import assess, get_around
from oncopolis.biobank.requests.catalogue import FEWEST_DONORS, Cell, list_cells
from oncopolis.biobank.storage.geometry import name_place
from oncopolis.foundation import NotFoundError, OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.criteria import Criteria
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.requests import Pick, Request, Shipment
from oncopolis.record.biobank.specimens import Specimen
from oncopolis.web.live import request_words as words
from oncopolis.web.live.bank_acts import perform
from oncopolis.web.live.doing import add_query, may
from oncopolis.web.live.showing import show
from oncopolis.web.live.specimen_words import SAMPLES, SCOPES
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import go

HOME: Final = "/live/biobank/requests"
LINES: Final = 100  # structure: lines of a page of a pick list
_DIGITS: Final = 18  # structure: of the largest number of a row
_SHOWN: Final = 200  # structure: requests and cells of a page
_LABEL: Final = 64  # structure: characters of a name
_LISTS: Final = ("kinds", "sites", "diagnoses")
_LIMITS: Final = ("quality_min", "n_thaws_max", "sex", "born_from", "born_until", "per_donor", "reserve")
_PER_MIN: Final = 60  # structure: seconds of a minute


@dataclass(frozen=True, slots=True)
class Stop:
    """A line of a pick list, with the way to it; without one if it is in no position."""

    pick: Pick
    specimen: Specimen
    way: Sequence[Container]

    @property
    def position(self) -> str:
        """What people call its position."""
        return name_place(self.way[-1], self.specimen.place or 0) if self.way else ""


@dataclass(frozen=True, slots=True)
class File:
    """All that is known of a request; ``feasible`` while nothing was selected for it."""

    request: Request
    criteria: Criteria
    feasible: Mapping[str, int] | None
    stops: Sequence[Stop]
    shipments: Sequence[Shipment]

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """What its use needs consent to."""
        return to_scopes(self.request.scopes)

    def count(self, *states: str) -> int:
        """How much of its list is in one of these states."""
        return sum(one.pick.state in states for one in self.stops)


def show_requests(station: Station, visit: Visit) -> Response:
    """The catalogue in counts, a form to ask, and the requests."""
    return _show(station, visit, visit.query)


def _show(station: Station, visit: Visit, said: Mapping[str, str], fault: str = "") -> Response:
    bank, cells = biobank.Bank(station.live.store), None
    requests = [one for one in bank.ask(Books.list_requests) if is_open_to(visit, one)]
    if said.get("look") and not fault:
        try:
            criteria, scopes = read_criteria(said), read_scopes(said)
            cells = bank.ask(lambda books: list_cells(books, criteria, scopes))
        except ValidationError:
            fault = mark("Something in the form cannot be so. Please check it.")
    return show(
        station, visit, "requests.html", requests=requests[:_SHOWN], cells=_sort_cells(cells), said=said,
        fault=fault, words=words, samples=SAMPLES, scopes=SCOPES, chosen=read_scopes(said),
        fewest=FEWEST_DONORS, name=visit.account.name, has_all=may(visit.account, "bank_select"),
        shown=_SHOWN,
    )  # fmt: skip


def _sort_cells(cells: Sequence[Cell] | None) -> Sequence[Cell] | None:
    """Cells with the most first; those that are not told come last."""
    return None if cells is None else sorted(cells, key=lambda one: -(one.n_specimens or 0))


def is_open_to(visit: Visit, request: Request) -> bool:
    """Whether somebody may see a request: the biobank and the committee all, others their own."""
    account = visit.account
    is_all = may(account, "bank_select") or may(account, "bank_decide_request")
    return is_all or request.applicant == write_applicant(visit)


def write_applicant(visit: Visit) -> str:
    """Who asks, when they ask for themselves."""
    account = visit.account
    login = f" ({account.login})"
    return (account.name[: max(0, _LABEL - len(login))] + login).strip()[:_LABEL]


def read_scopes(said: Mapping[str, str]) -> tuple[Scope, ...]:
    """Return the scopes that are ticked; research if none is."""
    return tuple(one for one in ALL_SCOPES if said.get(f"scopes-{one}")) or ("research",)


def read_criteria(said: Mapping[str, str]) -> Criteria:
    """Return what a form asks for; pydantic's ``ValidationError`` if it is none."""
    found: dict[str, Any] = {
        name: said[name].upper().replace(",", " ").split() for name in _LISTS if said.get(name, "").strip()
    }
    found |= {name: said[name].strip() for name in _LIMITS if said.get(name, "").strip()}
    cold = said.get("cold_max_min", "").strip()
    if cold:
        found["cold_max_s"] = int(cold) * _PER_MIN if cold.isascii() and cold.isdecimal() else cold
    return Criteria.model_validate(found)


def take_request(station: Station, visit: Visit) -> Response:
    """Take in a request."""
    form = visit.form
    has_all = may(visit.account, "bank_select")
    try:
        said = {
            "title": form.get("title", "").strip(),
            "organisation": form.get("organisation", "").strip(),
            "applicant": form.get("applicant", "").strip() if has_all else write_applicant(visit),
            "n_wanted": form.get("n_wanted", ""),
            "scopes": read_scopes(form),
            "criteria": read_criteria(form).model_dump(),
        }
        told = perform(station, visit, "bank_request", said)
    except ValidationError:
        return _show(station, visit, form, mark("Something in the form cannot be so. Please check it."))
    except OncopolisError as error:
        if error.code != "WEB-402":
            raise
        return _show(station, visit, form, mark("Something in the form cannot be so. Please check it."))
    return go(add_query(f"{HOME}/{told['request']}", done="bank_request"))


def show_request(station: Station, visit: Visit) -> Response:
    """A request."""
    number = visit.parts["id"]
    found = biobank.Bank(station.live.store).ask(lambda books: find_file(books, number))
    if found is None or not is_open_to(visit, found.request):
        raise NotFoundError(
            code="WEB-421", where=f"request {number:.40}", got="no such request",
            expected="one that was asked", fix="go back to the list of requests",
        )  # fmt: skip
    account = visit.account
    me = account.who.reference
    return show(
        station, visit, "request.html", file=found, one=found.request, words=words, samples=SAMPLES,
        scopes=SCOPES, sees_all=may(account, "bank_select") or may(account, "bank_decide_request"),
        is_mine=found.request.asked_by == me,
        boxes=len({one.specimen.box for one in found.stops if one.way}),
        tanks=len({one.way[0].id for one in found.stops if one.way}),
        page=find_page(found.stops, visit.query.get("page", "")), lines=LINES,
    )  # fmt: skip


def find_page(stops: Sequence[Stop], wanted: str) -> int:
    """Return which page of a pick list is shown, from 1: as wanted, or where there is something to be picked.

    0 stands for all of them on one page.
    """
    n_pages = -(-len(stops) // LINES)
    if wanted.isascii() and wanted.isdecimal() and len(wanted) <= _DIGITS:
        return min(int(wanted), n_pages)
    first = next((n for n, one in enumerate(stops) if one.pick.state == "listed"), 0)
    return first // LINES + 1


def find_file(books: Books, number: str) -> File | None:
    """All that is known of the request with a number."""
    is_number = number.isascii() and number.isdecimal() and len(number) <= _DIGITS
    one = books.find(Request, int(number)) if is_number else None
    if one is None:
        return None
    picks = books.list_picks(one.id)
    specimens = books.get_specimens(pick.specimen for pick in picks)
    around = get_around(books, {each.box for each in specimens.values() if each.box is not None})
    stops = [
        Stop(pick, specimens[pick.specimen], find_way(around, specimens[pick.specimen].box)) for pick in picks
    ]
    return File(
        one, Criteria.model_validate_json(one.criteria),
        assess(books, one) if one.state in ("asked", "approved") else None, stops,
        books.list_shipments(one.id),
    )  # fmt: skip


def find_way(around: Mapping[int, Container], box: int | None) -> list[Container]:
    """Return what one opens to get to a box, from what stands in the room on."""
    way: list[Container] = []
    while box is not None and around[box].kind not in ("room", "site"):
        way.insert(0, around[box])
        box = around[box].parent
    return way
