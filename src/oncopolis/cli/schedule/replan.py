"""``oncopolis schedule replan``: a schedule of theatres and wards mended after something has happened."""

from pathlib import Path

import click


@click.command(name="replan")
@click.argument("instance", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("told", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--today",
    type=click.IntRange(min=0),
    required=True,
    metavar="DAY",
    help="First day that may still be changed, from 0.",
)
@click.option(
    "--charge",
    type=click.IntRange(min=0),
    required=True,
    metavar="COST",
    help="Cost of each patient who has to be told another day.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=2.5,  # structure: the documented default of the command line
    show_default=True,
    metavar="S",
    help="Time to search.",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="S",
              help="Another seed makes another search.")  # fmt: skip
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="File for the schedule.",
)
@click.option("--json", "as_json", is_flag=True, help="Print cost and changes as JSON only.")
def command(
    instance: Path, told: Path, today: int, charge: int, seconds: float, seed: int, out: Path, as_json: bool
) -> None:
    """Mend a schedule of theatres and wards with few changes to what patients were told.

    INSTANCE is the problem as it is now, TOLD the schedule that is known. Who came before today stays where
    they are, and so do nurses of past days.

    Exits with 3 when those who have to be admitted cannot all be.
    """
    import json

    from oncopolis.scheduling.theatres import read_problem, read_solution, replan, to_json

    problem = read_problem(instance)
    again = replan(
        problem, read_solution(told, problem), today=today, charge=charge, seconds=seconds, seed=seed
    )
    out.write_text(json.dumps(to_json(problem, again.result.solution), indent=1) + "\n", "utf-8")
    click.echo(json.dumps(again.to_dict()) if as_json else again.to_text())
    if not as_json:
        click.echo(out)
