"""Index rows: written with each version, those of the current version only."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from oncopolis.record.fhir.rows import IndexRow
from oncopolis.record.store.pending import Pending
from oncopolis.record.store.session import Session
from oncopolis.record.store.tables import INDEXES

LONGEST_TEXT, _KEPT = 250, 180  # structure: characters; four texts of four bytes each fit a page of an index


_TABLES = {kind: table.name for kind, table in INDEXES.items()}
_COLUMNS = {kind: [column.name for column in table.columns] for kind, table in INDEXES.items()}


def fit(text: str) -> str:
    """``text`` as an index can keep it: of a too long one the beginning and a digest of all of it."""
    if len(text) <= LONGEST_TEXT:
        return text
    return text[:_KEPT] + sha256(text.encode()).hexdigest()


def _fit_all(values: Sequence[Any]) -> list[Any]:
    return [fit(value) if type(value) is str and len(value) > LONGEST_TEXT else value for value in values]


def write_rows(pending: Pending, rk: int, rows: Sequence[IndexRow]) -> None:
    """Add the rows of a record."""
    for n, (kind, values) in enumerate(rows):
        pending.insert(_TABLES[kind], _COLUMNS[kind], (*_fit_all(values), rk, n))


def remove_rows(pending: Pending, rk: int) -> None:
    """Take away the rows of a record."""
    for table in _TABLES.values():
        pending.delete(table, rk)


def list_rows(session: Session, rk: int) -> list[IndexRow]:
    """The rows of a record, in the order they were extracted."""
    found = []
    for kind, table in INDEXES.items():
        columns = ", ".join(column.name for column in table.columns if column.name not in {"rk", "n"})
        sql = f"SELECT n, {columns} FROM index_{kind} WHERE rk = ?"  # noqa: S608 - names of tables
        found += [(row[0], kind, tuple(row[1:])) for row in session.query(sql, (rk,))]
    return [(kind, values) for _, kind, values in sorted(found, key=lambda row: row[0])]


def to_stored(rows: Sequence[IndexRow]) -> list[IndexRow]:
    """Index rows as `list_rows` gives them."""
    return [(kind, tuple(_fit_all(values))) for kind, values in rows]
