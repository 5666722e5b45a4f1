"""A comparison of scenarios, and the smallest capacities, as text for a terminal."""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from oncopolis.report.canonical import round_numbers, to_bytes
from oncopolis.report.folder import write_files
from oncopolis.report.screen import make_table, open_screen, read_screen

MOST_LINES = 40  # structure: length of a list
DIGITS = 4  # structure: significant digits shown
LARGE = 1000  # structure: from here on whole numbers are shown

Line = Mapping[str, Any]


def write_comparison(document: Mapping[str, Any]) -> str:
    """Return a comparison as a table: targets first, then what surely differs, the largest effect first.

    Parameters
    ----------
    document
        Document of `oncopolis.studies.compare_scenarios`.
    """
    from rich.text import Text

    console = open_screen()
    console.print()
    console.print(Text(document["project"], style="bold"))
    settings = ", ".join(f"{key} = {value}" for key, value in document["set"].items())
    console.print(f"as it is, and with {settings}")
    console.print(
        f"{document['replications']} replications of {document['days']} days each, seed {document['seed']}"
        + ("" if document["complete"] else "; stopped early"),
        style="dim",
    )
    console.print()
    sure = [line for line in document["differences"] if _is_sure(line)]
    if document["targets"]:
        _print_lines(console, "Target, share reached", document["targets"])
        console.print()
    if sure:
        _print_lines(console, "Figure", sure[:MOST_LINES])
        if len(sure) > MOST_LINES:
            console.print(f"and {len(sure) - MOST_LINES} more", style="dim")
    else:
        console.print("No figure surely differs.")
    unsure = len(document["differences"]) - len(sure)
    if unsure:
        console.print(f"{unsure} further figures differ by no more than chance would let them", style="dim")
    print_not_modelled(console, document["not_modelled"])
    return read_screen(console)


def print_not_modelled(console: Any, omitted: Iterable[str]) -> None:
    """Print what the runs left out."""
    console.print()
    console.print("Not modelled:", style="bold")
    for words in omitted:
        console.print(f"  {words}")


def write_document(document: Mapping[str, Any], path: Path) -> Path:
    """Write a comparison as JSON, whole or not at all."""
    content = to_bytes(round_numbers(_to_json(document)))
    return write_files(path.parent, {path.name: lambda: content})[0]


def _to_json(value: Any) -> Any:
    """Return plain data in which what is not finite is null."""
    if isinstance(value, Mapping):
        return {key: _to_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_to_json(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _is_sure(line: Line) -> bool:
    return bool(line["difference"]["low"] > 0 or line["difference"]["high"] < 0)


def _print_lines(console: Any, title: str, lines: Sequence[Line]) -> None:

    table = make_table()
    table.add_column(title, overflow="fold")
    for head in ("As it is", "Scenario", "Difference", "95 % interval"):
        table.add_column(head, justify="right", no_wrap=True)
    for line in lines:
        change = line["difference"]
        table.add_row(
            line["figure"],
            write_number(line["base"]),
            write_number(line["scenario"]),
            f"{'+' if change['value'] > 0 else ''}{write_number(change['value'])}",
            f"{write_number(change['low'])} to {write_number(change['high'])}",
        )
    console.print(table)


def write_number(value: float) -> str:
    """Write a number with four significant digits, whole ones from a thousand on."""
    if abs(value) >= LARGE:
        return f"{value:,.0f}"
    return f"{value:.{DIGITS}g}"
