"""What the operational API refuses, told as JSON: code, place, what was got and expected, what to do."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oncopolis.foundation import InputError, InputErrors, OncopolisError
from oncopolis.foundation.frozen import Frozen
from oncopolis.web.fhir.refusing import LONGEST, MOST_ISSUES, get_headers, get_status, show

LIMIT_BYTES = 65_536  # structure: far more than any order or act; records go through FHIR


class Fault(Frozen):
    """One thing that is wrong."""

    code: str
    """Stable name; the reference of errors has it."""
    where: str
    """Place."""
    got: str
    """What was found there."""
    expected: str
    """What is allowed."""
    fix: str
    """What to do about it."""


class Refusal(Frozen):
    """Why a request is refused."""

    errors: tuple[Fault, ...]
    """At least one."""


def tell_refusals(api: FastAPI) -> None:
    """Have every refusal of an application told as a `Refusal`."""
    api.add_exception_handler(OncopolisError, _answer_error)
    api.add_exception_handler(RequestValidationError, _answer_invalid)
    api.add_exception_handler(HTTPException, _answer_http)


class LimitedBodies:
    """Refuses bodies that are longer than anything the API takes, before they are in memory."""

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self.app, self.limit_bytes = app, limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes in."""
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.limit_bytes:
                raise HTTPException(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body of at most {self.limit_bytes} bytes"
                )
            return message

        await self.app(scope, counted, send)


def answer_error(error: OncopolisError) -> JSONResponse:
    """Return the answer to what is refused."""
    parts = error.errors if isinstance(error, InputErrors) else (error,)
    return _answer(get_status(error), parts[:MOST_ISSUES], get_headers(error))


def to_errors(found: Iterable[Mapping[str, Any]], *places: str) -> InputErrors:
    """Return what pydantic has found, below these places."""
    return InputErrors(
        InputError(
            code="REC-171",
            where=".".join(map(str, (*places, *one["loc"])))[:LONGEST],
            got=show(one.get("input")),
            expected=one["msg"],
            fix="correct it; the OpenAPI document says what is taken",
        )
        for one in found
    )


async def _answer_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OncopolisError)
    return answer_error(error)


async def _answer_invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return answer_error(to_errors(error.errors()))


async def _answer_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    fault = InputError(
        code="REC-172",
        where=request.url.path[:LONGEST],
        got=f"{request.method[:LONGEST]} that is not taken",
        expected=str(error.detail),
        fix="the OpenAPI document says what is taken where",
    )
    return _answer(error.status_code, [fault], error.headers)


def _answer(
    status: int, errors: Iterable[OncopolisError], headers: Mapping[str, str] | None = None
) -> JSONResponse:
    faults = (
        Fault(code=one.code, where=one.where, got=one.got, expected=one.expected, fix=one.fix)
        for one in errors
    )
    return JSONResponse(Refusal(errors=tuple(faults)).model_dump(), status, headers=headers)
