"""People entering every route year by year, and what they make happen there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from oncopolis.centre import Network, Route, RouteKey, Stop
from oncopolis.centre.route import BoundEpisode
from oncopolis.foundation import InfeasibleError
from oncopolis.foundation.units import DAYS_PER_YEAR
from oncopolis.planning.coefficients import CENTRAL, Array, Coefficients
from oncopolis.planning.hazards import Hazards
from oncopolis.planning.leaving import (
    Kernel,
    Leaving,
    convolve,
    make_event_kernel,
    make_leaving,
    make_point_kernel,
    make_repeat_kernel,
    make_stay_kernel,
)
from oncopolis.planning.passage import Attributes, Mass, Passage, compute_gap_days, compute_passage

State = tuple[RouteKey, str | None, Attributes]
"""Route, step entered at, attributes on entering."""

NOTHING = 1e-6  # structure: people a year below which a flow is not followed further
MOST_GENERATIONS = 60  # structure: episodes one after the other that are followed


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
    entries: dict[State, Array] = field(default_factory=dict)
    _passages: dict[State, Passage] = field(default_factory=dict)
    _stays: dict[State, Kernel] = field(default_factory=dict)
    _starts: dict[tuple[State, str], Kernel] = field(default_factory=dict)

    @cached_property
    def leavings(self) -> Mapping[RouteKey, Leaving]:
        """Ways out of each route."""
        return {key: make_leaving(route, self.hazards, self.coefficients) for key, route in self.network.routes.items()}

    def enter(self, arrivals: Iterable[tuple[State, Array]]) -> None:
        """Let people in, follow them through all episodes, and add them to `entries`.

        Parameters
        ----------
        arrivals
            State and yearly flow, shape (draws, years).

        Raises
        ------
        InfeasibleError
            If episodes start each other without end.
        """
        pending: dict[State, Array] = {}
        for state, flow in arrivals:
            _accumulate(pending, state, flow)
        for _ in range(MOST_GENERATIONS):
            started: dict[State, Array] = {}
            for state, flow in pending.items():
                _accumulate(self.entries, state, flow)
                for further, further_flow in self._list_started(state, flow):
                    _accumulate(started, further, further_flow)
            pending = {state: flow for state, flow in started.items() if float(flow[CENTRAL].max()) > NOTHING}
            if not pending:
                return
        names = sorted({state[0][0] for state in pending})
        raise InfeasibleError(
            code="PLA-003",
            where=f"pathways.{names[0]}.episodes",
            got=f"episodes that start each other without end ({', '.join(names)})",
            expected="episodes that die out",
            fix="lower the share of an episode, or let death compete with the pathway",
        )

    def to_read(self, state: State) -> State:
        """Return the state without the attributes that the route itself neither reads nor sets."""
        key, at, attributes = state
        return key, at, attributes & self.network.read[key]

    def get_passage(self, state: State) -> Passage:
        """Return the expectation over the route of a state whose attributes are all read."""
        if state not in self._passages:
            key, at, attributes = state
            self._passages[state] = compute_passage(
                self.network.routes[key], at, attributes, self.coefficients, self.network.tracked
            )
        return self._passages[state]

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
        groups: dict[tuple[RouteKey, int], list[Part]] = defaultdict(list)
        for state, flow in alike.items():
            for (i, attributes), mass in self.get_passage(state).done.items():
                stop = self.network.routes[state[0]].stops[i]
                if stop.tasks or stop.sets & self.network.tracked:
                    groups[state[0], i].append((flow, mass, attributes))
        for (key, i), parts in groups.items():
            route = self.network.routes[key]
            stop = route.stops[i]
            kernel = self._make_kernel(stop, _find_mean_day(parts), self.leavings[key])
            times = None if stop.cadence is None else self.coefficients.get(stop.cadence.n)
            gained = {
                attribute: _spread_parts([part for part in parts if attribute not in part[2]], kernel, columns)
                for attribute in stop.sets & self.network.tracked
                if any(attribute not in part[2] for part in parts)
            }
            yield Happening(route, stop, _spread_parts(parts, kernel, columns), times, gained)

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

    def _make_kernel(self, stop: Stop, day: float, leaving: Leaving) -> Kernel:
        start = day / DAYS_PER_YEAR
        n_times = 1
        if stop.cadence is not None:
            n_times = max(round(float(self.coefficients.get(stop.cadence.n)[CENTRAL])), 1)
        return make_repeat_kernel(start, compute_gap_days(stop) / DAYS_PER_YEAR, n_times, leaving)

    def _list_started(self, state: State, flow: Array) -> Iterator[tuple[State, Array]]:
        read = self.to_read(state)
        route, carried = self.network.routes[state[0]], state[2] - read[2]
        for attributes, mass in self.get_passage(read).ends.items():
            people = flow * mass.people[:, None]
            for episode in route.episodes:
                if episode.has <= attributes and not episode.lacks & attributes:
                    to = self.network.start(episode, route)
                    gained = attributes | carried | (episode.sets & self.network.tracked)
                    started = convolve(people, self._get_start(episode, read, route, mass))
                    yield (to, episode.at, gained & self.network.kept[to]), started

    def _get_start(self, episode: BoundEpisode, state: State, route: Route, mass: Mass) -> Kernel:
        """Return the weights of an episode; those of relapse, death and waiting are the same for a route."""
        if episode.when == "completion":
            kernel = make_point_kernel(mass.day / DAYS_PER_YEAR, self.leavings[state[0]])
            return kernel if episode.share is None else kernel.scale(self.coefficients.get(episode.share))
        place = (state, episode.id)
        if place not in self._starts:
            self._starts[place] = self._make_start(episode, state, route)
        return self._starts[place]

    def _make_start(self, episode: BoundEpisode, state: State, route: Route) -> Kernel:
        if episode.when != "rate":
            return make_event_kernel(episode, self.leavings[state[0]], self.coefficients)
        rate = self.coefficients.get(episode.rate if episode.rate is not None else 0)
        kernel = self._get_stay(state, route).scale(rate)
        return kernel if episode.share is None else kernel.scale(self.coefficients.get(episode.share))


Part = tuple[Array, Mass, Attributes]
"""Yearly entries, what one entrant brings to a stop, and with which attributes."""


def _spread_parts(parts: Sequence[Part], kernel: Kernel, columns: Sequence[int]) -> Array:
    """People who come to a stop in the wanted years, shape (draws, columns)."""
    first, *others = (convolve(flow, kernel, columns) * mass.people[:, None] for flow, mass, _ in parts)
    for people in others:
        first += people
    return first


def _find_mean_day(parts: Sequence[Part]) -> float:
    """Mean elapsed days of those who come to a stop, on central values."""
    weights = [float(flow[CENTRAL].sum()) for flow, _, _ in parts]
    masses = [mass for _, mass, _ in parts]
    people = sum(weight * float(mass.people[CENTRAL]) for weight, mass in zip(weights, masses, strict=True))
    days = sum(weight * mass.person_days for weight, mass in zip(weights, masses, strict=True))
    return days / people if people else 0.0


def _accumulate(flows: dict[State, Array], state: State, flow: Array) -> None:
    flows[state] = flows[state] + flow if state in flows else flow
