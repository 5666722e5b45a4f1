"""``oncopolis sensitivity``: which coefficients matter to a figure of the twin."""

from pathlib import Path

import click

from oncopolis.cli.options import days_option, project_argument, seed_option, set_option, workers_option


@click.command(name="sensitivity")
@project_argument
@click.option(
    "--of",
    "output",
    required=True,
    metavar="FIGURE",
    help="Figure of the twin, such as resource.linac.utilisation or waiting.activity.consult.mean_min.",
)
@click.option(
    "--input",
    "inputs",
    multiple=True,
    required=True,
    metavar="PATTERN",
    help="Evidence keys to vary within their ranges; * stands for anything. May be given many times.",
)
@click.option(
    "--points",
    type=click.IntRange(min=1),
    default=50,  # structure: the documented default of the command line
    show_default=True,
    metavar="N",
    help="Points of the Latin hypercube.",
)
@click.option(
    "--sobol",
    type=click.IntRange(min=2),
    metavar="N",
    help="Also estimate Sobol indices of the dozen that matter most, from so many base points, a power of 2.",
)
@days_option("Days of a run.")
@workers_option("points")
@seed_option("answer")
@set_option
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON only.")
def command(
    project: Path,
    output: str,
    inputs: tuple[str, ...],
    points: int,
    sobol: int | None,
    days: int,
    workers: int,
    seed: int,
    settings: dict[str, str],
    as_json: bool,
) -> int:
    """Say which coefficients a figure of the twin depends on.

    Those that fit a pattern and have a range are varied together (a Latin hypercube), and ranked by how the
    figure moves with each while the others are taken out. Sobol indices then say which share of its
    variance comes from each, alone and together with others.
    """
    import json

    from oncopolis.cli.progress import show_progress
    from oncopolis.report.canonical import round_numbers
    from oncopolis.report.sensitivity import write_sensitivity
    from oncopolis.studies import find_sensitivity

    with show_progress("varying") as advance:
        found = find_sensitivity(
            project,
            output,
            inputs,
            points=points,
            sobol=sobol or 0,
            days=days,
            workers=workers,
            seed=seed,
            settings=settings,
            on_progress=advance,
        )
    document = found.to_document()
    click.echo(json.dumps(round_numbers(document)) if as_json else write_sensitivity(document))
    return 0
