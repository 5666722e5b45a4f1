"""The reads of the API: read, vread, history. Each is in the audit before it is sent."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from oncopolis.record import GoneError, Version
from oncopolis.record.search import Question, read_question
from oncopolis.record.store import Store
from oncopolis.record.store.reading import Reading
from oncopolis.web.fhir.bundles import Out, make_bundle, to_status_line
from oncopolis.web.fhir.commands import not_there
from oncopolis.web.fhir.exchange import (
    Answer,
    Asked,
    answer_bundle,
    answer_unchanged,
    answer_version,
    to_instant,
)
from oncopolis.web.fhir.headers import is_known_already, to_etag
from oncopolis.web.fhir.queries import (
    check_parameters,
    read_count,
    read_cursor,
    read_pairs,
    read_query,
    read_since,
    refuse_as_request,
)
from oncopolis.web.fhir.refusing import RequestError
from oncopolis.web.fhir.subsetting import is_whole, take_part

OF_READ = frozenset({"_summary", "_elements"})
OF_HISTORY = frozenset({"_count", "_since", "_before"})
_VERBS = {"create": "POST", "update": "PUT", "patch": "PATCH", "delete": "DELETE"}
_LONGEST_NUMBER = 18  # structure: digits of a version that fit a database


async def read(store: Store, asked: Asked) -> Answer:
    """GET of a record."""
    type_, id_ = asked.segments
    part = read_part(asked.query, type_)
    version = await _look(store, asked, "read", lambda reading: reading.read(type_, id_))
    if version is None:
        raise not_there(type_, id_)
    return _show(asked, version, part)


async def vread(store: Store, asked: Asked) -> Answer:
    """GET of one version of a record."""
    type_, id_, _, number = asked.segments
    part = read_part(asked.query, type_)
    is_number = number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER
    version = (
        await _look(store, asked, "vread", lambda reading: reading.read_version(type_, id_, int(number)))
        if is_number
        else None
    )
    if version is None:
        raise not_there(type_, f"{id_}/_history/{number[:100]}")
    return _show(asked, version, part)


async def history(store: Store, asked: Asked) -> Answer:
    """GET of what happened to a record, to those of a type, or to all, newest first."""
    query = read_query(asked.query)
    check_parameters(query, OF_HISTORY)
    count = read_count(query)
    type_, id_ = (*asked.segments[:-1], None, None)[:2]
    if type_ is not None and id_ is not None and store.read(type_, id_, asked.allowed) is None:
        raise not_there(type_, id_)
    before = read_cursor(query, "_before")
    found = await asyncio.to_thread(
        store.history,
        type_,
        id_,
        since_ms=read_since(query),
        limit=count + 1,
        before=before,
        allowed=asked.allowed,
    )
    page, more = found[:count], len(found) > count
    links = [("self", _link(asked, query))]
    if more and page:
        links.append(("next", _link(asked, {**query, "_before": str(page[-1].seq)})))
    await _note(store, asked, "history", page)
    return answer_bundle(make_bundle("history", (_to_past(asked, one) for one in page), links=links))


async def _look(
    store: Store, asked: Asked, what: str, find: Callable[[Reading], Version | None]
) -> Version | None:
    """Return a version; it is in the audit if something of it will be shown."""

    def question(reading: Reading) -> tuple[Version | None, tuple[Version, ...]]:
        version = find(reading)
        is_shown = version is not None and version.body is not None and not _is_known(asked, version)
        return version, (version,) if version is not None and is_shown else ()

    return await store.look_here(question, asked.act("R", what), asked.allowed)


def read_part(query: str, type_: str) -> Question:
    """Return which part of a record is wanted, as a search says it."""
    pairs = [pair for pair in read_pairs(query) if pair[0] in OF_READ]
    question = refuse_as_request(lambda: read_question((type_,), pairs))
    if question.summary == "count":
        raise RequestError(
            code="REC-108", where="URL", got="_summary=count", expected="true, text, data or false",
            fix="count the matches of a search",
        )  # fmt: skip
    return question


def _show(asked: Asked, version: Version, part: Question) -> Answer:
    if version.body is None:
        raise GoneError(
            code="REC-124",
            where=f"{version.type}/{version.id}",
            got="a record that was erased" if version.erased else "a record that was deleted",
            expected="one that is there",
            fix="its history says when that was",
        )
    if _is_known(asked, version):
        return answer_unchanged(version)
    whole = answer_version(version)
    return replace(whole, body=to_part(whole.body, part))


def to_part(body: bytes, part: Question) -> bytes:
    """Return what is wanted of a record."""
    if is_whole(part.summary, part.elements):
        return body
    return take_part(body, part.summary, part.elements)


def _is_known(asked: Asked, version: Version) -> bool:
    return is_known_already(asked.headers, version.version, version.at_ms)


async def _note(store: Store, asked: Asked, what: str, versions: Iterable[Version]) -> None:
    await store.note_here(asked.act("R", what), versions)


def _to_past(asked: Asked, version: Version) -> Out:
    at_type = version.method == "create"
    status = {"create": HTTPStatus.CREATED, "delete": HTTPStatus.NO_CONTENT}.get(
        version.method, HTTPStatus.OK
    )
    beside: dict[str, Any] = {
        "fullUrl": f"{asked.base}/{version.type}/{version.id}",
        "request": {
            "method": _VERBS[version.method],
            "url": version.type if at_type else f"{version.type}/{version.id}",
        },
        "response": {
            "status": to_status_line(status),
            "etag": to_etag(version.version),
            "lastModified": to_instant(version.at_ms),
        },
    }
    return Out(version.body, beside)


def _link(asked: Asked, query: Mapping[str, str]) -> str:
    path = "/".join((asked.base, *asked.segments))
    return f"{path}?{urlencode(query)}" if query else path
