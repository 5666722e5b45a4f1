"""The twin beside its peers on the same models, and one year of a whole centre.

Three models written as project definitions: `mm10` (a queue of ten servers at a load of 0.9), `network` (five
stations, three ranks, a loop) and `campus` (30,000 visits a weekday with every feature). SimPy runs all of
them, Cimba the first two; they read the same project and share nothing else with the twin. An event is an
arrival, a coming for an appointment, or the end of a service. Times are CPU seconds of the run proper, the
best of several passes in which the engines take turns; reading and compiling are shown beside them.

Usage: python benchmarks/twin.py [mm10] [network] [campus] [--repeat N] [--short] [--json FILE]
                                 [--engines twin SimPy Cimba]
       python benchmarks/twin.py --year [PROJECT] [--many PROJECT] [--json FILE]
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "twin"
sys.path.insert(0, str(HERE))

START = date(2026, 1, 5)
"""A Monday."""
DAYS: dict[str, dict[str, int]] = {
    "mm10": {"twin": 365, "SimPy": 20, "Cimba, servers that loop": 200, "Cimba, a process each": 40},
    "network": {"twin": 1461, "SimPy": 60, "Cimba, a process each": 400},
    "campus": {"twin": 35, "SimPy": 7},
}
"""Days that each engine runs, so that each takes a few seconds."""
ENGINES = ("twin", "SimPy", "Cimba")
SHORT = 10
"""By which these are divided with `--short`; a campus runs two days at least."""
MEGA = 1e6

Waits = dict[str, float]
Pass = Callable[[int], tuple[int, Waits, dict[str, float]]]
"""From a seed to events, mean waits in minutes by station, and further figures."""


@dataclass
class Engine:
    """An engine on a model, in a process of its own, and what it took."""

    name: str
    days: int
    process: ProcessPoolExecutor
    ready_s: float
    """CPU seconds to be ready to run: compiling the definition and, the first time, the machine code."""
    cpu_s: list[float] = field(default_factory=list)
    events: int = 0
    waits: Waits = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def speed(self) -> float:
        """Events per CPU second of the best pass."""
        return self.events / min(self.cpu_s)

    def measure(self, seed: int) -> None:
        """Run once more; the first pass is the one whose events and waits are shown, speeds are all alike."""
        cpu, events, waits, figures = self.process.submit(run_ready, seed).result()
        if not self.cpu_s:
            self.events, self.waits, self.figures = events, waits, figures
        self.cpu_s.append(cpu * self.events / events)


READY: dict[str, Pass] = {}
"""What the process of an engine has made ready."""


def start_engine(model: str, name: str, days: int, folder: Path) -> Engine:
    """Start the process of an engine and make it ready."""
    process = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    return Engine(name, days, process, process.submit(make_ready, model, name, days, folder).result())


def make_ready(model: str, name: str, days: int, folder: Path) -> float:
    """Read a model and make an engine ready; return the CPU seconds of the latter."""
    project = read_model(model, folder)
    began = time.process_time()
    if name == "twin":
        READY["run"] = make_twin(project, days)
    elif name == "SimPy":
        READY["run"] = make_simpy(model, project, days)
    else:
        READY["run"] = make_cimba(name, project, days)
    return time.process_time() - began


def run_ready(seed: int) -> tuple[float, int, Waits, dict[str, float]]:
    """Run what is ready once; return CPU seconds, events, mean waits and further figures."""
    gc.collect()
    began = time.process_time()
    events, waits, figures = READY["run"](seed)
    return time.process_time() - began, events, waits, figures


def read_model(name: str, folder: Path) -> Any:
    """Read a model; the campus is written first."""
    from campus import write_campus
    from oncopolis.centre import read_project

    return read_project(write_campus(folder / name) if name == "campus" else HERE / name)


def make_twin(project: Any, days: int) -> Pass:
    """Make the twin ready: compiled, and run for a day so that its machine code is there."""
    import ours

    model = ours.compile_project(project, START, days)
    ours.run(model, 1, 1)

    def run(seed: int) -> tuple[int, Waits, dict[str, float]]:
        result = ours.run(model, days, seed)
        waits = {name: wait for name, (_, wait) in ours.list_waits(project, result).items()}
        return result.events, waits, {"visits": result.visits / days}

    return run


def make_simpy(name: str, project: Any, days: int) -> Pass:
    """Make the SimPy peer of a model."""

    def run_campus(seed: int) -> tuple[int, Waits, dict[str, float]]:
        from simpy_campus import Campus

        campus = Campus(project, START, days, seed)
        campus.run()
        return campus.events, campus.list_waits(), {"visits": campus.visits / days}

    def run_network(seed: int) -> tuple[int, Waits, dict[str, float]]:
        from simpy_queues import Network

        network = Network(project, days, 1, seed)
        network.run()
        return network.events, network.list_waits(), {}

    return run_campus if name == "campus" else run_network


def make_cimba(name: str, project: Any, days: int) -> Pass:
    """Make a Cimba peer of a model; compiled by a first short run."""
    from cimba_queues import make_looping, make_network

    make = make_looping if "loop" in name else make_network
    make(project, 2, 1, 1).run()

    def run(seed: int) -> tuple[int, Waits, dict[str, float]]:
        events, waits = make(project, days, 1, seed).run()
        return events, waits, {}

    return run


def compare(name: str, repeat: int, divisor: int, wanted: tuple[str, ...]) -> dict[str, Any]:
    """Run the engines of a model in turns; return what they took and found."""
    from exact import compute_waits

    least = 2
    with tempfile.TemporaryDirectory() as folder:
        engines = [
            start_engine(name, engine, max(days // divisor, least), Path(folder))
            for engine, days in DAYS[name].items()
            if engine.startswith(wanted)
        ]
        for i in range(repeat):
            for engine in engines:
                engine.measure(i + 1)
        for engine in engines:
            engine.process.shutdown()
        exact = {} if name == "campus" else compute_waits(read_model(name, Path(folder)))
    return {"model": name, "engines": engines, "exact": exact}


def print_table(rows: list[list[str]]) -> None:
    """Print rows in columns, the first to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True)),
        ]
        print("  ".join(cells).rstrip())
    print()


