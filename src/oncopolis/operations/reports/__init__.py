"""Reports that others write: each finds its order, or waits on the list of somebody."""

from typing import Any

from oncopolis.operations.deciding import Act
from oncopolis.operations.reacting import Reaction
from oncopolis.operations.reports.taking import MATCH_REPORT, TAKE_REPORT

ACTS: tuple[Act[Any], ...] = (MATCH_REPORT,)
"""Everything that can be done about reports."""

REACTIONS: tuple[Reaction, ...] = (TAKE_REPORT,)
"""What follows from records that others write."""

__all__ = ["ACTS", "REACTIONS"]
