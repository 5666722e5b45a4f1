"""The loop: one move after the other, taken if it costs no more than the temperature allows."""

from typing import Any

import numpy as np

from oncopolis.foundation.kernels.compiled import compiled, kernel
from oncopolis.scheduling.kernels.random import below, draw_log
from oncopolis.scheduling.theatres.kernels.beds import cost_bed, fits, lie_down
from oncopolis.scheduling.theatres.kernels.forcing import force
from oncopolis.scheduling.theatres.kernels.nurses import change_nurse, keep_nurse, swap_nurses
from oncopolis.scheduling.theatres.kernels.pairs import eject, swap
from oncopolis.scheduling.theatres.kernels.patients import (
    change_theatre,
    count_out,
    enter,
    expel,
    insert,
    relocate,
)
from oncopolis.scheduling.theatres.kernels.resettling import resettle
from oncopolis.scheduling.theatres.kernels.tables import (
    COST,
    FIRST_SHIFT,
    N_ACCEPTED,
    N_OUT,
    N_PROPOSED,
    PATIENTS,
    ROOMS,
    SHIFTS,
    State,
    Tables,
)
from oncopolis.scheduling.theatres.kernels.theatres import FULL, find_theatre

N_LOOKS = 16  # structure: patients looked at to find one who is out

IntArray = np.ndarray[Any, np.dtype[np.int64]]


@compiled
def save(t: Tables, s: State) -> None:
    """Remember the state as the best one."""
    for i in range(len(s.day)):
        s.best_day[i] = s.day[i]
        s.best_room[i] = s.room[i]
    for p in range(t.sizes[PATIENTS]):
        s.best_theatre[p] = s.theatre[p]
    for room in range(t.sizes[ROOMS]):
        for shift in range(t.sizes[SHIFTS]):
            s.best_nurse[room, shift] = s.nurse[room, shift]
    for i in range(len(s.counts)):
        s.best_counts[i] = s.counts[i]


@compiled
def is_best(s: State) -> bool:
    """Whether the state is better than the best one: fewer mandatory patients out, then less cost."""
    out, best_out = s.counts[N_OUT], s.best_counts[N_OUT]
    return out < best_out or (out == best_out and s.counts[COST] < s.best_counts[COST])


@compiled
def find_mandatory_out(t: Tables, s: State, start: int) -> int:
    """The first mandatory patient who is out, from a place on; there is one."""
    n = t.sizes[PATIENTS]
    p = start
    while s.day[p] >= 0 or not t.mandatory[p]:
        p = p + 1 if p + 1 < n else 0
    return p


@compiled
def draw_one(t: Tables, s: State) -> int:
    """Draw a patient, a third of the time one who is out if some are found to be."""
    p = t.movable[below(s, len(t.movable))]
    if below(s, 3) == 0:  # structure: a third
        for _ in range(N_LOOKS):
            if s.day[p] < 0:
                break
            p = t.movable[below(s, len(t.movable))]
    return p


@compiled
def draw_other(t: Tables, s: State, p: int) -> int:
    """Draw another patient, half the time of the same surgeon; it may be the same one."""
    if below(s, 2) == 0:
        return t.movable[below(s, len(t.movable))]
    surgeon = t.surgeon[p]
    first = t.first_peer[surgeon]
    return t.peers[first + below(s, t.first_peer[surgeon + 1] - first)]


