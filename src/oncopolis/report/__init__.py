"""Documents of a plan and of a run of the twin: data, pages, tables. Reads only their documents."""

from oncopolis.report.folder import check_folder
from oncopolis.report.language import LANGUAGES
from oncopolis.report.summary import summarise
from oncopolis.report.twin import TWIN_FILES, summarise_twin, write_twin
from oncopolis.report.writing import PLAN_FILES, write_plan

__all__ = [
    "LANGUAGES",
    "PLAN_FILES",
    "TWIN_FILES",
    "check_folder",
    "summarise",
    "summarise_twin",
    "write_plan",
    "write_twin",
]
