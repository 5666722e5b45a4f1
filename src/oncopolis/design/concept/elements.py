"""Walls, doors, slabs, lifts and heavy equipment of the concept model."""

from collections.abc import Iterator, Mapping

from oncopolis.design.concept.ink import ROUNDED, Ink
from oncopolis.design.concept.step import Ref, type_value
from oncopolis.design.layout import DrawnDoor, DrawnSpace, DrawnStorey, DrawnWall, Rect
from oncopolis.design.required import Item, Programme, RoomType

WALL_SET, SLAB_SET, EQUIPMENT_SET = "Oncopolis_Wall", "Oncopolis_Slab", "Oncopolis_Equipment"
FLOOR_M = 0.3  # structure: thickness floors are drawn with
GRAVITY_M_S2, N_PER_KN = 9.80665, 1000  # structure: standard gravity, newtons of a kilonewton
MARK_M = 1.0
"""Equipment is marked by a block of this size, which claims nothing about the machine."""
DOUBLE_M = 1.6  # structure: wider doors are drawn with two leaves


class ElementWriter:
    """Writes the elements of one storey.

    Parameters
    ----------
    ink
        The file.
    programme
        What they are for.
    spaces
        Spaces of the storey by key.
    outside
        The external spatial element that ways out lead to.
    """

    def __init__(self, ink: Ink, programme: Programme, spaces: Mapping[str, Ref], outside: Ref) -> None:
        self.ink, self.programme, self.spaces, self.outside = ink, programme, spaces, outside
        self.materials: dict[tuple[float, float], Ref] = {}
        self.layered: dict[tuple[float, float], list[Ref]] = {}

    def write_storey(self, storey: DrawnStorey, entity: Ref) -> None:
        """Write walls with their doors, the slabs under departments and over bunkers."""
        walls = {wall.key: self._write_wall(wall, entity) for wall in storey.drawing.walls}
        drawn = {wall.key: wall for wall in storey.drawing.walls}
        doors = [
            self._write_door(door, drawn[door.wall], walls[door.wall], entity)
            for door in storey.drawing.doors
        ]
        slabs = [*self._write_floors(storey, entity), *self._write_roofs(storey, entity)]
        self.ink.contain(entity, f"elements {storey.key}", [*walls.values(), *doors, *slabs])

    def _write_block(self, rect: Rect, z: float, height: float, inside: Ref) -> tuple[Ref, Ref]:
        x, y = rect.middle
        placement = self.ink.place(x, y, z, inside)
        return placement, self.ink.block(rect.width, rect.depth, height)

    def _write_wall(self, wall: DrawnWall, storey: Ref) -> Ref:
        ink, rect = self.ink, wall.rect
        length, thickness = (rect.width, rect.depth) if wall.is_along_x else (rect.depth, rect.width)
        kind = "SOLIDWALL" if wall.shields else "PARTITIONING"
        entity = ink.make(
            "IfcWall", ink.identify("wall", wall.key), None, wall.key, None, wall.kind,
            *self._write_block(rect, 0.0, wall.height_m, storey), None, kind,
        )  # fmt: skip
        ink.set_quantities(
            entity,
            wall.key,
            "Qto_WallBaseQuantities",
            {"Length": length, "Width": thickness, "Height": wall.height_m},
        )
        if wall.shields:
            room = self.programme.room_types[wall.shields.rpartition(".")[0]]
            self._shield(entity, wall.key, wall.kind, wall.shields, room, thickness)
        return entity

    def _shield(
        self, entity: Ref, key: str, kind: str, shields: str, room: RoomType, thickness: float
    ) -> None:
        assert room.walls is not None
        density = room.walls.density_kg_m3.value
        self.ink.set_properties(
            entity,
            key,
            WALL_SET,
            {
                "Shields": ("IfcIdentifier", shields),
                "Barrier": ("IfcLabel", kind),
                "Thickness": ("IfcPositiveLengthMeasure", thickness),
                "Density_kg_m3": ("IfcReal", density),
            },
        )
        self.layered.setdefault((round(thickness, 3), density), []).append(entity)
        self.ink.bound(self.spaces[shields], entity, f"{shields} {key}")

    def _write_door(self, door: DrawnDoor, wall: DrawnWall, host: Ref, storey: Ref) -> Ref:
        ink, rect = self.ink, door.rect
        height = self.programme.get("door.height")
        width = round(rect.width if door.is_along_x else rect.depth, ROUNDED)
        opening = ink.make(
            "IfcOpeningElement", ink.identify("opening", door.key), None, door.key, None, None,
            *self._write_block(rect, 0.0, height, storey), None, "OPENING",
        )  # fmt: skip
        ink.make("IfcRelVoidsElement", ink.identify("voids", door.key), None, None, None, host, opening)
        operation = "DOUBLE_DOOR_SINGLE_SWING" if width > DOUBLE_M else "SINGLE_SWING_LEFT"
        entity = ink.make(
            "IfcDoor", ink.identify("door", door.key), None, door.key, None, None,
            *self._write_block(rect, 0.0, height, storey), None, height, width, "DOOR", operation, None,
        )  # fmt: skip
        ink.make("IfcRelFillsElement", ink.identify("fills", door.key), None, None, None, opening, entity)
        is_external = not all(door.joins)
        ink.set_properties(
            entity,
            door.key,
            "Pset_DoorCommon",
            {"Reference": ("IfcIdentifier", wall.kind), "IsExternal": ("IfcBoolean", is_external)},
        )
        for key in door.joins:
            space = self.spaces[key] if key else self.outside
            ink.bound(space, entity, f"{key} {door.key}", is_external=is_external)
        return entity

    def _write_floors(self, storey: DrawnStorey, entity: Ref) -> Iterator[Ref]:
        """Yield the floor of each department, made for its heaviest room or the bunker walls on it."""
        for part in storey.parts:
            loads = [
                load
                for space in storey.drawing.spaces
                if space.department == part.department and space.room_type
                for load in list_loads(self.programme.room_types[space.room_type])
            ]
            key = f"floor.{part.department}.{storey.key}"
            slab = self._write_slab(key, part.outline, -FLOOR_M, FLOOR_M, "FLOOR", entity)
            self.ink.set_properties(
                slab,
                key,
                SLAB_SET,
                {
                    "LiveLoad_kN_m2": ("IfcReal", max(loads)),
                    "IsOnGround": ("IfcBoolean", storey.is_lowest),
                },
            )
            yield slab

    def _write_roofs(self, storey: DrawnStorey, entity: Ref) -> Iterator[Ref]:
        """Yield the roofs of bunkers, as thick as their primary walls."""
        shields: dict[str, list[Rect]] = {}
        for wall in storey.drawing.walls:
            if wall.shields:
                shields.setdefault(wall.shields, []).append(wall.rect)
        for key, rects in shields.items():
            room = self.programme.room_types[key.rpartition(".")[0]]
            assert room.walls is not None
            whole = Rect(
                min(rect.x0 for rect in rects),
                min(rect.y0 for rect in rects),
                max(rect.x1 for rect in rects),
                max(rect.y1 for rect in rects),
            )
            thickness = room.walls.primary_m.value
            name = f"roof.{key}"
            slab = self._write_slab(name, whole, room.height_m.value, thickness, "ROOF", entity)
            self._shield(slab, name, "primary", key, room, thickness)
            yield slab

    def _write_slab(self, key: str, rect: Rect, z: float, thickness: float, kind: str, storey: Ref) -> Ref:
        return self.ink.make(
            "IfcSlab", self.ink.identify("slab", key), None, key, None, None,
            *self._write_block(rect, z, thickness, storey), None, kind,
        )  # fmt: skip

    def write_materials(self) -> None:
        """Give shielding walls and roofs their concrete."""
        concretes: dict[float, Ref] = {}
        for (thickness, density), walls in self.layered.items():
            if density not in concretes:
                concretes[density] = self._write_concrete(density)
            layer = self.ink.make("IfcMaterialLayer", concretes[density], thickness)
            name = f"concrete {thickness:.3f} m"
            layers = self.ink.make("IfcMaterialLayerSet", [layer], name, None)
            guid = self.ink.identify("material", f"{name} {density}")
            self.ink.make("IfcRelAssociatesMaterial", guid, None, None, None, walls, layers)

    def _write_concrete(self, density: float) -> Ref:
        material = self.ink.make("IfcMaterial", f"Concrete {density:.0f} kg/m3", None, "concrete")
        value = type_value("IfcMassDensityMeasure", density)
        values = [self.ink.make("IfcPropertySingleValue", "MassDensity", None, value, None)]
        self.ink.make("IfcMaterialProperties", "Pset_MaterialCommon", None, values, material)
        return material


