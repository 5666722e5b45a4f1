"""The door of the store."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Self, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from oncopolis.foundation.errors import ExternalError, InputError
from oncopolis.foundation.units import NS_PER_MS
from oncopolis.record.access.allowing import EVERYTHING, Allowed
from oncopolis.record.store.auditing import Touched
from oncopolis.record.store.jobs import Jobs
from oncopolis.record.store.keys import Keys, Vault
from oncopolis.record.store.queueing import Item
from oncopolis.record.store.reading import MANY, PAGE, Reading
from oncopolis.record.store.reindexing import reindex
from oncopolis.record.store.requests import KEPT_MS
from oncopolis.record.store.schema import check_is_current, prepare
from oncopolis.record.store.session import ConnectionLost, Database, DatabaseFault, RaceLost, Session
from oncopolis.record.store.transaction import Transaction
from oncopolis.record.store.writing import Writer
from oncopolis.record.types import Act, Version

T = TypeVar("T")


def get_time_ms() -> int:
    """Now, milliseconds since 1970 (UTC)."""
    return time.time_ns() // NS_PER_MS


class Store:
    """Versioned records over one database; use from any thread.

    Attributes
    ----------
    jobs
        The outbox, for those who do its work.
    """

    def __init__(
        self,
        database: Database,
        session: Session,
        vault: Vault,
        clock_ms: Callable[[], int],
        kept_ms: int,
    ) -> None:
        self._database, self._vault = database, vault
        self._idle: list[Session] = []
        self._lock = Lock()
        self._followers: tuple[Callable[[Transaction, Act], None], ...] = ()
        self._writer = Writer(database, session, vault, clock_ms, kept_ms)
        self.jobs = Jobs(self.submit_unseen, self.ask)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(
        self, command: Callable[[Transaction], T], act: Act, *, key: str | None = None, fingerprint: str = ""
    ) -> Future[T]:
        """Run ``command`` on the writer; the future has its result once it is durable.

        A repeated idempotency ``key`` of the same actor gives the first result again and does nothing; the
        same key with another ``fingerprint`` is a `ConflictError`. The result must be JSON and is kept as it
        is: it names records and does not repeat them.
        """
        future: Future[T] = Future()
        self._writer.submit(Item(self._lead(command, act), act, key, fingerprint, future=future))
        return future

    def submit_here(
        self, command: Callable[[Transaction], T], act: Act, *, key: str | None = None, fingerprint: str = ""
    ) -> asyncio.Future[T]:
        """`submit` from within a running loop; the command is done even if nobody waits for it any more."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._writer.submit(Item(self._lead(command, act), act, key, fingerprint, future=future))
        return future

    def follow(self, *followers: Callable[[Transaction, Act], None]) -> None:
        """Have ``followers`` look at each command from now on, in its transaction, after what it wrote.

        What a follower writes or sends is of the same transaction; what it raises undoes the command.
        """
        self._followers = (*self._followers, *followers)

    def _lead(self, command: Callable[[Transaction], T], act: Act) -> Callable[[Transaction], T]:
        if not self._followers:
            return command

        def followed(transaction: Transaction) -> T:
            result = command(transaction)
            for follower in self._followers:
                follower(transaction, act)
            return result

        return followed

    def submit_unseen(self, command: Callable[[Transaction], T]) -> Future[T]:
        """Run ``command`` without an audit entry: for bookkeeping that changes nothing somebody decided."""
        future: Future[T] = Future()
        self._writer.submit(Item(command, None, future=future))
        return future

    def note(self, act: Act, versions: Iterable[Version]) -> Future[None]:
        """Audit a read; answer it once the future is done."""
        future: Future[None] = Future()
        self._writer.submit(Item(None, act, seen=_see(versions), future=future))
        return future

    def note_here(self, act: Act, versions: Iterable[Version]) -> asyncio.Future[None]:
        """`note` from within a loop that runs, which waits itself."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._writer.submit(Item(None, act, seen=_see(versions), future=future))
        return future

    def look_here(
        self,
        question: Callable[[Reading], tuple[T, Iterable[Version]]],
        act: Act,
        allowed: Allowed = EVERYTHING,
    ) -> asyncio.Future[T]:
        """Answer a short question from within a running loop, in the transaction that audits it.

        The question gives its answer and the versions that the answer shows; if none, nothing is audited.
        """

        def ask(session: Session) -> tuple[T, tuple[Touched, ...]]:
            result, shown = question(Reading(session, self._vault, allowed))
            return result, _see(shown)

        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._writer.submit(Item(None, act, question=ask, future=future))
        return future

    def read(self, type_: str, id_: str, allowed: Allowed = EVERYTHING) -> Version | None:
        """The current version (a deletion has no body), or None if there is none that may be seen."""
        return self.ask(lambda reading: reading.read(type_, id_), allowed)

    def get(self, type_: str, id_: str) -> Version:
        """The current version with its body; `NotFoundError`, or `GoneError` if deleted or erased."""
        return self.ask(lambda reading: reading.get(type_, id_))

    def read_version(
        self, type_: str, id_: str, version: int, allowed: Allowed = EVERYTHING
    ) -> Version | None:
        """One version, or None."""
        return self.ask(lambda reading: reading.read_version(type_, id_, version), allowed)

    def history(
        self,
        type_: str | None = None,
        id_: str | None = None,
        *,
        since_ms: int | None = None,
        limit: int = PAGE,
        before: int | None = None,
        allowed: Allowed = EVERYTHING,
    ) -> list[Version]:
        """Versions, newest first, at or after ``since_ms``; ``before`` a `Version.seq` turns the page."""
        return self.ask(lambda reading: reading.history(type_, id_, since_ms, limit, before), allowed)

    def list_current(
        self, type_: str, *, limit: int = PAGE, after: str = "", allowed: Allowed = EVERYTHING
    ) -> list[Version]:
        """Current, not deleted versions of a type in the order of their ids, those after id ``after``."""
        return self.ask(lambda reading: reading.list_current(type_, limit, after), allowed)

    def count(self, type_: str, allowed: Allowed = EVERYTHING) -> int:
        """How many records of a type there are now."""
        return self.ask(lambda reading: reading.count(type_), allowed)

    def find_token(
        self, type_: str, code: str, system: str | None, value: str, limit: int = MANY
    ) -> list[str]:
        """Ids of the records whose token parameter ``code`` has ``value``; ``system`` None: any, '': none."""
        return self.ask(lambda reading: reading.find_token(type_, code, system, value, limit))

    def find_references(self, type_: str, id_: str, limit: int = MANY) -> list[tuple[str, str]]:
        """(type, id) of the records that refer to this one."""
        return self.ask(lambda reading: reading.find_references(type_, id_, limit))

    def erase(self, patient: str, act: Act) -> Future[int]:
        """Destroy the key and index rows of a patient's records; how many became unreadable."""
        return self.submit(lambda transaction: transaction.erase(patient), act)

    def ask(self, question: Callable[[Reading], T], allowed: Allowed = EVERYTHING) -> T:
        """Answer a question on a connection of this thread's own; several queries may see several states."""
        while True:
            with self._lock:
                session = self._idle.pop() if self._idle else None
            is_fresh = session is None
            try:
                if session is None:
                    session = self._database.open_reader()
                answer = question(Reading(session, self._vault, allowed))
            except (ConnectionLost, DatabaseFault, RaceLost) as error:
                if session is not None:
                    session.close()
                if is_fresh or not isinstance(error, ConnectionLost):
                    raise _refuse_reading(error) from error
            except BaseException:
                self._give_back(session)
                raise
            else:
                self._give_back(session)
                return answer

    def _give_back(self, session: Session | None) -> None:
        if session is not None:
            with self._lock:
                self._idle.append(session)

    def close(self) -> None:
        """Finish what was submitted, then let go of the database."""
        self._writer.close()
        with self._lock:
            while self._idle:
                self._idle.pop().close()


