"""`Intention`: something somebody means to do at a moment; `Script`: what one person does in turn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Names: TypeAlias = dict[str, str]
"""What a script has learnt: its own name of something -> id in the record."""


@dataclass(frozen=True, slots=True)
class Known:
    """Stands in what is said for an id that is known only once something earlier was answered."""

    name: str


@dataclass(frozen=True, slots=True)
class Made:
    """Stands in what is said for what follows from an id that is known only later, such as a label."""

    name: str
    make: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Intention:
    """One act.

    Parameters
    ----------
    at_ms
        When, milliseconds since 1970 (UTC).
    said
        What is said; `Known` where an id belongs, `Made` where something that follows from one does.
    learns
        Name -> which of the ids made, or which member of the answer.
    after
        What others have to have given before, such as a room that is free again.
    gives
        What others may wait for, once this was answered.
    unless
        Not meant if this is known already.
    otherwise
        What is said instead where something was never learnt, such as by whom nothing could be booked.
    may_be
        Codes of refusals that may happen: then nothing is learnt, and the day goes on.
    refused
        Code of the refusal that this is meant to meet, such as a second booking of a slot; None for what is
        to be done.
    """

    at_ms: int
    act: str
    said: Mapping[str, Any]
    learns: Mapping[str, int | str] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    unless: str | None = None
    otherwise: Mapping[str, Any] | None = None
    may_be: frozenset[str] = frozenset()
    refused: str | None = None


Script: TypeAlias = Sequence[Intention]
"""What one person, or those around one bed or machine, mean to do, each after the one before was answered."""

MISSING: Final = object()


def fill(said: Mapping[str, Any], names: Names) -> dict[str, Any] | None:
    """Return what is said with ids in the place of names; None if one was never learnt."""
    filled = _fill(said, names)
    return None if filled is MISSING else filled


def _fill(value: Any, names: Names) -> Any:
    if isinstance(value, Known):
        return names.get(value.name, MISSING)
    if isinstance(value, Made):
        return value.make(names[value.name]) if value.name in names else MISSING
    if isinstance(value, Mapping):
        members = {key: _fill(member, names) for key, member in value.items()}
        return MISSING if any(member is MISSING for member in members.values()) else members
    if isinstance(value, (list, tuple)):
        items = [_fill(item, names) for item in value]
        return MISSING if any(item is MISSING for item in items) else items
    return value


def learn(names: Names, learns: Mapping[str, int | str], answer: Mapping[str, Any]) -> None:
    """Take from an answer what it is to be remembered for."""
    made = answer.get("made", [])
    for name, source in learns.items():
        if isinstance(source, str):
            found = answer.get(source)
        else:
            found = made[source] if source < len(made) else None
        if isinstance(found, str):
            names[name] = found
