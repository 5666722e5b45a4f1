"""The smallest capacities as text for a terminal."""

from collections.abc import Mapping
from typing import Any

from oncopolis.report.scenarios import print_not_modelled, write_number
from oncopolis.report.screen import make_table, open_screen, read_screen


def write_capacity(document: Mapping[str, Any]) -> str:
    """Return counts, what each is needed for, and how the targets stand.

    Parameters
    ----------
    document
        Document of `oncopolis.studies.size_project`.
    """
    from rich.text import Text

    console = open_screen()
    console.print()
    console.print(Text(document["project"], style="bold"))
    console.print(
        f"{document['trials']} trials of {document['replications']} x {document['days']} days, "
        f"seed {document['seed']}",
        style="dim",
    )
    console.print()
    table = make_table()
    table.add_column("Resource", overflow="fold")
    table.add_column("Smallest", justify="right")
    table.add_column("One costs a year, USD", justify="right")
    table.add_column("With one less, missed", overflow="fold")
    for line in document["resources"]:
        price = line["price_per_year"]
        table.add_row(
            line["label"],
            Text(str(line["n"]), style="bold"),
            "–" if price is None else write_number(price),
            ", ".join(line["needed_for"]) or f"the fewest allowed ({line['low']})",
        )
    console.print(table)
    if not document["is_proven"]:
        console.print("The search was cut short: fewer may do.", style="yellow")
    console.print()
    table = make_table()
    table.add_column("Target", overflow="fold")
    table.add_column("Met", justify="right")
    table.add_column("Margin", justify="right")
    for line in document["targets"]:
        margin = line["margin"]
        words = "nobody to whom it applies" if margin is None else f"{margin:+.1%}"
        table.add_row(line["label"], "yes" if line["met"] else "no", words)
    console.print(table)
    print_not_modelled(console, document["not_modelled"])
    return read_screen(console)
