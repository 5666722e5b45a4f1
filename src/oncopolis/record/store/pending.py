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
        self._rows: list[tuple[bool, str, Sequence[Any]]] = []
        self._n_written = 0
        self._last_of: dict[int, int] = {}

    def insert(self, sql: str, values: Sequence[Any]) -> None:
        """Run ``sql`` with ``values`` later."""
        self._rows.append((True, sql, values))

    def delete(self, sql: str, values: Sequence[Any]) -> None:
        """Run ``sql`` with ``values`` later, before all insertions."""
        self._rows.append((False, sql, values))

    def touch(self, rk: int) -> None:
        """Remember that rows of record ``rk`` wait."""
        self._last_of[rk] = len(self._rows)

    def flush_if(self, rk: int) -> None:
        """Write what waits if some of it is of record ``rk``."""
        if self._last_of.get(rk, 0) > self._n_written:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        groups: dict[tuple[bool, str], list[Sequence[Any]]] = {}
        for is_insertion, sql, values in self._rows[self._n_written :]:
            groups.setdefault((is_insertion, sql), []).append(values)
        for (_, sql), rows in sorted(groups.items(), key=lambda group: group[0][0]):
            self.session.run_many(sql, rows)
        self._n_written = len(self._rows)

    def mark(self) -> tuple[int, int]:
        """Where a command begins."""
        return len(self._rows), self._n_written

    def take_back(self, mark: tuple[int, int]) -> None:
        """Forget a command's rows; those of others that were written within it wait again."""
        n_rows, self._n_written = mark
        del self._rows[n_rows:]
