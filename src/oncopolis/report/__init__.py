"""Documents of a plan: data, a page, workbooks, a terminal summary. Reads only the plan document."""

from oncopolis.report.folder import check_folder
from oncopolis.report.language import LANGUAGES
from oncopolis.report.summary import summarise
from oncopolis.report.writing import PLAN_FILES, write_plan

__all__ = ["LANGUAGES", "PLAN_FILES", "check_folder", "summarise", "write_plan"]
