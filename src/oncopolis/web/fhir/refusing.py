"""What is refused: which status an error has, and the OperationOutcome that tells it."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from oncopolis.foundation import (
    ConflictError,
    ExternalError,
    ForbiddenError,
    InputError,
    InputErrors,
    NotFoundError,
    OncopolisError,
)
from oncopolis.record import GoneError, VersionConflict

_STATUSES: tuple[tuple[type[OncopolisError], int, str], ...] = (
    (GoneError, HTTPStatus.GONE, "deleted"),
    (NotFoundError, HTTPStatus.NOT_FOUND, "not-found"),
    (VersionConflict, HTTPStatus.PRECONDITION_FAILED, "conflict"),
    (ConflictError, HTTPStatus.CONFLICT, "conflict"),
    (ForbiddenError, HTTPStatus.FORBIDDEN, "forbidden"),
    (ExternalError, HTTPStatus.SERVICE_UNAVAILABLE, "transient"),
    (InputError, HTTPStatus.BAD_REQUEST, "invalid"),
)
"""Error, status and issue type; the first that fits."""

RETRY_AFTER_S = "1"
LONGEST = 200  # structure: characters of what was sent that a message repeats
MOST_ISSUES = 100  # structure: a page of faults is enough to start mending


def show(value: object) -> str:
    """Return what was sent as a message may repeat it: quoted and cut."""
    return repr(value if not isinstance(value, str) else value[:LONGEST])[:LONGEST]


class RequestError(InputError):
    """A request that is refused with a status of its own.

    Parameters
    ----------
    status
        HTTP status.
    issue
        Issue type of the OperationOutcome.
    headers
        Headers the answer must have, such as ``Allow``.
    """

    def __init__(
        self,
        *,
        code: str,
        where: str,
        got: str,
        expected: str,
        fix: str,
        status: int = HTTPStatus.BAD_REQUEST,
        issue: str = "invalid",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code=code, where=where, got=got, expected=expected, fix=fix)
        self.status, self.issue, self.headers = status, issue, dict(headers or {})


class ResourceErrors(InputErrors):
    """A resource that breaks the base definitions, with every fault of it."""


class ElementError(InputError):
    """One element that breaks the base definitions.

    Parameters
    ----------
    issue
        Issue type: ``structure``, ``required``, ``value`` and so on.
    """

    def __init__(self, *, code: str, where: str, got: str, expected: str, fix: str, issue: str) -> None:
        super().__init__(code=code, where=where, got=got, expected=expected, fix=fix)
        self.issue = issue


def get_status(error: OncopolisError) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, RequestError):
        return error.status
    return next(
        (status for kind, status, _ in _STATUSES if isinstance(error, kind)),
        HTTPStatus.INTERNAL_SERVER_ERROR,
    )


def get_headers(error: OncopolisError) -> dict[str, str]:
    """Return the headers that the answer to an error must have."""
    if isinstance(error, RequestError):
        return error.headers
    return {"Retry-After": RETRY_AFTER_S} if isinstance(error, ExternalError) else {}


def to_outcome(error: OncopolisError) -> dict[str, Any]:
    """Return the OperationOutcome of an error: every fault with its place and what is expected."""
    errors: tuple[OncopolisError, ...] = error.errors if isinstance(error, InputErrors) else (error,)
    return make_outcome(_to_issue(one) for one in errors[:MOST_ISSUES])


def make_outcome(issues: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Put issues into an OperationOutcome."""
    return {"resourceType": "OperationOutcome", "issue": list(issues)}


def make_information(text: str) -> dict[str, Any]:
    """Return the OperationOutcome of what went well."""
    return make_outcome([{"severity": "information", "code": "informational", "diagnostics": text}])


def _to_issue(error: OncopolisError) -> dict[str, Any]:
    return {
        "severity": "error",
        "code": _get_issue_type(error),
        "details": {"text": error.code},
        "diagnostics": clean(str(error)),
        "expression": [clean(error.where) or "request"],
    }


def _get_issue_type(error: OncopolisError) -> str:
    if isinstance(error, (RequestError, ElementError)):
        return error.issue
    return next((issue for kind, _, issue in _STATUSES if isinstance(error, kind)), "exception")


def clean(text: str) -> str:
    """Take out what no FHIR string may hold, however it came into a message."""
    kept = "".join(sign if sign in "\t\n\r" or sign >= " " else "\ufffd" for sign in text)
    return kept.encode("utf-8", "replace").decode("utf-8").strip()
