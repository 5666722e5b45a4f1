"""What a building has to hold: departments, rooms, equipment, and how they belong together."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Labels = Mapping[str, str]
"""Language (``en``, ``ko``, ``ru``, ``uz``) -> label."""

Pressure = Literal["positive", "negative", "neutral"]
Grade = Literal["high", "moderate", "minimal"]
ShieldingKind = Literal[
    "", "megavoltage", "proton", "brachytherapy", "cyclotron", "x_ray", "gamma", "radio_frequency"
]


@dataclass(frozen=True, slots=True)
class Stated:
    """A number of the brief with the row of evidence it comes from."""

    value: float
    unit: str
    key: str
    """Evidence key."""
    source: str
    """Bibliography id."""
    locator: str
    """Chapter, room code or table within the source."""
    is_verified: bool
    """Whether the source was opened, or somebody signed for the value; else it is recalled or assumed."""


@dataclass(frozen=True, slots=True)
class Code:
    """A class of a classification."""

    system: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Air:
    """Ventilation of a room."""

    changes_per_hour: Stated
    """Least total air changes."""
    pressure: Pressure
    """Against the corridor."""


@dataclass(frozen=True, slots=True)
class Walls:
    """Shielding walls as the concept draws them, before anybody has computed them."""

    primary_m: Stated
    """Thickness where the beam may point."""
    secondary_m: Stated
    """Thickness elsewhere."""
    density_kg_m3: Stated


@dataclass(frozen=True, slots=True)
class Beside:
    """A room type whose rooms share a wall with this one."""

    room: str
    """Id of the other room type."""
    has_door: bool
    """Whether a door joins the two."""
    is_way_in: bool = False
    """Whether the other room is entered through this one only (a lock, a maze)."""
    is_private: bool = False
    """Whether this room is entered through the other one only (the bathroom of a bedroom)."""


@dataclass(frozen=True)
class RoomType:
    """One line of the space programme: `n` rooms that are alike."""

    id: str
    """Key of the room type in the definition; the k-th of its rooms is ``<id>.<k>``, counted from 1."""
    department: str
    function: str
    """Kind of room, such as ``exam_room``; shared by the room types of several departments."""
    labels: Labels
    n: int
    """Rooms to be built."""
    n_places: int
    """Places in all of them together (waiting, workplaces, chairs); 0 where the room itself is counted."""
    area_m2: Stated
    """Clear net area of one room: what an IfcSpace has to have. Shielding is not in it."""
    shielding_m2: float
    """What the space programme adds to one room's area for its shielding walls, m2."""
    shortfall: Stated
    """Share of the area that may be missing."""
    excess: Stated
    """Share of the area that a room may be larger by."""
    height_m: Stated
    """Least clear height."""
    door_width_m: Stated
    """Least width of a door from the corridor."""
    load_kn_m2: Stated
    """Floor live load; single machines stand in the equipment list."""
    air: Air | None
    gases: Mapping[str, Stated]
    """Gas -> outlets of the room (of each bed, where the row counts per bed)."""
    shielding: ShieldingKind
    walls: Walls | None
    """For bunkers."""
    zone: Literal["", "clean", "dirty"]
    beside: tuple[Beside, ...]
    codes: tuple[Code, ...]
    """OmniClass Table 13 where it is known, and the house's own kind."""
    is_known: bool
    """Whether the kind of room has a sheet; else only what applies to every room is asked."""

    @property
    def planned_m2(self) -> float:
        """Area of one room in the space programme, shielding included, m2."""
        return self.area_m2.value + self.shielding_m2

    @property
    def net_m2(self) -> float:
        """Area of all rooms in the space programme, m2."""
        return self.n * self.planned_m2

    def list_room_ids(self) -> list[str]:
        """Return the ids of its rooms."""
        return [f"{self.id}.{k}" for k in range(1, self.n + 1)]


@dataclass(frozen=True, slots=True)
class Department:
    """A unit of the centre."""

    id: str
    labels: Labels
    net_m2: float
    """Net area of its rooms, shielding included."""
    gross_factor: Stated
    """Department gross over net area."""

    @property
    def gross_m2(self) -> float:
        """Department gross area, m2."""
        return self.net_m2 * self.gross_factor.value


@dataclass(frozen=True, slots=True)
class Way:
    """The way equipment is brought in by."""

    start: str
    """Room type it is unloaded in; empty where the programme has none."""
    width_m: Stated
    """Least clear width of every corridor on it."""
    door_m: Stated
    """Least width of every door on it."""
    height_m: Stated
    """Least height of every door on it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the equipment list."""

    id: str
    labels: Labels
    department: str
    room: str
    """Room type it stands in; empty where the definition names none."""
    n: int
    weight_kg: Stated | None
    """Of one."""
    power_kw: Stated | None
    """Of one."""
    way: Way | None
    """For heavy equipment."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two departments that belong together."""

    between: tuple[str, str]
    grade: Grade
    weight: float
    source: str
    """Bibliography id of what grades the pair; ``oncopolis`` for our own."""


@dataclass(frozen=True, slots=True)
class Block:
    """A building of the campus."""

    id: str
    labels: Labels
    departments: tuple[str, ...]
    storeys: Mapping[str, int]
    """Department -> lowest storey it is on, where the definition says; the ground floor is 0."""


@dataclass(frozen=True)
class Programme:
    """What is to be built, for the last phase of opening."""

    project: str
    """Name of the project."""
    country: str
    """ISO 3166-1 alpha-3."""
    languages: tuple[str, ...]
    """Languages of the centre."""
    year: int
    """Year it is sized for."""
    departments: tuple[Department, ...]
    rooms: tuple[RoomType, ...]
    equipment: tuple[Item, ...]
    links: tuple[Link, ...]
    blocks: tuple[Block, ...]
    walks: Mapping[tuple[str, str], float]
    """Two buildings in either order -> minutes from door to door."""
    building_factor: Stated
    """Building gross over department gross area."""
    stated: Mapping[str, Stated]
    """Every row ``design.*`` in force: corridors, layout, heavy equipment."""
    sources: Mapping[str, str]
    """Bibliography id -> citation, for every source named anywhere in the programme."""

    @cached_property
    def room_types(self) -> Mapping[str, RoomType]:
        """Room types by id."""
        return {room.id: room for room in self.rooms}

    @cached_property
    def by_department(self) -> Mapping[str, tuple[RoomType, ...]]:
        """Room types of each department."""
        return {
            part.id: tuple(room for room in self.rooms if room.department == part.id)
            for part in self.departments
        }

    @property
    def net_m2(self) -> float:
        """Net area, shielding included, m2."""
        return sum(part.net_m2 for part in self.departments)

    @property
    def gross_m2(self) -> float:
        """Department gross area, m2."""
        return sum(part.gross_m2 for part in self.departments)

    @property
    def building_m2(self) -> float:
        """Building gross area, m2."""
        return self.gross_m2 * self.building_factor.value

    def get(self, key: str) -> float:
        """Return the value of a row ``design.<key>``."""
        return self.stated[f"design.{key}"].value
