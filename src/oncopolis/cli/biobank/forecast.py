"""``oncopolis biobank forecast``: when the places run out."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from oncopolis.cli.options import database_option, project_argument


@click.command(name="forecast")
@project_argument
@database_option
@click.option("--json", "as_json", is_flag=True, help="Print the forecast as JSON.")
def command(project: Path, database: str, as_json: bool) -> int:
    """Tell when the biobank is full, by the intake that the plan of PROJECT expects.

    Positions count as far as they are used in practice; tanks that are kept empty, or closed, do not count.
    Exits with 1 if it is full within the days of `tanks.space.ahead` of the evidence, a year unless PROJECT
    says otherwise.
    """
    from datetime import UTC, datetime

    from oncopolis.biobank.storage.forecasting import forecast, read_intake
    from oncopolis.centre import read_project
    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.record.biobank.books import Books
    from oncopolis.record.store import look
    from oncopolis.record.store.store import get_time_ms

    intake = read_intake(read_project(project, {}))
    with look(database) as reading:
        told = forecast(Books(reading.session), intake, datetime.now(UTC).date(), get_time_ms())
    if as_json:
        click.echo(json.dumps(asdict(told), default=str))
    else:
        full = "not within half a century" if told.full_on is None else f"on {told.full_on}"
        click.echo(f"{told.n_stored} of {told.n_places} usable positions are taken; full {full}")
        if told.is_warning:
            click.echo("warning: bring more storage into use", err=True)
    return EXIT_FINDINGS if told.is_warning else 0
