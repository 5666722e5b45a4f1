"""``oncopolis retention``: whose records were kept long enough, and their erasure by a named person."""

from pathlib import Path

import click

from oncopolis.cli.places import places_options


@click.command(name="retention")
@places_options
@click.option(
    "--release", "released", multiple=True, metavar="ID", help="Erase this patient, who is due; many times."
)
@click.option("--release-all", is_flag=True, help="Erase everybody who is due.")
@click.option("--by", default="", metavar="NAME", help="Who releases them; it is kept in the audit.")
@click.option("--json", "as_json", is_flag=True, help="Print the rule and who is due as JSON.")
def command(
    project: Path,
    database: str | None,
    keys: Path | None,
    released: tuple[str, ...],
    release_all: bool,
    by: str,
    as_json: bool,
) -> None:
    """List the patients whose records were kept as long as the law of the country asks; erase those released.

    PROJECT is the folder of centre.yaml. How long is kept is `retention_years` of its access.yaml, or else
    what is noted of the law; records are due so many years after the last entry about the patient. To erase
    is to destroy the patient's key: the audit chain stays whole. May run while the server does.
    """
    import json
    from dataclasses import asdict

    from oncopolis.centre import read_project
    from oncopolis.interop.instants import to_instant
    from oncopolis.record.access.practice import read_practice
    from oncopolis.record.care.retaining import find_rule, list_due, release
    from oncopolis.record.store import open_store
    from oncopolis.record.store.store import get_time_ms
    from oncopolis.web.places import find_places, get_keys

    places = find_places(project, database, keys)
    rule = find_rule(read_project(project).centre.country, read_practice(project).retention_years)
    with open_store(places.url, keys=get_keys(places)) as store:
        due = store.ask(lambda reading: list_due(reading.session, rule, get_time_ms()))
        chosen = [one.patient for one in due] if release_all else list(released)
        erased = release(store, chosen, rule, by) if chosen else {}
    if as_json:
        told = {"rule": asdict(rule), "due": [asdict(one) for one in due], "erased": erased}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    click.echo(f"records are kept for {rule.years} years after the last entry: {rule.reason}")
    for one in due:
        click.echo(f"{one.patient}  {one.n_records} records, last entry {to_instant(one.last_ms)[:10]}")
    click.echo(f"{len(due)} patients are due")
    for patient, n_records in erased.items():
        click.echo(f"{patient} is erased: {n_records} records, released by {by}")
