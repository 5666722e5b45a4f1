"""How people leave a route over the years, and how that spreads events over calendar years.

Entries are spread evenly over the calendar year they fall in. What happens t years later falls in the
year floor(t) later for a share 1 - (t - floor(t)) of them and one year further for the rest; what happens
over a stretch of time is spread by the mean of the two stretches a calendar year can see of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oncopolis.centre import Route
from oncopolis.centre.route import BoundEpisode
from oncopolis.planning.coefficients import CENTRAL, Array, Coefficients
from oncopolis.planning.hazards import Hazards, find_relapse

MOST_YEARS = 40  # structure: years a cohort is followed at most
FEW_COLUMNS = 4  # structure: up to here single years are quicker than all of them
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

    @cached_property
    def is_certain_to_stay(self) -> bool:
        """Whether nothing competes with the route."""
        return not (np.any(self.relapse) or np.any(self.death) or np.any(self.other))

    def alive(self, years: Array) -> Array:
        """Share still on the route at several times, in years; shape (1 or draws, times)."""
        if self.is_certain_to_stay:
            return np.ones((1, len(years)))
        hazard = self.death[:, None] * years + self.relapse[:, None] * np.minimum(years, self.relapse_years)
        if np.any(self.other):
            hazard = hazard + (self.other / self.ageing)[:, None] * np.expm1(self.ageing[:, None] * years)
        alive: Array = np.exp(-hazard)
        return alive

    def relapsed(self) -> Array:
        """Share that relapses in each year after entry; shape (1 or draws, years).

        Within a year the hazards are taken as constant, so that those who leave are split in their ratio.
        """
        edges = np.minimum(EDGES, self.relapse_years)
        left = self.alive(edges)
        gone = left[:, :-1] - left[:, 1:]
        hazard = np.log(np.maximum(left[:, :-1], SMALLEST)) - np.log(np.maximum(left[:, 1:], SMALLEST))
        relapsing = self.relapse[:, None] * (edges[1:] - edges[:-1])
        share = np.divide(relapsing, hazard, out=np.zeros(np.broadcast_shapes(relapsing.shape, hazard.shape)), where=hazard > 0)
        relapsed: Array = gone * np.minimum(share, 1.0)
        return relapsed

    def died(self) -> Array:
        """Share that dies on the route in each year after entry; shape (1 or draws, years)."""
        left = self.alive(EDGES)
        died: Array = left[:, :-1] - left[:, 1:] - self.relapsed()
        return died


NOTHING = np.zeros(1)
"""No hazard."""
SMALLEST = 1e-300  # structure: keeps a logarithm finite where nobody is left


def make_leaving(route: Route, hazards: Hazards | None, coefficients: Coefficients) -> Leaving:
    """Return the ways out of a route for its site and stage."""
    if route.hazard is not None:
        return Leaving(NOTHING, coefficients.get(route.hazard), 0.0, NOTHING, NOTHING)
    if hazards is None or route.survival == "none":
        return Leaving(NOTHING, NOTHING, 0.0, NOTHING, NOTHING)
    other, ageing = hazards.other_causes, hazards.ageing
    if route.survival == "cohort":
        relapse = find_relapse(hazards, route.site, route.stage, coefficients.size)
        return Leaving(relapse, NOTHING, hazards.relapse_years, other, ageing)
    return Leaving(NOTHING, hazards.advanced[route.site], 0.0, other, ageing)


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
    """Mean weights of something that happens `n_times`, every `gap` years from `start`, while on the route."""
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
        kernel = blend(leaving.relapsed())
    elif episode.when == "death":
        kernel = blend(leaving.died())
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
    waits = Leaving(rate, leaving.death, float(MOST_YEARS), leaving.other, leaving.ageing)
    return blend(waits.relapsed())


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
    if columns is not None and len(columns) <= FEW_COLUMNS:
        return _convolve_some(flow, kernel, columns)
    if columns is not None:
        return convolve(flow, kernel)[:, columns]
    n_draws, n_years = flow.shape
    spread = np.zeros((n_draws, n_years), order="F")
    part = np.empty((n_draws, n_years), order="F")
    for i in range(kernel.weights.shape[1]):
        left = n_years - kernel.first - i
        if left <= 0:
            break
        np.multiply(flow[:, :left], kernel.weights[:, i : i + 1], out=part[:, :left])
        spread[:, n_years - left :] += part[:, :left]
    return spread


def _convolve_some(flow: Array, kernel: Kernel, columns: Sequence[int]) -> Array:
    spread = np.zeros((flow.shape[0], len(columns)), order="F")
    for j, column in enumerate(columns):
        first = column - kernel.first
        n_weights = min(kernel.weights.shape[1], first + 1)
        for i in range(n_weights):
            spread[:, j] += flow[:, first - i] * kernel.weights[:, i]
    return spread
