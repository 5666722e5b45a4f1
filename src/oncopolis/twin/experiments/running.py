"""Replications run side by side: processes of this machine, or a cluster, with the same results to the bit.

Everything goes through joblib: its processes (loky) by default, the workers of a Dask scheduler where an
address is given. A replication has to depend on its number only; then it does not matter where it runs,
in which order, or how often a killed worker made somebody begin again.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from oncopolis.foundation import ExternalError, InputError
from oncopolis.twin.experiments.checkpoints import Checkpoint
from oncopolis.twin.experiments.clusters import open_cluster

T = TypeVar("T")

RunOne = Callable[[int], T]
"""Runs one replication, told by its number; must be picklable by cloudpickle, and so must its result."""
OnProgress = Callable[[int, int], None]
"""Told how many replications there are, and of how many."""

_FRUITLESS_ROUNDS = 3  # structure: how often dying workers are replaced while nothing gets done


@dataclass(frozen=True)
class Runs(Generic[T]):
    """What replications gave, in the order of their numbers."""

    numbers: tuple[int, ...]
    results: tuple[T, ...]
    complete: bool
    """False if they were stopped; then some numbers are missing."""
    n_found: int
    """How many were found in the checkpoint and not run."""


def run_replications(
    run_one: RunOne[T],
    n: int,
    *,
    first: int = 0,
    workers: int = 1,
    cluster: str | None = None,
    checkpoint: Checkpoint | None = None,
    on_progress: OnProgress | None = None,
) -> Runs[T]:
    """Run replications ``first`` to ``first + n - 1``.

    Parameters
    ----------
    run_one
        Runs one replication, told by its number.
    n, first
        How many, and the number of the first.
    workers
        Processes of this machine; 1 stays in this one, -1 takes as many as there are processors.
    cluster
        Address of a Dask scheduler, such as ``tcp://127.0.0.1:8786``; takes the place of `workers`.
    checkpoint
        Where results are kept as they come in; those that are there are not run again.
    on_progress
        Called from this process when a result has come in.

    Returns
    -------
    Runs
        Stopped with Ctrl-C it holds what there is and says that it is incomplete.

    Raises
    ------
    InputError
        No replication or no worker asked for.
    ExternalError
        The cluster cannot be used, a result cannot be kept, or workers die again and again.
    Exception
        Whatever `run_one` raises; what was done until then is in the checkpoint.
    """
    _check(n, workers)
    collected = _Collected[T](range(first, first + n), checkpoint, on_progress)
    complete = True
    try:
        collected.find_kept()
        if collected.list_missing():
            with _open(workers, cluster):
                _run_missing(run_one, collected, cluster)
    except KeyboardInterrupt:
        complete = not collected.list_missing()
    numbers = tuple(sorted(collected.results))
    return Runs(numbers, tuple(collected.results[i] for i in numbers), complete, collected.n_found)


class _Collected(Generic[T]):
    """Results by number, in the order in which they come."""

    def __init__(self, numbers: range, checkpoint: Checkpoint | None, on_progress: OnProgress | None) -> None:
        self.numbers, self.checkpoint, self.on_progress = numbers, checkpoint, on_progress
        self.results: dict[int, T] = {}
        self.n_found = 0

    def find_kept(self) -> None:
        """Read what the checkpoint has."""
        for i in self.numbers if self.checkpoint else ():
            found = self.checkpoint.find(i) if self.checkpoint else None
            if found is not None:
                (self.results[i],) = found
                self.n_found += 1
        if self.n_found:
            self._tell()

    def list_missing(self) -> list[int]:
        """List the numbers still to be run."""
        return [i for i in self.numbers if i not in self.results]

    def take(self, number: int, result: T) -> None:
        """Take a result in."""
        if self.checkpoint:
            self.checkpoint.keep(number, result)
        self.results[number] = result
        self._tell()

    def _tell(self) -> None:
        if self.on_progress:
            self.on_progress(len(self.results), len(self.numbers))


def _run_one(run_one: RunOne[T], number: int) -> tuple[int, T]:
    return number, run_one(number)


@contextmanager
def _open(workers: int, cluster: str | None) -> Iterator[None]:
    """Say to joblib where to run."""
    import joblib  # type: ignore[import-untyped]  # it has no types

    if cluster is None:
        with joblib.parallel_config(backend="loky", n_jobs=workers):
            yield
    else:
        with open_cluster(cluster) as settings, joblib.parallel_config(**settings):
            yield


def _run_missing(run_one: RunOne[T], collected: _Collected[T], cluster: str | None) -> None:
    """Run what is missing; begin again what died with a worker, as long as something gets done."""
    fruitless = 0
    while missing := collected.list_missing():
        # After a round in vain one goes alone, since one that kills its worker takes its neighbours along.
        numbers = [missing[(fruitless - 1) % len(missing)]] if fruitless else missing
        try:
            _run_round(run_one, numbers, collected)
        except Exception as error:
            if not is_loss_of_worker(error):
                raise
            reason = str(error) or type(error).__name__
        else:
            reason = "results that were lost"
        left = collected.list_missing()
        fruitless = fruitless + 1 if len(left) == len(missing) else 0
        if left and fruitless >= _FRUITLESS_ROUNDS:
            raise _refuse(left, reason.splitlines()[0], cluster)


def _run_round(run_one: RunOne[T], numbers: Sequence[int], collected: _Collected[T]) -> None:
    import joblib

    # Arrays are not mapped from files: workers get them as they are here, writeable ones included.
    parallel = joblib.Parallel(return_as="generator_unordered", max_nbytes=None)
    results = parallel(joblib.delayed(_run_one)(run_one, i) for i in numbers)
    try:
        for result in results:
            if isinstance(result, tuple):  # else its worker is gone, and the result with it
                collected.take(*result)
    finally:
        with warnings.catch_warnings():
            # joblib warns that results were finished and not used: known, they are run again.
            warnings.filterwarnings("ignore", message=".*tasks.*", category=UserWarning)
            results.close()


def is_loss_of_worker(error: BaseException) -> bool:
    """Tell the death of a worker from a fault of what it ran."""
    from concurrent.futures import CancelledError
    from concurrent.futures.process import BrokenProcessPool

    # TerminatedWorkerError of loky is a BrokenProcessPool; those of distributed are told by name,
    # because it need not be there.
    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, (BrokenProcessPool, CancelledError)) or bool(
        names & {"KilledWorker", "CommClosedError"}
    )


def _refuse(left: Sequence[int], reason: str, cluster: str | None) -> ExternalError:
    return ExternalError(
        code="TWN-038",
        where=f"replication {left[0]}" + (f" and {len(left) - 1} more" if len(left) > 1 else ""),
        got=f"workers that die: {reason}",
        expected="workers that live until their replication ends",
        fix=f"look into the log of the workers at {cluster}"
        if cluster
        else "use fewer workers: each needs the memory of a whole run",
    )


def _check(n: int, workers: int) -> None:
    if n < 1:
        raise InputError(
            code="TWN-039",
            where="replications",
            got=str(n),
            expected="at least 1",
            fix="ask for one or more",
        )
    if workers < -1 or workers == 0:
        raise InputError(
            code="TWN-039",
            where="workers",
            got=str(workers),
            expected="at least 1, or -1 for one to each processor",
            fix="state another number",
        )
