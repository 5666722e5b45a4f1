"""Consents: the forms that donors sign, and what a donor agrees to on one that is in use."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.consents.scopes import SCOPES as ALL_SCOPES
from oncopolis.biobank.consents.scopes import Scope, to_scopes
from oncopolis.foundation import InputError, OncopolisError
from oncopolis.operations.loop import read_code
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.specimens import Form
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.web.live.bank_acts import perform
from oncopolis.web.live.doing import add_query, read_local_ms
from oncopolis.web.live.dossier import find_dossier
from oncopolis.web.live.showing import show
from oncopolis.web.live.specimen_words import SCOPES
from oncopolis.web.live.station import Station
from oncopolis.web.live.withdrawals import Agreed, find_agreed
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import go

HOME: Final = "/live/biobank/consents"
FORMS: Final = f"{HOME}/forms"
FORM_BYTES: Final = 20_065_536  # structure: the signed text as a file of twenty megabytes, with the fields
_MORNING: Final = "00:00"


@dataclass(frozen=True, slots=True)
class Paper:
    """A version of a form with the scopes that can be given on it, and whether it is signed now."""

    form: Form
    scopes: tuple[Scope, ...]
    is_in_use: bool


@dataclass(frozen=True, slots=True)
class Signer:
    """Who agrees.

    Parameters
    ----------
    agreed
        What they said before, as a donor; None for a patient who is none yet.
    patient
        Id of the patient; empty for a donor of another house.
    name
        What the patient is called, for whoever may open their page; else empty.
    """

    agreed: Agreed | None
    patient: str
    name: str = ""


def show_consents(station: Station, visit: Visit) -> Response:
    """Who agrees to what on which form; and the forms."""
    wanted, now_ms = visit.query.get("donor", "").strip(), station.now_ms
    bank = biobank.Bank(station.live.store)
    papers = bank.ask(lambda books: list_papers(books, now_ms))
    signer = find_signer(station, visit, wanted) if wanted else None
    now = station.house.to_local(now_ms)
    return show(
        station, visit, "consents.html", patients=[signer.patient] if signer and signer.patient else [],
        wanted=wanted, signer=signer, papers=papers, scopes=SCOPES, all_scopes=ALL_SCOPES,
        today=now.date().isoformat(), clock_now=f"{now:%H:%M}",
    )  # fmt: skip


def list_papers(books: Books, now_ms: int) -> list[Paper]:
    """Return all versions of all forms, those in use first."""
    found = [Paper(one, to_scopes(one.scopes), is_in_use(one, now_ms)) for one in books.list_all_forms()]
    return sorted(found, key=lambda one: (not one.is_in_use, one.form.name, -one.form.version))


def is_in_use(form: Form, now_ms: int) -> bool:
    """Tell whether a form is signed now."""
    return form.from_ms <= now_ms and (form.until_ms is None or now_ms < form.until_ms)


def find_signer(station: Station, visit: Visit, wanted: str) -> Signer | None:
    """Return who is meant by a wristband, an id of a patient, a pseudonym or the label of a specimen."""
    read = read_code(wanted)
    id_ = read.value if read.kind == "patient" else wanted
    agreed = biobank.Bank(station.live.store).ask(lambda books: find_agreed(books, id_))
    patient = (agreed.donor.patient or "") if agreed is not None else id_
    if agreed is None and find_resource(station.live.store.read("Patient", id_)) is None:
        return None
    is_known = bool(patient) and bool(find_dossier(visit.account, patient).person)
    name = station.people.find_name(patient, visit.language) if is_known else ""
    return Signer(agreed, patient, name)


def take_form(station: Station, visit: Visit) -> Response:
    """Add a version of a form by the file of its text, of which the digest is kept."""
    name = visit.form.get("name", "").strip()
    try:
        forms = biobank.Bank(station.live.store).ask(lambda books: books.list_forms(name))
        said = {
            "name": name, "version": 1 + max((one.version for one in forms), default=0),
            "scopes": [one for one in ALL_SCOPES if f"scopes-{one}" in visit.form],
            "digest": _compute_digest(visit),
            "from_ms": read_local_ms(station.house, visit.form.get("from", ""), _MORNING),
        }  # fmt: skip
        perform(station, visit, "bank_form", said)
    except OncopolisError as error:
        return go(add_query(HOME, told=error.code))
    return go(add_query(HOME, done="bank_form"))


def _compute_digest(visit: Visit) -> str:
    body = b"" if visit.sent is None else visit.sent.body
    if not body:
        raise InputError(
            code="WEB-427", where="text of the form", got="no file", expected="the text that is signed",
            fix="choose the file of the form",
        )  # fmt: skip
    return sha256(body).hexdigest()
