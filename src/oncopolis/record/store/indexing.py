"""Index rows: written with each version, those of the current version only."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from operator import itemgetter
from typing import Any

from oncopolis.record.access.tying import list_ties
from oncopolis.record.fhir.extracting import extract
from oncopolis.record.fhir.rows import IndexRow
from oncopolis.record.store.compartment import find_patient
from oncopolis.record.store.pending import Pending
from oncopolis.record.store.session import Row, Session
from oncopolis.record.store.tables import INDEXES

LONGEST_TEXT, _KEPT = 250, 180  # structure: characters; four texts of four bytes each fit a page of an index


_TABLES = {kind: table.name for kind, table in INDEXES.items()}
_COLUMNS = {kind: [column.name for column in table.columns] for kind, table in INDEXES.items()}
_SQL_TYPES: dict[type, str] = {int: "BIGINT", str: "TEXT", float: "DOUBLE PRECISION"}


def _write_select() -> tuple[str, dict[str, Callable[[Row], Row]]]:
    """One question for the rows of a record in all tables; of an answer's row, what is of its kind."""
    slots = {
        kind: _take_slots([column.type.python_type for column in table.columns if column.name not in _PLACE])
        for kind, table in INDEXES.items()
    }
    every = sorted(set().union(*slots.values()), key=str)
    parts, picks = [], dict[str, Callable[[Row], Row]]()
    for kind, taken in slots.items():
        named = dict(zip(taken, _COLUMNS[kind], strict=False))
        columns = [named.get(slot, f"CAST(NULL AS {_SQL_TYPES[slot[0]]})") for slot in every]
        parts.append(f"SELECT n, '{kind}', {', '.join(columns)} FROM {_TABLES[kind]} WHERE rk = ?")  # noqa: S608
        picks[kind] = itemgetter(*(2 + every.index(slot) for slot in taken))
    return " UNION ALL ".join(parts), picks


def _take_slots(types: Sequence[type]) -> list[tuple[type, int]]:
    """Columns of an answer, each of one type: PostgreSQL has no others."""
    return [(type_, types[:place].count(type_)) for place, type_ in enumerate(types)]


_PLACE = frozenset({"rk", "n"})
_ALL_ROWS, _PICKS = _write_select()


def make_rows(resource: Mapping[str, Any]) -> tuple[list[IndexRow], str | None]:
    """All index rows of a sound resource, and the id of the patient it is about."""
    rows = extract(resource)
    patient = find_patient(resource, rows)
    rows.extend(list_ties(resource["resourceType"], patient, rows))
    return rows, patient


def fit(text: str) -> str:
    """``text`` as an index can keep it: of a too long one the beginning and a digest of all of it."""
    if len(text) <= LONGEST_TEXT:
        return text
    return text[:_KEPT] + sha256(text.encode()).hexdigest()


def _fit_all(values: tuple[Any, ...]) -> tuple[Any, ...]:
    for value in values:
        if type(value) is str and len(value) > LONGEST_TEXT:
            return tuple(fit(one) if type(one) is str else one for one in values)
    return values


def write_rows(pending: Pending, rk: int, rows: Sequence[IndexRow]) -> None:
    """Add the rows of a record that has none."""
    for n, (kind, values) in enumerate(rows):
        pending.insert(_TABLES[kind], _COLUMNS[kind], (*_fit_all(values), rk, n))


def change_rows(pending: Pending, rk: int, before: Mapping[int, IndexRow], rows: Sequence[IndexRow]) -> None:
    """Change the rows of a record: most of them are what they were, and are left alone."""
    after = to_stored(rows)
    for n, row in before.items():
        if n >= len(after) or after[n] != row:
            pending.delete_row(_TABLES[row[0]], rk, n)
    for n, row in enumerate(after):
        if before.get(n) != row:
            kind, values = row
            pending.insert(_TABLES[kind], _COLUMNS[kind], (*values, rk, n))


def remove_rows(pending: Pending, rk: int) -> None:
    """Take away the rows of a record."""
    for table in _TABLES.values():
        pending.delete(table, rk)


def find_rows(session: Session, rk: int) -> dict[int, IndexRow]:
    """The rows of a record as they are stored, by their numbers, in the order they were extracted."""
    found = session.query(_ALL_ROWS, (rk,) * len(INDEXES))
    return {row[0]: (row[1], _PICKS[row[1]](row)) for row in sorted(found, key=itemgetter(0))}


def to_stored(rows: Sequence[IndexRow]) -> list[IndexRow]:
    """Index rows as `find_rows` gives them."""
    return [(kind, _fit_all(values)) for kind, values in rows]
