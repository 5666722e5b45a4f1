"""``POST /api/acts/{name}``: what is done in the live centre and its biobank, by programs and pages alike.

The body is what the act asks for, as JSON. ``at`` beside it says when it was done, for gateways that tell
later; it is taken from programs while the server is in shadow mode, so that a day can be rehearsed.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final, TypeAlias
from uuid import uuid4

from pydantic import ValidationError
from pydantic_core import from_json, to_json
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from oncopolis import biobank
from oncopolis.biobank import Bank
from oncopolis.foundation import ForbiddenError, Frozen, InputError, OncopolisError
from oncopolis.operations import Act, Live, Wish, get_act
from oncopolis.record import Act as Audited
from oncopolis.record.access import Caller
from oncopolis.record.access.policy import get_policy
from oncopolis.record.accounts.scopes import is_covered
from oncopolis.web.api.refusing import LIMIT_BYTES, answer_error, to_errors
from oncopolis.web.fhir.headers import MS_PER_S, read_headers, read_token
from oncopolis.web.fhir.refusing import RequestError, show
from oncopolis.web.mode import Mode

Gate: TypeAlias = Callable[[Scope], Awaitable[Caller]]
PROGRAM: Final = "program"
"""Role of those whose scopes say what they may do."""
_N_KEPT: Final = 4_096  # structure: rights that are at hand: roles and scopes by act


class ActEndpoint:
    """An ASGI application below whose path each act has its address.

    Parameters
    ----------
    gate
        Tells who calls.
    mode
        Whether the server is in shadow mode.
    """

    def __init__(self, live: Live, gate: Gate, mode: Mode) -> None:
        self._live, self._gate, self._mode = live, gate, mode
        self._bank = Bank(live.store)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Do one act."""
        try:
            answer = await self._answer(scope, receive)
        except ClientDisconnect:
            return
        except OncopolisError as error:
            await answer_error(error)(scope, receive, send)
            return
        headers = {"Cache-Control": "no-store"}
        await Response(to_json(answer), HTTPStatus.OK, headers, "application/json")(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> dict[str, Any]:
        caller = await self._gate(scope)
        if scope["method"] != "POST":
            raise RequestError(
                code="REC-320", where="method", got=show(scope["method"]), expected="POST",
                fix="send what the act asks for", status=HTTPStatus.METHOD_NOT_ALLOWED,
                headers={"Allow": "POST"},
            )  # fmt: skip
        name = scope["path"].rpartition("/")[2]
        act = biobank.ACTS.get(name) or get_act(name)
        check_may(caller, act)
        key = read_token(read_headers(scope["headers"]), "idempotency-key")
        body = await read_body(receive)
        if isinstance(act, biobank.Act):
            asked, at_ms = self._read_asked(act, body, caller)
            digest = compute_fingerprint(body, key)
            audited = make_audited(act, caller)
            return await self._bank.perform_here(
                act, asked, audited, key=key, fingerprint=digest, at_ms=at_ms
            )
        return await self._live.perform_here(self.make_wish(act, body, caller, key))

    def make_wish(self, act: Act[Any], body: bytes, caller: Caller, key: str | None) -> Wish:
        """Read what is asked.

        Raises
        ------
        InputError, InputErrors
            It is no JSON object, or not what the act asks for.
        ForbiddenError
            It says when it was done, which is not taken from this caller or not any more.
        """
        asked, at_ms = self._read_asked(act, body, caller)
        limited = None if PROGRAM in caller.roles else caller
        return Wish(
            act, asked, make_audited(act, caller), key, compute_fingerprint(body, key), at_ms, limited
        )

    def _read_asked(
        self, act: Act[Any] | biobank.Act[Any], body: bytes, caller: Caller
    ) -> tuple[Frozen, int | None]:
        """What is asked, and when it was done if that is told."""
        try:
            said = from_json(body, allow_inf_nan=False)
            at = said.pop("at", None) if isinstance(said, dict) else None
            asked = act.asked.model_validate(said)
        except ValidationError as error:
            raise to_errors(error.errors(), "body") from None
        except ValueError as error:
            raise InputError(
                code="REC-321", where="body", got=str(error)[:200], expected="a JSON object",
                fix="correct it; the OpenAPI document says what is taken",
            ) from None  # fmt: skip
        return asked, None if at is None else self._read_at(at, caller)

    def _read_at(self, at: object, caller: Caller) -> int:
        if PROGRAM not in caller.roles or self._mode.name != "shadow":
            raise ForbiddenError(
                code="REC-322", where="at", got="a time of the caller's own",
                expected="none: the server's clock counts, but for programs while it is in shadow mode",
                fix="leave it out",
            )  # fmt: skip
        moment = find_moment(at)
        if moment is None:
            raise InputError(
                code="REC-323", where="at", got=show(at), expected="a moment by ISO 8601, with its offset",
                fix="correct it",
            )  # fmt: skip
        return round(moment.timestamp() * MS_PER_S)


def make_audited(act: Act[Any] | biobank.Act[Any], caller: Caller) -> Audited:
    """Who does what, for the audit."""
    return Audited("E", act.name, caller.who, str(uuid4()), caller.purpose, client=caller.client)


def compute_fingerprint(body: bytes, key: str | None) -> str:
    """What tells another wish under the same key."""
    return sha256(body).hexdigest() if key else ""


def find_moment(value: object) -> datetime | None:
    """Return a moment that is written with its offset from UTC; None for anything else."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment


def check_may(caller: Caller, act: Act[Any] | biobank.Act[Any]) -> None:
    """Refuse whoever the access policy does not let do this.

    Raises
    ------
    ForbiddenError
        Neither a role of theirs nor the scopes of their program allow it (REC-324).
    """
    if not _may(caller.roles, caller.scopes, act.name, act.writes):
        raise ForbiddenError(
            code="REC-324", where=f"act {act.name}", got="a caller without that right",
            expected=f"a role that the access policy lets do it, and scopes for {', '.join(act.writes)}",
            fix="ask the administrator for the role or the program's scopes",
        )  # fmt: skip


@lru_cache(_N_KEPT)
def _may(roles: frozenset[str], scopes: tuple[str, ...] | None, act: str, writes: tuple[str, ...]) -> bool:
    """Whether roles, or the scopes of a program, allow an act: the same for each of a day's thousands."""
    is_role = bool(roles & get_policy().acts.get(act, frozenset()))
    is_scope = scopes is None or all(_covers(scopes, type_) for type_ in writes)
    is_program = PROGRAM in roles and scopes is not None
    return (is_role or is_program) and is_scope


def _covers(scopes: tuple[str, ...], type_: str) -> bool:
    return any(is_covered(f"{level}/{type_}.cu", scopes) for level in ("system", "user"))


async def read_body(receive: Receive) -> bytes:
    """Read a body of at most `LIMIT_BYTES`."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part = message.get("body", b"")
        size += len(part)
        if size > LIMIT_BYTES:
            raise RequestError(
                code="REC-325", where="body", got=f"more than {LIMIT_BYTES} bytes",
                expected=f"at most {LIMIT_BYTES}", fix="send less",
                status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            )  # fmt: skip
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)
