"""The chain of custody: one line of events, each with the digest of the one before.

An event tells of one specimen or one container. What happens to a container happens to all it then holds.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from oncopolis.foundation.findings import Finding
from oncopolis.record.store.session import Row, Session

START = bytes(32)  # structure: bytes of a SHA-256, before the first event
COLUMNS = ("seq", "at_ms", "what", "specimen", "container", "entry", "hash")
_PAGE = 20_000  # structure: events read at once
_ENTRY = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_N_SHOWN = 20  # structure: findings after which a chain is not followed further


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a specimen or a container.

    Parameters
    ----------
    what
        ``collected``, ``stored``, ``moved``, ``taken``, ``handed``, ``issued``, ``destroyed``, ...
    told
        More of it: from whom to whom, from where to where, how much.
    """

    what: str
    specimen: int | None = None
    container: int | None = None
    told: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it was written."""

    seq: int
    at_ms: int
    what: str
    specimen: int | None
    container: int | None
    told: dict[str, Any]


def compute_hash(before: bytes, seq: int, at_ms: int, what: str, subject: str, entry: str) -> bytes:
    """The digest of one event; ``subject`` names what it tells of."""
    return sha256(b"%b%d\n%d\n%b" % (before, seq, at_ms, f"{what}\n{subject}\n{entry}".encode())).digest()


def _name(specimen: int | None, container: int | None) -> str:
    return f"s{specimen}" if specimen is not None else f"c{container}"


def find_end(session: Session) -> tuple[int, bytes]:
    """Number and digest of the last event."""
    found = session.query("SELECT seq, hash FROM bank_custody ORDER BY seq DESC LIMIT 1")
    return (found[0][0], bytes(found[0][1])) if found else (0, START)


def append(
    session: Session, events: Sequence[Event], at_ms: int, who: str, end: tuple[int, bytes]
) -> tuple[int, bytes]:
    """Add events after ``end``, which is where the chain ends; where it ends then."""
    seq, digest = end
    rows = []
    for event in events:
        seq += 1
        entry = _ENTRY.encode({"who": who, **(event.told or {})})
        digest = compute_hash(digest, seq, at_ms, event.what, _name(event.specimen, event.container), entry)
        rows.append((seq, at_ms, event.what, event.specimen, event.container, entry, digest))
    session.insert("bank_custody", COLUMNS, rows)
    return seq, digest


def verify(session: Session) -> Iterator[Finding]:
    """Yield where the chain is broken; nothing is what should be."""
    before, expected, n_found = START, 1, 0
    last = 0
    sql = f"SELECT {', '.join(COLUMNS)} FROM bank_custody WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608
    while rows := session.query(sql, (last, _PAGE)):
        for seq, at_ms, what, specimen, container, entry, stored in rows:
            digest = bytes(stored)
            if seq != expected:
                yield _find(seq, "Events are missing before it.", str(seq), str(expected))
                n_found += 1
            elif compute_hash(before, seq, at_ms, what, _name(specimen, container), entry) != digest:
                yield _find(seq, "It, or the one before it, is not what was written.")
                n_found += 1
            if n_found == _N_SHOWN:
                return
            before, expected = digest, seq + 1
        last = rows[-1][0]


def _find(seq: int, message: str, actual: str = "", expected: str = "") -> Finding:
    return Finding(
        rule="custody-chain", severity="error", where=f"custody event {seq}", message=message, actual=actual,
        expected=expected, fix="keep this database as it is, and compare it with the last backup",
    )  # fmt: skip


def count(session: Session) -> int:
    """How many events there are."""
    return find_end(session)[0]


def list_of_specimen(session: Session, specimen: int) -> list[Told]:
    """All that happened to a specimen, in order: itself, and the containers it was in at the time."""
    own = list_own(session, "specimen", specimen)
    found = {one.seq: one for one in own}
    for container, first, last in _list_stays(own, "box"):
        _add_container(session, container, first, last, found)
    return [found[seq] for seq in sorted(found)]


def _add_container(session: Session, id_: int, first: int, last: int | None, found: dict[int, Told]) -> None:
    """Add what happened to a container, and to those it was in, between two events."""
    own = list_own(session, "container", id_)
    for one in own:
        if one.seq > first and (last is None or one.seq < last):
            found[one.seq] = one
    for parent, since, until in _list_stays(own, "parent"):
        end = until if last is None else last if until is None else min(until, last)
        if (end is None or end > first) and (last is None or since < last):
            _add_container(session, parent, max(first, since), end, found)


def _list_stays(events: Sequence[Told], name: str) -> list[tuple[int, int, int | None]]:
    """Where it was from which event to which: events that say where it is now carry ``name``."""
    moves = [(one.told[name], one.seq) for one in events if name in one.told]
    ends = [*(seq for _, seq in moves[1:]), None]
    return [(where, seq, end) for (where, seq), end in zip(moves, ends, strict=False) if where is not None]


def list_own(session: Session, column: str, id_: int) -> list[Told]:
    """All that is told of a ``specimen`` or a ``container`` itself, in order."""
    sql = (
        "SELECT seq, at_ms, what, specimen, container, entry FROM bank_custody "  # noqa: S608 - one of two
        f"WHERE {column} = ? ORDER BY seq"
    )
    return [_to_told(row) for row in session.query(sql, (id_,))]


def _to_told(row: Row) -> Told:
    seq, at_ms, what, specimen, container, entry = row
    return Told(seq, at_ms, what, specimen, container, json.loads(entry))
