"""``oncopolis schedule rosters``: who works which shift of which day."""

from pathlib import Path

import click

from oncopolis.cli.schedule.solving import solving_options


@click.command(name="rosters")
@click.argument("instance", type=click.Path(path_type=Path))
@click.option(
    "--start",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Roster of the same instance to begin with.",
)
@solving_options
def command(
    instance: Path, start: Path | None, seconds: float, threads: int, seed: int, out: Path, as_json: bool
) -> int:
    """Schedule the shifts of nurses.

    INSTANCE is of the Second International Nurse Rostering Competition: a name such as n030w4_1_6-2-9-1,
    beside the folder n030w4 of which history 1 and the weeks 6, 2, 9 and 1 are meant, or one JSON file with
    scenario, history and weeks. Ctrl-C ends the search early and writes the best roster found so far.

    Exits with 3 when there are too few people, with 130 when it was ended early.
    """
    from oncopolis.cli.entry import EXIT_STOPPED
    from oncopolis.cli.schedule.solving import print_result, solve_file
    from oncopolis.scheduling import rosters

    _, result = solve_file(rosters, instance, start, out, seconds=seconds, threads=threads, seed=seed)
    print_result(result, out, as_json=as_json)
    return EXIT_STOPPED if result.stopped == "cancelled" else 0
