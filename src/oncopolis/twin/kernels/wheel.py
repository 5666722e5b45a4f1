"""What is pending: today's events in sorted buckets, later ones in a list for each day."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.twin.kernels.tables import (
    BUCKET,
    BUCKET_BITS,
    DAY,
    N_BUCKETS,
    N_DAYS,
    SEQUENCE,
    TODAY,
    State,
    Tables,
)

_RANK_SHIFT = 56  # structure: the rank of what happens at one tick stands above its number


@compiled
def _find_bucket(t: Tables, s: State, time: int) -> int:
    return (time - s.scalars[TODAY] * DAY) >> t.sizes[BUCKET_BITS]


@compiled
def _insert_today(t: Tables, s: State, e: int) -> None:
    """Put an event into its bucket, from the end: most come in order."""
    bucket = _find_bucket(t, s, s.w_time[e])
    time, order = s.w_time[e], s.w_order[e]
    after = s.b_tail[bucket]
    while after >= 0 and (s.w_time[after] > time or (s.w_time[after] == time and s.w_order[after] > order)):
        after = s.w_prev[after]
    before = s.b_head[bucket] if after < 0 else s.w_next[after]
    s.w_prev[e], s.w_next[e] = after, before
    if after < 0:
        s.b_head[bucket] = e
    else:
        s.w_next[after] = e
    if before < 0:
        s.b_tail[bucket] = e
    else:
        s.w_prev[before] = e
    s.scalars[BUCKET] = min(s.scalars[BUCKET], bucket)


@compiled
def schedule(t: Tables, s: State, e: int, time: int, what: int, rank: int) -> None:
    """Let `what` happen to an entity; at one tick lower ranks come first, then who was scheduled first."""
    s.scalars[SEQUENCE] += 1
    s.w_time[e] = time
    s.w_order[e] = (rank << _RANK_SHIFT) | s.scalars[SEQUENCE]
    s.w_what[e] = what
    day = time // DAY
    if day == s.scalars[TODAY]:
        _insert_today(t, s, e)
        return
    day = min(day, t.sizes[N_DAYS])
    last = s.d_tail[day]
    s.w_prev[e], s.w_next[e] = last, -1
    s.d_tail[day] = e
    if last < 0:
        s.d_head[day] = e
    else:
        s.w_next[last] = e


@compiled
def unschedule(t: Tables, s: State, e: int) -> None:
    """Take an entity's pending event back, if it has one."""
    if s.w_what[e] < 0:
        return
    day = s.w_time[e] // DAY
    before, after = s.w_prev[e], s.w_next[e]
    if day == s.scalars[TODAY]:
        bucket = _find_bucket(t, s, s.w_time[e])
        if before < 0:
            s.b_head[bucket] = after
        if after < 0:
            s.b_tail[bucket] = before
    else:
        day = min(day, t.sizes[N_DAYS])
        if before < 0:
            s.d_head[day] = after
        if after < 0:
            s.d_tail[day] = before
    if before >= 0:
        s.w_next[before] = after
    if after >= 0:
        s.w_prev[after] = before
    s.w_what[e] = -1


@compiled
def begin_day(t: Tables, s: State, day: int) -> None:
    """Sort the events of a day into buckets; all of the day before have happened."""
    s.scalars[TODAY] = day
    s.scalars[BUCKET] = t.sizes[N_BUCKETS]
    e = s.d_head[day]
    s.d_head[day] = s.d_tail[day] = -1
    while e >= 0:
        after = s.w_next[e]
        _insert_today(t, s, e)
        e = after


@compiled
def find_next(t: Tables, s: State) -> int:
    """Return the entity whose event is next today, -1 if none is left."""
    bucket = s.scalars[BUCKET]
    n = t.sizes[N_BUCKETS]
    while bucket < n and s.b_head[bucket] < 0:
        bucket += 1
    s.scalars[BUCKET] = bucket
    return s.b_head[bucket] if bucket < n else -1


@compiled
def pop(s: State, e: int) -> None:
    """Take the next event out; `e` is the head of the current bucket."""
    bucket = s.scalars[BUCKET]
    after = s.w_next[e]
    s.b_head[bucket] = after
    if after < 0:
        s.b_tail[bucket] = -1
    else:
        s.w_prev[after] = -1
    s.w_what[e] = -1
