"""``/api/jobs``: order long work, look at it, cancel it, fetch its results."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal, TypeAlias
from uuid import uuid4

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.responses import FileResponse

from oncopolis.foundation.frozen import Frozen
from oncopolis.record import Who
from oncopolis.record.store.outbox import Job
from oncopolis.web.api.ordering import Desk, Order, find_result, get_asked, list_results
from oncopolis.web.api.refusing import Refusal
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.needs import Needs

_MOST, _FEW = 1_000, 100  # structure: jobs of an answer, at most and unless asked
_LARGEST = 2**63 - 1  # structure: largest number of a row
_TOKEN = r"^[A-Za-z0-9._:~+/=-]{1,128}$"  # noqa: S105 - a pattern
_TRACE = "Traceback "

State: TypeAlias = Literal["waiting", "taken", "done", "dead", "cancelled"]
Number: TypeAlias = Annotated[int, Path(ge=1, le=_LARGEST)]
Ordering: TypeAlias = Annotated[Who, Depends(Needs("jobs.order"))]
LOOKING = [Depends(Needs("jobs.look"))]


class File(Frozen):
    """A result."""

    name: str
    """Such as ``plan.json``."""
    href: str
    """Where it is fetched."""
    n_bytes: int
    """Length."""


class Told(Frozen):
    """A job as it is now."""

    id: int
    """Number."""
    kind: str
    """What is done."""
    state: State
    """``dead``: it failed and is not tried again by itself; somebody has to look."""
    attempts: int
    """How often it was begun."""
    due: datetime
    """When it is or was to be done next."""
    error: str
    """Why the last attempt failed."""
    asked: dict[str, Any]
    """What was ordered; empty for jobs of the house itself."""
    files: tuple[File, ...]
    """Results, once it is done."""


class Listed(Frozen):
    """Jobs, the newest first."""

    jobs: tuple[Told, ...]
    """At most as many as were asked for."""


ROUTER = APIRouter(
    prefix="/jobs",
    tags=["jobs"],
    responses={status: {"model": Refusal} for status in (400, 404, 409, 413)},  # structure: HTTP
)


@ROUTER.post("", status_code=HTTPStatus.ACCEPTED)
def order(
    order: Order,
    who: Ordering,
    request: Request,
    response: Response,
    idempotency_key: Annotated[str | None, Header(pattern=_TOKEN)] = None,
) -> Told:
    """Order a plan or a run of the twin; the same key with the same order gives the same job."""
    job = _get_desk(request).take(order, who, str(uuid4()), idempotency_key)
    response.headers["Location"] = _get_address(job, request)
    return _tell(job, request)


@ROUTER.get("", dependencies=LOOKING)
def list_jobs(
    request: Request,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = _FEW,
) -> Listed:
    """List jobs of all kinds, or those in one state."""
    return Listed(jobs=tuple(_tell(job, request) for job in _get_desk(request).list(state, limit)))


@ROUTER.get("/{number}", dependencies=LOOKING)
def look(number: Number, request: Request) -> Told:
    """Look at a job."""
    return _tell(_get_desk(request).find(number), request)


@ROUTER.post("/{number}/cancel")
def cancel(number: Number, who: Ordering, request: Request) -> Told:
    """Stop a job; one that is over stays as it is."""
    return _tell(_get_desk(request).cancel(number, who, str(uuid4())), request)


@ROUTER.get("/{number}/files/{name}", response_class=FileResponse, dependencies=LOOKING)
def fetch(number: Number, name: str, request: Request) -> FileResponse:
    """Fetch a result."""
    path = find_result(_get_desk(request).find(number), name)
    return FileResponse(path, filename=path.name, headers={"X-Content-Type-Options": "nosniff"})


def _get_desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _get_address(job: Job, request: Request) -> str:
    return f"{request.scope.get('root_path', '')}{ROUTER.prefix}/{job.id}"


def _tell(job: Job, request: Request) -> Told:
    address = _get_address(job, request)
    return Told(
        id=job.id,
        kind=job.kind,
        state=job.state,
        attempts=job.attempts,
        due=datetime.fromtimestamp(job.due_ms / MS_PER_S, UTC),
        error=_shorten(job.error),
        asked=get_asked(job),
        files=tuple(
            File(name=path.name, href=f"{address}/files/{path.name}", n_bytes=path.stat().st_size)
            for path in list_results(job)
        ),
    )


def _shorten(error: str) -> str:
    """Of a fault of ours only its last line: the rest is for the one who mends it (`oncopolis jobs`)."""
    text = error.strip()
    return text.rpartition("\n")[2] if text.startswith(_TRACE) else text
