"""One run of a project in a process of its own: what each part takes, and the memory of all of it.

Usage: python benchmarks/twin/year.py PROJECT [--days N] [--history-days N] [--seed N] [--log FILE]
       python benchmarks/twin/year.py PROJECT --replications N --workers N
Prints one line of JSON.
"""

import argparse
import json
import resource
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

KIB = 1024


class Clock:
    """Wall and CPU seconds of parts, one after the other."""

    def __init__(self) -> None:
        self.parts: dict[str, tuple[float, float]] = {}

    def measure(self, name: str, function: Callable[[], Any]) -> Any:
        """Run a part and note what it took."""
        wall, cpu = time.perf_counter(), time.process_time()
        result = function()
        self.parts[name] = (time.perf_counter() - wall, time.process_time() - cpu)
        return result


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description="One run of a project.")
    parser.add_argument("project", type=Path)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--history-days", type=int, default=0, help="days before, so that it starts full")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--replications", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    clock = Clock()
    result = clock.measure("all", lambda: run(asked, clock))
    used = resource.getrusage(resource.RUSAGE_SELF)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "parts": clock.parts,
                "peak_bytes": max(used.ru_maxrss, ended.ru_maxrss) * KIB,
                "children_cpu_s": ended.ru_utime + ended.ru_stime,
                **result,
            }
        )
    )


def run(asked: argparse.Namespace, clock: Clock) -> dict[str, Any]:
    """Run what is asked for; the log is written where there is one."""

    def import_all() -> None:
        import oncopolis.studies
        import oncopolis.twin  # noqa: F401

    clock.measure("import", import_all)
    from oncopolis.centre import read_project
    from oncopolis.planning.plan import make_plan
    from oncopolis.studies import equip, make_intake
    from oncopolis.twin import compile_model, simulate

    project = clock.measure("read", lambda: read_project(asked.project))
    plan = clock.measure("plan", lambda: make_plan(project, n_draws=0, seed=1))
    equipped = clock.measure("equip", lambda: equip(project, plan))
    intake = clock.measure("intake", lambda: make_intake(project))
    start = date(project.centre.reference_year, 1, 1)
    model = clock.measure(
        "compile",
        lambda: compile_model(
            equipped, intake, start=start, days=asked.days, history_days=asked.history_days
        ),
    )
    if asked.replications > 1:
        return clock.measure("simulate", lambda: repeat(model, asked))
    log = ParquetLog(asked.log) if asked.log else None
    result = clock.measure("simulate", lambda: simulate(model, seed=asked.seed, days=asked.days, journal=log))
    if log is not None:
        clock.measure("close", log.close)
    return {
        "events": result.events,
        "contacts": result.contacts,
        "visits": result.visits,
        "working_days": result.working_days,
        "log_bytes": asked.log.stat().st_size if asked.log else 0,
    }


class ParquetLog:
    """The event log as a Parquet file, written as the rows come."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        self._pa, self._path, self._parquet, self._writer = pa, path, parquet, None

    def write(self, rows: Any) -> None:
        """Take rows, shape (rows, columns)."""
        table = self._pa.table({f"c{i}": rows[:, i] for i in range(rows.shape[1])})
        if self._writer is None:
            self._writer = self._parquet.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table)

    def close(self) -> None:
        """End the file."""
        if self._writer is not None:
            self._writer.close()


def repeat(model: Any, asked: argparse.Namespace) -> dict[str, Any]:
    """Run replications on several processes."""
    from joblib import Parallel, delayed

    counts = Parallel(n_jobs=asked.workers)(
        delayed(count)(model, asked.seed, i, asked.days) for i in range(asked.replications)
    )
    return {"events": sum(counts), "replications": asked.replications}


def count(model: Any, seed: int, replication: int, days: int) -> int:
    """Run one replication; return its events."""
    from oncopolis.twin import simulate

    return simulate(model, seed=seed, replication=replication, days=days).events


if __name__ == "__main__":
    main()
