"""Staff: who holds which posts of the definition, and in which departments they work."""

from oncopolis.operations.staff.acts import ACTS
from oncopolis.operations.staff.areas import find_areas, find_tied

__all__ = ["ACTS", "find_areas", "find_tied"]
