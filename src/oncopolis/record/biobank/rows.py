"""Rows of the biobank in general: read as they are stored, written all or none.

A position, the place of a container, a barcode and a name belong to one: unique constraints see to it, and
whoever comes second is told who has it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import cache
from itertools import chain, groupby
from operator import attrgetter
from typing import Any, ClassVar, Protocol, TypeVar

from oncopolis.foundation.errors import ConflictError
from oncopolis.record.biobank.custody import Event, append, find_end
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.specimens import Specimen
from oncopolis.record.store.session import Session
from oncopolis.record.store.statements import write_insertion, write_tuples

_TOGETHER = 100  # structure: rows of one statement


class BankRow(Protocol):
    """A row of one of the tables."""

    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]
    __dataclass_fields__: ClassVar[dict[str, Any]]


R = TypeVar("R", bound=BankRow)


@cache
def list_columns(kind: type[BankRow]) -> tuple[str, ...]:
    """The columns of a row, as they are stored, without its turn."""
    return tuple(one.name for one in fields(kind))


def select(
    session: Session, kind: type[R], where: str, values: Sequence[Any] = (), order: str = ""
) -> list[R]:
    """Rows of a kind by a condition on ``t``."""
    columns = ", ".join(f"t.{name}" for name in list_columns(kind))
    sql = f"SELECT {columns} FROM {kind.TABLE} t WHERE {where} {order}"  # noqa: S608 - conditions of ours
    return [kind(*row) for row in session.query(sql, values)]


def select_in(session: Session, kind: type[R], column: str, keys: Iterable[Any]) -> list[R]:
    """Rows of a kind whose column has one of many values."""
    return [
        row
        for some in part(list(keys))
        for row in select(session, kind, f"t.{column} IN ({', '.join('?' * len(some))})", some)
    ]


def part(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Pieces of a size that fits into a statement."""
    return (keys[first : first + _TOGETHER] for first in range(0, len(keys), _TOGETHER))


def write(session: Session, rows: Sequence[BankRow], events: Sequence[Event], at_ms: int, who: str) -> int:
    """Write rows and events; the number of the last event.

    Raises
    ------
    ConflictError
        A position, a place, a barcode or a name is another's.
    """
    end = find_end(session)
    for kind, some in groupby(sorted(rows, key=lambda row: row.TABLE), type):
        written = list(some)
        _check_unique(session, kind, written)
        _vacate(session, written)
        _put(session, kind, _to_values(kind, written, end[0] + 1))
    append(session, events, at_ms, who, end)
    return end[0] + len(events)


def add(session: Session, rows: Sequence[BankRow], turn: int) -> None:
    """Add many new rows of one kind whose uniqueness was checked."""
    if rows:
        kind = type(rows[0])
        session.insert(kind.TABLE, (*list_columns(kind), "turn"), _to_values(kind, rows, turn))


def _to_values(kind: type[BankRow], rows: Sequence[BankRow], turn: int) -> list[tuple[Any, ...]]:
    get = attrgetter(*list_columns(kind))
    return [(*get(row), turn) for row in rows]


def _put(session: Session, kind: type[BankRow], rows: Sequence[tuple[Any, ...]]) -> None:
    columns = (*list_columns(kind), "turn")
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in kind.KEY)
    for some in part(rows):
        session.query(
            f"{write_insertion(kind.TABLE, columns, len(some))} "
            f"ON CONFLICT ({', '.join(kind.KEY)}) DO UPDATE SET {changes}",
            list(chain.from_iterable(some)),
        )


_ALONE: dict[type[BankRow], tuple[tuple[str, ...], ...]] = {
    Specimen: (("barcode",), ("box", "place")),
    Container: (("name",), ("parent", "slot")),
}
_NAMES = {Specimen: "barcode", Container: "name"}


def _check_unique(session: Session, kind: type[BankRow], rows: Sequence[Any]) -> None:
    """Refuse what another row says already, or two of these say."""
    ids = {row.id for row in rows} if kind in _ALONE else set()
    for columns in _ALONE.get(kind, ()):
        wanted: dict[tuple[Any, ...], Any] = {}
        for row in rows:
            key = tuple(getattr(row, name) for name in columns)
            if None in key:
                continue
            other = wanted.setdefault(key, row)
            if other is not row:
                raise _refuse(session, kind, columns, key, (row, other))
        for some in part(list(wanted)):
            sql = f"({', '.join(columns)}) IN ({write_tuples(len(columns), len(some))})"
            for other in select(session, kind, sql, list(chain.from_iterable(some))):
                if other.id not in ids:  # type: ignore[attr-defined]
                    key = tuple(getattr(other, name) for name in columns)
                    raise _refuse(session, kind, columns, key, (wanted[key], other))


def _refuse(
    session: Session,
    kind: type[BankRow],
    columns: tuple[str, ...],
    key: tuple[Any, ...],
    both: tuple[Any, Any],
) -> ConflictError:
    name = _NAMES[kind]
    mine, other = (getattr(row, name) for row in both)
    if len(columns) == 1:
        return ConflictError(
            code="BIO-001", where=f"{name} {mine}", got="one that is taken", expected="one of its own",
            fix="scan again; a label that was printed twice has to be replaced",
        )  # fmt: skip
    found = session.query("SELECT name FROM bank_container WHERE id = ?", key[:1])
    return ConflictError(
        code="BIO-002", where=f"{found[0][0] if found else key[0]}, place {key[1] + 1}", got=str(mine),
        expected=f"nothing: {other} is there", fix="choose another place, or move what is there first",
    )  # fmt: skip


def _vacate(session: Session, rows: Sequence[Any]) -> None:
    """Let those that change places among each other leave them first."""
    if len(rows) == 1 or type(rows[0]) not in _ALONE:
        return
    places = _ALONE[type(rows[0])][1]
    changes = ", ".join(f"{name} = NULL" for name in places)
    for some in part([row.id for row in rows]):
        session.query(
            f"UPDATE {rows[0].TABLE} SET {changes} "  # noqa: S608 - names of columns
            f"WHERE id IN ({', '.join('?' * len(some))}) AND {places[0]} IS NOT NULL",
            some,
        )
