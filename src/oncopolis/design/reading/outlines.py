"""Outlines of spaces: read from bodies where those are simple, else asked of the geometry kernel."""

from collections.abc import Iterator, Sequence
from math import cos, pi, sin
from pathlib import Path
from typing import Any

from shapely.errors import GEOSException

from oncopolis.design.reading.covering import Drawn, Part, cover
from oncopolis.design.reading.kernel import list_faces
from oncopolis.design.reading.placements import HOME, Frame, Placements, Vector, to_frame
from oncopolis.design.reading.places import (
    DEPTH,
    DIRECTION,
    FIRST_SIZE,
    INNER_CURVES,
    ITEMS,
    OUTER_CURVE,
    PLACEMENT,
    POSITION,
    PROFILE,
    PROFILE_POSITION,
    REPRESENTATION,
    REPRESENTATIONS,
    SECOND_SIZE,
    SHAPE_KIND,
    SHAPE_NAME,
)

_UPRIGHT = 0.999  # structure: cosine from which an extrusion is vertical
_CIRCLE_POINTS = 32  # structure: corners of a round room
_DEEPEST = 8  # structure: bodies cut from bodies
_ORDER = {"FootPrint": 0, "Body": 1, "": 2}
_BOXES = {"BoundingBox", "Box"}
_THREE = 3  # structure: corners of the smallest face


_BROKEN = (AttributeError, TypeError, ValueError, LookupError, ArithmeticError, GEOSException)
"""What a body that refers to something of another kind, or to nothing, raises: it is not drawn then."""


class _Complicated(Exception):  # noqa: N818 - not a fault: the kernel is asked instead
    """The body is of a kind that is not read here."""


class Outlines:
    """Reader of the bodies of one file.

    Parameters
    ----------
    placements
        Placements of the file.
    length_m
        Metres of its unit of length.
    """

    def __init__(self, placements: Placements, length_m: float) -> None:
        self._placements = placements
        self._length_m = length_m
        self.left: list[int] = []
        """Lines of objects whose bodies are not read here but left to the kernel."""

    def find(self, thing: Any) -> Drawn | None:
        """Return what is drawn of an object; None if nothing that covers a floor."""
        representation = thing.get_argument(REPRESENTATION)
        if representation is None:
            return None
        frame = self._placements.find(thing.get_argument(PLACEMENT))
        listed = representation.get_argument(REPRESENTATIONS)
        if len(listed) > 1:
            drawn_so = [one for one in listed if one.get_argument(SHAPE_KIND) not in _BOXES]
            listed = sorted(drawn_so, key=lambda one: _ORDER.get(one.get_argument(SHAPE_NAME), len(_ORDER)))
        for one in listed:
            try:
                if drawn := self._draw(one.get_argument(ITEMS), frame):
                    return drawn
            except _Complicated:
                self.left.append(thing.id())
                return None
            except _BROKEN:
                return None
        return None

    def _draw(self, items: Sequence[Any], frame: Frame) -> Drawn | None:
        return cover([part for item in items for part in self._read(item, frame, 0)], self._length_m)

    def _read(self, item: Any, frame: Frame, depth: int) -> Iterator[Part]:
        kind = item.is_a()
        if depth > _DEEPEST:
            raise _Complicated
        if kind == "IfcExtrudedAreaSolid":
            yield self._read_extrusion(item, frame)
        elif kind in {"IfcBooleanClippingResult", "IfcBooleanResult"}:
            yield from self._read(item.FirstOperand, frame, depth + 1)
        elif kind == "IfcMappedItem":
            source = item.MappingSource
            inner = to_frame(source.MappingOrigin).within(to_frame(item.MappingTarget).within(frame))
            for one in source.MappedRepresentation.Items:
                yield from self._read(one, inner, depth + 1)
        elif kind in {
            "IfcFacetedBrep",
            "IfcPolygonalFaceSet",
            "IfcTriangulatedFaceSet",
            "IfcFaceBasedSurfaceModel",
        }:
            yield from _read_faces(item, frame)
        elif kind in {"IfcGeometricCurveSet", "IfcGeometricSet"}:
            for one in item.get_argument(0):
                if one.is_a("IfcPolyline") or one.is_a("IfcIndexedPolyCurve"):
                    yield from _flatten([[frame.apply(point) for point in _list_points(one)]])
        elif kind in {"IfcPolyline", "IfcIndexedPolyCurve"}:
            yield from _flatten([[frame.apply(point) for point in _list_points(item)]])
        else:
            raise _Complicated

    def _read_extrusion(self, item: Any, frame: Frame) -> Part:
        here = to_frame(item.get_argument(POSITION)).within(frame)
        x, y, z = _fill(item.get_argument(DIRECTION).get_argument(0))
        way = here.turn((x, y, z))
        length = (way[0] ** 2 + way[1] ** 2 + way[2] ** 2) ** 0.5  # structure: square root
        if not length or abs(way[2]) / length < _UPRIGHT:
            raise _Complicated
        outer, inner = _read_profile(item.get_argument(PROFILE))
        ring = [here.apply(point) for point in outer]
        holes = [[here.apply(point)[:2] for point in hole] for hole in inner]
        if len(ring) < _THREE:
            raise _Complicated
        base = ring[0][2]
        top = base + float(item.get_argument(DEPTH)) * way[2] / length
        return Part([point[:2] for point in ring], holes, min(base, top), max(base, top))

    def draw_left(self, path: Path) -> dict[int, Drawn]:
        """Return what the geometry kernel makes of the bodies that were left, by their objects' lines."""
        drawn = {}
        for line, faces in list_faces(path, self.left).items():
            # The kernel answers in metres.
            if found := cover(list(_flatten([face for face in faces if face])), 1.0):
                drawn[line] = found
        return drawn


