"""``oncopolis what-if``: a centre beside itself with something changed."""

from pathlib import Path

import click

from oncopolis.cli.options import (
    days_option,
    project_argument,
    replications_option,
    seed_option,
    set_option,
    workers_options,
)

FILE = "what_if.json"


@click.command(name="what-if")
@project_argument
@set_option
@replications_option(
    "How often both are run, with the same chances.",
    least=2,
    default=10,  # structure: the documented default of the command line
)
@days_option("Days of a run.")
@workers_options("replications")
@seed_option("runs")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"Folder for {FILE} with every figure that differs; made if missing.",
)
def command(
    project: Path,
    settings: dict[str, str],
    replications: int,
    days: int,
    workers: int,
    cluster: str | None,
    seed: int,
    out: Path | None,
) -> int:
    """Compare a centre with itself when something is different.

    Everybody has the same chances in both runs, so that differences are those of the setting. Targets and
    figures that surely differ are listed, the largest effect first, with 95 % intervals.

    What the definition leaves to the plan is planned once, for the project as it is.
    """
    if not settings:
        raise click.UsageError("Give at least one --set KEY=VALUE: what is to be different?")
    from oncopolis.cli.entry import EXIT_STOPPED
    from oncopolis.cli.findings import print_finding
    from oncopolis.cli.progress import show_progress
    from oncopolis.report import check_folder
    from oncopolis.report.scenarios import write_comparison, write_document
    from oncopolis.studies import compare_scenarios

    if out is not None:
        check_folder(out, [FILE])
    with show_progress("comparing") as advance:
        found = compare_scenarios(
            project,
            settings,
            days=days,
            replications=replications,
            workers=workers,
            cluster=cluster,
            seed=seed,
            on_progress=advance,
        )
    for finding in found.findings:
        if finding.severity != "note":
            print_finding(finding)
    document = found.to_document()
    click.echo(write_comparison(document))
    if out is not None:
        click.echo(write_document(document, out / FILE))
    return 0 if found.complete else EXIT_STOPPED
