"""``oncopolis approve``: the centre takes its server out of shadow mode, or puts it back."""

from pathlib import Path

import click

from oncopolis.cli.places import places_options


@click.command(name="approve")
@places_options
@click.option(
    "--by", required=True, metavar="NAME", help="Who decides; it is kept in the record and the audit."
)
@click.option("--withdraw", is_flag=True, help="Take the approval back.")
def command(project: Path, database: str | None, keys: Path | None, by: str, withdraw: bool) -> None:
    """Approve the server of a project for the care of patients; until then it is in shadow mode.

    PROJECT is the folder of centre.yaml. May run while the server does.
    """
    from oncopolis.record.store import open_store
    from oncopolis.web.mode import find_mode, write_approval
    from oncopolis.web.places import find_places, get_keys

    places = find_places(project, database, keys)
    with open_store(places.url, keys=get_keys(places)) as store:
        version = write_approval(store, by, is_approved=not withdraw)
        click.echo(
            f"{find_mode(store)} mode since {version.type}/{version.id} version {version.version}, by {by}"
        )
