"""``oncopolis rotate-key``: a new master key for the record."""

from pathlib import Path

import click

from oncopolis.cli.options import database_option, keys_option


@click.command(name="rotate-key")
@database_option
@keys_option(required=True)
@click.option(
    "--new",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="File with the new master key; made if missing.",
)
def command(database: str, keys: Path, new: Path) -> None:
    """Give the record a new master key, after the old one was seen by others or its time has come.

    The server is stopped meanwhile. All patients' keys are wrapped anew, or none: run it again if it was
    interrupted. Backups and shipped copies that were made before still need the old file.
    """
    from oncopolis.record.care.rotating import rotate
    from oncopolis.record.store.keys import Keys
    from oncopolis.web.locking import hold
    from oncopolis.web.places import find_file

    with hold(find_file(database)):
        old = Keys.load(keys)
        n_keys = rotate(database, old, Keys.load(new) if new.exists() else Keys.make(new))
    done = "it has this key already" if n_keys is None else f"{n_keys} keys of patients are wrapped anew"
    click.echo(f"{done}: give --keys {new} from now on, and make a backup; {keys} only opens older copies")
