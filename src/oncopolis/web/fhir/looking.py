"""The reads of the API: read, vread, history. Each is in the audit before it is sent."""

import asyncio
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from oncopolis.record import GoneError, Version
from oncopolis.record.store import Store
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
from oncopolis.web.fhir.queries import check_parameters, read_count, read_cursor, read_query, read_since

OF_HISTORY = frozenset({"_count", "_since", "_before", "_format"})
_VERBS = {"create": "POST", "update": "PUT", "patch": "PATCH", "delete": "DELETE"}
_LONGEST_NUMBER = 18  # structure: digits of a version that fit a database


async def read(store: Store, asked: Asked) -> Answer:
    """GET of a record."""
    type_, id_ = asked.segments
    version = store.read(type_, id_, asked.allowed)
    if version is None:
        raise not_there(type_, id_)
    return await _show(store, asked, version, "read")


async def vread(store: Store, asked: Asked) -> Answer:
    """GET of one version of a record."""
    type_, id_, _, number = asked.segments
    is_number = number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER
    version = store.read_version(type_, id_, int(number), asked.allowed) if is_number else None
    if version is None:
        raise not_there(type_, f"{id_}/_history/{number[:100]}")
    return await _show(store, asked, version, "vread")


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


async def _show(store: Store, asked: Asked, version: Version, what: str) -> Answer:
    if version.body is None:
        raise GoneError(
            code="REC-124",
            where=f"{version.type}/{version.id}",
            got="a record that was erased" if version.erased else "a record that was deleted",
            expected="one that is there",
            fix="its history says when that was",
        )
    if is_known_already(asked.headers, version.version, version.at_ms):
        return answer_unchanged(version)
    await _note(store, asked, what, (version,))
    return answer_version(version)


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
