"""Options that the solvers share, and the line that tells how far they are."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from oncopolis.scheduling import Improvement, Result

_Function = TypeVar("_Function", bound=Callable[..., Any])
_PERIOD_S = 0.5  # structure: between two lines
_WIDTH = 78  # structure: of a line, which the next one covers


def solving_options(function: _Function) -> _Function:
    """Add ``--seconds``, ``--threads``, ``--seed``, ``--out`` and ``--json``."""
    for option in reversed(
        (
            click.option(
                "--seconds",
                type=click.FloatRange(min=0, min_open=True),
                default=60.0,  # structure: the documented default of the command line
                show_default=True,
                metavar="S",
                help="Time to search.",
            ),
            click.option(
                "--threads",
                type=click.IntRange(min=1),
                default=1,
                show_default=True,
                metavar="N",
                help="Searches side by side, each on a processor of its own.",
            ),
            click.option(
                "--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="S",
                help="Another seed makes another search.",
            ),
            click.option(
                "--out",
                type=click.Path(path_type=Path, dir_okay=False),
                required=True,
                metavar="FILE",
                help="File for the schedule.",
            ),
            click.option("--json", "as_json", is_flag=True, help="Print cost, bound and gap as JSON only."),
        )
    ):  # fmt: skip
        function = option(function)
    return function


@contextmanager
def show_improvements() -> Iterator[Callable[["Improvement"], None]]:
    """Keep one line on the terminal up to date with cost, bound and gap; silence where there is none."""
    last = -_PERIOD_S
    is_shown = sys.stderr.isatty()

    def show(improvement: "Improvement") -> None:
        nonlocal last
        if is_shown and improvement.seconds - last >= _PERIOD_S:
            last = improvement.seconds
            line = f"{improvement.seconds:7.1f} s  cost {improvement.cost}"
            if improvement.bound is not None and improvement.cost:
                gap = (improvement.cost - improvement.bound) / improvement.cost
                line += f"  bound {improvement.bound}  gap {gap:.1%}"
            click.echo(f"\r{line:<{_WIDTH}}", err=True, nl=False)

    try:
        yield show
    finally:
        if is_shown:
            click.echo(f"\r{'':<{_WIDTH}}\r", err=True, nl=False)


@contextmanager
def stopped_by_hand() -> Iterator[threading.Event]:
    """Let the first Ctrl-C ask the search to end, not the program."""
    asked = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: asked.set())
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def solve_file(
    room: ModuleType,
    instance: Path,
    start: Path | None,
    out: Path,
    *,
    seconds: float,
    threads: int,
    seed: int,
) -> tuple[Any, "Result[Any]"]:
    """Search for a schedule of an instance by a room of `oncopolis.scheduling`, and write the best one.

    Returns
    -------
    tuple
        The problem, and what the solver has found.
    """
    import json

    problem = room.read_problem(instance)
    warm_start = None if start is None else room.read_solution(start, problem)
    with show_improvements() as show, stopped_by_hand() as cancel:
        result = room.solve(
            problem,
            seconds=seconds,
            threads=threads,
            seed=seed,
            warm_start=warm_start,
            on_improvement=show,
            cancel=cancel,
        )
    out.write_text(json.dumps(room.to_json(problem, result.solution), indent=1) + "\n", "utf-8")
    return problem, result


def print_result(result: "Result[Any]", out: Path, *, as_json: bool) -> None:
    """Print what a solver has found and where it was written."""
    import json

    numbers = {
        "cost": result.cost,
        "costs": dict(result.costs),
        "bound": result.bound,
        "gap": result.gap,
        "seconds": result.seconds,
        "moves": result.n_moves,
        "stopped": result.stopped,
        "history": [(one.seconds, one.cost) for one in result.history],
    }
    if result.past_target:
        numbers["past_target"] = dict(result.past_target)
    if as_json:
        click.echo(json.dumps(numbers))
        return
    for component, cost in result.costs.items():
        click.echo(f"{component:<28}{cost:>10}")
    click.echo(f"{'cost':<28}{result.cost:>10}")
    for clinical_class, (late, left_out) in result.past_target.items():
        click.echo(f"class {clinical_class}: {late} after their target day, {left_out} left out")
    if result.bound is not None:
        click.echo(f"{'no schedule costs less than':<28}{result.bound:>10}  (gap {result.gap:.1%})")
    click.echo(f"{result.n_moves} moves in {result.seconds:.1f} s, stopped: {result.stopped}")
    click.echo(out)
