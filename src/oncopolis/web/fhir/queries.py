"""What stands after the question mark, and the few searches that conditional requests need."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qsl

from oncopolis.record import Version
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.fhir.refusing import RequestError, show

Query = Mapping[str, str]

MOST_PARAMETERS = 50  # structure: more than any question needs
PAGE = 50  # structure: entries of a page unless `_count` says otherwise
LARGEST_PAGE = 1000  # structure: keeps one page from filling the memory
MOST_MATCHES = 1000  # structure: matches of one identifier that are looked at

_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2}))?",
    re.ASCII,
)
_BARE_COMMA = re.compile(r"(?<!\\),")
_BARE_BAR = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\([\\,|$])")


class Finder(Protocol):
    """Where records are found: the store, or the transaction of a command."""

    def read(self, type_: str, id_: str) -> Version | None:
        """Return the current version, None if there never was one."""

    def find_token(
        self, type_: str, code: str, system: str | None, value: str, limit: int = ...
    ) -> list[str]:
        """Return ids by a token."""


@dataclass(frozen=True, slots=True)
class Condition:
    """The record a conditional request means, by its identifier or its id.

    Parameters
    ----------
    type
        Resource type.
    parameter
        ``identifier`` or ``_id``.
    system
        None: whatever system; empty: none.
    """

    type: str
    parameter: str
    system: str | None
    value: str

    def find(self, finder: Finder) -> list[str]:
        """Return the ids that match."""
        if self.parameter == "_id":
            found = finder.read(self.type, self.value)
            return [] if found is None or found.body is None else [self.value]
        return finder.find_token(self.type, self.parameter, self.system, self.value, MOST_MATCHES)

    def __str__(self) -> str:
        bar = "" if self.system is None else f"{self.system}|"
        return f"{self.type}?{self.parameter}={bar}{self.value}"


def read_query(text: str, where: str = "URL") -> dict[str, str]:
    """Return the parameters of a query string, each of which may stand once.

    Raises
    ------
    RequestError
        For what is no query string, and for a parameter given twice.
    """
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=bool(text), errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )  # fmt: skip
    except ValueError as error:
        raise _bad(where, show(text), f"name=value pairs ({error})", "mend the query") from None
    query: dict[str, str] = {}
    for name, value in pairs:
        if name in query:
            raise _bad(where, f"{name!r} twice", "every parameter once", "leave one of them out")
        if "\x00" in name + value:
            raise _bad(where, f"{name!r} with U+0000", "text without it", "mend the query")
        query[name] = value
    return query


def check_parameters(query: Query, known: frozenset[str], where: str = "URL") -> None:
    """Refuse a parameter that would otherwise be left out of the question silently."""
    for name in query:
        if name not in known:
            expected = "one of " + ", ".join(sorted(known))
            raise RequestError(
                code="REC-109", where=where, got=f"parameter {show(name)}", expected=expected,
                fix="leave it out", issue="not-supported",
            )  # fmt: skip


def list_parameters(type_: str) -> frozenset[str]:
    """Return the parameters by which records of a type are found today."""
    found = get_definitions().find_search_parameter(type_, "identifier")
    return frozenset({"_id", "identifier"} if found is not None and found.type == "token" else {"_id"})


def read_condition(type_: str, text: str, where: str) -> Condition:
    """Read ``identifier=system|value`` or ``_id=value``.

    Raises
    ------
    RequestError
        For anything else: a condition that is not understood would match the wrong record.
    """
    query = read_query(text, where)
    check_parameters(query, list_parameters(type_), where)
    if len(query) != 1:
        raise _bad(where, show(text), "one parameter", "name the record by its identifier alone")
    ((parameter, value),) = query.items()
    conditions = read_values(type_, parameter, value, where)
    if len(conditions) != 1:
        raise _bad(where, show(value), "one value", "escape a comma that belongs to it as \\,")
    return conditions[0]


def read_values(type_: str, parameter: str, text: str, where: str = "URL") -> list[Condition]:
    """Read a parameter's values, separated by commas, any of which may match."""
    conditions = []
    for value in _BARE_COMMA.split(text):
        if parameter == "_id":
            if not _ID.fullmatch(value):
                raise _bad(where, f"_id {show(value)}", "letters, digits, - and .", "mend the id")
            conditions.append(Condition(type_, parameter, None, value))
            continue
        *system, code = _BARE_BAR.split(value, maxsplit=1)
        if not code or _BARE_BAR.search(code):
            raise _bad(where, f"{parameter} {show(value)}", "system|value or value", "name the value")
        conditions.append(
            Condition(type_, parameter, _unescape(system[0]) if system else None, _unescape(code))
        )
    return conditions


def read_count(query: Query) -> int:
    """Return how many entries a page may have; at most `LARGEST_PAGE` are given."""
    value = query.get("_count")
    if value is None:
        return PAGE
    if not _NUMBER.fullmatch(value):
        raise _bad("URL", f"_count {show(value)}", "a whole number from 0", "mend it")
    return min(int(value), LARGEST_PAGE)


def read_cursor(query: Query, name: str) -> int | None:
    """Return where a page goes on, as a link of ours named it."""
    value = query.get(name)
    if value is not None and not _NUMBER.fullmatch(value):
        raise _bad("URL", f"{name} {show(value)}", "what a link of ours said", "follow the link")
    return None if value is None else int(value)


def read_after(query: Query) -> str:
    """Return the id after which a page of records goes on."""
    value = query.get("_after", "")
    if value and not _ID.fullmatch(value):
        raise _bad("URL", f"_after {show(value)}", "what a link of ours said", "follow the link")
    return value


def read_since(query: Query) -> int | None:
    """Return ``_since`` in milliseconds since 1970; a bare date is the start of that day in UTC."""
    value = query.get("_since")
    if value is None:
        return None
    text = value.replace(" ", "+")
    whole = text if "T" in text else f"{text}T00:00:00Z"
    try:
        return int(datetime.fromisoformat(whole if _INSTANT.fullmatch(text) else "").timestamp() * MS_PER_S)
    except (ValueError, OverflowError):
        raise _bad(
            "URL", f"_since {show(value)}", "an instant such as 2026-11-22T08:00:00Z", "mend it"
        ) from None


def is_id(text: object) -> bool:
    """Tell whether a text can be the id of a record."""
    return isinstance(text, str) and bool(_ID.fullmatch(text))


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _bad(where: str, got: str, expected: str, fix: str) -> RequestError:
    return RequestError(code="REC-108", where=where, got=got, expected=expected, fix=fix)
