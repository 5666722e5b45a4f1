"""The campus as it was: who waited and who was served where at any moment of the last day, from the journal.

The journal has a line for what is over. What goes on is added from the floor: it was not over then either.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from oncopolis.foundation.units import MS_PER_DAY, MS_PER_MINUTE
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.wards.views import Stay
from oncopolis.record.store.session import Row

STEP_MS: Final = 5 * MS_PER_MINUTE  # structure: between two pictures
N_STEPS: Final = MS_PER_DAY // STEP_MS
_NEVER: Final = np.iinfo(np.int64).max

Moments = npt.NDArray[np.int64]
"""Milliseconds since 1970 (UTC), in ascending order."""
Counts = npt.NDArray[np.int64]


class Span(NamedTuple):
    """One activity or stay: where, when somebody was there and ready, when it began, when it was over."""

    place: str
    asked_ms: int
    start_ms: int | None
    end_ms: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Times:
    """When people came to a place, began to be served, stopped to wait and were over."""

    asked: Moments
    began: Moments
    waited: Moments
    ended: Moments

    def count(self, moments: Moments) -> tuple[Counts, Counts]:
        """Return how many waited and how many were served at each of some moments."""
        asked, began, waited, ended = (
            np.searchsorted(times, moments, "right")
            for times in (self.asked, self.began, self.waited, self.ended)
        )
        return asked - waited, began - ended


@dataclass(frozen=True, slots=True)
class Picture:
    """A moment.

    Parameters
    ----------
    places
        Area, or ward, with anybody -> (who waited, who was served or in a bed), the most who waited first.
    outcomes
        What became of everything that was over since the beginning, by outcome of the journal.
    """

    at_ms: int
    places: Mapping[str, tuple[int, int]]
    outcomes: Mapping[str, int]

    @property
    def n_waiting(self) -> int:
        """Everybody who waited."""
        return sum(waiting for waiting, _ in self.places.values())

    @property
    def n_done(self) -> int:
        """What was done since the beginning."""
        return self.outcomes.get("done", 0)

    @property
    def n_not_done(self) -> int:
        """What was given up, cancelled, or missed since the beginning."""
        return sum(self.outcomes.values()) - self.n_done

    @property
    def n_served(self) -> int:
        """Everybody who was served or in a bed."""
        return sum(served for _, served in self.places.values())


@dataclass(frozen=True, slots=True)
class Past:
    """A day that is over at ``until_ms``."""

    from_ms: int
    until_ms: int
    places: Mapping[str, Times]
    ends: Mapping[str, Moments]

    def read(self, at_ms: int) -> Picture:
        """Return the picture of a moment."""
        moment = np.array([at_ms], dtype=np.int64)
        both = {place: times.count(moment) for place, times in self.places.items()}
        counted = {place: (int(waiting[0]), int(served[0])) for place, (waiting, served) in both.items()}
        there = sorted(counted.items(), key=lambda one: (-one[1][0], -one[1][1], one[0]))
        outcomes = {name: int(np.searchsorted(ends, at_ms, "right")) for name, ends in self.ends.items()}
        return Picture(at_ms, {place: two for place, two in there if any(two)}, outcomes)

    def list_moments(self) -> list[int]:
        """Return the moments of the day, one a step, the last one its end."""
        return [self.until_ms - STEP_MS * back for back in range(N_STEPS, -1, -1)]

    def count_all(self) -> list[tuple[int, int, int]]:
        """Return (moment, who waited, who was served) of each step."""
        moments = np.array(self.list_moments(), dtype=np.int64)
        waiting = np.zeros(len(moments), dtype=np.int64)
        served = np.zeros(len(moments), dtype=np.int64)
        for times in self.places.values():
            wait, serve = times.count(moments)
            waiting += wait
            served += serve
        return list(zip(moments.tolist(), waiting.tolist(), served.tolist(), strict=True))


def list_going_on(floor: Floor) -> list[Span]:
    """Return what is not over: contacts in queues, and stays."""
    spans = [
        Span(area, contact.asked_ms, contact.start_ms, None, "")
        for area, contacts in floor.index(Queues).of_area.items()
        for contact in contacts.values()
    ]
    for stay in floor.list(Stay):
        first = stay.came_ms if stay.asked_ms is None else stay.asked_ms
        if first is not None:
            spans.append(Span(stay.ward, first, stay.came_ms, None, ""))
    return spans


def find_past(house: House, rows: Iterable[Row], going_on: Iterable[Span], until_ms: int) -> Past:
    """Return the day up to a moment.

    Parameters
    ----------
    rows
        Of `list_times_between` of that day.
    """
    return make_past([*_list_over(house, rows), *going_on], until_ms - MS_PER_DAY, until_ms)


def make_past(spans: Iterable[Span], from_ms: int, until_ms: int) -> Past:
    """Return a day with these spans."""
    of_place: defaultdict[str, list[Span]] = defaultdict(list)
    ends: defaultdict[str, list[int]] = defaultdict(list)
    for span in spans:
        of_place[span.place].append(span)
        if span.end_ms is not None:
            ends[span.outcome].append(span.end_ms)
    return Past(
        from_ms,
        until_ms,
        {place: _make_times(listed) for place, listed in of_place.items()},
        {outcome: _sort(listed) for outcome, listed in sorted(ends.items())},
    )


def _make_times(spans: Sequence[Span]) -> Times:
    began = [span for span in spans if span.start_ms is not None]
    return Times(
        _sort(span.asked_ms for span in spans),
        _sort(span.start_ms for span in began),
        _sort(span.end_ms if span.start_ms is None else span.start_ms for span in spans),
        _sort(span.end_ms for span in began),
    )


def _sort(moments: Iterable[int | None]) -> Moments:
    found = np.array([_NEVER if one is None else one for one in moments], dtype=np.int64)
    found.sort()
    return found


def _list_over(house: House, rows: Iterable[Row]) -> Iterator[Span]:
    """What is over; without a time of coming (an appointment nobody came to) nobody waited."""
    for activity, resource, asked_ms, start_ms, end_ms, outcome in rows:
        place = _find_place(house, activity, resource)
        if place:
            first = end_ms if start_ms is None else start_ms
            yield Span(place, first if asked_ms is None else asked_ms, start_ms, end_ms, outcome)


def _find_place(house: House, activity: str, resource: str | None) -> str | None:
    """Return the ward of a stay, the department of anything else; None if the house knows neither."""
    held = house.centre.resources.get(resource or "")
    if held is not None and held.kind == "bed":
        return resource
    card = house.cards.get(activity)
    return None if card is None else card.department
