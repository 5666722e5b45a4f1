"""``/events?criteria=Observation?code=718-7``: what is written from now on, or from where a stream broke.

An event names a record and its version; the record itself is read as usual, which leaves its trace in the
audit. Of a record that is written twice between two looks the later version is told. A stream is a
convenience: who must miss nothing subscribes.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from oncopolis.foundation import OncopolisError
from oncopolis.record import Version
from oncopolis.record.access import Allowed
from oncopolis.record.search.demand import Demand, read_demand
from oncopolis.record.store import Store
from oncopolis.web.declaring import BY_POLICY, declare
from oncopolis.web.events.pulse import Pulse
from oncopolis.web.fhir.exchange import answer_error, to_instant
from oncopolis.web.fhir.headers import FHIR_JSON
from oncopolis.web.fhir.refusing import RequestError, show

EVENTS = "/events"
Admit: TypeAlias = Callable[[Request], Awaitable[Allowed]]
"""Lets a caller in, and says what they may see; `OncopolisError` if not."""

ALIVE_S = 15  # structure: between two signs of life, at which it is asked anew whether the caller may listen
AGAIN_MS = 1_000  # structure: after which a broken stream is asked for again
MOST_CRITERIA = 20  # structure: more than a page shows
PAGE = 100  # structure: events that are read at once
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


def make_routes(store: Store, admit: Admit) -> list[Route]:
    """The address of events."""
    pulse = Pulse(store)

    async def listen(request: Request) -> Response:
        try:
            allowed = await admit(request)
            demands = _read_demands(request)
            after = _read_after(request)
        except OncopolisError as error:
            answer = answer_error(error)
            return Response(answer.body, answer.status, dict(answer.headers), FHIR_JSON)
        if after is None:
            after = await pulse.find_last()
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        stream = _tell(store, pulse, demands, after, allowed, lambda: admit(request))
        return StreamingResponse(stream, HTTPStatus.OK, headers, "text/event-stream")

    return [Route(EVENTS, declare(listen, BY_POLICY), methods=["GET"])]


async def _tell(
    store: Store,
    pulse: Pulse,
    demands: Sequence[Demand],
    after: int,
    allowed: Allowed,
    admit: Callable[[], Awaitable[Allowed]],
) -> AsyncIterator[str]:
    yield f"retry: {AGAIN_MS}\n: from {after}\n\n"
    loop = asyncio.get_running_loop()
    checked = loop.time()
    end = after
    while True:
        try:
            if loop.time() - checked > ALIVE_S:
                allowed, checked = await admit(), loop.time()
                yield ": alive\n\n"
            found = await asyncio.to_thread(_find, store, demands, after, allowed)
        except OncopolisError:
            return  # Not admitted any more, or the database is away: the listener asks again, and is told.
        for version in found:
            after = version.seq
            yield _to_event(version)
        if len(found) < PAGE:
            after = max(after, end)
            end = await pulse.wait(after, ALIVE_S)


def _find(store: Store, demands: Sequence[Demand], after: int, allowed: Allowed) -> list[Version]:
    parts = [(demand.type, demand.restrict("r", allowed)) for demand in demands]
    sql = " OR ".join(f"(r.type = ? AND {condition})" for _, (condition, _) in parts)
    values = [value for type_, (_, given) in parts for value in (type_, *given)]
    return store.ask(
        lambda reading: reading.list_where(
            f"v.seq > ? AND r.deleted = 0 AND ({sql})",
            [after, *values, PAGE],
            order="ORDER BY v.seq LIMIT ?",
            is_current=True,
        )
    )


def _to_event(version: Version) -> str:
    data = {
        "reference": f"{version.type}/{version.id}",
        "versionId": str(version.version),
        "lastUpdated": to_instant(version.at_ms),
    }
    return f"id: {version.seq}\nevent: {version.type}\ndata: {json.dumps(data)}\n\n"


def _read_demands(request: Request) -> list[Demand]:
    given = request.query_params.getlist("criteria")
    if not given or len(given) > MOST_CRITERIA or set(request.query_params) != {"criteria"}:
        raise RequestError(
            code="REC-306", where="URL", got=show(request.url.query),
            expected=f"criteria=Type?parameter=value, 1 to {MOST_CRITERIA} times",
            fix="say of which records you want to hear",
        )  # fmt: skip
    return [read_demand(text, "criteria") for text in given]


def _read_after(request: Request) -> int | None:
    text = request.headers.get("last-event-id")
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        raise RequestError(
            code="REC-307", where="Last-Event-ID", got=show(text), expected="the id of an event",
            fix="leave it out to begin with what is written from now on",
        )  # fmt: skip
    return int(text)
