"""What a copy of a database is of: stands at its beginning, and is compared with what was restored."""

import time
from importlib.metadata import version
from typing import Literal

from pydantic import ValidationError

from oncopolis.foundation.errors import InputError
from oncopolis.foundation.frozen import Frozen
from oncopolis.record.store.schema import HEAD
from oncopolis.record.store.session import Session
from oncopolis.record.store.tables import METADATA

_NS_OF_MS = 1_000_000  # structure: nanoseconds in a millisecond

Chains = dict[int, tuple[int, str]]
"""Number and digest of the last entry of each audit chain."""


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
    is_sealed: bool
    """Whether patients have keys."""
    counts: dict[str, int]
    """Rows of each table."""
    chains: Chains
    """Ends of the audit chains."""


def measure(session: Session) -> Manifest:
    """The database as the transaction of ``session`` sees it."""
    at_ms = time.time_ns() // _NS_OF_MS
    counts = {
        table: int(session.query(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - names of tables
        for table in sorted(METADATA.tables)
    }
    is_postgres = session.dialect == "postgresql"
    return Manifest(
        program=version("oncopolis"),
        form=HEAD,
        dialect="postgresql" if is_postgres else "sqlite",
        room=session.query("SELECT current_schema()")[0][0] if is_postgres else "",
        at_ms=at_ms,
        is_sealed=find_whether_sealed(session),
        counts=counts,
        chains=find_chains(session),
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


def read_manifest(line: bytes, where: str) -> Manifest:
    """From the first line of a copy."""
    try:
        return Manifest.model_validate_json(line)
    except ValidationError as error:
        raise InputError(
            code="REC-153",
            where=where,
            got="no list of contents this program knows",
            expected="a backup",
            fix="restore it with the version of the program that wrote it",
        ) from error
