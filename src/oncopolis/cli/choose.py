"""``oncopolis choose``: the best of several alternatives."""

from pathlib import Path
from typing import Any

import click

from oncopolis.cli.options import (
    Setting,
    days_option,
    language_option,
    project_argument,
    seed_option,
    workers_options,
)


class Part(click.ParamType[tuple[str, tuple[str, str]]]):
    """``NAME:KEY=VALUE``."""

    name = "name:key=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, tuple[str, str]]:
        """Split at the first ``:``."""
        if isinstance(value, tuple):
            return value
        name, _, setting = (part.strip() for part in str(value).partition(":"))
        if not (name and setting):
            self.fail(
                f"got {value!r}, expected NAME:KEY=VALUE, such as more:resources.chair.n=12", param, ctx
            )
        return name, Setting().convert(setting, param, ctx)


def _to_alternatives(
    ctx: click.Context, param: click.Parameter, parts: tuple[tuple[str, tuple[str, str]], ...]
) -> dict[str, dict[str, str]]:
    alternatives: dict[str, dict[str, str]] = {}
    for name, (key, text) in parts:
        settings = alternatives.setdefault(name, {})
        if key in settings:
            raise click.BadParameter(f"{key!r} is set twice in {name!r}; keep one of the two", ctx, param)
        settings[key] = text
    return alternatives


@click.command(name="choose")
@project_argument
@click.option(
    "--alternative",
    "alternatives",
    type=Part(),
    multiple=True,
    required=True,
    callback=_to_alternatives,
    metavar="NAME:KEY=VALUE",
    help="Something that is different in the alternative of this name; may be given many times, also for one "
    "alternative. The project as it is takes part too.",
)
@click.option("--lowest", metavar="FIGURE", help="The alternative with the least of this is the best.")
@click.option("--highest", metavar="FIGURE", help="The alternative with the most of this is the best.")
@click.option(
    "--indifference",
    type=click.FloatRange(min=0, min_open=True),
    metavar="D",
    help="A difference not worth telling apart, in the unit of the figure: it runs until the rest "
    "is told apart.",
)
@click.option(
    "--probability",
    type=click.FloatRange(min=0, max=1, min_open=True, max_open=True),
    default=0.95,  # structure: the documented default of the command line
    show_default=True,
    metavar="P",
    help="That the best is chosen, if it is better than all others by the indifference.",
)
@click.option(
    "--budget",
    type=click.IntRange(min=1),
    metavar="N",
    help="Replications of all alternatives together, in place of --indifference: they go where the choice is "
    "hard.",
)
@days_option("Days of a run.")
@workers_options("replications")
@seed_option("choice")
@language_option("page and summary")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for choice.json and choice.html; made if missing.",
)
def command(
    project: Path,
    alternatives: dict[str, dict[str, str]],
    lowest: str | None,
    highest: str | None,
    indifference: float | None,
    probability: float,
    budget: int | None,
    days: int,
    workers: int,
    cluster: str | None,
    seed: int,
    language: str,
    out: Path | None,
) -> int:
    """Choose the best of several alternatives of a centre, by a figure of the twin.

    Figures are named as in what_if.json; target.ID is the share that a target is judged by. Everybody has the
    same chances in all runs. With --indifference what is plainly worse is dropped early, and the right choice
    is promised with --probability; with --budget its probability is estimated when all is spent.

    What the definition leaves to the plan is planned once, for the project as it is.
    """
    figure = lowest or highest
    if figure is None or (lowest and highest):
        raise click.UsageError("Give one of --lowest FIGURE and --highest FIGURE: what makes the best?")
    if (indifference is None) == (budget is None):
        raise click.UsageError("Give one of --indifference D and --budget N: when may the search end?")
    from oncopolis.cli.entry import EXIT_STOPPED
    from oncopolis.cli.findings import print_finding
    from oncopolis.cli.progress import show_progress
    from oncopolis.report import check_folder
    from oncopolis.report.choice import CHOICE_FILES, summarise_choice, write_choice
    from oncopolis.studies import Goal, choose_alternative

    if out is not None:
        check_folder(out, CHOICE_FILES)
    with show_progress("choosing") as advance:
        found = choose_alternative(
            project,
            alternatives,
            Goal(figure, highest is not None, indifference, probability, budget),
            days=days,
            workers=workers,
            cluster=cluster,
            seed=seed,
            on_progress=advance,
        )
    for finding in found.findings:
        if finding.severity != "note":
            print_finding(finding)
    document = found.to_document()
    click.echo(summarise_choice(document, language=language))
    if out is not None:
        for path in write_choice(document, out, language=language):
            click.echo(path)
    return 0 if found.complete else EXIT_STOPPED
