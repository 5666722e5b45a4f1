"""Two records of one patient become one, and two again if that was wrong."""

from oncopolis.record.merging.merging import MOST, Merge, merge
from oncopolis.record.merging.undoing import Undone, unmerge

__all__ = ["MOST", "Merge", "Undone", "merge", "unmerge"]
