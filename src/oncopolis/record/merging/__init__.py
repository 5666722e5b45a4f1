"""Two records of one patient become one, and two again if that was wrong."""

from oncopolis.record.merging.merging import ACTIVITY, MOST, Merge, make_agent, merge
from oncopolis.record.merging.undoing import Undone, unmerge

__all__ = ["ACTIVITY", "MOST", "Merge", "Undone", "make_agent", "merge", "unmerge"]
