"""``oncopolis biobank compare``: where an old inventory and the books differ."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from oncopolis.cli.options import database_option

_SHOWN = 20  # structure: differences that are told on the terminal


@click.command(name="compare")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@database_option
@click.option(
    "--mapping", default="", metavar="NAME",
    help="`openspecimen`, or a YAML file that says how FILE is to be read; our own columns if left out.",
)  # fmt: skip
@click.option("--zone", default="", metavar="ZONE", help="Time zone of moments without an offset; else UTC.")
@click.option("--unit", default="", metavar="UNIT", help="Unit of amounts without one: mg, ul, ...")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Write every difference to a .csv or .xlsx.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def command(
    file: Path, database: str, mapping: str, zone: str, unit: str, out: Path | None, as_json: bool
) -> int:
    """Compare FILE, an inventory, with the books: place, donor, type and amount of each specimen.

    For each box that FILE names it also tells what is stored there but not in FILE. May run while the server
    does. Exits with 1 if something differs.
    """
    from oncopolis.biobank.importing.comparing import HEADS, Difference, compare, to_cells
    from oncopolis.biobank.importing.files import listing
    from oncopolis.biobank.importing.mapping import OWN, load_mapping
    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.record.biobank.books import Books
    from oncopolis.record.store import look

    how = (load_mapping(mapping) if mapping else OWN).narrow(zone=zone or None, unit=unit or None)
    n = 0
    with look(database) as reading, listing(out, HEADS) as add:

        def tell(one: Difference) -> None:
            nonlocal n
            n += 1
            add(to_cells(one))
            if n <= _SHOWN and not as_json:
                row = "not in the file" if one.row is None else f"row {one.row}"
                click.echo(
                    f"{row}, {one.barcode}: {one.what}: {one.theirs or '-'}, in the books {one.ours or '-'}"
                )

        found = compare(Books(reading.session), file, how, tell)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        told = ", ".join(f"{count} {what}" for what, count in sorted(found.counts.items()))
        click.echo(f"{found.n_same} of {found.n_rows} rows are as in the books; {told or 'no difference'}")
        click.echo(f"{found.n_other} specimens are stored in boxes that the file does not name")
    return EXIT_FINDINGS if n else 0
