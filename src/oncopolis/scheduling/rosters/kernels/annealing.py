"""The loop: one move after the other, taken if it costs no more than the temperature allows."""

from typing import Any

import numpy as np

from oncopolis.foundation.kernels.compiled import compiled, kernel
from oncopolis.scheduling.kernels.random import below, draw_log
from oncopolis.scheduling.rosters.kernels.covering import enter, find_skill, leave
from oncopolis.scheduling.rosters.kernels.rows import cost_row, fits
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

_ANY = 1 << 60  # structure: more than anything costs


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
def put_back(t: Tables, s: State, n: int, side: int, first: int, end: int, penalty: int) -> None:
    """Let a nurse work again what they did before a move."""
    for day in range(first, end):
        leave(t, s, n, day, penalty)
        enter(t, s, n, day, s.undo_shift[side, day], s.undo_skill[side, day], penalty)


@compiled
def change(t: Tables, s: State, n: int, first: int, end: int, x: int, limit: int, penalty: int) -> bool:
    """Try one shift, or none, for a nurse on some days in a row."""
    differs = False
    for day in range(first, end):
        s.undo_shift[0, day] = s.shift[n, day]
        s.undo_skill[0, day] = s.skill[n, day]
        differs = differs or s.shift[n, day] != x
    if not differs:
        return False
    for day in range(first, end):
        s.shift[n, day] = x
    allowed = fits(t, s, n, first, end)
    for day in range(first, end):
        s.shift[n, day] = s.undo_shift[0, day]
    if not allowed:
        return False
    s.counts[N_COSTED] += 1
    delta = 0
    for day in range(first, end):
        if s.shift[n, day] != x:
            delta += leave(t, s, n, day, penalty)
            delta += enter(t, s, n, day, x, -1 if x == OFF else find_skill(t, s, n, day, x), penalty)
    most = limit - delta + s.row[n]
    after = cost_row(t, s, n, most) if most >= 0 else 0
    if after > most:
        put_back(t, s, n, 0, first, end, penalty)
        return False
    s.counts[COST] += delta + after - s.row[n]
    s.row[n] = after
    return True


@compiled
def swap(t: Tables, s: State, n: int, m: int, first: int, end: int, limit: int, penalty: int) -> bool:
    """Try the days of two nurses against each other; each works them with the skill that is missed most."""
    differs = False
    for day in range(first, end):
        one, two = s.shift[n, day], s.shift[m, day]
        s.undo_shift[0, day], s.undo_skill[0, day] = one, s.skill[n, day]
        s.undo_shift[1, day], s.undo_skill[1, day] = two, s.skill[m, day]
        differs = differs or one != two
    if not differs:
        return False
    for day in range(first, end):
        s.shift[n, day], s.shift[m, day] = s.undo_shift[1, day], s.undo_shift[0, day]
    allowed = fits(t, s, n, first, end) and fits(t, s, m, first, end)
    for day in range(first, end):
        s.shift[n, day], s.shift[m, day] = s.undo_shift[0, day], s.undo_shift[1, day]
    if not allowed:
        return False
    s.counts[N_COSTED] += 1
    delta = 0
    for day in range(first, end):
        one, two = s.shift[n, day], s.shift[m, day]
        if one != two:
            delta += leave(t, s, n, day, penalty) + leave(t, s, m, day, penalty)
            delta += enter(t, s, n, day, two, -1 if two == OFF else find_skill(t, s, n, day, two), penalty)
            delta += enter(t, s, m, day, one, -1 if one == OFF else find_skill(t, s, m, day, one), penalty)
    most = limit - delta + s.row[n] + s.row[m]
    after_n = cost_row(t, s, n, most) if most >= 0 else 0
    after_m = cost_row(t, s, m, most - after_n) if after_n <= most else 0
    if after_n + after_m > most:
        put_back(t, s, n, 0, first, end, penalty)
        put_back(t, s, m, 1, first, end, penalty)
        return False
    s.counts[COST] += delta + after_n - s.row[n] + after_m - s.row[m]
    s.row[n], s.row[m] = after_n, after_m
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
    delta = leave(t, s, n, day, penalty) + enter(t, s, n, day, x, new, penalty)
    if delta > limit:
        leave(t, s, n, day, penalty)
        enter(t, s, n, day, x, old, penalty)
        return False
    s.counts[COST] += delta
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
def snap_start(t: Tables, s: State, n: int, first: int) -> int:
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
    n_nurses, n_days = t.sizes[NURSES], t.sizes[DAYS]
    for _ in range(n_steps):
        s.counts[N_PROPOSED] += 1
        limit = int(temperature * draw_log(s))
        draw = below(s, 65536)  # structure: what cumulated chances end with
        n = below(s, n_nurses)
        if draw & 1:
            other = below(s, n_nurses)
            if s.row[other] > s.row[n]:
                n = other
        first = below(s, n_days)
        if draw < chances[0]:
            end = min(n_days, first + draw_length(s))
            snap = below(s, 8)  # structure: chances, found by trying
            if snap == 0:
                first = snap_start(t, s, n, first)
            elif snap == 1:
                end = snap_end(t, s, n, end)
            done = change(t, s, n, first, end, draw_shift(t, s, n, first, end), limit, penalty)
        elif draw < chances[1]:
            m = below(s, n_nurses)
            end = min(n_days, first + draw_length(s))
            snap = below(s, 4)  # structure: chances, found by trying
            if snap & 1:
                first = snap_start(t, s, n, first)
            if snap & 2:
                end = snap_end(t, s, n, end)
            done = n != m and swap(t, s, n, m, first, end, limit, penalty)
        else:
            done = reskill(t, s, n, first, limit, penalty)
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
    for n in range(t.sizes[NURSES]):
        for day in range(t.sizes[DAYS]):
            if s.shift[n, day] != OFF:
                s.cover[day, s.shift[n, day], s.skill[n, day]] += 1
        s.row[n] = cost_row(t, s, n, _ANY)
        s.counts[COST] += s.row[n]
    for day in range(t.sizes[DAYS]):
        for x in range(1, t.sizes[SHIFTS]):
            for k in range(t.sizes[SKILLS]):
                missing = max(0, t.least[day, x, k] - s.cover[day, x, k])
                s.counts[MISSING] += missing
                s.counts[COST] += missing * penalty
                s.counts[COST] += max(0, t.wanted[day, x, k] - s.cover[day, x, k]) * t.weights[COVER]
    save(t, s)
