"""The loop: one move after the other, taken if it costs no more than the temperature allows."""

from typing import Any

import numpy as np

from oncopolis.foundation.kernels.compiled import compiled, kernel
from oncopolis.scheduling.kernels.random import below, draw_log
from oncopolis.scheduling.rosters.kernels.covering import (
    cost_leaving,
    enter,
    find_skill,
    gain_entering,
    leave,
)
from oncopolis.scheduling.rosters.kernels.rows import fits, settle_days, take_days, try_days
from oncopolis.scheduling.rosters.kernels.tables import (
    COST,
    COVER,
    DAYS,
    MISSING,
    N_ACCEPTED,
    N_COSTED,
    N_PROPOSED,
    NURSES,
    OFF,
    SHIFTS,
    SKILLS,
    State,
    Tables,
)


@compiled
def save(t: Tables, s: State) -> None:
    """Remember the state as the best one."""
    for n in range(t.sizes[NURSES]):
        for day in range(t.sizes[DAYS]):
            s.best_shift[n, day] = s.shift[n, day]
            s.best_skill[n, day] = s.skill[n, day]
    for i in range(len(s.counts)):
        s.best_counts[i] = s.counts[i]


@compiled
def change(t: Tables, s: State, n: int, first: int, end: int, x: int, limit: int, penalty: int) -> bool:
    """Try one shift, or none, for a nurse on some days in a row."""
    differs = False
    for day in range(first, end):
        s.try_shift[0, day] = x
        differs = differs or s.shift[n, day] != x
    if not differs or not fits(t, s, n, 0, first, end):
        return False
    s.counts[N_COSTED] += 1
    covered = 0
    for day in range(first, end):
        was = s.shift[n, day]
        s.try_skill[0, day] = s.skill[n, day]
        if was != x:
            if was != OFF:
                covered += cost_leaving(t, s, day, was, s.skill[n, day], penalty)
            s.try_skill[0, day] = -1
            if x != OFF:
                k = find_skill(t, s, n, day, x)
                covered -= gain_entering(t, s, day, x, k, penalty)
                s.try_skill[0, day] = k
    added = try_days(t, s, n, 0, first, end)
    if covered + added > limit:
        return False
    for day in range(first, end):
        if s.shift[n, day] != x:
            leave(t, s, n, day)
            enter(t, s, n, day, x, s.try_skill[0, day])
    take_days(s, n, 0, first, added)
    s.counts[COST] += covered + added
    return True


@compiled
def try_shift_of(t: Tables, s: State, n: int, side: int, m: int, day: int, penalty: int) -> int:
    """Try what another works, with the same skill if they have it; return what the cover costs by that."""
    x, k = s.shift[m, day], s.skill[m, day]
    s.try_shift[side, day] = x
    s.try_skill[side, day] = k
    if x == OFF or x == s.shift[n, day] or t.has[n, k]:
        return 0
    other = find_skill(t, s, n, day, x)
    s.try_skill[side, day] = other
    return cost_leaving(t, s, day, x, k, penalty) - gain_entering(t, s, day, x, other, penalty)


@compiled
def swap(t: Tables, s: State, n: int, m: int, first: int, end: int, limit: int, penalty: int) -> bool:
    """Try the days of two nurses against each other."""
    differs = False
    covered = 0
    for day in range(first, end):
        differs = differs or s.shift[n, day] != s.shift[m, day]
        covered += try_shift_of(t, s, n, 0, m, day, penalty)
        covered += try_shift_of(t, s, m, 1, n, day, penalty)
    if not differs or not fits(t, s, n, 0, first, end) or not fits(t, s, m, 1, first, end):
        return False
    s.counts[N_COSTED] += 1
    one = try_days(t, s, n, 0, first, end)
    two = try_days(t, s, m, 1, first, end)
    if covered + one + two > limit:
        return False
    for day in range(first, end):
        if s.shift[n, day] != s.shift[m, day]:
            leave(t, s, n, day)
            leave(t, s, m, day)
            enter(t, s, n, day, s.try_shift[0, day], s.try_skill[0, day])
            enter(t, s, m, day, s.try_shift[1, day], s.try_skill[1, day])
    take_days(s, n, 0, first, one)
    take_days(s, m, 1, first, two)
    s.counts[COST] += covered + one + two
    return True


@compiled
def reskill(t: Tables, s: State, n: int, day: int, limit: int, penalty: int) -> bool:
    """Try another skill for what a nurse works."""
    x, old = s.shift[n, day], s.skill[n, day]
    if x == OFF or t.n_skills[n] < 2:
        return False
    new = t.skills_of[n, below(s, t.n_skills[n])]
    if new == old:
        return False
    s.counts[N_COSTED] += 1
    added = cost_leaving(t, s, day, x, old, penalty) - gain_entering(t, s, day, x, new, penalty)
    if added > limit:
        return False
    leave(t, s, n, day)
    enter(t, s, n, day, x, new)
    s.counts[COST] += added
    return True


