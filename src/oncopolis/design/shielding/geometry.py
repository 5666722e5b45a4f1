"""Distances and angles on the plan of a bunker; the isocentre is at 0, 0."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.design.shielding.fields import Place
from oncopolis.foundation import InputError

_ROUNDING_M = 1e-6  # structure: coordinates that were written down rounded


@dataclass(frozen=True)
class Wall:
    """A wall on the plan: the ends of its inner face, and the direction outwards."""

    start: Place
    end: Place
    normal: Place
    """One metre long, away from the isocentre."""
    inner_m: float
    """From the isocentre to the inner face, along the normal."""


def find_wall(inner: tuple[Place, Place], where: str) -> Wall:
    """Return a wall by the ends of its inner face.

    Raises
    ------
    InputError
        DES-105 if it has no length or goes through the isocentre.
    """
    (x1, y1), (x2, y2) = inner
    length = math.hypot(x2 - x1, y2 - y1)
    across = ((y2 - y1) / length, (x1 - x2) / length) if length > _ROUNDING_M else (0.0, 0.0)
    inner_m = across[0] * x1 + across[1] * y1
    if abs(inner_m) <= _ROUNDING_M:
        raise InputError(
            code="DES-105",
            where=where,
            got=f"a wall from {x1:g}, {y1:g} to {x2:g}, {y2:g}",
            expected="two different ends of a wall that does not go through the isocentre at 0, 0",
            fix="give the ends of its inner face in m from the isocentre",
        )
    sign = math.copysign(1, inner_m)
    return Wall((x1, y1), (x2, y2), (sign * across[0], sign * across[1]), abs(inner_m))


def measure(wall: Wall, thicknesses_m: Sequence[float], at: Place, where: str) -> tuple[float, float]:
    """Return the distance of a point from the isocentre in m, and the slant of the way to it in degrees.

    Raises
    ------
    InputError
        DES-105 if the point is not behind the wall.
    """
    x, y = at
    distance = math.hypot(x, y)
    out = wall.normal[0] * x + wall.normal[1] * y
    outer = wall.inner_m + sum(thicknesses_m)
    if out < outer - _ROUNDING_M:
        raise InputError(
            code="DES-105",
            where=where,
            got=f"a point {out:.2f} m from the isocentre across the wall",
            expected=f"a point beyond its outer face, at {outer:.2f} m",
            fix="mend the point, the wall or its layers",
        )
    hit = (x * wall.inner_m / out, y * wall.inner_m / out)
    if not _is_between(hit, wall):
        raise InputError(
            code="DES-105",
            where=where,
            got=f"a way from the isocentre that meets the wall's line at {hit[0]:.2f}, {hit[1]:.2f}",
            expected="a way that goes through the wall",
            fix="name the barrier that the point is behind, or mend its ends",
        )
    return distance, math.degrees(math.acos(min(1.0, out / distance)))


def _is_between(hit: Place, wall: Wall) -> bool:
    length = math.dist(wall.start, wall.end)
    along = (math.dist(wall.start, hit), math.dist(wall.end, hit))
    return max(along) <= length + _ROUNDING_M


def compute_reach_m(wall: Wall) -> float:
    """Return how far a wall reaches to either side of the way from the isocentre straight onto it.

    Below zero if that way passes beside the wall.
    """
    foot = (wall.normal[0] * wall.inner_m, wall.normal[1] * wall.inner_m)
    along = ((wall.end[0] - wall.start[0]), (wall.end[1] - wall.start[1]))
    length = math.hypot(*along)
    place = ((foot[0] - wall.start[0]) * along[0] + (foot[1] - wall.start[1]) * along[1]) / length
    return min(place, length - place)


def list_faces(wall: Wall, thicknesses_m: Sequence[float]) -> list[tuple[Place, Place, Place, Place]]:
    """Return the four corners of each layer, from the room outwards, for the drawing."""
    faces, near = [], 0.0
    for thickness in thicknesses_m:
        far = near + thickness
        faces.append(
            (
                _move(wall.start, wall, near),
                _move(wall.end, wall, near),
                _move(wall.end, wall, far),
                _move(wall.start, wall, far),
            )
        )
        near = far
    return faces


def _move(place: Place, wall: Wall, outwards_m: float) -> Place:
    return place[0] + wall.normal[0] * outwards_m, place[1] + wall.normal[1] * outwards_m
