"""How people leave a route over the years, and how that spreads events over calendar years.

Entries are spread evenly over the calendar year they fall in. What happens t years later falls in the
year floor(t) later for a share 1 - (t - floor(t)) of them and one year further for the rest; what happens
over a stretch of time is spread by the mean of the two stretches a calendar year can see of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oncopolis.centre import Route
from oncopolis.centre.route import BoundEpisode
from oncopolis.planning.coefficients import CENTRAL, Array, Coefficients
from oncopolis.planning.hazards import Hazards, find_relapse

Kernel = list[Array | float]
"""Weight by years after entry; each a number or an array on the draw axis."""

MOST_YEARS = 40  # structure: years a cohort is followed at most


@dataclass(frozen=True)
class Leaving:
    """Competing ways out of a route: hazards on the draw axis, 1/year."""

    relapse: Array | float
    death: Array | float
    relapse_years: float

    @cached_property
    def is_certain_to_stay(self) -> bool:
        """Whether nothing competes with the route."""
        return not np.any(self.relapse) and not np.any(self.death)

    def alive(self, years: float) -> Array | float:
        """Share still on the route after so many years."""
        if self.is_certain_to_stay:
            return 1.0
        return np.exp(-self.death * years - self.relapse * min(years, self.relapse_years))

    def alive_at(self, years: Array) -> Array:
        """Share still on the route at several times; shape (draws or 1, times)."""
        death, relapse = np.atleast_1d(self.death)[:, None], np.atleast_1d(self.relapse)[:, None]
        alive: Array = np.exp(-death * years - relapse * np.minimum(years, self.relapse_years))
        return alive

    def relapsed(self, start: float, end: float) -> Array | float:
        """Share that relapses between two times, in years."""
        end = min(end, self.relapse_years)
        if end <= start:
            return 0.0
        return _crude(self.relapse, self.relapse + self.death, start, end)

    def died(self, start: float, end: float) -> Array | float:
        """Share that dies on the route between two times, in years."""
        both = self.alive(start) - self.alive(end)
        return both - self.relapsed(start, end)


def make_leaving(route: Route, hazards: Hazards | None, coefficients: Coefficients) -> Leaving:
    """Return the ways out of a route for its site and stage."""
    if route.hazard is not None:
        return Leaving(0.0, coefficients.get(route.hazard), 0.0)
    if hazards is None or route.survival == "none":
        return Leaving(0.0, 0.0, 0.0)
    if route.survival == "cohort":
        relapse = find_relapse(hazards, route.site, route.stage, coefficients.size)
        return Leaving(relapse, hazards.other_causes, hazards.relapse_years)
    return Leaving(0.0, hazards.advanced[route.site] + hazards.other_causes, 0.0)


def _crude(hazard: Array | float, total: Array | float, start: float, end: float) -> Array:
    share = np.divide(hazard, total, out=np.zeros(np.shape(total)), where=np.asarray(total) > 0)
    result: Array = share * (np.exp(-total * start) - np.exp(-total * end))
    return result


def list_stretches() -> Iterator[tuple[float, float]]:
    """Yield (start, end) of each year after entry."""
    return ((float(year), float(year + 1)) for year in range(MOST_YEARS))


def blend(by_year: Sequence[Array | float]) -> Kernel:
    """Turn shares by year after entry into weights by calendar year after the year of entry."""
    before = [0.0, *by_year]
    return [(earlier + later) / 2 for earlier, later in zip(before, [*by_year, 0.0], strict=True)]


def make_point_kernel(years: float, weight: Array | float = 1.0) -> Kernel:
    """Weights of something that happens a stated time after entry."""
    whole = int(years)
    part = years - whole
    kernel: Kernel = [0.0] * whole
    kernel.append(weight * (1 - part))
    if part > 0:
        kernel.append(weight * part)
    return kernel


def make_repeat_kernel(start: float, gap: float, n_times: int, leaving: Leaving) -> Kernel:
    """Mean weights of something that happens `n_times`, every `gap` years from `start`, while on the route."""
    years = start + gap * np.arange(n_times, dtype=np.float64)
    whole = np.floor(years).astype(int)
    part = years - whole
    spread = np.zeros((n_times, int(whole[-1]) + 2))
    spread[np.arange(n_times), whole] = (1 - part) / n_times
    spread[np.arange(n_times), whole + 1] += part / n_times
    if leaving.is_certain_to_stay:
        return [float(weight) for weight in spread.sum(axis=0)]
    return list((leaving.alive_at(years) @ spread).T)


def make_stay_kernel(route: Route, leaving: Leaving, end_years: float) -> Kernel:
    """Person-years on the route by calendar year after entry, per person entering."""
    last = float(MOST_YEARS) if route.lasts == "life" and not leaving.is_certain_to_stay else end_years
    spent: list[Array | float] = []
    for start, end in list_stretches():
        if start >= last:
            break
        stop = min(end, last)
        spent.append(leaving.alive((start + stop) / 2) * (stop - start))
    return blend(spent)


def make_event_kernel(episode: BoundEpisode, leaving: Leaving, coefficients: Coefficients) -> Kernel:
    """Weights of an episode that starts by relapse, death or a waiting time."""
    if episode.when == "relapse":
        kernel = blend([leaving.relapsed(start, end) for start, end in list_stretches()])
    elif episode.when == "death":
        kernel = blend([leaving.died(start, end) for start, end in list_stretches()])
    else:
        kernel = _make_waiting_kernel(episode, leaving, coefficients)
    if episode.share is None:
        return kernel
    share = coefficients.get(episode.share)
    return [weight * share for weight in kernel]


def _make_waiting_kernel(episode: BoundEpisode, leaving: Leaving, coefficients: Coefficients) -> Kernel:
    mean = coefficients.get_in(episode.mean, "year") if episode.mean is not None else np.zeros(coefficients.size)
    if episode.family == "fixed":
        years = float(mean[CENTRAL])
        return make_point_kernel(years, leaving.alive(years))
    if episode.family == "uniform":
        return blend([np.clip(2 * mean - start, 0, 1) / (2 * mean) * leaving.alive(start) for start, _ in list_stretches()])
    rate = 1 / mean
    return blend(
        [_crude(rate, rate + leaving.death, start, end) for start, end in list_stretches()]
    )


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
    wanted = np.arange(flow.shape[1]) if columns is None else np.asarray(columns)
    spread = np.zeros((flow.shape[0], len(wanted)), order="F")
    for lag, weight in enumerate(kernel[: int(wanted.max()) + 1]):
        if np.ndim(weight) == 0 and not weight:
            continue
        column = weight if np.ndim(weight) == 0 else np.asarray(weight)[:, None]
        reached = wanted >= lag
        if reached.all():
            spread += flow[:, wanted - lag] * column
        else:
            spread[:, reached] += flow[:, wanted[reached] - lag] * column
    return spread