@compiled
def draw_length(s: State) -> int:
    """Return how many days a move takes: one in half of all cases, up to a fortnight in few."""
    draw = below(s, 16)  # structure: chances, found by trying
    if draw < 6:  # structure: chances, found by trying
        return 1
    if draw < 14:  # structure: chances, found by trying
        return 2 + below(s, 4)  # structure: chances, found by trying
    return 6 + below(s, 9)  # structure: chances, found by trying


@compiled
def draw_shift(t: Tables, s: State, n: int, first: int, end: int) -> int:
    """Return a shift to try for some days: that of the day before or after, off, or any."""
    way = below(s, 4)  # structure: chances, found by trying
    if way == 0 and first > 0:
        return s.shift[n, first - 1]
    if way == 1 and end < t.sizes[DAYS]:
        return s.shift[n, end]
    if way == 2:
        return OFF
    return below(s, t.sizes[SHIFTS])


@compiled
def snap_start(s: State, n: int, first: int) -> int:
    """Return the first day of the run that a day is in."""
    while first > 0 and s.shift[n, first - 1] == s.shift[n, first]:
        first -= 1
    return first


@compiled
def snap_end(t: Tables, s: State, n: int, end: int) -> int:
    """Return the day after the run that the day before is in."""
    while end < t.sizes[DAYS] and s.shift[n, end - 1] == s.shift[n, end]:
        end += 1
    return end


@kernel
def anneal(
    t: Tables, s: State, n_steps: int, temperature: float, penalty: int, chances: np.ndarray[Any, Any]
) -> None:
    """Make so many moves at one temperature.

    Parameters
    ----------
    temperature
        In units of cost.
    penalty
        Price of each nurse short of the least cover.
    chances
        (2,) cumulated chances of all but the last of the moves, in 65,536ths.
    """
    n_nurses, n_days, n_free = t.sizes[NURSES], t.sizes[DAYS], s.n_free[0]
    for _ in range(n_steps):
        s.counts[N_PROPOSED] += 1
        limit = int(temperature * draw_log(s))
        draw = below(s, 65536)  # structure: what cumulated chances end with
        n = s.free[below(s, n_free)]
        if draw & 1:
            other = s.free[below(s, n_free)]
            if s.row[other] > s.row[n]:
                n = other
        first = below(s, n_days)
        if draw < chances[0]:
            end = min(n_days, first + draw_length(s))
            snap = below(s, 8)  # structure: chances, found by trying
            if snap == 0:
                first = snap_start(s, n, first)
            elif snap == 1:
                end = snap_end(t, s, n, end)
            done = change(t, s, n, first, end, draw_shift(t, s, n, first, end), limit, penalty)
        elif draw < chances[1]:
            m = s.free[below(s, n_free)]
            end = min(n_days, first + draw_length(s))
            snap = below(s, 4)  # structure: chances, found by trying
            if snap & 1:
                first = snap_start(s, n, first)
            if snap & 2:
                end = snap_end(t, s, n, end)
            done = n != m and swap(t, s, n, m, first, end, limit, penalty)
        else:
            done = reskill(t, s, below(s, n_nurses), first, limit, penalty)
        if done:
            s.counts[N_ACCEPTED] += 1
            missing, best = s.counts[MISSING], s.best_counts[MISSING]
            if missing < best or (missing == best and s.counts[COST] < s.best_counts[COST]):
                save(t, s)


@kernel
def settle(t: Tables, s: State, penalty: int) -> None:
    """Count what everything costs, from what is worked."""
    s.counts[COST] = 0
    s.counts[MISSING] = 0
    for day in range(t.sizes[DAYS]):
        for x in range(t.sizes[SHIFTS]):
            for k in range(t.sizes[SKILLS]):
                s.cover[day, x, k] = 0
    for n in range(t.sizes[NURSES]):
        for day in range(t.sizes[DAYS]):
            if s.shift[n, day] != OFF:
                s.cover[day, s.shift[n, day], s.skill[n, day]] += 1
        settle_days(t, s, n)
        s.counts[COST] += s.row[n]
    for day in range(t.sizes[DAYS]):
        for x in range(1, t.sizes[SHIFTS]):
            for k in range(t.sizes[SKILLS]):
                missing = max(0, t.least[day, x, k] - s.cover[day, x, k])
                s.counts[MISSING] += missing
                s.counts[COST] += missing * penalty
                s.counts[COST] += max(0, t.wanted[day, x, k] - s.cover[day, x, k]) * t.weights[COVER]
    save(t, s)
