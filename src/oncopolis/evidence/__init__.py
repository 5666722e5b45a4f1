"""Cited coefficients: every number with a meaning, its range, unit, denominator and source."""

from oncopolis.evidence.checks import check_sources, check_unused
from oncopolis.evidence.distribution import Distribution
from oncopolis.evidence.registry import Evidence, Override, load_evidence
from oncopolis.evidence.row import Row
from oncopolis.evidence.source import Source, list_sources

__all__ = [
    "Distribution",
    "Evidence",
    "Override",
    "Row",
    "Source",
    "check_sources",
    "check_unused",
    "list_sources",
    "load_evidence",
]
