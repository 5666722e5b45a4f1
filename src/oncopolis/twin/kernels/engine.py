"""The loop: what is known beforehand and what is pending, in the order of time, rank and number."""

import math

from oncopolis.foundation.kernels.compiled import compiled, kernel
from oncopolis.foundation.kernels.keyed import child, uniform
from oncopolis.foundation.units import HOURS_PER_DAY, HOURS_PER_WEEK
from oncopolis.twin.kernels.arriving import arrive, start_source
from oncopolis.twin.kernels.booking import clear_day
from oncopolis.twin.kernels.coming import book_ahead
from oncopolis.twin.kernels.counting import touch
from oncopolis.twin.kernels.doing import begin, end_phase, get_ready
from oncopolis.twin.kernels.drawing import to_ticks
from oncopolis.twin.kernels.entities import drop_entity
from oncopolis.twin.kernels.fates import enter_route, happen_by_rate, leave, meet_fate
from oncopolis.twin.kernels.history import is_history
from oncopolis.twin.kernels.holding import PRIORITIES, dequeue, find_actual, holds, mark, take
from oncopolis.twin.kernels.passing import cancel, choose_exit, give_up, go_to, send_home
from oncopolis.twin.kernels.serving import (
    RANK_NOW,
    break_down,
    drain,
    has_refuge,
    interrupt,
    is_before,
    is_closed,
    repair,
)
from oncopolis.twin.kernels.standing import stand
from oncopolis.twin.kernels.tables import (
    ALWAYS,
    ARRIVES,
    BREAKS,
    BUSY,
    BUSY_ONLY,
    CANCELS,
    CHANGES,
    CLOSES,
    DAY,
    DAY_CASE,
    DUE,
    ENDS,
    EVENTS,
    FAILS,
    FATES,
    FAULT,
    FINE,
    FOR_FAILURE,
    FOR_UNIT,
    GIVES_UP,
    GOES_HOME,
    HISTORY,
    HOUR,
    LOG_COLUMNS,
    N_DAYS,
    N_FREE,
    N_FREE_NODES,
    N_LOG,
    N_RES,
    N_SOURCES,
    NEVER,
    NOMINAL,
    NOW,
    OPEN_ONLY,
    OPENS,
    OUT,
    PATIENT,
    RATES,
    READY,
    REPAIRED,
    RETURNS,
    STREAM,
    TODAY,
    UNIT,
    WITH_LOG,
    State,
    Tables,
)
from oncopolis.twin.kernels.wheel import begin_day, find_next, find_walking, pop, schedule, unschedule

MOST_IN_BATCH = 512  # structure: people who come at once
ROOM = 1024  # structure: places that one event can need, at most


@compiled
def proceed(t: Tables, s: State, e: int, now: int, stop: int) -> None:
    """Take a patient from stop to stop until they wait, are served, or are gone."""
    while go_to(t, s, e, now, stop):
        stop = begin(t, s, e, now)
        if stop == BUSY:
            return


@compiled
def schedule_failure(t: Tables, s: State, r: int, now: int) -> None:
    """Schedule the next failure among all units of a resource; those that meet none are passed over."""
    e = t.sizes[N_SOURCES] + r
    u = uniform(t.re_key[r], FOR_FAILURE, s.fail_count[r])
    gap = -math.log(u) * t.re_every[r] / max(t.re_units[r], 1)
    schedule(t, s, e, now + to_ticks(gap), FAILS, RANK_NOW)


