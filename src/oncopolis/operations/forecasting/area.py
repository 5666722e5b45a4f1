"""One area as it is at a moment, as arrays: who is served, who waits, who is expected, and what there is."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation.names import name_key
from oncopolis.foundation.units import MINUTES_PER_DAY, MS_PER_MINUTE
from oncopolis.operations.arrivals.finding import is_down
from oncopolis.operations.arrivals.indexes import Expected, Queues
from oncopolis.operations.arrivals.rules import get_rules
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.floor import Floor
from oncopolis.operations.forecasting.pace import Pace
from oncopolis.operations.forecasting.turnout import Turnout
from oncopolis.operations.house import Card

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Area:
    """What `kernels.foreseeing.foresee` takes, and whose rows they are.

    Parameters
    ----------
    ids
        Contacts and expected appointments, in the order of the rows.
    """

    ids: tuple[str, ...]
    keys: NDArray[np.uint64]
    mu: Floats
    sigma: Floats
    elapsed: Floats
    needs: Ints
    kinds: Ints
    due: Floats
    comes: Floats
    lateness: Floats
    capacity: Ints
    gaps: Floats
    pace_sd: float


@dataclass(frozen=True, slots=True)
class _Row:
    """One of them.

    Parameters
    ----------
    order
        Where they stand: who was called before those who wait.
    elapsed
        Minutes served so far; -1 for those who are not.
    due
        Minutes from now until they are ready, or until the appointment.
    """

    id: str
    activity: str
    order: tuple[int, int, int, int]
    elapsed: float
    due: float
    comes: float = 1.0


class Surveyor:
    """Makes an `Area` of what is on a floor."""

    def __init__(self, floor: Floor, pace: Pace, turnout: Turnout) -> None:
        self.floor, self.house, self.pace, self.turnout = floor, floor.house, pace, turnout

    def survey(self, area: str, at_ms: int) -> Area:
        """Return an area as it is at a moment."""
        contacts = self.floor.index(Queues).of_area[area].values()
        here = [_to_row(one, at_ms) for one in contacts if one.state != "away"]
        last = max((row.order for row in here), default=(0,))
        expected = [row for row in self._list_expected(area, at_ms) if row.order < last]
        rows = sorted([*here, *expected], key=lambda row: (row.elapsed < 0.0, row.order, row.id))
        resources = self._list_resources(row.activity for row in rows)
        tempo = self.pace.measure(area, self.house.to_ms(self.house.to_local(at_ms).date()))
        needs = self._list_needs(rows, resources)
        spreads = [tempo.apply(self.pace.durations[row.activity]) for row in rows]
        return Area(
            ids=tuple(row.id for row in rows),
            keys=np.array([name_key(row.id) for row in rows], dtype=np.uint64),
            mu=np.array([spread.mu for spread in spreads]),
            sigma=np.array([spread.sigma for spread in spreads]),
            elapsed=np.array([row.elapsed for row in rows]),
            needs=needs,
            kinds=np.unique(needs, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64),
            due=np.array([row.due for row in rows]),
            comes=np.array([row.comes for row in rows]),
            lateness=np.array(self.turnout.lateness),
            capacity=np.array([self._count_units(one, at_ms) for one in resources], dtype=np.int64),
            gaps=self._list_gaps(resources, at_ms),
            pace_sd=tempo.compute_sd(spreads),
        )

    def _list_expected(self, area: str, at_ms: int) -> Iterable[_Row]:
        """Yield those who are expected and would stand before somebody who waits."""
        expected, rules = self.floor.index(Expected), get_rules(self.house)
        last_ms = at_ms + rules.early_ms
        for card in self.house.cards.values():
            if card.department != area or not card.is_contact:
                continue
            for id_ in expected.list_ids(card.id, at_ms - rules.grace_ms, last_ms):
                booking = self.floor.get(Booking, id_)
                due = (booking.start_ms - at_ms) / MS_PER_MINUTE
                order = (1, booking.priority, booking.start_ms, booking.start_ms)
                yield _Row(id_, card.id, order, -1.0, due, self.turnout.compute_comes(card, due))

    def _list_resources(self, activities: Iterable[str]) -> list[str]:
        """Return what is held whole by any of these activities."""
        cards = [self.house.cards[activity] for activity in dict.fromkeys(activities)]
        return list(dict.fromkeys(key for card in cards for key in list_whole(card)))

    def _list_needs(self, rows: Sequence[_Row], resources: Sequence[str]) -> Ints:
        needs = np.zeros((len(rows), len(resources)), dtype=np.int64)
        for i, row in enumerate(rows):
            whole = list_whole(self.house.cards[row.activity])
            needs[i] = [whole.get(resource, 0) for resource in resources]
        return needs

    def _count_units(self, resource: str, at_ms: int) -> int:
        """Return how many work and are there now, or when they open next; after closing those of the end."""
        day, minute = self.house.to_minute(at_ms)
        known = [self.house.units[unit] for unit in self.house.units_of[resource]]
        units = [card.id for card in known if not is_down(self.floor, card)]
        spans = [self.house.list_hours(unit, day) for unit in units]
        moments = [span for unit in spans for span in unit]
        if not moments:
            return len(units)
        after = [max(first, minute) for first, end in moments if end > minute]
        then = min(after) if after else max(end for _, end in moments) - 1
        return sum(any(first <= then < end for first, end in unit) for unit in spans)

    def _list_gaps(self, resources: Sequence[str], at_ms: int) -> Floats:
        """Return when nothing of a resource is there, minutes from now; after closing who waits is served."""
        day, minute = self.house.to_minute(at_ms)
        found: list[list[tuple[float, float]]] = []
        for resource in resources:
            first_unit = self.house.units_of[resource][:1]
            spans = [span for unit in first_unit for span in self.house.list_hours(unit, day)]
            edges = [(0, 0), *spans]
            closed = [(end, first) for (_, end), (first, _) in pairwise(edges)]
            found.append([(a - minute, b - minute) for a, b in closed if b > minute])
        gaps = np.full((len(resources), max(map(len, found), default=0), 2), -float(MINUTES_PER_DAY))
        for r, of_one in enumerate(found):
            for i, gap in enumerate(of_one):
                gaps[r, i] = gap
        return gaps


def list_whole(card: Card) -> dict[str, int]:
    """Return what one patient holds whole: resource -> how many; shares serve several at once."""
    return {key: math.floor(n) for key, n in card.holds.items() if n >= 1.0}


def _to_row(contact: Contact, at_ms: int) -> _Row:
    elapsed, due = -1.0, max(contact.asked_ms - at_ms, 0) / MS_PER_MINUTE
    if contact.start_ms is not None:
        elapsed = max(at_ms - contact.start_ms, 0) / MS_PER_MINUTE
    is_first = 0 if contact.state in ("called", "served") else 1
    order = (is_first, contact.priority, contact.order_ms, contact.asked_ms)
    return _Row(contact.id, contact.activity, order, elapsed, due)
