"""`Passages`: how one walks or rolls from space to space, over doors, open passages, lifts and stairs."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import combinations, count

from shapely import Polygon

from oncopolis.design.model import Building, Door, Lift

_CORNERS = 3  # structure: corners of the smallest room
_UPRIGHT = ("lift", "stair")


@dataclass(frozen=True, slots=True)
class Step:
    """From one space to the next."""

    to: str
    door: Door | None
    """None between floors of a lift or a stair."""
    by: str
    """``door``, ``opening``, ``lift`` or ``stair``."""
    lift: Lift | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """Spaces in order and what joins them."""

    spaces: tuple[str, ...]
    steps: tuple[Step, ...]


class Passages:
    """The graph of a building.

    Parameters
    ----------
    building
        What was read.
    role_of
        Space -> its role; nothing for rooms.
    """

    def __init__(self, building: Building, role_of: Mapping[str, str]) -> None:
        self.role_of = role_of
        self._next: dict[str, list[Step]] = {}
        for door in building.doors:
            if len(door.joins) > 1 and door.joins[0] != door.joins[1]:
                by = "door" if door.width or door.name else "opening"
                for here, there in (door.joins, door.joins[::-1]):
                    self._next.setdefault(here, []).append(Step(there, door, by))
        for lift in building.lifts:
            for low, high in combinations(lift.stops, 2):
                self._next.setdefault(low, []).append(Step(high, None, "lift", lift))
                self._next.setdefault(high, []).append(Step(low, None, "lift", lift))
        for role in _UPRIGHT:
            for low, high in _list_stacked(building, role_of, role):
                self._next.setdefault(low, []).append(Step(high, None, role))
                self._next.setdefault(high, []).append(Step(low, None, role))

    def list_steps(self, space: str) -> list[Step]:
        """Return the ways out of a space."""
        return self._next.get(space, [])

    def find_path(
        self,
        start: Collection[str],
        ends: Collection[str],
        may_pass: Callable[[str], bool],
        may_take: Callable[[Step], bool] = lambda _: True,
    ) -> Path | None:
        """Return a way with the fewest steps; None if there is none.

        Parameters
        ----------
        start, ends
            Spaces.
        may_pass
            Whether a space between them may be walked through.
        may_take
            Whether a step may be taken.
        """
        came: dict[str, tuple[str, Step] | None] = dict.fromkeys(start)
        queue = list(start)
        wanted = set(ends)
        for here in queue:
            if here in wanted:
                return _trace(came, here)
            if came[here] is not None and not may_pass(here):
                continue
            for step in self.list_steps(here):
                if step.to not in came and may_take(step):
                    came[step.to] = (here, step)
                    queue.append(step.to)
        return None

    def compute_widest(self, start: Collection[str], may_pass: Callable[[str], bool]) -> "Widest":
        """Return the ways from a start whose narrowest doors are widest.

        A door whose width is not known counts as nothing wide, so that it is taken only where no other leads.
        """
        order = count()
        came: dict[str, tuple[str, Step] | None] = dict.fromkeys(start)
        best: dict[str, tuple[float, int]] = dict.fromkeys(start, (float("inf"), 0))
        queue = [(-float("inf"), 0, next(order), here) for here in start]
        while queue:
            narrow, n, _, here = heappop(queue)
            if best[here] != (-narrow, -n) or (came[here] is not None and not may_pass(here)):
                continue
            for step in self.list_steps(here):
                reached = (min(-narrow, get_width(step)), -(n + 1))
                if reached > best.get(step.to, (-1.0, 0)):
                    best[step.to], came[step.to] = reached, (here, step)
                    heappush(queue, (-reached[0], n + 1, next(order), step.to))
        return Widest(best, came)


@dataclass(frozen=True, slots=True)
class Widest:
    """The widest ways from a start."""

    best: Mapping[str, tuple[float, int]]
    came: Mapping[str, tuple[str, Step] | None]

    def find(self, end: str) -> tuple[float, Path] | None:
        """Return the width of the way to a space, in metres, and the way; None if there is none."""
        return (self.best[end][0], _trace(self.came, end)) if end in self.best else None


def get_width(step: Step) -> float:
    """Return the width of a step in metres: without end where nothing narrows it, 0 if it is not known."""
    if step.lift and step.lift.width:
        return step.lift.width.value
    if step.by in {"opening", *_UPRIGHT} or step.door is None:
        return float("inf")
    return step.door.width.value if step.door.width else 0.0


def _trace(came: Mapping[str, tuple[str, Step] | None], end: str) -> Path:
    spaces, steps = [end], []
    here = came[end]
    while here is not None:
        spaces.append(here[0])
        steps.append(here[1])
        here = came[here[0]]
    return Path(tuple(spaces[::-1]), tuple(steps[::-1]))


def _list_stacked(building: Building, role_of: Mapping[str, str], role: str) -> list[tuple[str, str]]:
    """List lifts (or stairs), each with the next one that stands over it."""
    placed = []
    for space in building.spaces:
        storey = building.storey_by_id.get(space.storey)
        level = storey.elevation_m if storey else None
        if role_of.get(space.id) == role and level is not None and len(space.outline) >= _CORNERS:
            placed.append((level, space.id, Polygon(space.outline)))
    placed.sort(key=lambda one: one[:2])
    stacked = []
    for i, (level, low, shape) in enumerate(placed):
        for above, high, other in placed[i + 1 :]:
            if above > level and shape.intersects(other) and shape.intersection(other).area > 0:
                stacked.append((low, high))
                break
    return stacked
