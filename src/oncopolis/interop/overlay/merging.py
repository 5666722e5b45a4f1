"""A record as it would be after what is stated of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from oncopolis.interop.mapping.rows import Change, Entry
from oncopolis.interop.mapping.stating import Stated

__all__ = ["change_record", "list_elements", "make_record", "take_elements"]


def make_record(stated: Stated) -> dict[str, Any]:
    """Return the new record of a statement."""
    defaults = {"resourceType": stated.type, "id": stated.id, **stated.defaults}
    return change_record(defaults, stated.changes)


def change_record(current: Mapping[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """Return the record with the changes in it; what was given in is not changed."""
    made = dict(current)
    for change in changes:
        path = change.element.split(".")
        holder = made
        for name in path[:-1]:
            holder[name] = dict(holder.get(name) or {})
            holder = holder[name]
        _set(holder, path[-1], change)
        if len(path) > 1 and not made[path[0]]:
            del made[path[0]]
    return made


_DATED: Final = ("deceasedBoolean", "deceasedDateTime")
"""That somebody has died, and when: the same choice of FHIR; the second says more."""


def _set(holder: dict[str, Any], name: str, change: Change) -> None:
    value = change.value
    if name == _DATED[0] and value is True and _DATED[1] in holder:
        return
    if name in _DATED and value is not None:
        holder.pop(_DATED[1 - _DATED.index(name)], None)
    if change.is_list:
        value = _join(holder.get(name) or [], change)
    if value in (None, []):
        holder.pop(name, None)
    else:
        holder[name] = value


def _join(current: Sequence[Entry], change: Change) -> list[Entry]:
    """Return the list with the stated entries where those that give way were."""
    stated: list[Entry] = list(change.value or ())
    kept: list[Entry] = []
    place = None
    for entry in current:
        if not change.replaces(entry, stated):
            kept.append(entry)
            continue
        if place is None:
            place = len(kept)
        if change.keeps is not None and entry not in stated:
            kept.append(change.keeps(entry))
    place = len(kept) if place is None else place
    return [*kept[:place], *stated, *kept[place:]]


def list_elements(changes: Iterable[Change]) -> list[str]:
    """Return the members of a record that changes touch, each once."""
    return list(dict.fromkeys(change.element.partition(".")[0] for change in changes))


def take_elements(
    current: Mapping[str, Any], other: Mapping[str, Any], elements: Iterable[str]
) -> dict[str, Any]:
    """Return a record with some of its members as another has them."""
    made = dict(current)
    for element in elements:
        if element in other:
            made[element] = other[element]
        else:
            made.pop(element, None)
    return made
