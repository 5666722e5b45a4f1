"""IFC files of a few rooms for tests: schemas, units, exporters."""

from pathlib import Path
from typing import Any, cast

import ifcopenshell
import ifcopenshell.guid

FOOT_M = 0.3048


class Author:
    """Writes a file of rooms in one schema and one unit of length."""

    def __init__(self, schema: str = "IFC4", unit: str = "metre", *, has_units: bool = True) -> None:
        self.file: Any = ifcopenshell.file(schema=cast("Any", schema))
        self.metres = {"metre": 1.0, "millimetre": 0.001, "foot": FOOT_M}[unit]
        units = self._write_units(unit) if has_units else None
        self.project = self.make("IfcProject", GlobalId=self.guid(), Name="Test", UnitsInContext=units)
        self.building = self.make(
            "IfcBuilding", GlobalId=self.guid(), Name="House", CompositionType="ELEMENT"
        )
        self.storey = self.make(
            "IfcBuildingStorey", GlobalId=self.guid(), Name="Ground", CompositionType="ELEMENT", Elevation=0.0
        )
        self.aggregate(self.project, self.building)
        self.aggregate(self.building, self.storey)

    def make(self, kind: str, **values: Any) -> Any:
        return self.file.create_entity(kind, **values)

    @staticmethod
    def guid() -> str:
        return str(ifcopenshell.guid.new())

    def aggregate(self, whole: Any, *parts: Any) -> Any:
        return self.make(
            "IfcRelAggregates", GlobalId=self.guid(), RelatingObject=whole, RelatedObjects=list(parts)
        )

    def _write_units(self, unit: str) -> Any:
        metre = self.make("IfcSIUnit", UnitType="LENGTHUNIT", Name="METRE")
        square = self.make("IfcSIUnit", UnitType="AREAUNIT", Name="SQUARE_METRE")
        if unit == "millimetre":
            metre.Prefix = "MILLI"
        if unit == "foot":
            metre, square = (
                self._convert(metre, "LENGTHUNIT", "FOOT", FOOT_M),
                self._convert(square, "AREAUNIT", "SQUARE FOOT", FOOT_M**2),
            )
        return self.make("IfcUnitAssignment", Units=[metre, square])

    def _convert(self, base: Any, kind: str, name: str, factor: float) -> Any:
        value = self.file.create_entity("IfcReal", factor)
        measure = self.make("IfcMeasureWithUnit", ValueComponent=value, UnitComponent=base)
        size = 1 if kind == "LENGTHUNIT" else 2
        dimensions = self.file.create_entity("IfcDimensionalExponents", size, 0, 0, 0, 0, 0, 0)
        return self.make(
            "IfcConversionBasedUnit",
            Dimensions=dimensions,
            UnitType=kind,
            Name=name,
            ConversionFactor=measure,
        )

    def add_space(self, number: str, name: str, corners: list[tuple[float, float]]) -> Any:
        """Draw a room by its corners in metres, 3 m high."""
        space = self.make(
            "IfcSpace", GlobalId=self.guid(), Name=number, LongName=name, CompositionType="ELEMENT",
            ObjectPlacement=self._place(0.0, 0.0), Representation=self._extrude(corners, 3.0),
        )  # fmt: skip
        self.aggregate(self.storey, space)
        return space

    def add_quantity(self, thing: Any, set_: str, name: str, kind: str, value: float) -> None:
        attribute = {"IfcQuantityArea": "AreaValue", "IfcQuantityLength": "LengthValue"}[kind]
        part = self.make(kind, Name=name, **{attribute: value})
        self.define(
            thing, self.make("IfcElementQuantity", GlobalId=self.guid(), Name=set_, Quantities=[part])
        )

    def add_property(self, thing: Any, set_: str, name: str, kind: str, value: Any) -> None:
        nominal = self.file.create_entity(kind, value)
        part = self.make("IfcPropertySingleValue", Name=name, NominalValue=nominal)
        self.define(thing, self.make("IfcPropertySet", GlobalId=self.guid(), Name=set_, HasProperties=[part]))

    def define(self, thing: Any, definition: Any) -> None:
        self.make(
            "IfcRelDefinesByProperties", GlobalId=self.guid(), RelatedObjects=[thing],
            RelatingPropertyDefinition=definition,
        )  # fmt: skip

    def add_door(self, x: float, y: float, width_m: float, *spaces: Any) -> Any:
        """Draw a door from a corner on; with spaces it has boundaries, without it only stands there."""
        door = self.make(
            "IfcDoor", GlobalId=self.guid(), Name="door", ObjectPlacement=self._place(x, y),
            OverallHeight=2.1 / self.metres, OverallWidth=width_m / self.metres,
        )  # fmt: skip
        self.make(
            "IfcRelContainedInSpatialStructure", GlobalId=self.guid(), RelatedElements=[door],
            RelatingStructure=self.storey,
        )  # fmt: skip
        for space in spaces:
            self.make(
                "IfcRelSpaceBoundary", GlobalId=self.guid(), RelatingSpace=space, RelatedBuildingElement=door,
                PhysicalOrVirtualBoundary="PHYSICAL", InternalOrExternalBoundary="INTERNAL",
            )  # fmt: skip
        return door

    def _place(self, x: float, y: float) -> Any:
        point = self.make("IfcCartesianPoint", Coordinates=(x / self.metres, y / self.metres, 0.0))
        axes = self.make("IfcAxis2Placement3D", Location=point)
        return self.make("IfcLocalPlacement", RelativePlacement=axes)

    def _extrude(self, corners: list[tuple[float, float]], height: float) -> Any:
        points = [
            self.make("IfcCartesianPoint", Coordinates=(x / self.metres, y / self.metres))
            for x, y in [*corners, corners[0]]
        ]
        curve = self.make("IfcPolyline", Points=points)
        profile = self.make("IfcArbitraryClosedProfileDef", ProfileType="AREA", OuterCurve=curve)
        up = self.make("IfcDirection", DirectionRatios=(0.0, 0.0, 1.0))
        origin = self.make("IfcCartesianPoint", Coordinates=(0.0, 0.0, 0.0))
        axes = self.make("IfcAxis2Placement3D", Location=origin)
        solid = self.make(
            "IfcExtrudedAreaSolid",
            SweptArea=profile,
            Position=axes,
            ExtrudedDirection=up,
            Depth=height / self.metres,
        )
        return self._represent("SweptSolid", solid)

    def brep(self, corners: list[tuple[float, float]], height: float) -> Any:
        """Return the shape of a block made of faces."""
        low = [self._point(x, y, 0.0) for x, y in corners]
        high = [self._point(x, y, height) for x, y in corners]
        n = len(corners)
        rings = [low[::-1], high, *([low[i], low[(i + 1) % n], high[(i + 1) % n], high[i]] for i in range(n))]
        faces = [
            self.make(
                "IfcFace",
                Bounds=[
                    self.make(
                        "IfcFaceOuterBound", Bound=self.make("IfcPolyLoop", Polygon=ring), Orientation=True
                    )
                ],
            )
            for ring in rings
        ]
        shell = self.make("IfcClosedShell", CfsFaces=faces)
        return self._represent("Brep", self.make("IfcFacetedBrep", Outer=shell))

    def _point(self, *place: float) -> Any:
        return self.make("IfcCartesianPoint", Coordinates=tuple(value / self.metres for value in place))

    def _represent(self, kind: str, item: Any) -> Any:
        shape = self.make(
            "IfcShapeRepresentation", RepresentationIdentifier="Body", RepresentationType=kind, Items=[item]
        )
        return self.make("IfcProductDefinitionShape", Representations=[shape])

    def save(self, path: Path) -> Path:
        self.file.write(str(path))
        return path


SQUARE = [(0.0, 0.0), (4.0, 0.0), (4.0, 5.0), (0.0, 5.0)]
EAST = [(4.2, 0.0), (8.2, 0.0), (8.2, 5.0), (4.2, 5.0)]


def write_house(path: Path, schema: str = "IFC4", unit: str = "metre") -> Path:
    """Write two rooms with a door between them."""
    author = Author(schema, unit)
    exam = author.add_space("1", "Exam room", SQUARE)
    office = author.add_space("2", "Office", EAST)
    author.add_door(4.1, 2.0, 0.9, exam, office)
    return author.save(path)