@compiled
def fail(t: Tables, s: State, r: int, now: int) -> None:
    """Let one of the units of a resource fail: one that is used, one that is idle, or none that is there."""
    k = s.fail_count[r]
    s.fail_count[r] = k + 1
    unit = int(uniform(t.re_key[r], FOR_UNIT, k) * t.re_units[r])
    there = max(s.capacity[r] // UNIT, s.n_running[r])
    if t.re_fails[r] == ALWAYS:
        there = t.re_units[r] - s.broken[r]
    if unit < there and not is_history(t, s):
        key = child(t.re_key[r], k)
        if unit < s.n_running[r]:
            other = s.running[t.re_r0[r] + unit]
            break_down(t, s, r, now, key)
            if s.w_what[other] in (ENDS, BREAKS):
                interrupt(t, s, other, now, r)
        else:
            break_down(t, s, r, now, key)
    schedule_failure(t, s, r, now)


@compiled
def _goes_home(t: Tables, s: State, e: int, r: int) -> bool:
    """Return whether somebody who waits goes home when what they wait for closes."""
    if s.kind[e] != PATIENT or has_refuge(t, s, e, r):
        return False
    return t.st_setting[s.stop[e]] <= DAY_CASE or (s.planned[e] >= 0 and s.bundle[e] < 0)


@compiled
def send_all_home(t: Tables, s: State, r: int, now: int) -> None:
    """Send home whoever came for the day and still waits for a resource that has closed, in their order."""
    if not is_closed(s, r):
        return
    while True:
        best, best_class = -1, -1
        for i in range(t.ra_0[r], t.ra_0[r] + s.a_n[r]):
            c = s.a_class[i]
            if not holds(t, c // PRIORITIES, r):
                continue
            e = s.c_head[c]
            while e >= 0 and not _goes_home(t, s, e, r):
                e = s.q_next[e]
            if e >= 0 and is_before(s, c, e, best_class, best):
                best, best_class = e, c
        if best < 0:
            return
        dequeue(t, s, best, now)
        unschedule(t, s, best)
        send_home(t, s, best, now)


@compiled
def sample(t: Tables, s: State, hour: int) -> None:
    """Look at every resource once an hour."""
    at = (hour + t.da_monday[0] * HOURS_PER_DAY) % HOURS_PER_WEEK
    s.week_n[at] += 1
    for r in range(t.sizes[N_RES]):
        s.week_held[r, at] += s.held[r]
        s.week_offered[r, at] += max(s.capacity[r], 0)
        s.week_waiting[r, at] += s.waiting[r]


@compiled
def handle_known(t: Tables, s: State, i: int) -> None:
    """Let something happen that was known beforehand."""
    now, kind, r, value = t.cs_time[i], t.cs_kind[i], t.cs_res[i], t.cs_value[i]
    s.scalars[NOW] = now
    if kind == CHANGES:
        touch(s, r, now)
        s.capacity[r] += value
        if value > 0:
            mark(s, r)
    elif kind == NOMINAL:
        touch(s, r, now)
        s.nominal[r] += value
    elif kind == OPENS:
        s.closing[r] = value
        mark(s, r)
    elif kind == CLOSES:
        send_all_home(t, s, r, now)
    elif not is_history(t, s):
        sample(t, s, now // HOUR)
    drain(t, s, now)


@compiled
def handle(t: Tables, s: State, e: int, what: int, now: int) -> None:
    """Let a pending event happen."""
    if what == ENDS:
        stop = end_phase(t, s, e, now)
        if stop > BUSY:
            proceed(t, s, e, now, stop)
    elif what == ARRIVES:
        for i in range(arrive(t, s, e, now)):
            new = s.coming[i]
            enter_route(t, s, new, now)
            proceed(t, s, new, now, s.stop[new])
    elif what == DUE:
        if s.rep[e] == 0:
            stop = s.stop[e]
            s.mask[e] |= t.st_sets[stop]
            stop = choose_exit(t, s, e, stop)
        else:
            s.scalars[EVENTS] += 1
            stop = begin(t, s, e, now)
        if stop != BUSY:
            proceed(t, s, e, now, stop)
    elif what == READY:
        get_ready(t, s, e, now)
    elif what == RETURNS:
        enter_route(t, s, e, now)
        proceed(t, s, e, now, s.stop[e])
    elif what == FATES:
        meet_fate(t, s, e, now)
    elif what == RATES:
        happen_by_rate(t, s, e, now)
    elif what == GIVES_UP:
        if s.q_class[e] >= 0:
            dequeue(t, s, e, now)
        stop = give_up(t, s, e, now)
        if stop == OUT:
            leave(t, s, e, now)
        else:
            proceed(t, s, e, now, stop)
    elif what == GOES_HOME:
        send_home(t, s, e, now)
    elif what == CANCELS:
        cancel(t, s, e, now)
    elif what == FAILS:
        fail(t, s, e - t.sizes[N_SOURCES], now)
    elif what == REPAIRED:
        repair(s, s.short[e], now)
        drop_entity(s, e)
    elif what == BREAKS:
        b = s.bundle[e]
        for i in range(t.bu_0[b], t.bu_1[b]):
            r = find_actual(t, s.sub[e], t.be_res[i])
            if t.re_fails[r] == BUSY_ONLY:
                k = s.fail_count[r]
                s.fail_count[r] = k + 1
                break_down(t, s, r, now, child(t.re_key[r], k))
                interrupt(t, s, e, now, r)
                break


@kernel
def start(t: Tables, s: State) -> None:
    """Set everything going on the first day."""
    begin_day(s, 0)
    for source in range(t.sizes[N_SOURCES]):
        start_source(t, s, source)
    for r in range(t.sizes[N_RES]):
        if t.re_fails[r] == ALWAYS or t.re_fails[r] == OPEN_ONLY:
            schedule_failure(t, s, r, 0)
    if t.standing[0] != 0:
        for i in range(len(t.in_stop)):
            stand(t, s, i)


@kernel
def end_history(t: Tables, s: State, now: int) -> None:
    """Let the run proper begin: who is in a bed holds it, who has a date ahead gets a booking."""
    s.scalars[HISTORY] = 0
    for e in range(t.sizes[N_SOURCES] + t.sizes[N_RES], len(s.key)):
        if s.w_what[e] == ENDS and s.kind[e] == PATIENT:
            take(t, s, e, now, -1)
            s.arrived[e] = now
            s.dept[e] = t.ac_dept[s.act[e]]
    for day in range(now // DAY, t.sizes[N_DAYS]):
        e = s.d_head[day]
        while e >= 0:
            after = s.w_next[e]
            stop = s.stop[e]
            due = s.w_what[e] == DUE and s.kind[e] == PATIENT and s.rep[e] > 0 and s.book[e] < 0
            if due and t.st_b1[stop] > t.st_b0[stop]:
                unschedule(t, s, e)
                book_ahead(t, s, e, now, day)
            e = after


@kernel
def run_day(t: Tables, s: State, day: int) -> bool:
    """Let a day happen, or what is left of it.

    Returns
    -------
    bool
        Whether it is over. If not, there is a fault, or more room is needed for people, bookings or rows of
        the log before it can go on.
    """
    if day > s.scalars[TODAY]:
        begin_day(s, day)
        clear_day(t, s, day - 1)
    ends = (day + 1) * DAY
    n_known = len(t.cs_time)
    log_room = len(s.log) // LOG_COLUMNS - ROOM if t.sizes[WITH_LOG] else NEVER
    while s.scalars[FAULT] == FINE:
        if s.scalars[N_FREE] < ROOM or s.scalars[N_FREE_NODES] < ROOM or s.scalars[N_LOG] > log_room:
            return False
        e = find_walking(t, s)
        is_walking = e >= 0
        if not is_walking:
            e = find_next(s)
        i = s.scalars[STREAM]
        known = t.cs_time[i] if i < n_known else NEVER
        if is_walking or (e >= 0 and s.w_time[e] < known):
            now, what = s.w_time[e], s.w_what[e]
            if not is_walking:
                pop(s)
            s.w_what[e] = -1
            s.scalars[NOW] = now
            handle(t, s, e, what, now)
            drain(t, s, now)
        elif known < ends:
            s.scalars[STREAM] = i + 1
            handle_known(t, s, i)
        else:
            break
    for r in range(t.sizes[N_RES]):
        touch(s, r, ends)
        s.day_held[day, r] = s.area_held[r]
        s.day_offered[day, r] = s.area_offered[r]
        s.day_waiting[day, r] = s.area_waiting[r]
    return s.scalars[FAULT] == FINE


@kernel
def bring_up(s: State, now: int) -> None:
    """Bring the areas of all resources up to the end of a run."""
    for r in range(len(s.area_at)):
        touch(s, r, now)
