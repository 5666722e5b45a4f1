"""Pieces of FHIR that views are written with and read from: codings, references, extensions, moments."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from oncopolis.operations.views import Record

PREFIX: Final = "urn:oncopolis:"
"""Of the systems of our codes and the URLs of our extensions."""
_MS = 1000  # structure: milliseconds in a second


def make_concept(kind: str, code: str, text: str = "") -> Record:
    """Return a CodeableConcept with one of our codes."""
    concept: Record = {"coding": [{"system": PREFIX + kind, "code": code}]}
    return concept | {"text": text} if text else concept


def find_code(concept: Mapping[str, Any], kind: str) -> str | None:
    """Return our code of a kind in a CodeableConcept, None if it has none."""
    system = PREFIX + kind
    codings = concept.get("coding", ())
    return next((coding["code"] for coding in codings if coding.get("system") == system), None)


def get_code(concepts: Iterable[Mapping[str, Any]], kind: str) -> str:
    """Return our code of a kind among CodeableConcepts; empty if there is none."""
    system = PREFIX + kind
    for concept in concepts:
        for coding in concept.get("coding", ()):
            if coding.get("system") == system:
                return str(coding["code"])
    return ""


def make_reference(type_: str, id_: str, name: str = "") -> Record:
    """Return a reference to a record of this house."""
    reference = {"reference": f"{type_}/{id_}"}
    return reference | {"display": name} if name else reference


def get_referred(reference: Mapping[str, Any] | None, type_: str) -> str:
    """Return the id a reference to a type names; empty if it names none."""
    kind, _, id_ = str((reference or {}).get("reference", "")).rpartition("/")
    return id_ if kind == type_ else ""


def extend(**values: Any) -> list[Record]:
    """Return extensions ``name__kind=value``; none for None, one for each member of a tuple."""
    made: list[Record] = []
    for key, value in values.items():
        name, _, kind = key.partition("__")
        url = PREFIX + name.replace("_", "-")
        members = value if isinstance(value, tuple) else () if value is None else (value,)
        made += [{"url": url, f"value{kind}": member} for member in members]
    return made


def list_extended(element: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    """Return the values of our extensions of a name."""
    url = PREFIX + name
    return tuple(
        value
        for one in element.get("extension", ())
        if one.get("url") == url
        for key, value in one.items()
        if key.startswith("value")
    )


def find_extended(element: Mapping[str, Any], name: str, otherwise: Any = None) -> Any:
    """Return the value of our first extension of a name."""
    url = PREFIX + name
    for one in element.get("extension", ()):
        if one.get("url") == url:
            for key, value in one.items():
                if key.startswith("value"):
                    return value
    return otherwise


def add_extensions(record: Record, made: list[Record]) -> Record:
    """Return an element with extensions, if there are any."""
    return record | {"extension": made} if made else record


def to_instant(at_ms: int) -> str:
    """Return a moment (milliseconds since 1970, UTC) as FHIR writes it."""
    return datetime.fromtimestamp(at_ms / _MS, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_ms(instant: str) -> int:
    """Return milliseconds since 1970 (UTC)."""
    return round(datetime.fromisoformat(instant).timestamp() * _MS)


def take_rest(record: Mapping[str, Any], own: Iterable[str]) -> Record:
    """Return what a view cannot say of a record: elements that are not its own, and others' extensions."""
    known = _list_known(tuple(own))
    rest = {name: value for name, value in record.items() if name not in known}
    foreign = [one for one in record.get("extension", ()) if not str(one.get("url")).startswith(PREFIX)]
    meta = {name: value for name, value in record.get("meta", {}).items() if name not in _STAMPED}
    return rest | ({"extension": foreign} if foreign else {}) | ({"meta": meta} if meta else {})


@cache
def _list_known(own: tuple[str, ...]) -> frozenset[str]:
    return frozenset({*own, "resourceType", "id", "meta", "extension"})


def add_rest(record: Record, rest: Mapping[str, Any]) -> Record:
    """Return a record with what its view cannot say."""
    extensions = [*record.get("extension", ()), *rest.get("extension", ())]
    return {**rest, **record} | ({"extension": extensions} if extensions else {})


_STAMPED = frozenset({"versionId", "lastUpdated"})
