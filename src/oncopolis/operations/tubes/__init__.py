"""Tubes drawn at the bedside for what was ordered of a laboratory."""

from oncopolis.operations.tubes.drawing import DRAW_TUBE, is_drawn, list_to_draw

ACTS = (DRAW_TUBE,)
"""Everything that can be done about tubes."""

__all__ = ["ACTS", "is_drawn", "list_to_draw"]
