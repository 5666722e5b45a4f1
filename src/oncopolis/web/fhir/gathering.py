"""All records of one patient that the caller may see, at once: for operations that read them together."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from oncopolis.record import GoneError, Version
from oncopolis.record.fhir.text import parse
from oncopolis.record.search import Found, read_question, search
from oncopolis.record.store import Store
from oncopolis.web.fhir.commands import not_there
from oncopolis.web.fhir.everything import is_about_patients
from oncopolis.web.fhir.exchange import Asked
from oncopolis.web.fhir.queries import refuse_as_request
from oncopolis.web.fhir.refusing import RequestError

MOST = 20_000  # structure: records of one patient that are read together
_PAGE = 1_000  # structure: records of a page


@dataclass(frozen=True, slots=True)
class Gathered:
    """Records of one patient.

    Parameters
    ----------
    resources
        The patient, then what belongs to them, then whom and what it names: practitioners, organizations.
    """

    versions: tuple[Version, ...]
    resources: tuple[dict[str, Any], ...]


async def gather(store: Store, asked: Asked) -> Gathered:
    """Return the records of the patient of an address, with the reading of them in the audit.

    Raises
    ------
    NotFoundError, GoneError, RequestError
        There is no such patient for this caller, or they have more records than `MOST` (REC-222).
    """
    name = asked.segments[-1]
    gathered = await asyncio.to_thread(_gather, store, asked)
    await asyncio.shield(asyncio.wrap_future(store.note(asked.act("R", name), gathered.versions)))
    return gathered


def _gather(store: Store, asked: Asked) -> Gathered:
    id_ = asked.segments[1]
    patient = store.read("Patient", id_, asked.allowed)
    if patient is None:
        raise not_there("Patient", id_)
    if patient.body is None:
        raise GoneError(
            code="REC-226", where=f"Patient/{id_}", got="a patient who was deleted or erased",
            expected="one who is there", fix="read their history",
        )  # fmt: skip
    found = {("Patient", id_): patient}
    for version in _list_compartment(store, asked, id_):
        found.setdefault((version.type, version.id), version)
        if len(found) > MOST:
            raise RequestError(
                code="REC-222", where=f"Patient/{id_}", got=f"more than {MOST} records",
                expected="fewer", fix="ask for them page by page with $everything", issue="too-costly",
            )  # fmt: skip
    versions = tuple(found.values())
    return Gathered(versions, tuple(parse(version.body or b"") for version in versions))


def _list_compartment(store: Store, asked: Asked, id_: str) -> Iterator[Version]:
    cursor: str | None = ""
    while cursor is not None:
        page = refuse_as_request(partial(_read_page, store, asked, id_, cursor))
        yield from page.matches
        yield from (one for one in page.included if not is_about_patients(one.type))
        cursor = page.next


def _read_page(store: Store, asked: Asked, id_: str, cursor: str) -> Found:
    pairs = [("_include", "*"), ("_count", str(_PAGE)), *([("_cursor", cursor)] if cursor else [])]
    question = read_question((), pairs, patient=id_)
    return store.ask(lambda reading: search(reading, question), asked.allowed)
