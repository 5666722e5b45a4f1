"""``$export``: an export is asked for here, made by a worker, and fetched below ``/bulk``."""

import asyncio
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from oncopolis.record.bulk import Level, Wanted
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.text import parse
from oncopolis.record.search.demand import read_demand
from oncopolis.record.store import Store, Transaction
from oncopolis.web.fhir.exchange import Answer, Asked, to_text
from oncopolis.web.fhir.headers import JSON_TYPES, check_content_type
from oncopolis.web.fhir.queries import GENERAL, Pairs, read_pairs, read_since
from oncopolis.web.fhir.refusing import RequestError, make_information, show

JOB = "export"
"""Kind of job that makes one."""
BULK = "bulk"
"""Where its state and files are, beside the API."""
NDJSON = "application/fhir+ndjson"
_FORMATS = (NDJSON, "application/ndjson", "ndjson")
_NAMES = ("_type", "_since", "_typeFilter", "_outputFormat")
_BARE_COMMA = re.compile(r"(?<!\\),")


async def start(store: Store, asked: Asked) -> Answer:
    """Take an export on: 202, with the address where its state is told."""
    if "respond-async" not in asked.headers.get("prefer", ""):
        raise _bad("Prefer", show(asked.headers.get("prefer", "")), "respond-async", "ask again with it")
    pairs = _read_body(asked) if asked.method == "POST" else _read_query(asked)
    wanted = _read_wanted(asked, pairs)
    name = uuid4().hex
    payload = {
        "name": name,
        "wanted": wanted.to_json(),
        "caller": None if asked.caller is None else asked.caller.to_json(),
        "who": [asked.who.kind, asked.who.id],
        "request": f"{asked.base}/{'/'.join(asked.segments)}" + (f"?{asked.query}" if asked.query else ""),
    }
    number = await asyncio.wrap_future(store.submit(_make_command(payload), asked.act("E", "export")))
    text = make_information(f"export {number} is under way: its state is told at Content-Location")
    location = f"{asked.base.rpartition('/')[0]}/{BULK}/{number}-{name}"
    return Answer(HTTPStatus.ACCEPTED, to_text(text), {"Content-Location": location})


def _make_command(payload: dict[str, Any]) -> Any:
    return lambda transaction: _send(transaction, payload)


def _send(transaction: Transaction, payload: dict[str, Any]) -> int:
    return transaction.send(JOB, payload)


def _read_wanted(asked: Asked, pairs: Pairs) -> Wanted:
    level: Level = "system"
    if asked.segments[0] == "Patient":
        level = "patient"
    elif asked.segments[0] == "Group":
        level = "group"
    form = _find(pairs, "_outputFormat")
    if form is not None and form.replace(" ", "+") not in _FORMATS:
        raise _bad("_outputFormat", show(form), " or ".join(_FORMATS), "leave it out")
    types = tuple(
        dict.fromkeys(type_ for text in _list(pairs, "_type") for type_ in text.split(",") if type_)
    )
    unknown = [type_ for type_ in types if not get_definitions().is_resource_type(type_)]
    if unknown:
        raise _bad("_type", show(unknown[0]), "resource types of FHIR R4", "correct it")
    filters = tuple(one for text in _list(pairs, "_typeFilter") for one in _BARE_COMMA.split(text) if one)
    for text in filters:
        demand = read_demand(text, "_typeFilter")
        if types and demand.type not in types:
            raise _bad("_typeFilter", show(text), f"a type of _type: {', '.join(types)}", "name the type too")
    since = _find(pairs, "_since")
    return Wanted(
        level,
        asked.segments[1] if level == "group" else None,
        types,
        None if since is None else read_since({"_since": since}),
        filters,
    )


def _read_query(asked: Asked) -> Pairs:
    return _check_names(pair for pair in read_pairs(asked.query) if pair[0] not in GENERAL)


def _read_body(asked: Asked) -> Pairs:
    check_content_type(asked.headers, JSON_TYPES)
    body = parse(asked.body)
    given = body.get("parameter", [])
    if body.get("resourceType") != "Parameters" or not isinstance(given, list):
        raise _bad("body", show(body.get("resourceType")), "Parameters", "send the parameters as such")
    pairs = []
    for place, parameter in enumerate(given):
        values = [value for name, value in parameter.items() if name.startswith("value")]
        if len(values) != 1 or not isinstance(values[0], str) or not isinstance(parameter.get("name"), str):
            where = f"Parameters.parameter[{place}]"
            raise _bad(where, "no name and text", "a name and one text as its value", "mend it")
        pairs.append((parameter["name"], values[0]))
    return _check_names(pairs)


def _check_names(pairs: Iterable[tuple[str, str]]) -> Pairs:
    known = list(pairs)
    for name, _ in known:
        if name not in _NAMES:
            raise _bad("URL", f"parameter {show(name)}", f"one of {', '.join(_NAMES)}", "leave it out")
    return known


def _list(pairs: Pairs, wanted: str) -> list[str]:
    return [value for name, value in pairs if name == wanted]


def _find(pairs: Pairs, wanted: str) -> str | None:
    values = _list(pairs, wanted)
    if len(values) > 1:
        raise _bad("URL", f"{wanted} twice", "it once", "leave one of them out")
    return values[0] if values else None


def _bad(where: str, got: str, expected: str, fix: str) -> RequestError:
    return RequestError(code="REC-301", where=where, got=got, expected=expected, fix=fix)
