"""What programs are told when something is wrong, in the words of OAuth (RFC 6749, 5.2)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse, Response

from oncopolis.foundation import ForbiddenError, OncopolisError
from oncopolis.record.accounts import GrantRefused
from oncopolis.web.fhir.refusing import get_headers, get_status

_UNSTORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_WRONG_CLIENT = "invalid_client"


class OAuthError(ForbiddenError):
    """A request of a program that is refused.

    Parameters
    ----------
    error
        Code of OAuth.
    """

    def __init__(self, error: str, *, where: str, got: str, expected: str) -> None:
        super().__init__(
            code="REC-281", where=where, got=got, expected=expected, fix="see the documentation of the login"
        )
        self.error = error


def answer_fault(error: OncopolisError) -> Response:
    """Return the answer for what is wrong."""
    word = "invalid_request"
    status: int = HTTPStatus.BAD_REQUEST
    headers: dict[str, str] = {}
    if isinstance(error, GrantRefused):
        word = "invalid_grant"
    elif isinstance(error, OAuthError):
        word = error.error
    else:
        status, headers = get_status(error), get_headers(error)
    if word == _WRONG_CLIENT:
        status, headers = HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": 'Basic realm="oncopolis"'}
    answer = answer_program({"error": word, "error_description": clean(str(error))}, status)
    answer.headers.update(headers)
    return answer


def answer_program(values: Mapping[str, Any], status: int = HTTPStatus.OK) -> Response:
    """Return values that nobody on the way keeps."""
    return JSONResponse(values, status, _UNSTORED)


def clean(text: str) -> str:
    """Return a text of the signs that OAuth allows in a description."""
    return "".join(sign if " " <= sign <= "~" and sign not in '"\\' else "'" for sign in text)[:500]
