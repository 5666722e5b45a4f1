"""What is pending: later days and the rest of today in lists, the moments that come next in order."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.kernels.reference import fetch
from oncopolis.twin.kernels.chains import insert, remove
from oncopolis.twin.kernels.tables import (
    BUCKET,
    BUCKET_BITS,
    DAY,
    HISTORY,
    N_BUCKETS,
    N_DAYS,
    NEXT,
    NEXT_END,
    PATIENT,
    SEQUENCE,
    SEQUENCE_AT,
    TODAY,
    USUAL,
    WALKING,
    State,
    Tables,
)

LEAST_BITS = 10  # structure: ticks of the shortest bucket are 2**10, a second
MOST_BITS = 21  # structure: ticks of the longest are 2**21, half an hour
_EVENTS = 4  # structure: events of a bucket on a usual day
_KEPT = 7  # structure: of a usual day, seven eighths are kept from one day to the next
_AHEAD = 32  # structure: rows that are fetched ahead of their turn
_RANK_SHIFT = 56  # structure: the rank of what happens at one tick stands above its number


@compiled
def _find_bucket(s: State, time: int) -> int:
    return (time - s.scalars[TODAY] * DAY) >> s.scalars[BUCKET_BITS]


@compiled
def _move_to_front(s: State) -> None:
    """Make room behind what comes next, where those that have happened were."""
    first = s.scalars[NEXT]
    n = s.scalars[NEXT_END] - first
    for i in range(n):
        s.next_time[i], s.next_order[i] = s.next_time[first + i], s.next_order[first + i]
        s.next_e[i] = s.next_e[first + i]
    s.scalars[NEXT], s.scalars[NEXT_END] = 0, n


@compiled
def _put_in_order(s: State, e: int) -> None:
    """Put an event among those that come next, from the end: most come in order."""
    time, order = s.w_time[e], s.w_order[e]
    if s.scalars[NEXT_END] == len(s.next_e):
        _move_to_front(s)
    i, first = s.scalars[NEXT_END], s.scalars[NEXT]
    s.scalars[NEXT_END] = i + 1
    while i > first and (
        s.next_time[i - 1] > time or (s.next_time[i - 1] == time and s.next_order[i - 1] > order)
    ):
        s.next_time[i], s.next_order[i] = s.next_time[i - 1], s.next_order[i - 1]
        s.next_e[i] = s.next_e[i - 1]
        i -= 1
    s.next_time[i], s.next_order[i], s.next_e[i] = time, order, e


@compiled
def _take_out(s: State, e: int) -> None:
    """Take an event back from those that come next."""
    i = s.scalars[NEXT]
    while s.next_e[i] != e:
        i += 1
    end = s.scalars[NEXT_END] - 1
    s.scalars[NEXT_END] = end
    while i < end:
        s.next_time[i], s.next_order[i] = s.next_time[i + 1], s.next_order[i + 1]
        s.next_e[i] = s.next_e[i + 1]
        i += 1


@compiled
def schedule(t: Tables, s: State, e: int, time: int, what: int, rank: int) -> None:
    """Let `what` happen to an entity; at one tick lower ranks come first, then who was scheduled first.

    Before the run nobody waits for anybody, and a patient goes all the way at once, the last one first.
    """
    s.scalars[SEQUENCE] += 1
    s.w_time[e] = time
    s.w_order[e] = (rank << _RANK_SHIFT) | s.scalars[SEQUENCE]
    s.w_what[e] = what
    if t.history[0] and time < s.scalars[HISTORY] and s.kind[e] == PATIENT:
        s.w_next[e] = s.scalars[WALKING]
        s.scalars[WALKING] = e
        return
    day = time // DAY
    if day == s.scalars[TODAY]:
        bucket = _find_bucket(s, time)
        if bucket <= s.scalars[BUCKET]:
            _put_in_order(s, e)
        else:
            insert(s.w_next, s.w_prev, s.b_head, s.b_tail, bucket, e, s.b_tail[bucket])
        return
    day = min(day, t.sizes[N_DAYS])
    insert(s.w_next, s.w_prev, s.d_head, s.d_tail, day, e, s.d_tail[day])


@compiled
def unschedule(t: Tables, s: State, e: int) -> None:
    """Take an entity's pending event back, if it has one."""
    if s.w_what[e] < 0:
        return
    s.w_what[e] = -1
    day = s.w_time[e] // DAY
    if day == s.scalars[TODAY]:
        bucket = _find_bucket(s, s.w_time[e])
        if bucket <= s.scalars[BUCKET]:
            _take_out(s, e)
        else:
            remove(s.w_next, s.w_prev, s.b_head, s.b_tail, bucket, e)
    else:
        remove(s.w_next, s.w_prev, s.d_head, s.d_tail, min(day, t.sizes[N_DAYS]), e)


