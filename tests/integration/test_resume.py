"""An experiment that is killed goes on where it was, and one that is stopped says how far it came."""

import math
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from oncopolis.twin.experiments.checkpoints import Checkpoint
from oncopolis.twin.experiments.running import run_replications

N = 40
PATIENCE_S = 60
SCRIPT = """
import math, sys, time
from pathlib import Path
from oncopolis.twin.experiments.checkpoints import Checkpoint
from oncopolis.twin.experiments.running import run_replications

def run_one(number):
    time.sleep(0.1)
    return math.fsum(math.sin(number * j) for j in range(100))

if __name__ == "__main__":
    runs = run_replications(run_one, 40, workers=2, checkpoint=Checkpoint(Path(sys.argv[1]), "sines"))
    print("complete" if runs.complete else "stopped", *runs.numbers)
"""


def start(tmp_path: Path) -> subprocess.Popen[str]:
    """Start the script in a process group of its own and wait until it has got somewhere."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, "utf-8")
    process = subprocess.Popen(
        [sys.executable, script, tmp_path / "kept"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    end = time.monotonic() + PATIENCE_S
    while len(list((tmp_path / "kept").glob("*.result"))) < 5:
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < end
        time.sleep(0.02)
    return process


def test_a_killed_experiment_goes_on_where_it_was(tmp_path: Path) -> None:
    process = start(tmp_path)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    ran: list[int] = []

    def run_one(number: int) -> float:
        ran.append(number)
        return math.fsum(math.sin(number * j) for j in range(100))

    runs = run_replications(run_one, N, checkpoint=Checkpoint(tmp_path / "kept", "sines"))
    assert runs.complete
    assert 5 <= runs.n_found < N
    assert len(ran) == N - runs.n_found
    assert runs.results == tuple(run_one(i) for i in range(N))


def test_ctrl_c_stops_cleanly(tmp_path: Path) -> None:
    process = start(tmp_path)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
    output = process.communicate(timeout=PATIENCE_S)[0]
    assert process.returncode == 0, output
    match = re.search(r"^stopped ([\d ]+)$", output, re.MULTILINE)
    assert match, output
    assert "Traceback" not in output
    numbers = [int(number) for number in match[1].split()]
    checkpoint = Checkpoint(tmp_path / "kept", "sines")
    assert numbers == [i for i in range(N) if checkpoint.find(i)]
    assert 5 <= len(numbers) < N
    assert not list((tmp_path / "kept").glob("*.part"))
