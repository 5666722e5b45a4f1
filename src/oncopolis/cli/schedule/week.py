"""``oncopolis schedule week``: next week of an example centre, scheduled and told on one page."""

from datetime import datetime
from pathlib import Path

import click

from oncopolis.cli.options import language_option, out_option, project_argument, seed_option, set_option


@click.command(name="week")
@project_argument
@out_option("week")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,  # structure: the documented default of the command line
    show_default=True,
    metavar="S",
    help="Time to search, after the twin has drawn who waits.",
)
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Searches side by side, each on a processor of its own.",
)
@seed_option("week")
@click.option(
    "--start",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="DATE",
    help="A day of the week; if left out, a full week of the year the last phase is sized for.",
)
@click.option(
    "--hard-class",
    "hard_classes",
    type=click.IntRange(1, 2),
    multiple=True,
    metavar="CLASS",
    help="Clinical class whose target days are a rule; the others come before every cost. May be repeated.",
)
@set_option
@language_option("page")
@click.option("--json", "as_json", is_flag=True, help="Print the document of the week as JSON only.")
def command(
    project: Path,
    out: Path,
    seconds: float,
    threads: int,
    seed: int,
    start: datetime | None,
    hard_classes: tuple[int, ...],
    settings: dict[str, str],
    language: str,
    as_json: bool,
) -> int:
    """Schedule a week of a centre: theatres, beds, nurses and chairs, with every patient left out explained.

    PROJECT is the folder of centre.yaml. The twin says who waits, who lies in bed and who comes for an
    infusion. week.html shows it all, week.json holds it; ward.json and schedule.json are what the other
    commands of `schedule` take. Class 1 are the urgent and those whose latest day falls into the week,
    class 2 all others. Ctrl-C ends the search early and writes the best found so far.

    Exits with 1 when a day of the day unit has no plan, with 3 when target days that are a rule cannot all be
    kept, with 130 when it was ended early.
    """
    import json

    from oncopolis.cli.entry import EXIT_FINDINGS, EXIT_STOPPED
    from oncopolis.cli.progress import show_progress
    from oncopolis.cli.schedule.solving import stopped_by_hand
    from oncopolis.report import WEEK_FILES, check_folder, summarise_week, write_week
    from oncopolis.studies import schedule_week

    check_folder(out, WEEK_FILES)
    with show_progress("scheduling") as advance, stopped_by_hand() as cancel:
        document = schedule_week(
            project,
            seconds=seconds,
            threads=threads,
            seed=seed,
            start=start.date() if start else None,
            hard_classes=frozenset(hard_classes),
            settings=settings,
            cancel=cancel,
            on_progress=advance,
        )
        written = write_week(document, out, language=language, on_progress=advance)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        click.echo(summarise_week(document, language=language))
        for path in written:
            click.echo(path)
    if cancel.is_set():
        return EXIT_STOPPED
    return EXIT_FINDINGS if any(day["refused"] for day in document["chairs"]) else 0