@compiled
def _divide_day(s: State) -> None:
    """Choose how many buckets a day has, by the events of the days before."""
    n_events = s.scalars[SEQUENCE] - s.scalars[SEQUENCE_AT]
    s.scalars[SEQUENCE_AT] = s.scalars[SEQUENCE]
    s.scalars[USUAL] = max(n_events, s.scalars[USUAL] * _KEPT // (_KEPT + 1))
    bits = LEAST_BITS
    while bits < MOST_BITS and (DAY >> bits) * _EVENTS > s.scalars[USUAL]:
        bits += 1
    s.scalars[BUCKET_BITS] = bits
    s.scalars[N_BUCKETS] = (DAY >> bits) + 1


@compiled
def begin_day(s: State, day: int) -> None:
    """Spread the events of a day over buckets; all of the day before have happened."""
    _divide_day(s)
    s.scalars[TODAY] = day
    s.scalars[BUCKET] = -1
    e = s.d_head[day]
    ahead = e
    for _ in range(_AHEAD):
        if ahead >= 0:
            fetch(s.w_time, ahead)
            ahead = s.w_next[ahead]
    s.d_head[day] = s.d_tail[day] = -1
    while e >= 0:
        after = s.w_next[e]
        if ahead >= 0:
            fetch(s.w_time, ahead)
            ahead = s.w_next[ahead]
        bucket = _find_bucket(s, s.w_time[e])
        insert(s.w_next, s.w_prev, s.b_head, s.b_tail, bucket, e, s.b_tail[bucket])
        e = after


@compiled
def _find_filled(s: State, bucket: int) -> int:
    """Return the first bucket from one on with anything in it; the number of buckets if there is none."""
    n = s.scalars[N_BUCKETS]
    while bucket < n and s.b_head[bucket] < 0:
        bucket += 1
    return bucket


@compiled
def _fetch_bucket(s: State, bucket: int) -> None:
    """Have the rows of a bucket fetched, which is the next one as far as is known."""
    for i in range(bucket, min(bucket + _AHEAD, s.scalars[N_BUCKETS])):
        e = s.b_head[i]
        if e >= 0:
            for _ in range(_AHEAD):
                if e >= 0:
                    fetch(s.w_time, e)
                    e = s.w_next[e]
            return


@compiled
def find_next(s: State) -> int:
    """Return the entity whose event is next today, -1 if none is left."""
    if s.scalars[NEXT] == s.scalars[NEXT_END]:
        s.scalars[NEXT] = s.scalars[NEXT_END] = 0
        bucket = _find_filled(s, s.scalars[BUCKET] + 1)
        s.scalars[BUCKET] = bucket
        if bucket >= s.scalars[N_BUCKETS]:
            return -1
        _fetch_bucket(s, bucket + 1)
        e = s.b_head[bucket]
        s.b_head[bucket] = s.b_tail[bucket] = -1
        while e >= 0:
            _put_in_order(s, e)
            e = s.w_next[e]
    return s.next_e[s.scalars[NEXT]]


@compiled
def find_walking(t: Tables, s: State) -> int:
    """Return whose way before the run is not over, -1 if there is nobody, and take them out."""
    e = s.scalars[WALKING] if t.history[0] else -1
    if e >= 0:
        s.scalars[WALKING] = s.w_next[e]
    return e


@compiled
def pop(s: State) -> None:
    """Take out the event that `find_next` returned."""
    s.scalars[NEXT] += 1
