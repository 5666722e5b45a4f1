"""Who comes when: each source knows its next arrival and makes the people who come with it."""

import math

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.kernels.keyed import child, uniform
from oncopolis.twin.kernels.drawing import draw_count, draw_ticks
from oncopolis.twin.kernels.fates import make_patient
from oncopolis.twin.kernels.serving import RANK_BEGINS
from oncopolis.twin.kernels.tables import (
    ARRIVES,
    DAY,
    EVENTS,
    FOR_BATCH,
    FOR_GAP,
    FOR_REFERRAL,
    FOR_SHOW,
    GAPS,
    MEMBERS,
    N_DAYS,
    POISSON,
    RETURNS,
    SHAPE_PARTS,
    TIMES,
    State,
    Tables,
)
from oncopolis.twin.kernels.wheel import schedule


@compiled
def _find_in_day(t: Tables, shape: int, part: float) -> int:
    """Return the tick of the day by which a part of its arrivals has come."""
    n = SHAPE_PARTS
    if t.shape[shape, n + 1] > 0.0:
        return int(part * DAY)
    low, high = 0, n
    while high - low > 1:
        middle = (low + high) // 2
        if t.shape[shape, middle] <= part:
            low = middle
        else:
            high = middle
    width = t.shape[shape, high] - t.shape[shape, low]
    within = (part - t.shape[shape, low]) / width if width > 0.0 else 0.0
    return min(int((low + within) / n * DAY), DAY - 1)


@compiled
def _find_next_poisson(t: Tables, s: State, source: int) -> int:
    """Return the tick of the next arrival of a Poisson process with a rate for each day; -1 if none."""
    need = -math.log(uniform(t.so_key[source], FOR_GAP, s.so_count[source]))
    day, passed = s.so_day[source], s.so_passed[source]
    last = t.sizes[N_DAYS]
    while day < last:
        left = t.so_expected[source, day] - passed
        if need < left:
            passed += need
            s.so_day[source], s.so_passed[source] = day, passed
            return day * DAY + _find_in_day(t, t.so_shape[source], passed / t.so_expected[source, day])
        need -= max(left, 0.0)
        passed = 0.0
        day += 1
    s.so_day[source] = last
    return -1


@compiled
def _find_next_time(t: Tables, s: State, source: int) -> int:
    """Return the tick of the next of fixed clock times; -1 if none."""
    first, last = t.so_c0[source], t.so_c1[source]
    day, at = s.so_day[source], int(s.so_passed[source])
    while day < t.sizes[N_DAYS]:
        if t.so_expected[source, day] > 0.0 and first + at < last:
            s.so_day[source], s.so_passed[source] = day, float(at + 1)
            return day * DAY + t.clock[first + at]
        day += 1
        at = 0
    s.so_day[source] = day
    return -1


@compiled
def schedule_arrival(t: Tables, s: State, source: int, now: int) -> None:
    """Schedule the next arrival of a source."""
    kind = t.so_kind[source]
    time = -1
    if kind == POISSON:
        time = _find_next_poisson(t, s, source)
    elif kind == TIMES:
        time = _find_next_time(t, s, source)
    elif kind == GAPS:
        time = now + draw_ticks(t, s, source, t.so_dist[source], FOR_GAP, s.so_count[source], 0.0)
    if time >= 0:
        schedule(t, s, source, max(time, now), ARRIVES, RANK_BEGINS)


@compiled
def let_in(t: Tables, s: State, source: int, now: int) -> int:
    """Make one person who comes; -1 if they do not show up."""
    k = s.so_count[source]
    s.so_count[source] = k + 1
    key = child(t.so_key[source], k)
    if t.so_no_show[source] > 0.0 and uniform(key, FOR_SHOW, 0) < t.so_no_show[source]:
        return -1
    stop = t.so_stop[source]
    e = make_patient(s, key, now, stop, source, t.so_prio[source])
    s.arrivals[source] += 1
    s.part[e] = uniform(key, FOR_REFERRAL, 0) * t.so_part[source] if t.so_part[source] > 0.0 else 0.0
    return e


@compiled
def arrive(t: Tables, s: State, source: int, now: int) -> int:
    """Let the next batch of a source come into `coming`, and schedule the one after it; return how many."""
    n = 1
    if t.so_batch[source] != 1.0 or t.so_batch_dist[source] >= 0:
        n = draw_count(
            t, s, source, t.so_batch[source], t.so_batch_dist[source], FOR_BATCH, s.so_count[source]
        )
    n = min(n, len(s.coming))
    came = 0
    for _ in range(n):
        e = let_in(t, s, source, now)
        if e >= 0:
            s.coming[came] = e
            came += 1
    if n == 0:
        s.so_count[source] += 1
    schedule_arrival(t, s, source, now)
    s.scalars[EVENTS] += came
    return came


@compiled
def start_source(t: Tables, s: State, source: int) -> None:
    """Schedule the first arrival of a source, or of every member of a closed population."""
    s.key[source] = t.so_key[source]
    begins = t.so_from[source]
    s.so_day[source] = begins // DAY
    s.so_passed[source] = t.so_past[source]
    if t.so_kind[source] != MEMBERS:
        schedule_arrival(t, s, source, begins)
        return
    for _ in range(t.so_members[source]):
        e = let_in(t, s, source, begins)
        ticks = draw_ticks(t, s, e, t.so_dist[source], FOR_GAP, 0, 0.0)
        s.referred[e] = begins + ticks
        s.due[e], s.due_what[e] = begins + ticks, RETURNS
        schedule(t, s, e, begins + ticks, RETURNS, RANK_BEGINS)
