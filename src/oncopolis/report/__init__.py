"""Documents of a plan: data, a page, workbooks, a terminal summary. Reads only the plan document."""

from oncopolis.report.language import LANGUAGES
from oncopolis.report.summary import summarise
from oncopolis.report.writing import check_folder, write_plan

__all__ = ["LANGUAGES", "check_folder", "summarise", "write_plan"]
