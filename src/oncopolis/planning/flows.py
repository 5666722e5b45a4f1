"""People entering every route year by year, and what they make happen there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from oncopolis.centre import Network, Route, RouteKey, Stop
from oncopolis.centre.route import BoundEpisode
from oncopolis.foundation import InfeasibleError
from oncopolis.foundation.units import DAYS_PER_YEAR
from oncopolis.planning.coefficients import CENTRAL, Array, Coefficients
from oncopolis.planning.hazards import Hazards
from oncopolis.planning.leaving import (
    Kernel,
    Leaving,
    Timing,
    convolve,
    make_event_kernel,
    make_leaving,
    make_point_kernel,
    make_stay_kernel,
    make_stop_kernels,
    spread_stops,
)
from oncopolis.planning.passage import (
    Attributes,
    Mass,
    Passage,
    compute_days,
    compute_gap_days,
    compute_passage,
)

State = tuple[RouteKey, str | None, Attributes]
"""Route, step entered at, attributes on entering."""

NOTHING = 1e-6  # structure: people a year, in whichever draw, below which a flow is not followed further
MOST_GENERATIONS = 60  # structure: episodes one after the other that are followed


Comers = tuple[Attributes, Array]
"""What some who enter a route carry beside what it reads, and how many a year they are."""


@dataclass(frozen=True)
class Happening:
    """A stop of a route: how many people a year it is done for, and how often for each."""

    route: Route
    stop: Stop
    people: Array
    """Shape (draws, columns): people for whom the stop is done."""
    times: Array | None
    """Shape (draws,): repeats of each; None means once."""
    gained: Mapping[str, Array]
    """Attribute -> people who gain it here, shape (draws, columns)."""


@dataclass
class Flows:
    """Yearly entries into every state of a network.

    Parameters
    ----------
    network, coefficients, hazards
        Routes, coefficients and, for cohorts, hazards.
    """

    network: Network
    coefficients: Coefficients
    hazards: Hazards | None
    columns: Sequence[int] | None = None
    """Indices of the years that are looked at; all of them if None."""
    entries: dict[State, Array] = field(default_factory=dict)
    _passages: dict[tuple[int, str | None, Attributes], Passage] = field(default_factory=dict)
    _stays: dict[State, Kernel] = field(default_factory=dict)
    _needed: dict[RouteKey, Sequence[int]] = field(default_factory=dict)

    @cached_property
    def leavings(self) -> Mapping[RouteKey, Leaving]:
        """Ways out of each route; routes that people leave in the same way share them."""
        made: dict[tuple[object, ...], Leaving] = {}
        leavings: dict[RouteKey, Leaving] = {}
        for key, route in self.network.routes.items():
            alike = (
                route.hazard,
                route.survival,
                route.site,
                route.stage if route.survival == "cohort" else "",
            )
            if alike not in made:
                made[alike] = make_leaving(route, self.hazards, self.coefficients)
            leavings[key] = made[alike]
        return leavings

    def enter(self, arrivals: Iterable[tuple[State, Array]]) -> None:
        """Let people in, follow them through all episodes, and add them to `entries`.

        Routes are looked at in the order in which people come to them, so that everybody who comes to a
        state is followed on at once; only who comes back to an earlier route waits for another round.

        Parameters
        ----------
        arrivals
            State and yearly flow, shape (draws, years).

        Raises
        ------
        InfeasibleError
            If episodes start each other without end.
        """
        pending: dict[RouteKey, dict[State, Array]] = defaultdict(dict)
        for state, flow in arrivals:
            _accumulate(pending[state[0]], state, flow)
        order = list_in_order(self.network, list(pending))
        for _ in range(MOST_GENERATIONS):
            for key in order:
                for read, comers in self._take_in(pending.pop(key, {})).items():
                    for further, flow in self._list_started(read, comers):
                        _accumulate(pending[further[0]], further, flow)
            pending = _drop_nobody(pending)
            if not pending:
                return
        names = sorted({pathway for pathway, _, _ in pending})
        raise InfeasibleError(
            code="PLA-003",
            where=f"pathways.{names[0]}.episodes",
            got=f"episodes that start each other without end ({', '.join(names)})",
            expected="episodes that die out",
            fix="lower the share of an episode, or let death compete with the pathway",
        )

    def find_needed(self, key: RouteKey, n_years: int) -> Sequence[int]:
        """Return the years of entry that can show in the years looked at.

        Everybody who enters a route that starts no other and ends within some years is gone by then.
        """
        if key not in self._needed:
            reach = compute_reach(self.network.routes[key], self.coefficients)
            everything = self.columns is None or reach is None
            near = {
                year for column in self.columns or () for year in range(column - (reach or 0), column + 1)
            }
            self._needed[key] = range(n_years) if everything else sorted(year for year in near if year >= 0)
        return self._needed[key]

    def _spread(self, flow: Array, kernel: Kernel, to: RouteKey) -> Array:
        """Spread a flow over the years in which it enters a route and matters."""
        needed = self.find_needed(to, flow.shape[1])
        if len(needed) == flow.shape[1]:
            return convolve(flow, kernel)
        whole: Array = np.zeros(flow.shape, order="F")
        whole[:, needed] = convolve(flow, kernel, needed)
        return whole

    def to_read(self, state: State) -> State:
        """Return the state without the attributes that the route itself neither reads nor sets."""
        key, at, attributes = state
        return key, at, attributes & self.network.read[key]

    def get_passage(self, state: State) -> Passage:
        """Return the expectation over the route of a state whose attributes are all read."""
        key, at, attributes = state
        place = (self.shapes[key], at, attributes)
        if place not in self._passages:
            self._passages[place] = compute_passage(
                self.network.routes[key], at, attributes, self.coefficients, self.network.tracked
            )
        return self._passages[place]

    @cached_property
    def shapes(self) -> Mapping[RouteKey, int]:
        """Number of each route's shape: routes of one shape lead everybody the same way in the same time."""
        known: dict[tuple[object, ...], int] = {}
        return {
            key: known.setdefault(list_shape(route), len(known)) for key, route in self.network.routes.items()
        }

    def list_happenings(self, columns: Sequence[int]) -> Iterator[Happening]:
        """Yield everything that is done in the wanted years.

        People who come to the same stop with different attributes are taken together, on their mean day.

        Parameters
        ----------
        columns
            Indices of the years wanted.
        """
        alike: dict[State, Array] = {}
        for state, flow in self.entries.items():
            _accumulate(alike, self.to_read(state), flow)
        by_route: dict[RouteKey, list[tuple[State, Array]]] = defaultdict(list)
        for state, flow in alike.items():
            by_route[state[0]].append((state, flow))
        for key, entered in by_route.items():
            yield from self._list_on_route(key, entered, columns)

    def _list_on_route(
        self, key: RouteKey, entered: Sequence[tuple[State, Array]], columns: Sequence[int]
    ) -> Iterator[Happening]:
        route = self.network.routes[key]
        groups: dict[int, list[Part]] = defaultdict(list)
        for which, (state, flow) in enumerate(entered):
            people = float(flow[CENTRAL].sum())
            for (i, attributes), mass in self.get_passage(state).done.items():
                if route.stops[i].tasks or route.stops[i].sets & self.network.tracked:
                    groups[i].append(Part(which, people, mass, attributes))
        if not groups:
            return
        timings = [self._make_timing(route.stops[i], _find_mean_day(parts)) for i, parts in groups.items()]
        kernels = make_stop_kernels(timings, self.leavings[key], max(columns) + 1)
        spreads = [spread_stops(flow, kernels, columns) for _, flow in entered]
        for j, (i, parts) in enumerate(groups.items()):
            stop = route.stops[i]
            comers = [
                (part.attributes, spreads[part.which][j].T * part.mass.people[:, None]) for part in parts
            ]
            gained = {
                attribute: _sum_up([people for attributes, people in comers if attribute not in attributes])
                for attribute in stop.sets & self.network.tracked
                if any(attribute not in attributes for attributes, _ in comers)
            }
            times = None if stop.cadence is None else self.coefficients.get(stop.cadence.n)
            yield Happening(route, stop, _sum_up([people for _, people in comers]), times, gained)

    def list_stays(self, columns: Sequence[int] | None = None) -> Iterator[tuple[Route, Array]]:
        """Yield person-years on each route by calendar year, shape (draws, columns)."""
        for state, flow in self.entries.items():
            route = self.network.routes[state[0]]
            yield route, convolve(flow, self._get_stay(self.to_read(state), route), columns)

    def _get_stay(self, state: State, route: Route) -> Kernel:
        if state not in self._stays:
            self._stays[state] = self._compute_stay(state, route)
        return self._stays[state]

    def _compute_stay(self, state: State, route: Route) -> Kernel:
        ends = self.get_passage(state).ends.values()
        weight = sum(float(mass.people[CENTRAL]) for mass in ends)
        mean_day = sum(mass.person_days for mass in ends) / weight if weight else 0.0
        return make_stay_kernel(route, self.leavings[state[0]], mean_day / DAYS_PER_YEAR)

    def _make_timing(self, stop: Stop, day: float) -> Timing:
        n_times = 1
        if stop.cadence is not None:
            n_times = max(round(float(self.coefficients.get(stop.cadence.n)[CENTRAL])), 1)
        return Timing(day / DAYS_PER_YEAR, compute_gap_days(stop) / DAYS_PER_YEAR, n_times)

    def _take_in(self, flows: Mapping[State, Array]) -> dict[State, list[Comers]]:
        """Add flows to the entries; return them by what the route reads, with what they carry beside."""
        alike: dict[State, list[Comers]] = defaultdict(list)
        for state, flow in flows.items():
            _accumulate(self.entries, state, flow)
            read = self.to_read(state)
            alike[read].append((state[2] - read[2], flow))
        return alike

    def _list_started(self, read: State, comers: Sequence[Comers]) -> Iterator[tuple[State, Array]]:
        """Yield the states that those who come to a route go on to, those who become alike taken together."""
        route = self.network.routes[read[0]]
        spreads: dict[tuple[str, tuple[int, ...]], Array] = {}
        for attributes, mass in self.get_passage(read).ends.items():
            for episode in route.episodes:
                if not episode.has <= attributes or episode.lacks & attributes:
                    continue
                to = self.network.start(episode, route)
                own = attributes | (episode.sets & self.network.tracked)
                share = self.coefficients.get(1 if episode.share is None else episode.share)
                for gained, which in self._group(own, comers, self.network.kept[to]).items():
                    if episode.when == "completion":
                        kernel = make_point_kernel(mass.day / DAYS_PER_YEAR, self.leavings[read[0]])
                        spread = (
                            self._spread(_sum_up([comers[i][1] for i in which]), kernel, to) * share[:, None]
                        )
                    elif (episode.id, which) in spreads:
                        spread = spreads[episode.id, which]
                    else:
                        kernel = self._make_kernel(episode, read)
                        spread = self._spread(_sum_up([comers[i][1] for i in which]), kernel, to)
                        spreads[episode.id, which] = spread
                    yield (to, episode.at, gained), spread * mass.people[:, None]

    @staticmethod
    def _group(
        own: Attributes, comers: Sequence[Comers], kept: Attributes
    ) -> dict[Attributes, tuple[int, ...]]:
        """Return which comers become alike once attributes that no longer matter are dropped."""
        groups: dict[Attributes, tuple[int, ...]] = {}
        for i, (carried, _) in enumerate(comers):
            gained = (own | carried) & kept
            groups[gained] = (*groups.get(gained, ()), i)
        return groups

    def _make_kernel(self, episode: BoundEpisode, read: State) -> Kernel:
        """Return the weights of what is the same for all who enter: relapse, death, a wait, a rate."""
        if episode.when != "rate":
            return make_event_kernel(episode, self.leavings[read[0]], self.coefficients)
        per_year = self.coefficients.get(0 if episode.rate is None else episode.rate)
        share = self.coefficients.get(1 if episode.share is None else episode.share)
        return self._get_stay(read, self.network.routes[read[0]]).scale(per_year * share)