def show(compared: dict[str, Any]) -> None:
    """Print speeds, ratios and mean waits of one model."""
    engines: list[Engine] = compared["engines"]
    first = engines[0]
    print(compared["model"])
    faster = f"{first.name} is faster by"
    rows = [["engine", "days", "events", "CPU s", "ready s", "M events/s", faster]]
    rows += [
        [
            engine.name,
            str(engine.days),
            f"{engine.events:,}",
            f"{min(engine.cpu_s):.2f}",
            f"{engine.ready_s:.1f}",
            f"{engine.speed / MEGA:.3f}",
            "" if engine is first else f"{first.speed / engine.speed:.1f}",
        ]
        for engine in engines
    ]
    print_table(rows)
    columns = [engine.name for engine in engines] + (["exact"] if compared["exact"] else [])
    rows = [["mean wait, min", *columns]]
    for station in engines[-1].waits:
        found = [engine.waits.get(station) for engine in engines]
        found += [compared["exact"][station]] if compared["exact"] else []
        rows.append([station, *("-" if wait is None else f"{wait:.3f}" for wait in found)])
    for figure in first.figures:
        said = [f"{engine.figures[figure]:,.0f}" if figure in engine.figures else "-" for engine in engines]
        rows.append([f"{figure} a day", *said, *([""] if compared["exact"] else [])])
    print_table(rows)


def to_json(compared: dict[str, Any]) -> dict[str, Any]:
    """Return a comparison as plain data."""
    engines: list[Engine] = compared["engines"]
    return {
        "model": compared["model"],
        "exact_wait_min": compared["exact"],
        "engines": [
            {
                "name": engine.name,
                "days": engine.days,
                "events": engine.events,
                "cpu_s": engine.cpu_s,
                "ready_s": engine.ready_s,
                "events_per_s": engine.speed,
                "first_is_faster_by": engines[0].speed / engine.speed,
                "wait_min": engine.waits,
                **engine.figures,
            }
            for engine in engines
        ],
    }


