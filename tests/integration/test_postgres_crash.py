"""PostgreSQL stopped, its backends killed, our process killed under load: every answer is true, done once."""

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.databases import Cluster, own_cluster
from tests.killing import WRITER, Answer, writer
from tests.power import list_halves

from oncopolis.record.store.store import open_store

__all__ = ["own_cluster"]

N_THREADS = 6


def wait_for(answers: list[Answer], n_more: int) -> None:
    """Wait until so many more answers came."""
    wanted, end = len(answers) + n_more, time.monotonic() + 60
    while len(answers) < wanted:
        assert time.monotonic() < end, "nothing is answered any more"
        time.sleep(0.01)


def stop_at_once(cluster: Cluster, dice: random.Random) -> None:
    cluster.stop("immediate")
    time.sleep(0.2 * dice.random())
    cluster.start(fsync="on")


BACKENDS = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"


def ask_backends(cluster: Cluster, what: str) -> list[int]:
    with psycopg.connect(cluster.make_url(), autocommit=True) as connection:
        return [row[0] for row in connection.execute(f"SELECT {what} {BACKENDS}".encode())]


def end_backends(cluster: Cluster, dice: random.Random) -> None:
    while not ask_backends(cluster, "pg_terminate_backend(pid)"):
        time.sleep(0.01)


def kill_a_backend(cluster: Cluster, dice: random.Random) -> None:
    """The server takes that for a crash: it ends all others and recovers."""
    while not (pids := ask_backends(cluster, "pid")):
        time.sleep(0.01)
    os.kill(dice.choice(pids), signal.SIGKILL)


TROUBLES: list[Callable[[Cluster, random.Random], None]] = [stop_at_once, end_backends, kill_a_backend]


def live_through(cluster: Cluster, n_rounds: int, n_troubles: int, program: Path = WRITER) -> int:
    """Let writers live through troubles; how many answers there were, all of them true."""
    dice, url = random.Random(1), cluster.add_schema()
    answers: list[Answer] = []
    for round_ in range(n_rounds):
        with writer(url, f"{round_}", answers, n_threads=N_THREADS, program=program):
            for n in range(n_troubles):
                wait_for(answers, 20)
                time.sleep(0.05 * dice.random())
                TROUBLES[(round_ * n_troubles + n) % len(TROUBLES)](cluster, dice)
            wait_for(answers, 50)
        check(url, answers)
    return len(answers)


def check(url: str, answers: list[Answer]) -> None:
    assert len({(id_, version) for id_, version, _ in answers}) == len(answers)
    with open_store(url) as store:
        written: Counter[str] = Counter()
        before: int | None = None
        while page := store.history("Task", limit=1000, before=before):
            written.update(json.loads(one.body)["description"] for one in page if one.body)
            before = page[-1].seq
        assert max(written.values()) == 1, "something was done twice"
        for id_, version, text in answers:
            found = store.read_version("Task", id_, version)
            assert found is not None, f"Task/{id_} version {version} is lost"
            assert found.body is not None
            assert json.loads(found.body)["description"] == text
        assert list_halves(store) == []


def test_stopped_and_killed_under_load(own_cluster: Cluster) -> None:
    assert live_through(own_cluster, n_rounds=1, n_troubles=3) > 100


@pytest.mark.soak
def test_stopped_and_killed_under_load_many_times(own_cluster: Cluster) -> None:
    assert live_through(own_cluster, n_rounds=10, n_troubles=9) > 1000


FORGETFUL = """
from oncopolis.record.store.writing import Writer

Writer._was_committed = lambda self, marker, gone_since: False


def main() -> None:"""


@pytest.mark.soak
def test_the_test_sees_what_is_done_twice(own_cluster: Cluster, tmp_path: Path) -> None:
    program = tmp_path / "forgetful.py"
    program.write_text(WRITER.read_text("utf-8").replace("def main() -> None:", FORGETFUL, 1), "utf-8")
    with pytest.raises(AssertionError, match="done twice"):
        live_through(own_cluster, n_rounds=10, n_troubles=9, program=program)
