"""`Ink`: writes IFC4 entities with GlobalIds that follow from keys."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

import ifcopenshell.guid

from oncopolis.design.concept.step import Ref, StepFile, type_value
from oncopolis.design.layout import Rect

SPACE = UUID("6d0c1f4e-6a0b-5a43-9a5d-0f6f3c2f7a11")
UP = (0.0, 0.0, 1.0)

Value = tuple[str, Any]
"""Type of a value, such as ``IfcLabel``, and the value."""

QUANTITIES = {
    "Area": "IfcQuantityArea",
    "Volume": "IfcQuantityVolume",
    "Weight": "IfcQuantityWeight",
}
LENGTH = "IfcQuantityLength"
_PRECISION = 1e-5  # structure: points nearer than this are one, m
ROUNDED = 6  # structure: digits of a measure, m


class Ink:
    """An IFC4 file in the making.

    Parameters
    ----------
    project
        Name of the project; part of every GlobalId, so that two projects never share one.
    """

    def __init__(self, project: str) -> None:
        self.file = StepFile()
        self._places: set[int] = set()
        self._placed: dict[int, Ref] = {}
        self.name = project
        self.project = self._write_project(project)
        self._points: dict[tuple[float, ...], Ref] = {}
        self._directions: dict[tuple[float, ...], Ref] = {}

    def make(self, kind: str, *values: Any) -> Ref:
        """Write an entity by the order of its attributes."""
        entity = self.file.add(kind, *values)
        for value in values:
            if isinstance(value, Ref) and value.id in self._places:
                self._placed[entity.id] = value
        return entity

    def identify(self, kind: str, key: str) -> str:
        """Return the GlobalId of a thing: the same for the same key in every revision."""
        return str(ifcopenshell.guid.compress(uuid5(SPACE, f"{self.name}/{kind}/{key}").hex))

    def point(self, *place: float) -> Ref:
        """Write a point once."""
        rounded = tuple(round(value, ROUNDED) + 0.0 for value in place)
        if rounded not in self._points:
            self._points[rounded] = self.make("IfcCartesianPoint", rounded)
        return self._points[rounded]

    def direction(self, *ratios: float) -> Ref:
        """Write a direction once."""
        if ratios not in self._directions:
            self._directions[ratios] = self.make("IfcDirection", ratios)
        return self._directions[ratios]

    def place(self, x: float, y: float, z: float, inside: Ref | None) -> Ref:
        """Write a placement relative to that of another entity."""
        axes = self.make("IfcAxis2Placement3D", self.point(x, y, z), None, None)
        origin = None if inside is None else self._placed[inside.id]
        placement = self.make("IfcLocalPlacement", origin, axes)
        self._places.add(placement.id)
        return placement

    def block(self, width: float, depth: float, height: float) -> Ref:
        """Write the shape of a block that stands on its placement, centred."""
        profile = self.make(
            "IfcRectangleProfileDef", "AREA", None, None, round(width, ROUNDED), round(depth, ROUNDED)
        )
        return self.make("IfcProductDefinitionShape", None, None, [self._body(profile, height)])

    def space(self, outline: Sequence[tuple[float, float]], height: float) -> Ref:
        """Write the shape of a space: its body and its footprint."""
        curve = self.make("IfcPolyline", [self.point(x, y) for x, y in (*outline, outline[0])])
        profile = self.make("IfcArbitraryClosedProfileDef", "AREA", None, curve)
        prints = self.make("IfcGeometricCurveSet", [curve])
        footprint = self.make(
            "IfcShapeRepresentation", self.footprints, "FootPrint", "GeometricCurveSet", [prints]
        )
        return self.make("IfcProductDefinitionShape", None, None, [self._body(profile, height), footprint])

    def _body(self, profile: Ref, height: float) -> Ref:
        base = self.make("IfcAxis2Placement3D", self.point(0.0, 0.0, 0.0), None, None)
        solid = self.make("IfcExtrudedAreaSolid", profile, base, self.direction(*UP), round(height, ROUNDED))
        return self.make("IfcShapeRepresentation", self.bodies, "Body", "SweptSolid", [solid])

    def set_properties(self, owner: Ref, key: str, name: str, values: Mapping[str, Value]) -> None:
        """Write a property set of one object."""
        properties = [
            self.make("IfcPropertySingleValue", title, None, type_value(kind, value), None)
            for title, (kind, value) in values.items()
        ]
        pset = self.make("IfcPropertySet", self.identify(name, key), None, name, None, properties)
        self._define(owner, key, name, pset)

    def set_quantities(self, owner: Ref, key: str, name: str, values: Mapping[str, float]) -> None:
        """Write a quantity set of one object; the end of a name says what it measures."""
        quantities = []
        for title, value in values.items():
            kind = next((kind for end, kind in QUANTITIES.items() if title.endswith(end)), LENGTH)
            quantities.append(self.make(kind, title, None, None, round(value, ROUNDED), None))
        qto = self.make("IfcElementQuantity", self.identify(name, key), None, name, None, None, quantities)
        self._define(owner, key, name, qto)

    def _define(self, owner: Ref, key: str, name: str, definition: Ref) -> None:
        guid = self.identify(f"defines {name}", key)
        self.make("IfcRelDefinesByProperties", guid, None, None, None, [owner], definition)

    def aggregate(self, whole: Ref, key: str, parts: Sequence[Ref]) -> None:
        """Say what a spatial element consists of."""
        if parts:
            guid = self.identify("aggregates", key)
            self.make("IfcRelAggregates", guid, None, None, None, whole, list(parts))

    def contain(self, where: Ref, key: str, elements: Sequence[Ref]) -> None:
        """Say which elements are in a spatial element."""
        if elements:
            guid = self.identify("contains", key)
            self.make("IfcRelContainedInSpatialStructure", guid, None, None, None, list(elements), where)

    def bound(self, space: Ref, element: Ref, key: str, *, is_external: bool = False) -> None:
        """Say that an element bounds a space."""
        side = "EXTERNAL" if is_external else "INTERNAL"
        guid = self.identify("bounds", key)
        self.make("IfcRelSpaceBoundary", guid, None, None, None, space, element, None, "PHYSICAL", side)

    def _write_project(self, name: str) -> Ref:
        length, area, volume, mass, angle = (
            self.make("IfcSIUnit", None, kind, prefix, unit)
            for kind, prefix, unit in (
                ("LENGTHUNIT", None, "METRE"),
                ("AREAUNIT", None, "SQUARE_METRE"),
                ("VOLUMEUNIT", None, "CUBIC_METRE"),
                ("MASSUNIT", "KILO", "GRAM"),
                ("PLANEANGLEUNIT", None, "RADIAN"),
            )
        )
        units = self.make("IfcUnitAssignment", [length, area, volume, mass, angle])
        origin = self.make("IfcAxis2Placement3D", self.make("IfcCartesianPoint", (0.0, 0.0, 0.0)), None, None)
        context = self.make(
            "IfcGeometricRepresentationContext", None, "Model", len(UP), _PRECISION, origin, None
        )
        self.bodies = self._write_subcontext("Body", context, "MODEL_VIEW")
        self.footprints = self._write_subcontext("FootPrint", context, "PLAN_VIEW")
        guid = self.identify("project", name)
        return self.make("IfcProject", guid, None, name, None, None, name, None, [context], units)

    def _write_subcontext(self, name: str, context: Ref, view: str) -> Ref:
        return self.make(
            "IfcGeometricRepresentationSubContext", name, "Model", None, None, None, None, context, None, view
        )


def list_corners(rect: Rect, x: float, y: float) -> list[tuple[float, float]]:
    """Return the corners of a rectangle counterclockwise, relative to a point."""
    return [
        (rect.x0 - x, rect.y0 - y),
        (rect.x1 - x, rect.y0 - y),
        (rect.x1 - x, rect.y1 - y),
        (rect.x0 - x, rect.y1 - y),
    ]
