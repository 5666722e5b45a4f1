"""PostgreSQL, by psycopg."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import chain
from time import sleep
from typing import Any, ClassVar
from uuid import uuid4
from zlib import crc32

import psycopg
from psycopg import errors

from oncopolis.foundation.errors import ConflictError, ExternalError
from oncopolis.record.store.session import ConnectionLost, DatabaseFault, RaceLost, Row, Session, refuse_text
from oncopolis.record.store.statements import write_replacement

_ROWS_TOGETHER = 100  # structure: rows of one statement
_NUMBERS_TOGETHER = 64  # structure: numbers of rows that are fetched at once
_N_CHAINS = 1_000  # structure: processes that may write at one time
_PLACE = 0
"""The lock of the one server, beside the numbers of chains."""
_SERVER = "server"
"""Row of the table of writers that says who served last."""
_N_LOOKS, _BETWEEN_LOOKS_S = 200, 0.05  # structure: how long an old connection may take to end
_N_LOOKS_AT_PLACE = 100  # structure: how long a server that was killed may take to be let go
_RACES = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.UniqueViolation,
    errors.LockNotAvailable,
)
_LOST = (psycopg.OperationalError, psycopg.InterfaceError)
_SETTINGS = (
    "SET synchronous_commit = on; SET lock_timeout = '30s'; SET idle_session_timeout = 0; "
    # The locks of a machine that is gone are let go after a minute.
    "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
)


@cache
def _to_postgres(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


class PostgresSession:
    """One connection to a server."""

    dialect: ClassVar[str] = "postgresql"
    locking: ClassVar[str] = " FOR UPDATE SKIP LOCKED"
    snapshot: ClassVar[str] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self.connection = connection
        self._numbers: list[int] = []

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run one statement; its rows."""
        try:
            cursor = self.connection.execute(_to_postgres(sql), values)
            return cursor.fetchall() if cursor.description else []
        except UnicodeEncodeError as error:
            raise refuse_text(str(error)) from error
        except psycopg.Error as error:
            raise self._translate(error) from error

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add many rows at once."""
        sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        try:
            with self.connection.cursor() as cursor, cursor.copy(sql.encode()) as copy:
                for row in rows:
                    copy.write_row(row)
        except UnicodeEncodeError as error:
            raise refuse_text(str(error)) from error
        except psycopg.Error as error:
            raise self._translate(error) from error

    def replace(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add many rows; where one has the key in its first column already, it becomes as told."""
        for first in range(0, len(rows), _ROWS_TOGETHER):
            part = rows[first : first + _ROWS_TOGETHER]
            self.query(write_replacement(table, tuple(columns), len(part)), list(chain.from_iterable(part)))

    def make_numbers(self) -> Iterator[int]:
        """Numbers for new rows of ``resource``; what is left over is for the next transaction."""
        while True:
            while self._numbers:
                yield self._numbers.pop()
            found = self.query(
                "SELECT nextval(pg_get_serial_sequence('resource', 'rk')) FROM generate_series(1, ?)",
                (_NUMBERS_TOGETHER,),
            )
            self._numbers = sorted((number for (number,) in found), reverse=True)

    def delete(self, table: str, columns: Sequence[str], keys: Sequence[Sequence[int]]) -> None:
        """Take away the rows that have one of these numbers in these columns."""
        lists = ", ".join("?::bigint[]" for _ in columns)
        self.query(
            f"DELETE FROM {table} WHERE ({', '.join(columns)}) IN (SELECT * FROM unnest({lists}))",  # noqa: S608
            [list(numbers) for numbers in zip(*keys, strict=True)],
        )

    def run_script(self, sql: str) -> None:
        """Run several statements without values."""
        try:
            self.connection.execute(sql.encode())
        except psycopg.Error as error:
            raise self._translate(error) from error

    def begin(self) -> None:
        """Begin a transaction that writes; the database sees to it that all are as if one by one."""
        self.query("BEGIN ISOLATION LEVEL SERIALIZABLE")

    def commit(self) -> None:
        """Make it durable."""
        self.query("COMMIT")

    def rollback(self) -> None:
        """Undo it; harmless when there is none, or no server."""
        with suppress(psycopg.Error):
            if not self.connection.closed:
                self.connection.rollback()

    def close(self) -> None:
        """Let go of the server."""
        self.connection.close()

    def _translate(self, error: psycopg.Error) -> Exception:
        if isinstance(error, _RACES):
            return RaceLost(str(error))
        if self.connection.closed or self.connection.broken:
            return ConnectionLost(str(error))
        if isinstance(error, errors.DataError | errors.ProgramLimitExceeded):
            return refuse_text(str(error).partition("\n")[0])
        return DatabaseFault(f"{type(error).__name__}: {error}")


