"""What waits for the writer, and how those who asked are answered."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any

from oncopolis.foundation.errors import ConflictError
from oncopolis.record.store.auditing import Touched
from oncopolis.record.store.session import Session
from oncopolis.record.store.transaction import Transaction
from oncopolis.record.types import Act

_QUEUE_LENGTH = 4_096  # structure: commands that may wait; more block their submitters
MOST_TOGETHER = 256  # structure: commands in one transaction at most
_BETWEEN_LOOKS_S = 0.001  # structure: how often somebody who is blocked looks whether there is room


@dataclass(slots=True)
class Item:
    """One command in the queue; without an act it leaves no audit entry, without a command nothing else.

    Parameters
    ----------
    question
        Asked in the same transaction, before any command of the batch: its answer, and the versions of which
        the answer shows something. If there are none, nothing is in the audit.
    """

    command: Callable[[Transaction], Any] | None
    act: Act | None
    key: str | None = None
    fingerprint: str = ""
    seen: tuple[Touched, ...] = ()
    question: Callable[[Session], tuple[Any, tuple[Touched, ...]]] | None = None
    future: Future[Any] | asyncio.Future[Any] = field(default_factory=Future)

    def start(self) -> bool:
        """Whether it is still wanted. What was asked from a loop is done, whether or not somebody waits."""
        return not isinstance(self.future, Future) or self.future.set_running_or_notify_cancel()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command."""

    result: Any = None
    error: Exception | None = None
    has_erased: bool = False

    def deliver(self, future: Future[Any] | asyncio.Future[Any]) -> None:
        """Tell the one who waits, if somebody does."""
        if future.done():
            return
        if self.error is None:
            future.set_result(self.result)
        else:
            future.set_exception(self.error)


class Line:
    """Commands in the order they came, from any thread to one."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Item | None] = SimpleQueue()
        self._gate = Lock()
        self._is_closed = False

    def put(self, item: Item) -> None:
        """Join the line; waits while it is too long."""
        while self._queue.qsize() >= _QUEUE_LENGTH:
            time.sleep(_BETWEEN_LOOKS_S)
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

    def close(self) -> bool:
        """Take no more; False if it was closed before."""
        with self._gate:
            if self._is_closed:
                return False
            self._is_closed = True
            self._queue.put(None)
        return True

    def gather(self, n_most: int = MOST_TOGETHER) -> tuple[list[Item], bool]:
        """What waits, at least one item and so many at most; whether there may be more."""
        batch: list[Item] = []
        item = self._queue.get()
        while item is not None:
            if item.start():
                batch.append(item)
            if len(batch) >= n_most:
                return batch, True
            try:
                item = self._queue.get_nowait()
            except Empty:
                return batch, True
        return batch, False


def answer(batch: Sequence[Item], outcomes: Sequence[Outcome]) -> None:
    """Tell all who wait; a loop is woken once for all of its own."""
    of_loops: dict[asyncio.AbstractEventLoop, list[tuple[Outcome, asyncio.Future[Any]]]] = {}
    for item, outcome in zip(batch, outcomes, strict=True):
        if isinstance(item.future, Future):
            outcome.deliver(item.future)
        else:
            of_loops.setdefault(item.future.get_loop(), []).append((outcome, item.future))
    for loop, pairs in of_loops.items():
        try:
            loop.call_soon_threadsafe(_deliver_all, pairs)
        except RuntimeError:  # The loop was closed: nobody waits there any more.
            continue


def _deliver_all(pairs: Sequence[tuple[Outcome, asyncio.Future[Any]]]) -> None:
    for outcome, future in pairs:
        outcome.deliver(future)