def list_loads(room: RoomType) -> Iterator[float]:
    """Yield what a room asks its floor to carry, kN/m2: its load, and its shielding walls on their foot."""
    yield room.load_kn_m2.value
    if room.walls is not None:
        yield room.walls.density_kg_m3.value * GRAVITY_M_S2 * room.height_m.value / N_PER_KN


def write_lift(ink: Ink, building: Ref, key: str, lobbies: Mapping[str, Ref], door_m: float) -> None:
    """Write the lift that joins the lobbies of a building's storeys."""
    lift = ink.make(
        "IfcTransportElement", ink.identify("lift", key), None, f"lift.{key}", None, None,
        ink.place(0.0, 0.0, 0.0, building), None, None, "ELEVATOR",
    )  # fmt: skip
    clear = {"ClearWidth": ("IfcPositiveLengthMeasure", door_m)}
    ink.set_properties(lift, f"lift.{key}", "Pset_TransportElementElevator", clear)
    ink.contain(building, f"lift {key}", [lift])
    for name, lobby in lobbies.items():
        ink.bound(lobby, lift, f"lift {name}")


def write_equipment(
    ink: Ink, programme: Programme, drawn: Mapping[str, DrawnSpace], spaces: Mapping[str, Ref]
) -> None:
    """Write heavy equipment into the rooms it stands in, spread evenly."""
    inside: dict[str, list[Ref]] = {}
    for item in programme.equipment:
        if item.way is None or item.weight_kg is None or not item.room:
            continue
        rooms = programme.room_types[item.room].list_room_ids()
        for i in range(item.n):
            key = rooms[i % len(rooms)]
            entity = _write_item(
                ink, item, i + 1, item.weight_kg.value, spaces[key], len(inside.get(key, ()))
            )
            inside.setdefault(key, []).append(entity)
    for key, entities in inside.items():
        assert drawn[key].kind == "room"
        ink.contain(spaces[key], f"equipment {key}", entities)


def _write_item(ink: Ink, item: Item, k: int, weight_kg: float, space: Ref, n_before: int) -> Ref:
    key = f"{item.id}.{k}"
    entity = ink.make(
        "IfcMedicalDevice", ink.identify("equipment", key), None, key, item.labels["en"], item.id,
        ink.place(0.0, 0.0, n_before * MARK_M, space),
        ink.block(MARK_M, MARK_M, MARK_M), None, "NOTDEFINED",
    )  # fmt: skip
    ink.set_properties(
        entity,
        key,
        EQUIPMENT_SET,
        {
            "Item": ("IfcIdentifier", item.id),
            "Weight": ("IfcMassMeasure", weight_kg),
            "Department": ("IfcIdentifier", item.department),
        },
    )
    return entity
