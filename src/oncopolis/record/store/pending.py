"""Rows that are written together at the end of a batch: one trip to the database for many commands."""

from collections.abc import Sequence
from typing import Any

from oncopolis.record.store.session import Session


class Pending:
    """Rows to be written, deletions first; a command that fails takes its own back.

    Rows of records that are asked for before the end are written at once (`flush_if`).
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._rows: list[tuple[str, Sequence[str] | None, Any]] = []
        """Table, columns and values of an insertion; table, None and record of a deletion."""
        self._n_written = 0
        self._last_of: dict[int, int] = {}

    def insert(self, table: str, columns: Sequence[str], values: Sequence[Any]) -> None:
        """Add a row later."""
        self._rows.append((table, columns, values))

    def delete(self, table: str, rk: int) -> None:
        """Take away the rows of record ``rk`` later, but before all insertions."""
        self._rows.append((table, None, rk))

    def touch(self, rk: int) -> None:
        """Remember that rows of record ``rk`` wait."""
        self._last_of[rk] = len(self._rows)

    def flush_if(self, rk: int) -> None:
        """Write what waits if some of it is of record ``rk``."""
        if self._last_of.get(rk, 0) > self._n_written:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        deletions: dict[str, list[int]] = {}
        insertions: dict[str, tuple[Sequence[str], list[Sequence[Any]]]] = {}
        for table, columns, values in self._rows[self._n_written :]:
            if columns is None:
                deletions.setdefault(table, []).append(values)
            else:
                insertions.setdefault(table, (columns, []))[1].append(values)
        for table, records in deletions.items():
            self.session.delete(table, records)
        for table, (columns, rows) in insertions.items():
            self.session.insert(table, columns, rows)
        self._n_written = len(self._rows)

    def mark(self) -> tuple[int, int]:
        """Where a command begins."""
        return len(self._rows), self._n_written

    def take_back(self, mark: tuple[int, int]) -> None:
        """Forget a command's rows; those of others that were written within it wait again."""
        n_rows, self._n_written = mark
        del self._rows[n_rows:]
