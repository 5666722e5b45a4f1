"""What a request leaves in the audit beside what the store writes itself: refusals, the same for all."""

from collections.abc import Iterable
from http import HTTPStatus

from oncopolis.foundation import OncopolisError
from oncopolis.record import Version
from oncopolis.record.store import Store
from oncopolis.record.store.auditing import UNSEEN
from oncopolis.record.store.reading import Reading
from oncopolis.record.types import Action
from oncopolis.web.fhir.exchange import Asked
from oncopolis.web.fhir.queries import is_id
from oncopolis.web.fhir.refusing import get_status

_REFUSALS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
_OF_PATIENT = frozenset({"patient", "subject", "patient:Patient", "subject:Patient"})
_ACTIONS: dict[str, Action] = {"POST": "C", "PUT": "U", "PATCH": "U", "DELETE": "D"}


async def note_refusal(store: Store, asked: Asked, error: OncopolisError) -> None:
    """Write a refusal into the audit; a record that is hidden and one that is not there leave the same."""
    status = get_status(error)
    if status not in _REFUSALS or (asked.caller is None and status != HTTPStatus.UNAUTHORIZED):
        return
    act = asked.act(_ACTIONS.get(asked.method, "R"), "refusal", outcome="4", reason=error.code)
    tried = store.ask(lambda reading: _find_tried(reading, asked.segments))
    await store.note_here(act, tried)


def name_patients(asked: Asked, pairs: Iterable[tuple[str, str]], seen: Iterable[Version]) -> list[Version]:
    """The patients a search asked for and showed nothing of: they too find it in their log."""
    known = {one.patient for one in seen}
    ids = [value.removeprefix("Patient/") for name, value in pairs if name in _OF_PATIENT]
    if asked.segments[:1] == ("Patient",) and len(asked.segments) > 1:
        ids.append(asked.segments[1])
    found = [id_ for id_ in dict.fromkeys(ids) if is_id(id_) and id_ not in known]
    return [Version("Patient", id_, UNSEEN, 0, "update", None, patient=id_) for id_ in found]


def find_patient(reading: Reading, type_: str, id_: str) -> str | None:
    """Whose record one is."""
    found = reading.session.query("SELECT patient FROM resource WHERE type = ? AND id = ?", (type_, id_))
    return found[0][0] if found else None


def _find_tried(reading: Reading, segments: tuple[str, ...]) -> list[Version]:
    """The record that was asked for, so that its patient finds the try in their log."""
    if len(segments) < len(("type", "id")) or not is_id(segments[1]):
        return []
    type_, id_ = segments[:2]
    patient = find_patient(reading, type_, id_)
    return [Version(type_, id_, UNSEEN, 0, "update", None, patient=patient)]
