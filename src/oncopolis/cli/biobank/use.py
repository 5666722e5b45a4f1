"""``oncopolis biobank use``: what requests cost, and how much of it came back."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from oncopolis.cli.options import database_option


@click.command(name="use")
@click.argument("tariff", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@database_option
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(tariff: Path, database: str, as_json: bool) -> None:
    """Tell of each request what was given out, what it cost by TARIFF, what was paid, and what was published.

    TARIFF is a YAML file with a currency and items that cost per request, specimen, donor or shipment.
    """
    from oncopolis.biobank.requests.paying import list_uses, load_tariff
    from oncopolis.foundation.units import PERCENT
    from oncopolis.record.biobank.books import Books
    from oncopolis.record.store import look

    prices = load_tariff(tariff)
    with look(database) as reading:
        uses = list(list_uses(Books(reading.session), prices))
    if as_json:
        told = [asdict(one) | {"cost": one.cost, "recovered": one.recovered} for one in uses]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for one in uses:
        share = "" if one.recovered is None else f" ({one.recovered * PERCENT:.0f} %)"
        click.echo(
            f"request {one.request}, {one.title} ({one.organisation}), {one.state}: {one.n_out} specimens of "
            f"{one.n_donors} donors given out, {one.n_back} back, {one.n_shipments} shipments; "
            f"cost {one.cost:.2f} {prices.currency}, paid {one.paid:.2f}{share}; "
            f"{len(one.publications)} publications"
        )
    cost, paid = sum(one.cost for one in uses), sum(one.paid for one in uses)
    if cost:
        click.echo(f"all: cost {cost:.2f} {prices.currency}, paid {paid:.2f} ({paid / cost * PERCENT:.0f} %)")
