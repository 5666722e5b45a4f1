"""How like two people are, by what is written of them: pure, from names in several scripts to a score."""

from oncopolis.record.likeness.comparing import Likeness, Reason, compare
from oncopolis.record.likeness.describing import Described, Name, describe
from oncopolis.record.likeness.keys import make_keys

__all__ = ["Described", "Likeness", "Name", "Reason", "compare", "describe", "make_keys"]
