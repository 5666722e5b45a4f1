"""Which thing is nearest, by the minutes it takes to walk there."""

from dataclasses import dataclass

from oncopolis.operations.floor import Floor
from oncopolis.operations.things.views import Kind, Thing


@dataclass(frozen=True, slots=True)
class Near:
    """A thing and how far away it is.

    Parameters
    ----------
    walk_min
        Minutes from one department to the other; 0 in one building.
    is_here
        Whether it is in the department itself.
    """

    thing: Thing
    walk_min: float
    is_here: bool


def list_near(floor: Floor, kind: Kind, area: str) -> list[Near]:
    """Return things of a kind: those that are free first, the nearest first, then what was seen last."""
    house = floor.house
    found = [
        Near(one, 0.0 if one.area == area else house.get_walk_min(area, one.area), one.area == area)
        for one in floor.list(Thing)
        if one.kind == kind
    ]
    return sorted(
        found,
        key=lambda one: (one.thing.in_use, not one.is_here, one.walk_min, -one.thing.seen_ms, one.thing.id),
    )
