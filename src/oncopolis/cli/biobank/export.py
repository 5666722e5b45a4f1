"""``oncopolis biobank export``: the inventory as a file."""

from pathlib import Path

import click

from oncopolis.cli.options import database_option


@click.command(name="export")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@database_option
@click.option("--all", "is_all", is_flag=True, help="Also what was given out or destroyed.")
def command(out: Path, database: str, is_all: bool) -> None:
    """Write the inventory to OUT (.csv or .xlsx), with the columns that `import` reads.

    May run while the server does: it sees one moment.
    """
    from oncopolis.biobank.importing.columns import COLUMNS
    from oncopolis.biobank.importing.files import write_table
    from oncopolis.biobank.importing.writing import list_rows
    from oncopolis.record.biobank.books import Books
    from oncopolis.record.store import look

    if out.suffix.lower() not in (".csv", ".xlsx"):
        raise click.UsageError("OUT ends in .csv or .xlsx")
    with look(database) as reading:
        n = write_table(out, tuple(COLUMNS), list_rows(Books(reading.session), is_all=is_all))
    click.echo(f"{out}: {n} specimens")
