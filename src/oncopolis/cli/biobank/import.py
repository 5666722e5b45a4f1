"""``oncopolis biobank import``: an old inventory comes in, whole or not at all."""  # noqa: N999 - as the command is called

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncopolis.cli.options import database_option

if TYPE_CHECKING:
    from oncopolis.biobank.importing.mapping import FileMapping
    from oncopolis.biobank.importing.previewing import Preview
    from oncopolis.biobank.inventory.admitting import Problem, Tell
    from oncopolis.record.store import Store

_SHOWN = 20  # structure: problems that are told on the terminal


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@database_option
@click.option("--preview", is_flag=True, help="Only tell what would come in, and every row that would not.")
@click.option("--storage", is_flag=True, help="FILE has sites, rooms, tanks, racks and boxes, not specimens.")
@click.option(
    "--mapping", default="", metavar="NAME",
    help="`openspecimen`, or a YAML file that says how FILE is to be read; our own columns if left out.",
)  # fmt: skip
@click.option("--zone", default="", metavar="ZONE", help="Time zone of moments without an offset; else UTC.")
@click.option("--unit", default="", metavar="UNIT", help="Unit of amounts without one: mg, ul, ...")
@click.option(
    "--problems", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Write every row that is wrong to a .csv or .xlsx.",
)  # fmt: skip
@click.option("--leave-out", is_flag=True, help="Take over the other rows; needs --problems.")
@click.option("--by", metavar="NAME", help="Who takes it over; needed without --preview.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def command(
    file: Path,
    database: str,
    preview: bool,
    storage: bool,
    mapping: str,
    zone: str,
    unit: str,
    problems: Path | None,
    leave_out: bool,
    by: str | None,
    as_json: bool,
) -> int:
    """Take the inventory in FILE (.csv or .xlsx) over: all its rows, or none.

    With --preview nothing is written; exits with 1 if a row is wrong. The FHIR records of what came in are
    written by the server. Boxes have to be known: bring them in first with --storage.
    """
    from oncopolis.biobank.importing.bringing import import_file
    from oncopolis.biobank.importing.mapping import OWN, load_mapping
    from oncopolis.biobank.importing.storing import import_storage
    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.record import Act, Who
    from oncopolis.record.store import open_store

    if not preview and not by:
        raise click.UsageError("say who takes it over: --by NAME")
    if leave_out and problems is None:
        raise click.UsageError("say where what is left out is written: --problems FILE")
    if storage and (preview or leave_out or mapping):
        raise click.UsageError("--storage reads our own columns, whole or not at all")
    act = Act("C", "biobank import", Who("Person", str(by), str(by)), "biobank import")
    how = (load_mapping(mapping) if mapping else OWN).narrow(zone=zone or None, unit=unit or None)
    with open_store(database, announce=click.echo) as store:
        if storage:
            click.echo(f"{import_storage(store, file, act)} containers")
            return 0
        found = None
        if preview or leave_out:
            with _listing(problems) as tell:
                found = _look(store, file, how, tell)
            _print(store, found, problems, as_json=as_json)
        if preview and found is not None:
            return EXIT_FINDINGS if found.n_problems else 0
        brought = import_file(store, file, how, act, frozenset() if found is None else found.bad)
        if not as_json:
            click.echo(
                f"{brought.n_specimens} specimens of {brought.n_donors} new donors came in; "
                f"{brought.n_left_out} rows were left out"
            )
    return 0


@contextmanager
def _listing(out: Path | None) -> "Iterator[Tell]":
    """Tell problems to the terminal, and all of them to a file."""
    from oncopolis.biobank.importing.files import listing
    from oncopolis.biobank.importing.previewing import HEADS, to_cells

    n = 0
    with listing(out, HEADS) as add:

        def tell(problem: "Problem") -> None:
            nonlocal n
            n += 1
            if n <= _SHOWN:
                click.echo(str(problem.error), err=True)
            add(to_cells(problem))

        yield tell
    if n > _SHOWN:
        where = f"all of them are in {out}" if out else "write all of them to a file with --problems"
        click.echo(f"and {n - _SHOWN} more; {where}", err=True)


def _look(store: "Store", file: Path, how: "FileMapping", tell: "Tell") -> "Preview":
    from oncopolis.biobank.importing.previewing import preview
    from oncopolis.biobank.performing import Bank
    from oncopolis.record.store.store import get_time_ms

    return Bank(store).ask(lambda books: preview(books, file, how, get_time_ms(), tell))


def _print(store: "Store", found: "Preview", problems: Path | None, *, as_json: bool) -> None:
    from oncopolis.biobank.importing.previewing import list_boxes
    from oncopolis.biobank.performing import Bank

    boxes = Bank(store).ask(lambda books: list(list_boxes(books, found)))
    told = {
        "rows": found.n_rows, "skipped": found.n_skipped, "specimens": found.n_specimens,
        "donors": found.n_donors, "used_up": found.n_used_up, "problems": found.n_problems,
        "bad_rows": len(found.bad), "boxes": dict(boxes),
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(
        f"{found.n_rows} rows: {found.n_specimens} specimens of {found.n_donors} new donors would come into "
        f"{len(boxes)} boxes, {found.n_used_up} of them used up; {found.n_skipped} rows do not count"
    )
    if found.n_problems:
        click.echo(f"{len(found.bad)} rows are wrong" + (f"; see {problems}" if problems else ""))
    else:
        click.echo("no row is wrong")
