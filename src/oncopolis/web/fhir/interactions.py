"""What the API does: one table, which routes requests and makes the CapabilityStatement."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.web.fhir import looking, searching, trailing, writing
from oncopolis.web.fhir.exchange import Asked
from oncopolis.web.fhir.operations import OPERATIONS, Handler, Operation, Place
from oncopolis.web.fhir.queries import is_id
from oncopolis.web.fhir.refusing import LONGEST, RequestError, show

Level = Literal["system", "type", "operation"]

SYSTEM, TYPE, INSTANCE, VERSION = "", "{type}", "{type}/{id}", "{type}/{id}/_history/{version}"
COMPARTMENT = "{type}/{id}/?"
PLACES: dict[Place, str] = {"system": SYSTEM, "type": TYPE, "instance": INSTANCE}
NONE = frozenset[str]()
AUDIT = frozenset({"AuditEvent"})


@dataclass(frozen=True, slots=True)
class Interaction:
    """One thing that can be asked for.

    Parameters
    ----------
    code
        Name in FHIR; a bundle has two. That of an operation begins with ``$``.
    method, path
        How it is asked for.
    with_query
        It is this one only if a query follows (conditional update), or whether or not one does (None).
    parameters
        Query parameters it knows beside those of every request; None if it looks at them itself.
    types
        Resource types that have it; None for all.
    """

    code: str
    level: Level
    method: str
    path: str
    handler: Handler
    with_query: bool | None = None
    parameters: frozenset[str] | None = NONE
    types: frozenset[str] | None = None


def _to_interactions(operation: Operation) -> Iterator[Interaction]:
    """Yield what an operation is at every place and by every method."""
    for place in operation.at:
        for method in operation.methods:
            yield Interaction(
                f"${operation.name}", "operation", method, f"{PLACES[place]}/${operation.name}".strip("/"),
                operation.handler, parameters=operation.parameters, types=operation.types,
            )  # fmt: skip


INTERACTIONS = (
    Interaction("history-system", "system", "GET", "_history", looking.history, parameters=None),
    Interaction("history-type", "type", "GET", f"{TYPE}/_history", looking.history, parameters=None),
    Interaction("history-instance", "type", "GET", f"{INSTANCE}/_history", looking.history, parameters=None),
    Interaction("vread", "type", "GET", VERSION, looking.vread, parameters=looking.OF_READ),
    Interaction("read", "type", "GET", INSTANCE, trailing.read_event, types=AUDIT),
    Interaction("read", "type", "GET", INSTANCE, looking.read, parameters=looking.OF_READ),
    Interaction("search-system", "system", "GET", SYSTEM, searching.search_system, parameters=None),
    Interaction("search-system", "system", "POST", "_search", searching.search_system, parameters=None),
    Interaction("search-type", "type", "GET", TYPE, trailing.search_events, parameters=None, types=AUDIT),
    Interaction("search-type", "type", "GET", TYPE, searching.search_type, parameters=None),
    Interaction("search-type", "type", "POST", f"{TYPE}/_search", searching.search_type, parameters=None),
    Interaction("search-type", "type", "GET", COMPARTMENT, searching.search_compartment, parameters=None),
    Interaction(
        "search-type", "type", "POST", f"{COMPARTMENT}/_search", searching.search_compartment, parameters=None
    ),
    Interaction("create", "type", "POST", TYPE, writing.create),
    Interaction("update", "type", "PUT", INSTANCE, writing.update),
    Interaction("update", "type", "PUT", TYPE, writing.update_where, with_query=True, parameters=None),
    Interaction("patch", "type", "PATCH", INSTANCE, writing.patch),
    Interaction("patch", "type", "PATCH", TYPE, writing.patch_where, with_query=True, parameters=None),
    Interaction("delete", "type", "DELETE", INSTANCE, writing.delete),
    Interaction("delete", "type", "DELETE", TYPE, writing.delete_where, with_query=True, parameters=None),
    *(one for operation in OPERATIONS for one in _to_interactions(operation)),
)
"""Everything with one answer; bundles and the CapabilityStatement itself are the endpoint's."""
_BY_PATH = {
    path: tuple(one for one in INTERACTIONS if one.path == path)
    for path in {one.path for one in INTERACTIONS}
}

SYSTEM_CODES = ("transaction", "batch", "history-system", "search-system")
"""Interactions with the whole server."""


def find_interaction(asked: Asked) -> Interaction:
    """Return what a request asks for.

    Raises
    ------
    RequestError
        With status 404 for an address we do not have, 405 for a method it does not take.
    """
    path = _to_path(asked.segments)
    method = "GET" if asked.method == "HEAD" else asked.method
    type_ = asked.segments[0] if asked.segments else ""
    here = [one for one in _BY_PATH.get(path, ()) if one.types is None or type_ in one.types]
    for one in here:
        if one.method == method and one.with_query in (None, bool(asked.query)):
            _check_address(asked, path)
            return one
    if not here:
        raise _not_here(asked)
    if any(one.method == method for one in here):
        raise RequestError(
            code="REC-125", where="URL", got=f"{method} without a query",
            expected="Type?identifier=system|value, or Type/id", fix="say which record is meant",
        )  # fmt: skip
    raise refuse_method(asked, {one.method for one in here})


def refuse_method(asked: Asked, allowed: set[str]) -> RequestError:
    """Return the refusal of a method that an address does not take."""
    allow = ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
    return RequestError(
        code="REC-126", where="/".join(asked.segments)[:LONGEST], got=asked.method[:20], expected=allow,
        fix="use one of these",
        status=HTTPStatus.METHOD_NOT_ALLOWED, issue="not-supported", headers={"Allow": allow},
    )  # fmt: skip


def list_codes() -> Iterator[str]:
    """Yield the interactions with a type, each once."""
    yield from dict.fromkeys(one.code for one in INTERACTIONS if one.level == "type")


def _to_path(segments: tuple[str, ...]) -> str:
    names = ("{type}", "{id}", "?", "{version}")
    parts = [segment if _is_name(segment) else name for segment, name in zip(segments, names, strict=False)]
    return "/".join(parts) if len(segments) <= len(names) else "?"


def _is_name(segment: str) -> bool:
    """Tell whether a part of an address says what is asked for, not of what."""
    return segment in ("_history", "_search") or segment.startswith("$")


def _check_address(asked: Asked, place: str) -> None:
    """Refuse types that are none, and ids that cannot be."""
    if not asked.segments or _is_name(asked.segments[0]):
        return
    types = [asked.segments[0], *([asked.segments[2]] if place.startswith(COMPARTMENT) else [])]
    if not all(one == "*" or get_definitions().is_resource_type(one) for one in types):
        raise _not_here(asked)
    if len(asked.segments) > 1 and not _is_name(asked.segments[1]) and not is_id(asked.segments[1]):
        raise RequestError(
            code="REC-127", where="URL", got=f"id {show(asked.segments[1])}",
            expected="1 to 64 letters, digits, - and .", fix="correct the id",
        )  # fmt: skip


def _not_here(asked: Asked) -> RequestError:
    return RequestError(
        code="REC-128", where="/".join(asked.segments)[:LONGEST] or "URL", got="no such address",
        expected="a resource type of FHIR R4, with an id or without", fix="correct the address",
        status=HTTPStatus.NOT_FOUND, issue="not-found",
    )  # fmt: skip
