"""``/bulk/<export>``: how far an export is, its files from any byte, and taking it back."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from oncopolis.foundation import ExternalError, NotFoundError, OncopolisError
from oncopolis.record import Act, Who
from oncopolis.record.bulk import Manifest, Part, count_so_far, find_manifest, read_part
from oncopolis.record.store import Store, outbox
from oncopolis.record.store.outbox import Job
from oncopolis.web.bulk.ranges import read_range
from oncopolis.web.bulk.shelf import KEPT_S, Shelf
from oncopolis.web.declaring import SIGNED_IN, declare
from oncopolis.web.fhir.exchange import Answer, answer_error, to_instant, to_text
from oncopolis.web.fhir.exporting import BULK, JOB, NDJSON
from oncopolis.web.fhir.headers import FHIR_JSON, read_token
from oncopolis.web.fhir.refusing import LONGEST, make_information

LOOK_AGAIN_S = "2"
_NAME = re.compile(r"([0-9]{1,18})-([0-9a-f]{32})", re.ASCII)

Answering = Callable[[Request, Who, Job], Awaitable[Response]]
Admit = Callable[[Request], Awaitable[Who]]
"""Says who calls, or refuses; an export is its own caller's only."""


def make_routes(store: Store, shelf: Shelf, admit: Admit) -> list[Route]:
    """The addresses of exports."""
    desk = _Desk(store, shelf, admit)
    return [
        Route(f"/{BULK}/{{export}}", desk.make(desk.tell), methods=["GET"]),
        Route(f"/{BULK}/{{export}}", desk.make(desk.cancel), methods=["DELETE"]),
        Route(f"/{BULK}/{{export}}/{{file}}", desk.make(desk.send), methods=["GET"]),
    ]


class _Desk:
    """Answers for the exports on one shelf."""

    def __init__(self, store: Store, shelf: Shelf, admit: Admit) -> None:
        self.store, self.shelf, self.admit = store, shelf, admit

    def make(self, answer: Answering) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint: its caller is let in, its export found, its faults told."""

        async def endpoint(request: Request) -> Response:
            try:
                who = await self.admit(request)
                return await answer(request, who, await asyncio.to_thread(self._find, request, who))
            except OncopolisError as error:
                return _respond(answer_error(error))

        return declare(endpoint, SIGNED_IN)

    async def tell(self, request: Request, who: Who, job: Job) -> Response:
        """How far it is, or what it has made."""
        if job.state in ("waiting", "taken"):
            count = await asyncio.to_thread(count_so_far, self.shelf.find(job.payload))
            headers = {"X-Progress": f"{count} records", "Retry-After": LOOK_AGAIN_S}
            return Response(status_code=HTTPStatus.ACCEPTED, headers=headers)
        manifest = await asyncio.to_thread(find_manifest, self.shelf.find(job.payload))
        if job.state != "done" or manifest is None:
            raise ExternalError(
                code="REC-303", where=f"export {job.id}", got=job.error.strip() or job.state,
                expected="an export that was made", fix="ask for it anew",
            )  # fmt: skip
        await self._note(request, who, "export manifest")
        expires = formatdate(self.shelf.find(job.payload).stat().st_mtime + KEPT_S, usegmt=True)
        return _respond(Answer(HTTPStatus.OK, to_text(_to_manifest(request, job, manifest))), expires)

    async def cancel(self, request: Request, who: Who, job: Job) -> Response:
        """Stop it, and remove what it has made."""
        act = _make_act("D", "cancel export", who, request)
        await asyncio.wrap_future(
            self.store.submit(lambda transaction: outbox.cancel(transaction.session, job.id), act)
        )
        await asyncio.to_thread(self.shelf.drop, job.payload)
        return _respond(Answer(HTTPStatus.ACCEPTED, to_text(make_information("it is cancelled"))))

    async def send(self, request: Request, who: Who, job: Job) -> Response:
        """A file, or some bytes of it."""
        folder = self.shelf.find(job.payload)
        manifest = await asyncio.to_thread(find_manifest, folder)
        parts = {part.name: part for part in manifest.parts} if manifest else {}
        part = parts.get(request.path_params["file"])
        if part is None:
            raise _not_there(request)
        tag = f'"{job.payload["name"]}.{part.name}"'
        wanted = read_range(request.headers, tag, part.n_bytes)
        await self._note(request, who, f"export file {part.type}")
        first, end = wanted or (0, part.n_bytes)
        headers = {"Accept-Ranges": "bytes", "ETag": tag, "Content-Length": str(end - first)}
        if wanted is not None:
            headers["Content-Range"] = f"bytes {first}-{end - 1}/{part.n_bytes}"
        return StreamingResponse(
            _read(self.shelf, folder / part.name, first, end),
            HTTPStatus.OK if wanted is None else HTTPStatus.PARTIAL_CONTENT,
            headers,
            NDJSON,
        )

    def _find(self, request: Request, who: Who) -> Job:
        match = _NAME.fullmatch(request.path_params["export"])
        job = self.store.jobs.find(int(match[1])) if match else None
        if match is None or job is None or job.kind != JOB or job.state == "cancelled":
            raise _not_there(request)
        if job.payload["name"] != match[2] or job.payload["who"] != [who.kind, who.id]:
            raise _not_there(request)
        if job.state == "done" and not self.shelf.find(job.payload).exists():
            raise _not_there(request)
        return job

    async def _note(self, request: Request, who: Who, what: str) -> None:
        await asyncio.wrap_future(self.store.note(_make_act("R", what, who, request), ()))


def _read(shelf: Shelf, path: Any, first: int, end: int) -> Iterator[bytes]:
    return read_part(path, shelf.keys, first, end)


def _to_manifest(request: Request, job: Job, manifest: Manifest) -> dict[str, Any]:
    here = str(request.url.replace(query="")).rstrip("/")

    def tell(part: Part) -> dict[str, Any]:
        return {"type": part.type, "url": f"{here}/{part.name}", "count": part.count}

    return {
        "transactionTime": to_instant(manifest.at_ms),
        "request": job.payload["request"],
        "requiresAccessToken": True,
        "output": [tell(part) for part in manifest.parts],
        "error": [],
    }


def _make_act(action: Any, what: str, who: Who, request: Request) -> Act:
    headers = {name: value for name, value in request.headers.items() if name == "x-request-id"}
    return Act(action, what, who, read_token(headers, "x-request-id") or uuid4().hex)


def _respond(answer: Answer, expires: str | None = None) -> Response:
    headers = dict(answer.headers) | ({"Expires": expires} if expires else {})
    kind = "application/json" if expires else FHIR_JSON
    return Response(answer.body, answer.status, headers, kind)


def _not_there(request: Request) -> NotFoundError:
    return NotFoundError(
        code="REC-304",
        where=request.url.path[:LONGEST],
        got="no such export or file",
        expected="one of your own that is not older than a day",
        fix="ask for an export anew",
    )