def _see(versions: Iterable[Version]) -> tuple[Touched, ...]:
    return tuple(Touched(one.type, one.id, one.version, patient=one.patient) for one in versions)


def _refuse_reading(error: Exception) -> ExternalError:
    return ExternalError(
        code="REC-068",
        where="database",
        got=str(error).strip(),
        expected="a database that can be read",
        fix="see to its disk and connection",
    )


def open_store(
    url: str,
    *,
    keys: Keys | None = None,
    clock_ms: Callable[[], int] = get_time_ms,
    kept_ms: int = KEPT_MS,
    announce: Callable[[str], None] = lambda _line: None,
    is_alone: bool = False,
) -> Store:
    """Open a store, bringing its tables up to date.

    Parameters
    ----------
    url
        ``sqlite:///relative/path``, ``sqlite:////absolute/path``, ``postgresql://...`` (as libpq has it).
    keys
        Master key of the patients' keys; without it nothing is sealed and nobody can be erased.
    clock_ms
        The time, milliseconds since 1970 (UTC).
    kept_ms
        How long idempotency keys are remembered, milliseconds.
    announce
        Told what will be done to the tables, before it is done.
    is_alone
        Whether no other one may be so over the same database of a server, as who keeps in memory what is in
        it. Whoever serves a file holds a lock beside that.

    Raises
    ------
    InputError
        The URL, or the keys do not fit the database.
    ConflictError
        The database is of a newer program, or another one is alone over it.
    ExternalError
        It cannot be reached.
    """
    database, vault = find_database(url, is_alone=is_alone), Vault(keys)
    try:
        session = database.open_writer()
        try:
            prepare(database, session, announce, reindex=lambda session: reindex(Reading(session, vault)))
            vault.check(session)
            database.sign(session)
            return Store(database, session, vault, clock_ms, kept_ms)
        except BaseException:
            session.close()
            raise
    except (ConnectionLost, DatabaseFault, RaceLost) as error:
        raise _refuse_reading(error) from error


