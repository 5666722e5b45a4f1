"""The records that follow from the definition of a centre: made once, and brought up to date on demand."""

from oncopolis.web.definition.applying import Difference, apply_differences, find_differences, is_unfounded
from oncopolis.web.definition.records import make_records

__all__ = ["Difference", "apply_differences", "find_differences", "is_unfounded", "make_records"]
