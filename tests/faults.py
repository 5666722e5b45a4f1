"""Faults put into a concept model at known places, for the review to find."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import ifcopenshell.guid
from ifcopenshell.util.element import get_psets

SHEET, COMMON, QUANTITIES = "Oncopolis_Room", "Pset_SpaceCommon", "Qto_SpaceBaseQuantities"


class Fault(NamedTuple):
    """What was done, the rule that has to say so, and the GlobalIds it may say it of."""

    rule: str
    ids: frozenset[str]


class Faults:
    """Puts faults into rooms, one a room.

    Parameters
    ----------
    model
        Concept model; it is changed.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        spaces = model.by_type("IfcSpace")
        self.facts = {space.id(): get_psets(space) for space in spaces}
        self.rooms = [space for space in spaces if SHEET in self.facts[space.id()]]
        self.ways = [space for space in spaces if space.ObjectType == "corridor"]
        self.left = list(self.rooms)

    def inject(self, n_each: int) -> list[Fault]:
        """Put in faults of every kind, so many of each where there are rooms for it."""
        return [fault for kind in KINDS for fault in islice(kind(self), n_each)]

    def take(self, fits: Callable[[Any, dict[str, Any]], bool] = lambda *_: True) -> Iterator[Any]:
        """Yield rooms that have no fault yet."""
        for space in list(self.left):
            if space in self.left and fits(space, self.facts[space.id()]):
                self.left.remove(space)
                yield space

    def find(self, space: Any, set_: str, name: str) -> Any:
        """Return a property or quantity of a room."""
        for relation in space.IsDefinedBy:
            definition = relation.RelatingPropertyDefinition
            if definition.Name == set_:
                parts = getattr(definition, "HasProperties", None) or definition.Quantities
                return next(part for part in parts if part.Name == name)
        raise LookupError(f"{set_}.{name}")

    def set(self, space: Any, name: str, value: Any) -> None:
        """Set a property of a room's sheet."""
        self.find(space, SHEET, name).NominalValue.wrappedValue = value

    def set_area(self, space: Any, factor: float) -> None:
        """Set the net area."""
        part = self.find(space, QUANTITIES, "NetFloorArea")
        part.AreaValue *= factor

    def list_doors(self, space: Any) -> list[Any]:
        """Return the doors of a room."""
        return [
            boundary.RelatedBuildingElement
            for boundary in space.BoundedBy
            if boundary.RelatedBuildingElement.is_a("IfcDoor")
        ]

    def forget(self, space: Any) -> None:
        """Take away what says which room of the programme a space is."""
        self.find(space, COMMON, "Reference").NominalValue.wrappedValue = "none"
        self.set(space, "RoomType", "none")
        space.ObjectType = None


def make_short(faults: Faults) -> Iterator[Fault]:
    for space in faults.take():
        faults.set_area(space, 0.9)
        yield Fault("programme.short", frozenset({space.GlobalId}))


def make_large(faults: Faults) -> Iterator[Fault]:
    for space in faults.take():
        faults.set_area(space, 1.3)
        yield Fault("programme.large", frozenset({space.GlobalId}))


def lose(faults: Faults) -> Iterator[Fault]:
    for space in faults.take():
        room = faults.facts[space.id()][SHEET]["RoomType"]
        for boundary in space.BoundedBy:
            faults.model.remove(boundary)
        faults.model.remove(space)
        yield Fault("programme.", frozenset({room}))


def make_low(faults: Faults) -> Iterator[Fault]:
    for space in faults.take():
        faults.find(space, QUANTITIES, "FinishCeilingHeight").LengthValue -= 0.2
        yield Fault("sheet.height", frozenset({space.GlobalId}))


def leave_out_height(faults: Faults) -> Iterator[Fault]:
    for space in faults.take():
        part = faults.find(space, QUANTITIES, "FinishCeilingHeight")
        part.Name = "SomethingElse"
        yield Fault("model.height", frozenset({space.GlobalId}))


def narrow_doors(faults: Faults) -> Iterator[Fault]:
    for space in faults.take(lambda space, _: len(faults.list_doors(space)) == 1):
        for door in faults.list_doors(space):
            door.OverallWidth = 0.7
        yield Fault("sheet.door", frozenset({space.GlobalId}))


def thin_air(faults: Faults) -> Iterator[Fault]:
    for space in faults.take(lambda _, facts: "AirChangesPerHour" in facts[SHEET]):
        faults.set(space, "AirChangesPerHour", 1.0)
        yield Fault("sheet.air", frozenset({space.GlobalId}))


def turn_pressure(faults: Faults) -> Iterator[Fault]:
    turned = {"positive": "negative", "negative": "positive", "neutral": "negative"}
    for space in faults.take(lambda _, facts: "Pressure" in facts[SHEET]):
        faults.set(space, "Pressure", turned[faults.facts[space.id()][SHEET]["Pressure"]])
        yield Fault("sheet.pressure", frozenset({space.GlobalId}))


def weaken_floor(faults: Faults) -> Iterator[Fault]:
    for space in faults.take():
        faults.set(space, "FloorLoad_kN_m2", 0.5)
        yield Fault("sheet.load", frozenset({space.GlobalId}))


def close_oxygen(faults: Faults) -> Iterator[Fault]:
    for space in faults.take(lambda _, facts: "Outlets_oxygen" in facts[SHEET]):
        faults.set(space, "Outlets_oxygen", 0.0)
        yield Fault("sheet.oxygen", frozenset({space.GlobalId}))


