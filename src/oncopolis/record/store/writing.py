"""The writer: one thread, many commands in a transaction, each in a savepoint; answered once durable."""

import json
import queue
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import chain, repeat
from threading import Lock, Thread
from typing import Any
from uuid import uuid4

from oncopolis.foundation.errors import ConflictError, ExternalError, InputError
from oncopolis.record.store.auditing import Chain, Touched
from oncopolis.record.store.keys import Vault
from oncopolis.record.store.pending import Pending
from oncopolis.record.store.reading import Reading
from oncopolis.record.store.session import ConnectionLost, Database, DatabaseFault, RaceLost, Session
from oncopolis.record.store.transaction import Transaction
from oncopolis.record.types import Act

_QUEUE_LENGTH = 4_096  # structure: commands that may wait; more block their submitters
_BATCH_LENGTH = 256  # structure: commands in one transaction at most
_N_RACES_TOGETHER = 3  # structure: lost races after which a batch goes in two halves
_N_RACES = 200  # structure: lost races after which a command is given up
_PAUSE_S, _LONGEST_PAUSE_S = 0.001, 0.1  # structure: between lost races, doubled each time
_GONE_FOR_S = 30.0  # structure: how long a lost database is waited for
_BETWEEN_CALLS_S = 0.1  # structure: between two tries to reach it


@dataclass(slots=True)
class Item:
    """One command in the queue; without an act it leaves no audit entry, without a command nothing else."""

    command: Callable[[Transaction], Any] | None
    act: Act | None
    key: str | None = None
    fingerprint: str = ""
    seen: tuple[Touched, ...] = ()
    future: Future[Any] = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: Any = None
    error: Exception | None = None
    has_erased: bool = False

    def deliver(self, future: Future[Any]) -> None:
        if self.error is None:
            future.set_result(self.result)
        else:
            future.set_exception(self.error)


