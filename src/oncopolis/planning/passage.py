"""`Passage`: the expectation of one person's way through a route.

Mass is pushed along the stops in order; what flows back along a loop is pushed again until nothing is
left of it. People with different attributes are kept apart, so that a condition on an attribute is exact.
Elapsed time is the mean over those who come to a stop, on central values.
"""

from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from oncopolis.centre import Route, Stop
from oncopolis.centre.route import OUT, REST
from oncopolis.foundation import InfeasibleError
from oncopolis.foundation.units import DAYS_PER_WEEK, MINUTES_PER_DAY
from oncopolis.planning.coefficients import CENTRAL, Array, Coefficients

K = TypeVar("K")

Attributes = frozenset[str]
Node = tuple[int, Attributes]

WORKDAYS_PER_WEEK = 5  # structure: a cadence in working days runs Monday to Friday
NOTHING_LEFT = 1e-9  # structure: mass below which a loop counts as left
MOST_ROUNDS = 100_000  # structure: rounds after which a loop counts as endless


@dataclass
class Mass:
    """People at a stop, and their mean elapsed days."""

    people: Array
    person_days: float

    @property
    def day(self) -> float:
        """Mean elapsed days of those who are here, on central values."""
        central = float(self.people[CENTRAL])
        return self.person_days / central if central > 0 else 0.0

    def add(self, people: Array, day: float) -> None:
        """Add people who arrive on a mean day."""
        self.people = self.people + people
        self.person_days += float(people[CENTRAL]) * day


@dataclass
class Passage:
    """Expected people per person entering, by stop and attributes."""

    done: dict[Node, Mass] = field(default_factory=dict)
    """Those for whom a stop is done (before repeats), with the mean day it starts."""
    ends: dict[Attributes, Mass] = field(default_factory=dict)
    """Those who leave the route, with the mean day they do."""


def compute_passage(
    route: Route, at: str | None, attributes: Attributes, coefficients: Coefficients, tracked: Attributes
) -> Passage:
    """Push one person through a route.

    Parameters
    ----------
    route
        Route to walk.
    at
        Step entered at; the first if None.
    attributes
        What the person has on entering.
    coefficients
        Source of shares; arrays come out on its draw axis.
    tracked
        Attributes that make a difference; others are not kept apart.

    Raises
    ------
    InfeasibleError
        If a loop is not left within any reasonable number of rounds.
    """
    passage = Passage()
    start = route.entries[at] if at else 0
    waiting: dict[Node, Mass] = {(start, attributes): Mass(np.ones(coefficients.size), 0.0)}
    for _ in range(MOST_ROUNDS):
        waiting = _push_once(route, waiting, passage, coefficients, tracked)
        if not waiting:
            return passage
    raise InfeasibleError(
        code="PLA-001",
        where=f"pathways.{route.pathway}",
        got="a loop that goes on and on",
        expected="a stopping probability well above zero",
        fix="raise the share of the branch that leaves the loop",
    )


def _push_once(
    route: Route, waiting: dict[Node, Mass], passage: Passage, coefficients: Coefficients, tracked: Attributes
) -> dict[Node, Mass]:
    """Push mass forward through all stops; return what flowed back."""
    back: dict[Node, Mass] = {}
    for i, stop in enumerate(route.stops):
        for node in [node for node in waiting if node[0] == i]:
            mass = waiting.pop(node)
            for to, attributes, people, day in _leave(stop, node, mass, passage, coefficients, tracked):
                if to == OUT:
                    _add(passage.ends, attributes, people, day)
                elif people[CENTRAL] > NOTHING_LEFT or people.max() > NOTHING_LEFT:
                    _add(waiting if to > i else back, (to, attributes), people, day)
    return back


def _leave(
    stop: Stop, node: Node, mass: Mass, passage: Passage, coefficients: Coefficients, tracked: Attributes
) -> list[tuple[int, Attributes, Array, float]]:
    """Split those at a stop into who does it and who passes it by; return where they go."""
    attributes = node[1]
    fits = stop.has <= attributes and not stop.lacks & attributes
    if not fits:
        return [(stop.skip_to, attributes, mass.people, mass.day)]
    share = None if stop.share is None else coefficients.get(stop.share)
    people = mass.people if share is None else mass.people * share
    begins = mass.day + stop.after.aim_days
    _add(passage.done, node, people, begins)
    leaves = begins + compute_days(stop, coefficients)
    gained = attributes | (stop.sets & tracked)
    ways = [
        (way.to, gained, people if part is None else people * part, leaves)
        for way, part in zip(stop.exits, list_shares(stop, coefficients), strict=True)
    ]
    if share is not None:
        ways.append((stop.skip_to, attributes, mass.people - people, mass.day))
    return ways


def list_shares(stop: Stop, coefficients: Coefficients) -> list[Array | None]:
    """Shares of a stop's exits, made to sum to one in every draw; None for all where there is one way."""
    if len(stop.exits) == 1:
        return [None]
    stated = {
        i: coefficients.get(way.share) for i, way in enumerate(stop.exits) if way.share not in (None, REST)
    }
    total = np.sum(list(stated.values()), axis=0)
    has_rest = len(stated) < len(stop.exits)
    scale = np.maximum(total, 1.0) if has_rest else total
    rest = np.maximum(1 - total, 0.0)
    return [stated[i] / scale if i in stated else rest for i in range(len(stop.exits))]


def compute_days(stop: Stop, coefficients: Coefficients) -> float:
    """Mean days a stop takes: its repeats, or the stay of an inpatient step; central values."""
    if stop.cadence:
        n = float(coefficients.get(stop.cadence.n)[CENTRAL])
        return max(n - 1, 0.0) * compute_gap_days(stop)
    if stop.setting != "inpatient":
        return 0.0
    minutes = 0.0
    for task in stop.tasks:
        stay = sum(float(coefficients.get_minutes(phase.duration)[CENTRAL]) for phase in task.activity.phases)
        share = 1.0 if task.share is None else float(coefficients.get(task.share)[CENTRAL])
        minutes += stay * share * float(coefficients.get(task.n)[CENTRAL])
    return minutes / MINUTES_PER_DAY


def compute_gap_days(stop: Stop) -> float:
    """Calendar days from one repeat to the next."""
    if stop.cadence is None:
        return 0.0
    stretch = DAYS_PER_WEEK / WORKDAYS_PER_WEEK if stop.cadence.workdays else 1.0
    return stop.cadence.every_days * stretch


def _add(masses: dict[K, Mass], key: K, people: Array, day: float) -> None:
    if key in masses:
        masses[key].add(people, day)
    else:
        masses[key] = Mass(people, float(people[CENTRAL]) * day)
