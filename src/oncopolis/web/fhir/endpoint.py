"""The FHIR endpoint over ASGI: a request in, its answer out, whatever happens."""

import logging
import time
from collections.abc import Mapping, MutableMapping
from dataclasses import replace
from http import HTTPStatus
from itertools import count
from typing import Any
from uuid import uuid4

from starlette.types import Receive, Scope, Send

from oncopolis.foundation import OncopolisError
from oncopolis.record.access.deciding import NOTHING
from oncopolis.record.access.practice import Practice, read_practice
from oncopolis.record.fhir.definitions import Definitions
from oncopolis.record.store import Store
from oncopolis.web.fhir.auditing import note_refusal
from oncopolis.web.fhir.breaking import break_glass
from oncopolis.web.fhir.capability import make_capability_statement
from oncopolis.web.fhir.exchange import Answer, Asked, answer_error, to_text
from oncopolis.web.fhir.gate import Gate, admit, find_glass, read_purpose
from oncopolis.web.fhir.headers import (
    FHIR_JSON,
    MS_PER_S,
    check_accept,
    read_client,
    read_headers,
    read_host,
    read_token,
)
from oncopolis.web.fhir.interactions import find_interaction, refuse_method
from oncopolis.web.fhir.looking import OF_READ, read_part, to_part
from oncopolis.web.fhir.pretty import indent, wants_lines
from oncopolis.web.fhir.queries import check_parameters, read_pairs, read_query
from oncopolis.web.fhir.refusing import RequestError, make_outcome, show
from oncopolis.web.fhir.writing import take_bundle
from oncopolis.web.mode import Mode, Name

PUBLIC = ("metadata",)
OF_METADATA = OF_READ | {"mode"}
LIMIT_BYTES = 9_500_000  # structure: larger than any record, and a bundle of some thousand
LIMIT_BUNDLE_BYTES = 40_000_000  # structure: a document with its scans, or a set of definitions
_HEARD_OUT = 8  # structure: times the limit that is read and dropped, so that the refusal can be read

_LOG = logging.getLogger(__name__)
_CONTENT_TYPE = f"{FHIR_JSON}; charset=utf-8"


