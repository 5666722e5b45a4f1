"""Rules as data, the checks that decide them, and what they answer."""

from oncopolis.design.rules.case import Case, Outcome, State, Thing, find_roles
from oncopolis.design.rules.checking import CHECKS
from oncopolis.design.rules.loading import HOUSE, find_pack, list_packs
from oncopolis.design.rules.pack import Chosen, Pack, Rule

__all__ = [
    "CHECKS",
    "HOUSE",
    "Case",
    "Chosen",
    "Outcome",
    "Pack",
    "Rule",
    "State",
    "Thing",
    "find_pack",
    "find_roles",
    "list_packs",
]
