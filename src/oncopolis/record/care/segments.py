"""What a SQLite database has gained since an earlier moment, as rows; and the same rows put into a copy.

Versions, audit entries, lines of the journal, requests and patients' keys are only ever added, by one writer
at a time: what a read transaction sees of them is everything up to a number; old requests go from the front.
Open jobs, claims, accounts and the like change and go; they are compared with what was there. Rows of the
biobank change and stay, and say when. Index rows are not copied, but extracted anew.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from oncopolis.foundation.errors import OncopolisError
from oncopolis.record.care.erasing import find_erased
from oncopolis.record.care.manifest import BANK, CHANGING, COLUMNS, DERIVED, Loose, Position
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import indexing
from oncopolis.record.store.aftermath import Aftermath
from oncopolis.record.store.auditing import index_entry
from oncopolis.record.store.pending import Pending
from oncopolis.record.store.reading import Reading
from oncopolis.record.store.session import Row, Session, transaction
from oncopolis.record.store.tables import METADATA

_PAGE = 1_000  # structure: rows read or written at once
_ERASURES = "SELECT entry FROM audit WHERE chain = ? AND seq > ? AND entry LIKE '%,0,null]%'"

_PLACES = {"bank_container": ("parent", "slot"), "bank_specimen": ("box", "place")}
"""What only one row may say: all that change leave their places before the first takes a new one."""

Line: TypeAlias = list[Any]
"""What to do, the table, and the row ('put'), its key ('drop', 'vacate'), the first left ('trim') or none."""


def is_continued(session: Session, position: Position) -> bool:
    """Whether the database is what the copy is of, some time later."""
    sql = "SELECT hash FROM audit WHERE chain = ? AND seq = ?"
    return all(
        [bytes(row[0]).hex() for row in session.query(sql, (chain, seq))] == [digest]
        for chain, (seq, digest) in position.chains.items()
    )


def has_erased(session: Session, after: Position) -> bool:
    """Whether somebody was erased since."""
    chains = {chain for (chain,) in session.query("SELECT DISTINCT chain FROM audit")}
    return any(
        find_erased(entry for (entry,) in session.query(_ERASURES, (chain, _get_end(after, chain))))
        for chain in chains
    )


def find_oldest_ms(session: Session, after: Position) -> int | None:
    """When the first thing after a moment was done, milliseconds since 1970 (UTC)."""
    rows = session.query("SELECT DISTINCT chain FROM audit")
    sql = "SELECT at_ms FROM audit WHERE chain = ? AND seq = ?"
    times = [session.query(sql, (chain, _get_end(after, chain) + 1)) for (chain,) in rows]
    return min((found[0][0] for found in times if found), default=None)


def _get_end(position: Position, chain: int) -> int:
    return position.chains[chain][0] if chain in position.chains else 0


def list_lines(session: Session, after: Position, before: Loose | None, now: Loose) -> Iterator[Line]:
    """What makes a copy at ``after`` one of now.

    Parameters
    ----------
    before, now
        What may change: then, if that is known, and now.
    """
    yield from _list_added(session, "patient_key", "id", after.key)
    sql = (
        "SELECT DISTINCT r.rk, r.type, r.id, r.version, r.deleted, r.patient FROM version v "
        "JOIN resource r ON r.rk = v.rk WHERE v.seq > ?"
    )
    yield from (_put("resource", row) for row in session.query(sql, (after.version,)))
    yield from _list_added(session, "version", "seq", after.version)
    for (chain,) in session.query("SELECT DISTINCT chain FROM audit ORDER BY chain"):
        end = _get_end(after, chain)
        yield from _list_added(session, "audit", "seq", end, f"chain = {int(chain)} AND ")
    yield from _list_added(session, "journal", "seq", after.journal)
    yield from _list_bank(session, after.custody)
    yield from _list_requests(session, after)
    yield from _list_jobs(session, after, before, now)
    yield from _list_changed(before, now)


def _put(table: str, row: Sequence[Any]) -> Line:
    return ["put", table, *row]


def _list_added(session: Session, table: str, number: str, last: int, where: str = "") -> Iterator[Line]:
    columns = COLUMNS[table]
    place = columns.index(number)
    sql = (
        f"SELECT {', '.join(columns)} FROM {table} "  # noqa: S608 - names of the tables
        f"WHERE {where}{number} > ? ORDER BY {number} LIMIT ?"
    )
    while rows := session.query(sql, (last, _PAGE)):
        yield from (_put(table, row) for row in rows)
        last = rows[-1][place]


def _list_bank(session: Session, last: int) -> Iterator[Line]:
    """Rows of the biobank that came or changed, and its custody events."""
    for table in _PLACES:
        yield from (["vacate", table, id_] for _, _, id_ in _list_turned(session, table, ["id"], last))
    for table in BANK:
        yield from (_put(table, row) for _, _, *row in _list_turned(session, table, COLUMNS[table], last))
    yield from _list_added(session, "bank_custody", "seq", last)


def _list_turned(session: Session, table: str, columns: Sequence[str], last: int) -> Iterator[Row]:
    """Rows of a table that were written since, each after what it is found by."""
    sql = (
        f"SELECT turn, rowid, {', '.join(columns)} FROM {table} "  # noqa: S608 - names of the tables
        "WHERE (turn, rowid) > (?, ?) ORDER BY turn, rowid LIMIT ?"
    )
    after = (last + 1, -1)
    while rows := session.query(sql, (*after, _PAGE)):
        yield from rows
        after = rows[-1][:2]


def _list_requests(session: Session, after: Position) -> Iterator[Line]:
    """How far requests were forgotten, and new ones."""
    ((oldest,),) = session.query("SELECT min(id) FROM request")
    if (oldest or 0) != after.oldest_request:
        yield ["trim", "request", oldest or after.request + 1]
    yield from _list_added(session, "request", "id", after.request)


def _list_jobs(session: Session, after: Position, before: Loose | None, now: Loose) -> Iterator[Line]:
    """New jobs, and those that were open then."""
    sql = f"SELECT {', '.join(COLUMNS['outbox'])} FROM outbox WHERE id = ?"  # noqa: S608 - names of columns
    known = before.jobs if before else {}
    for id_ in after.open_jobs:
        row = now.jobs.get(id_) or session.query(sql, (id_,))[0]
        if row != known.get(id_):
            yield _put("outbox", row)
    yield from _list_added(session, "outbox", "id", after.job)


def _list_changed(before: Loose | None, now: Loose) -> Iterator[Line]:
    """Rows that went or are others now, then those that came for them."""
    if before is None:
        yield from (["clear", table] for table in reversed(CHANGING))
    known = before.tables if before else {}
    for table in reversed(CHANGING):
        gone = {_get_key(table, row) for row in known.get(table, set()) - now.tables[table]}
        yield from (["drop", table, *key] for key in sorted(gone, key=repr))
    for table in CHANGING:
        come = now.tables[table] - known.get(table, set())
        yield from (_put(table, row) for row in sorted(come, key=repr))


def _list_key(table: str) -> list[str]:
    return [column.name for column in METADATA.tables[table].primary_key]


def _get_key(table: str, row: Row) -> tuple[Any, ...]:
    return tuple(row[COLUMNS[table].index(name)] for name in _list_key(table))


def to_bytes(line: Line) -> bytes:
    """One line of text."""
    return json.dumps(line, default=_wrap, separators=(",", ":")).encode() + b"\n"


def _wrap(value: Any) -> dict[str, str]:
    return {"base64": base64.b64encode(value).decode()}


def read_line(text: bytes) -> Line:
    """What `to_bytes` wrote."""
    return list(json.loads(text, object_hook=lambda found: base64.b64decode(found["base64"])))


def apply(session: Session, lines: Iterable[Line]) -> set[int]:
    """Do what the lines say, all of it or nothing; the records whose index rows are to be made anew."""
    touched: set[int] = set()
    with transaction(session):
        session.query("PRAGMA defer_foreign_keys=ON")  # Rows that others refer to go and come back.
        for what, table, *values in lines:
            session.query(_STATEMENTS[what, table], values)
            if table == "resource":
                touched.add(values[0])
            elif table == "audit":
                index_entry(session, *values)
    return touched


def _write_put(table: str) -> str:
    columns, key = COLUMNS[table], _list_key(table)
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "  # noqa: S608
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
    )


def _write_drop(table: str) -> str:
    return f"DELETE FROM {table} WHERE {' AND '.join(f'{name} = ?' for name in _list_key(table))}"  # noqa: S608


_STATEMENTS = {
    ("trim", "request"): "DELETE FROM request WHERE id < ?",
    **{
        ("vacate", table): f"UPDATE {table} SET {', '.join(f'{name} = NULL' for name in names)} WHERE id = ?"  # noqa: S608
        for table, names in _PLACES.items()
    },
    **{("clear", table): f"DELETE FROM {table}" for table in CHANGING},  # noqa: S608 - names of tables
    **{("drop", table): _write_drop(table) for table in CHANGING},
    **{("put", table): _write_put(table) for table in METADATA.tables if table not in DERIVED},
}


def index_anew(reading: Reading, records: Iterable[int]) -> None:
    """Extract the index rows of current versions; a verification tells which cannot be read."""
    session = reading.session
    with transaction(session):
        for rk in sorted(records):
            pending = Pending(session, Aftermath())
            indexing.remove_rows(pending, rk)
            found: list[Row] = session.query("SELECT type, id FROM resource WHERE rk = ?", (rk,))
            with suppress(OncopolisError):
                current = reading.read(*found[0])
                if current is not None and current.body is not None:
                    indexing.write_rows(pending, rk, indexing.make_rows(parse(current.body))[0])
            pending.write()
