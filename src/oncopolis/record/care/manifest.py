"""What a copy of a database is of: stands at its beginning, and is compared with what was restored."""

from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from typing import Literal, TypeVar

from pydantic import ValidationError

from oncopolis.foundation.errors import InputError
from oncopolis.foundation.frozen import Frozen
from oncopolis.record.store.schema import HEAD
from oncopolis.record.store.session import Row, Session
from oncopolis.record.store.store import get_time_ms
from oncopolis.record.store.tables import INDEXES, METADATA, TURNED

Head = TypeVar("Head", bound=Frozen)
COLUMNS = {name: [column.name for column in table.columns] for name, table in METADATA.tables.items()}
BANK = [table.name for table in TURNED]
"""Tables of the biobank whose rows change and stay, those that others refer to first."""
_GROWING = frozenset(
    {"patient_key", "resource", "version", "audit", "journal", "request", "outbox", "bank_custody", *BANK}
)
_PASSING = frozenset({"watch_reading"})
"""What comes anew every second, and is not copied: alarms are records, and hours of readings are."""
DERIVED = frozenset({"audit_patient", "writer", *_PASSING, *(table.name for table in INDEXES.values())})
CHANGING = [
    table.name for table in METADATA.sorted_tables if table.name not in _GROWING and table.name not in DERIVED
]
"""Tables whose rows change and go, those that others refer to first."""
Chains = dict[int, tuple[int, str]]
"""Number and digest of the last entry of each audit chain."""


class Position(Frozen):
    """How far a copy of a SQLite database goes."""

    chains: Chains
    """Ends of the audit chains."""
    at_ms: int
    """Time of the last audit entry, 0 if there is none."""
    version: int
    """Last row of the versions."""
    request: int
    """Last of the requests."""
    oldest_request: int = 0
    """The first of them that is still remembered, 0 if none is."""
    journal: int = 0
    """Last line of the journal."""
    custody: int = 0
    """Last custody event of the biobank."""
    key: int
    """Last of the patients' keys."""
    job: int
    """Last job."""
    open_jobs: tuple[int, ...]
    """Jobs that may still change."""
    loose: str
    """Digest of the rows that may change or go."""


@dataclass(slots=True)
class Loose:
    """Rows that may change or go: open jobs by number, and whole tables such as claims and accounts."""

    jobs: dict[int, Row] = field(default_factory=dict)
    tables: dict[str, set[Row]] = field(default_factory=dict)

    def compute_digest(self) -> str:
        """The same for the same rows."""
        tables = [(table, sorted(map(repr, rows))) for table, rows in self.tables.items()]
        return sha256(repr((sorted(self.jobs.items()), tables)).encode()).hexdigest()


class Manifest(Frozen):
    """The database at the moment of the copy."""

    program: str
    """Version of the program."""
    form: str
    """Form of the tables."""
    dialect: Literal["sqlite", "postgresql"]
    """Kind of database."""
    room: str
    """Schema of PostgreSQL the tables are in."""
    at_ms: int
    """The moment, milliseconds since 1970 (UTC)."""
    counts: dict[str, int]
    """Rows of each table."""
    chains: Chains
    """Ends of the audit chains."""
    position: Position | None
    """How far it goes, for what is shipped after it; None of PostgreSQL."""


def measure(session: Session) -> Manifest:
    """The database as the transaction of ``session`` sees it."""
    at_ms = get_time_ms()
    counts = {
        table: int(session.query(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - names of tables
        for table in sorted(METADATA.tables.keys() - _PASSING)
    }
    is_postgres = session.dialect == "postgresql"
    return Manifest(
        program=version("oncopolis"),
        form=HEAD,
        dialect="postgresql" if is_postgres else "sqlite",
        room=session.query("SELECT current_schema()")[0][0] if is_postgres else "",
        at_ms=at_ms,
        counts=counts,
        chains=find_chains(session),
        position=None if is_postgres else find_position(session, read_loose(session)),
    )


def read_loose(session: Session) -> Loose:
    """Open jobs, and the tables that change."""
    jobs = session.query(
        f"SELECT {', '.join(COLUMNS['outbox'])} FROM outbox "  # noqa: S608 - names of columns
        "WHERE state IN ('waiting', 'taken', 'dead')"
    )
    tables = {
        table: set(session.query(f"SELECT {', '.join(COLUMNS[table])} FROM {table}"))  # noqa: S608
        for table in CHANGING
    }
    return Loose({row[0]: row for row in jobs}, tables)


def find_position(session: Session, loose: Loose) -> Position:
    """How far a copy of what the transaction sees goes."""

    def find(which: str, table: str, column: str) -> int:
        return int(session.query(f"SELECT COALESCE({which}({column}), 0) FROM {table}")[0][0])  # noqa: S608

    chains = find_chains(session)
    times = [
        session.query("SELECT at_ms FROM audit WHERE chain = ? AND seq = ?", (chain, seq))[0][0]
        for chain, (seq, _) in chains.items()
    ]
    return Position(
        chains=chains,
        at_ms=max(times, default=0),
        version=find("max", "version", "seq"),
        request=find("max", "request", "id"),
        oldest_request=find("min", "request", "id"),
        journal=find("max", "journal", "seq"),
        custody=find("max", "bank_custody", "seq"),
        key=find("max", "patient_key", "id"),
        job=find("max", "outbox", "id"),
        open_jobs=tuple(sorted(loose.jobs)),
        loose=loose.compute_digest(),
    )


def find_whether_sealed(session: Session) -> bool:
    """Whether the database was begun with keys."""
    return bool(session.query("SELECT 1 FROM patient_key LIMIT 1"))


def find_chains(session: Session) -> Chains:
    """Where the audit chains end."""
    rows = session.query(
        "SELECT a.chain, a.seq, a.hash FROM audit a JOIN (SELECT chain, max(seq) AS last FROM audit "
        "GROUP BY chain) e ON e.chain = a.chain AND e.last = a.seq ORDER BY a.chain"
    )
    return {chain: (seq, bytes(digest).hex()) for chain, seq, digest in rows}


def read_first_line(kind: type[Head], line: bytes, where: str) -> Head:
    """What stands at the beginning of a file: a `Manifest` or something like it."""
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        raise InputError(
            code="REC-153",
            where=where,
            got="no list of contents this program knows",
            expected="a backup",
            fix="restore it with the version of the program that wrote it",
        ) from error
