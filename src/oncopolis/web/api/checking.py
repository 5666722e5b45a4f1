"""``GET /api/live/invariants``: whether what may never be is not, for administrators and programs."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from oncopolis.foundation import ForbiddenError, InputError, OncopolisError
from oncopolis.operations import Live
from oncopolis.operations.checking import check_invariants
from oncopolis.record.access import Caller
from oncopolis.record.care.holding import count_requests
from oncopolis.web.api.acting import find_moment
from oncopolis.web.api.refusing import answer_error
from oncopolis.web.declaring import BY_POLICY, declare
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.fhir.refusing import show

INVARIANTS: Final = "/api/live/invariants"
Gate: TypeAlias = Callable[[Scope], Awaitable[Caller]]
_ROLES: Final = frozenset({"administrator", "program"})
_LONGEST: Final = 100  # structure: characters that keys begin with
_MOST: Final = 100  # structure: findings that are told one by one


def make_routes(live: Live, gate: Gate) -> list[Route]:
    """The address of the check."""

    async def check(request: Request) -> Response:
        try:
            caller = await gate(request.scope)
            since_ms, start = _read(caller, request)
            answer = await run_in_threadpool(_check, live, since_ms, start)
        except OncopolisError as error:
            return answer_error(error)
        who = {"kind": caller.who.kind, "id": caller.who.id, "name": caller.who.name}
        headers = {"Cache-Control": "no-store"}
        return Response(to_json({"who": who, **answer}), HTTPStatus.OK, headers, "application/json")

    return [Route(INVARIANTS, declare(check, BY_POLICY), methods=["GET"])]


def _read(caller: Caller, request: Request) -> tuple[int, str]:
    if not caller.roles & _ROLES:
        raise ForbiddenError(
            code="OPS-226", where="roles", got="a caller who is neither administrator nor program",
            expected="one of the two", fix="sign in as an administrator, or use a program's token",
        )  # fmt: skip
    asked = dict(request.query_params)
    start, since = asked.pop("keys", ""), asked.pop("since", "1970-01-01T00:00:00Z")
    moment = find_moment(since)
    if asked or moment is None or len(start) > _LONGEST:
        raise InputError(
            code="OPS-227", where="query", got=show(str(request.url.query)),
            expected="since, a moment with its offset from UTC, and keys, what idempotency keys begin with",
            fix="correct it",
        )  # fmt: skip
    return round(moment.timestamp() * MS_PER_S), start


def _check(live: Live, since_ms: int, start: str) -> dict[str, Any]:
    findings = live.store.ask(lambda reading: check_invariants(reading, since_ms))
    n_keys, digest = live.store.ask(lambda reading: count_requests(reading, start)) if start else (0, "")
    return {
        "centre": live.house.centre.name,
        "n_findings": len(findings),
        "findings": [one.model_dump() for one in findings[:_MOST]],
        "n_keys": n_keys,
        "keys_digest": digest,
    }
