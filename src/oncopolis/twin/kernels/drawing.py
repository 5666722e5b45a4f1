"""Draws of an entity: each by what it is for and where on the way it stands."""

import math

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.kernels.keyed import uniform
from oncopolis.foundation.kernels.variates import (
    EXPONENTIAL,
    FIXED,
    GAMMA,
    LOGNORMAL,
    NORMAL,
    correlate,
    gamma,
    normal,
    variate,
)
from oncopolis.twin.kernels.tables import FOR_FRAILTY, NEVER, State, Tables

_REP = 10  # structure: bits for the repeat
_TASK = 6  # structure: bits for the task
_TIMES = 10  # structure: bits for the time within a task
_PHASE = 4  # structure: bits for the phase
_FAR = 9.0e15  # structure: ticks beyond which a time counts as never


@compiled
def at_stop(s: State, e: int) -> int:
    """Number of a draw made once for a visit to a stop."""
    return s.visits[e] << (_REP + _TASK + _TIMES + _PHASE)


@compiled
def at_occurrence(s: State, e: int) -> int:
    """Number of a draw made for each occurrence of a stop."""
    return at_stop(s, e) | ((s.occurrence[e] & ((1 << _REP) - 1)) << (_TASK + _TIMES + _PHASE))


@compiled
def at_task(t: Tables, s: State, e: int) -> int:
    """Number of a draw made for each task of an occurrence."""
    task = (s.task[e] - t.st_t0[s.stop[e]]) & ((1 << _TASK) - 1)
    return at_occurrence(s, e) | (task << (_TIMES + _PHASE))


@compiled
def at_phase(t: Tables, s: State, e: int) -> int:
    """Number of a draw made for each phase of each time a task is done."""
    phase = (s.phase[e] - t.ac_p0[s.act[e]]) & ((1 << _PHASE) - 1)
    return at_task(t, s, e) | ((s.left[e] & ((1 << _TIMES) - 1)) << _PHASE) | phase


@compiled
def find_frailty(s: State, e: int) -> float:
    """Return the frailty of a patient, standard normal; that of the one an episode comes from."""
    return normal(uniform(s.frailty[e], FOR_FRAILTY, 0))


@compiled
def draw(s: State, e: int, purpose: int, number: int, frailty: float) -> float:
    """Draw from 0 to 1, following the entity's frailty where there is a loading."""
    u = uniform(s.key[e], purpose, number)
    return u if frailty == 0.0 else correlate(u, find_frailty(s, e), frailty)


@compiled
def draw_real(t: Tables, s: State, e: int, dist: int, purpose: int, number: int, frailty: float) -> float:
    """Draw from a distribution of the tables, in ticks or as a plain number."""
    kind = t.di_kind[dist]
    a, b = t.di_a[dist], t.di_b[dist]
    if kind == FIXED:
        return a
    if kind == GAMMA:
        return b * gamma(a, s.key[e], purpose, number)
    u = uniform(s.key[e], purpose, number)
    if frailty != 0.0:
        u = correlate(u, find_frailty(s, e), frailty)
    if kind == EXPONENTIAL:
        return -a * math.log(u)
    if kind == LOGNORMAL:
        return math.exp(a + b * normal(u))
    if kind == NORMAL:
        return a + b * normal(u)
    return variate(kind, a, b, t.di_c[dist], u)


@compiled
def to_ticks(x: float) -> int:
    """Round to a tick; nothing takes less than none."""
    if x >= _FAR:
        return NEVER
    return math.floor(x + 0.5) if x > 0 else 0  # structure: rounding


@compiled
def draw_ticks(t: Tables, s: State, e: int, dist: int, purpose: int, number: int, frailty: float) -> int:
    """Draw a time from a distribution of the tables, ticks."""
    return to_ticks(draw_real(t, s, e, dist, purpose, number, frailty))


@compiled
def draw_count(t: Tables, s: State, e: int, mean: float, dist: int, purpose: int, number: int) -> int:
    """Draw a whole number with the stated mean: the whole part, and one more in the share of the rest."""
    if dist >= 0:
        mean = max(draw_real(t, s, e, dist, purpose, number, 0.0), 0.0)
    whole = math.floor(mean)
    rest = mean - whole
    if rest > 0.0 and uniform(s.key[e], purpose + (1 << 7), number) < rest:  # structure: a purpose of its own
        whole += 1
    return whole
