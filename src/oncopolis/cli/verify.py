"""``oncopolis verify``: is everything in the record as it was written."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncopolis.cli.options import database_option, keys_option

if TYPE_CHECKING:
    from oncopolis.record.care.inspecting import Inspection


@click.command(name="verify")
@database_option
@keys_option(required=False)
@click.option("--json", "as_json", is_flag=True, help="Print what was checked and found as JSON.")
@click.option(
    "--erased",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the list of erased patients, which restore takes, to FILE.",
)
def command(database: str, keys: Path | None, as_json: bool, erased: Path | None) -> int:
    """Verify the record: audit chain, versions, bodies, index, references and claims.

    May run while the server does. Exits with 1 when something is found.
    """
    from oncopolis.record.care.erasing import write_list
    from oncopolis.record.care.inspecting import inspect
    from oncopolis.record.store.keys import Keys

    inspection = inspect(database, Keys.load(keys) if keys else None)
    if erased:
        write_list(inspection.erased, erased)
    if as_json:
        click.echo(json.dumps(inspection.model_dump(mode="json"), indent=2, ensure_ascii=False))
        return get_exit_code(inspection)
    return print_inspection(inspection)


def print_inspection(inspection: "Inspection") -> int:
    """Print what was checked and found; the exit code."""
    from oncopolis.cli.findings import print_finding

    if inspection.checked is not None:
        counts = inspection.checked.counts
        n_index = sum(n for table, n in counts.items() if table.startswith("index_"))
        click.echo(
            f"checked {counts['version']} versions of {counts['resource']} records, {counts['audit']} audit "
            f"entries in {len(inspection.checked.chains)} chains, {n_index} index rows, "
            f"{counts['claim']} claims; {len(inspection.erased)} patients are erased"
        )
    for finding in inspection.findings:
        print_finding(finding)
    click.echo(f"{len(inspection.findings)} findings" if inspection.findings else "nothing is amiss")
    return get_exit_code(inspection)


def get_exit_code(inspection: "Inspection") -> int:
    """1 when there are findings."""
    from oncopolis.cli.entry import EXIT_FINDINGS

    return EXIT_FINDINGS if inspection.findings else 0
