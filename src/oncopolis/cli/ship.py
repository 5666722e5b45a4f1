"""``oncopolis ship``: the record at a second place."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncopolis.cli.options import database_option, keys_option

if TYPE_CHECKING:
    from oncopolis.record.care.shipping import Shipment

_MS = 1000  # structure: milliseconds in a second


@click.command(name="ship")
@database_option
@keys_option(required=True)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="FOLDER",
    help="The second place, on another machine's disk; made if missing.",
)
@click.option(
    "--every",
    "every_s",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Go on until Ctrl-C; once if left out.",
)
def command(database: str, keys: Path, folder: Path, every_s: float | None) -> None:
    """Copy what is new in the record to a second place, encrypted, while the server runs.

    Prints how old the oldest change was that was not there yet (RPO). Restore from FOLDER as from a backup.
    """
    from oncopolis.record.care.shipping import Shipper
    from oncopolis.record.store.keys import Keys

    with Shipper(database, Keys.load(keys), folder) as shipper:
        print_shipment(shipper.ship())
        if every_s is not None:
            shipper.run(every_s, print_shipment, lambda error: click.echo(str(error), err=True))


def print_shipment(shipment: "Shipment") -> None:
    """Print what was shipped, and what could be lost."""
    from oncopolis.cli.moments import to_text

    if shipment.path is None:
        click.echo(f"nothing new up to {to_text(shipment.at_ms)}")
        return
    age_s = (shipment.at_ms - shipment.newest_ms) / _MS
    newest = f", newest change {age_s:.2f} s before" if shipment.newest_ms else ""
    exposed = "first copy" if shipment.exposed_s is None else f"RPO {shipment.exposed_s:.2f} s"
    click.echo(
        f"{shipment.path}: {shipment.n_versions} versions, {shipment.n_entries} audit entries, "
        f"{shipment.n_bytes} bytes up to {to_text(shipment.at_ms)}{newest}; {exposed}"
    )
