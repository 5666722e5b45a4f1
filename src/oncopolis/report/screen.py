"""Text for a terminal, as wide as it is and coloured where it can be."""

import os
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDEST = 110  # structure: letters of a line
"""Columns beyond which a line is harder to read, not easier."""
NARROWEST = 50  # structure: letters of a line

COLOURS = {"error": "bold red", "warning": "yellow", "note": "dim"}
"""Severity -> style."""


def open_screen() -> "Console":
    """Return what can be printed to; `read_screen` gives it back as text."""
    from io import StringIO

    from rich.console import Console

    width = max(NARROWEST, min(shutil.get_terminal_size().columns, WIDEST))
    coloured = True if sys.stdout.isatty() and "NO_COLOR" not in os.environ else None
    return Console(
        file=StringIO(), width=width, highlight=False, force_terminal=coloured, legacy_windows=False
    )


def read_screen(console: "Console") -> str:
    """Return everything printed so far."""
    return str(console.file.getvalue())  # type: ignore[attr-defined]  # the StringIO from above
