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
    from oncopolis.cli.entry import EXIT_STOPPED
    from oncopolis.cli.schedule.solving import print_result, solve_file
    from oncopolis.scheduling import chairs

    _, result = solve_file(chairs, instance, start, out, seconds=seconds, threads=threads, seed=seed)
    print_result(result, out, as_json=as_json)
    return EXIT_STOPPED if result.stopped == "cancelled" else 0
