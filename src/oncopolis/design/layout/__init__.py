"""A concept drawn from a programme: departments on storeys, rooms along corridors, and how good it is."""

from oncopolis.design.layout.drawing import Layout, make_layout
from oncopolis.design.layout.drawn import (
    Drawing,
    DrawnDoor,
    DrawnPart,
    DrawnSpace,
    DrawnStorey,
    DrawnWall,
    Rect,
)
from oncopolis.design.layout.score import LinkWay, Score

__all__ = [
    "Drawing",
    "DrawnDoor",
    "DrawnPart",
    "DrawnSpace",
    "DrawnStorey",
    "DrawnWall",
    "Layout",
    "LinkWay",
    "Rect",
    "Score",
    "make_layout",
]
