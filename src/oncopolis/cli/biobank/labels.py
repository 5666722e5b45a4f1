"""``oncopolis biobank labels``: labels of specimens or boxes, for a printer."""

from pathlib import Path

import click

from oncopolis.cli.options import database_option


@click.command(name="labels")
@click.argument("codes", nargs=-1)
@database_option
@click.option("--box", metavar="NAME", help="All specimens of a box.")
@click.option(
    "--size",
    type=click.Choice(["vial", "tube", "straw", "box"]),
    default="vial",
    show_default=True,
    help="The stock; the last is for boxes, with CODES their names.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File to write: .pdf, or .zpl for a label printer.",
)
def command(codes: tuple[str, ...], database: str, box: str | None, size: str, out: Path) -> None:
    """Write labels of the specimens with these CODES, or of a whole box."""
    from oncopolis.biobank.storage.finding import get_box, get_container, get_specimen
    from oncopolis.record.biobank.books import Books
    from oncopolis.record.store import look
    from oncopolis.report.labels import SIZES, Label, make_label, write_pdf, write_zpl

    if out.suffix not in (".pdf", ".zpl") or bool(codes) == bool(box):
        raise click.UsageError("give CODES or --box, and an --out that ends in .pdf or .zpl")
    with look(database) as reading:
        books = Books(reading.session)
        if box is not None:
            labels = [make_label(one) for one in books.list_in_box(get_box(books, box).id)]
        elif size == "box":
            labels = [Label(get_container(books, code).name) for code in codes]
        else:
            labels = [make_label(get_specimen(books, code)) for code in codes]
    if out.suffix == ".pdf":
        out.write_bytes(write_pdf(labels, SIZES[size]))
    else:
        out.write_text(write_zpl(labels, SIZES[size]), "utf-8")
    click.echo(f"{out}: {len(labels)} labels")
