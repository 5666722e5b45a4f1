"""`Case`: everything that rules look at, and `Outcome`: what they answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from shapely import Polygon, STRtree, buffer

from oncopolis.design.matching import Matches, find_role, normalise
from oncopolis.design.model import Building, Door, Equipment, Space, Wall
from oncopolis.design.passages import Passages
from oncopolis.design.required import Programme, RoomType
from oncopolis.design.rules.pack import Chosen, Rule
from oncopolis.design.snapshots import Snapshot

State = Literal["passed", "failed", "unknown"]
_CORNERS = 3  # structure: corners of the smallest room
ROOM = "room"
ENTERED = "entered"
_NAME = "name: "
_ENTERED = {"entrance", "dock"}
WALL_M = 0.6  # structure: gaps between rooms up to twice this are walls
_BELIEVED = 0.05  # structure: outlines further than a twentieth from the stated area are not used


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of a model that an outcome is about."""

    id: str
    words: str
    storey: str
    kind: str
    """``space``, ``door``, ``equipment``, ``wall``, ``room`` (planned), ``department`` or ``building``."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule answers about one thing; `unknown` is an answer of its own, never a pass."""

    state: State
    things: tuple[Thing, ...] = ()
    actual: str = ""
    expected: str = ""


PASSED = Outcome("passed")


@dataclass(frozen=True)
class Case:
    """A building, what was wanted of it, and how the two were matched."""

    building: Building
    programme: Programme | None
    matches: Matches
    older: Mapping[str, Snapshot] | None = None
    """Spaces of the older revision by id, where there is one."""
    role_of: Mapping[str, str] = field(default_factory=dict)

    def to_thing(self, one: Space | Door | Equipment | Wall) -> Thing:
        """Return a thing of the model as outcomes name it."""
        if isinstance(one, Space):
            return Thing(one.id, one.words or "(unnamed)", self.building.name_storey(one.storey), "space")
        kind = {Door: "door", Equipment: "equipment", Wall: "wall"}[type(one)]
        return Thing(one.id, one.name or "(unnamed)", self.building.name_storey(one.storey), kind)

    @property
    def whole(self) -> Thing:
        """The building itself."""
        return Thing(self.building.files[0].project, self.building.title, "", "building")

    def find_room(self, space: Space) -> RoomType | None:
        """Return the room of the programme that a space was taken for."""
        match = self.matches.by_space.get(space.id)
        return self.programme.room_types.get(match.room) if match and self.programme else None

    def find_kind(self, space: Space) -> str:
        """Return the kind of room a space is, by its match or its own code."""
        room = self.find_room(space)
        if room:
            return room.function
        return next((code.code for code in space.codes if code.code.isidentifier()), "")

    def list_chosen(self, chosen: Chosen) -> Iterator[Space]:
        """Yield the spaces that are meant."""
        for space in self._list_named(chosen):
            role = self.role_of.get(space.id, "")
            room = self.find_room(space)
            is_entered = ENTERED in chosen.roles and space.id in self.entered
            if chosen.roles and not is_entered and (role or ROOM) not in chosen.roles:
                continue
            if chosen.zones and (room is None or room.zone not in chosen.zones):
                continue
            if chosen.doors and (
                room is None or room.door_width_m.key.rpartition(".")[2] not in chosen.doors
            ):
                continue
            yield space

    def _list_named(self, chosen: Chosen) -> Sequence[Space]:
        if not chosen.kinds and not chosen.names:
            return self.building.spaces
        found = {
            space.id: space
            for key in (*chosen.kinds, *(f"{_NAME}{normalise(name)}" for name in chosen.names))
            for space in self._by_kind_and_name.get(key, ())
        }
        return tuple(found.values())

    @cached_property
    def _by_kind_and_name(self) -> Mapping[str, Sequence[Space]]:
        listed: dict[str, list[Space]] = {}
        for space in self.building.spaces:
            for key in {self.find_kind(space), f"{_NAME}{normalise(space.long_name or space.name)}"}:
                listed.setdefault(key, []).append(space)
        return listed

    @cached_property
    def rooms(self) -> tuple[Space, ...]:
        """Spaces that are neither passages nor outside."""
        return tuple(space for space in self.building.spaces if not self.role_of.get(space.id))

    @cached_property
    def digest_of(self) -> Mapping[str, str]:
        """Space -> its digest."""
        return {space.id: space.digest for space in self.building.spaces}

    @cached_property
    def passages(self) -> Passages:
        """How people move."""
        return Passages(self.building, self.role_of)

    @cached_property
    def entered(self) -> frozenset[str]:
        """Spaces with a door that leads out; where no door says so, entrances and docks by their names."""
        by_doors = {space for door in self.building.doors if door.is_external for space in door.joins}
        by_names = {space for space, role in self.role_of.items() if role in _ENTERED}
        return frozenset(by_doors or by_names)

    @cached_property
    def doors_of(self) -> Mapping[str, Sequence[Door]]:
        """Space -> its doors."""
        doors: dict[str, list[Door]] = {}
        for door in self.building.doors:
            for space in door.joins:
                doors.setdefault(space, []).append(door)
        return doors

    @cached_property
    def shapes(self) -> Mapping[str, Polygon]:
        """Space -> its outline, where it can be believed: no mere box, and as large as is said."""
        return {
            space.id: polygon
            for space in self.building.spaces
            if len(space.outline) >= _CORNERS and not space.is_box and _is_believable(space)
            for polygon in [Polygon(space.outline)]
            if polygon.is_valid
        }

    @cached_property
    def walled(self) -> Mapping[str, Polygon]:
        """Space -> its outline with what walls may be around it."""
        shapes = list(self.shapes.values())
        return dict(zip(self.shapes, buffer(shapes, WALL_M, join_style="mitre"), strict=True))

    @cached_property
    def tree(self) -> tuple[STRtree, Sequence[str]]:
        """Outlines by where they are, and the spaces in their order."""
        return STRtree(list(self.shapes.values())), list(self.shapes)


def _is_believable(space: Space) -> bool:
    if space.area is None or space.drawn_m2 is None:
        return True
    return abs(space.area.value - space.drawn_m2) <= _BELIEVED * space.area.value


def find_roles(building: Building) -> dict[str, str]:
    """Return the role of every space that is no room."""
    roles = {space.id: find_role(space) for space in building.spaces}
    return {space: role for space, role in roles.items() if role}


@dataclass(frozen=True, slots=True)
class Check:
    """A way to decide rules."""

    decide: Callable[[Case, Rule], Iterator[Outcome]]
    needs: tuple[str, ...] = ()
    """Fields of a rule without which it cannot."""
    needs_programme: bool = False
