"""The brief of a building as files: workbook, document, plans, requirements, concept model."""

from oncopolis.report.brief.summary import summarise_brief
from oncopolis.report.brief.writing import BRIEF_FILES, label_in, write_brief

__all__ = ["BRIEF_FILES", "label_in", "summarise_brief", "write_brief"]
