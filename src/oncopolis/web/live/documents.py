"""Documents of a course: put to a step, listed for whoever may read them, opened with an audit entry."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlsplit
from uuid import uuid4

from starlette.responses import Response

from oncopolis.foundation import InputError, NotFoundError, OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.operations.courses.trail import Mark
from oncopolis.operations.elements import get_code
from oncopolis.record import Act as Audited
from oncopolis.record import Version
from oncopolis.record.access.deciding import Rights
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.web.live.doing import add_query, perform_said
from oncopolis.web.live.station import Station
from oncopolis.web.login.gate import to_caller
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import go

KINDS: Final = {
    "referral": mark("referral"),
    "report": mark("report"),
    "letter": mark("letter"),
    "consent_form": mark("signed consent"),
    "image": mark("picture"),
    "other": mark("something else"),
}
"""Kind of a document -> what it is called."""
MOST_BYTES: Final = 5_000_000  # structure: what the record takes as one record, less what encoding adds
FORM_BYTES: Final = MOST_BYTES + 65_536  # structure: with the fields beside it
_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}", re.ASCII)
_UNKNOWN: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Document:
    """A document as a page lists it; `kind` is one of `KINDS`."""

    id: str
    step: str
    title: str
    kind: str
    date: str


def list_documents(station: Station, visit: Visit, marks: Iterable[Mark]) -> list[Document]:
    """Return the documents of steps that whoever asks may read."""
    found = []
    for one in marks:
        for id_ in one.documents:
            record = find_resource(_read(station, visit, id_))
            if record is not None:
                title = _get_attachment(record).get("title", "")
                kind = get_code((record.get("type", {}),), "document")
                found.append(Document(id_, one.label, title, kind, str(record.get("date", ""))[:10]))
    return found


def _read(station: Station, visit: Visit, id_: str) -> Version | None:
    rights = Rights(to_caller(visit.account), "read", station.now_ms)
    return station.live.store.read("DocumentReference", id_, rights)


def _get_attachment(record: dict[str, Any]) -> dict[str, Any]:
    return next((one["attachment"] for one in record.get("content", ()) if "attachment" in one), {})


def open_document(station: Station, visit: Visit) -> Response:
    """Give a document to whoever may read it, as a file that no browser runs; or lead to where it lies."""
    id_ = visit.parts["id"]
    version = _read(station, visit, id_)
    record = find_resource(version) or {}
    attachment = _get_attachment(record)
    url = str(attachment.get("url", ""))
    if version is None or not (attachment.get("data") or urlsplit(url).scheme in ("http", "https")):
        raise NotFoundError(
            code="OPS-001", where=f"DocumentReference/{id_:.64}", got="no document that can be opened",
            expected="one that is there and may be read", fix="look it up again: it may be gone",
        )  # fmt: skip
    caller = to_caller(visit.account)
    audited = Audited("R", "read", caller.who, str(uuid4()), caller.purpose)
    station.live.store.note(audited, [version]).result()
    if not attachment.get("data"):
        return go(url)
    name = quote(attachment.get("title") or id_, safe="")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
    }
    return Response(
        b64decode(attachment["data"]), HTTPStatus.OK, headers, attachment.get("contentType", _UNKNOWN)
    )


def take_document(station: Station, visit: Visit) -> Response:
    """Put a document to a step: a file that was sent, or where it lies."""
    id_, form, sent = visit.parts["id"], visit.form, visit.sent
    said: dict[str, Any] = {"course": id_} | {name: form.get(name, "") for name in ("step", "kind", "url")}
    said |= {"title": form.get("title", "").strip(), "content_type": _UNKNOWN}
    try:
        if sent is not None and sent.body:
            if len(sent.body) > MOST_BYTES:
                raise InputError(
                    code="WEB-331", where="file", got=f"{len(sent.body)} bytes",
                    expected=f"at most {MOST_BYTES}", fix="send a smaller one, or the address where it lies",
                )  # fmt: skip
            kind = sent.content_type.lower()
            said |= {
                "data": b64encode(sent.body).decode("ascii"), "title": said["title"] or sent.name[:200],
                "content_type": kind if _TYPE.fullmatch(kind) else _UNKNOWN,
            }  # fmt: skip
        said["title"] = said["title"] or said["url"][:200]
        perform_said(station, visit, "attach_document", said, form.get("key", ""))
    except OncopolisError as error:
        return go(add_query(f"/live/courses/{id_}", told=error.code))
    return go(add_query(f"/live/courses/{id_}", done="attach_document"))
