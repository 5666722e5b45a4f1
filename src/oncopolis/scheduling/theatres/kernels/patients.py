"""Moves of one patient: into the plan, elsewhere, out of it."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.scheduling.kernels.random import below
from oncopolis.scheduling.theatres.kernels.beds import cost_bed, fits, fits_without, get_up, lie_down
from oncopolis.scheduling.theatres.kernels.tables import COST, N_COSTED, N_OUT, THEATRES, State, Tables
from oncopolis.scheduling.theatres.kernels.theatres import FULL, find_theatre, put_on, take_off

N_TRIES = 8  # structure: found by trying
"""Places that are looked at for somebody who was put out."""


@compiled
def price_out(t: Tables, p: int, penalty: int) -> int:
    """What it costs that a patient is out, a mandatory one by a penalty."""
    return penalty if t.mandatory[p] else t.price[p]


@compiled
def leave(t: Tables, s: State, p: int) -> int:
    """Take a patient out of bed and theatre; what it costs without being out."""
    day = s.day[p]
    cost = get_up(t, s, p) + take_off(t, s, p, day)
    return cost - t.fee[p, day]


@compiled
def enter(t: Tables, s: State, p: int, day: int, room: int, theatre: int) -> int:
    """Put a patient into bed and theatre; what it costs without being out before."""
    cost = lie_down(t, s, p, day, room) + put_on(t, s, p, day, theatre)
    return cost + t.fee[p, day]


@compiled
def count_out(t: Tables, s: State, p: int, sign: int) -> int:
    """Count a patient who goes out (1) or comes in (-1); what that costs without penalty."""
    if t.mandatory[p]:
        s.counts[N_OUT] += sign
        return 0
    return sign * t.price[p]


@compiled
def relocate(t: Tables, s: State, p: int, limit: int) -> bool:
    """Try another room, another day, or both."""
    day, room, theatre = s.day[p], s.room[p], s.theatre[p]
    new_day, new_room = day, room
    kind = below(s, 4)  # structure: four kinds
    if kind != 0:
        new_day = t.days_of[p, below(s, t.n_days_of[p])]
    if kind != 1:
        new_room = t.rooms_of[p, below(s, t.n_rooms_of[p])]
    if new_day == day and new_room == room:
        return False
    surgeon = t.surgeon[p]
    if new_day != day and s.surgeon_min[surgeon, new_day] + t.surgery[p] > t.surgeon_most[surgeon, new_day]:
        return False
    if not fits_without(t, s, p, new_day, new_room, p):
        return False
    s.counts[N_COSTED] += 1
    delta = t.fee[p, new_day] - t.fee[p, day]
    new_theatre = theatre
    if new_day != day:
        delta += take_off(t, s, p, day)
        new_theatre, cost = find_theatre(t, s, p, new_day, below(s, t.sizes[THEATRES]))
        if new_theatre < 0:
            put_on(t, s, p, day, theatre)
            return False
        delta += cost
    delta += get_up(t, s, p)
    left = limit - delta
    bed = FULL
    if left >= 0:
        bed = cost_bed(t, s, p, new_day, new_room, left)
    if bed > left:
        lie_down(t, s, p, day, room)
        if new_day != day:
            put_on(t, s, p, day, theatre)
        return False
    lie_down(t, s, p, new_day, new_room)
    if new_day != day:
        put_on(t, s, p, new_day, new_theatre)
    s.counts[COST] += delta + bed
    return True


@compiled
def change_theatre(t: Tables, s: State, p: int, limit: int) -> bool:
    """Try another theatre on the same day."""
    day, theatre = s.day[p], s.theatre[p]
    new = below(s, t.sizes[THEATRES])
    if new == theatre or s.theatre_min[new, day] + t.surgery[p] > t.open_min[new, day]:
        return False
    s.counts[N_COSTED] += 1
    delta = take_off(t, s, p, day) + put_on(t, s, p, day, new)
    if delta > limit:
        take_off(t, s, p, day)
        put_on(t, s, p, day, theatre)
        return False
    s.counts[COST] += delta
    return True


@compiled
def has_surgeon(t: Tables, s: State, p: int, day: int, q: int) -> bool:
    """Whether the surgeon of a patient who comes on another day has time, as if another one were out."""
    surgeon = t.surgeon[p]
    minutes = s.surgeon_min[surgeon, day] + t.surgery[p]
    if s.day[q] == day and t.surgeon[q] == surgeon:
        minutes -= t.surgery[q]
    return minutes <= t.surgeon_most[surgeon, day]


@compiled
def find_place(
    t: Tables, s: State, p: int, limit: int, first_day: int, first_room: int
) -> tuple[int, int, int, int]:
    """The cheapest of some places for somebody who is out: day, room, theatre, cost; day -1 for none.

    One place may be given that is looked at first, and its day is that of half of the others.
    """
    best_day, best_room, best_theatre, best = -1, -1, -1, limit
    for i in range(N_TRIES):
        day, room = first_day, first_room
        if i > 0 or day < 0:
            room = t.rooms_of[p, below(s, t.n_rooms_of[p])]
            if i % 2 == 1 or day < 0:
                day = t.days_of[p, below(s, t.n_days_of[p])]
        if t.fee[p, day] > best or not fits(t, s, p, day, room):
            continue
        theatre, cost = find_theatre(t, s, p, day, 0)
        if theatre < 0:
            continue
        cost += t.fee[p, day]
        if cost > best:
            continue
        cost += cost_bed(t, s, p, day, room, best - cost)
        if cost <= best:
            best_day, best_room, best_theatre, best = day, room, theatre, cost
    return best_day, best_room, best_theatre, best


@compiled
def insert(t: Tables, s: State, p: int, limit: int, penalty: int) -> bool:
    """Try to admit a patient who is out, in the cheapest of some places."""
    s.counts[N_COSTED] += 1
    day, room, theatre, _ = find_place(t, s, p, limit + price_out(t, p, penalty), -1, -1)
    if day < 0:
        return False
    s.counts[COST] += enter(t, s, p, day, room, theatre) + count_out(t, s, p, -1)
    return True


@compiled
def expel(t: Tables, s: State, p: int, limit: int) -> bool:
    """Try to leave an optional patient out."""
    day, room, theatre = s.day[p], s.room[p], s.theatre[p]
    s.counts[N_COSTED] += 1
    delta = leave(t, s, p) + t.price[p]
    if delta > limit:
        enter(t, s, p, day, room, theatre)
        return False
    s.counts[COST] += delta
    return True