def _read_profile(profile: Any) -> tuple[list[Vector], list[list[Vector]]]:
    kind = profile.is_a()
    if kind == "IfcRectangleProfileDef":
        a, b = (float(profile.get_argument(place)) / 2 for place in (FIRST_SIZE, SECOND_SIZE))
        ring: list[Vector] = [(-a, -b, 0.0), (a, -b, 0.0), (a, b, 0.0), (-a, b, 0.0)]
        return _place(ring, profile.get_argument(PROFILE_POSITION)), []
    if kind == "IfcCircleProfileDef":
        step, radius = 2 * pi / _CIRCLE_POINTS, float(profile.Radius)
        ring = [(radius * cos(i * step), radius * sin(i * step), 0.0) for i in range(_CIRCLE_POINTS)]
        return _place(ring, profile.get_argument(PROFILE_POSITION)), []
    if kind == "IfcArbitraryClosedProfileDef":
        return _list_points(profile.get_argument(OUTER_CURVE)), []
    if kind == "IfcArbitraryProfileDefWithVoids":
        inner = [_list_points(curve) for curve in profile.get_argument(INNER_CURVES)]
        return _list_points(profile.get_argument(OUTER_CURVE)), inner
    raise _Complicated


def _place(ring: list[Vector], position: Any) -> list[Vector]:
    frame = to_frame(position)
    return ring if frame is HOME else [frame.apply(point) for point in ring]


def _list_points(curve: Any) -> list[Vector]:
    if curve.is_a("IfcPolyline"):
        return _open([_fill(point.get_argument(0)) for point in curve.get_argument(0)])
    if curve.is_a("IfcIndexedPolyCurve"):
        points = [_fill(point) for point in curve.get_argument(0).get_argument(0)]
        if not curve.Segments:
            return _open(points)
        order: list[int] = []
        for segment in curve.Segments:
            # An arc is drawn through its three points; rooms with bent walls are a little smaller so.
            order += [i for i in segment.wrappedValue if not order or order[-1] != i]
        return _open([points[i - 1] for i in order])
    if curve.is_a("IfcCompositeCurve"):
        joined: list[Vector] = []
        for segment in curve.Segments:
            part = segment.ParentCurve
            if not part.is_a("IfcPolyline"):
                raise _Complicated
            points = [_fill(point.get_argument(0)) for point in part.get_argument(0)]
            joined += points if segment.SameSense else points[::-1]
        return _open(joined)
    raise _Complicated


def _open(points: list[Vector]) -> list[Vector]:
    kept = [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def _fill(numbers: Sequence[float]) -> Vector:
    if len(numbers) == 2:
        return float(numbers[0]), float(numbers[1]), 0.0
    x, y, z = map(float, numbers)
    return x, y, z


def _read_faces(item: Any, frame: Frame) -> Iterator[Part]:
    faces: list[list[Vector]] = []
    if item.is_a("IfcPolygonalFaceSet") or item.is_a("IfcTriangulatedFaceSet"):
        points = [frame.apply(_fill(point)) for point in item.Coordinates.CoordList]
        listed = (
            [face.CoordIndex for face in item.Faces] if item.is_a("IfcPolygonalFaceSet") else item.CoordIndex
        )
        faces = [[points[i - 1] for i in face] for face in listed]
    else:
        shells = [item.Outer] if item.is_a("IfcFacetedBrep") else item.FbsmFaces
        for shell in shells:
            for face in shell.CfsFaces:
                bound = face.Bounds[0].Bound
                if not bound.is_a("IfcPolyLoop"):
                    raise _Complicated
                corners = [_fill(point.get_argument(0)) for point in bound.get_argument(0)]
                faces.append([frame.apply(corner) for corner in corners])
    yield from _flatten(faces)


def _flatten(faces: Sequence[Sequence[Any]]) -> Iterator[Part]:
    """Yield the shadow of each face on the floor; upright ones have none but count for the height."""
    levels = [point[2] for face in faces for point in face]
    if not levels:
        return
    low, high = min(levels), max(levels)
    for face in faces:
        yield Part([point[:2] for point in face], [], low, high)