def list_shape(route: Route) -> tuple[object, ...]:
    """Return all of a route that decides who goes where and when; equal activities are one object."""
    return tuple(
        (
            stop.share,
            stop.has,
            stop.lacks,
            stop.sets,
            stop.skip_to,
            stop.exits,
            stop.after.aim_days,
            stop.cadence,
            stop.setting == "inpatient"
            and tuple((id(task.activity), task.n, task.share) for task in stop.tasks),
        )
        for stop in route.stops
    )


def compute_reach(route: Route, coefficients: Coefficients) -> int | None:
    """Return the years after which nothing of an entry is left on a route; None if that is not bounded.

    Routes that start others, last for life or go back to an earlier step are not bounded.
    """
    goes_back = any(way.to <= i and way.to >= 0 for i, stop in enumerate(route.stops) for way in stop.exits)
    if route.episodes or route.lasts == "life" or goes_back:
        return None
    days = sum(stop.after.aim_days + compute_days(stop, coefficients) for stop in route.stops)
    return int(days / DAYS_PER_YEAR) + 2


@dataclass(frozen=True, slots=True)
class Part:
    """Some of those who come to a stop."""

    which: int
    """Index of the flow they came with."""
    entering: float
    """Entries of that flow, all years, on central values."""
    mass: Mass
    """What one entrant brings to the stop."""
    attributes: Attributes


