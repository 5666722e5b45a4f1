"""Documents of a run of the twin: data, a page, tables. Reads only the document of the run."""

from oncopolis.report.twin.terminal import summarise_twin
from oncopolis.report.twin.writing import TWIN_FILES, write_twin

__all__ = ["TWIN_FILES", "summarise_twin", "write_twin"]
