"""Documents of a plan, a run of the twin and a scheduled week: data, pages, tables. Reads only those."""

from oncopolis.report.folder import check_folder
from oncopolis.report.language import LANGUAGES
from oncopolis.report.summary import summarise
from oncopolis.report.twin import TWIN_FILES, summarise_twin, write_twin
from oncopolis.report.week import WEEK_FILES, summarise_week, write_week
from oncopolis.report.writing import PLAN_FILES, write_plan

__all__ = [
    "LANGUAGES",
    "PLAN_FILES",
    "TWIN_FILES",
    "WEEK_FILES",
    "check_folder",
    "summarise",
    "summarise_twin",
    "summarise_week",
    "write_plan",
    "write_twin",
    "write_week",
]
