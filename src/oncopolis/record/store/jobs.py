"""The outbox as its workers see it."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Protocol, TypeVar

from oncopolis.record.store import outbox
from oncopolis.record.store.outbox import Job, Retry, State
from oncopolis.record.store.reading import PAGE, Reading
from oncopolis.record.store.transaction import Transaction

T = TypeVar("T")


class _Submit(Protocol):
    def __call__(self, command: Callable[[Transaction], T], /) -> Future[T]: ...


class _Ask(Protocol):
    def __call__(self, question: Callable[[Reading], T], /) -> T: ...


class Jobs:
    """Taking, finishing and looking at jobs. Each change is durable when its method returns.

    A job is done at least once; a worker whose changes must happen once makes them in a command that ends
    with `Transaction.finish`, which fails if the job has become somebody else's.
    """

    def __init__(self, submit: _Submit, ask: _Ask) -> None:
        self._submit, self._ask = submit, ask

    def take(
        self, kinds: Sequence[str], *, lease_ms: int, limit: int = 1, retry: Retry | None = None
    ) -> list[Job]:
        """Lease jobs that are due, or whose worker let its lease run out; the oldest first."""
        rule = retry or Retry()
        return self._submit(
            lambda transaction: outbox.take(
                transaction.session, kinds, transaction.now_ms, limit=limit, lease_ms=lease_ms, retry=rule
            )
        ).result()

    def take_first(self, kind: str, *, lease_ms: int) -> Job | None:
        """Lease the oldest job of a kind, whose jobs are done in their order; None while it has to wait."""
        return self._submit(
            lambda transaction: outbox.take_first(
                transaction.session, kind, transaction.now_ms, lease_ms=lease_ms
            )
        ).result()

    def finish(self, job: Job) -> None:
        """It is done; `ConflictError` if it was cancelled or another worker has it."""
        self._submit(lambda transaction: outbox.finish(transaction.session, job)).result()

    def extend(self, job: Job, *, lease_ms: int) -> None:
        """Keep it for ``lease_ms`` from now; `ConflictError` if it was cancelled or another worker has it."""
        self._submit(
            lambda transaction: outbox.extend(transaction.session, job, transaction.now_ms + lease_ms)
        ).result()

    def fail(self, job: Job, error: str, *, retry: Retry | None = None) -> State:
        """It failed: it waits to be tried again, or is dead; which."""
        rule = retry or Retry()
        return self._submit(
            lambda transaction: outbox.fail(transaction.session, job, error, transaction.now_ms, rule)
        ).result()

    def cancel(self, id_: int) -> bool:
        """Stop a job from being done (again); whether that was still possible."""
        return self._submit(lambda transaction: outbox.cancel(transaction.session, id_)).result()

    def revive(self, id_: int) -> bool:
        """Try a dead job again; whether it was dead."""
        return self._submit(
            lambda transaction: outbox.revive(transaction.session, id_, transaction.now_ms)
        ).result()

    def find(self, id_: int) -> Job | None:
        """One job."""
        return self._ask(lambda reading: outbox.find_job(reading.session, id_))

    def list(self, state: State | None = None, *, limit: int = PAGE) -> list[Job]:
        """Jobs in a state, or all; newest first."""
        return self._ask(lambda reading: outbox.list_jobs(reading.session, state, limit))