def _find_mean_day(parts: Sequence[Part]) -> float:
    """Mean elapsed days of those who come to a stop, on central values."""
    people = sum(part.entering * float(part.mass.people[CENTRAL]) for part in parts)
    days = sum(part.entering * part.mass.person_days for part in parts)
    return days / people if people else 0.0


def _sum_up(parts: Sequence[Array]) -> Array:
    first, *others = parts
    return sum(others, first)


def _accumulate(flows: dict[State, Array], state: State, flow: Array) -> None:
    flows[state] = flows[state] + flow if state in flows else flow


def _drop_nobody(pending: Mapping[RouteKey, Mapping[State, Array]]) -> dict[RouteKey, dict[State, Array]]:
    """Leave out flows too small to be followed further."""
    kept: dict[RouteKey, dict[State, Array]] = defaultdict(dict)
    for key, flows in pending.items():
        for state, flow in flows.items():
            if float(flow.max()) > NOTHING:
                kept[key][state] = flow
    return kept


def list_in_order(network: Network, entered: Iterable[RouteKey]) -> list[RouteKey]:
    """Return the routes that can be reached, each before those it starts; loops are cut somewhere."""
    seen: set[RouteKey] = set()
    order: list[RouteKey] = []

    def visit(key: RouteKey) -> None:
        if key in seen:
            return
        seen.add(key)
        for episode in network.routes[key].episodes:
            visit(network.start(episode, network.routes[key]))
        order.append(key)

    for key in entered:
        visit(key)
    return order[::-1]
