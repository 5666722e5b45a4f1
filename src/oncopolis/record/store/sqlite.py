"""SQLite, by the library that apsw brings along."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import apsw

from oncopolis.foundation.errors import InputError
from oncopolis.record.store.session import DatabaseFault, RaceLost, Row, Session, refuse_text
from oncopolis.record.store.statements import write_insertion, write_replacement

_BUSY_MS = 10_000  # structure: how long a writer waits for another process before its batch starts again
_CACHE_KIB = 65_536  # structure: pages a connection keeps in memory
_CHECKPOINT_PAGES = 4_000  # structure: log length after which it is copied into the database, 16 MiB
_CACHED_STATEMENTS = 200  # structure: more than the store has statements
_PRIVATE = 0o600  # structure: file mode, its owner only
_CHAIN = 1
_NO_SUCH_VALUE = (UnicodeEncodeError, OverflowError, apsw.TooBigError)


class SqliteSession:
    """One connection to a file."""

    dialect: ClassVar[str] = "sqlite"
    locking: ClassVar[str] = ""
    snapshot: ClassVar[str] = "BEGIN"

    def __init__(self, connection: apsw.Connection) -> None:
        self.connection = connection

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run one statement; its rows."""
        try:
            return self.connection.execute(sql, values).fetchall()
        except _NO_SUCH_VALUE as error:
            raise refuse_text(str(error)) from error
        except apsw.Error as error:
            raise _translate(error) from error

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add many rows at once."""
        self._run_many(write_insertion(table, tuple(columns), 1), rows)

    def replace(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add many rows; where one has the key in its first column already, it becomes as told."""
        self._run_many(write_replacement(table, tuple(columns), 1), rows)

    def make_numbers(self) -> Iterator[int]:
        """Numbers for new rows of ``resource``: nobody else makes any until the transaction ends."""
        return count(self.query("SELECT COALESCE(max(rk), 0) FROM resource")[0][0] + 1)

    def delete(self, table: str, columns: Sequence[str], keys: Sequence[Sequence[int]]) -> None:
        """Take away the rows that have one of these numbers in these columns."""
        where = " AND ".join(f"{column} = ?" for column in columns)
        self._run_many(f"DELETE FROM {table} WHERE {where}", keys)  # noqa: S608 - names of columns

    def _run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        try:
            self.connection.executemany(sql, rows)
        except _NO_SUCH_VALUE as error:
            raise refuse_text(str(error)) from error
        except apsw.Error as error:
            raise _translate(error) from error

    def run_script(self, sql: str) -> None:
        """Run several statements without values."""
        self.query(sql)

    def begin(self) -> None:
        """Begin a transaction that writes."""
        self.query("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make it durable."""
        self.query("COMMIT")

    def rollback(self) -> None:
        """Undo it; harmless when there is none."""
        if self.connection.in_transaction:
            self.query("ROLLBACK")

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()


class SqliteDatabase:
    """A file.

    Parameters
    ----------
    path
        The file; made, for its owner only, if it is not there.
    vfs
        Name of the apsw VFS to go through; tests use their own.
    synchronous
        ``FULL``: what was answered survives a power cut. Anything less is for tests.
    """

    commits_can_be_in_doubt = False
    has_chain_for_itself = False

    def __init__(self, path: Path, *, vfs: str | None = None, synchronous: str = "FULL") -> None:
        self.path, self.vfs, self.synchronous = path, vfs, synchronous

    def _make_file(self) -> None:
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, _PRIVATE))
            folder = os.open(self.path.parent, os.O_RDONLY)
        except OSError as error:
            raise InputError(
                code="REC-051",
                where=str(self.path),
                got=str(error.strerror),
                expected="a place where a database can be made",
                fix="choose another path or make its folder",
            ) from error
        os.fsync(folder)
        os.close(folder)

    def _connect(self, flags: int) -> apsw.Connection:
        try:
            connection = apsw.Connection(
                str(self.path), flags=flags, vfs=self.vfs, statementcachesize=_CACHED_STATEMENTS
            )
            connection.set_busy_timeout(_BUSY_MS)
            # Plans do not look at values: else long conditions are planned anew for each, which takes longer
            # than to run them.
            connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
            connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}; PRAGMA temp_store=MEMORY")
        except apsw.Error as error:
            raise _translate(error) from error
        return connection

    def open_writer(self) -> Session:
        """A session that writes."""
        if self.vfs is None and not self.path.exists():
            self._make_file()
        connection = self._connect(apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
        try:
            connection.execute(
                f"PRAGMA journal_mode=WAL; PRAGMA synchronous={self.synchronous}; PRAGMA foreign_keys=ON; "
                f"PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}"
            ).fetchall()
        except apsw.Error as error:
            connection.close()
            raise _translate(error) from error
        return SqliteSession(connection)

    def sign(self, session: Session) -> None:
        """Nothing to do: whoever serves a file holds a lock beside it."""

    def open_reader(self) -> Session:
        """A session that only reads."""
        if self.vfs is None and not self.path.exists():
            raise InputError(
                code="REC-157",
                where=str(self.path),
                got="no database",
                expected="one that was made",
                fix="correct the path",
            )
        connection = self._connect(apsw.SQLITE_OPEN_READWRITE)
        connection.execute("PRAGMA query_only=ON")
        return SqliteSession(connection)

    def get_chain(self, session: Session) -> int:  # noqa: ARG002 - another database has several
        """Writers of one file take turns, and share its one chain."""
        return _CHAIN

    def lock_schema(self, session: Session) -> None:
        """Nothing to do: a transaction that writes is alone."""

    def scrub(self, session: Session) -> None:
        """Empty the log, which still has the pages as they were; readers may put it off."""
        with suppress(DatabaseFault, RaceLost):
            session.query("PRAGMA wal_checkpoint(TRUNCATE)")


def _translate(error: apsw.Error) -> Exception:
    if isinstance(error, apsw.BusyError | apsw.LockedError):
        return RaceLost(str(error))
    return DatabaseFault(f"{type(error).__name__}: {error}")
