"""Replications side by side: the same as one after the other, whatever happens to a worker."""

import math
import os
import signal
from pathlib import Path

import numpy as np
import pytest

from oncopolis.foundation import ExternalError, InputError
from oncopolis.twin.experiments.checkpoints import Checkpoint
from oncopolis.twin.experiments.running import RunOne, Runs, run_replications

SUMS = [math.fsum(math.sin(i * j) for j in range(100)) for i in range(12)]


def make_sine() -> RunOne[float]:
    """Made here so that workers, who do not have this file, get all of it."""

    def run_one(number: int) -> float:
        return math.fsum(math.sin(number * j) for j in range(100))

    return run_one


def make_fatal(flag: Path) -> RunOne[int]:
    """Replication 3 kills its worker as long as there is a flag."""

    def run_one(number: int) -> int:
        if number == 3 and flag.exists():
            if flag.read_text("utf-8") == "once":
                flag.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    return run_one


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_order_and_to_the_bit(workers: int) -> None:
    told: list[tuple[int, int]] = []
    runs = run_replications(make_sine(), 12, workers=workers, on_progress=lambda *now: told.append(now))
    assert runs == Runs(tuple(range(12)), tuple(SUMS), complete=True, n_found=0)
    assert told == [(i, 12) for i in range(1, 13)]


def test_numbers_go_on_where_they_are_told_to() -> None:
    assert run_replications(make_sine(), 4, first=5).results == tuple(SUMS[5:9])


def test_large_arrays_reach_workers_writeable() -> None:
    big = np.zeros(300_000)

    def run_one(number: int) -> float:
        big[number] = 1.0
        return float(big.sum())

    assert run_replications(run_one, 2, workers=2).results[0] == 1.0


@pytest.mark.slow
def test_a_killed_worker_does_not_lose_the_experiment(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    flag.write_text("once", "utf-8")
    runs = run_replications(make_fatal(flag), 8, workers=2)
    assert runs.results == tuple(range(8))
    assert runs.complete
    assert not flag.exists()


@pytest.mark.slow
def test_a_replication_that_kills_every_worker_is_named(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    flag.write_text("always", "utf-8")
    checkpoint = Checkpoint(tmp_path / "kept", "a")
    with pytest.raises(ExternalError, match=r"replication 3: .*fewer workers.*TWN-038"):
        run_replications(make_fatal(flag), 5, workers=2, checkpoint=checkpoint)
    assert [i for i in range(5) if checkpoint.find(i)] == [0, 1, 2, 4]


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_fault_of_the_run_is_raised_as_it_is(workers: int) -> None:
    def run_one(number: int) -> int:
        if number == 2:
            raise ZeroDivisionError("of this run")
        return number

    with pytest.raises(ZeroDivisionError, match="of this run"):
        run_replications(run_one, 4, workers=workers)


def test_what_is_kept_is_not_run_again(tmp_path: Path) -> None:
    ran: list[int] = []

    def run_one(number: int) -> float:
        ran.append(number)
        return SUMS[number]

    checkpoint = Checkpoint(tmp_path, "a")
    first = run_replications(run_one, 3, checkpoint=checkpoint)
    told: list[tuple[int, int]] = []
    more = run_replications(run_one, 6, checkpoint=checkpoint, on_progress=lambda *now: told.append(now))
    assert ran == list(range(6))
    assert (first.n_found, more.n_found) == (0, 3)
    assert more.results == tuple(SUMS[:6])
    assert told == [(3, 6), (4, 6), (5, 6), (6, 6)]
    assert run_replications(run_one, 6, checkpoint=checkpoint).n_found == 6
    run_replications(run_one, 1, checkpoint=Checkpoint(tmp_path, "other"))
    assert ran == [*range(6), 0]


def test_stopping_returns_what_there_is() -> None:
    def run_one(number: int) -> int:
        if number == 3:
            raise KeyboardInterrupt
        return number

    runs = run_replications(run_one, 6)
    assert runs == Runs((0, 1, 2), (0, 1, 2), complete=False, n_found=0)


@pytest.mark.slow
def test_stopping_while_workers_are_busy_returns_what_there_is() -> None:
    def stop(done: int, _: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    runs = run_replications(make_sine(), 12, workers=2, on_progress=stop)
    assert len(runs.numbers) == 4
    assert not runs.complete
    assert runs.results == tuple(SUMS[i] for i in runs.numbers)


@pytest.mark.parametrize(("n", "workers"), [(0, 1), (1, 0), (1, -2)])
def test_nothing_to_run_or_nobody_to_run_it_is_refused(n: int, workers: int) -> None:
    with pytest.raises(InputError, match="TWN-039"):
        run_replications(make_sine(), n, workers=workers)
