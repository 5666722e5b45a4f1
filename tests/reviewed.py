"""Small buildings and programmes for tests of the review."""

from collections.abc import Iterable
from typing import Any

from oncopolis.design.model import (
    Building,
    Door,
    Equipment,
    Measured,
    Outline,
    Slab,
    SourceFile,
    Space,
    Storey,
    Wall,
)
from oncopolis.design.required import (
    Air,
    Beside,
    Block,
    Department,
    Item,
    Programme,
    RoomType,
    Stated,
    Way,
)

SOURCE = SourceFile("m.ifc", "IFC4", "0" * 22, "Test", "test", 1, "", ())
STOREY = Storey("ground", "Ground floor", 0.0, "m.ifc")


def state(value: float, key: str = "design.test") -> Stated:
    return Stated(value, "m", key, "test", "", True)


def outline(x: float, y: float, width: float, depth: float) -> Outline:
    return ((x, y), (x + width, y), (x + width, y + depth), (x, y + depth))


def make_space(key: str, name: str = "Exam room", **given: Any) -> Space:
    """Make a room of 4 by 5 m, 2.7 m high, at the origin unless told otherwise."""
    x, y, width, depth = given.pop("at", (0.0, 0.0, 4.0, 5.0))
    area = given.pop("area", width * depth)
    height = given.pop("height", 2.7)
    values: dict[str, Any] = {
        "id": key, "name": key, "long_name": name, "storey": "ground", "file": "m.ifc",
        "area": None if area is None else Measured(area, "Qto_SpaceBaseQuantities.NetFloorArea"),
        "height": None if height is None else Measured(height, "Qto_SpaceBaseQuantities.FinishCeilingHeight"),
        "outline": outline(x, y, width, depth), "drawn_m2": width * depth,
    } | given  # fmt: skip
    return Space(**values)


def make_door(key: str, *joins: str, width: float | None = 1.3, **given: Any) -> Door:
    """Make a door between spaces."""
    measured = None if width is None else Measured(width, "OverallWidth")
    values: dict[str, Any] = {
        "id": key, "name": key, "storey": "ground", "file": "m.ifc", "width": measured, "joins": joins,
        "joined_by": "space boundaries" if joins else "",
    } | given  # fmt: skip
    return Door(**values)


def make_wall(key: str, **given: Any) -> Wall:
    """Make a wall of concrete, 2 m thick and 5 m high."""
    values: dict[str, Any] = {
        "id": key, "name": key, "storey": "ground", "file": "m.ifc", "thickness_m": 2.0, "height_m": 5.0,
        "density_kg_m3": 2350.0, "place": (1.0, 1.0),
    } | given  # fmt: skip
    return Wall(**values)


def make_slab(load: float, *, is_on_ground: bool = False) -> Slab:
    return Slab("slab", "slab", "ground", "m.ifc", outline(-5, -5, 50, 50), load, is_on_ground)


def make_equipment(space: str, mass_kg: float) -> Equipment:
    return Equipment(
        "machine", "CT", "IfcMedicalDevice", space, "ground", "m.ifc", Measured(mass_kg, "Weight")
    )


def make_building(spaces: Iterable[Space] = (), doors: Iterable[Door] = (), **given: Any) -> Building:
    values: dict[str, Any] = {
        "title": "Test",
        "files": (SOURCE,),
        "storeys": (STOREY,),
        "spaces": tuple(spaces),
        "doors": tuple(doors),
    } | given
    return Building(**values)


def make_room(key: str = "exam", label: str = "Exam room", **given: Any) -> RoomType:
    """Make a line of a programme: one room of 20 m2, 2.7 m high, with a door of 1.2 m."""
    values: dict[str, Any] = {
        "id": key, "department": "clinic", "function": key,
        "labels": {"en": label, "ko": label, "ru": label, "uz": label}, "n": 1, "n_places": 0,
        "area_m2": state(20.0), "shielding_m2": 0.0, "shortfall": state(0.05), "excess": state(0.2),
        "height_m": state(2.7), "door_width_m": state(1.2, "design.door.bed"), "load_kn_m2": state(3.0),
        "air": None, "gases": {}, "shielding": "", "walls": None, "zone": "", "beside": (), "codes": (),
        "is_known": True,
    } | given  # fmt: skip
    return RoomType(**values)


def make_programme(*rooms: RoomType, **given: Any) -> Programme:
    """Make a programme of one department."""
    listed = rooms or (make_room(),)
    labels = {"en": "Clinic", "ko": "클리닉", "ru": "Клиника", "uz": "Klinika"}
    values: dict[str, Any] = {
        "project": "Test", "country": "UZB", "languages": ("en",), "year": 2030,
        "departments": (Department("clinic", labels, sum(room.net_m2 for room in listed), state(1.4)),),
        "rooms": listed, "equipment": (), "links": (), "blocks": (Block("b", labels, ("clinic",), {}),),
        "walks": {}, "building_factor": state(1.3), "stated": {}, "sources": {},
    } | given  # fmt: skip
    return Programme(**values)


def make_item(room: str, start: str, width_m: float) -> Item:
    labels = {"en": "Scanner", "ko": "", "ru": "", "uz": ""}
    way = Way(start, state(width_m), state(width_m), state(2.1))
    return Item("scanner", labels, "clinic", room, 1, state(3000.0), None, way)


AIR = Air(state(6.0), "negative")


def beside(room: str, *, has_door: bool) -> Beside:
    return Beside(room, has_door)
