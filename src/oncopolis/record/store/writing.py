"""The writer: one thread, many commands in a transaction, each in a savepoint; answered once durable."""

import random
import time
from collections.abc import Callable, Sequence
from threading import Thread
from typing import Any
from uuid import uuid4

from oncopolis.foundation.errors import ExternalError
from oncopolis.record.store.aftermath import Aftermath
from oncopolis.record.store.auditing import Chain, Touched
from oncopolis.record.store.keys import Vault
from oncopolis.record.store.pacing import Pace
from oncopolis.record.store.pending import Pending
from oncopolis.record.store.queueing import Item, Line, Outcome, answer
from oncopolis.record.store.reading import Reading
from oncopolis.record.store.requests import FORGET_EVERY_MS, forget, run_once
from oncopolis.record.store.session import ConnectionLost, Database, DatabaseFault, RaceLost, Session
from oncopolis.record.store.transaction import Transaction

_N_RACES_TOGETHER = 3  # structure: lost races after which a batch goes in two halves
_N_RACES = 200  # structure: lost races after which a command is given up
_PAUSE_S, _LONGEST_PAUSE_S = 0.001, 0.1  # structure: between lost races, doubled each time
_GONE_FOR_S = 30.0  # structure: how long a lost database is waited for
_BETWEEN_CALLS_S = 0.1  # structure: between two tries to reach it


class Writer:
    """The only one in this process who writes to a database."""

    def __init__(
        self, database: Database, session: Session, vault: Vault, clock_ms: Callable[[], int], kept_ms: int
    ) -> None:
        self._database, self._vault, self._clock_ms, self._kept_ms = database, vault, clock_ms, kept_ms
        self._forget_at_ms = 0
        self._id = str(uuid4())
        self._session: Session | None = None
        self._chain = Chain(0)
        self._adopt(session)
        self._line = Line()
        self._pace = Pace(time.perf_counter)
        self._thread = Thread(target=self._work, name="record-writer", daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> None:
        """Queue a command; waits while the queue is too long."""
        self._line.put(item)

    def close(self) -> None:
        """Finish what was submitted, then stop."""
        if not self._line.close():
            return
        self._thread.join()
        if self._session is not None:
            self._session.close()

    def _work(self) -> None:
        is_open = True
        while is_open:
            batch, is_open = self._line.gather(self._pace.n_most)
            if batch:
                self._settle(batch)
            if any(item.key for item in batch):
                self._forget_requests()

    def _forget_requests(self) -> None:
        """Now and then forget requests that nobody repeats any more; a page after each batch while many."""
        now_ms = self._clock_ms()
        if now_ms >= self._forget_at_ms:
            forgotten = Item(lambda transaction: forget(transaction.session, now_ms - self._kept_ms), None)
            self._settle([forgotten])
            is_done = forgotten.future.exception() is not None or not forgotten.future.result()
            self._forget_at_ms = now_ms + FORGET_EVERY_MS if is_done else now_ms

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
                answer(batch, [Outcome(error=_tell(error))])
            return
        answer(batch, outcomes)

    def _write(self, batch: Sequence[Item]) -> list[Outcome]:
        n_races, gone_since = 0, 0.0
        while True:
            marker = str(uuid4())
            outcomes: list[Outcome] = []
            with Aftermath() as aftermath:
                try:
                    self._attempt(Pending(self._connect(), aftermath), batch, outcomes, marker)
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
                        aftermath.commit()
                        return outcomes
                except Exception:
                    self._reset()
                    raise
                else:
                    aftermath.commit()
                    return outcomes

    def _attempt(self, pending: Pending, batch: Sequence[Item], outcomes: list[Outcome], marker: str) -> None:
        session = pending.session
        self._pace.begin()
        session.begin()
        if not self._database.has_chain_for_itself:
            self._chain.load(session)
        reading = Reading(session, self._vault)
        answers = [item.question and self._ask(item, pending) for item in batch]
        outcomes += [
            answer or self._run(item, pending, reading) for item, answer in zip(batch, answers, strict=True)
        ]
        pending.write()
        if self._database.commits_can_be_in_doubt:
            session.query(
                "INSERT INTO writer (writer, batch) VALUES (?, ?) "
                "ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch",
                (self._id, marker),
            )
        self._pace.commit(len(batch))
        session.commit()
        self._pace.end()
        if any(outcome.has_erased for outcome in outcomes):
            self._database.scrub(session)

    def _ask(self, item: Item, pending: Pending) -> Outcome:
        """Answer a question from what was there before the batch: nobody has been told otherwise yet."""
        assert item.question is not None
        try:
            result, shown = item.question(pending.session)
        except (RaceLost, ConnectionLost, DatabaseFault):
            raise
        except Exception as error:  # noqa: BLE001 - goes to whoever waits for the answer
            return Outcome(error=error)
        if shown:
            self._audit(pending, item, self._clock_ms(), shown)
        return Outcome(result)

    def _run(self, item: Item, pending: Pending, reading: Reading) -> Outcome:
        now_ms = self._clock_ms()
        if item.command is None:
            self._audit(pending, item, now_ms, item.seen)
            return Outcome()
        mark = pending.mark()
        try:
            transaction = Transaction(pending, reading, now_ms)
            is_new, result = _run_once(item, transaction)
        except (RaceLost, ConnectionLost, DatabaseFault):
            raise
        except Exception as error:  # noqa: BLE001 - goes to whoever waits for the answer
            pending.take_back(mark)
            return Outcome(error=error)
        if is_new:
            self._audit(pending, item, now_ms, transaction.touched)
        return Outcome(result, has_erased=transaction.has_erased)

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
    command = item.command
    assert command is not None
    if item.key is None:
        return True, command(transaction)
    assert item.act is not None
    return run_once(
        transaction.change_beside(),
        item.act.who,
        item.key,
        item.fingerprint,
        transaction.now_ms,
        lambda: command(transaction),
    )


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
