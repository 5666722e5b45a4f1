"""`Relations`: what the objects of one file have to do with each other, each kind gone through once."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from oncopolis.design.reading.places import (
    BOUNDARY,
    BOUNDED,
    FILLING,
    GLOBAL_ID,
    GROUP,
    NAME,
    OPENING,
    RELATED,
    RELATING,
    SIDE,
)

_OUTSIDE = {"EXTERNAL", "EXTERNAL_EARTH"}


class Relations:
    """Relations of one file, by the lines of the objects they are about.

    Parameters
    ----------
    model
        File as ifcopenshell has it.
    """

    def __init__(self, model: Any) -> None:
        self._model = model

    @cached_property
    def definitions(self) -> dict[int, list[Any]]:
        """Object -> its property and quantity sets."""
        return self._gather("IfcRelDefinesByProperties", RELATED, RELATING)

    @cached_property
    def types(self) -> dict[int, list[Any]]:
        """Object -> its types."""
        return self._gather("IfcRelDefinesByType", RELATED, RELATING)

    @cached_property
    def classes(self) -> dict[int, list[Any]]:
        """Object -> the references to classifications it has."""
        return self._gather("IfcRelAssociatesClassification", RELATED, RELATING)

    @cached_property
    def materials(self) -> dict[int, list[Any]]:
        """Object -> what it is made of."""
        return self._gather("IfcRelAssociatesMaterial", RELATED, RELATING)

    @cached_property
    def holders(self) -> dict[int, list[Any]]:
        """Element -> the part of the spatial structure that contains it."""
        return self._gather("IfcRelContainedInSpatialStructure", RELATED, RELATING)

    @cached_property
    def openings(self) -> dict[int, list[Any]]:
        """Door -> the opening it fills."""
        return self._gather("IfcRelFillsElement", FILLING, OPENING)

    @cached_property
    def zones(self) -> dict[int, list[str]]:
        """Space -> the names of its zones, then of its spatial zones."""
        named: dict[int, list[str]] = {}
        for kind, class_, place in (
            ("IfcRelAssignsToGroup", "IfcZone", GROUP),
            ("IfcRelReferencedInSpatialStructure", "IfcSpatialZone", RELATING),
        ):
            for line, zones in self._gather(kind, RELATED, place, class_).items():
                named.setdefault(line, []).extend(name for zone in zones if (name := zone.get_argument(NAME)))
        return named

    @cached_property
    def bounded(self) -> dict[int, list[str]]:
        """Element -> GlobalIds of the spaces it bounds."""
        return self._boundaries[0]

    @cached_property
    def outer(self) -> set[int]:
        """Elements that bound a space against the outside."""
        return self._boundaries[1]

    @cached_property
    def _boundaries(self) -> tuple[dict[int, list[str]], set[int]]:
        bounded: dict[int, list[str]] = {}
        outer: set[int] = set()
        names: dict[int, str] = {}
        for relation in self._list("IfcRelSpaceBoundary"):
            element = relation.get_argument(BOUNDARY)
            if element is None:
                continue
            line = element.id()
            if relation.get_argument(SIDE) in _OUTSIDE:
                outer.add(line)
            space = relation.get_argument(BOUNDED)
            if space is not None:
                key = space.id()
                if key not in names:
                    is_space = space.is_a("IfcSpace")
                    names[key] = (space.get_argument(GLOBAL_ID) or f"#{key}") if is_space else ""
                if names[key]:
                    bounded.setdefault(line, []).append(names[key])
        return bounded, outer

    def _gather(self, kind: str, related: int, relating: int, class_: str = "") -> dict[int, list[Any]]:
        """Gather what objects are given by relations of a kind, if it is of a class."""
        gathered: dict[int, list[Any]] = {}
        for relation in self._list(kind):
            given = relation.get_argument(relating)
            if given is None or (class_ and not given.is_a(class_)):
                continue
            things = relation.get_argument(related) or ()
            for thing in things if isinstance(things, tuple) else (things,):
                gathered.setdefault(thing.id(), []).append(given)
        return gathered

    def _list(self, kind: str) -> Iterator[Any]:
        try:
            yield from self._model.by_type(kind)
        except RuntimeError:
            return  # The schema of the file does not know the kind.
