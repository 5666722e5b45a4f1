"""``oncopolis plan``: a project in, a plan and its reports out."""

from pathlib import Path

import click

from oncopolis.cli.options import (
    language_option,
    out_option,
    project_argument,
    seed_option,
    set_option,
    workers_options,
)


@click.command(name="plan")
@project_argument
@out_option("plan")
@click.option(
    "--draws",
    type=click.IntRange(min=0),
    default=1000,  # structure: the documented default of the command line
    show_default=True,
    metavar="N",
    help="Draws over the evidence ranges; 0 leaves the intervals out.",
)
@seed_option("plan")
@set_option
@click.option(
    "--test",
    is_flag=True,
    help="Live through its first five years in the twin, once each, and say whether it holds.",
)
@workers_options("years of --test")
@language_option("labels")
def command(
    project: Path,
    out: Path,
    draws: int,
    seed: int,
    settings: dict[str, str],
    test: bool,
    workers: int,
    cluster: str | None,
    language: str,
) -> int:
    """Plan a centre and write its reports.

    PROJECT is the folder of centre.yaml. The plan holds demand, workload, equipment, staff, rooms, money,
    biobank and their uncertainty, and is written as plan.json, report.html, equipment.xlsx, staffing.xlsx
    and space_programme.xlsx.

    Exits with 1 when a finding is an error, such as a stated number of machines below the need; the plan
    is written all the same.
    """
    if not test and (workers > 1 or cluster):
        raise click.UsageError(
            "--workers and --cluster share the years of --test; add it, or leave them out."
        )
    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.cli.progress import show_progress
    from oncopolis.report import PLAN_FILES, check_folder, summarise, write_plan
    from oncopolis.studies import plan_project

    check_folder(out, PLAN_FILES)
    with show_progress("planning") as advance:
        plan = plan_project(
            project,
            draws=draws,
            seed=seed,
            settings=settings,
            test=test,
            workers=workers,
            cluster=cluster,
            on_progress=advance,
        )
        written = write_plan(plan, out, language=language, on_progress=advance)
    click.echo(summarise(plan, language=language))
    for path in written:
        click.echo(path)
    return EXIT_FINDINGS if any(finding["severity"] == "error" for finding in plan["findings"]) else 0
