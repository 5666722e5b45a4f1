"""Whether something of a width passes through a floor from end to end."""

from functools import lru_cache

from shapely import Polygon

_CLEARANCE_M = 0.0005  # structure: half a millimetre, so that a floor of exactly the width is passed
_REMEMBERED = 10_000  # structure: answers kept


@lru_cache(maxsize=_REMEMBERED)
def is_open(shape: Polygon, width_m: float) -> bool:
    """Whether the middle of a floor stays in one piece when half a width is taken off all around.

    Corners and niches that are lost by that do not count while they are smaller than the width squared.
    """
    middle = shape.buffer(-width_m / 2 + _CLEARANCE_M)
    if middle.is_empty or middle.geom_type != "Polygon":
        return False
    back = middle.buffer(width_m / 2, join_style="mitre")
    return bool(shape.difference(back.buffer(_CLEARANCE_M)).area <= width_m * width_m)
