"""Rooms, ways and departments of the concept model, with what each room has to be like."""

from collections.abc import Iterator, Mapping, Sequence

from shapely.geometry import Polygon, box
from shapely.geometry.polygon import orient
from shapely.ops import unary_union

from oncopolis.design.concept.ink import Ink, Value, list_corners
from oncopolis.design.concept.step import Ref
from oncopolis.design.layout import DrawnSpace, DrawnStorey, Layout
from oncopolis.design.required import Department, Programme, RoomType

ROOM_SET = "Oncopolis_Room"
DEPARTMENT_SET = "Oncopolis_Department"
WAYS = {"corridor": "Corridor", "street": "Main corridor", "lobby": "Lift lobby"}


def write_space(ink: Ink, drawn: DrawnSpace, programme: Programme, storey: Ref) -> Ref:
    """Write the space of a room or a way."""
    x, y = drawn.rects[0].middle
    shape = ink.space(find_outline(drawn, x, y), drawn.height_m)
    room = programme.room_types.get(drawn.room_type)
    title = room.labels["en"] if room else WAYS[drawn.kind]
    space = ink.make(
        "IfcSpace",
        ink.identify("space", drawn.key),
        None,
        drawn.key,
        None,
        drawn.room_type or drawn.kind,
        ink.place(x, y, 0.0, storey),
        shape,
        title,
        "ELEMENT",
        "SPACE" if room else "INTERNAL",
        None,
    )
    ink.set_quantities(space, drawn.key, "Qto_SpaceBaseQuantities", measure_space(drawn))
    ink.set_properties(space, drawn.key, "Pset_SpaceCommon", list_common(drawn, room))
    if room is not None:
        ink.set_properties(space, drawn.key, ROOM_SET, list_requirements(room))
    return space


def find_outline(drawn: DrawnSpace, x: float, y: float) -> list[tuple[float, float]]:
    """Return the corners of a space relative to a point, the first not repeated."""
    if len(drawn.rects) == 1:
        return list_corners(drawn.rects[0], x, y)
    whole = unary_union([box(rect.x0, rect.y0, rect.x1, rect.y1) for rect in drawn.rects])
    assert isinstance(whole, Polygon)
    assert not whole.interiors
    plain = whole.simplify(0.0)
    assert isinstance(plain, Polygon)
    corners = list(orient(plain).exterior.coords)[:-1]
    return [(px - x, py - y) for px, py in corners]


def measure_space(drawn: DrawnSpace) -> Mapping[str, float]:
    """Return the base quantities of a space."""
    rect = drawn.rects[0]
    perimeter = {"NetPerimeter": 2 * (rect.width + rect.depth)} if len(drawn.rects) == 1 else {}
    return {
        "Height": drawn.height_m,
        "FinishCeilingHeight": drawn.height_m,
        **perimeter,
        "GrossFloorArea": drawn.area_m2,
        "NetFloorArea": drawn.area_m2,
        "NetVolume": drawn.area_m2 * drawn.height_m,
    }


def list_common(drawn: DrawnSpace, room: RoomType | None) -> Mapping[str, Value]:
    """Return what every space says of itself."""
    common: dict[str, Value] = {
        "Reference": ("IfcIdentifier", drawn.room_type or drawn.kind),
        "IsExternal": ("IfcBoolean", False),
    }
    if room is not None:
        common["GrossPlannedArea"] = ("IfcAreaMeasure", room.planned_m2)
        common["NetPlannedArea"] = ("IfcAreaMeasure", room.area_m2.value)
    return common


def list_requirements(room: RoomType) -> Mapping[str, Value]:
    """Return the data sheet of a room as properties."""
    values: dict[str, Value] = {
        "RoomType": ("IfcIdentifier", room.id),
        "Department": ("IfcIdentifier", room.department),
        "Function": ("IfcIdentifier", room.function),
        **{f"Label_{language}": ("IfcLabel", label) for language, label in room.labels.items()},
        "RequiredArea": ("IfcAreaMeasure", room.area_m2.value),
        "ShieldingArea": ("IfcAreaMeasure", room.shielding_m2),
        "RequiredHeight": ("IfcPositiveLengthMeasure", room.height_m.value),
        "RequiredDoorWidth": ("IfcPositiveLengthMeasure", room.door_width_m.value),
        "FloorLoad_kN_m2": ("IfcReal", room.load_kn_m2.value),
        "Shielding": ("IfcLabel", room.shielding or "none"),
        "Zone": ("IfcLabel", room.zone or "neutral"),
    }
    if room.n_places:
        values["Places"] = ("IfcReal", room.n_places / room.n)
    if room.air is not None:
        values["AirChangesPerHour"] = ("IfcReal", room.air.changes_per_hour.value)
        values["Pressure"] = ("IfcLabel", room.air.pressure)
    for gas, outlets in room.gases.items():
        values[f"Outlets_{gas}"] = ("IfcReal", outlets.value)
    return values


def write_classifications(ink: Ink, programme: Programme, spaces: Mapping[str, Ref]) -> None:
    """Associate rooms with their classes."""
    systems: dict[str, Ref] = {}
    members: dict[tuple[str, str, str], list[Ref]] = {}
    for room in programme.rooms:
        for code in room.codes:
            members.setdefault((code.system, code.code, code.name), []).extend(
                spaces[key] for key in room.list_room_ids()
            )
    for (system, identification, name), rooms in members.items():
        if system not in systems:
            systems[system] = ink.make("IfcClassification", None, None, None, system)
        reference = ink.make(
            "IfcClassificationReference", None, identification, name, systems[system], None, None
        )
        guid = ink.identify("classifies", f"{system}/{identification}")
        ink.make("IfcRelAssociatesClassification", guid, None, None, None, rooms, reference)


def write_departments(ink: Ink, layout: Layout, spaces: Mapping[str, Ref]) -> None:
    """Gather the rooms and corridors of each department in a zone."""
    members: dict[str, list[Ref]] = {}
    for drawn in list_drawn(layout.storeys):
        if drawn.department:
            members.setdefault(drawn.department, []).append(spaces[drawn.key])
    for part in layout.programme.departments:
        zone = ink.make(
            "IfcZone", ink.identify("zone", part.id), None, part.id, None, "department", part.labels["en"]
        )
        guid = ink.identify("assigns", part.id)
        ink.make("IfcRelAssignsToGroup", guid, None, None, None, members[part.id], None, zone)
        ink.set_properties(zone, part.id, DEPARTMENT_SET, list_areas(part, layout))


def list_areas(part: Department, layout: Layout) -> Mapping[str, Value]:
    """Return the areas of a department, planned and drawn."""
    drawn = sum(
        piece.outline.area
        for storey in layout.storeys
        for piece in storey.parts
        if piece.department == part.id
    )
    return {
        "Department": ("IfcIdentifier", part.id),
        **{f"Label_{language}": ("IfcLabel", label) for language, label in part.labels.items()},
        "PlannedNetArea": ("IfcAreaMeasure", part.net_m2),
        "GrossFactor": ("IfcReal", part.gross_factor.value),
        "PlannedGrossArea": ("IfcAreaMeasure", part.gross_m2),
        "DrawnGrossArea": ("IfcAreaMeasure", drawn),
    }


def list_drawn(storeys: Sequence[DrawnStorey]) -> Iterator[DrawnSpace]:
    """Yield the spaces of all storeys."""
    for storey in storeys:
        yield from storey.drawing.spaces
