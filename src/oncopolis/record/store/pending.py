"""What is written together at the end of a batch: one trip to the database for many commands."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from oncopolis.record.store.aftermath import Aftermath, Told
from oncopolis.record.store.session import Session

_HEAD = (
    "SELECT r.rk, r.version, r.deleted, r.patient, v.at_ms FROM resource r "
    "LEFT JOIN version v ON v.rk = r.rk AND v.version = r.version WHERE r.type = ? AND r.id = ?"
)
_KEY = ("rk", "n")
_COLUMNS_OF_HEAD = ("rk", "type", "id", "version", "deleted", "patient")


class Head(NamedTuple):
    """Where a record is at: its row of ``resource``, and the time of its current version."""

    rk: int
    type: str
    id: str
    version: int
    deleted: int
    patient: str | None
    at_ms: int


class Mark(NamedTuple):
    """Where a command begins: how much waits, and how much of that is in the database."""

    n_rows: int
    n_written: int
    n_heads: int
    n_kept: int
    told: Told


class Pending:
    """Rows and heads to be written, deletions first; a command that fails takes its own back.

    What others are to see before the end is written at once (`flush`, `flush_if`), in a savepoint of the
    command that asks.
    """

    def __init__(self, session: Session, aftermath: Aftermath) -> None:
        self.session, self.aftermath = session, aftermath
        self._rows: list[tuple[str, Sequence[str] | None, Any]] = []
        """Table, columns and values of an insertion; table, None, and the record or row to delete."""
        self._n_written = 0
        self._last_of: dict[int, int] = {}
        self._heads: dict[tuple[str, str], Head] = {}
        """Those that this batch has changed."""
        self._before: list[tuple[tuple[str, str], Head | None]] = []
        """What each change of a head has replaced."""
        self._n_kept = 0
        self._numbers: Iterator[int] | None = None
        self._has_savepoint = self._is_protected = False

    def insert(self, table: str, columns: Sequence[str], values: Sequence[Any]) -> None:
        """Add a row later."""
        self._rows.append((table, columns, values))

    def delete(self, table: str, rk: int) -> None:
        """Take away the rows of record ``rk`` later, but before all insertions."""
        self._rows.append((table, None, (rk,)))

    def delete_row(self, table: str, rk: int, n: int) -> None:
        """Take away one row of record ``rk`` later, but before all insertions."""
        self._rows.append((table, None, (rk, n)))

    def find_head(self, type_: str, id_: str) -> Head | None:
        """Where a record is at, with what this batch has done to it; None if there never was one."""
        known = self._heads.get((type_, id_))
        if known is not None:
            return known
        found = self.session.query(_HEAD, (type_, id_))
        if not found:
            return None
        rk, version, deleted, patient, at_ms = found[0]
        return Head(rk, type_, id_, version, deleted, patient, at_ms or 0)

    def set_head(self, head: Head) -> None:
        """Let a record be there, later."""
        name = (head.type, head.id)
        self._before.append((name, self._heads.get(name)))
        self._heads[name] = head

    def take_number(self) -> int:
        """The row of a new record."""
        if self._numbers is None:
            self._numbers = self.session.make_numbers()
        return next(self._numbers)

    def touch(self, rk: int) -> None:
        """Remember that rows of record ``rk`` wait."""
        self._last_of[rk] = len(self._rows)

    def flush_if(self, rk: int) -> None:
        """Write what waits if some of it is of record ``rk``."""
        if self._last_of.get(rk, 0) > self._n_written:
            self.flush()

    def flush(self) -> None:
        """Write what waits, so that a command sees it."""
        if len(self._rows) > self._n_written or len(self._before) > self._n_kept:
            self.protect()
            self.write()

    def protect(self) -> None:
        """Begin the savepoint of a command that is about to change the database itself."""
        if not self._is_protected:
            begin = "RELEASE command; SAVEPOINT command" if self._has_savepoint else "SAVEPOINT command"
            self.session.run_script(begin)
            self._has_savepoint = self._is_protected = True

    def write(self) -> None:
        """Write what waits."""
        deletions: dict[tuple[str, int], list[Sequence[int]]] = {}
        insertions: dict[str, tuple[Sequence[str], list[Sequence[Any]]]] = {}
        for table, columns, values in self._rows[self._n_written :]:
            if columns is None:
                deletions.setdefault((table, len(values)), []).append(values)
            elif table in insertions:
                insertions[table][1].append(values)
            else:
                insertions[table] = (columns, [values])
        for (table, n_columns), keys in deletions.items():
            self.session.delete(table, _KEY[:n_columns], keys)
        self._write_heads()
        for table, (columns, rows) in insertions.items():
            self.session.insert(table, columns, rows)
        self._n_written = len(self._rows)

    def _write_heads(self) -> None:
        changed = dict.fromkeys(name for name, _ in self._before[self._n_kept :])
        if changed:
            rows = [self._heads[name][:-1] for name in changed]
            self.session.replace("resource", _COLUMNS_OF_HEAD, rows)
        self._n_kept = len(self._before)

    def mark(self) -> Mark:
        """Where a command begins."""
        self._is_protected = False
        return Mark(len(self._rows), self._n_written, len(self._before), self._n_kept, self.aftermath.mark())

    def take_back(self, mark: Mark) -> None:
        """Undo a command; what others had waiting and it has written waits again."""
        self.aftermath.take_back(mark.told)
        if self._is_protected:
            self.session.query("ROLLBACK TO command")
        while len(self._before) > mark.n_heads:
            name, head = self._before.pop()
            if head is None:
                del self._heads[name]
            else:
                self._heads[name] = head
        del self._rows[mark.n_rows :]
        self._n_written, self._n_kept = mark.n_written, mark.n_kept
