"""Adding up what happens: occurrences of activities, contacts, visits, counts, costs and time held."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from oncopolis.centre import BoundActivity, Coefficient, Stop
from oncopolis.centre.route import BoundTask
from oncopolis.foundation.units import MINUTES_PER_HOUR
from oncopolis.planning.coefficients import CENTRAL, Array, Coefficients
from oncopolis.planning.flows import Happening

VISITS = frozenset({"outpatient", "day_case"})
"""Settings whose steps make a visit: one person on one day."""

Factor = Callable[[str, str | None], Array]
"""Site and modality -> part of it that is done here, shape (draws, years)."""


@dataclass(frozen=True)
class Trace:
    """Central occurrences of one activity at one stop, for explanations."""

    site: str
    stage: str
    pathway: str
    stop: str
    people: Array
    """Shape (years,): people a year for whom the stop is done here."""
    count: Array
    """Shape (years,): occurrences of the activity."""
    activity: BoundActivity
    evidence: tuple[str, ...]


@dataclass
class Tally:
    """Sums over everything that happens.

    Parameters
    ----------
    coefficients
        Source of arrays.
    shape
        (draws, years).
    opened
        Department -> 1 in years it is open, else 0; shape (1, years).
    factor
        Part of the patients of a site and modality that is treated here.
    """

    coefficients: Coefficients
    shape: tuple[int, int]
    opened: Mapping[str, Array]
    factor: Factor
    visits: dict[str, Array] = field(default_factory=dict)
    """Department -> visits a year, shape (draws, years)."""
    acquired: dict[str, Array] = field(default_factory=dict)
    """Attribute -> patients a year who gain it here."""
    traces: list[Trace] = field(default_factory=list)
    _parts: dict[tuple[Coefficient, Coefficient | None], Array] = field(default_factory=dict)
    _activities: dict[int, BoundActivity] = field(default_factory=dict)
    _occurrences: dict[int, Array] = field(default_factory=dict)

    def take(self, happenings: Iterable[Happening]) -> None:
        """Add everything that happens."""
        for happening in happenings:
            stop = happening.stop
            factor = self.factor(happening.route.site, stop.modality)
            for attribute, gained in happening.gained.items():
                self._acquire(attribute, stop.department, gained * factor)
            if stop.tasks and float(happening.people.max()) > 0:
                self._take_stop(happening, happening.people * factor)

    def _acquire(self, attribute: str, department: str | None, people: Array) -> None:
        here = people if department is None else people * self.opened[department]
        _accumulate(self.acquired, attribute, here, self.shape)

    def _take_stop(self, happening: Happening, people: Array) -> None:
        stop, times = happening.stop, happening.times
        occasions = people if times is None else people * times[:, None]
        is_visit = stop.setting in VISITS
        for task in stop.tasks:
            part = self._get_part(task)
            keys = _list_keys(stop, task) if self._keeps_traces else ()
            for activity, count in self._list_done(
                task.activity, occasions if part is None else occasions * part[:, None]
            ):
                self._add(activity, count)
                if self._keeps_traces:
                    self._trace(happening, people, count, activity, keys)
                if is_visit and activity.contact:
                    department = activity.department
                    is_visit = False
                    _accumulate(self.visits, department, occasions * self.opened[department], self.shape)

    @property
    def _keeps_traces(self) -> bool:
        """Whether lines for explanations are kept: on central values, not on draws."""
        return self.coefficients.n_draws == 0

    def _get_part(self, task: BoundTask) -> Array | None:
        """Occurrences of a task each time its stop is done, shape (draws,); None for one."""
        asked = (task.n, task.share)
        if asked == (1, None):
            return None
        if asked not in self._parts:
            n = self.coefficients.get(task.n)
            self._parts[asked] = n if task.share is None else n * self.coefficients.get(task.share)
        return self._parts[asked]

    def _list_done(self, activity: BoundActivity, count: Array) -> list[tuple[BoundActivity, Array]]:
        """What is really done: the fallback while the department is not open."""
        opened, when = self.opened[activity.department], self._when_open[activity.department]
        if when == "always":
            return [(activity, count)]
        done = [(activity, count * opened)] if when == "sometimes" else []
        if activity.fallback is not None:
            done += self._list_done(activity.fallback, count * (1 - opened))
        return done

    @cached_property
    def _when_open(self) -> dict[str, str]:
        """Department -> ``always``, ``sometimes`` or ``never`` open in the years looked at."""
        return {
            department: "always" if opened.all() else "sometimes" if opened.any() else "never"
            for department, opened in self.opened.items()
        }

    def _add(self, activity: BoundActivity, count: Array) -> None:
        key = id(activity)
        self._activities[key] = activity
        if key in self._occurrences:
            self._occurrences[key] += count
        else:
            self._occurrences[key] = np.array(np.broadcast_to(count, self.shape))

    def _trace(
        self,
        happening: Happening,
        people: Array,
        count: Array,
        activity: BoundActivity,
        keys: tuple[str, ...],
    ) -> None:
        route = happening.route
        self.traces.append(
            Trace(
                route.site,
                route.stage,
                route.pathway,
                happening.stop.id,
                people[CENTRAL],
                count[CENTRAL],
                activity,
                keys,
            )
        )

    def list_occurrences(self) -> list[tuple[BoundActivity, Array]]:
        """Return activities and their yearly occurrences, shape (draws, years)."""
        return [(self._activities[key], count) for key, count in self._occurrences.items()]

    def sum_by(
        self, amounts: Callable[[BoundActivity], Iterable[tuple[str, Array | float]]]
    ) -> dict[str, Array]:
        """Sum occurrences times amounts by name.

        Parameters
        ----------
        amounts
            Gives names and amounts of one occurrence: measures, resources and minutes, costs.
        """
        sums: dict[str, Array] = {}
        for activity, count in self.list_occurrences():
            for name, amount in amounts(activity):
                weighted = count * (np.asarray(amount)[:, None] if np.ndim(amount) else amount)
                _accumulate(sums, name, weighted, self.shape)
        return sums


class Amounts:
    """What one occurrence of an activity takes and makes, on the draw axis.

    Parameters
    ----------
    coefficients
        Source of arrays.
    inflation
        Factor from a row's price year to the plan's, shape (draws,).
    """

    def __init__(self, coefficients: Coefficients, inflation: Callable[[Coefficient], Array]) -> None:
        self.coefficients, self.inflation = coefficients, inflation
        self._hours: dict[int, list[tuple[str, Array]]] = {}

    def list_counts(self, activity: BoundActivity) -> list[tuple[str, Array]]:
        """Measures and how many of each."""
        return [(name, self.coefficients.get(n)) for name, n in activity.counts]

    def list_costs(self, activity: BoundActivity) -> list[tuple[str, Array]]:
        """Department and kind of cost (``chemotherapy.medicines``) and how much of it."""
        return [
            (f"{activity.department}.{kind}", self.coefficients.get(n) * self.inflation(n))
            for kind, n in activity.costs
        ]

    def list_hours(self, activity: BoundActivity) -> list[tuple[str, Array]]:
        """Resources and hours held, summed over the phases."""
        if id(activity) not in self._hours:
            held: dict[str, Array] = defaultdict(lambda: np.zeros(self.coefficients.size))
            for phase in activity.phases:
                hours = self.coefficients.get_minutes(phase.duration) / MINUTES_PER_HOUR
                for resource, n in phase.hold:
                    held[resource] = held[resource] + hours * self.coefficients.get(n)
            self._hours[id(activity)] = list(held.items())
        return self._hours[id(activity)]

    def list_contacts(self, activity: BoundActivity) -> list[tuple[str, float]]:
        """Department and one contact, if the patient is there."""
        return [(activity.department, 1.0)] if activity.contact else []


def _list_keys(stop: Stop, task: BoundTask) -> tuple[str, ...]:
    """Evidence that says how often a task of a stop is done."""
    asked = (*stop.within, stop.share, stop.cadence and stop.cadence.n, task.n, task.share)
    return tuple(key for key in asked if isinstance(key, str))


def _accumulate(sums: dict[str, Array], name: str, values: Array, shape: tuple[int, int]) -> None:
    if name in sums:
        sums[name] += values
    else:
        sums[name] = np.array(np.broadcast_to(values, shape))
