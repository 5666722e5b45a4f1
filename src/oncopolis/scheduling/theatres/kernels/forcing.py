"""The strong move: somebody takes a place whoever is there, and those are put elsewhere or out."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.scheduling.kernels.random import below
from oncopolis.scheduling.theatres.kernels.beds import has_intensive
from oncopolis.scheduling.theatres.kernels.patients import count_out, enter, find_place, leave, price_out
from oncopolis.scheduling.theatres.kernels.tables import COST, DAYS, N_COSTED, PATIENTS, State, Tables
from oncopolis.scheduling.theatres.kernels.theatres import find_theatre

MOST = 12  # structure: patients who are put out for one


@compiled
def put_out(t: Tables, s: State, p: int, n: int) -> int:
    """Put a patient out as the n-th, remembering where they were; what that costs."""
    s.out_who[n], s.out_day[n], s.out_room[n], s.out_theatre[n] = p, s.day[p], s.room[p], s.theatre[p]
    return leave(t, s, p)


@compiled
def find_in_bed(t: Tables, s: State, p: int, day: int, room: int) -> int:
    """Somebody because of whom a patient cannot lie there: -1 if there is nobody, -2 if they stay."""
    end = min(day + t.stay[p], t.sizes[DAYS])
    for d in range(day, end):
        n = s.n_lying[room, d]
        is_full = n >= t.beds[room]
        start = below(s, n) if n > 0 else 0
        for i in range(n):
            q = s.lying[room, d, (start + i) % n]
            clashes = t.gender[q] != t.gender[p] or t.alone[q] + t.alone[p] > 0
            if clashes or is_full:
                if not t.fixed[q]:
                    return q
                if clashes:
                    return -2
        if is_full:
            return -2
    return -1


@compiled
def find_in_intensive(t: Tables, s: State, p: int, day: int) -> int:
    """Somebody in intensive care when a patient would need the bed: -1 if there is one, -2 if all stay."""
    if t.intensive[p] == 0 or has_intensive(t, s, p, day, p):
        return -1
    n = t.sizes[PATIENTS]
    start = below(s, n)
    for i in range(n):
        q = (start + i) % n
        if q != p and s.day[q] >= 0 and not t.fixed[q]:
            first = max(day, s.day[q])
            if first < min(day + t.intensive[p], s.day[q] + t.intensive[q]):
                return q
    return -2


@compiled
def find_in_theatre(t: Tables, s: State, p: int, day: int) -> int:
    """Somebody whose operation leaves no time for a patient's; -1 if there is nobody."""
    surgeon = t.surgeon[p]
    is_surgeon = s.surgeon_min[surgeon, day] + t.surgery[p] > t.surgeon_most[surgeon, day]
    n = t.sizes[PATIENTS]
    start = below(s, n)
    for i in range(n):
        q = (start + i) % n
        if s.day[q] == day and not t.fixed[q] and (not is_surgeon or t.surgeon[q] == surgeon):
            return q
    return -1


@compiled
def force(t: Tables, s: State, p: int, limit: int, penalty: int) -> bool:
    """Try to have a patient in a place at random, whoever is in the way."""
    day = t.days_of[p, below(s, t.n_days_of[p])]
    room = t.rooms_of[p, below(s, t.n_rooms_of[p])]
    if t.surgery[p] > t.surgeon_most[t.surgeon[p], day]:
        return False
    s.counts[N_COSTED] += 1
    was_in = s.day[p] >= 0
    n = 0
    delta = 0
    if was_in:
        delta = put_out(t, s, p, 0)
        n = 1
    else:
        delta = -price_out(t, p, penalty)
    n_own = n
    done = False
    theatre = -1
    while n < MOST:
        q = find_in_bed(t, s, p, day, room)
        if q == -1:
            q = find_in_intensive(t, s, p, day)
        if q == -2:
            break
        if q == -1:
            theatre, _ = find_theatre(t, s, p, day, 0)
            if theatre >= 0:
                done = True
                break
            q = find_in_theatre(t, s, p, day)
            if q < 0:
                break
        delta += put_out(t, s, q, n)
        n += 1
    n_placed = n_own
    if done:
        delta += enter(t, s, p, day, room, theatre)
        for i in range(n_own, n):
            q = s.out_who[i]
            out = price_out(t, q, penalty)
            new_day, new_room, new_theatre, cost = find_place(t, s, q, out, -1, -1)
            if new_day >= 0:
                enter(t, s, q, new_day, new_room, new_theatre)
                delta += cost
            else:
                delta += out
            n_placed = i + 1
        if delta > limit:
            done = False
    if not done:
        if s.day[p] >= 0:
            leave(t, s, p)
        for i in range(n_own, n_placed):
            if s.day[s.out_who[i]] >= 0:
                leave(t, s, s.out_who[i])
        for i in range(n - 1, -1, -1):
            enter(t, s, s.out_who[i], s.out_day[i], s.out_room[i], s.out_theatre[i])
        return False
    for i in range(n_own, n):
        q = s.out_who[i]
        if s.day[q] < 0:
            delta += count_out(t, s, q, 1) - price_out(t, q, penalty)
    if not was_in:
        delta += price_out(t, p, penalty) + count_out(t, s, p, -1)
    s.counts[COST] += delta
    return True
