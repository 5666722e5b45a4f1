"""Worker processes: they do the jobs of the outbox, one at a time each, and never touch the database.

For every process a thread of the server takes a job, hands it over, keeps its lease, watches for cancelling,
and writes down how it ended. A process that dies takes one attempt of one job with it.
"""

import os
import signal
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from threading import Event, Thread
from time import monotonic
from typing import Any, Self, TypeAlias

from oncopolis.foundation import (
    ConflictError,
    EvidenceError,
    InfeasibleError,
    InputError,
    NotFoundError,
    OncopolisError,
)
from oncopolis.record.store import Store
from oncopolis.record.store.outbox import Job, Retry
from oncopolis.web.work import WORK

Work: TypeAlias = Mapping[str, Callable[[Mapping[str, Any]], None]]
Say: TypeAlias = Callable[[str], None]

LEASE_MS = 60_000  # structure: how long a job is kept from other workers once nobody says it is being done
EXTEND_S = 20  # structure: a third of the lease
LOOK_S = 0.5  # structure: how often a worker looks for a job, and at the state of its own
END_S = 5  # structure: how long a process may take to end
NEVER = Retry(n_attempts=0)
_HOPELESS = (InputError, EvidenceError, InfeasibleError, NotFoundError)
"""What an attempt with the same input meets again."""


class Workers:
    """Processes that work until they are stopped.

    Parameters
    ----------
    work
        Kind of job -> module-level function that does it.
    say
        Told what somebody should see: a job that is dead.
    """

    def __init__(
        self, store: Store, n: int, *, work: Work = WORK, retry: Retry | None = None, say: Say = print
    ) -> None:
        self.store, self.work, self.retry, self.say = store, work, retry or Retry(), say
        self._stopping = Event()
        self._threads = [Thread(target=self._run, name=f"worker {number}") for number in range(n)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        process: _Process | None = None
        try:
            while not self._stopping.is_set():
                job = self._take()
                if job is None:
                    self._stopping.wait(LOOK_S)
                    continue
                if process is None:
                    process = _Process(self.work)
                self._do(job, process)
                if not process.is_idle:
                    process.end()
                    process = None
        finally:
            if process is not None:
                process.end()

    def _take(self) -> Job | None:
        with suppress(OncopolisError):  # A database that is away now may be back at the next look.
            return next(
                iter(self.store.jobs.take(list(self.work), lease_ms=LEASE_MS, limit=1, retry=self.retry)),
                None,
            )
        return None

    def _do(self, job: Job, process: "_Process") -> None:
        process.start(job)
        extended = monotonic()
        try:
            while not process.is_over(LOOK_S):
                if self._stopping.is_set():
                    self._fail(job, "the server was stopped")
                    return
                if self._is_taken_away(job):
                    return
                if monotonic() - extended > EXTEND_S:
                    self.store.jobs.extend(job, lease_ms=LEASE_MS)
                    extended = monotonic()
            if process.error is None:
                self.store.jobs.finish(job)
            else:
                self._fail(job, process.error, is_hopeless=process.is_hopeless)
        except ConflictError:
            return  # Cancelled, or another worker's by now: what was done here does not count.
        except OncopolisError as error:
            self.say(f"job {job.id} ({job.kind}): {error}")  # Its lease runs out, and it is done again.

    def _is_taken_away(self, job: Job) -> bool:
        now = self.store.jobs.find(job.id)
        return now is None or now.state != "taken" or now.attempts != job.attempts

    def _fail(self, job: Job, error: str, *, is_hopeless: bool = False) -> None:
        if self.store.jobs.fail(job, error, retry=NEVER if is_hopeless else self.retry) == "dead":
            last = error.strip().rpartition("\n")[2]
            self.say(f"job {job.id} ({job.kind}) is dead after {job.attempts} attempts: {last}")


class _Process:
    """A process of its own for jobs, from the server's side."""

    def __init__(self, work: Work) -> None:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        # No daemon: those may not have processes of their own, which a plan does.
        self._process = context.Process(target=_work, args=(theirs, dict(work)))
        self._process.start()
        theirs.close()
        self.error: str | None = None
        self.is_hopeless = False
        self.is_idle = True

    def start(self, job: Job) -> None:
        self.is_idle, self.error, self.is_hopeless = False, None, False
        with suppress(OSError):  # A process that is gone shows when its answer is read.
            self._connection.send((job.kind, job.payload))

    def is_over(self, timeout_s: float) -> bool:
        """Wait a little; tell whether the job has ended, with `error` (and `is_hopeless`) if it failed."""
        try:
            if not self._connection.poll(timeout_s):
                return False
            self.error, self.is_hopeless = self._connection.recv()
            self.is_idle = True
        except (EOFError, OSError):
            self._process.join(END_S)
            self.error = f"its process ended with {self._process.exitcode}"
        return True

    def end(self) -> None:
        self._connection.close()
        if not self.is_idle:
            self._signal(signal.SIGTERM)
        self._process.join(END_S)
        if self._process.is_alive():
            self._signal(signal.SIGKILL)
            self._process.join()
        self._process.close()

    def _signal(self, number: signal.Signals) -> None:
        """Tell the process and those it has started."""
        assert self._process.pid is not None
        try:
            os.killpg(self._process.pid, number)
        except (AttributeError, ProcessLookupError):  # It has no group: not yet, or not on this system.
            self._process.terminate()


def _work(connection: Connection, work: Work) -> None:
    """Do jobs until the server hangs up."""
    if hasattr(os, "setsid"):
        os.setsid()  # A group of its own: ended with all it starts, and no Ctrl-C of the server's terminal.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_end_with_server, daemon=True).start()
    while True:
        try:
            kind, payload = connection.recv()
        except (EOFError, OSError):
            return
        try:
            connection.send(_try(work[kind], payload))
        except OSError:
            return


def _end_with_server() -> None:
    """End this process and those it has started once the server is gone, however that happened."""
    server = parent_process()
    assert server is not None
    server.join()
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _try(do: Callable[[Mapping[str, Any]], None], payload: Mapping[str, Any]) -> tuple[str | None, bool]:
    """Do a job; (why it failed, whether it always will)."""
    try:
        do(payload)
    except OncopolisError as error:
        return str(error), isinstance(error, _HOPELESS)
    except Exception:  # noqa: BLE001 - whatever a job fails with is told, and the next one is done
        return traceback.format_exc(), False
    return None, False
