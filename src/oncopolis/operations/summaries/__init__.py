"""Discharge summaries: what a stay was about, from the record, signed by somebody with a name."""

from oncopolis.operations.summaries.acts import ACTS, list_summaries, read_summaries
from oncopolis.operations.summaries.views import PARTS, WRITTEN, Section, Summary

__all__ = ["ACTS", "PARTS", "WRITTEN", "Section", "Summary", "list_summaries", "read_summaries"]
