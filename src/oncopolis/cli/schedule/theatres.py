"""``oncopolis schedule theatres``: who is admitted when, to which room, theatre and nurse."""

from pathlib import Path

import click

from oncopolis.cli.schedule.solving import solving_options


@click.command(name="theatres")
@click.argument("instance", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--start",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Schedule of the same instance to begin with.",
)
@solving_options
def command(
    instance: Path, start: Path | None, seconds: float, threads: int, seed: int, out: Path, as_json: bool
) -> int:
    """Schedule theatres, beds and nurses together.

    INSTANCE is JSON in the form of the Integrated Healthcare Timetabling Competition 2024, and so is the
    schedule that is written. Ctrl-C ends the search early and writes the best schedule found so far.

    Exits with 3 when those who have to be admitted cannot all be, with 130 when it was ended early.
    """
    from oncopolis.cli.entry import EXIT_STOPPED
    from oncopolis.cli.schedule.solving import print_result, solve_file
    from oncopolis.scheduling import theatres

    problem, result = solve_file(theatres, instance, start, out, seconds=seconds, threads=threads, seed=seed)
    print_result(result, out, as_json=as_json)
    for group in () if as_json else theatres.list_groups(problem, result.solution):
        if group.out:
            click.echo(f"left out of {group.kind} {group.value}: {len(group.out)} of {group.n}")
    return EXIT_STOPPED if result.stopped == "cancelled" else 0
