"""``oncopolis serve``: the live server of a project."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncopolis.cli.facing import facing_options
from oncopolis.cli.options import set_option
from oncopolis.cli.places import places_options

if TYPE_CHECKING:
    from oncopolis.web.login.front import Facing

_MS_OF_DAY = 86_400_000  # structure: milliseconds of a day
_MOST_PORTS = 65_535  # structure: the largest port there is


@click.command(name="serve")
@places_options
@click.option(
    "--port",
    type=click.IntRange(0, _MOST_PORTS),
    default=8000,  # structure: the documented default of the command line
    show_default=True,
    metavar="N",
    help="Port to listen on; 0 for one that is free.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="NAME",
    help="Address to listen on; for others than this machine give --cert, or a proxy and --base.",
)
@click.option(
    "--apply", "is_to_apply", is_flag=True, help="Bring the records up to date with the definition."
)
@click.option(
    "--workers",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    metavar="W",
    help="Processes that do long work.",
)
@click.option(
    "--ship-to",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Second place the record is copied to every second, encrypted: on another machine's disk.",
)
@click.option(
    "--keep-requests",
    "kept_days",
    type=click.IntRange(min=1),
    default=30,  # structure: the documented default of the command line
    show_default=True,
    metavar="DAYS",
    help="How long a repeated request is known by its Idempotency-Key; as long as a machine may be away that "
    "sends again what it got no answer to.",
)
@click.option(
    "--mllp",
    type=click.IntRange(0, _MOST_PORTS),
    metavar="N",
    help="Port for HL7 v2 messages of the partners in exchange/settings.yaml; 0 for one that is free.",
)
@click.option(
    "--mllp-host",
    default="127.0.0.1",
    show_default=True,
    metavar="NAME",
    help="Address for HL7 v2; the partners' own addresses are listed in the settings.",
)
@click.option(
    "--dicom",
    type=click.IntRange(0, _MOST_PORTS),
    metavar="N",
    help="Port for the DICOM worklist of the stations in dicom/settings.yaml; 0 for one that is free.",
)
@click.option(
    "--dicom-host",
    default="127.0.0.1",
    show_default=True,
    metavar="NAME",
    help="Address for DICOM; the stations' own addresses are listed in the settings.",
)
@click.option(
    "--drop",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Folder where each partner has one for its CSV files.",
)
@click.option(
    "--demo",
    "is_demo",
    is_flag=True,
    help="Live days of invented patients, marked on every page and record, in a record that goes with the "
    "server; a record with others is refused.",
)
@facing_options
@set_option
def command(
    project: Path,
    database: str | None,
    keys: Path | None,
    port: int,
    host: str,
    is_to_apply: bool,
    workers: int,
    ship_to: Path | None,
    kept_days: int,
    mllp: int | None,
    mllp_host: str,
    dicom: int | None,
    dicom_host: str,
    drop: Path | None,
    is_demo: bool,
    facing: "Facing",
    settings: dict[str, str],
) -> None:
    """Serve the record of a centre as HL7 FHIR R4, until Ctrl-C.

    PROJECT is the folder of centre.yaml. What it leaves open is planned first. The first start makes the
    records of its clinics, rooms, machines and roles; a later one changes nothing, and says what a changed
    definition would change: --apply does it. With --ship-to it says now and then what would be lost with
    this machine (RPO).

    Everybody signs in. The first start prints a link by which the first administrator comes in; programs
    get a token from `oncopolis token`, or are registered and ask as SMART apps do.

    With --demo it opens with a day of the twin in full swing, lived by invented patients at the pace of the
    clock.
    """
    from contextlib import ExitStack

    from oncopolis.cli.progress import show_progress
    from oncopolis.web.demo import find_demo_places
    from oncopolis.web.exchange import Exchange
    from oncopolis.web.places import find_places
    from oncopolis.web.serving import Serving, serve
    from oncopolis.web.shipping import SecondPlace

    if is_demo and facing.scheme == "https":
        raise click.UsageError("a demonstration speaks to itself without a certificate: leave out --cert")
    with ExitStack() as until_the_end, show_progress("starting") as advance:
        places = (
            until_the_end.enter_context(find_demo_places(project, database, keys))
            if is_demo
            else find_places(project, database, keys)
        )
        serving = Serving(
            project=project,
            places=places,
            host=host,
            port=port,
            is_to_apply=is_to_apply,
            n_workers=workers,
            settings=settings,
            second=SecondPlace(ship_to) if ship_to else None,
            neighbours=Exchange(mllp, mllp_host, drop, None if dicom is None else (dicom_host, dicom)),
            facing=facing,
            kept_ms=kept_days * _MS_OF_DAY,
            is_demo=is_demo,
        )
        serve(serving, say=click.echo, advance=advance)
