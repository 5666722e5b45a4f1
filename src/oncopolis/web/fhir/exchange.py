"""A request as the API sees it, and its answer; over HTTP or as an entry of a batch."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Literal, NamedTuple

from oncopolis.foundation import OncopolisError
from oncopolis.record import Act, Version, Who
from oncopolis.record.access import EVERYTHING, Allowed, Caller
from oncopolis.record.types import Action
from oncopolis.web.fhir.bundles import Out, to_status_line
from oncopolis.web.fhir.commands import Written
from oncopolis.web.fhir.headers import FHIR_JSON, MS_PER_S, Return, to_etag, to_http_date
from oncopolis.web.fhir.refusing import get_headers, get_status, make_information, to_outcome

_BAD = HTTPStatus.BAD_REQUEST
_NO_CONTENT = HTTPStatus.NO_CONTENT
_LONGEST_QUERY = 500  # structure: characters of names in the audit


class Asked(NamedTuple):
    """A request; a tuple, since each one is changed several times on its way.

    Parameters
    ----------
    segments
        Parts of the path below the base.
    query
        What follows the question mark.
    headers
        By lower-case name.
    body
        As it came; empty for an entry of a batch.
    resource
        What an entry of a batch brings.
    caller
        Who asks, as the gate found; None where there is no gate.
    allowed
        What they may see.
    address
        Network address of the caller.
    glass
        Id of the patient whose glass is broken.
    base
        Our address as the client wrote it, without a slash at the end.
    key
        Idempotency key.
    """

    method: str
    segments: tuple[str, ...]
    query: str
    headers: Mapping[str, str]
    body: bytes
    base: str
    who: Who
    request_id: str
    key: str | None = None
    resource: Mapping[str, Any] | None = None
    where: str = ""
    caller: Caller | None = None
    allowed: Allowed = EVERYTHING
    glass: str | None = None
    address: str = ""

    def act(self, action: Action, what: str, outcome: Literal["0", "4"] = "0", reason: str = "") -> Act:
        """Return what is written into the audit."""
        return Act(
            action, what, self.who, self.request_id,
            purpose=self.caller.purpose if self.caller is not None else "",
            query=_tell_query(self.segments, self.query), outcome=outcome, reason=reason,
            address=self.address, client=self.caller.client if self.caller is not None else "",
        )  # fmt: skip

    def compute_fingerprint(self) -> str:
        """Tell this request from another one with the same idempotency key."""
        digest = sha256(f"{self.method} {'/'.join(self.segments)}?{self.query}\n".encode())
        digest.update(repr(sorted(self.headers.items())).encode() if self.resource is not None else b"")
        digest.update(self.body)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back.

    Parameters
    ----------
    body
        JSON; empty for none.
    at_ms
        When the record that is answered was written.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    at_ms: int | None = None

    @property
    def is_refusal(self) -> bool:
        """Whether it tells a fault."""
        return self.status >= _BAD


def to_text(value: Mapping[str, Any]) -> bytes:
    """Return the text of a resource of our own making."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def answer_resource(value: Mapping[str, Any], status: int = HTTPStatus.OK) -> Answer:
    """Answer with a resource of our own making."""
    return Answer(status, to_text(value))


def answer_error(error: OncopolisError) -> Answer:
    """Answer with the faults of a request."""
    return Answer(get_status(error), to_text(to_outcome(error)), get_headers(error))


def answer_version(version: Version) -> Answer:
    """Answer with a record as it is stored."""
    return Answer(
        HTTPStatus.OK, version.body or b"", _name_version(version.version, version.at_ms), version.at_ms
    )


def answer_unchanged(version: Version) -> Answer:
    """Answer that the reader has it already."""
    return Answer(HTTPStatus.NOT_MODIFIED, b"", _name_version(version.version, version.at_ms), version.at_ms)


def answer_written(written: Written, base: str, wish: Return) -> Answer:
    """Answer a write with what the writer wants back."""
    status = written["status"]
    headers = _name_version(written["version"], written["at_ms"])
    location = f"{written['type']}/{written['id']}/_history/{written['version']}"
    if status != _NO_CONTENT:
        headers["Location"] = f"{base}/{location}"
    body = b""
    if wish == "OperationOutcome":
        status = HTTPStatus.OK if status == _NO_CONTENT else status
        body = to_text(make_information(f"{location} is stored"))
    elif wish == "representation" and status != _NO_CONTENT:
        body = (written["body"] or "").encode()
    return Answer(status, body, headers, written["at_ms"])


def answer_bundle(text: bytes) -> Answer:
    """Answer with a bundle that was put together."""
    return Answer(HTTPStatus.OK, text)


def to_response_entry(answer: Answer) -> Out:
    """Return an answer as an entry of the bundle that answers a batch or transaction."""
    response: dict[str, Any] = {"status": to_status_line(answer.status)}
    for name, header in (("location", "Location"), ("etag", "ETag")):
        if header in answer.headers:
            response[name] = answer.headers[header]
    if answer.at_ms is not None:
        response["lastModified"] = to_instant(answer.at_ms)
    if answer.is_refusal:
        return Out(None, {"response": response | {"outcome": json.loads(answer.body)}})
    return Out(answer.body or None, {"response": response})


def without_body(answer: Answer) -> Answer:
    """Return an answer to one who wants no record back."""
    return replace(answer, body=b"")


def to_instant(at_ms: int) -> str:
    """Return a moment as FHIR writes it, in UTC to the millisecond."""
    moment = datetime.fromtimestamp(at_ms // MS_PER_S, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at_ms % MS_PER_S:03}Z"


def _tell_query(segments: tuple[str, ...], query: str) -> str:
    """Tell what was asked by the names of parameters: their values would name patients beyond erasure."""
    if not query:
        return ""
    names = dict.fromkeys(part.partition("=")[0] for part in query.split("&"))
    return f"{'/'.join(segments)}?{'&'.join(names)}"[:_LONGEST_QUERY]


def _name_version(version: int, at_ms: int) -> dict[str, str]:
    return {"ETag": to_etag(version), "Last-Modified": to_http_date(at_ms)}


__all__ = [
    "FHIR_JSON",
    "Answer",
    "Asked",
    "answer_bundle",
    "answer_error",
    "answer_resource",
    "answer_unchanged",
    "answer_version",
    "answer_written",
    "to_instant",
    "to_response_entry",
    "to_text",
    "without_body",
]
