"""Cited coefficients: every number with a meaning, its range, unit, denominator and source."""

from oncopolis.evidence.checks import check_sources, check_unused
from oncopolis.evidence.distribution import Distribution
from oncopolis.evidence.registry import Evidence, Override, load_evidence
from oncopolis.evidence.row import Row
from oncopolis.evidence.source import Source, list_sources
from oncopolis.evidence.table import Table, get_table, load_tables

__all__ = [
    "Distribution",
    "Evidence",
    "Override",
    "Row",
    "Source",
    "Table",
    "check_sources",
    "check_unused",
    "get_table",
    "list_sources",
    "load_evidence",
    "load_tables",
]
