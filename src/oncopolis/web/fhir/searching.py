"""The searches of the API: of a type, of all, of what belongs to a patient; by GET or by POST."""

import asyncio
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from oncopolis.record import Version
from oncopolis.record.search import Found, Question, read_question, search
from oncopolis.record.store import Store
from oncopolis.web.fhir.auditing import name_patients
from oncopolis.web.fhir.bundles import Out, make_bundle
from oncopolis.web.fhir.exchange import Answer, Asked, answer_bundle, to_text
from oncopolis.web.fhir.headers import check_accept, check_form, read_handling
from oncopolis.web.fhir.pretty import indent
from oncopolis.web.fhir.queries import Pairs, read_pairs, refuse_as_request
from oncopolis.web.fhir.refusing import LONGEST, RequestError, make_outcome
from oncopolis.web.fhir.subsetting import is_whole, take_part

CURSOR = "_cursor"


async def search_type(store: Store, asked: Asked) -> Answer:
    """GET or POST of the records of a type that meet every parameter."""
    return await _search(store, asked, (asked.segments[0],))


async def search_system(store: Store, asked: Asked) -> Answer:
    """GET or POST of records of all types, or of those that ``_type`` names."""
    return await _search(store, asked, ())


async def search_compartment(store: Store, asked: Asked) -> Answer:
    """GET or POST of the records of a type, or of all types, that belong to a patient."""
    compartment, id_, type_ = asked.segments[:3]
    if compartment != "Patient":
        raise RequestError(
            code="REC-209", where="/".join(asked.segments)[:LONGEST],
            got=f"the compartment of a {compartment[:60]}", expected="Patient/id/Type or Patient/id/*",
            fix="search by the parameters that name the record",
            status=HTTPStatus.NOT_FOUND, issue="not-supported",
        )  # fmt: skip
    return await _search(store, asked, () if type_ == "*" else (type_,), patient=id_)


async def _search(store: Store, asked: Asked, types: tuple[str, ...], patient: str | None = None) -> Answer:
    pairs = _read_all(asked)
    shown = dict(pairs)
    check_accept(asked.headers, shown.get("_format"))
    question = refuse_as_request(
        lambda: read_question(
            types, pairs, base=asked.base, patient=patient, is_strict=read_handling(asked.headers) == "strict"
        )
    )
    found = await asyncio.to_thread(_find, store, asked, question)
    return await answer_found(store, asked, question, found)


async def answer_found(store: Store, asked: Asked, question: Question, found: Found) -> Answer:
    """Answer with the bundle of what a question finds, once that is in the audit."""
    await _note(store, asked, question, found)
    text = make_bundle(
        "searchset", _list_entries(asked, question, found), links=_list_links(asked, question, found),
        total=found.total,
    )  # fmt: skip
    is_form = asked.method == "POST"  # What stands in the URL is the endpoint's.
    return answer_bundle(indent(text) if is_form and ("_pretty", "true") in question.applied else text)


def _find(store: Store, asked: Asked, question: Question) -> Found:
    return refuse_as_request(lambda: store.ask(lambda reading: search(reading, question), asked.allowed))


def _read_all(asked: Asked) -> Pairs:
    """Return the parameters of the URL and those of a form."""
    pairs = read_pairs(asked.query)
    if asked.method != "POST":
        return pairs
    check_form(asked.headers)
    try:
        return pairs + read_pairs(asked.body.decode("ascii"), "body")
    except UnicodeDecodeError:
        raise RequestError(
            code="REC-108", where="body", got="characters beyond ASCII",
            expected="name=value pairs, encoded as %XX", fix="encode them",
        ) from None  # fmt: skip


async def _note(store: Store, asked: Asked, question: Question, found: Found) -> None:
    seen = (*found.matches, *found.included)
    tried = name_patients(asked, question.applied, seen)
    act = asked._replace(query=urlencode(question.applied)).act("R", "search")
    await store.note_here(act, (*seen, *tried))


def _list_entries(asked: Asked, question: Question, found: Found) -> Iterator[Out]:
    for mode, versions in (("match", found.matches), ("include", found.included)):
        for version in versions:
            yield _to_entry(asked, question, version, mode)
    if question.ignored:
        issues: list[dict[str, Any]] = [
            {"severity": "warning", "code": "not-supported", "diagnostics": one} for one in question.ignored
        ]
        yield Out(to_text(make_outcome(issues)), {"search": {"mode": "outcome"}})


def _to_entry(asked: Asked, question: Question, version: Version, mode: str) -> Out:
    body = version.body or b""
    if not is_whole(question.summary, question.elements):
        body = take_part(body, question.summary, question.elements)
    url = f"{asked.base}/{version.type}/{version.id}"
    return Out(body, {"fullUrl": url, "search": {"mode": mode}})


def _list_links(asked: Asked, question: Question, found: Found) -> list[tuple[str, str]]:
    """Return links that hold what was applied and nothing else."""
    links = [("self", _link(asked, list(question.applied)))]
    if found.next is not None:
        rest = [pair for pair in question.applied if pair[0] != CURSOR]
        links.append(("next", _link(asked, [*rest, (CURSOR, found.next)])))
    return links


def _link(asked: Asked, pairs: Pairs) -> str:
    path = "/".join(part for part in (asked.base, *asked.segments) if part != "_search")
    return f"{path}?{urlencode(pairs)}" if pairs else path