class FhirEndpoint:
    """Answers requests below one base.

    Parameters
    ----------
    base
        Our address, such as ``https://centre.example/fhir``; the one the client called us by if left out.
    limit_bytes, limit_bundle_bytes
        Largest body that is taken; the same of a Bundle that is kept as a record.
    security
        What the CapabilityStatement says about security.
    gate
        Tells who calls; without one everybody may do everything.
    practice
        What the centre decided about access; the defaults if left out.
    mode
        What mode the server is in; asked of the store if left out.
    """

    def __init__(
        self,
        store: Store,
        definitions: Definitions,
        *,
        base: str | None = None,
        limit_bytes: int = LIMIT_BYTES,
        limit_bundle_bytes: int = LIMIT_BUNDLE_BYTES,
        security: Mapping[str, Any] | None = None,
        gate: Gate | None = None,
        practice: Practice | None = None,
        mode: Mode | None = None,
    ) -> None:
        self.gate, self.practice = gate, practice or read_practice()
        self.mode, self._statements = mode or Mode(store), dict[Name, bytes]()
        self.store, self.definitions, self.base = store, definitions, base
        self.limit_bytes, self.limit_bundle_bytes = limit_bytes, limit_bundle_bytes
        self.security = security
        self.start_id, self.numbers = uuid4().hex, count(1)
        self.started_ms = int(time.time() * MS_PER_S)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of ASGI."""
        # A number of its own for each start, then counted: randomness for each request costs as much as it.
        request_id = f"{self.start_id}-{next(self.numbers)}"
        try:
            headers = read_headers(scope["headers"])
            request_id = read_token(headers, "x-request-id") or request_id
            # Who calls is asked before the body is read: strangers cannot send us anything large.
            asked = await self._identify(scope, self._read(scope, headers, request_id))
            body = await _read_body(headers, receive, self._get_limit(scope))
            if body is None:
                return
            answer = await self.answer(asked._replace(body=body) if body else asked)
        except OncopolisError as error:
            answer = answer_error(error)
        except Exception:  # noqa: BLE001 - the last resort of a server
            _LOG.exception("request %s", request_id)
            answer = _answer_fault(request_id)
        await _send(send, answer, request_id, has_body=scope["method"] != "HEAD")

    def _get_limit(self, scope: Scope) -> int:
        """Largest body at an address: a Bundle that is kept as a record may be longer than all others."""
        path = scope["path"].removeprefix(scope.get("root_path", "")).strip("/")
        return self.limit_bundle_bytes if path.partition("/")[0] == "Bundle" else self.limit_bytes

    async def answer(self, asked: Asked) -> Answer:
        """Answer one request; its faults are answers too."""
        try:
            answer = await self._answer(asked)
        except OncopolisError as error:
            await note_refusal(self.store, asked, error)
            answer = answer_error(error)
        return replace(answer, body=indent(answer.body)) if wants_lines(asked.query) else answer

    async def _identify(self, scope: Scope, asked: Asked) -> Asked:
        """Return the request with who sends it, as the gate knows them; anybody may ask what is public."""
        if self.gate is None or asked.segments == PUBLIC:
            return asked
        try:
            caller = read_purpose(await self.gate(scope), asked.headers)
        except OncopolisError as error:
            await note_refusal(self.store, asked, error)
            raise
        return asked._replace(caller=caller, who=caller.who, allowed=NOTHING, address=asked.who.id)

    async def _break_glass(self, asked: Asked) -> Asked:
        named = None if asked.glass is not None else find_glass(asked)
        if named is None:
            return asked
        return asked._replace(glass=await break_glass(self.store, asked, named, self.practice))

    async def _answer(self, asked: Asked) -> Answer:
        asked = await self._break_glass(asked)
        if asked.segments == PUBLIC or (not asked.segments and asked.method not in ("GET", "HEAD")):
            return await self._answer_system(asked)
        interaction = find_interaction(asked)
        asked = admit(asked, interaction.code, self.practice)
        if interaction.parameters is not None and asked.query:
            check_parameters(read_query(asked.query), interaction.parameters)
        return await interaction.handler(self.store, asked)

    async def _answer_system(self, asked: Asked) -> Answer:
        query = read_query(asked.query)
        check_parameters(query, OF_METADATA if asked.segments else frozenset())
        if asked.segments:
            if asked.method not in ("GET", "HEAD"):
                raise refuse_method(asked, {"GET"})
            if query.get("mode", "full") != "full":
                raise RequestError(
                    code="REC-108", where="mode", got=show(query["mode"]), expected="full",
                    fix="leave it out: there is no terminology server", issue="not-supported",
                )  # fmt: skip
            part = read_part(asked.query, "CapabilityStatement")
            return Answer(HTTPStatus.OK, to_part(self._describe(self.mode.name), part))
        if asked.method != "POST":
            raise refuse_method(asked, {"GET", "POST"})
        return await take_bundle(self.store, admit(asked, "transaction", self.practice), self.answer)

    def _describe(self, mode: Name) -> bytes:
        if mode not in self._statements:
            self._statements[mode] = to_text(
                make_capability_statement(
                    self.definitions, self.started_ms, self.base, self.security, mode=mode
                )
            )
        return self._statements[mode]

    def _read(self, scope: Scope, headers: dict[str, str], request_id: str) -> Asked:
        root = scope.get("root_path", "")
        query = scope["query_string"].decode("latin-1")
        path = scope["path"].removeprefix(root).strip("/")
        check_accept(headers, dict(read_pairs(query)).get("_format") if query else None)
        return Asked(
            method=scope["method"],
            segments=tuple(path.split("/")) if path else (),
            query=query,
            headers=headers,
            body=b"",
            base=self.base or f"{scope['scheme']}://{read_host(headers)}{root}",
            who=read_client(scope.get("client")),
            request_id=request_id,
            key=read_token(headers, "idempotency-key"),
        )


async def _read_body(headers: dict[str, str], receive: Receive, limit: int) -> bytes | None:
    """Return the body, None if the client has gone."""
    stated = headers.get("content-length", "0")
    if stated.isdigit() and int(stated[:20]) > _HEARD_OUT * limit:
        raise _too_large(limit)
    parts: list[bytes] = []
    size = 0
    while True:
        message: MutableMapping[str, Any] = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        is_last = not message.get("more_body", False)
        if size > limit:
            parts.clear()
            if is_last or size > _HEARD_OUT * limit:
                raise _too_large(limit)
            continue
        parts.append(part)
        if is_last:
            return b"".join(parts)


async def _send(send: Send, answer: Answer, request_id: str, *, has_body: bool) -> None:
    headers = [(b"x-request-id", request_id.encode())]
    if answer.body:
        headers.append((b"content-type", _CONTENT_TYPE.encode()))
    if answer.body or answer.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
        headers.append((b"content-length", str(len(answer.body)).encode()))
    headers += [
        (name.lower().encode(), value.encode("latin-1", "replace")) for name, value in answer.headers.items()
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body if has_body else b""})


def _too_large(limit: int) -> RequestError:
    return RequestError(
        code="REC-129", where="body", got="a larger one", expected=f"at most {limit} bytes",
        fix="send it in parts",
        status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, issue="too-long", headers={"Connection": "close"},
    )  # fmt: skip


def _answer_fault(request_id: str) -> Answer:
    """Answer a fault of ours: nothing of it but the id under which the log has it."""
    issue = {
        "severity": "fatal",
        "code": "exception",
        "diagnostics": f"a fault of the server; its log tells more under {request_id}",
    }
    return Answer(HTTPStatus.INTERNAL_SERVER_ERROR, to_text(make_outcome([issue])))
