"""The parameters by which the house's own audit entries are found."""

import math
from typing import Final

from oncopolis.record.access.events import SUBTYPES
from oncopolis.record.access.trail import Place, Wish
from oncopolis.record.fhir.moments import find_stretch_ms
from oncopolis.web.fhir.queries import Pairs, is_id
from oncopolis.web.fhir.refusing import RequestError, show

BEFORE: Final = "_before"
PARAMETERS: Final = frozenset(
    {"_id", "patient", "agent", "date", "action", "subtype", "entity", "outcome", "_count", "_format", BEFORE}
)
_PREFIXES: Final = ("eq", "ge", "gt", "le", "lt", "sa", "eb")
_OUTCOMES: Final = ("0", "4")


def read_wish(pairs: Pairs) -> Wish:
    """Return which entries are asked for.

    Raises
    ------
    RequestError
        A value is none of its parameter.
    """
    given = {name: value for name, value in pairs if name != "date"}
    low, high = _read_dates([value for name, value in pairs if name == "date"])
    outcome = given.get("outcome", "").rpartition("|")[2] or None
    if outcome is not None and outcome not in _OUTCOMES:
        raise _bad("outcome", outcome, f"one of {', '.join(_OUTCOMES)}")
    return Wish(
        patient=_read_id(given, "patient"),
        agent=given.get("agent"),
        from_ms=None if low == -math.inf else int(low),
        to_ms=None if high == math.inf else int(high),
        action=given.get("action", "").rpartition("|")[2] or None,
        outcome=outcome,
        what=given.get("subtype", "").removeprefix(f"{SUBTYPES}|") or None,
        entity=_read_entity(given.get("entity")),
    )


def read_before(text: str | None) -> Place | None:
    """Return where a page goes on, as a link of ours named it."""
    place = None if text is None else Place.read(text)
    if text is not None and place is None:
        raise _bad(BEFORE, text, "what a link of ours said")
    return place


def _read_id(given: dict[str, str], name: str) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    id_ = value.removeprefix("Patient/")
    if not is_id(id_):
        raise _bad(name, value, "Patient/id, or the id")
    return id_


def _read_entity(value: str | None) -> tuple[str, str] | None:
    if value is None:
        return None
    type_, _, id_ = value.partition("/")
    if not type_.isalpha() or not is_id(id_):
        raise _bad("entity", value, "Type/id")
    return type_, id_


def _read_dates(values: list[str]) -> tuple[float, float]:
    """First and last millisecond that every date leaves."""
    low, high = -math.inf, math.inf
    for value in values:
        prefix, text = (value[:2], value[2:]) if value[:2] in _PREFIXES else ("eq", value)
        stretch = find_stretch_ms(text)
        if stretch is None:
            raise _bad("date", value, "a date such as 2026-11-22, after a prefix or not")
        first, last = stretch
        if prefix in ("eq", "ge"):
            low = max(low, first)
        if prefix in ("eq", "le"):
            high = min(high, last)
        if prefix in ("gt", "sa"):
            low = max(low, last + 1)
        if prefix in ("lt", "eb"):
            high = min(high, first - 1)
    return low, high


def _bad(name: str, value: str, expected: str) -> RequestError:
    return RequestError(
        code="REC-249", where="URL", got=f"{name}={show(value)}", expected=expected, fix="mend the value"
    )
