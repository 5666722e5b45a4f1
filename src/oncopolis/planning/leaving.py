"""How people leave a route over the years, and how that spreads events over calendar years.

Entries are spread evenly over the calendar year they fall in. What happens t years later falls in the
year floor(t) later for a share 1 - (t - floor(t)) of them and one year further for the rest; what happens
over a stretch of time is spread by the mean of the two stretches a calendar year can see of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from oncopolis.centre import Route
from oncopolis.centre.route import BoundEpisode
from oncopolis.planning.coefficients import CENTRAL, Array, Coefficients
from oncopolis.planning.hazards import Hazards, find_relapse

MOST_YEARS = 40  # structure: years a cohort is followed at most
EDGES = np.arange(MOST_YEARS + 1, dtype=np.float64)
"""Anniversaries of entry."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """Weights by calendar year after the year of entry."""

    first: int
    """Years after entry of the first weight."""
    weights: Array
    """Shape (1 or draws, years)."""

    def scale(self, factor: Array) -> "Kernel":
        """Return the kernel times a factor on the draw axis."""
        return Kernel(self.first, self.weights * factor[:, None])


@dataclass(frozen=True)
class Leaving:
    """Competing ways out of a route: hazards on the draw axis, 1/year.

    Relapse and death of the disease are constant, relapse for so many years; other causes of death rise by
    Gompertz's law as the patients grow older: ``other * exp(ageing * t)``.
    """

    relapse: Array
    death: Array
    relapse_years: float
    other: Array
    ageing: Array
    known: dict[bytes, Array] = field(default_factory=dict, repr=False)
    """Hazard of other causes summed up to the years of a life; shared by routes with the same ones."""

    @cached_property
    def is_certain_to_stay(self) -> bool:
        """Whether nothing competes with the route."""
        return not (np.any(self.relapse) or np.any(self.death) or np.any(self.other))

    def alive(self, years: Array) -> Array:
        """Share still on the route at several times, in years; shape (1 or draws, times)."""
        if self.is_certain_to_stay:
            return np.ones((1, len(years)))
        alive: Array = np.exp(-self._sum_hazard(years))
        return alive.T

    def relapsed(self) -> Array:
        """Share that relapses in each year after entry; shape (1 or draws, years).

        Within a year the hazards are taken as constant, so that those who leave are split in their ratio.
        """
        edges = np.minimum(EDGES, self.relapse_years)
        summed = self._sum_hazard(edges)
        left = np.exp(-summed)
        gone, hazard = left[:-1] - left[1:], summed[1:] - summed[:-1]
        relapsing = self.relapse * (edges[1:] - edges[:-1])[:, None]
        share = np.divide(relapsing, hazard, out=np.zeros(hazard.shape), where=hazard > 0)
        relapsed: Array = gone * np.minimum(share, 1.0)
        return relapsed.T

    def died(self) -> Array:
        """Share that dies on the route in each year after entry; shape (1 or draws, years)."""
        left = self.alive(EDGES)
        gone: Array = left[:, :-1] - left[:, 1:]
        return gone - self.relapsed() if np.any(self.relapse) else gone

    @cached_property
    def relapse_kernel(self) -> "Kernel":
        """Weights of relapse by calendar year."""
        return blend(self.relapsed())

    @cached_property
    def death_kernel(self) -> "Kernel":
        """Weights of death by calendar year."""
        return blend(self.died())

    def _sum_hazard(self, years: Array) -> Array:
        """Hazard summed up to several times; shape (times, 1 or draws)."""
        hazard = self.relapse * np.minimum(years, self.relapse_years)[:, None] + self.death * years[:, None]
        return hazard + self._sum_other(years) if np.any(self.other) else hazard

    def _sum_other(self, years: Array) -> Array:
        times = years.tobytes()
        if times in self.known:
            return self.known[times]
        summed: Array = self.other / self.ageing * np.expm1(self.ageing * years[:, None])
        if len(years) >= MOST_YEARS:
            self.known[times] = summed
        return summed


NOTHING = np.zeros(1)
"""No hazard."""


def make_leaving(route: Route, hazards: Hazards | None, coefficients: Coefficients) -> Leaving:
    """Return the ways out of a route for its site and stage."""
    if route.hazard is not None:
        return Leaving(NOTHING, coefficients.get(route.hazard), 0.0, NOTHING, NOTHING)
    if hazards is None or route.survival == "none":
        return Leaving(NOTHING, NOTHING, 0.0, NOTHING, NOTHING)
    other, ageing, known = hazards.other_causes, hazards.ageing, hazards.known
    if route.survival == "cohort":
        relapse = find_relapse(hazards, route.site, route.stage, coefficients.size)
        return Leaving(relapse, NOTHING, hazards.relapse_years, other, ageing, known)
    return Leaving(NOTHING, hazards.advanced[route.site], 0.0, other, ageing, known)


def blend(by_year: Array) -> Kernel:
    """Turn shares by year after entry into weights by calendar year after the year of entry."""
    weights = np.zeros((by_year.shape[0], by_year.shape[1] + 1), order="F")
    weights[:, :-1] = by_year
    weights[:, 1:] += by_year
    return Kernel(0, weights / 2)


def make_point_kernel(years: float, leaving: Leaving) -> Kernel:
    """Weights of something that happens a stated time after entry to those still on the route."""
    return make_repeat_kernel(years, 0.0, 1, leaving)


def make_repeat_kernel(start: float, gap: float, n_times: int, leaving: Leaving) -> Kernel:
    """Mean weights of something done `n_times`, every `gap` years from `start`, while on the route."""
    years = start + gap * np.arange(n_times, dtype=np.float64)
    whole = np.floor(years).astype(int)
    part = years - whole
    spread = np.zeros((n_times, int(whole[-1] - whole[0]) + 2))
    rows = np.arange(n_times)
    spread[rows, whole - whole[0]] = (1 - part) / n_times
    spread[rows, whole - whole[0] + 1] += part / n_times
    if leaving.is_certain_to_stay:
        return Kernel(int(whole[0]), spread.sum(axis=0, keepdims=True))
    return Kernel(int(whole[0]), leaving.alive(years) @ spread)


def make_stay_kernel(route: Route, leaving: Leaving, end_years: float) -> Kernel:
    """Person-years on the route by calendar year after entry, per person entering."""
    lasts_for_life = route.lasts == "life" and not leaving.is_certain_to_stay
    last = float(MOST_YEARS) if lasts_for_life else min(end_years, float(MOST_YEARS))
    start = EDGES[:-1][EDGES[:-1] < last]
    stop = np.minimum(start + 1, last)
    if not len(start):
        return Kernel(0, np.zeros((1, 1)))
    return blend(leaving.alive((start + stop) / 2) * (stop - start))


def make_event_kernel(episode: BoundEpisode, leaving: Leaving, coefficients: Coefficients) -> Kernel:
    """Weights of an episode that starts by relapse, death or a waiting time."""
    if episode.when == "relapse":
        kernel = leaving.relapse_kernel
    elif episode.when == "death":
        kernel = leaving.death_kernel
    else:
        kernel = _make_waiting_kernel(episode, leaving, coefficients)
    return kernel if episode.share is None else kernel.scale(coefficients.get(episode.share))


def _make_waiting_kernel(episode: BoundEpisode, leaving: Leaving, coefficients: Coefficients) -> Kernel:
    mean = coefficients.get_in(episode.mean if episode.mean is not None else 0, "year")
    if episode.family == "fixed":
        return make_point_kernel(float(mean[CENTRAL]), leaving)
    if episode.family == "uniform":
        happened = np.clip(EDGES / (2 * mean[:, None]), 0, 1)
        return blend((happened[:, 1:] - happened[:, :-1]) * leaving.alive(EDGES[:-1]))
    rate = 1 / mean
    waits = Leaving(rate, leaving.death, float(MOST_YEARS), leaving.other, leaving.ageing, leaving.known)
    return blend(waits.relapsed())


@dataclass(frozen=True, slots=True)
class Timing:
    """When something is done on a route: `n_times`, every `gap` years from `start`."""

    start: float
    gap: float
    n_times: int


def make_stop_kernels(timings: Sequence[Timing], leaving: Leaving, most_lags: int) -> Array:
    """Mean weights by years after entry of several things done while on the route, all in one go.

    Returns
    -------
    ndarray
        Shape (timings, years, 1 or draws), at most `most_lags` years.
    """
    years = np.concatenate(
        [timing.start + timing.gap * np.arange(timing.n_times, dtype=np.float64) for timing in timings]
    )
    n_times = np.array([timing.n_times for timing in timings])
    weight = np.repeat(1 / n_times, n_times)
    whole = np.floor(years).astype(int)
    part = (years - whole) * weight
    spread = np.zeros((int(whole.max()) + 2, len(years)))
    spread[whole, np.arange(len(years))] = weight - part
    spread[whole + 1, np.arange(len(years))] = part
    alive = np.ascontiguousarray(leaving.alive(years).T)
    kernels = np.zeros((len(timings), min(len(spread), most_lags), alive.shape[1]))
    ends = np.cumsum(n_times)
    for kernel, begin, end in zip(kernels, ends - n_times, ends, strict=True):
        np.matmul(spread[: len(kernel), begin:end], alive[begin:end], out=kernel)
    return kernels


def spread_stops(flow: Array, kernels: Array, columns: Sequence[int]) -> Array:
    """Spread a yearly flow by the kernels of several stops over the wanted years.

    Parameters
    ----------
    flow
        Shape (draws, years).
    kernels
        Shape (stops, years after entry, 1 or draws).
    columns
        Indices of the years wanted.

    Returns
    -------
    ndarray
        Shape (stops, columns, draws).
    """
    past = np.zeros((len(columns), kernels.shape[1], flow.shape[0]))
    for past_of_year, column in zip(past, columns, strict=True):
        n_lags = min(kernels.shape[1], column + 1)
        past_of_year[:n_lags] = flow.T[column + 1 - n_lags : column + 1][::-1]
    spread: Array = np.einsum("sln,cln->scn", kernels, past)
    return spread


def convolve(flow: Array, kernel: Kernel, columns: Sequence[int] | None = None) -> Array:
    """Spread a yearly flow by a kernel; what falls after the last year is lost.

    Parameters
    ----------
    flow
        Shape (draws, years).
    kernel
        Weights by years after entry.
    columns
        Indices of the years wanted; all of them if None.

    Returns
    -------
    ndarray
        Shape (draws, columns), in column order, as years are looked at one by one.
    """
    wanted = range(flow.shape[1]) if columns is None else columns
    if flow.shape[0] == 1 and kernel.weights.shape[0] == 1:
        whole = np.concatenate([np.zeros(kernel.first), np.convolve(flow[0], kernel.weights[0])])
        return whole[np.newaxis, wanted]
    weights = kernel.weights.T
    spread = np.zeros((len(wanted), flow.shape[0]))
    for spread_of_year, column in zip(spread, wanted, strict=True):
        last = column - kernel.first + 1
        n_lags = min(len(weights), last)
        if n_lags > 0:
            np.einsum("kn,kn->n", flow.T[last - n_lags : last], weights[:n_lags][::-1], out=spread_of_year)
    return spread.T