@kernel
def anneal(
    t: Tables, s: State, n_steps: int, temperature: float, penalty: int, chances: IntArray, saving: float
) -> None:
    """Make so many moves at one temperature.

    Parameters
    ----------
    temperature
        In units of cost.
    penalty
        Price of a mandatory patient who is out.
    saving
        Temperature below which every best state is remembered, not only that at the end.
    chances
        (11,) cumulated chances of all but the last of the moves, in 65,536ths.
    """
    n_patients = len(t.movable)
    n_rooms = t.sizes[ROOMS]
    first_shift = t.sizes[FIRST_SHIFT]
    n_shifts = t.sizes[SHIFTS] - first_shift
    for _ in range(n_steps):
        s.counts[N_PROPOSED] += 1
        limit = int(temperature * draw_log(s))
        draw = below(s, 65536)  # structure: as the chances are given
        done = False
        if draw < chances[0]:
            p = t.movable[below(s, n_patients)]
            done = relocate(t, s, p, limit) if s.day[p] >= 0 else insert(t, s, p, limit, penalty)
        elif draw < chances[1]:
            p = t.movable[below(s, n_patients)]
            q = draw_other(t, s, p)
            if p != q and s.day[p] >= 0 and s.day[q] >= 0:
                done = swap(t, s, p, q, limit, False)
        elif draw < chances[2]:
            p = draw_one(t, s)
            q = draw_other(t, s, p)
            if p != q and s.day[q] >= 0:
                done = eject(t, s, p, q, limit, penalty, False)
        elif draw < chances[3]:
            p = t.movable[below(s, n_patients)]
            if s.day[p] >= 0 and not t.mandatory[p]:
                done = expel(t, s, p, limit)
        elif draw < chances[4]:
            p = t.movable[below(s, n_patients)]
            if s.day[p] >= 0:
                done = change_theatre(t, s, p, limit)
        elif draw < chances[5]:
            done = change_nurse(t, s, below(s, n_rooms), first_shift + below(s, n_shifts), limit)
        elif draw < chances[6]:
            room, other = below(s, n_rooms), below(s, n_rooms)
            if room != other:
                done = swap_nurses(t, s, room, other, first_shift + below(s, n_shifts), limit)
        elif draw < chances[7]:
            room, shift = below(s, n_rooms), first_shift + below(s, n_shifts)
            done = keep_nurse(t, s, room, shift, 2 + below(s, 5), limit)  # structure: two to six days
        elif draw < chances[10]:
            p = draw_one(t, s) if draw >= chances[9] else t.movable[below(s, n_patients)]
            if draw < chances[8]:
                done = s.day[p] >= 0 and resettle(t, s, p, limit)
            else:
                q = draw_other(t, s, p)
                if p != q and s.day[q] >= 0:
                    if draw >= chances[9]:
                        done = eject(t, s, p, q, limit, penalty, True)
                    elif s.day[p] >= 0:
                        done = swap(t, s, p, q, limit, True)
        else:
            p = draw_one(t, s)
            if s.counts[N_OUT] > 0:
                p = find_mandatory_out(t, s, p)
            done = force(t, s, p, limit, penalty)
        if done:
            s.counts[N_ACCEPTED] += 1
            if is_best(s) and temperature < saving:
                save(t, s)
    if is_best(s):
        save(t, s)


@kernel
def settle(t: Tables, s: State, rooms: IntArray) -> None:
    """Put the occupants into their rooms, and count what everything costs while all patients are out."""
    n_patients = t.sizes[PATIENTS]
    for i in range(len(rooms)):
        s.counts[COST] += lie_down(t, s, n_patients + i, 0, rooms[i])
    for p in range(n_patients):
        s.counts[COST] += count_out(t, s, p, 1)


@kernel
def admit(t: Tables, s: State, rows: IntArray) -> None:
    """Put patients where they are to be, as far as there is room for them.

    Parameters
    ----------
    rows
        (n, 4) patient, day, room and theatre.
    """
    for i in range(len(rows)):
        p, day, room, theatre = rows[i, 0], rows[i, 1], rows[i, 2], rows[i, 3]
        surgeon = t.surgeon[p]
        minutes = t.surgery[p]
        if t.fee[p, day] < 0 or not t.may[p, room] or not fits(t, s, p, day, room):
            continue
        if s.surgeon_min[surgeon, day] + minutes > t.surgeon_most[surgeon, day]:
            continue
        if s.theatre_min[theatre, day] + minutes > t.open_min[theatre, day]:
            theatre, _ = find_theatre(t, s, p, day, 0)
            if theatre < 0:
                continue
        s.counts[COST] += enter(t, s, p, day, room, theatre) + count_out(t, s, p, -1)


@kernel
def price_places(t: Tables, s: State, p: int, prices: IntArray) -> None:
    """Fill in what an admission would cost on each day in each room; -1 where it cannot be.

    Parameters
    ----------
    prices
        (D, R); the patient is out.
    """
    for i in range(t.n_days_of[p]):
        day = t.days_of[p, i]
        theatre, cost = find_theatre(t, s, p, day, 0)
        if theatre < 0:
            continue
        for room in range(t.sizes[ROOMS]):
            if t.may[p, room] and fits(t, s, p, day, room):
                prices[day, room] = cost + t.fee[p, day] + cost_bed(t, s, p, day, room, FULL)
