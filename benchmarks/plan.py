"""What planning an example takes, part by part, and the whole command as a user runs it.

Wall and CPU seconds, and both as ratios to a plain Python loop timed in the same run, so that results of
different or busy machines can be held beside each other. Byte code is kept in a folder of its own and
warm, as it is after the first run of an installed package.

Usage: python benchmarks/plan.py [PROJECT] [--repeat N] [--draws N]
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STEPS = 10_000_000
"""Turns of the loop that stands for the machine."""


def clock() -> tuple[float, float]:
    """Return wall and CPU seconds, ended children included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter(), time.process_time() + ended.ru_utime + ended.ru_stime


def measure(function: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """Run a function; return its result with wall and CPU seconds."""
    wall, cpu = clock()
    result = function()
    wall_after, cpu_after = clock()
    return result, (wall_after - wall, cpu_after - cpu)


def count_up() -> int:
    """Run the loop that stands for the machine."""
    total = 0
    for i in range(STEPS):
        total += i
    return total


def measure_parts(project: Path, n_draws: int) -> dict[str, tuple[float, float]]:
    """Return wall and CPU seconds of each part of one plan, run one after the other."""
    parts: dict[str, tuple[float, float]] = {}

    def run(name: str, function: Callable[[], Any]) -> Any:
        result, parts[name] = measure(function)
        return result

    def import_all() -> None:
        import oncopolis.report
        import oncopolis.studies  # noqa: F401

    run("import", import_all)
    from oncopolis.centre import read_project
    from oncopolis.planning import Coefficients, calculate, to_document
    from oncopolis.planning.plan import draw, make_plan
    from oncopolis.report.canonical import round_numbers
    from oncopolis.report.language import find_language
    from oncopolis.report.writing import WRITERS

    read = run("read", lambda: read_project(project))
    run("central run", lambda: calculate(read, Coefficients(read.evidence)))
    run("draws", lambda: draw(read, n_draws, 1))
    plan = run("plan on two cores", lambda: make_plan(read, n_draws=n_draws, seed=1))
    document = round_numbers(run("document", lambda: to_document(plan)))
    language = find_language("en")
    for name, write in WRITERS.items():
        run(name, lambda write=write: write(document, language))
    return parts


def run_command(project: Path, n_draws: int) -> None:
    """Plan by the command line, as a process of its own."""
    with tempfile.TemporaryDirectory() as out:
        command = [
            sys.executable,
            "-m",
            "oncopolis",
            "plan",
            str(project),
            "--draws",
            str(n_draws),
            "--out",
            out,
        ]
        subprocess.run(command, check=True, capture_output=True)


def write_row(name: str, times: list[tuple[float, float]], loop: float) -> str:
    """Write best and median as a row of a table."""
    walls, cpus = zip(*times, strict=True)
    shown = (min(walls), statistics.median(walls), min(cpus), min(walls) / loop, min(cpus) / loop)
    return f"| {name} | " + " | ".join(f"{value:.2f}" for value in shown) + " |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Times the parts of a plan.")
    parser.add_argument("project", nargs="?", type=Path, default=Path("examples/tashkent"))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--parts", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.parts:
        for name, (wall, cpu) in measure_parts(asked.project, asked.draws).items():
            print(f"{name}\t{wall}\t{cpu}")
        return
    with tempfile.TemporaryDirectory() as cache:
        os.environ["PYTHONPYCACHEPREFIX"] = cache
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        run_command(asked.project, 0)
        report(asked.project, asked.draws, asked.repeat)


def report(project: Path, n_draws: int, repeat: int) -> None:
    """Print the table."""
    loops: list[tuple[float, float]] = []
    rows: dict[str, list[tuple[float, float]]] = {}
    command = [sys.executable, __file__, str(project), "--draws", str(n_draws), "--parts"]
    for _ in range(repeat):
        loops.append(measure(count_up)[1])
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for line in said.splitlines():
            name, wall, cpu = line.split("\t")
            rows.setdefault(name, []).append((float(wall), float(cpu)))
        rows.setdefault("**whole command**", []).append(measure(lambda: run_command(project, n_draws))[1])
    loop = min(cpu for _, cpu in loops)
    print("| part | wall, best (s) | wall, median (s) | CPU, best (s) | wall / loop | CPU / loop |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, times in {"loop of ten million steps": loops, **rows}.items():
        print(write_row(name, times, loop))


if __name__ == "__main__":
    main()
