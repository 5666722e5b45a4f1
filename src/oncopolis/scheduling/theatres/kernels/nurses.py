"""Moves of nurses: another one for a room and shift, two against each other, one for several days."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.scheduling.kernels.random import below
from oncopolis.scheduling.theatres.kernels.tables import (
    CONTINUITY,
    COST,
    DAYS,
    FIRST_SHIFT,
    LOAD,
    N_COSTED,
    PER_DAY,
    SHIFTS,
    SKILL,
    State,
    Tables,
)

NEAR_DAYS = 4  # structure: days before and after from which a nurse is taken over


@compiled
def set_nurse(t: Tables, s: State, room: int, shift: int, new: int) -> int:
    """Give a room another nurse for a shift; what it costs."""
    old = s.nurse[room, shift]
    per_day = t.sizes[PER_DAY]
    day = shift // per_day
    work = skills = met = 0
    for i in range(s.n_lying[room, day]):
        p = s.lying[room, day, i]
        k = shift - s.day[p] * per_day
        work += t.work[p, k]
        need = t.need[p, k]
        if need > t.skill[new]:
            skills += need - t.skill[new]
        if need > t.skill[old]:
            skills -= need - t.skill[old]
        if s.shifts_with[p, new] == 0:
            met += 1
        s.shifts_with[p, new] += 1
        s.shifts_with[p, old] -= 1
        if s.shifts_with[p, old] == 0:
            met -= 1
    over = s.load[shift, old] - t.most[shift, old]
    loads = -(min(work, over)) if over > 0 else 0
    over = s.load[shift, new] + work - t.most[shift, new]
    if over > 0:
        loads += min(work, over)
    s.load[shift, old] -= work
    s.load[shift, new] += work
    s.nurse[room, shift] = new
    w = t.weights
    return w[SKILL] * skills + w[CONTINUITY] * met + w[LOAD] * loads


@compiled
def cost_nurse(t: Tables, s: State, room: int, shift: int, new: int) -> int:
    """What `set_nurse` would cost."""
    old = s.nurse[room, shift]
    per_day = t.sizes[PER_DAY]
    day = shift // per_day
    work = skills = met = 0
    new_skill, old_skill = t.skill[new], t.skill[old]
    for i in range(s.n_lying[room, day]):
        p = s.lying[room, day, i]
        k = shift - s.day[p] * per_day
        work += t.work[p, k]
        need = t.need[p, k]
        if need > new_skill:
            skills += need - new_skill
        if need > old_skill:
            skills -= need - old_skill
        if s.shifts_with[p, new] == 0:
            met += 1
        if s.shifts_with[p, old] == 1:
            met -= 1
    over = s.load[shift, old] - t.most[shift, old]
    loads = -(min(work, over)) if over > 0 else 0
    over = s.load[shift, new] + work - t.most[shift, new]
    if over > 0:
        loads += min(work, over)
    w = t.weights
    return w[SKILL] * skills + w[CONTINUITY] * met + w[LOAD] * loads


@compiled
def change_nurse(t: Tables, s: State, room: int, shift: int, limit: int) -> bool:
    """Try another nurse: one of those on duty, or one who knows the room from a day near by."""
    day = shift // t.sizes[PER_DAY]
    if s.n_lying[room, day] == 0:
        return False
    old = s.nurse[room, shift]
    if below(s, 2) == 0:
        new = t.on_duty[shift, below(s, t.n_on_duty[shift])]
    else:
        reach = NEAR_DAYS * t.sizes[PER_DAY]
        other = shift + below(s, 2 * reach + 1) - reach
        if other < t.sizes[FIRST_SHIFT] or other >= t.sizes[SHIFTS]:
            return False
        new = s.nurse[room, other]
        if t.most[shift, new] < 0:
            return False
    if new == old:
        return False
    s.counts[N_COSTED] += 1
    delta = cost_nurse(t, s, room, shift, new)
    if delta > limit:
        return False
    set_nurse(t, s, room, shift, new)
    s.counts[COST] += delta
    return True


@compiled
def swap_nurses(t: Tables, s: State, room: int, other: int, shift: int, limit: int) -> bool:
    """Try the nurses of two rooms against each other."""
    day = shift // t.sizes[PER_DAY]
    one, two = s.nurse[room, shift], s.nurse[other, shift]
    if one == two or s.n_lying[room, day] + s.n_lying[other, day] == 0:
        return False
    s.counts[N_COSTED] += 1
    delta = set_nurse(t, s, room, shift, two) + set_nurse(t, s, other, shift, one)
    if delta > limit:
        set_nurse(t, s, room, shift, one)
        set_nurse(t, s, other, shift, two)
        return False
    s.counts[COST] += delta
    return True


@compiled
def keep_nurse(t: Tables, s: State, room: int, shift: int, n_days: int, limit: int) -> bool:
    """Try one nurse for all shifts they work in some days of a room."""
    per_day = t.sizes[PER_DAY]
    first = shift // per_day
    if s.n_lying[room, first] == 0:
        return False
    new = t.on_duty[shift, below(s, t.n_on_duty[shift])]
    start = max(first * per_day, t.sizes[FIRST_SHIFT])
    end = min((first + n_days) * per_day, t.sizes[SHIFTS])
    s.counts[N_COSTED] += 1
    delta = 0
    for at in range(start, end):
        if t.most[at, new] >= 0 and s.n_lying[room, at // per_day] > 0 and s.nurse[room, at] != new:
            old = s.nurse[room, at]
            delta += set_nurse(t, s, room, at, new)
            s.undo[at] = old
        else:
            s.undo[at] = -1
    if delta > limit:
        for at in range(start, end):
            if s.undo[at] >= 0:
                set_nurse(t, s, room, at, s.undo[at])
        return False
    s.counts[COST] += delta
    return True


@compiled
def choose_nurses(t: Tables, s: State, room: int, day: int, end: int, n: int) -> tuple[int, int]:
    """Give the shifts of some days of a room the nurse that costs least there; what it costs.

    Changes are written down from the n-th on, for `change_back`; the second number is how many there are.
    """
    per_day = t.sizes[PER_DAY]
    delta = 0
    for shift in range(max(day * per_day, t.sizes[FIRST_SHIFT]), end * per_day):
        if s.n_lying[room, shift // per_day] == 0:
            continue
        old = s.nurse[room, shift]
        best, least = old, 0
        for i in range(t.n_on_duty[shift]):
            nurse = t.on_duty[shift, i]
            if nurse != old:
                cost = cost_nurse(t, s, room, shift, nurse)
                if cost < least:
                    best, least = nurse, cost
        if best != old:
            delta += set_nurse(t, s, room, shift, best)
            s.undo_room[n], s.undo_shift[n], s.undo_nurse[n] = room, shift, old
            n += 1
    return delta, n


@compiled
def change_back(t: Tables, s: State, n: int) -> None:
    """Take back the first n changes that were written down, the last one first."""
    while n > 0:
        n -= 1
        set_nurse(t, s, s.undo_room[n], s.undo_shift[n], s.undo_nurse[n])


@compiled
def suit_nurses(t: Tables, s: State, p: int, day: int, room: int, n: int) -> tuple[int, int]:
    """Choose nurses of a room for the days of a patient's stay who comes on a day; as `choose_nurses`."""
    return choose_nurses(t, s, room, day, min(day + t.stay[p], t.sizes[DAYS]), n)


@compiled
def hope_for(t: Tables, p: int) -> int:
    """What nurses chosen anew may make good of a stay: hardly more than to meet nobody in it."""
    return t.weights[CONTINUITY] * t.stay[p] * t.sizes[PER_DAY]
