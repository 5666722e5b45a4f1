"""Documents of a choice among alternatives: data, page, screen. Reads only its document."""

from oncopolis.report.choice.terminal import summarise_choice
from oncopolis.report.choice.writing import CHOICE_FILES, write_choice

__all__ = ["CHOICE_FILES", "summarise_choice", "write_choice"]
