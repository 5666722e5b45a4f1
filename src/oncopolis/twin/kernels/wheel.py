"""What is pending: today's events in sorted buckets, later ones in a list for each day."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.kernels.reference import fetch
from oncopolis.twin.kernels.chains import insert, remove
from oncopolis.twin.kernels.tables import (
    BUCKET,
    BUCKET_BITS,
    DAY,
    N_BUCKETS,
    N_DAYS,
    SEQUENCE,
    SEQUENCE_AT,
    TODAY,
    USUAL,
    State,
    Tables,
)

LEAST_BITS = 8  # structure: ticks of the shortest bucket are 2**8, a quarter of a second
MOST_BITS = 21  # structure: ticks of the longest are 2**21, half an hour
_SHARE = 4  # structure: buckets for each event of a usual day
_KEPT = 7  # structure: of a usual day, seven eighths are kept from one day to the next
_AHEAD = 32  # structure: buckets that are looked at for the next event while one happens
_RANK_SHIFT = 56  # structure: the rank of what happens at one tick stands above its number


@compiled
def _find_bucket(s: State, time: int) -> int:
    return (time - s.scalars[TODAY] * DAY) >> s.scalars[BUCKET_BITS]


@compiled
def _insert_today(s: State, e: int) -> None:
    """Put an event into its bucket, from the end: most come in order."""
    time, order = s.w_time[e], s.w_order[e]
    bucket = _find_bucket(s, time)
    after = s.b_tail[bucket]
    while after >= 0 and (s.w_time[after] > time or (s.w_time[after] == time and s.w_order[after] > order)):
        after = s.w_prev[after]
    insert(s.w_next, s.w_prev, s.b_head, s.b_tail, bucket, e, after)
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
        _insert_today(s, e)
        return
    day = min(day, t.sizes[N_DAYS])
    insert(s.d_next, s.d_prev, s.d_head, s.d_tail, day, e, s.d_tail[day])


@compiled
def unschedule(t: Tables, s: State, e: int) -> None:
    """Take an entity's pending event back, if it has one."""
    if s.w_what[e] < 0:
        return
    s.w_what[e] = -1
    day = s.w_time[e] // DAY
    if day == s.scalars[TODAY]:
        remove(s.w_next, s.w_prev, s.b_head, s.b_tail, _find_bucket(s, s.w_time[e]), e)
    else:
        remove(s.d_next, s.d_prev, s.d_head, s.d_tail, min(day, t.sizes[N_DAYS]), e)


@compiled
def _divide_day(s: State) -> None:
    """Choose how many buckets a day has, by the events of the days before."""
    n_events = s.scalars[SEQUENCE] - s.scalars[SEQUENCE_AT]
    s.scalars[SEQUENCE_AT] = s.scalars[SEQUENCE]
    s.scalars[USUAL] = max(n_events, s.scalars[USUAL] * _KEPT // (_KEPT + 1))
    bits = LEAST_BITS
    while bits < MOST_BITS and (DAY >> bits) > _SHARE * s.scalars[USUAL]:
        bits += 1
    s.scalars[BUCKET_BITS] = bits
    s.scalars[N_BUCKETS] = (DAY >> bits) + 1


@compiled
def begin_day(s: State, day: int) -> None:
    """Sort the events of a day into buckets; all of the day before have happened."""
    _divide_day(s)
    s.scalars[TODAY] = day
    s.scalars[BUCKET] = s.scalars[N_BUCKETS]
    e = s.d_head[day]
    ahead = e
    for _ in range(_AHEAD):
        if ahead >= 0:
            fetch(s.w_time, ahead)
            ahead = s.d_next[ahead]
    s.d_head[day] = s.d_tail[day] = -1
    while e >= 0:
        after = s.d_next[e]
        _insert_today(s, e)
        e = after
        if ahead >= 0:
            fetch(s.w_time, ahead)
            ahead = s.d_next[ahead]


@compiled
def find_next(s: State) -> int:
    """Return the entity whose event is next today, -1 if none is left."""
    bucket = s.scalars[BUCKET]
    n = s.scalars[N_BUCKETS]
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
        after = _look_ahead(s, bucket + 1)
    else:
        s.w_prev[after] = -1
    if after >= 0:
        fetch(s.w_time, after)
    s.w_what[e] = -1


@compiled
def _look_ahead(s: State, bucket: int) -> int:
    """Return who comes first in the buckets from one on, not looking far; -1 if none."""
    for i in range(bucket, min(bucket + _AHEAD, s.scalars[N_BUCKETS])):
        if s.b_head[i] >= 0:
            return s.b_head[i]
    return -1
