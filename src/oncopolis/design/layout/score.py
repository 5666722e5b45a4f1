"""The layout score: how near departments that belong together came.

For two linked departments the way between their entries is measured along the streets of the storeys, a
change of storey counting as a stated length, another building as the walk the campus states at a stated
pace. Closeness is 1 at no way at all and falls in a line to 0 at the stated reach. The score is the mean
closeness, weighed by the grade of the links, in per cent:

    score = 100 * sum(w * max(0, 1 - way / reach)) / sum(w)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oncopolis.design.required import Link, Programme
from oncopolis.foundation.units import PERCENT


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a piece of a department is entered."""

    building: str
    level: int
    along_m: float
    """From the lifts, along the street."""


@dataclass(frozen=True, slots=True)
class LinkWay:
    """A link and the way between its departments."""

    link: Link
    way_m: float
    closeness: float
    """0 to 1."""


@dataclass(frozen=True)
class Score:
    """How near departments that belong together came."""

    percent: float
    ways: tuple[LinkWay, ...]


class Scorer:
    """Scores arrangements of one programme."""

    def __init__(self, programme: Programme) -> None:
        self.links, self.walks = programme.links, programme.walks
        self.reach, self.storey = programme.get("layout.reach"), programme.get("layout.storey")
        self.pace = programme.get("layout.pace")
        self.weight = sum(link.weight for link in self.links)

    def compute(self, entries: Mapping[str, Sequence[Entry]], ground: Mapping[str, int]) -> Score:
        """Score an arrangement.

        Parameters
        ----------
        entries
            Department -> where its pieces are entered.
        ground
            Building -> storey it is entered on.
        """
        ways = tuple(self._measure(link, entries, ground) for link in self.links)
        total = sum(way.link.weight * way.closeness for way in ways)
        return Score(PERCENT * total / self.weight if self.weight else float(PERCENT), ways)

    def _measure(
        self, link: Link, entries: Mapping[str, Sequence[Entry]], ground: Mapping[str, int]
    ) -> LinkWay:
        one, other = link.between
        way = min(self._walk(a, b, ground) for a in entries[one] for b in entries[other])
        return LinkWay(link, way, max(0.0, 1 - way / self.reach))

    def _walk(self, a: Entry, b: Entry, ground: Mapping[str, int]) -> float:
        if a.building == b.building:
            if a.level == b.level:
                return abs(a.along_m - b.along_m)
            return a.along_m + b.along_m + abs(a.level - b.level) * self.storey
        minutes = self.walks.get((a.building, b.building))
        between = self.reach if minutes is None else minutes * self.pace
        return self._leave(a, ground) + between + self._leave(b, ground)

    def _leave(self, entry: Entry, ground: Mapping[str, int]) -> float:
        """Return the way from an entry to the door of its building, m."""
        return entry.along_m + abs(entry.level - ground[entry.building]) * self.storey
