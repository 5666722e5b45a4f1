"""``oncopolis backup``: everything in the record, in one encrypted file."""

from pathlib import Path

import click

from oncopolis.cli.options import database_option, keys_option


@click.command(name="backup")
@database_option
@keys_option(required=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File to write; must not be there yet.",
)
def command(database: str, keys: Path, out: Path) -> None:
    """Back the record up into one encrypted file, while the server runs."""
    from oncopolis.cli.moments import to_text
    from oncopolis.record.care.backup import back_up
    from oncopolis.record.store.keys import Keys

    manifest = back_up(database, Keys.load(keys), out)
    click.echo(
        f"{out}: {manifest.counts['version']} versions of {manifest.counts['resource']} records, "
        f"up to {to_text(manifest.at_ms)}"
    )
