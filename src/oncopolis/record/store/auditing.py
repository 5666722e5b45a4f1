"""The audit chain: each entry carries the digest of the one before: none changes or goes missing unseen."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from oncopolis.record.store.pending import Pending
from oncopolis.record.store.session import Session
from oncopolis.record.types import Act

START = bytes(32)  # structure: bytes of a SHA-256, before the first entry
_encode = json.JSONEncoder(separators=(",", ":")).encode
_COLUMNS = ("chain", "seq", "at_ms", "entry", "prev", "hash")


@dataclass(frozen=True, slots=True)
class Touched:
    """A version an act read or wrote; a written one with the digest of what was stored, '' for a deletion."""

    type: str
    id: str
    version: int
    digest: str | None = None


def compute_hash(prev: bytes, chain: int, seq: int, at_ms: int, entry: str) -> bytes:
    """The digest of one entry."""
    return sha256(prev + f"{chain}\n{seq}\n{at_ms}\n{entry}".encode()).digest()


class Chain:
    """The end of one writer's chain."""

    def __init__(self, number: int) -> None:
        self.number, self.seq, self.hash = number, 0, START

    def load(self, session: Session) -> None:
        """Find the end in the database."""
        last = session.query(
            "SELECT seq, hash FROM audit WHERE chain = ? ORDER BY seq DESC LIMIT 1", (self.number,)
        )
        self.seq, self.hash = (last[0][0], bytes(last[0][1])) if last else (0, START)

    def append(self, pending: Pending, act: Act, at_ms: int, touched: Iterable[Touched]) -> None:
        """Add an entry."""
        entry = _encode(
            {
                "action": act.action,
                "what": act.what,
                "who": [act.who.kind, act.who.id, act.who.name],
                "request": act.request_id,
                "purpose": act.purpose,
                "versions": [[one.type, one.id, one.version, one.digest] for one in touched],
            }
        )
        prev, self.seq = self.hash, self.seq + 1
        self.hash = compute_hash(prev, self.number, self.seq, at_ms, entry)
        pending.insert("audit", _COLUMNS, (self.number, self.seq, at_ms, entry, prev, self.hash))