class PostgresDatabase:
    """A server's database, in the schema that the URL's ``search_path`` names.

    A writer holds an advisory lock of its session on the number of its audit chain. It goes on with a new
    connection only once the old one has let the lock go, so nothing of it can still be committed then. Who
    is to be alone holds another lock in the same session: all it commits, it commits while no other serves.

    Parameters
    ----------
    is_alone
        Whether it serves what it keeps in memory, and no other one may.
    """

    commits_can_be_in_doubt = True
    has_chain_for_itself = True

    def __init__(self, url: str, *, is_alone: bool = False) -> None:
        self.url, self.is_alone = url, is_alone
        self._name = str(uuid4())
        self._chain = 0
        self._backend = 0

    def _connect(self) -> psycopg.Connection[Row]:
        try:
            return psycopg.connect(self.url, autocommit=True)
        except _LOST as error:
            raise ConnectionLost(str(error)) from error
        except psycopg.Error as error:
            raise ExternalError(
                code="REC-052",
                where="database",
                got=str(error).strip(),
                expected="a PostgreSQL database",
                fix="check the URL and the server",
            ) from error

    def open_writer(self) -> Session:
        """A session that writes, alone on its chain.

        Raises
        ------
        ConflictError
            It is to be alone and another one serves, or has served since it lost its connection.
        """
        session = PostgresSession(self._connect())
        try:
            session.run_script(_SETTINGS)
            self._fence(session)
        except BaseException:
            session.close()
            raise
        return session

    def _fence(self, session: PostgresSession) -> None:
        (schema, backend) = session.query("SELECT current_schema(), pg_backend_pid()")[0]
        room = crc32(str(schema).encode()) - 2**31  # structure: PostgreSQL's locks have signed 32-bit numbers
        if self._chain:
            self._end_old_backend(session, room)
        if self.is_alone:
            self._take_place(session, room)
        self._chain = self._take_chain(session, room)
        self._backend = backend

    def _end_old_backend(self, session: Session, room: int) -> None:
        for _ in range(_N_LOOKS):
            if not session.query(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND "
                "pid = ? AND classid::bigint = ? AND objid::bigint = ?",
                (self._backend, room % 2**32, self._chain),  # structure: the view shows them unsigned
            ):
                return
            sleep(_BETWEEN_LOOKS_S)
        raise DatabaseFault("the connection that was lost does not end")

    def _take_place(self, session: Session, room: int) -> None:
        """Be the one server; whoever was it before goes on only if nobody was it in between."""
        is_first = not self._chain
        for _ in range(_N_LOOKS_AT_PLACE if is_first else 1):
            if session.query("SELECT pg_try_advisory_lock(?::int, ?::int)", (room, _PLACE))[0][0]:
                break
            sleep(_BETWEEN_LOOKS_S)
        else:
            raise _refuse_second(session, room)
        if is_first:
            return
        if session.query("SELECT batch FROM writer WHERE writer = ?", (_SERVER,)) != [(self._name,)]:
            raise ConflictError(
                code="REC-358",
                where="database",
                got="a database that another server has written to since this one lost it",
                expected="one that only this server has written to",
                fix="start this server again: what it has in memory is of before",
            )

    def sign(self, session: Session) -> None:
        """Have it known who serves."""
        if self.is_alone:
            session.query(
                "INSERT INTO writer (writer, batch) VALUES (?, ?) "
                "ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch",
                (_SERVER, self._name),
            )

    @staticmethod
    def _take_chain(session: Session, room: int) -> int:
        for number in range(1, _N_CHAINS):
            if session.query("SELECT pg_try_advisory_lock(?::int, ?::int)", (room, number))[0][0]:
                return number
        raise DatabaseFault("too many writers")

    def open_reader(self) -> Session:
        """A session that only reads."""
        session = PostgresSession(self._connect())
        session.run_script("SET default_transaction_read_only = on")
        return session

    def get_chain(self, session: Session) -> int:  # noqa: ARG002 - found when the session was opened
        """The lowest number no other writer had."""
        return self._chain

    def lock_schema(self, session: Session) -> None:
        """Keep others from changing the tables until the transaction ends."""
        session.query("SELECT pg_advisory_xact_lock(0, hashtext(current_schema()))")

    def scrub(self, session: Session) -> None:
        """Have the old rows of erased keys removed."""
        with suppress(DatabaseFault, RaceLost):
            session.query("VACUUM patient_key, journal, bank_donor")


def _refuse_second(session: Session, room: int) -> ConflictError:
    found = session.query(
        "SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE l.locktype = 'advisory' "
        "AND l.granted AND l.classid::bigint = ? AND l.objid::bigint = ? AND d.datname = current_database()",
        (room % 2**32, _PLACE),  # structure: the view shows them unsigned
    )
    number = found[0][0] if found else "unknown"
    return ConflictError(
        code="REC-357",
        where="database",
        got=f"one that another server has, by PostgreSQL's process {number}",
        expected="one that no other server has",
        fix=f"stop that server (if its machine is gone: SELECT pg_terminate_backend({number})), or name "
        "another database with --database",
    )
