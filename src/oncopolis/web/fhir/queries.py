"""What stands after the question mark, and the condition of a conditional request."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar
from urllib.parse import parse_qsl

from oncopolis.record.search import Question, SearchRefused, asking, find_ids, read_question
from oncopolis.record.search.asking import LARGEST_PAGE, PAGE, RESULT_PARAMETERS
from oncopolis.record.store.reading import Reading
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.fhir.refusing import RequestError, show

T = TypeVar("T")
Query = Mapping[str, str]
Pairs = list[tuple[str, str]]

MOST_PARAMETERS = asking.MOST_PARAMETERS
GENERAL = frozenset({"_format", "_pretty"})
"""Parameters of every request: how its answer is written."""
MOST_MATCHES = 100  # structure: matches of a condition that are counted

_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2}))?",
    re.ASCII,
)


class Finder(Protocol):
    """Where records are found: within a command, or beside the writer."""

    def ask(self, question: Callable[[Reading], T]) -> T:
        """Return the answer to a question."""


@dataclass(frozen=True, slots=True)
class Condition:
    """The record a conditional request means.

    Parameters
    ----------
    type
        Resource type.
    text
        As it was written.
    """

    type: str
    text: str
    question: Question

    def find(self, finder: Finder) -> list[str]:
        """Return the ids that match."""
        return finder.ask(lambda reading: find_ids(reading, self.question))

    def __str__(self) -> str:
        return f"{self.type}?{self.text}"


def read_pairs(text: str, where: str = "URL") -> Pairs:
    """Return names and values of a query string or form, in their order.

    Raises
    ------
    RequestError
        For what is no query string.
    """
    text = "&".join(part for part in text.split("&") if part)  # Clients leave empty ones behind.
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=bool(text), errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )  # fmt: skip
    except ValueError as error:
        raise _bad(where, show(text), f"name=value pairs ({error})", "mend the query") from None
    for name, value in pairs:
        if "\x00" in name + value:
            raise _bad(where, f"{name!r} with U+0000", "text without it", "mend the query")
    return pairs


def read_query(text: str, where: str = "URL") -> dict[str, str]:
    """Return the parameters of a query string, each of which may stand once.

    Raises
    ------
    RequestError
        For what is no query string, and for a parameter given twice.
    """
    query: dict[str, str] = {}
    for name, value in read_pairs(text, where):
        if name in query:
            raise _bad(where, f"{name!r} twice", "every parameter once", "leave one of them out")
        query[name] = value
    return query


def check_parameters(query: Query, known: frozenset[str], where: str = "URL") -> None:
    """Refuse a parameter that would otherwise be left out of the question silently."""
    for name in query:
        if name not in known | GENERAL:
            expected = "one of " + ", ".join(sorted(known | GENERAL))
            raise RequestError(
                code="REC-109", where=where, got=f"parameter {show(name)}", expected=expected,
                fix="leave it out", issue="not-supported",
            )  # fmt: skip


def read_condition(type_: str, text: str, where: str, base: str = "") -> Condition:
    """Read the search that says which record is meant.

    Parameters
    ----------
    base
        Our own address.

    Raises
    ------
    RequestError
        For what is not understood in full: it would match the wrong record.
    """
    pairs = read_pairs(text, where)
    for name, _ in pairs:
        if name.partition(":")[0] in RESULT_PARAMETERS:
            raise _bad(where, f"parameter {show(name)}", "parameters that say which record", "leave it out")
    asked = [(name, value) for name, value in pairs if name not in GENERAL]
    if not asked:
        raise _bad(where, show(text), "a parameter", "say which record is meant")
    question = refuse_as_request(lambda: read_question((type_,), asked, base=base), where)
    return Condition(type_, text, replace(question, count=MOST_MATCHES, total="none"))


def refuse_as_request(work: Callable[[], T], where: str = "") -> T:
    """Return what `work` gives; what a search is refused with becomes the refusal of the request.

    Parameters
    ----------
    where
        The part of the request the search stands in.
    """
    try:
        return work()
    except SearchRefused as error:
        place = f"{where} {error.where}" if where not in ("", "URL") else error.where
        raise RequestError(
            code=error.code, where=place, got=error.got, expected=error.expected, fix=error.fix,
            issue=error.issue,
        ) from error  # fmt: skip


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


def _bad(where: str, got: str, expected: str, fix: str) -> RequestError:
    return RequestError(code="REC-108", where=where, got=got, expected=expected, fix=fix)