def unshield(faults: Faults) -> Iterator[Fault]:
    for space in faults.take(lambda _, facts: facts[SHEET]["Shielding"] != "none"):
        faults.set(space, "Shielding", "none")
        yield Fault("sheet.shielding", frozenset({space.GlobalId}))


def repeat_number(faults: Faults) -> Iterator[Fault]:
    for space in faults.take():
        other = next(one for one in faults.rooms if one in faults.left)
        space.Name = other.Name
        faults.left.remove(other)
        yield Fault("model.repeated-number", frozenset({space.GlobalId, other.GlobalId}))


def repeat_id(faults: Faults) -> Iterator[Fault]:
    for space in faults.take():
        other = next(one for one in faults.rooms if one in faults.left)
        space.GlobalId = other.GlobalId
        faults.left.remove(other)
        yield Fault("model.repeated-id", frozenset({other.GlobalId}))


def unname(faults: Faults) -> Iterator[Fault]:
    for i, space in enumerate(faults.take()):
        space.Name, space.LongName = str(i), None
        yield Fault("model.name", frozenset({space.GlobalId}))


def empty(faults: Faults) -> Iterator[Fault]:
    for space in faults.take():
        faults.set_area(space, 0.0)
        yield Fault("model.area", frozenset({space.GlobalId}))


def call_roof(faults: Faults) -> Iterator[Fault]:
    for space in faults.take():
        faults.forget(space)
        space.LongName = "ROOF"
        yield Fault("model.floor", frozenset({space.GlobalId}))


def call_unknown(faults: Faults) -> Iterator[Fault]:
    for i, space in enumerate(faults.take()):
        faults.forget(space)
        space.Name, space.LongName = f"X{i}", "Squash court"
        yield Fault("programme.extra", frozenset({space.GlobalId}))


def wall_in(faults: Faults) -> Iterator[Fault]:
    for space in faults.take(lambda space, _: len(faults.list_doors(space)) == 1):
        for boundary in list(space.BoundedBy):
            if boundary.RelatedBuildingElement.is_a("IfcDoor"):
                faults.model.remove(boundary)
        yield Fault("model.no-door", frozenset({space.GlobalId}))


def misstate_outline(faults: Faults) -> Iterator[Fault]:
    """Draw another outline than the area says, small enough to stay within the room."""
    for space in faults.take():
        space.Representation = faults.model.create_entity(
            "IfcProductDefinitionShape", Representations=[_square(faults.model)]
        )
        yield Fault("model.drawn-area", frozenset({space.GlobalId}))


def _square(model: Any) -> Any:
    points = [
        model.create_entity("IfcCartesianPoint", place)
        for place in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0))
    ]
    curve = model.create_entity("IfcPolyline", points)
    profile = model.create_entity("IfcArbitraryClosedProfileDef", "AREA", None, curve)
    up = model.create_entity("IfcDirection", (0.0, 0.0, 1.0))
    solid = model.create_entity("IfcExtrudedAreaSolid", profile, None, up, 3.0)
    return model.create_entity(
        "IfcShapeRepresentation",
        model.by_type("IfcGeometricRepresentationContext")[0],
        "Body",
        "SweptSolid",
        [solid],
    )


def join_clean_and_dirty(faults: Faults) -> Iterator[Fault]:
    def has(zone: str) -> Callable[[Any, dict[str, Any]], bool]:
        return lambda _, facts: facts[SHEET]["Zone"] == zone

    for clean, dirty in zip(faults.take(has("clean")), faults.take(has("dirty")), strict=False):
        door = faults.model.create_entity(
            "IfcDoor", GlobalId=ifcopenshell.guid.new(), Name="new door", OverallWidth=1.3, OverallHeight=2.1
        )
        for space in (clean, dirty):
            faults.model.create_entity(
                "IfcRelSpaceBoundary", ifcopenshell.guid.new(), None, None, None, space, door, None,
                "PHYSICAL", "INTERNAL",
            )  # fmt: skip
        yield Fault("ways.clean-dirty", frozenset({clean.GlobalId, dirty.GlobalId}))


def overload(faults: Faults) -> Iterator[Fault]:
    for thing in faults.model.by_type("IfcMedicalDevice"):
        for relation in thing.IsDefinedBy:
            for part in relation.RelatingPropertyDefinition.HasProperties:
                if part.Name == "Weight":
                    part.NominalValue.wrappedValue = 1e6
        yield Fault("ways.floor-load", frozenset({thing.GlobalId}))


KINDS = (
    unshield,
    join_clean_and_dirty,
    close_oxygen,
    narrow_doors,
    wall_in,
    make_short,
    make_large,
    lose,
    make_low,
    leave_out_height,
    thin_air,
    turn_pressure,
    weaken_floor,
    repeat_number,
    repeat_id,
    unname,
    empty,
    call_roof,
    call_unknown,
    misstate_outline,
    overload,
)
"""Rare kinds of rooms first, so that some are left for each."""

_GONE = {"programme.missing", "programme.count", "programme.department-net", "ways.beside"}
FOLLOWS = {
    "model.area": {"programme.short", "programme.department-net", "ways.floor-load"},
    "model.drawn-area": {"ways.beside"},
    "model.floor": {*_GONE, "model.no-door"},
    "model.no-door": {"ways."},
    "model.repeated-id": {"ways.", "model.no-door"},
    "programme.": {"programme.", "ways.", "model.no-door"},
    "programme.extra": _GONE,
    "programme.large": {"model.drawn-area"},
    "programme.short": {"model.drawn-area", "programme.department-net"},
    "sheet.door": {"ways.bed-door", "ways.machine"},
    "sheet.load": {"ways.floor-load"},
}
"""What else may rightly be said where a fault is, of its department, or next door."""
