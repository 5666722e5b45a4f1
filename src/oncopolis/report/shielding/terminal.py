"""A shielding check in one screen of a terminal."""

from typing import TYPE_CHECKING, Any

from oncopolis.report.canonical import Plan, round_numbers
from oncopolis.report.language import find_language
from oncopolis.report.screen import COLOURS, make_table, open_screen, read_screen
from oncopolis.report.sheet import Sheet

if TYPE_CHECKING:
    from rich.console import Console


def summarise_shielding(document: Plan, *, language: str = "en") -> str:
    """Return a readable summary: every place with its dose, limit and thickness, and the main findings.

    Parameters
    ----------
    document
        Document of a check.
    language
        ``en``, ``ko``, ``ru`` or ``uz``.
    """
    from rich.text import Text

    sheet = Sheet(find_language(language))
    plain = round_numbers(document)
    console = open_screen()
    console.print()
    console.print(Text(plain["name"], style="bold"))
    console.print(Text(sheet.label(plain["disclaimer"]), style="dim"))
    console.print()
    _print_results(sheet, console, plain["results"])
    _print_findings(sheet, console, plain["findings"])
    return read_screen(console)


def _print_findings(sheet: Sheet, console: "Console", findings: list[dict[str, Any]]) -> None:
    """Print what is more than a note, in full: there are few, and each decides."""
    from rich.padding import Padding
    from rich.text import Text

    for finding in findings:
        if finding["severity"] == "note":
            continue
        line = Text(f"{sheet.text(finding['severity'])}: ", style=COLOURS[finding["severity"]])
        parts = (finding["message"], finding["actual"], finding["expected"], finding["fix"])
        line.append("; ".join(sheet.label(part) for part in parts if part), style="default")
        console.print(Padding(line, (0, 0, 0, 2)))
    n_notes = sum(finding["severity"] == "note" for finding in findings)
    console.print(sheet.text("Notes: {n}, in the report.", n=n_notes), style="dim")


def write_verdict(sheet: Sheet, result: dict[str, Any]) -> str:
    """Say whether a place is within its limit."""
    return sheet.text("within its limit") if result["is_enough"] else sheet.text("above its limit")


def _print_results(sheet: Sheet, console: "Console", results: list[dict[str, Any]]) -> None:
    from rich.text import Text

    text = sheet.text
    table = make_table()
    for heading in (text("Place"), text("Barrier")):
        table.add_column(heading, overflow="fold")
    for heading in (text("mSv a week"), text("Limit"), text("Thickness, cm"), text("Needed, cm")):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("")
    for result in results:
        style = "" if result["is_enough"] else "bold red"
        table.add_row(
            result["label"],
            result["barrier"],
            Text(sheet.number(result["dose_msv_week"]), style="bold"),
            sheet.number(result["limit_msv_week"]),
            sheet.number(result["actual_cm"]) if result["layers"] else "–",
            sheet.number(result["needed_cm"]),
            Text(sheet.text("within") if result["is_enough"] else sheet.text("above"), style=style),
        )
    console.print(table)
