"""Consent is given on a version of a form, and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from oncopolis.biobank.consents.asking import AddForm, GiveConsent, WithdrawConsent
from oncopolis.biobank.consents.scopes import to_bits, to_scopes
from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.specimens.donors import make_donor
from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.requests import Request
from oncopolis.record.biobank.rows import BankRow
from oncopolis.record.biobank.specimens import Consent, Donor, Form, Specimen, Task

_MS = 1000  # structure: milliseconds in a second
_CATEGORY = {"system": "urn:oncopolis:consent", "code": "research"}
_SCOPE = {"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "research"}


def add_form(books: Books, asked: AddForm, _: Moment) -> Decision:
    """Add a version of a form; the one before ends with it."""
    older = books.list_forms(asked.name)
    if older and (older[0].version >= asked.version or older[0].from_ms >= asked.from_ms):
        raise ConflictError(
            code="BIO-050", where=f"form {asked.name}", got=f"version {asked.version}",
            expected=f"one after version {older[0].version}, that begins later",
            fix="give it the next number",
        )  # fmt: skip
    made = Form(
        books.make_number(Form.TABLE), asked.name, asked.version, to_bits(asked.scopes), asked.digest,
        asked.from_ms,
    )  # fmt: skip
    ended = tuple(replace(one, until_ms=asked.from_ms) for one in older[:1])
    told = {"form": asked.name, "version": asked.version, "scopes": list(asked.scopes)}
    return Decision((made, *ended), (_tell("form", told),))


def _tell(what: str, told: Mapping[str, Any]) -> Event:
    """An event about the biobank as a whole."""
    return Event(what, container=0, told=told)


def give(books: Books, asked: GiveConsent, moment: Moment) -> Decision:
    """Let a donor agree to scopes of a form that was in force when they signed."""
    form = books.find_form(asked.form, asked.version)
    given_ms = moment.at_ms if asked.given_ms is None else asked.given_ms
    if form is None:
        raise NotFoundError(
            code="BIO-051", where=f"form {asked.form}", got=f"version {asked.version}",
            expected="a version that is known", fix="add the form first",
        )  # fmt: skip
    is_in_force = form.from_ms <= given_ms and (form.until_ms is None or given_ms < form.until_ms)
    if not is_in_force or given_ms > moment.at_ms:
        raise InputError(
            code="BIO-052", where=f"form {asked.form} version {asked.version}",
            got="a signature at a time when it was not in use", expected="the version in use on that day",
            fix="have the version in use signed, or correct the date",
        )  # fmt: skip
    bits = to_bits(asked.scopes)
    if bits & ~form.scopes:
        raise InputError(
            code="BIO-053", where=f"form {asked.form} version {asked.version}",
            got=", ".join(to_scopes(bits & ~form.scopes)), expected=", ".join(to_scopes(form.scopes)),
            fix="leave out what the form does not offer",
        )  # fmt: skip
    donor, new = _get_donor(books, asked, moment)
    record = None if donor.patient is None else moment.make_id()
    made = Consent(books.make_number(Consent.TABLE), donor.id, form.id, bits, given_ms, record=record)
    told = {
        "donor": donor.pseudonym, "form": asked.form, "version": asked.version, "scopes": list(asked.scopes),
    }  # fmt: skip
    records = [] if record is None else [write_consent(made, donor, form, "active")]
    before = books.list_consents(donor.id)[:1]
    records += [
        _write_kept(books, one, donor, "inactive")
        for one in before if one.record is not None and one.withdrawn_ms is None
    ]  # fmt: skip
    rows: tuple[BankRow, ...] = (*new, made)
    return Decision(rows, (_tell("consent given", told),), tuple(records), {"donor": donor.pseudonym})


def _get_donor(
    books: Books, asked: GiveConsent | WithdrawConsent, moment: Moment
) -> tuple[Donor, tuple[Donor, ...]]:
    """The donor, and once more if they are new; only who is a patient here can become one."""
    found = None
    if asked.patient is not None:
        found = books.find_donor_of(asked.patient)
    elif asked.pseudonym is not None:
        found = books.find_donor(asked.pseudonym)
    if found is not None:
        return found, ()
    if asked.patient is None or isinstance(asked, WithdrawConsent):
        raise NotFoundError(
            code="BIO-054", where="donor", got=asked.patient or asked.pseudonym or "nobody",
            expected="a patient, or the pseudonym of a donor who is known", fix="say whose consent it is",
        )  # fmt: skip
    made = make_donor(books, asked.patient, asked.pseudonym, moment)
    return made, (made,)


def write_consent(consent: Consent, donor: Donor, form: Form, status: str) -> dict[str, Any]:
    """The FHIR Consent of a donor who is a patient of the house."""
    signed = datetime.fromtimestamp(consent.given_ms / _MS, UTC).isoformat(timespec="seconds")
    return {
        "resourceType": "Consent",
        "id": consent.record,
        "status": status,
        "scope": {"coding": [_SCOPE]},
        "category": [{"coding": [_CATEGORY]}],
        "patient": {"reference": f"Patient/{donor.patient}"},
        "dateTime": signed.replace("+00:00", "Z"),
        "policy": [{"uri": f"urn:oncopolis:consent-form:{form.name}:{form.version}"}],
        "provision": {
            "type": "permit",
            "code": [
                {"coding": [{"system": "urn:oncopolis:consent-scope", "code": scope}]}
                for scope in to_scopes(consent.scopes)
            ],
        },
    }


def withdraw(books: Books, asked: WithdrawConsent, moment: Moment) -> Decision:
    """Take consent back: from this moment nothing of the donor is given out, under whichever pseudonym."""
    donors = [_get_donor(books, asked, moment)[0]]
    if asked.patient is not None:
        donors = books.list_donors_of(asked.patient)
    last = [books.list_consents(one.id)[:1] for one in donors]
    ending = [one for consents in last for one in consents if one.withdrawn_ms is None]
    if not ending:
        raise ConflictError(
            code="BIO-055", where=f"donor {donors[0].pseudonym}", got="no consent in force",
            expected="one to take back",
            fix="nothing has to be done: nothing of theirs is given out",
        )  # fmt: skip
    by_id = {one.id: one for one in donors}
    records = [
        _write_kept(books, one, by_id[one.donor], "inactive") for one in ending if one.record is not None
    ]
    return replace(end_consents(books, ending, asked.reason, moment), records=tuple(records))


def _write_kept(books: Books, consent: Consent, donor: Donor, status: str) -> dict[str, Any]:
    form = books.find(Form, consent.form)
    assert form is not None
    return write_consent(consent, donor, form, status)


def end_consents(books: Books, consents: Sequence[Consent], reason: str, moment: Moment) -> Decision:
    """End consents: drop what is listed, open a task to destroy each specimen, tell what is away."""
    donors = {one.id: one for one in books.get_donors([one.donor for one in consents])}
    specimens = [one for consent in consents for one in books.list_of_donor(consent.donor)]
    here = [one for one in specimens if one.state in ("stored", "out") and one.inventory == "research"]
    ended = [replace(one, withdrawn_ms=moment.at_ms, reason=reason) for one in consents]
    freed = [replace(one, request=None) for one in here if one.request is not None]
    reserved = {one.request for one in here if one.request is not None}
    picks = [
        replace(one, state="dropped") for one in books.list_picks_of(one.id for one in here)
        if one.request in reserved and one.state in ("listed", "picked")
    ]  # fmt: skip
    known = books.list_tasks_of(one.id for one in here)
    has_task = {one.specimen for one in known if one.state in ("open", "signed")}
    numbers = books.make_numbers(Task)
    tasks = [
        Task(next(numbers), "destroy", one.id, one.donor, "consent withdrawn", "open", "", "", moment.at_ms)
        for one in here if one.id not in has_task
    ]  # fmt: skip
    names = {id_: {"donor": one.pseudonym, "why": reason} for id_, one in donors.items()}
    events = [Event("consent withdrawn", one.id, told=names[one.donor]) for one in here]
    events += [_tell("consent withdrawn", told) for told in names.values()]
    answer = {
        "donors": [one.pseudonym for one in donors.values()], "tasks": len(tasks), "dropped": len(picks),
        "released": list_released(books, [one for one in specimens if one.state == "away"]),
    }  # fmt: skip
    return Decision((*ended, *freed, *picks, *tasks), tuple(events), (), answer)


def list_released(books: Books, away: list[Specimen]) -> list[dict[str, Any]]:
    """What was given out before, when, and to whom."""
    by_id = {one.id: one for one in away}
    told = []
    for pick in books.list_picks_of(by_id):
        if pick.state == "issued":
            request = books.find(Request, pick.request)
            assert request is not None
            told.append({
                "barcode": by_id[pick.specimen].barcode, "request": request.id, "issued_ms": pick.issued_ms,
                "to": request.applicant, "organisation": request.organisation,
            })  # fmt: skip
    return told


ACTS = (
    Act("bank_form", AddForm, add_form, ("Consent",)),
    Act("bank_consent", GiveConsent, give, ("Consent",)),
    Act("bank_withdraw", WithdrawConsent, withdraw, ("Consent",)),
)
