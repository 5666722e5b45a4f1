"""Reception: somebody is searched for first, then registered; likely the same are shown with the reasons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from pydantic import ValidationError
from starlette.responses import Response

from oncopolis.foundation import InputError, OncopolisError
from oncopolis.operations.people import REASONS, Candidate, find_candidates, write_name
from oncopolis.operations.people.asking import Details
from oncopolis.record import Act as Audited
from oncopolis.web.live.doing import add_query, perform_said
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.telling import tell_code
from oncopolis.web.login.gate import to_caller
from oncopolis.web.login.pages import get_status_of
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words, go
from oncopolis.web.pages.languages import Words

LIKELY: Final = "OPS-023"
"""Refusal of somebody who is likely here already."""
_FIELDS: Final = ("family", "given", "patronymic", "birth_date", "sex", "phone", "number", "language")
_NUMBERS: Final = {
    "KOR": "https://mois.go.kr/rrn",
    "RUS": "http://fhir.ru/core/systems/snils",
    "UZB": "https://dhp.uz/fhir/core/sid/pid/uz/ni",
}
"""Country -> system of the number its people have."""
_OTHER: Final = "urn:oncopolis:national-number"


def show_reception(station: Station, visit: Visit) -> Response:
    """The search, and who was found."""
    return _show(station, visit, visit.query)


@dataclass(frozen=True, slots=True)
class Found:
    """Who was searched for, and who was found.

    Parameters
    ----------
    asked
        What is said of them, '' where nothing.
    error
        Why it could not be looked for.
    """

    asked: Mapping[str, str]
    people: list[Candidate]
    error: OncopolisError | None = None

    @property
    def is_asked(self) -> bool:
        """Whether anything is said that somebody is found by: the language of a page is not."""
        return any(text for name, text in self.asked.items() if name != "language")


def search(station: Station, visit: Visit, said: Mapping[str, str]) -> Found:
    """Look for somebody by what a form says; whoever is found is in the audit."""
    asked = {name: said.get(name, "").strip() for name in _FIELDS}
    if not Found(asked, []).is_asked:
        return Found(asked, [])
    try:
        details = Details.model_validate(read_details(asked, find_system(station)))
    except ValidationError:
        return Found(asked, [], _refuse_form())
    return Found(asked, find_candidates(station.live.store, details, make_audited(visit)))


def _show(
    station: Station, visit: Visit, said: Mapping[str, str], error: OncopolisError | None = None
) -> Response:
    found = search(station, visit, said)
    error = error or found.error
    words = find_words(visit.language)
    values: dict[str, object] = {
        "asked": found.asked,
        "found": found.people,
        "is_asked": found.is_asked,
        "is_refused": error is not None and error.code == LIKELY,
        "reasons": make_teller(words),
        "write_name": lambda person: write_name(person, visit.language),
    }
    if error is not None:
        values["told"] = tell_code(words, error.code)
    status = get_status_of(error) if error is not None else HTTPStatus.OK
    return show(station, visit, "reception.html", status, (), None, **values)


def take_registration(station: Station, visit: Visit) -> Response:
    """Register somebody; if others are likely the same, they are shown first."""
    asked = {name: visit.form.get(name, "").strip() for name in _FIELDS}
    said = read_details(asked, find_system(station))
    said["not_one_of"] = visit.form.get("not_one_of", "").split()
    said["is_unknown"] = "is_unknown" in visit.form
    try:
        answer = perform_said(station, visit, "register", said, visit.form.get("key", ""))
    except OncopolisError as error:
        return _show(station, visit, visit.form, error)
    return go(add_query(f"/live/people/{answer['patient']}", done="register"))


def find_system(station: Station) -> str:
    """Return the system of the number that people of the centre's country have."""
    return _NUMBERS.get(station.house.centre.country, _OTHER)


def read_details(asked: Mapping[str, str], system: str) -> dict[str, Any]:
    """Return what a form says of somebody as the acts ask for it."""
    said: dict[str, Any] = {}
    given = [asked[name] for name in ("given", "patronymic") if asked[name]]
    if asked["family"] or given:
        said["names"] = [{"family": asked["family"] or None, "given": given}]
    if asked["phone"]:
        said["contacts"] = [{"value": asked["phone"]}]
    if asked["number"]:
        said["identifiers"] = [{"system": system, "value": asked["number"]}]
    return said | {name: asked[name] for name in ("birth_date", "sex", "language") if asked[name]}


def make_teller(words: Words) -> Callable[[Candidate], list[str]]:
    """Return what tells why somebody may be the one who is asked for."""

    def tell(candidate: Candidate) -> list[str]:
        known = [REASONS.get((one.thing, one.level)) for one in candidate.reasons]
        return [words.text(one) for one in dict.fromkeys(known) if one]

    return tell


def make_audited(visit: Visit) -> Audited:
    """Return who looks for somebody; what for stays out of the audit."""
    caller = to_caller(visit.account)
    return Audited("E", "search", caller.who, str(uuid4()), caller.purpose, query="Patient?likely")


def _refuse_form() -> InputError:
    return InputError(
        code="WEB-002", where="form", got="what cannot be", expected="a date such as 1970-02-03",
        fix="correct it",
    )  # fmt: skip
