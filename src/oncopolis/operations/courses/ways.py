"""Ways at hand: those of the definition as it is now, and those that courses began on earlier."""

from contextlib import suppress
from typing import ClassVar

from oncopolis.centre import Route, RouteKey
from oncopolis.foundation import NotFoundError
from oncopolis.operations.courses.laying import lay
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.way_record import Way
from oncopolis.operations.floor import Floor
from oncopolis.operations.views import View


class Ways:
    """What is remembered of ways. It can be forgotten at any time: ids are digests of what they name."""

    KIND: ClassVar[type[View]] = Way

    def __init__(self) -> None:
        self.laid: dict[RouteKey, Way] = {}
        self.known: dict[str, Way] = {}
        self.kept: set[str] = set()
        """Ids of those that are known to have a record."""

    def change(self, before: Way | None, after: Way | None) -> None:
        """Ways are on no floor."""


def lay_way(floor: Floor, route: Route) -> Way:
    """Return the way of a route in the definition as it is now."""
    ways = floor.index(Ways)
    way = ways.laid.get(route.key)
    if way is None:
        way = ways.laid[route.key] = Way(lay(floor.house, route))
        ways.known[way.id] = way
    return way


def get_way(floor: Floor, course: Course) -> Way:
    """Return the way a course follows: that of the definition if it is still the same, else its record.

    Raises
    ------
    NotFoundError
        It is neither (OPS-001).
    """
    ways = floor.index(Ways)
    way = ways.known.get(course.way)
    if way is None:
        with suppress(NotFoundError):
            way = lay_way(floor, floor.house.get_route(course.pathway, course.site, course.stage))
    if way is None or way.id != course.way:
        way = ways.known[course.way] = floor.get(Way, course.way)
    return way


def is_kept(floor: Floor, way: Way) -> bool:
    """Whether there is a record of a way."""
    ways = floor.index(Ways)
    if way.id not in ways.kept and floor.has(Way.TYPE, way.id):
        ways.kept.add(way.id)
    return way.id in ways.kept
