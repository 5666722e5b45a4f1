"""``oncopolis validate``: our figures beside what others published."""

from pathlib import Path

import click


@click.command(name="validate")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@click.option(
    "--incidence",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Cancer Today CSV with all countries; adds the world-level checks.",
)
def command(as_json: bool, incidence: Path | None) -> int:
    """Recompute what others published.

    Prints published, ours, tolerance, inside or not for each table.

    Exits with 1 when a check lies outside its tolerance.
    """
    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.studies import validate

    result = validate(incidence=incidence)
    click.echo(result.to_json() if as_json else result.to_text())
    return 0 if result.all_inside else EXIT_FINDINGS
