"""Whether what a partner states of a record is applied: it is who masters the datum that decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from oncopolis.interop.naming import SYSTEM

__all__ = ["TAG", "Difference", "compare", "get_source", "is_from", "mark"]

TAG: Final = f"{SYSTEM}:master"
"""System of the tag that names the master of a record."""


@dataclass(frozen=True, slots=True)
class Difference:
    """An element of a record that two say different things of; None for nothing."""

    element: str
    ours: Any
    theirs: Any


def compare(
    elements: Iterable[str],
    current: Mapping[str, Any],
    wanted: Mapping[str, Any],
    base: Mapping[str, Any] | None = None,
) -> list[Difference]:
    """Return where what is wanted differs from what is there.

    Parameters
    ----------
    base
        What the partner stated last, if it is its master: only what was changed here since then differs.
    """
    found = []
    for element in elements:
        ours, theirs = current.get(element), wanted.get(element)
        was_changed_here = base is None or base.get(element) != ours
        if ours != theirs and was_changed_here:
            found.append(Difference(element, ours, theirs))
    return found


def mark(record: Mapping[str, Any], source: str, master: str) -> dict[str, Any]:
    """Return a record that names its source, and its master if it has one."""
    meta = dict(record.get("meta") or {})
    tags = [tag for tag in meta.get("tag", ()) if tag.get("system") != TAG]
    if master:
        tags.append({"system": TAG, "code": master})
    meta["source"] = source
    if tags:
        meta["tag"] = tags
    else:
        meta.pop("tag", None)
    return {**record, "meta": meta}


def get_source(record: Mapping[str, Any] | None) -> str:
    """Return where a version of a record came from, '' if it does not say."""
    return str((record or {}).get("meta", {}).get("source", ""))


def is_from(source: str, partner: str) -> bool:
    """Tell whether a source is a message or file of a partner."""
    return source.startswith(f"{SYSTEM}:{partner}#")
