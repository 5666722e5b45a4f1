"""Spaces of a model beside rooms of a programme."""

from oncopolis.design.matching.mapping import COLUMNS, NONE, read_mapping
from oncopolis.design.matching.matching import Match, Matches, match_spaces
from oncopolis.design.matching.roles import NOT_FLOOR, PASSED, find_role
from oncopolis.design.matching.words import normalise

__all__ = [
    "COLUMNS",
    "NONE",
    "NOT_FLOOR",
    "PASSED",
    "Match",
    "Matches",
    "find_role",
    "match_spaces",
    "normalise",
    "read_mapping",
]
