"""Fractions: what treatment machines do today, and whether courses keep their time."""

from oncopolis.operations.fractions.ended import read_ended
from oncopolis.operations.fractions.gaps import Category, find_category, get_key
from oncopolis.operations.fractions.integrity import Integrity, list_integrity, read_course
from oncopolis.operations.fractions.today import Machine, Turn, TurnState, list_day

__all__ = [
    "Category", "Integrity", "Machine", "Turn", "TurnState", "find_category", "get_key", "list_day",
    "list_integrity", "read_course", "read_ended",
]  # fmt: skip
