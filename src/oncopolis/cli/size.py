"""``oncopolis size``: the smallest capacities that meet a centre's targets."""

from pathlib import Path
from typing import Any

import click

from oncopolis.cli.options import (
    days_option,
    project_argument,
    replications_option,
    seed_option,
    set_option,
    workers_options,
)


class Range(click.ParamType[tuple[str, int, int]]):
    """``NAME=LOW..HIGH``."""

    name = "name=low..high"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int, int]:
        """Split into the name and its bounds."""
        if isinstance(value, tuple):
            return value
        name, equals, bounds = (part.strip() for part in str(value).partition("="))
        low, dots, high = bounds.partition("..")
        if not (name and equals and dots and low.isdecimal() and high.isdecimal() and int(low) <= int(high)):
            self.fail(f"got {value!r}, expected NAME=LOW..HIGH, such as linac=2..6", param, ctx)
        return name, int(low), int(high)


@click.command(name="size")
@project_argument
@click.option(
    "--resource",
    "ranges",
    type=Range(),
    multiple=True,
    required=True,
    metavar="NAME=LOW..HIGH",
    help="A resource that may change, and between which counts; may be given many times.",
)
@click.option(
    "--target", "targets", multiple=True, metavar="ID", help="Targets that count; all of them if left out."
)
@replications_option("How often each trial is run, with the same chances.")
@days_option("Days of a run.")
@workers_options("replications of a trial")
@seed_option("answer")
@set_option
def command(
    project: Path,
    ranges: tuple[tuple[str, int, int], ...],
    targets: tuple[str, ...],
    replications: int,
    days: int,
    workers: int,
    cluster: str | None,
    seed: int,
    settings: dict[str, str],
) -> None:
    """Find the smallest capacities with which the targets of a centre are met.

    Counts are tried in the twin, until no single one can be lowered without missing a target. Dear
    resources are spared first, by salaries and by equipment spread over its life.

    Exits with 3 when targets are missed even with the most of everything.
    """
    from oncopolis.cli.findings import print_finding
    from oncopolis.cli.progress import show_progress
    from oncopolis.report.capacities import write_capacity
    from oncopolis.studies import size_project

    bounds = {name: (low, high) for name, low, high in ranges}
    if len(bounds) < len(ranges):
        raise click.UsageError("A resource is given twice; keep one of the two.")
    with show_progress("sizing") as advance:
        sized = size_project(
            project,
            bounds,
            targets,
            days=days,
            replications=replications,
            workers=workers,
            cluster=cluster,
            seed=seed,
            settings=settings,
            on_progress=advance,
        )
    for finding in sized.findings:
        if finding.severity != "note" and not finding.rule.startswith("utilisation"):
            print_finding(finding)
    click.echo(write_capacity(sized.to_document()))
