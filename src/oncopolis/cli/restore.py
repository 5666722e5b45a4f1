"""``oncopolis restore``: the record from a backup or a shipped copy."""

from pathlib import Path

import click

from oncopolis.cli.options import database_option, keys_option


@click.command(name="restore")
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@database_option
@keys_option(required=True)
@click.option(
    "--erased",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Patients who stay erased, one id a line, as verify --erased writes them.",
)
def command(source: Path, database: str, keys: Path, erased: Path | None) -> int:
    """Restore a backup, or the folder that was shipped to, into an empty place, and verify it.

    Exits with 1 when the verification finds something.
    """
    from oncopolis.cli.moments import to_text
    from oncopolis.cli.verify import print_inspection
    from oncopolis.record.care.erasing import read_list
    from oncopolis.record.care.restoring import restore
    from oncopolis.record.store.keys import Keys

    restored = restore(source, Keys.load(keys), database, read_list(erased) if erased else ())
    click.echo(f"restored up to {to_text(restored.at_ms)} from {restored.n_files} files")
    if erased:
        click.echo(f"{restored.n_erased} patients were erased again")
    code = print_inspection(restored.inspection)
    click.echo(f"recovery time (RTO): {restored.took_s:.2f} s with the verification")
    return code
