"""Fitting a day into a house: which rooms and machines serve whom, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from heapq import heapify, heappop, heappush
from typing import Final

from oncopolis.foundation import InputError
from oncopolis.foundation.units import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE
from oncopolis.operations.house import Card, House
from oncopolis.studies.replaying.day import Outage, Part, Visited
from oncopolis.studies.replaying.waking import Theatres

WALK_MS: Final = MS_PER_MINUTE
"""From one room to the next, where the twin left less."""
WAKES_MS: Final = MS_PER_HOUR
"""How long somebody is in recovery whom the twin does not leave there."""


@dataclass(frozen=True, slots=True)
class Use:
    """A unit that is used: the how-manieth time of the day, so that each waits for the one before."""

    unit: str
    turn: int

    def list_after(self) -> tuple[str, ...]:
        """Return what the one before gives; nothing of the first."""
        return (f"{self.unit}/{self.turn - 1}",) if self.turn else ()

    @property
    def gives(self) -> str:
        """What the next one waits for."""
        return f"{self.unit}/{self.turn}"


@dataclass(frozen=True, slots=True)
class Woken:
    """A place in recovery, until when it is had: milliseconds since midnight."""

    use: Use
    until_ms: int


@dataclass(frozen=True, slots=True)
class Served:
    """A part of a visit with where it takes place.

    Parameters
    ----------
    room
        Empty if it does not take place.
    wakes
        Of an operation: where its patient wakes up.
    is_waking
        Whether it is the recovery that belongs to the operation before it.
    """

    part: Part
    room: str
    uses: tuple[Use, ...]
    wakes: Woken | None = None
    is_waking: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """An outage with its place among the uses of its unit."""

    outage: Outage
    use: Use


class Fitting:
    """Gives out units in the order of time.

    Parameters
    ----------
    house
        The units.
    """

    def __init__(self, house: House) -> None:
        self._house, self._theatres = house, Theatres(house)
        self._free_ms: dict[str, int] = {}
        self._turns: dict[str, int] = {}

    def fit(
        self, visits: Sequence[Visited], outages: Sequence[Outage]
    ) -> tuple[list[tuple[Served, ...]], list[Broken]]:
        """Return where the contacts of each visit take place, and when; outages take their unit in between.

        Who finds no unit free waits longer than in the twin. What could not begin on the day does not. An
        operation has its place in recovery from the beginning: whoever waited for one while in the theatre
        could be waited for by those who have all places.
        """
        found: list[list[Served]] = [[] for _ in visits]
        broken: list[Broken] = []
        queue: list[tuple[int, int, int]] = [(outage.from_ms, -1, i) for i, outage in enumerate(outages)]
        contacts = [tuple(part for part in visit.parts if part.is_contact) for visit in visits]
        queue += [(_find_begin(parts[0]), i, 0) for i, parts in enumerate(contacts) if parts]
        heapify(queue)
        while queue:
            begin_ms, i, at = heappop(queue)
            if i < 0:
                broken.append(self._break(outages[at]))
                continue
            served = self._serve(contacts[i][at], begin_ms, next(iter(contacts[i][at + 1 :]), None))
            found[i] += served
            last, at = served[-1], at + len(served)
            if at < len(contacts[i]) and last.room:
                following = max(_find_begin(contacts[i][at]), last.part.end_ms + WALK_MS)
                heappush(queue, (following, i, at))
        return [tuple(parts) for parts in found], broken

    def _serve(self, part: Part, begin_ms: int, following: Part | None) -> tuple[Served, ...]:
        """Return where a contact takes place, with the one that follows if it is the recovery from it."""
        if part.start_ms is None:
            return (Served(replace(part, asked_ms=begin_ms, end_ms=max(part.end_ms, begin_ms)), "", ()),)
        card = self._house.get_card(part.activity)
        # What the twin waits for between two phases counts as waiting before the first.
        length_ms = min(part.end_ms - part.start_ms, card.minutes * MS_PER_MINUTE)
        begin_ms += part.end_ms - part.start_ms - length_ms
        units = self._choose(card, begin_ms)
        start_ms = max([begin_ms, *(self._free_ms.get(unit, 0) for unit in units)])
        end_ms = start_ms + length_ms
        bay = ""
        if self._theatres.is_operation(part.activity, units):
            bays = () if following is None else self._theatres.list_bays(following)
            following = following if bays else None
            bay = min(bays or self._bays, key=partial(self._rank, end_ms))
            end_ms = max(end_ms, self._free_ms.get(bay, 0))
        asked_ms = min(part.asked_ms, start_ms)
        if end_ms >= MS_PER_DAY:
            given_up = replace(
                part, asked_ms=min(asked_ms, _LAST_MS), start_ms=None, end_ms=_LAST_MS, outcome="sent_home"
            )
            return (Served(given_up, "", ()),)
        uses = tuple(self._use(unit, end_ms) for unit in units)
        room = units[0] if units else self._find_desk(card.department)
        fitted = replace(part, asked_ms=asked_ms, start_ms=start_ms, end_ms=end_ms)
        return (
            self._wake(Served(fitted, room, uses), bay, following) if bay else (Served(fitted, room, uses),)
        )

    def _wake(self, operated: Served, bay: str, following: Part | None) -> tuple[Served, ...]:
        """Return an operation with its place in recovery, and the recovery itself if it is a contact."""
        from_ms = operated.part.end_ms
        length_ms = WAKES_MS
        if following is not None and following.start_ms is not None:
            card = self._house.get_card(following.activity)
            length_ms = min(following.end_ms - following.start_ms, card.minutes * MS_PER_MINUTE)
        until_ms = max(min(from_ms + length_ms, _LAST_MS), from_ms)
        operated = replace(operated, wakes=Woken(self._use(bay, until_ms), until_ms))
        if following is None:
            return (operated,)
        woken = replace(following, asked_ms=from_ms, start_ms=from_ms, end_ms=until_ms)
        return operated, Served(woken, bay, (), is_waking=True)

    @cached_property
    def _bays(self) -> list[str]:
        """Places in recovery that are not for everybody at once."""
        return sorted(self._theatres.bays - self._desks) or sorted(self._theatres.bays)

    def _break(self, outage: Outage) -> Broken:
        from_ms = max(outage.from_ms, self._free_ms.get(outage.unit, 0))
        until_ms = min(from_ms + outage.until_ms - outage.from_ms, _LAST_MS)
        return Broken(replace(outage, from_ms=from_ms, until_ms=until_ms), self._use(outage.unit, until_ms))

    def _use(self, unit: str, until_ms: int) -> Use:
        turn = self._turns.get(unit, 0)
        self._turns[unit], self._free_ms[unit] = turn + 1, until_ms
        return Use(unit, turn)

    def _choose(self, card: Card, begin_ms: int) -> list[str]:
        """Return the units that it alone holds, those that are free first.

        Where there is no desk for what holds none, that has a room or machine alone, too.
        """
        chosen: list[str] = []
        for resource, n in card.holds.items():
            units = [unit for unit in self._house.units_of.get(resource, ()) if unit not in self._desks]
            if n >= 1 and units and self._house.units[units[0]].kind in SERVING:
                chosen += sorted(units, key=partial(self._rank, begin_ms))[: int(n)]
        return chosen if chosen or self._desks else [min(self._serving, key=partial(self._rank, begin_ms))]

    @cached_property
    def _serving(self) -> list[str]:
        """Every room, place and machine.

        Raises
        ------
        InputError
            OPS-232 if there is none.
        """
        found = [unit.id for unit in self._house.units.values() if unit.kind in SERVING]
        if not found:
            raise InputError(
                code="OPS-232", where="resources", got="no room, place or machine",
                expected="somewhere for patients to be called to",
                fix="say in the definition how many there are",
            )  # fmt: skip
        return found

    def _rank(self, begin_ms: int, unit: str) -> tuple[int, int]:
        """Rank a unit: the sooner it is free the lower; of those free by then, the later it was so."""
        free_ms = self._free_ms.get(unit, 0)
        return max(free_ms, begin_ms), -free_ms

    def _find_desk(self, department: str) -> str:
        """Return where somebody comes for what needs no room of its own."""
        desks = self._desks
        building = self._house.buildings.get(department)
        units = self._house.units
        return min(
            desks,
            key=lambda desk: (
                units[desk].department != department,
                self._house.buildings.get(units[desk].department) != building,
                desk,
            ),
        )

    @cached_property
    def _desks(self) -> frozenset[str]:
        """One room of each department that has several: for everybody at once, had alone by nobody."""
        found: dict[str, str] = {}
        for resource, units in sorted(self._house.units_of.items(), key=lambda item: (len(item[1]), item[0])):
            if len(units) > 1 and self._house.units[units[0]].kind in _ROOMS:
                found[self._house.centre.resources[resource].department] = units[-1]
        return frozenset(found.values())


_ROOMS: Final = ("room", "place")
SERVING: Final = (*_ROOMS, "machine")
_LAST_MS: Final = MS_PER_DAY - MS_PER_MINUTE
"""When whoever was not served goes home."""


def _find_begin(part: Part) -> int:
    return part.asked_ms if part.start_ms is None else part.start_ms
