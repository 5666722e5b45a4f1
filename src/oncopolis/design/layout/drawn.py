"""Shapes of a concept: rectangles in metres, and what they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

CORRIDOR = "corridor"
"""Stands for the corridor of a department until the department has its place."""

SpaceKind = Literal["room", "corridor", "street", "lobby"]
WallKind = Literal["partition", "primary", "secondary"]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle, m."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Extent along x."""
        return self.x1 - self.x0

    @property
    def depth(self) -> float:
        """Extent along y."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Area, m2."""
        return self.width * self.depth

    @property
    def middle(self) -> tuple[float, float]:
        """Centre."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def move(self, dx: float, dy: float) -> "Rect":
        """Return it elsewhere."""
        return Rect(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def flip(self) -> "Rect":
        """Return it mirrored at the x axis."""
        return Rect(self.x0, -self.y1, self.x1, -self.y0)


@dataclass(frozen=True, slots=True)
class DrawnSpace:
    """A room or a way."""

    key: str
    """Room: ``<room type>.<k>``; ways: what they are, with building and storey."""
    kind: SpaceKind
    room_type: str
    """Empty for ways."""
    department: str
    """Empty for streets and lobbies."""
    rects: tuple[Rect, ...]
    """One for a room; several that touch for a corridor."""
    height_m: float

    @property
    def area_m2(self) -> float:
        """Clear area; the rectangles do not overlap."""
        return sum(rect.area for rect in self.rects)


@dataclass(frozen=True, slots=True)
class DrawnWall:
    """A wall that hosts a door or shields."""

    key: str
    kind: WallKind
    rect: Rect
    """In plan."""
    is_along_x: bool
    height_m: float
    shields: str
    """Key of the room a shielding wall is of; empty for partitions."""


@dataclass(frozen=True, slots=True)
class DrawnDoor:
    """A door."""

    key: str
    joins: tuple[str, str]
    """Keys of the spaces; the second is empty for a door to the outside."""
    wall: str
    """Key of the wall it stands in."""
    rect: Rect
    """Its opening in plan."""
    is_along_x: bool


@dataclass(frozen=True)
class Drawing:
    """Spaces, walls and doors in one system of coordinates."""

    spaces: tuple[DrawnSpace, ...] = ()
    walls: tuple[DrawnWall, ...] = ()
    doors: tuple[DrawnDoor, ...] = ()

    def move(self, dx: float, dy: float) -> "Drawing":
        """Return it elsewhere."""
        return Drawing(
            tuple(replace(part, rects=tuple(r.move(dx, dy) for r in part.rects)) for part in self.spaces),
            tuple(replace(part, rect=part.rect.move(dx, dy)) for part in self.walls),
            tuple(replace(part, rect=part.rect.move(dx, dy)) for part in self.doors),
        )

    def flip(self) -> "Drawing":
        """Return it mirrored at the x axis."""
        return Drawing(
            tuple(replace(part, rects=tuple(r.flip() for r in part.rects)) for part in self.spaces),
            tuple(replace(part, rect=part.rect.flip()) for part in self.walls),
            tuple(replace(part, rect=part.rect.flip()) for part in self.doors),
        )

    def rename(self, names: Mapping[str, str]) -> "Drawing":
        """Return it with doors that lead elsewhere."""
        return replace(
            self,
            doors=tuple(
                replace(
                    door,
                    joins=(names.get(door.joins[0], door.joins[0]), names.get(door.joins[1], door.joins[1])),
                )
                for door in self.doors
            ),
        )


def join(drawings: "tuple[Drawing, ...] | list[Drawing]") -> Drawing:
    """Return drawings of one system of coordinates as one."""
    return Drawing(
        tuple(part for drawing in drawings for part in drawing.spaces),
        tuple(part for drawing in drawings for part in drawing.walls),
        tuple(part for drawing in drawings for part in drawing.doors),
    )


@dataclass(frozen=True)
class DrawnPart:
    """What of a department is on one storey."""

    department: str
    building: str
    level: int
    outline: Rect
    """With its corridors and walls."""
    entry: tuple[float, float]
    """Where its corridor meets the street of the storey."""


@dataclass(frozen=True)
class DrawnStorey:
    """A storey of a building; x and y are of the campus."""

    building: str
    level: int
    elevation_m: float
    height_m: float
    outline: Rect
    parts: tuple[DrawnPart, ...]
    drawing: Drawing
    is_entrance: bool
    """Whether the building is entered here."""
    is_lowest: bool

    @property
    def key(self) -> str:
        """Name of the storey."""
        return f"{self.building}.{self.level}"
