"""Bundles in: what each entry asks for. Bundles out: texts of records put together without reading them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from oncopolis.web.fhir.refusing import RequestError, show

_RANK = {
    "DELETE": 0,
    "POST": 1,
    "PUT": 2,
    "PATCH": 2,
    "GET": 3,
    "HEAD": 3,
}  # structure: the order of work as FHIR has it

_CONDITIONS = {
    "ifMatch": "if-match",
    "ifNoneMatch": "if-none-match",
    "ifNoneExist": "if-none-exist",
    "ifModifiedSince": "if-modified-since",
}
"""Element of ``Bundle.entry.request`` -> header it stands for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request of a bundle.

    Parameters
    ----------
    place
        Number in the bundle, from 0.
    segments, query
        Parts of the path, and what follows the question mark.
    headers
        What ``request`` says beside method and URL, by the name of the header.
    """

    place: int
    method: str
    segments: tuple[str, ...]
    query: str
    headers: Mapping[str, str]
    full_url: str
    resource: dict[str, Any] | None

    @property
    def path(self) -> str:
        """Place for messages."""
        return f"Bundle.entry[{self.place}]"


@dataclass(frozen=True, slots=True)
class Out:
    """One entry of a bundle that is sent: JSON of the record as it is stored, and what stands beside it."""

    body: bytes | None
    beside: Mapping[str, Any]


def read_entries(bundle: Mapping[str, Any], base: str) -> list[Entry]:
    """Return the requests of a transaction or batch, in the order they are worked through.

    Parameters
    ----------
    bundle
        Checked against the base definitions, at least without its resources.
    base
        Our own address, which may stand before the URL of a request.

    Raises
    ------
    RequestError
        For an entry that asks for nothing.
    """
    entries = [_read_entry(place, entry, base) for place, entry in enumerate(bundle.get("entry", ()))]
    return sorted(entries, key=lambda entry: _RANK[entry.method])


def get_rank(entry: Entry) -> int:
    """Return the place of an entry's method in the order of work."""
    return _RANK[entry.method]


def make_bundle(
    kind: str, entries: Iterable[Out], *, links: Sequence[tuple[str, str]] = (), total: int | None = None
) -> bytes:
    """Return the text of a bundle."""
    head: dict[str, Any] = {"resourceType": "Bundle", "type": kind}
    if total is not None:
        head["total"] = total
    if links:
        head["link"] = [{"relation": relation, "url": url} for relation, url in links]
    text = _to_text(head)
    inner = b",".join(_to_entry(entry) for entry in entries)
    return text[:-1] + b',"entry":[' + inner + b"]}" if inner else text


def to_status_line(status: int) -> str:
    """Return a status as ``Bundle.entry.response`` has it."""
    return f"{status} {HTTPStatus(status).phrase}"


def _to_entry(entry: Out) -> bytes:
    beside = _to_text(entry.beside)
    if entry.body is None:
        return beside
    comma = b"," if entry.beside else b""
    return b'{"resource":' + entry.body + comma + beside[1:]


def _to_text(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _read_entry(place: int, entry: Mapping[str, Any], base: str) -> Entry:
    where = f"Bundle.entry[{place}]"
    request = entry.get("request")
    if not isinstance(request, dict):
        raise _bad(f"{where}.request", "nothing", "method and URL", "say what is to be done with the entry")
    method, url = request["method"], request["url"]
    path, _, query = url.removeprefix(f"{base}/").partition("?")
    path = path.strip("/")
    if "://" in path or "#" in url:
        raise _bad(f"{where}.request.url", show(url), "an address relative to ours", "mend it")
    try:
        segments = tuple(unquote(part, errors="strict") for part in path.split("/")) if path else ()
    except UnicodeDecodeError:
        raise _bad(f"{where}.request.url", show(url), "UTF-8", "mend it") from None
    resource = entry.get("resource")
    if resource is None and method in ("POST", "PUT", "PATCH"):
        raise _bad(f"{where}.resource", "nothing", f"the resource of the {method}", "add it")
    headers = {_CONDITIONS[name]: request[name] for name in _CONDITIONS if name in request}
    return Entry(place, method, segments, query, headers, entry.get("fullUrl", ""), resource)


def _bad(where: str, got: str, expected: str, fix: str) -> RequestError:
    return RequestError(code="REC-115", where=where, got=got, expected=expected, fix=fix, issue="structure")
