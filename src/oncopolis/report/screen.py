"""Text for a terminal, as wide as it is and coloured where it can be."""

import os
import shutil
import sys
from typing import TYPE_CHECKING

from oncopolis.report.findings import Findings
from oncopolis.report.sheet import Sheet

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDEST = 110  # structure: letters of a line
"""Columns beyond which a line is harder to read, not easier."""
NARROWEST = 50  # structure: letters of a line

COLOURS = {"error": "bold red", "warning": "yellow", "note": "dim"}
"""Severity -> style."""

N_FINDINGS = 6  # structure: length of a list


def open_screen() -> "Console":
    """Return what can be printed to; `read_screen` gives it back as text."""
    from io import StringIO

    from rich.console import Console

    width = max(NARROWEST, min(shutil.get_terminal_size().columns, WIDEST))
    coloured = True if sys.stdout.isatty() and "NO_COLOR" not in os.environ else None
    return Console(
        file=StringIO(), width=width, highlight=False, force_terminal=coloured, legacy_windows=False
    )


def make_table() -> "Table":
    """Return an empty table, with a line below its head only."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    return Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)


def read_screen(console: "Console") -> str:
    """Return everything printed so far."""
    return str(console.file.getvalue())  # type: ignore[attr-defined]  # the StringIO from above


def print_findings(sheet: Sheet, console: "Console", findings: Findings) -> None:
    """Print the first findings that are more than notes, and how many more there are."""
    from rich.padding import Padding
    from rich.text import Text

    grave = [finding for finding in findings if finding["severity"] != "note"]
    if grave:
        console.print()
        console.print(Text(sheet.text("Main findings"), style="bold"))
    for finding in grave[:N_FINDINGS]:
        line = Text(f"{sheet.text(finding['severity'])}: ", style=COLOURS[finding["severity"]])
        line.append(sheet.title(finding["message"]), style="default")
        console.print(Padding(line, (0, 0, 0, 2)))
    if len(grave) > N_FINDINGS:
        more = sheet.text("more in the report: {n}", n=len(grave) - N_FINDINGS)
        console.print(Padding(more, (0, 0, 0, 2)), style="dim")
    console.print()
