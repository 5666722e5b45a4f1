"""``oncopolis replay``: a day of the twin lived against a running server, and compared."""

from datetime import datetime
from pathlib import Path

import click

from oncopolis.cli.options import project_argument, seed_option, set_option

_LONGEST_MIN = 1440  # structure: minutes of a day


@click.command(name="replay")
@project_argument
@click.option(
    "--day",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    required=True,
    metavar="DATE",
    help="Day that is lived.",
)
@click.option(
    "--contacts",
    type=click.IntRange(min=1),
    default=30_000,  # structure: the documented default of the command line
    show_default=True,
    metavar="N",
    help="About how many contacts it has: a sample of the twin's people, or those of several of its days.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True, max=_LONGEST_MIN),
    default=10.0,  # structure: the documented default of the command line
    show_default=True,
    metavar="M",
    help="How long it takes; each minute has as many acts as any other.",
)
@click.option(
    "--url",
    default="http://127.0.0.1:8000",
    show_default=True,
    metavar="URL",
    help="Server of the project, in shadow mode.",
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    required=True,
    metavar="FILE",
    help="What `oncopolis token --scope 'system/*.cruds'` printed.",
)
@seed_option("day")
@set_option
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON only.")
def command(
    project: Path,
    day: datetime,
    contacts: int,
    minutes: float,
    url: str,
    token_file: Path,
    seed: int,
    settings: dict[str, str],
    as_json: bool,
) -> int:
    """Live a day of the twin against a running server through its public API.

    PROJECT is the folder of centre.yaml that the server serves. Invented patients are registered, booked,
    checked in, called, treated and sent home, things break and people do not come. Afterwards the record is
    compared with what the same acts give in memory, and checked for what may never be.

    Exits with 1 when anything differs, is broken or was refused that should not be; with 130 when stopped by
    Ctrl-C: what was lived by then is compared and told, marked as not complete.
    """
    import json

    from oncopolis.cli.entry import EXIT_FINDINGS, EXIT_STOPPED
    from oncopolis.cli.progress import show_progress
    from oncopolis.web.calling import Address
    from oncopolis.web.replaying import Wanted, replay_project

    address = Address.read(url, token_file.read_text("utf-8").strip())
    wanted = Wanted(project, day.date(), contacts, minutes, address, seed, settings)
    with show_progress("replaying") as advance:
        numbers, is_well = replay_project(wanted, advance)
    click.echo(json.dumps(numbers, ensure_ascii=False) if as_json else _tell(numbers))
    if not is_well:
        return EXIT_FINDINGS
    return 0 if numbers["complete"] else EXIT_STOPPED


def _tell(numbers: dict[str, object]) -> str:
    """Return the numbers, one a line."""
    return "\n".join(f"{name:24} {value}" for name, value in numbers.items())
