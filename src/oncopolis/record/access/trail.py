"""The house's own audit entries, found by patient, by who acted, and by what was done."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from oncopolis.record.access.allowing import Condition
from oncopolis.record.access.conditions import both, is_in
from oncopolis.record.access.relating import Ask

_PREFIX: Final = "house"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an entry is, in the order of time.

    Parameters
    ----------
    at_ms
        When it was written, milliseconds since 1970 (UTC).
    """

    at_ms: int
    chain: int
    seq: int

    def __str__(self) -> str:
        return f"{self.at_ms}-{self.chain}-{self.seq}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What a place is written as; None for anything else."""
        parts = text.split("-")
        if len(parts) != len(("at", "chain", "seq")) or not all(_is_number(part) for part in parts):
            return None
        return cls(*map(int, parts))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < len("1000000000000000000")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, and what it says."""

    place: Place
    content: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Id of it as an AuditEvent."""
        return f"{_PREFIX}-{self.place.chain}-{self.place.seq}"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which entries are asked for; what is None is not asked for.

    Parameters
    ----------
    patients
        Whose records they tell of.
    agent
        Who acted, such as ``Practitioner/dr-1``.
    entity
        Type and id of a record.
    what
        Name of the interaction.
    """

    patients: frozenset[str] | None = None
    patient: str | None = None
    agent: str | None = None
    from_ms: int | None = None
    to_ms: int | None = None
    action: str | None = None
    outcome: str | None = None
    what: str | None = None
    entity: tuple[str, str] | None = None


def list_entries(ask: Ask, wish: Wish, limit: int, before: Place | None = None) -> list[Entry]:
    """Entries, newest first, those before a place."""
    conditions = [*_list_conditions(wish), *_list_contents(wish)]
    if before is not None:
        conditions.append(
            (
                "(a.at_ms < ? OR (a.at_ms = ? AND (a.chain < ? OR (a.chain = ? AND a.seq < ?))))",
                (before.at_ms, before.at_ms, before.chain, before.chain, before.seq),
            )
        )
    sql, values = both(conditions)
    rows = ask(
        f"SELECT a.at_ms, a.chain, a.seq, a.entry FROM audit a WHERE {sql} "  # noqa: S608 - conditions of ours
        "ORDER BY a.at_ms DESC, a.chain DESC, a.seq DESC LIMIT ?",
        (*values, limit),
    )
    return [Entry(Place(*row[:3]), json.loads(row[3])) for row in rows]


def find_entry(ask: Ask, id_: str, patients: frozenset[str] | None = None) -> Entry | None:
    """The entry that the id of an AuditEvent means; None if there is none, or it tells of others only."""
    prefix, _, rest = id_.partition("-")
    place = Place.read(f"0-{rest}")
    if prefix != _PREFIX or place is None:
        return None
    found: list[Condition] = [("a.chain = ? AND a.seq = ?", (place.chain, place.seq))]
    if patients is not None:
        found.append(_tells_of(patients))
    sql, values = both(found)
    rows = ask(f"SELECT a.at_ms, a.chain, a.seq, a.entry FROM audit a WHERE {sql}", values)  # noqa: S608
    return Entry(Place(*rows[0][:3]), json.loads(rows[0][3])) if rows else None


def is_of_house(id_: str) -> bool:
    """Whether an id of an AuditEvent can only mean an entry of the house."""
    return id_.startswith(f"{_PREFIX}-")


def _tells_of(patients: frozenset[str]) -> Condition:
    sql, values = is_in("p.patient", patients)
    told = f"SELECT 1 FROM audit_patient p WHERE p.chain = a.chain AND p.seq = a.seq AND {sql}"  # noqa: S608
    return f"EXISTS ({told})", values


def _list_conditions(wish: Wish) -> list[Condition]:
    found: list[Condition] = []
    if wish.patients is not None:
        found.append(_tells_of(wish.patients))
    if wish.patient is not None:
        found.append(_tells_of(frozenset({wish.patient})))
    if wish.agent is not None:
        found.append(("a.agent = ?", (wish.agent,)))
    if wish.from_ms is not None:
        found.append(("a.at_ms >= ?", (wish.from_ms,)))
    if wish.to_ms is not None:
        found.append(("a.at_ms <= ?", (wish.to_ms,)))
    return found


def _list_contents(wish: Wish) -> list[Condition]:
    """Conditions on the text of entries: names and quotes stand in it as they were written."""
    found: list[Condition] = []
    if wish.action is not None:
        found.append(_says("action", wish.action))
    if wish.what is not None:
        found.append(_says("what", wish.what))
    if wish.outcome is not None:
        refused, values = _says("outcome", "4")
        found.append((refused if wish.outcome == "4" else f"NOT {refused}", values))
    if wish.entity is not None:
        text = json.dumps(list(wish.entity), separators=(",", ":"))[:-1]
        found.append(_holds(f"{text},"))
    return found


def _says(name: str, value: str) -> Condition:
    return _holds(f'"{name}":{json.dumps(value)}')


def _holds(text: str) -> Condition:
    for sign in "!%_":
        text = text.replace(sign, f"!{sign}")
    return "(a.entry LIKE ? ESCAPE '!')", (f"%{text}%",)