# One year of a centre ------------------------------------------------------------------------------------


def run_alone(project: Path, days: int, cache: Path, *more: str) -> dict[str, Any]:
    """Run `year.py` in a fresh process; its wall time includes starting Python."""
    command = [sys.executable, str(HERE / "year.py"), str(project), "--days", str(days), *more]
    surroundings = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    began = time.perf_counter()
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=surroundings).stdout
    measured: dict[str, Any] = json.loads(said)
    measured["wall_s"] = time.perf_counter() - began
    measured["cpu_s"] = measured["parts"]["all"][1] + measured["children_cpu_s"]
    measured["simulate_cpu_s"] = measured["parts"]["simulate"][1] + measured["children_cpu_s"]
    measured["start_s"] = measured["wall_s"] - measured["parts"]["simulate"][0]
    return measured


def measure_year(project: Path, history_days: int, many: Path | None, n_many: int) -> dict[str, Any]:
    """Return what starts, a year, its log, ten years and many replications take."""
    history = ("--history-days", str(history_days))
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        cases: dict[str, Any] = {
            "never compiled, one day": run_alone(project, 1, cache, *history),
            "second start, one day": run_alone(project, 1, cache, *history),
            "one year": run_alone(project, 365, cache, *history),
        }
        log = Path(folder) / "log.parquet"
        cases["one year with its log"] = run_alone(project, 365, cache, *history, "--log", str(log))
        cases["ten years"] = run_alone(project, 3652, cache, *history)
        if many is not None:
            more = ("--replications", str(n_many), "--workers", "2")
            cases[f"{n_many} years of {many.name} on two cores"] = run_alone(many, 365, cache, *more)
    return cases


def show_year(cases: dict[str, Any]) -> None:
    """Print what the cases took."""
    rows = [["case", "wall s", "CPU s", "simulate CPU s", "events", "M events/s", "peak MB", "log MB"]]
    for name, case in cases.items():
        rows.append(
            [
                name,
                f"{case['wall_s']:.1f}",
                f"{case['cpu_s']:.1f}",
                f"{case['simulate_cpu_s']:.2f}",
                f"{case['events']:,}",
                f"{case['events'] / case['simulate_cpu_s'] / MEGA:.2f}",
                f"{case['peak_bytes'] / MEGA:,.0f}",
                f"{case.get('log_bytes', 0) / MEGA:,.0f}",
            ]
        )
    print_table(rows)
    year, ten = cases["one year"], cases["ten years"]
    print(f"contacts a working day: {year['contacts'] / year['working_days']:,.0f}")
    per_event = [case["simulate_cpu_s"] / case["events"] for case in (year, ten)]
    print(f"ten years over one year, CPU seconds an event: {per_event[1] / per_event[0]:.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The twin beside its peers, and one year of a centre.")
    parser.add_argument("models", nargs="*", metavar="MODEL", help="all of them if left out")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--short", action="store_true", help="a tenth of the days, to see that it works")
    parser.add_argument("--engines", nargs="+", default=ENGINES, choices=ENGINES, help="which of them to run")
    parser.add_argument("--year", nargs="?", type=Path, const=Path("examples/severance"), metavar="PROJECT")
    parser.add_argument(
        "--history-days", type=int, default=0, help="with --year: days before it, so that it starts full"
    )
    parser.add_argument("--many", type=Path, metavar="PROJECT", help="with --year: also replications of this")
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    document: dict[str, Any] = {}
    if asked.year:
        document["year"] = measure_year(asked.year, asked.history_days, asked.many, asked.replications)
        show_year(document["year"])
    else:
        document["models"] = []
        if unknown := set(asked.models) - set(DAYS):
            parser.error(f"no model {', '.join(sorted(unknown))}; there are {', '.join(DAYS)}")
        for name in asked.models or DAYS:
            compared = compare(name, asked.repeat, SHORT if asked.short else 1, tuple(asked.engines))
            show(compared)
            document["models"].append(to_json(compared))
    if asked.json:
        asked.json.write_text(json.dumps(document, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
