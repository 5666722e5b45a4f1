"""What a figure of the twin depends on, as text for a terminal."""

from collections.abc import Mapping
from typing import Any

from oncopolis.report.scenarios import print_not_modelled, write_number
from oncopolis.report.screen import make_table, open_screen, read_screen

MOST_LINES = 40  # structure: length of a list


def write_sensitivity(document: Mapping[str, Any]) -> str:
    """Return inputs by rank correlation, then by Sobol index where there are any.

    Parameters
    ----------
    document
        Document of `oncopolis.studies.find_sensitivity`.
    """
    from rich.text import Text

    console = open_screen()
    console.print()
    console.print(Text(document["project"], style="bold"))
    console.print(
        f"{document['output']}: {write_number(document['lowest'])} to {write_number(document['highest'])} at "
        f"{document['points']} points of {document['days']} days, seed {document['seed']}",
        style="dim",
    )
    console.print()
    table = make_table()
    table.add_column("Input", overflow="fold")
    table.add_column("Rank correlation", justify="right")
    table.add_column("The same, others taken out", justify="right")
    for line in document["ranks"][:MOST_LINES]:
        name = Text(f"{line['label']} [{line['key']}]")
        table.add_row(name, f"{line['spearman']:+.2f}", f"{line['partial']:+.2f}")
    console.print(table)
    if len(document["ranks"]) > MOST_LINES:
        console.print(f"and {len(document['ranks']) - MOST_LINES} more", style="dim")
    if document["sobol"]:
        console.print()
        table = make_table()
        table.add_column("Share of the variance from", overflow="fold")
        table.add_column("Alone", justify="right")
        table.add_column("With others", justify="right")
        for line in document["sobol"]:
            shares = (line["first"], line["total"])
            table.add_row(
                Text(line["label"]),
                *(f"{each['value']:.2f} ({each['low']:.2f} to {each['high']:.2f})" for each in shares),
            )
        console.print(table)
    print_not_modelled(console, document["not_modelled"])
    return read_screen(console)
