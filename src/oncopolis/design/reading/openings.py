"""Doors of an IFC file and the two spaces each of them joins."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shapely import Point as Dot
from shapely import Polygon, STRtree

from oncopolis.design.model import Door, Lift, Measured, Point, Space
from oncopolis.design.reading.areas import CLEAR_WIDTH, DRAWN_WIDTH, find_number
from oncopolis.design.reading.attributes import Attributes
from oncopolis.design.reading.placements import Placements
from oncopolis.design.reading.places import DOOR_HEIGHT, DOOR_WIDTH, GLOBAL_ID, NAME, PLACEMENT, WHOLE
from oncopolis.design.reading.relations import Relations

_REACH_M = 0.75  # structure: how far from a door's middle the floor behind a thick wall begins
_CORNERS = 3  # structure: corners of the smallest room
BOUNDARIES, POSITION = "space boundaries", "position"


class Openings:
    """Reader of the doors of one file.

    Parameters
    ----------
    attributes, placements, relations
        Readers of the file.
    length_m
        Metres of its unit of length.
    file
        Its name.
    """

    def __init__(
        self,
        attributes: Attributes,
        placements: Placements,
        relations: Relations,
        length_m: float,
        file: str,
    ) -> None:
        self._attributes, self._placements, self._relations = attributes, placements, relations
        self._length_m, self._file = length_m, file

    def list_doors(
        self, model: Any, spaces: Sequence[Space], storey_of: Mapping[int, str]
    ) -> tuple[Door, ...]:
        """Return doors and open passages; those without space boundaries are joined by where they stand."""
        known = {space.id for space in spaces}
        nearby = _Nearby(spaces)
        doors = []
        for thing in model.by_type("IfcDoor"):
            joins = tuple(space for space in self._list_sides(thing) if space in known)
            doors.append(self._make_door(thing, joins, nearby, storey_of))
        for thing in self._list_passages(model):
            joins = tuple(space for space in self._list_bounded(thing) if space in known)
            if len(joins) > 1:
                doors.append(Door(thing.GlobalId, "", "", self._file, joins=joins[:2], joined_by=BOUNDARIES))
        return tuple(doors)

    def list_lifts(self, model: Any, spaces: Sequence[Space]) -> tuple[Lift, ...]:
        """Return lifts that are beside two spaces or more."""
        known = {space.id for space in spaces}
        lifts = []
        for thing in model.by_type("IfcTransportElement"):
            stops = tuple(dict.fromkeys(space for space in self._list_bounded(thing) if space in known))
            if len(stops) > 1:
                width = find_number(self._attributes.read(thing), CLEAR_WIDTH)
                lifts.append(Lift(thing.GlobalId, thing.Name or "", self._file, stops, width))
        return tuple(lifts)

    def _make_door(
        self, thing: Any, joins: tuple[str, ...], nearby: "_Nearby", storey_of: Mapping[int, str]
    ) -> Door:
        facts = self._attributes.read(thing)
        width = find_number(facts, CLEAR_WIDTH)
        overall, height = thing.get_argument(DOOR_WIDTH), thing.get_argument(DOOR_HEIGHT)
        if width is None and overall:
            width = Measured(float(overall) * self._length_m, "OverallWidth")
        width = width or find_number(facts, DRAWN_WIDTH)
        storey = self._find_storey(thing, storey_of) or (nearby.find_storey(joins[0]) if joins else "")
        place = self._find_place(thing, width)
        joined_by = BOUNDARIES if joins else ""
        if not joins and place:
            joins = nearby.find(place, storey)
            joined_by = POSITION if joins else ""
        return Door(
            thing.get_argument(GLOBAL_ID),
            thing.get_argument(NAME) or "",
            storey,
            self._file,
            width,
            float(height) * self._length_m if height else None,
            joins[:2],
            joined_by,
            place,
            facts.get("Pset_DoorCommon.IsExternal") is True or thing.id() in self._relations.outer,
            facts,
        )

    def _find_place(self, thing: Any, width: Measured | None) -> Point | None:
        placement = thing.get_argument(PLACEMENT)
        if placement is None:
            return None
        frame = self._placements.find(placement)
        half = (width.value if width else 0) / self._length_m / 2
        x, y, _ = frame.apply((half, 0.0, 0.0))
        return x * self._length_m, y * self._length_m

    def _list_sides(self, door: Any) -> list[str]:
        sides = list(self._list_bounded(door))
        for opening in self._relations.openings.get(door.id(), ()):
            sides += self._list_bounded(opening)
        return list(dict.fromkeys(sides))

    def _list_bounded(self, thing: Any) -> Sequence[str]:
        return self._relations.bounded.get(thing.id(), ())

    def _list_passages(self, model: Any) -> Iterable[Any]:
        """List what people pass without a door: virtual elements, and openings that nothing fills."""
        yield from model.by_type("IfcVirtualElement")
        filled = {opening.id() for some in self._relations.openings.values() for opening in some}
        yield from (one for one in model.by_type("IfcOpeningElement") if one.id() not in filled)

    def _find_storey(self, thing: Any, storey_of: Mapping[int, str]) -> str:
        for holder in self._relations.holders.get(thing.id(), ()):
            return storey_of.get(holder.id(), "")
        for relation in thing.Decomposes or ():
            if relation.is_a("IfcRelAggregates"):
                return self._find_storey(relation.get_argument(WHOLE), storey_of)
        return ""


class _Nearby:
    """Rooms by where they are."""

    def __init__(self, spaces: Sequence[Space]) -> None:
        self._spaces = [space for space in spaces if len(space.outline) >= _CORNERS]
        self._storeys = {space.id: space.storey for space in spaces}
        self._tree: STRtree | None = None

    def find_storey(self, space: str) -> str:
        """Return the storey of a space."""
        return self._storeys.get(space, "")

    def find(self, place: Point, storey: str) -> tuple[str, ...]:
        """Return the ids of at most two spaces of a storey beside a point, the nearest first."""
        if self._tree is None:
            self._shapes = [Polygon(space.outline) for space in self._spaces]
            self._tree = STRtree(self._shapes)
        dot = Dot(place)
        found = self._tree.query(dot, predicate="dwithin", distance=_REACH_M)
        near = sorted(
            (float(self._shapes[i].distance(dot)), self._spaces[i].id)
            for i in found
            if not storey or self._spaces[i].storey == storey
        )
        return tuple(space for _, space in near[:2])
