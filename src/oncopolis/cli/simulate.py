"""``oncopolis simulate``: a project in, a run of its twin and the reports out."""

from datetime import datetime
from pathlib import Path

import click

from oncopolis.cli.options import (
    days_option,
    keys_option,
    language_option,
    out_option,
    project_argument,
    replications_option,
    seed_option,
    set_option,
    workers_options,
)

CHECKPOINT = ".replications"
"""Folder inside the one of the run for replications that are done; gone when all are."""


@click.command(name="simulate")
@project_argument
@out_option("run")
@days_option("Days counted.")
@click.option(
    "--start",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="DATE",
    help="First day counted; 1 January of the year the last phase is sized for, or the first day after the "
    "warm-up from the opening, if left out.",
)
@click.option(
    "--from-record",
    metavar="URL",
    help="Start with the people of this live centre, as they stand today or on --start: sqlite:///path or "
    "postgresql://user@host/name. Nothing is written to it; there is no warm-up then.",
)
@keys_option(required=False)
@click.option(
    "--warmup",
    type=click.IntRange(min=0),
    metavar="N",
    help="Days run before those counted; 28 for a centre with cohorts or a campus, else 0, if left out.",
)
@replications_option("How often it is run, with other chances each time; two or more give intervals.")
@click.option(
    "--within",
    type=click.FloatRange(min=0, max=1, min_open=True),
    metavar="SHARE",
    help="Replications are added until the 95 % interval of the mean wait reaches no farther than this share "
    "of it to either side; --replications is then the most, 1,000 if left out.",
)
@workers_options("replications")
@seed_option("run")
@click.option(
    "--log",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Parquet file for every event of the first replication.",
)
@set_option
@language_option("pages, tables and summary")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers of the run as JSON only.")
def command(
    project: Path,
    out: Path,
    days: int,
    start: datetime | None,
    from_record: str | None,
    keys: Path | None,
    warmup: int | None,
    replications: int,
    within: float | None,
    workers: int,
    cluster: str | None,
    seed: int,
    log: Path | None,
    settings: dict[str, str],
    language: str,
    as_json: bool,
) -> int:
    """Run the twin of a centre: the same pathways as the plan, lived through day by day.

    PROJECT is the folder of centre.yaml. What it leaves open is planned first. Waits, use of everything,
    bed census, the way from referral to treatment and whether targets hold are written as twin.json,
    twin.html and tables.

    Exits with 1 when a finding is an error, such as a resource that is needed for more hours than there
    are; with 130 when stopped by Ctrl-C: what there is by then is written and says so. A run of several
    replications that was stopped or killed goes on where it was when started again.
    """
    import json
    from shutil import rmtree

    from oncopolis.cli.entry import EXIT_FINDINGS, EXIT_STOPPED
    from oncopolis.cli.findings import print_finding
    from oncopolis.cli.progress import show_progress
    from oncopolis.report import TWIN_FILES, check_folder, summarise_twin, write_twin
    from oncopolis.studies import simulate_project

    check_folder(out, TWIN_FILES)
    source = None
    if from_record is not None:
        from oncopolis.web.places import Places, get_keys

        source = from_record, get_keys(Places(from_record, keys))
    with show_progress("simulating") as advance:
        document, numbers = simulate_project(
            project,
            days=days,
            replications=replications,
            within=within,
            workers=workers,
            cluster=cluster,
            seed=seed,
            start=start.date() if start else None,
            warmup_days=warmup,
            from_record=source,
            log=log,
            settings=settings,
            checkpoint=out / CHECKPOINT if replications > 1 or within else None,
            on_progress=advance,
            on_finding=print_finding,
        )
        written = write_twin(document, out, language, on_progress=advance)
    complete = document["run"]["complete"]
    if complete:
        rmtree(out / CHECKPOINT, ignore_errors=True)
    if as_json:
        click.echo(json.dumps(numbers))
    else:
        click.echo(summarise_twin(document, language=language))
        for path in (*written, *((log,) if log and complete else ())):
            click.echo(path)
    if not complete:
        return EXIT_STOPPED
    return EXIT_FINDINGS if any(found["severity"] == "error" for found in document["findings"]) else 0
