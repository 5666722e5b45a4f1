"""The audit chain: each entry carries the digest of the one before: none changes or goes missing unseen."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from oncopolis.record.fhir.text import make_encoder
from oncopolis.record.store.pending import Pending
from oncopolis.record.store.session import Session
from oncopolis.record.types import Act

UNSEEN = -1
START = bytes(32)  # structure: bytes of a SHA-256, before the first entry
_encode = make_encoder(json.JSONEncoder(separators=(",", ":")))
_COLUMNS = ("chain", "seq", "at_ms", "entry", "prev", "hash", "agent")
_OF_PATIENT = ("patient", "chain", "seq")
FORM = 2
"""How digests of versions are made now: of whole rows. Entries that do not say so have those of bodies."""
_MORE = (("query", ""), ("outcome", "0"), ("reason", ""), ("address", ""), ("client", ""))
"""What an entry says only where it differs from this."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A version an act read or wrote, and whose it is.

    Parameters
    ----------
    version
        `UNSEEN` for a record that was not shown, 0 for a patient who was erased.
    digest
        Of what was stored, if it was written.
    """

    type: str
    id: str
    version: int
    digest: str | None = None
    patient: str | None = None


def compute_digest(
    type_: str, id_: str, version: int, at_ms: int, method: str, stored: bytes | None, form: int = FORM
) -> str:
    """The digest of a version as it lies in the database; forms before `FORM` are those of old entries."""
    if form < FORM:
        return "" if stored is None else sha256(stored).hexdigest()
    head = f"{type_}\n{id_}\n{version}\n{at_ms}\n{method}\n{'' if stored is None else 'body'}\n"
    return sha256(head.encode() + (stored or b"")).hexdigest()


def compute_hash(prev: bytes, chain: int, seq: int, at_ms: int, entry: str) -> bytes:
    """The digest of one entry."""
    return sha256(prev + f"{chain}\n{seq}\n{at_ms}\n{entry}".encode()).digest()


def make_agent(kind: str, id_: str) -> str:
    """Who acted, as the audit is searched by."""
    return f"{kind}/{id_}"


def list_patients(entry: str) -> list[str]:
    """Whose records an entry tells of; none in those written before entries said so."""
    return list(json.loads(entry).get("patients", ()))


def index_entry(session: Session, chain: int, seq: int, _at_ms: int, entry: str, *_: Any) -> None:
    """Let a copied entry, given as its row, be found by patient."""
    session.insert("audit_patient", _OF_PATIENT, [(one, chain, seq) for one in list_patients(entry)])


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
        seen = tuple(touched)
        patients = sorted({one.patient for one in seen if one.patient is not None})
        content: dict[str, Any] = {
            "action": act.action,
            "what": act.what,
            "who": [act.who.kind, act.who.id, act.who.name],
            "request": act.request_id,
            "purpose": act.purpose,
            "versions": [[one.type, one.id, one.version, one.digest] for one in seen],
            "patients": patients,
        }
        if any(one.digest is not None for one in seen):
            content["form"] = FORM
        for name, usual in _MORE:
            if (value := getattr(act, name)) != usual:
                content[name] = value
        entry = "".join(_encode(content, 0))
        prev, self.seq = self.hash, self.seq + 1
        self.hash = compute_hash(prev, self.number, self.seq, at_ms, entry)
        agent = make_agent(act.who.kind, act.who.id)
        pending.insert("audit", _COLUMNS, (self.number, self.seq, at_ms, entry, prev, self.hash, agent))
        for patient in patients:
            pending.insert("audit_patient", _OF_PATIENT, (patient, self.number, self.seq))
