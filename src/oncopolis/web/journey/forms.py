"""Forms that a patient is asked to fill in before a visit."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from oncopolis.foundation import InputError, NotFoundError
from oncopolis.operations.elements import to_instant
from oncopolis.operations.notices import Notice
from oncopolis.record.access.disclosing import DISCLOSURE, SHAREABLE
from oncopolis.record.accounts.journeys.seeing import find_record, list_latest
from oncopolis.record.types import Act
from oncopolis.web import pages
from oncopolis.web.journey.door import HOME, Guest, wait
from oncopolis.web.journey.questions import find_faults, is_fit, list_questions, make_items, name_field
from oncopolis.web.journey.refusals import tell

ASKED_MS = 60 * 86_400_000  # structure: default of a setting: for how long somebody is asked
_LABEL = {"system": DISCLOSURE, "code": SHAREABLE}


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that is asked for.

    Parameters
    ----------
    is_open
        Whether it may be shown: to somebody who was not told, only if it is labelled as telling nothing.
    is_done
        Whether it has been filled in since it was asked for.
    """

    id: str
    is_open: bool
    is_done: bool


def list_asked(guest: Guest) -> list[Asked]:
    """Return the forms that a patient is asked for, the latest first."""
    patient, door = guest.get_journey().patient, guest.door
    since_ms = door.now_ms - ASKED_MS
    notices = [
        Notice.from_record(record)
        for record in list_latest(door.desk, patient, Notice.TYPE, since_ms)
        if Notice.is_mine(record)
    ]
    wanted: dict[str, int] = {}
    for one in notices:
        if one.kind == "form" and one.state != "withdrawn" and one.form:
            wanted.setdefault(one.form, one.at_ms)
    if not wanted:
        return []
    given = list_latest(door.desk, patient, "QuestionnaireResponse", since_ms)
    found = []
    for id_, at_ms in wanted.items():
        record = find_record(door.desk, "Questionnaire", id_)
        if record is not None:
            is_open = is_fit(record) and (
                guest.is_told or _LABEL in record.get("meta", {}).get("security", ())
            )
            is_done = any(
                one.get("questionnaire") == _name(record) and one.get("authored", "") >= to_instant(at_ms)
                for one in given
            )
            found.append(Asked(id_, is_open, is_done))
    return found


def show_form(guest: Guest) -> Response:
    """A form to fill in."""
    return _show(guest, _get(guest))


def take_form(guest: Guest) -> Response:
    """Keep what was filled in."""
    record, form, one = _get(guest), guest.visit.form, guest.get_journey()
    faults = find_faults(record, form)
    if faults:
        return _show(guest, record, faults)
    patient = {"reference": f"Patient/{one.patient}"}
    response = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": _name(record),
        "status": "completed",
        "subject": patient,
        "author": {"reference": guest.who.reference},
        "source": {"reference": guest.who.reference},
        "authored": to_instant(guest.door.now_ms),
        "item": make_items(record["item"], form),
    }
    act = Act("C", "create", guest.who, str(uuid4()), "PATRQT")
    key = form.get("key", "")

    def command(transaction: Any) -> str:
        return str(transaction.put(response).id)

    wait(guest.door.desk.store.submit(command, act, key=f"journey {one.id} {key}" if key else None))
    return pages.go(f"{HOME}/{one.id}?done=form")


def _get(guest: Guest) -> Mapping[str, Any]:
    """Return a form that this patient is asked for and may be shown."""
    id_ = guest.parts["form"]
    if any(one.id == id_ and one.is_open for one in list_asked(guest)):
        record = find_record(guest.door.desk, "Questionnaire", id_)
        if record is not None:
            return record
    raise NotFoundError(
        code="WEB-302", where=f"form {id_:.64}", got="one this patient is not asked for",
        expected="one of their page", fix="open it from the page",
    )  # fmt: skip


def _show(guest: Guest, record: Mapping[str, Any], faults: list[str] | None = None) -> Response:
    error = InputError(
        code="WEB-301", where="form", got=", ".join(faults or ()), expected="an answer to each question",
        fix="look at what is marked",
    )  # fmt: skip
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return pages.show(
        "journey", "form.html", guest.make_frame(), status,
        questions=list_questions(record, guest.language), form=guest.visit.form, faults=faults or [],
        field=name_field, link=guest.get_journey(), key=guest.visit.form.get("key") or uuid4().hex,
        told=tell(guest, error) if faults else "",
    )  # fmt: skip


def _name(record: Mapping[str, Any]) -> str:
    """What responses call a questionnaire."""
    url, version = record.get("url"), record.get("version")
    return f"{url}|{version}" if url and version else str(url or f"Questionnaire/{record['id']}")