@contextmanager
def look(url: str, keys: Keys | None = None) -> Iterator[Reading]:
    """Everything in a database as it is at one moment; it is not made, brought up to date or changed.

    Raises
    ------
    InputError, ExternalError
        The URL; it cannot be reached.
    ConflictError
        It has no tables, or those of another program.
    """
    try:
        session = find_database(url).open_reader()
        try:
            session.query(session.snapshot)
            check_is_current(session)
            yield Reading(session, Vault(keys))
        finally:
            session.rollback()
            session.close()
    except (ConnectionLost, DatabaseFault, RaceLost) as error:
        raise _refuse_reading(error) from error


def find_database(url: str, *, is_alone: bool = False) -> Database:
    """The database of a URL; nothing is opened or made. ``is_alone`` as for `open_store`."""
    parts = urlsplit(url)
    if parts.scheme in {"postgresql", "postgres"}:
        try:
            from oncopolis.record.store.postgres import PostgresDatabase
        except ImportError as error:
            raise InputError(
                code="REC-069",
                where="--database",
                got="a PostgreSQL URL, but no driver",
                expected="the package psycopg",
                fix="install oncopolis[postgres]",
            ) from error
        return PostgresDatabase(url, is_alone=is_alone)
    if parts.scheme == "sqlite" and not parts.netloc and parts.path[1:]:
        from oncopolis.record.store.sqlite import SqliteDatabase

        return SqliteDatabase(Path(unquote(parts.path[1:])), **_read_options(url, parts.query))
    raise _refuse_url(url)


def _read_options(url: str, query: str) -> dict[str, Any]:
    options = dict(parse_qsl(query))
    if not options.keys() <= {"vfs", "synchronous"}:
        raise _refuse_url(url)
    return options


def _refuse_url(url: str) -> InputError:
    return InputError(
        code="REC-070",
        where="--database",
        got=url.rpartition("@")[2],
        expected="sqlite:///path or postgresql://user@host/name",
        fix="correct the URL",
    )
