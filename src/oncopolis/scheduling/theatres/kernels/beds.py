"""Somebody into a bed and out of it: what it costs, and doing it."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.scheduling.theatres.kernels.tables import (
    AGE,
    CONTINUITY,
    DAYS,
    LOAD,
    PER_DAY,
    SKILL,
    State,
    Tables,
)

FULL_DAY = 1 << 30  # structure: beyond any horizon
"""A day that never comes."""


@compiled
def has_intensive(t: Tables, s: State, p: int, day: int, q: int) -> bool:
    """Whether intensive care has a bed for somebody, as if neither they nor another one were there."""
    for d in range(day, min(day + t.intensive[p], t.sizes[DAYS])):
        n = s.in_intensive[d]
        if 0 <= s.day[p] <= d < s.day[p] + t.intensive[p]:
            n -= 1
        if p != q and 0 <= s.day[q] <= d < s.day[q] + t.intensive[q]:
            n -= 1
        if n >= t.intensive_beds[d]:
            return False
    return True


@compiled
def fits(t: Tables, s: State, p: int, day: int, room: int) -> bool:
    """Whether somebody who is nowhere may lie there: beds free, nobody of another gender or alone."""
    if t.intensive[p] > 0 and not has_intensive(t, s, p, day, p):
        return False
    end = min(day + t.stay[p], t.sizes[DAYS])
    beds = t.beds[room]
    gender, alone = t.gender[p], t.alone[p]
    for d in range(day, end):
        n = s.n_lying[room, d]
        if n >= beds:
            return False
        if n > 0 and (t.gender[s.lying[room, d, 0]] != gender or alone + t.alone[s.lying[room, d, 0]] > 0):
            return False
    return True


@compiled
def fits_without(t: Tables, s: State, p: int, day: int, room: int, q: int) -> bool:
    """`fits` for somebody as if neither they nor another one lay where they lie now."""
    if t.intensive[p] > 0 and not has_intensive(t, s, p, day, q):
        return False
    end = min(day + t.stay[p], t.sizes[DAYS])
    beds = t.beds[room]
    gender, alone = t.gender[p], t.alone[p]
    first_p, first_q = FULL_DAY, FULL_DAY
    if s.room[p] == room:
        first_p = s.day[p]
    if s.room[q] == room and p != q:
        first_q = s.day[q]
    last_p, last_q = first_p + t.stay[p], first_q + t.stay[q]
    for d in range(day, end):
        n = s.n_lying[room, d]
        own = 0
        if first_p <= d < last_p:
            own = 1
        if first_q <= d < last_q:
            own += 1
        if n - own >= beds:
            return False
        if n > own and (t.gender[s.lying[room, d, 0]] != gender or alone + t.alone[s.lying[room, d, 0]] > 0):
            return False
    return True


@compiled
def cost_age(t: Tables, s: State, room: int, day: int, p: int) -> int:
    """What somebody more in a room adds to the span of ages of a day."""
    n = s.n_lying[room, day]
    if n == 0:
        return 0
    age = t.age[p]
    low = high = t.age[s.lying[room, day, 0]]
    for i in range(1, n):
        a = t.age[s.lying[room, day, i]]
        if a < low:
            low = a
        elif a > high:
            high = a
    if age < low:
        return low - age
    if age > high:
        return age - high
    return 0


@compiled
def lie_down(t: Tables, s: State, p: int, day: int, room: int) -> int:
    """Put somebody into a bed who is in none; what it costs."""
    per_day = t.sizes[PER_DAY]
    end = min(day + t.stay[p], t.sizes[DAYS])
    ages = skills = loads = met = 0
    k = 0
    for d in range(day, end):
        ages += cost_age(t, s, room, d, p)
        s.lying[room, d, s.n_lying[room, d]] = p
        s.n_lying[room, d] += 1
        for shift in range(d * per_day, (d + 1) * per_day):
            n = s.nurse[room, shift]
            work = t.work[p, k]
            over = s.load[shift, n] - t.most[shift, n]
            s.load[shift, n] += work
            if over + work > 0:
                loads += over + work if over <= 0 else work
            short = t.need[p, k] - t.skill[n]
            if short > 0:
                skills += short
            if s.shifts_with[p, n] == 0:
                met += 1
            s.shifts_with[p, n] += 1
            k += 1
    s.day[p], s.room[p] = day, room
    for d in range(day, min(day + t.intensive[p], end)):
        s.in_intensive[d] += 1
    w = t.weights
    return w[AGE] * ages + w[SKILL] * skills + w[LOAD] * loads + w[CONTINUITY] * met


@compiled
def get_up(t: Tables, s: State, p: int) -> int:
    """Take somebody out of their bed; what it costs, which is what lying there costed, below 0."""
    per_day = t.sizes[PER_DAY]
    day, room = s.day[p], s.room[p]
    end = min(day + t.stay[p], t.sizes[DAYS])
    ages = skills = loads = met = 0
    k = 0
    for d in range(day, end):
        n = s.n_lying[room, d] - 1
        i = 0
        while s.lying[room, d, i] != p:
            i += 1
        s.lying[room, d, i] = s.lying[room, d, n]
        s.n_lying[room, d] = n
        ages += cost_age(t, s, room, d, p)
        for shift in range(d * per_day, (d + 1) * per_day):
            nurse = s.nurse[room, shift]
            work = t.work[p, k]
            over = s.load[shift, nurse] - t.most[shift, nurse]
            s.load[shift, nurse] -= work
            if over > 0:
                loads += min(work, over)
            short = t.need[p, k] - t.skill[nurse]
            if short > 0:
                skills += short
            s.shifts_with[p, nurse] -= 1
            if s.shifts_with[p, nurse] == 0:
                met += 1
            k += 1
    s.day[p] = -1
    s.room[p] = -1
    for d in range(day, min(day + t.intensive[p], end)):
        s.in_intensive[d] -= 1
    w = t.weights
    return -(w[AGE] * ages + w[SKILL] * skills + w[LOAD] * loads + w[CONTINUITY] * met)


@compiled
def cost_bed(t: Tables, s: State, p: int, day: int, room: int, limit: int) -> int:
    """What lying there would cost; above ``limit`` it may be any number above it.

    Nobody of the room changes hands, so the parts only add up, and the count can stop early.
    """
    per_day = t.sizes[PER_DAY]
    end = min(day + t.stay[p], t.sizes[DAYS])
    w = t.weights
    total = 0
    k = 0
    for d in range(day, end):
        total += w[AGE] * cost_age(t, s, room, d, p)
        for shift in range(d * per_day, (d + 1) * per_day):
            n = s.nurse[room, shift]
            work = t.work[p, k]
            over = s.load[shift, n] - t.most[shift, n]
            if over + work > 0:
                total += w[LOAD] * (over + work if over <= 0 else work)
            short = t.need[p, k] - t.skill[n]
            if short > 0:
                total += w[SKILL] * short
            if s.shifts_with[p, n] == 0:
                total += w[CONTINUITY]
            s.shifts_with[p, n] += 1
            k += 1
        if total > limit:
            end = d + 1
            break
    for d in range(day, end):
        for shift in range(d * per_day, (d + 1) * per_day):
            s.shifts_with[p, s.nurse[room, shift]] -= 1
    return total
