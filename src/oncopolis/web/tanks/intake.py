"""``POST /api/devices/readings``: what gateways tell by HTTP, a list of readings in a body."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, TypeAlias

from pydantic_core import from_json, to_json
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from oncopolis.biobank.watching.readings import Reading
from oncopolis.foundation import ForbiddenError, InputError, OncopolisError
from oncopolis.interop.devices.wire import read_reading
from oncopolis.record.access import Caller
from oncopolis.record.accounts.scopes import is_covered
from oncopolis.web.api.acting import PROGRAM, read_body
from oncopolis.web.api.refusing import answer_error
from oncopolis.web.declaring import BY_POLICY, declare
from oncopolis.web.tanks.watcher import Watcher

READINGS: Final = "/api/devices/readings"
Gate: TypeAlias = Callable[[Scope], Awaitable[Caller]]


def make_routes(watcher: Watcher | None, gate: Gate) -> list[Route]:
    """The address of the intake, if tanks are watched."""
    if watcher is None:
        return []

    async def take(request: Request) -> Response:
        try:
            caller = await gate(request.scope)
            check_gateway(caller)
            readings, n_parked = read_all(await read_body(request.receive), caller.who.id, watcher)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except OncopolisError as error:
            return answer_error(error)
        n_taken = watcher.take(readings)
        told = {"taken": n_taken, "parked": n_parked, "turned_away": len(readings) - n_taken}
        return Response(to_json(told), HTTPStatus.OK, {"Cache-Control": "no-store"}, "application/json")

    return [Route(READINGS, declare(take, BY_POLICY), methods=["POST"])]


def check_gateway(caller: Caller) -> None:
    """Refuse whoever is no program that may write observations."""
    if PROGRAM not in caller.roles or caller.scopes is None or not is_covered(
        "system/Observation.c", caller.scopes
    ):  # fmt: skip
        raise ForbiddenError(
            code="WEB-310", where="roles", got="a caller who is no gateway",
            expected="a program with the scope system/Observation.c", fix="use a gateway's token",
        )  # fmt: skip


def read_all(body: bytes, who: str, watcher: Watcher) -> tuple[list[Reading], int]:
    """Readings of a body, and how many could not be read: those are parked, the others count."""
    try:
        said = from_json(body, allow_inf_nan=True)
    except ValueError as error:
        raise _refuse(str(error)) from None
    if not isinstance(said, list):
        raise _refuse(type(said).__name__)
    readings, n_parked = [], 0
    for n, one in enumerate(said, 1):
        try:
            readings.append(read_reading(one, f"{who}, {n}"))
        except InputError as error:
            watcher.park(f"http {who}, {n}", str(error))
            n_parked += 1
    return readings, n_parked


def _refuse(got: str) -> InputError:
    return InputError(
        code="WEB-311", where="body", got=got[:100], expected="a JSON list of readings",
        fix="send [{subject, kind, value, at_ms}, ...]",
    )  # fmt: skip
