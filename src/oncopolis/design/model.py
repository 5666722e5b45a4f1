"""`Building`: what a review looks at, read from the models of a project, whatever format they came in.

All lengths are metres, areas square metres, masses kilograms, densities kilograms per cubic metre, in the
coordinates of the project. What a file does not say is None here, never a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

Point = tuple[float, float]
Outline = tuple[Point, ...]
Value = str | float | bool

_HASH_BYTES = 12  # structure: enough that no two revisions of a space look alike by chance


@dataclass(frozen=True, slots=True)
class Measured:
    """A number of a model, and the place it was read from."""

    value: float
    place: str
    """Such as ``Qto_SpaceBaseQuantities.NetFloorArea`` or ``drawn outline``."""


@dataclass(frozen=True, slots=True)
class Code:
    """A reference to a classification."""

    system: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read."""

    name: str
    format: str
    """``IFC2X3``, ``IFC4``, ``IFC4X3`` or ``COBie``."""
    project: str
    """GlobalId of its project; its name for a workbook without one."""
    title: str
    made_by: str
    size_bytes: int
    digest: str
    units: tuple[str, ...]
    """Its units in words; those that were not stated and had to be assumed say so."""


@dataclass(frozen=True, slots=True)
class Storey:
    """A level of the building."""

    id: str
    name: str
    elevation_m: float | None
    file: str


@dataclass(frozen=True, slots=True)
class Space:
    """A room, a corridor, or whatever else was drawn as a space."""

    id: str
    """GlobalId; of a workbook without one, a name made of sheet and row."""
    name: str
    long_name: str
    storey: str
    file: str
    codes: tuple[Code, ...] = ()
    zones: tuple[str, ...] = ()
    department: str = ""
    area: Measured | None = None
    gross: Measured | None = None
    height: Measured | None = None
    """Clear height as stated; what is merely drawn is `body_height_m`."""
    body_height_m: float | None = None
    outline: Outline = ()
    drawn_m2: float | None = None
    """Area of the outline."""
    is_box: bool = False
    """Whether the outline is the box around the room, as workbooks give it."""
    floor_m: float | None = None
    within: str = ""
    """Space that it is drawn as a part of."""
    facts: Mapping[str, Value] = field(default_factory=dict)
    """``set.property`` -> value; numbers in SI units where the file says what they measure."""

    @property
    def words(self) -> str:
        """Number and name, as a person would say it."""
        return " ".join(part for part in (self.name, self.long_name) if part)

    @property
    def digest(self) -> str:
        """A digest that changes when anything about the space does."""
        seen = (
            self.name, self.long_name, self.storey, self.codes, self.zones, self.department, self.area,
            self.gross, self.height, self.outline, sorted(self.facts.items()),
        )  # fmt: skip
        return blake2b(repr(seen).encode(), digest_size=_HASH_BYTES).hexdigest()


@dataclass(frozen=True, slots=True)
class Door:
    """A door, or an opening that people pass."""

    id: str
    name: str
    storey: str
    file: str
    width: Measured | None = None
    height_m: float | None = None
    joins: tuple[str, ...] = ()
    """Spaces on its sides, at most two."""
    joined_by: str = ""
    """``space boundaries``, ``position`` or ``workbook``."""
    place: Point | None = None
    is_external: bool = False
    """Whether it leads out of the building."""
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lift:
    """A lift and the spaces it stops at."""

    id: str
    name: str
    file: str
    stops: tuple[str, ...]
    width: Measured | None = None
    """Of its door."""


@dataclass(frozen=True, slots=True)
class Slab:
    """A floor of which somebody said what it carries."""

    id: str
    name: str
    storey: str
    file: str
    outline: Outline
    load_kn_m2: float | None
    is_on_ground: bool


@dataclass(frozen=True, slots=True)
class Equipment:
    """A thing that stands in a room and is said to have a mass."""

    id: str
    name: str
    kind: str
    space: str
    storey: str
    file: str
    mass_kg: Measured | None = None
    base_m2: float | None = None
    place: Point | None = None
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall with what is known of its weight."""

    id: str
    name: str
    storey: str
    file: str
    thickness_m: float | None = None
    height_m: float | None = None
    length_m: float | None = None
    density_kg_m3: float | None = None
    spaces: tuple[str, ...] = ()
    axis: tuple[Point, ...] = ()
    place: Point | None = None
    """Origin of its placement."""
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Building:
    """All files of a project as one."""

    title: str
    files: tuple[SourceFile, ...]
    storeys: tuple[Storey, ...]
    spaces: tuple[Space, ...]
    doors: tuple[Door, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    walls: tuple[Wall, ...] = ()
    slabs: tuple[Slab, ...] = ()
    lifts: tuple[Lift, ...] = ()
    repeated: tuple[str, ...] = ()
    """GlobalIds that more than one object carries."""

    @cached_property
    def space_by_id(self) -> dict[str, Space]:
        """Spaces by id."""
        return {space.id: space for space in self.spaces}

    @cached_property
    def storey_by_id(self) -> dict[str, Storey]:
        """Storeys by id."""
        return {storey.id: storey for storey in self.storeys}

    def list_wholes(self, space: str) -> list[str]:
        """List the spaces that a space is a part of, from the inside out."""
        wholes: list[str] = []
        here = self.space_by_id[space].within
        while here in self.space_by_id and here not in wholes:
            wholes.append(here)
            here = self.space_by_id[here].within
        return wholes

    def name_storey(self, storey: str) -> str:
        """Return the name of a storey; nothing if there is none."""
        found = self.storey_by_id.get(storey)
        return found.name if found else ""
