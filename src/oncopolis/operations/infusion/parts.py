"""Small things that stand within a record: each as one extension with a part for each member."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from oncopolis.operations.elements import PREFIX, extend, find_extended, to_instant, to_ms
from oncopolis.operations.views import Record

T = TypeVar("T")
_MOMENT = "_ms"


def write_parts(name: str, things: Iterable[Any]) -> list[Record]:
    """Return an extension for each thing, a flat dataclass of texts, numbers and moments."""
    return [{"url": PREFIX + name, "extension": _write(thing)} for thing in things]


def _write(thing: Any) -> list[Record]:
    made: list[Record] = []
    for one in fields(thing):
        value = getattr(thing, one.name)
        if value in ("", None):
            continue
        if one.name.endswith(_MOMENT):
            made += extend(**{f"{one.name.removesuffix(_MOMENT)}__Instant": to_instant(value)})
        else:
            made += extend(**{f"{one.name}__{'Integer' if isinstance(value, int) else 'String'}": value})
    return made


def read_parts(kind: type[T], record: Mapping[str, Any], name: str) -> tuple[T, ...]:
    """Read the things of a kind that a record carries."""
    found = (one for one in record.get("extension", ()) if one.get("url") == PREFIX + name)
    return tuple(_read(kind, one) for one in found)


def _read(kind: type[T], part: Mapping[str, Any]) -> T:
    members = {}
    for one in fields(kind):  # type: ignore[arg-type]
        value = find_extended(part, one.name.removesuffix(_MOMENT).replace("_", "-"))
        if value is not None:
            members[one.name] = to_ms(value) if one.name.endswith(_MOMENT) else value
    return kind(**members)
