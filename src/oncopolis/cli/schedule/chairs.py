"""``oncopolis schedule chairs``: on which days, and when each patient sits in a chair."""

from pathlib import Path

import click

from oncopolis.cli.schedule.solving import solving_options


@click.command(name="chairs")
@click.argument("instance", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--start",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Plan of the same instance to begin with.",
)
@solving_options
def command(
    instance: Path, start: Path | None, seconds: float, threads: int, seed: int, out: Path, as_json: bool
) -> int:
    """Schedule cycles of chemotherapy in a day clinic.

    INSTANCE is JSON in the form of the CHT-I instances. Ctrl-C ends the search early and writes the best plan
    found so far.

    Exits with 3 when not everybody can be given a time, with 130 when it was ended early.
    """
    import json

    from oncopolis.cli.entry import EXIT_STOPPED
    from oncopolis.cli.schedule.solving import print_result, show_improvements, stopped_by_hand
    from oncopolis.scheduling.chairs import read_problem, read_solution, solve, to_json

    problem = read_problem(instance)
    warm_start = None if start is None else read_solution(start, problem)
    with show_improvements() as show, stopped_by_hand() as cancel:
        result = solve(
            problem,
            seconds=seconds,
            threads=threads,
            seed=seed,
            warm_start=warm_start,
            on_improvement=show,
            cancel=cancel,
        )
    out.write_text(json.dumps(to_json(problem, result.solution), indent=1) + "\n", "utf-8")
    print_result(result, out, as_json=as_json)
    return EXIT_STOPPED if result.stopped == "cancelled" else 0
