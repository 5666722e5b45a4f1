"""A small programme: bunkers with mazes, wards with bathrooms and locks, clinics, in two buildings."""

from collections.abc import Mapping
from typing import Any

from oncopolis.design.required import (
    Air,
    Beside,
    Block,
    Code,
    Department,
    Item,
    Link,
    Programme,
    RoomType,
    Stated,
    Walls,
    Way,
)
from oncopolis.design.sheets import OWN_CODES, RoomSheets
from oncopolis.evidence import load_evidence

SHEETS = RoomSheets(load_evidence())


def state(value: float, unit: str) -> Stated:
    """A number of nobody."""
    return Stated(value, unit, "test", "oncopolis", "", False)


def label(text: str) -> Mapping[str, str]:
    return dict.fromkeys(("en", "ko", "ru", "uz"), text)


def make_room(id_: str, department: str, n: int, area: float, **changes: Any) -> RoomType:
    fields: dict[str, Any] = {
        "id": id_,
        "department": department,
        "function": id_,
        "labels": label(id_.replace("_", " ")),
        "n": n,
        "n_places": 0,
        "area_m2": state(area, "m2"),
        "shielding_m2": 0.0,
        "shortfall": SHEETS.state("design.tolerance.area"),
        "excess": SHEETS.state("design.tolerance.excess"),
        "height_m": state(2.7, "m"),
        "door_width_m": SHEETS.state("design.door.bed"),
        "load_kn_m2": state(3.0, "kN/m2"),
        "air": Air(SHEETS.state("design.air.general"), "neutral"),
        "gases": {},
        "shielding": "",
        "walls": None,
        "zone": "",
        "beside": (),
        "codes": (Code(OWN_CODES, id_, id_),),
        "is_known": True,
    }
    return RoomType(**{**fields, **changes})


def make_rooms() -> tuple[RoomType, ...]:
    walls = Walls(state(2.3, "m"), state(1.2, "m"), state(2350, "kg/m3"))
    return (
        make_room("consulting", "clinic", 9, 11.1),
        make_room("waiting", "clinic", 2, 45.0, n_places=50),
        make_room("toilet", "clinic", 3, 5.6),
        make_room("ct", "clinic", 2, 52.0),
        make_room("ct_control", "clinic", 2, 19.5, beside=(Beside("ct", has_door=True),)),
        make_room("bedroom", "wards", 7, 26.0),
        make_room("bath", "wards", 7, 6.5, beside=(Beside("bedroom", has_door=True, is_private=True),)),
        make_room("lock", "wards", 2, 6.0, beside=(Beside("bedroom", has_door=True, is_way_in=True),)),
        make_room("bunker", "radiotherapy", 2, 75.3, shielding_m2=33.4, walls=walls, shielding="megavoltage"),
        make_room("maze", "radiotherapy", 2, 25.0, beside=(Beside("bunker", has_door=True, is_way_in=True),)),
        make_room("control", "radiotherapy", 2, 20.4, beside=(Beside("bunker", has_door=False),)),
        make_room("dock", "wards", 1, 40.0, height_m=state(4.0, "m")),
    )


def make_small_programme(rooms: tuple[RoomType, ...] | None = None) -> Programme:
    rooms = make_rooms() if rooms is None else rooms
    names = ("clinic", "wards", "radiotherapy")
    way = Way("dock", *(SHEETS.state(f"design.{key}") for key in ("route.width", "door.bed", "door.height")))
    return Programme(
        project="Small centre",
        country="UZB",
        languages=("en",),
        year=2035,
        departments=tuple(
            Department(
                name,
                label(name),
                sum(room.net_m2 for room in rooms if room.department == name),
                state(1.5, "ratio"),
            )
            for name in names
        ),
        rooms=rooms,
        equipment=(
            Item("linac", label("Linacs"), "radiotherapy", "bunker", 2, state(9000, "kg"), None, way),
            Item("oximeter", label("Oximeters"), "wards", "", 7, None, None, None),
        ),
        links=(
            Link(("clinic", "radiotherapy"), "high", 3.0, "oncopolis"),
            Link(("clinic", "wards"), "minimal", 1.0, "oncopolis"),
        ),
        blocks=(
            Block("house", label("House"), ("clinic", "wards"), {"clinic": 0, "wards": 1}),
            Block("bunkers", label("Bunkers"), ("radiotherapy",), {"radiotherapy": -1}),
        ),
        walks={("house", "bunkers"): 2.0, ("bunkers", "house"): 2.0},
        building_factor=state(1.35, "ratio"),
        stated={key: SHEETS.state(key) for key in SHEETS.evidence.rows if key.startswith("design.")},
        sources={},
    )
