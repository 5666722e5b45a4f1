"""What parts of a body cover on the floor."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

from shapely import Polygon, unary_union
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from oncopolis.design.model import Outline, Point

_ROUND = 4  # structure: tenths of a millimetre
_THREE = 3  # structure: corners of the smallest face
_BLOCK_CORNERS = 4  # structure: of a parallelogram
_SKEW = 1e-12  # structure: part of its area by which the corners of a parallelogram may be off, squared


@dataclass(frozen=True, slots=True)
class Drawn:
    """A body seen from above."""

    outline: Outline
    area_m2: float
    floor_m: float | None
    height_m: float | None


class Part(NamedTuple):
    """A ring on the floor and how far it reaches up, in units of the file."""

    ring: Sequence[Point]
    holes: Sequence[Sequence[Point]]
    low: float
    high: float


def cover(parts: Sequence[Part], length_m: float) -> Drawn | None:
    """Return what parts cover together, in metres; None if they cover nothing."""
    ring, area = _cover_block(parts) or _unite(parts)
    low, high = (
        min((part.low for part in parts), default=0.0),
        max((part.high for part in parts), default=0.0),
    )
    if not area or not isfinite(area + low + high):
        return None
    return Drawn(
        tuple((round(x * length_m, _ROUND), round(y * length_m, _ROUND)) for x, y in ring),
        area * length_m * length_m,
        low * length_m,
        (high - low) * length_m if high > low else None,
    )


def _cover_block(parts: Sequence[Part]) -> tuple[Sequence[Point], float] | None:
    """Return ring and area of a single parallelogram, as most rooms are: no need to ask shapely."""
    if len(parts) != 1 or parts[0].holes or len(parts[0].ring) != _BLOCK_CORNERS:
        return None
    ring = parts[0].ring
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = ring
    area = _compute_area(ring)
    skew = max(abs(ax + cx - bx - dx), abs(ay + cy - by - dy))
    return (ring, area) if skew * skew <= _SKEW * area else None


def _unite(parts: Sequence[Part]) -> tuple[Sequence[Point], float]:
    """Return the ring of the largest area that parts cover, and all they cover."""
    shapes = [shape for part in parts if (shape := _make_polygon(part)) is not None]
    whole = unary_union(shapes) if len(shapes) > 1 else shapes[0] if shapes else Polygon()
    polygons = [part for part in getattr(whole, "geoms", [whole]) if part.geom_type == "Polygon"]
    largest = max(polygons, key=lambda part: float(part.area), default=Polygon())
    ring = [(x, y) for x, y, *_ in largest.exterior.coords[:-1]]
    return ring, sum(float(part.area) for part in polygons)


def _make_polygon(part: Part) -> BaseGeometry | None:
    """Return the shadow of a part; none of one that is upright, or that shapely cannot mend."""
    if len(part.ring) < _THREE or not _compute_area(part.ring):
        return None
    shape: BaseGeometry = Polygon(part.ring, part.holes)
    if shape.is_valid:
        return shape
    try:
        return shape.buffer(0)
    except GEOSException:
        return None


def _compute_area(ring: Sequence[Point]) -> float:
    """Return the area of a ring, from its own corner, so that far from the origin no digits are lost."""
    x, y = ring[0]
    moved = [(px - x, py - y) for px, py in ring]
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(moved))) / 2
