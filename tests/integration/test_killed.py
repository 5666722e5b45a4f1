"""kill -9 under load: every answer that came out is true afterwards."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.power import list_halves

from oncopolis.record.store.store import open_store

WRITER = Path(__file__).parents[1] / "killed.py"
N_THREADS = 8


def live_and_die(url: str, seconds: float, seed: int) -> list[tuple[str, int, str]]:
    """Let a store be written for some time and kill it; return what it had answered by then."""
    command = [sys.executable, str(WRITER), url, str(N_THREADS), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        lines = [first, *process.stdout.readlines()]
    whole = [line.split() for line in lines if line.endswith("\n")]
    return [(id_, int(version), text) for id_, version, text in whole]


def check(url: str, n_times: int) -> int:
    """Kill a store so many times; return how many answers there were, all of them true."""
    answers: list[tuple[str, int, str]] = []
    for i in range(n_times):
        told = live_and_die(url, 0.1 + 0.05 * (i % 7), i)
        assert told
        answers += told
        with open_store(url) as store:
            for id_, version, text in answers:
                found = store.read_version("Task", id_, version)
                assert found is not None, f"Task/{id_} version {version} is lost"
                assert found.body is not None
                assert json.loads(found.body)["description"] == text
            assert list_halves(store) == []
    assert len({(id_, version) for id_, version, _ in answers}) == len(answers)
    return len(answers)


def test_killed_under_load(tmp_path: Path) -> None:
    assert check(f"sqlite:///{tmp_path / 'record.db'}", 4) > 4


@pytest.mark.soak
def test_killed_under_load_many_times(tmp_path: Path) -> None:
    assert check(f"sqlite:///{tmp_path / 'record.db'}", 30) > 30
