"""``oncopolis biobank verify``: is the inventory in order, and its custody as it was written."""

import json

import click

from oncopolis.cli.options import database_option


@click.command(name="verify")
@database_option
@click.option("--json", "as_json", is_flag=True, help="Print what was checked and found as JSON.")
def command(database: str, as_json: bool) -> int:
    """Verify the biobank: the chain of custody, and that every specimen is in one place or gone for a reason.

    May run while the server does. Exits with 1 when something is found.
    """
    from oncopolis.biobank.inventory.checking import inspect
    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.cli.findings import print_finding

    inspection = inspect(database)
    if as_json:
        click.echo(json.dumps(inspection.model_dump(mode="json"), indent=2, ensure_ascii=False))
    else:
        click.echo(
            f"checked {inspection.n_events} custody events, {inspection.n_specimens} specimens, "
            f"{inspection.n_containers} containers by {inspection.n_rules} rules"
        )
        for finding in inspection.findings:
            print_finding(finding)
        click.echo(f"{len(inspection.findings)} findings" if inspection.findings else "nothing is amiss")
    return EXIT_FINDINGS if inspection.findings else 0
