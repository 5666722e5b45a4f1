"""``oncopolis account``: who may sign in, from the command line of the machine."""

import getpass
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncopolis.cli.places import places_options

if TYPE_CHECKING:
    from oncopolis.record.accounts import Account


@click.command(name="account")
@places_options
@click.argument(
    "action", type=click.Choice(("list", "add", "disable", "enable", "link", "unpair")), default="list"
)
@click.argument("login", default="")
@click.option("--name", default="", metavar="NAME", help="Name of the person, for add.")
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="Role, for add; may be repeated.")
@click.option(
    "--clinic", "clinics", multiple=True, metavar="ID", help="Organization they work in; may be repeated."
)
@click.option("--practitioner", metavar="ID", help="Their Practitioner record.")
@click.option("--patient", "patients", multiple=True, metavar="ID", help="Patient they are or act for.")
def command(
    project: Path,
    database: str | None,
    keys: Path | None,
    action: str,
    login: str,
    name: str,
    roles: tuple[str, ...],
    clinics: tuple[str, ...],
    practitioner: str | None,
    patients: tuple[str, ...],
) -> None:
    """List accounts, add, disable or enable one, or make a one-time link by which its owner sets a password.

    PROJECT is the folder of centre.yaml; LOGIN is what the person types to sign in. May run while the server
    does. A link is printed as a path below the server's address, and works once within a day. unpair removes
    authenticator and passkeys of who lost them.
    """
    from oncopolis.record.accounts import Account, managing, rows
    from oncopolis.record.accounts.desk import Desk
    from oncopolis.record.accounts.signing import Seal
    from oncopolis.record.store import open_store
    from oncopolis.record.types import Who
    from oncopolis.web.places import find_places, get_keys

    if (action == "list") == bool(login):
        raise click.UsageError("list takes no LOGIN, everything else does")
    who = Who("Person", getpass.getuser(), "command line")
    places = find_places(project, database, keys)
    master = get_keys(places)
    with open_store(places.url, keys=master) as store:
        desk = Desk(store, Seal(master))
        if action == "list":
            for account in desk.ask(rows.list_accounts):
                click.echo(_to_line(account))
        elif action == "add":
            wanted = Account(
                "",
                login,
                name or login,
                frozenset(roles),
                frozenset(clinics),
                practitioner,
                frozenset(patients),
            )
            made = managing.add_account(desk, wanted, who)
            click.echo(f"/login/link/{managing.make_link(desk, made, who)}")
        else:
            account = managing.get_account(desk, login)
            if action == "link":
                click.echo(f"/login/link/{managing.make_link(desk, account, who)}")
            elif action == "unpair":
                managing.remove_factors(desk, account, who)
                click.echo(_to_line(account))
            else:
                changed = replace(account, is_disabled=action == "disable")
                click.echo(_to_line(managing.change_account(desk, changed, who)))


def _to_line(account: "Account") -> str:
    state = "disabled" if account.is_disabled else "may sign in"
    return f"{account.login}: {account.name}, {', '.join(sorted(account.roles)) or 'no role'}, {state}"
