"""``oncopolis biobank miabis``: the biobank by MIABIS on FHIR, out and in."""

from pathlib import Path

import click

from oncopolis.cli.options import database_option


@click.command(name="miabis")
@click.argument("out", type=click.Path(path_type=Path))
@database_option
@click.option(
    "--description", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="FILE",
    help="YAML with what the biobank says of itself and its collections.",
)  # fmt: skip
@click.option("--samples", is_flag=True, help="Tell single samples and donors, not only counts.")
@click.option("--events", is_flag=True, help="Tell what happened to each sample; needs --samples.")
@click.option("--read", "is_in", is_flag=True, help="Take the samples in OUT over instead of writing it.")
@click.option("--preview", is_flag=True, help="With --read: only tell what would come in.")
@click.option("--by", metavar="NAME", help="With --read: who takes them over.")
def command(
    out: Path,
    database: str,
    description: Path | None,
    samples: bool,
    events: bool,
    is_in: bool,
    preview: bool,
    by: str | None,
) -> int:
    """Write the biobank to OUT by MIABIS Core 3 and the profiles of MIABIS on FHIR, or read it.

    OUT is a transaction Bundle (.json), or a folder that gets a file of lines (.ndjson) for each type. Told
    is research material in the house whose donors agree to research now. With --read, OUT is what another
    biobank wrote; exits with 1 if a sample is wrong.
    """
    if is_in:
        if not preview and not by:
            raise click.UsageError("say who takes them over: --by NAME")
        return _read(out, database, by or "", is_preview=preview)
    if description is None:
        raise click.UsageError("say what the biobank says of itself: --description FILE")
    if events and not samples:
        raise click.UsageError("events are told of single samples: add --samples")
    _write(out, database, description, with_samples=samples, with_events=events)
    return 0


def _write(out: Path, database: str, description: Path, *, with_samples: bool, with_events: bool) -> None:
    from oncopolis.interop.miabis.description import load_description
    from oncopolis.interop.miabis.listing import list_records
    from oncopolis.interop.miabis.writing import writing
    from oncopolis.record.biobank.books import Books
    from oncopolis.record.store import look

    bank = load_description(description)
    with look(database) as reading, writing(out) as add:
        books = Books(reading.session)
        n = list_records(books, bank, with_samples=with_samples, with_events=with_events, add=add)
    click.echo(f"{out}: {n} records")


def _read(path: Path, database: str, by: str, *, is_preview: bool) -> int:
    from oncopolis.biobank.importing.bringing import import_rows
    from oncopolis.biobank.importing.previewing import preview_rows
    from oncopolis.biobank.performing import Bank
    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.interop.miabis.reading import read_resources, read_samples
    from oncopolis.record import Act, Who
    from oncopolis.record.store import open_store
    from oncopolis.record.store.store import get_time_ms

    act = Act("C", "biobank miabis", Who("Person", by, by), "biobank miabis")
    with open_store(database, announce=click.echo) as store:
        if is_preview:
            found = Bank(store).ask(
                lambda books: preview_rows(
                    books,
                    lambda tell: read_samples(read_resources(path), tell),
                    get_time_ms(),
                    lambda problem: click.echo(str(problem.error), err=True),
                )
            )
            click.echo(f"{found.n_specimens} samples of {found.n_donors} new donors would come in")
            return EXIT_FINDINGS if found.n_problems else 0
        brought = import_rows(store, lambda tell: read_samples(read_resources(path), tell), act)
    click.echo(f"{brought.n_specimens} samples of {brought.n_donors} new donors came in")
    return 0
