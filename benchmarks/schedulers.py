"""How good the schedules of theatres and wards are, beside the best known and beside general solvers.

    python benchmarks/schedulers.py --set public --seconds 600 --threads 2
    python benchmarks/schedulers.py --only i01,i07 --seconds 60 --peers CP_SAT,HIGHS

Each instance is solved, checked, written below `--folder` with its cost, and printed with its gap to the best
known. A run that was stopped goes on where it was. Wall time says little on a shared machine: CPU seconds
stand beside, and `--cpu` counts the time of our search, but not that of the peers, in CPU seconds of each
thread.
"""

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import theatres_model
from oncopolis.foundation import InfeasibleError
from oncopolis.scheduling.theatres import check, read_problem, solve, to_json
from oncopolis.scheduling.theatres.problem import Problem

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("ONCOPOLIS_SHARED_DATA", ROOT.parent / "shared" / "data")) / "ihtc"
PEERS = ("CP_SAT", "HIGHS")
ROW = "{name:<10}{solver:<10}{cost:>9}{best:>9}{gap:>9}{feasible:>10}{bound:>9}{moves:>10}{wall:>8}{cpu:>8}"


def read_best() -> dict[str, int]:
    """Instance -> best known cost, out of the table beside the instances."""
    best = {}
    for line in (DATA / "README.md").read_text("utf-8").splitlines():
        words = line.split()
        if "|" in words and words[0][0] in "im" and words[0][1:].isdigit():
            best[words[0]] = int(words[words.index("|") + 1])
    return best


def run_ours(problem: Problem, name: str, chosen: argparse.Namespace) -> dict[str, Any]:
    """Solve one instance with our search."""

    def clock() -> float:
        return time.process_time() / chosen.threads if chosen.cpu else time.monotonic()

    wall, cpu = time.monotonic(), time.process_time()
    limits = {"seconds": chosen.seconds, "threads": chosen.threads, "moves": chosen.moves}
    try:
        result = solve(problem, seed=chosen.seed, clock=clock, **limits)
    except InfeasibleError:
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        return {"solver": "oncopolis", "cost": None, "bound": None, "moves": 0, "wall": wall, "cpu": cpu,
                "feasible": False}  # fmt: skip
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    (chosen.folder / f"sol_{name}_{result.cost}.json").write_text(
        json.dumps(to_json(problem, result.solution))
    )
    return {"solver": "oncopolis", "cost": result.cost, "bound": result.bound, "moves": result.n_moves,
            "wall": wall, "cpu": cpu, "feasible": True}  # fmt: skip


def run_peer(problem: Problem, solver: str, seconds: float) -> dict[str, Any]:
    """Give a general solver the whole problem for the same time, the writing of it included."""
    began, cpu = time.monotonic(), time.process_time()
    cost = bound = None
    feasible = False
    if theatres_model.estimate_entries(problem) <= theatres_model.MOST_ENTRIES:
        model = theatres_model.write(problem)
        left = seconds - (time.monotonic() - began)
        if left > 0:
            bound, values = model.programme.solve(solver, left)  # type: ignore[arg-type]
            if values is not None:
                verdict = check(problem, model.read(values))
                cost, feasible = verdict.cost, not verdict.violations
    return {"solver": solver, "cost": cost, "bound": bound, "moves": 0, "wall": time.monotonic() - began,
            "cpu": time.process_time() - cpu, "feasible": feasible}  # fmt: skip


def print_row(name: str, row: dict[str, Any], best: int | None) -> None:
    """Print what one solver has found."""
    gap = f"{row['cost'] / best - 1:.2%}" if row["cost"] is not None and best else "-"
    rate = f"{row['moves'] / row['cpu'] / 1e6:.1f} M/s" if row["moves"] else "-"
    print(
        ROW.format(
            name=name, solver=row["solver"], cost=row["cost"] if row["cost"] is not None else "none",
            best=best or "-", gap=gap, feasible=str(row["feasible"]),
            bound="-" if row["bound"] is None else round(row["bound"]), moves=rate,
            wall=f"{row['wall']:.0f} s", cpu=f"{row['cpu']:.0f} s",
        ),
        flush=True,
    )  # fmt: skip


def main() -> None:
    """Run what is not there yet, print everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", default="public", choices=("public", "test", "small"))
    parser.add_argument("--only", default="", help="names of instances, with commas")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--moves", type=int, default=None, help="of each thread")
    parser.add_argument("--cpu", action="store_true", help="seconds are CPU seconds of each thread")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peers", default="", help=f"of {','.join(PEERS)}, with commas")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "schedules")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    unit = "cpu" if chosen.cpu else "s"
    record = chosen.folder / f"{chosen.seconds:g}{unit}_{chosen.threads}t_{chosen.moves}_{chosen.seed}.jsonl"
    done = {}
    if record.exists():
        rows = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
        done = {(row["name"], row["solver"]): row for row in rows}
    best, names = read_best(), [name for name in chosen.only.split(",") if name]
    gaps = []
    heads = ("name", "solver", "cost", "best", "gap", "feasible", "bound", "moves", "wall", "cpu")
    print(ROW.format(**{head: head for head in heads}))
    for path in sorted((DATA / chosen.set).glob("*.json")):
        if names and path.stem not in names:
            continue
        problem = read_problem(path)
        for solver in ("oncopolis", *filter(None, chosen.peers.split(","))):
            row = done.get((path.stem, solver))
            if row is None:
                row = (
                    run_ours(problem, path.stem, chosen)
                    if solver == "oncopolis"
                    else run_peer(problem, solver, chosen.seconds)
                )
                with record.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"name": path.stem, **row}) + "\n")
            print_row(path.stem, row, best.get(path.stem))
            if solver == "oncopolis" and path.stem in best and row["feasible"]:
                gaps.append(row["cost"] / best[path.stem] - 1)
    if gaps:
        print(f"mean gap to the best known {sum(gaps) / len(gaps):.2%} over {len(gaps)}")


if __name__ == "__main__":
    main()
