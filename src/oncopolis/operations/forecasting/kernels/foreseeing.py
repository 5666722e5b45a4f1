"""One area lived on from now, many times over: when each of those who wait would be started.

Whoever is first in order, there, and finds everything free they need begins; a later one may begin before
somebody who lacks something else. Time is counted in minutes from now.
"""

import math

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation.kernels.compiled import compiled, kernel
from oncopolis.foundation.kernels.keyed import child, uniform
from oncopolis.foundation.kernels.variates import normal

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
Flags = NDArray[np.bool_]

FOR_DURATION, FOR_COMING, FOR_LATENESS, FOR_PACE = range(4)  # structure: purposes of draws
NEVER = np.inf
_HALF = 0.5  # structure: half
_ROOT_TWO = math.sqrt(2.0)
_EDGE = 1e-12  # structure: stays inside the open interval
_SOON = 1e-9  # structure: minutes that are no time


@compiled
def _draw_left(mu: float, sigma: float, elapsed: float, u: float) -> float:
    """Return what is left of a lognormal time of which some has gone by."""
    if sigma <= 0.0:
        return max(math.exp(mu) - elapsed, 0.0)
    if elapsed > 0.0:
        below = _HALF * math.erfc(-(math.log(elapsed) - mu) / (sigma * _ROOT_TWO))
        u = below + (1.0 - below) * u
    u = min(max(u, _EDGE), 1.0 - _EDGE)
    return max(math.exp(mu + sigma * normal(u)) - elapsed, 0.0)


@compiled
def _draw_coming(due: float, mean: float, sd: float, u: float) -> float:
    """Return when somebody comes who has not come by now, minutes from now."""
    if sd <= 0.0:
        return max(due + mean, 0.0)
    below = _HALF * math.erfc((due + mean) / (sd * _ROOT_TWO))
    u = min(max(below + (1.0 - below) * u, _EDGE), 1.0 - _EDGE)
    return max(due + mean + sd * normal(u), 0.0)


@compiled
def _fits(j: int, needs: Ints, free: Ints, gaps: Floats, now: float) -> bool:
    """Return whether everything somebody needs is free and open."""
    for r in range(free.shape[0]):
        if needs[j, r] == 0:
            continue
        if free[r] < needs[j, r]:
            return False
        for i in range(gaps.shape[1]):
            if gaps[r, i, 0] <= now < gaps[r, i, 1]:
                return False
    return True


@compiled
def _take(j: int, needs: Ints, free: Ints) -> None:
    for r in range(free.shape[0]):
        free[r] -= needs[j, r]


@compiled
def _give_back(now: float, n: int, ends: Floats, user: Ints, needs: Ints, free: Ints) -> int:
    """Free what those held whose time is over; return how many are still served."""
    i = 0
    while i < n:
        if ends[i] > now:
            i += 1
            continue
        for r in range(free.shape[0]):
            free[r] += needs[user[i], r]
        n -= 1
        ends[i], user[i] = ends[n], user[n]
    return n


@compiled
def _find_soonest(now: float, ready: Floats, begun: Flags) -> float:
    """Return when the next of those comes who are not here yet."""
    then = NEVER
    for j in range(ready.shape[0]):
        if not begun[j] and now < ready[j] < then:
            then = ready[j]
    return then


@compiled
def _find_next(now: float, n: int, ends: Floats, gaps: Floats) -> float:
    """Return the next moment at which something is free again or opens."""
    then = NEVER
    for i in range(n):
        if now < ends[i] < then:
            then = ends[i]
    for r in range(gaps.shape[0]):
        for i in range(gaps.shape[1]):
            if now < gaps[r, i, 1] < then:
                then = gaps[r, i, 1]
    return then


@compiled
def _draw_coming_all(
    s: int, keys: Keys, due: Floats, comes: Floats, lateness: Floats, ready: Floats, begun: Flags
) -> None:
    """Draw when each of the expected comes; who never does counts as over."""
    for j in range(keys.shape[0]):
        ready[j] = due[j]
        if not begun[j] and comes[j] < 1.0:
            u = uniform(keys[j], FOR_LATENESS, s)
            ready[j] = _draw_coming(due[j], lateness[0], lateness[1], u)
            begun[j] = uniform(keys[j], FOR_COMING, s) >= comes[j]


@kernel
def foresee(
    keys: Keys,
    mu: Floats,
    sigma: Floats,
    elapsed: Floats,
    needs: Ints,
    kinds: Ints,
    due: Floats,
    comes: Floats,
    lateness: Floats,
    capacity: Ints,
    gaps: Floats,
    pace_sd: float,
    n_samples: int,
) -> Floats:
    """Return when each would begin, minutes from now, shape (samples, n); infinity for never.

    Parameters
    ----------
    keys
        Of those served now, and then of those who wait or are expected, the first in order first; shape (n,).
    mu, sigma
        Mean and standard deviation of the logarithm of how long each takes, minutes.
    elapsed
        Minutes served so far; below nought for those who are not served yet.
    needs
        Units of each resource held together, shape (n, resources).
    kinds
        The same number, from 0 on, for the same needs.
    due
        Minutes from now until the appointment of those who are expected; until they are ready, of the others.
    comes
        Share in which they come; 1 for those who are there.
    lateness
        Mean and standard deviation of the minutes after the appointment at which the expected come.
    capacity
        Units of each resource there are.
    gaps
        Minutes from now between which nothing of a resource is started, shape (resources, gaps, 2).
    pace_sd
        Standard deviation of the logarithm of the pace of the day.
    """
    n = keys.shape[0]
    starts = np.full((n_samples, n), NEVER)
    n_kinds = kinds.max() + 1
    is_stuck = np.zeros(n_kinds, dtype=np.bool_)
    for s in range(n_samples):
        pace = pace_sd * normal(uniform(child(keys[0], FOR_PACE), FOR_PACE, s))
        free, ready, begun = capacity.copy(), np.zeros(n), elapsed >= 0.0
        ends, user = np.zeros(n), np.zeros(n, dtype=np.int64)
        n_served, now, first, soonest = 0, 0.0, 0, 0.0
        for j in range(n):
            if begun[j]:
                u = uniform(keys[j], FOR_DURATION, s)
                ends[n_served], user[n_served] = _draw_left(mu[j] + pace, sigma[j], elapsed[j], u), j
                n_served += 1
                starts[s, j] = -elapsed[j]
                _take(j, needs, free)
        _draw_coming_all(s, keys, due, comes, lateness, ready, begun)
        while now < NEVER:
            while first < n and begun[first]:
                first += 1
            if first == n:
                break
            if soonest <= now:
                soonest = _find_soonest(now, ready, begun)
            is_stuck[:] = False
            n_stuck = 0
            for j in range(first, n):
                if n_stuck == n_kinds:
                    break
                if begun[j] or ready[j] > now or is_stuck[kinds[j]]:
                    continue
                if not _fits(j, needs, free, gaps, now):
                    is_stuck[kinds[j]] = True
                    n_stuck += 1
                    continue
                begun[j], starts[s, j] = True, now
                _take(j, needs, free)
                took = _draw_left(mu[j] + pace, sigma[j], 0.0, uniform(keys[j], FOR_DURATION, s))
                ends[n_served], user[n_served] = now + max(took, _SOON), j
                n_served += 1
            now = min(_find_next(now, n_served, ends, gaps), soonest)
            n_served = _give_back(now, n_served, ends, user, needs, free)
    return starts
