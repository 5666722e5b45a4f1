"""``oncopolis token``: a bearer token for a program that cannot sign in."""

import getpass
from pathlib import Path

import click

from oncopolis.cli.places import places_options

_MOST_DAYS = 366  # structure: a token that lives longer is forgotten where it lies


@click.command(name="token")
@places_options
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="SCOPE",
    help='What it may do, as SMART says it: "system/*.rs" reads and searches all; may be repeated.',
)
@click.option(
    "--days", type=click.IntRange(1, _MOST_DAYS), required=True, metavar="N", help="How long it is good."
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    default=("program",),
    show_default=True,
    metavar="ROLE",
    help="Role of the access policy it acts in; may be repeated.",
)
@click.option(
    "--clinic", "clinics", multiple=True, metavar="ID", help="Organization it works in; may be repeated."
)
@click.option("--name", default="program", show_default=True, metavar="NAME", help="What the audit calls it.")
def command(
    project: Path,
    database: str | None,
    keys: Path | None,
    scopes: tuple[str, ...],
    days: int,
    roles: tuple[str, ...],
    clinics: tuple[str, ...],
    name: str,
) -> None:
    """Print a bearer token for a program; it is not shown again.

    PROJECT is the folder of centre.yaml. May run while the server does. Administrators see and end it on the
    server's page of programs.
    """
    from oncopolis.record.accounts.desk import Desk
    from oncopolis.record.accounts.granting import print_token
    from oncopolis.record.accounts.signing import Seal
    from oncopolis.record.store import open_store
    from oncopolis.record.types import Who
    from oncopolis.web.places import find_places, get_keys

    places = find_places(project, database, keys)
    master = get_keys(places)
    with open_store(places.url, keys=master) as store:
        token = print_token(
            Desk(store, Seal(master)),
            name=name,
            scopes=" ".join(scopes),
            roles=roles,
            clinics=clinics,
            days=days,
            who=Who("Person", getpass.getuser(), "command line"),
        )
    click.echo(token)
