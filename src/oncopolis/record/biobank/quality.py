"""Rows of how well the biobank keeps to what it says. Times are milliseconds since 1970 (UTC)."""

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from oncopolis.record.biobank.rows import select, select_in
from oncopolis.record.biobank.specimens import Specimen
from oncopolis.record.store.session import Session

Met: TypeAlias = Literal["met", "partly", "missing"]
Severity: TypeAlias = Literal["minor", "major", "critical"]
Finding: TypeAlias = Literal["", "here", "missing", "other"]
"""Not looked at yet, where it should be, not there, or something else is there."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that a requirement is met; the last one of a requirement counts."""

    TABLE: ClassVar[str] = "bank_evidence"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    requirement: str
    state: Met
    said: str
    said_by: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Nonconformity:
    """Something is not as it should be, and what is done about it: ``open``, ``owned`` or ``closed``.

    Parameters
    ----------
    requirement
        What it breaks, if that is known.
    cause, action, evidence
        Why it came to be, what is done so that it does not come again, and what shows that it worked.
    """

    TABLE: ClassVar[str] = "bank_nonconformity"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    title: str
    said: str
    requirement: str
    severity: Severity
    state: str
    found_by: str
    found_ms: int
    owner: str = ""
    cause: str = ""
    action: str = ""
    evidence: str = ""
    closed_by: str = ""
    due_ms: int | None = None
    closed_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """A random sample of the inventory is looked for: ``drawn`` or ``done``.

    Parameters
    ----------
    seed
        What the sample was drawn by.
    n_population
        Specimens that were stored then.
    confidence, share
        What was wanted: with this confidence, at most this share of them is not where it should be.
    n_wrong, most_wrong
        How many of the sample were not, and how many of all that are with that confidence at most.
    """

    TABLE: ClassVar[str] = "bank_audit"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    seed: str
    n_population: int
    n_sample: int
    confidence: float
    share: float
    state: str
    begun_by: str
    begun_ms: int
    n_wrong: int | None = None
    most_wrong: int | None = None
    done_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Audited:
    """A specimen of a sample, in the order of the walk; ``place`` is where the books had it."""

    TABLE: ClassVar[str] = "bank_audited"
    KEY: ClassVar[tuple[str, ...]] = ("audit", "n")

    audit: int
    n: int
    specimen: int
    place: str
    found: Finding = ""
    said: str = ""
    found_by: str = ""
    at_ms: int | None = None


def list_evidence(session: Session) -> dict[str, Evidence]:
    """The last evidence of each requirement."""
    return {one.requirement: one for one in select(session, Evidence, "1 = 1", (), "ORDER BY t.id")}


def list_nonconformities(session: Session, *, is_open: bool) -> list[Nonconformity]:
    """Those that are not closed, what is due first; or those that are, the last first."""
    where = "t.state <> 'closed'" if is_open else "t.state = 'closed'"
    order = "ORDER BY COALESCE(t.due_ms, t.found_ms), t.id" if is_open else "ORDER BY t.closed_ms DESC"
    return select(session, Nonconformity, where, (), order)


def list_audits(session: Session) -> list[Audit]:
    """All audits, the last first."""
    return select(session, Audit, "1 = 1", (), "ORDER BY t.id DESC")


def list_audited(session: Session, audit: int) -> list[Audited]:
    """The sample of an audit, in the order of the walk."""
    return select(session, Audited, "t.audit = ?", (audit,), "ORDER BY t.n")


def count_stored(session: Session) -> tuple[int, int]:
    """How many specimens are stored, and the largest number of any specimen."""
    n = session.query("SELECT count(*) FROM bank_specimen WHERE state = 'stored'")[0][0]
    return int(n), int(session.query("SELECT COALESCE(max(id), 0) FROM bank_specimen")[0][0])


def find_stored(session: Session, ids: list[int]) -> list[Specimen]:
    """Those of these specimens that are stored."""
    return [one for one in select_in(session, Specimen, "id", ids) if one.state == "stored"]


def list_stored_ids(session: Session) -> list[int]:
    """Numbers of all stored specimens, in order."""
    rows = session.query("SELECT id FROM bank_specimen WHERE state = 'stored' ORDER BY id")
    return [int(id_) for (id_,) in rows]
