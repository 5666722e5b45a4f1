"""The page of a scheduled week, and its files. Reads only its document."""

from oncopolis.report.week.terminal import summarise_week
from oncopolis.report.week.writing import WEEK_FILES, write_week

__all__ = ["WEEK_FILES", "summarise_week", "write_week"]
