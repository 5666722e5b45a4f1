"""Replications on a real cluster of this machine: the same to the bit, though a worker is killed."""

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.folders import PROJECTS, make_clinic

from oncopolis.cli import entry
from oncopolis.foundation import ExternalError
from oncopolis.twin.experiments.running import RunOne, run_replications

PATIENCE_S = 60
N = 24
RUN = (str(PROJECTS / "infusion_unit"), "--days", "2500", "--replications", str(N))
LOOPBACK = ("--host", "127.0.0.1", "--no-dashboard")


@dataclass(frozen=True)
class Cluster:
    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler and two workers with one thread each, on loopback ports that were free."""
    file = tmp_path / "scheduler.json"
    started = [launch(tmp_path, "scheduler", "--port", "0", "--scheduler-file", str(file))]
    try:
        address = read_address(file)
        started += (launch(tmp_path, "worker", address, "--nthreads", "1", "--no-nanny") for _ in range(2))
        wait_for_workers(address, 2)
        yield Cluster(address, started[1:])
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def launch(folder: Path, what: str, *arguments: str) -> subprocess.Popen[bytes]:
    with (folder / f"{what}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *LOOPBACK, *arguments],
            cwd=folder,
            stdout=log,
            stderr=log,
        )


def read_address(file: Path) -> str:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            return str(json.loads(file.read_text("utf-8"))["address"])
        except (FileNotFoundError, json.JSONDecodeError):
            time.sleep(0.05)
    raise TimeoutError(file)


def wait_for_workers(address: str, n: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(n, timeout=PATIENCE_S)


def make_run(pause_s: float) -> RunOne[tuple[float, int]]:
    """Made here so that workers, who do not have this file, get all of it."""

    def run_one(number: int) -> tuple[float, int]:
        time.sleep(pause_s)
        return math.fsum(math.sin(number * j) for j in range(1000)), os.getpid()

    return run_one


def test_a_worker_killed_meanwhile_changes_nothing(cluster: Cluster) -> None:
    def kill(done: int, _: int) -> None:
        if done == 5:
            cluster.workers[0].kill()

    runs = run_replications(make_run(0.15), N, cluster=cluster.address, on_progress=kill)
    assert cluster.workers[0].wait() != 0
    assert runs.complete
    assert runs.numbers == tuple(range(N))
    serial = run_replications(make_run(0.0), N)
    assert [value for value, _ in runs.results] == [value for value, _ in serial.results]
    where = {process for _, process in runs.results}
    assert cluster.workers[1].pid in where
    assert os.getpid() not in where


def test_a_worker_killed_while_the_command_runs_changes_nothing(cluster: Cluster, tmp_path: Path) -> None:
    out = tmp_path / "shared"
    command = [sys.executable, "-m", "oncopolis", "simulate", *RUN, "--cluster", cluster.address]
    with subprocess.Popen([*command, "--out", str(out)], stdout=subprocess.DEVNULL) as process:
        end = time.monotonic() + PATIENCE_S
        while len(list(out.glob(".replications/*.result"))) < 3 and time.monotonic() < end:
            assert process.poll() is None
            time.sleep(0.02)
        cluster.workers[0].kill()
        killed_at = len(list(out.glob(".replications/*.result")))
        assert process.wait(timeout=PATIENCE_S) == 0
    assert 3 <= killed_at < N - 2
    assert cluster.workers[0].wait() != 0
    assert entry.run(["simulate", *RUN, "--out", str(tmp_path / "serial")]) == 0
    for name in ("twin.json", "waits.csv"):
        assert (out / name).read_bytes() == (tmp_path / "serial" / name).read_bytes()
    assert not (out / ".replications").exists()


def test_commands_say_the_same_on_a_cluster(
    cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = str(make_clinic(tmp_path))
    told = []
    for where in ([], ["--cluster", cluster.address]):
        out = tmp_path / f"out{len(where)}"
        what_if = ["--set", "flows.others.volume=2000", "--replications", "3", "--days", "20"]
        assert entry.run(["what-if", project, *what_if, "--out", str(out), *where]) == 0
        size = ["--resource", "doctor=1..2", "--replications", "2", "--days", "20"]
        capsys.readouterr()
        assert entry.run(["size", project, *size, *where]) == 0
        sized = capsys.readouterr().out
        assert entry.run(["plan", project, "--draws", "0", "--test", "--out", str(out), *where]) == 0
        told.append([(out / "what_if.json").read_bytes(), (out / "plan.json").read_bytes(), sized])
    assert told[0] == told[1]


def test_a_cluster_that_goes_away_is_named(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oncopolis.twin.experiments.clusters._WORKER_S", 2)

    def kill(done: int, _: int) -> None:
        if done == 3:
            for worker in cluster.workers:
                worker.kill()

    with pytest.raises(ExternalError, match=rf"cluster {cluster.address}: .*no workers left.*TWN-041"):
        run_replications(make_run(0.15), N, cluster=cluster.address, on_progress=kill)


@pytest.mark.parametrize(
    ("address", "got"),
    [("nonsense", "port"), ("foo://127.0.0.1:1", "scheme"), ("tcp://127.0.0.1:1", "no answer within")],
)
def test_an_address_where_nobody_answers_is_named(
    address: str, got: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oncopolis.twin.experiments.clusters._CONNECT_S", 1)
    with pytest.raises(ExternalError, match=rf"cluster {address}: got .*{got}.*TWN-041"):
        run_replications(make_run(0.0), 2, cluster=address)


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExternalError, match=r"oncopolis\[cluster\].*TWN-040"):
        run_replications(make_run(0.0), 2, cluster="tcp://127.0.0.1:8786")