class Writer:
    """The only one in this process who writes to a database."""

    def __init__(
        self, database: Database, session: Session, vault: Vault, clock_ms: Callable[[], int]
    ) -> None:
        self._database, self._vault, self._clock_ms = database, vault, clock_ms
        self._id = str(uuid4())
        self._session: Session | None = None
        self._chain = Chain(0)
        self._adopt(session)
        self._queue: queue.Queue[Item | None] = queue.Queue(_QUEUE_LENGTH)
        self._gate = Lock()
        self._is_closed = False
        self._thread = Thread(target=self._work, name="record-writer", daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> Future[Any]:
        """Queue a command; waits while the queue is full."""
        with self._gate:
            if self._is_closed:
                raise ConflictError(
                    code="REC-064",
                    where="store",
                    got="a command",
                    expected="a store that is open",
                    fix="submit before closing",
                )
            self._queue.put(item)
        return item.future

    def close(self) -> None:
        """Finish what was submitted, then stop."""
        with self._gate:
            if self._is_closed:
                return
            self._is_closed = True
            self._queue.put(None)
        self._thread.join()
        if self._session is not None:
            self._session.close()

    def _work(self) -> None:
        is_open = True
        while is_open:
            batch, is_open = self._gather()
            if batch:
                self._settle(batch)

    def _gather(self) -> tuple[list[Item], bool]:
        """What waits, at least one item; whether there may be more."""
        batch: list[Item] = []
        item = self._queue.get()
        while item is not None:
            if item.future.set_running_or_notify_cancel():
                batch.append(item)
            if len(batch) == _BATCH_LENGTH:
                return batch, True
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False

    def _settle(self, batch: Sequence[Item]) -> None:
        """Write a batch, again and again if need be, and answer its commands."""
        try:
            outcomes = self._write(batch)
        except Exception as error:  # noqa: BLE001 - goes to whoever waits for the answer
            if len(batch) > 1:
                half = len(batch) // 2
                self._settle(batch[:half])
                self._settle(batch[half:])
            else:
                batch[0].future.set_exception(_tell(error))
            return
        for item, outcome in zip(batch, outcomes, strict=True):
            outcome.deliver(item.future)

    def _write(self, batch: Sequence[Item]) -> list[_Outcome]:
        n_races, gone_since = 0, 0.0
        while True:
            marker = str(uuid4())
            outcomes: list[_Outcome] = []
            try:
                session = self._connect()
                self._attempt(session, batch, outcomes, marker)
            except RaceLost:
                self._reset()
                n_races += 1
                if n_races == (_N_RACES_TOGETHER if len(batch) > 1 else _N_RACES):
                    raise
                _pause(n_races)
            except ConnectionLost:
                gone_since = gone_since or time.monotonic()
                self._drop()
                if self._was_committed(marker, gone_since):
                    return outcomes
            except Exception:
                self._reset()
                raise
            else:
                return outcomes

    def _attempt(
        self, session: Session, batch: Sequence[Item], outcomes: list[_Outcome], marker: str
    ) -> None:
        session.begin()
        if not self._database.has_chain_for_itself:
            self._chain.load(session)
        pending = Pending(session)
        reading = Reading(session, self._vault)
        savepoints = chain(["SAVEPOINT command"], repeat("RELEASE command; SAVEPOINT command"))
        outcomes += [self._run(item, pending, reading, savepoints) for item in batch]
        pending.flush()
        if self._database.commits_can_be_in_doubt:
            session.query(
                "INSERT INTO writer (writer, batch) VALUES (?, ?) "
                "ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch",
                (self._id, marker),
            )
        session.commit()
        if any(outcome.has_erased for outcome in outcomes):
            self._database.scrub(session)

    def _run(self, item: Item, pending: Pending, reading: Reading, savepoints: Iterator[str]) -> _Outcome:
        now_ms = self._clock_ms()
        if item.command is None:
            self._audit(pending, item, now_ms, item.seen)
            return _Outcome()
        session, mark = pending.session, pending.mark()
        session.run_script(next(savepoints))
        try:
            transaction = Transaction(pending, reading, now_ms)
            is_new, result = _run_once(item, transaction)
        except (RaceLost, ConnectionLost, DatabaseFault):
            raise
        except Exception as error:  # noqa: BLE001 - goes to whoever waits for the answer
            session.query("ROLLBACK TO command")
            pending.take_back(mark)
            return _Outcome(error=error)
        if is_new:
            self._audit(pending, item, now_ms, transaction.touched)
        return _Outcome(result, has_erased=transaction.has_erased)

    def _audit(self, pending: Pending, item: Item, now_ms: int, touched: Sequence[Touched]) -> None:
        if item.act is not None:
            self._chain.append(pending, item.act, now_ms, touched)

    def _connect(self) -> Session:
        if self._session is None:
            self._adopt(self._database.open_writer())
        assert self._session is not None
        return self._session

    def _adopt(self, session: Session) -> None:
        self._session = session
        self._chain = Chain(self._database.get_chain(session))
        self._chain.load(session)

    def _reset(self) -> None:
        """Back to what is in the database."""
        if self._session is None:
            return
        try:
            self._session.rollback()
            self._chain.load(self._session)
        except (RaceLost, ConnectionLost, DatabaseFault):
            self._drop()

    def _drop(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _was_committed(self, marker: str, gone_since: float) -> bool:
        """Whether a batch got through before the connection was lost; asked once there is a new one."""
        while True:
            try:
                found = self._connect().query("SELECT batch FROM writer WHERE writer = ?", (self._id,))
            except (ConnectionLost, RaceLost):
                self._drop()
                if time.monotonic() - gone_since > _GONE_FOR_S:
                    raise
                time.sleep(_BETWEEN_CALLS_S)
            else:
                return bool(found) and found[0][0] == marker


def _run_once(item: Item, transaction: Transaction) -> tuple[bool, Any]:
    """(whether it was run, its result): a command whose idempotency key was seen gives what it gave then."""
    assert item.command is not None
    if item.key is None:
        return True, item.command(transaction)
    session = transaction.session
    seen = session.query("SELECT fingerprint, result FROM request WHERE key = ?", (item.key,))
    if seen:
        if seen[0][0] != item.fingerprint:
            raise ConflictError(
                code="REC-065",
                where=f"idempotency key {item.key:.80}",
                got="another request than the first with this key",
                expected="the same request",
                fix="use a new key for a new request",
            )
        return False, json.loads(seen[0][1])
    result = _to_json(item.command(transaction))
    if not transaction.session.query(
        "INSERT INTO request (key, fingerprint, at_ms, result) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING RETURNING 1",
        (item.key, item.fingerprint, transaction.now_ms, result),
    ):
        raise RaceLost(item.key)
    return True, json.loads(result)


def _to_json(result: Any) -> str:
    try:
        return json.dumps(result)
    except (TypeError, ValueError) as error:
        raise InputError(
            code="REC-066",
            where="idempotency key",
            got=str(error),
            expected="a command whose result is JSON",
            fix="return names and numbers of records",
        ) from error


def _pause(n_races: int) -> None:
    longest_s = min(_LONGEST_PAUSE_S, _PAUSE_S * 2 ** min(n_races, 10))  # structure: no overflow
    time.sleep(random.uniform(0, longest_s))  # noqa: S311 - keeps writers from meeting again


def _tell(error: Exception) -> Exception:
    """What the one who waits is told."""
    if isinstance(error, RaceLost | ConnectionLost | DatabaseFault):
        told = ExternalError(
            code="REC-067",
            where="database",
            got=str(error).strip() or type(error).__name__,
            expected="a database that can be written",
            fix="see to its disk and connection; give the idempotency key again when repeating the request",
        )
        told.__cause__ = error
        return told
    return error
