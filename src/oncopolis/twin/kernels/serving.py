"""Asking for what a phase needs, being served, and being cut off."""

import numpy as np

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.kernels.keyed import uniform
from oncopolis.twin.kernels.booking import URGENT_BELOW
from oncopolis.twin.kernels.counting import add_time, find_hour, touch
from oncopolis.twin.kernels.drawing import at_phase, at_stop, draw_ticks, to_ticks
from oncopolis.twin.kernels.entities import make_entity
from oncopolis.twin.kernels.history import is_history
from oncopolis.twin.kernels.holding import (
    FITS,
    ONE_SHORT,
    PRIORITIES,
    dequeue,
    enqueue,
    find_actual,
    get_credit,
    give,
    keep_places,
    mark,
    take,
    try_fit,
)
from oncopolis.twin.kernels.tables import (
    BREAKS,
    BUSY_ONLY,
    DAY,
    DAY_CASE,
    ENDS,
    FOR_BREAK,
    FOR_DURATION,
    FOR_PATIENCE,
    FOR_REPAIR,
    GIVES_UP,
    GOES_HOME,
    N_TODO,
    NEVER,
    PATIENT,
    R_STEP,
    R_TREATMENT,
    REPAIR,
    REPAIRED,
    UNIT,
    State,
    Tables,
)
from oncopolis.twin.kernels.wheel import schedule, unschedule

RANK_NOW = 0
RANK_ENDS = 1
RANK_BEGINS = 2
RANK_LEAVES = 3  # structure: who gives up does so after everything else of that tick
_TRIES = 6  # structure: bits of a draw's number for the time a service is taken up again


@compiled
def _count_start(t: Tables, s: State, e: int, now: int, waited: int) -> None:
    row = t.ac_row[s.act[e]]
    add_time(t, s, row, waited)
    if s.kind[e] == PATIENT:
        add_time(t, s, t.sizes[R_STEP] + t.st_row[s.stop[e]], waited)
        dept = t.ac_dept[s.act[e]]
        hour = find_hour(now)
        s.hour_sum[dept, hour] += waited
        s.hour_n[dept, hour] += 1
        if t.st_treats[s.stop[e]] and s.treated[e] == 0:
            s.treated[e] = 1
            add_time(t, s, t.sizes[R_TREATMENT] + t.so_cohort[s.source[e]], now - s.referred[e])
    s.begun[e] = now


@compiled
def _find_break(t: Tables, s: State, e: int) -> int:
    """Return the resource an entity has taken that fails only while it is used; -1 if none."""
    b = s.bundle[e]
    for i in range(t.bu_0[b], t.bu_1[b]):
        r = find_actual(t, s.sub[e], t.be_res[i])
        if t.re_fails[r] == BUSY_ONLY:
            return r
    return -1


@compiled
def serve(t: Tables, s: State, e: int, now: int, sub: int, waited: int) -> None:
    """Begin a phase, or take it up again where it was cut off."""
    take(t, s, e, now, sub)
    again = s.remaining[e]
    if again < 0:
        s.tries[e] = 0
        if s.phase[e] == t.ac_p0[s.act[e]]:
            _count_start(t, s, e, now, waited)
        phase = s.phase[e]
        ticks = draw_ticks(t, s, e, t.ph_dist[phase], FOR_DURATION, at_phase(t, s, e), t.ph_frail[phase])
    else:
        ticks = again
    s.since[e] = now
    s.remaining[e] = ticks
    what, ends = ENDS, now + ticks
    if t.bu_1[s.bundle[e]] > t.bu_0[s.bundle[e]]:
        r = _find_break(t, s, e)
        if r >= 0:
            u = uniform(s.key[e], FOR_BREAK, (at_phase(t, s, e) << _TRIES) + s.tries[e] % (1 << _TRIES))
            s.tries[e] += 1
            until = to_ticks(-t.re_every[r] * np.log(u))
            if until < ticks:
                what, ends = BREAKS, now + until
    schedule(t, s, e, ends, what, RANK_ENDS)


@compiled
def interrupt(t: Tables, s: State, e: int, now: int, r: int) -> None:
    """Cut a service off; it is taken up where it stopped once everything it held is free again.

    Who came for the day and would wait for what has closed goes home, and comes again for it.
    """
    s.remaining[e] -= now - s.since[e]
    unschedule(t, s, e)
    give(t, s, e, now)
    s.cuts[r] += 1
    if not _sends_home(t, s, e, now, -1):
        enqueue(t, s, e, now, r)
    mark(s, r)


@compiled
def _serve_unheld(t: Tables, s: State, e: int, now: int) -> None:
    """Let time pass for a phase before the run begins: who lies in bed then is known, who waited is not."""
    if t.st_treats[s.stop[e]]:
        s.treated[e] = 1
    phase = s.phase[e]
    ticks = draw_ticks(t, s, e, t.ph_dist[phase], FOR_DURATION, at_phase(t, s, e), t.ph_frail[phase])
    s.since[e] = now
    s.remaining[e] = ticks
    schedule(t, s, e, now + ticks, ENDS, RANK_ENDS)


@compiled
def _find_taken(t: Tables, s: State, e: int, r: int) -> int:
    """Return how much of a resource somebody who is served has taken."""
    taken = 0
    b = s.bundle[e]
    for i in range(t.bu_0[b], t.bu_1[b]):
        if find_actual(t, s.sub[e], t.be_res[i]) == r:
            taken += t.be_amount[i]
    return taken


@compiled
def _find_lack(t: Tables, s: State, e: int, r: int) -> int:
    """Return how much of a resource would have to become free for an entity."""
    b = t.ph_bundle[s.phase[e]]
    for i in range(t.bu_0[b], t.bu_1[b]):
        if t.be_res[i] == r:
            return t.be_amount[i] - get_credit(t, s, e, r) - (s.capacity[r] - s.held[r])
    return 0


@compiled
def _find_less_urgent(t: Tables, s: State, e: int, r: int) -> int:
    """Return who is to make room: the least urgent whose leaving is enough, the last begun of these."""
    found = -1
    if t.re_preempts[r] == 0 or t.re_r0[r] < 0:
        return found
    lack = _find_lack(t, s, e, r)
    for i in range(t.re_r0[r], t.re_r0[r] + s.n_running[r]):
        other = s.running[i]
        if s.kind[other] != PATIENT or s.prio[other] <= s.prio[e] or s.w_what[other] not in (ENDS, BREAKS):
            continue
        if _find_taken(t, s, other, r) < lack:
            continue
        if (
            found < 0
            or s.prio[other] > s.prio[found]
            or (s.prio[other] == s.prio[found] and s.since[other] >= s.since[found])
        ):
            found = other
    return found


@compiled
def _must_queue(t: Tables, s: State, e: int) -> bool:
    """Return whether others who wait have to be looked at first."""
    b = t.ph_bundle[s.phase[e]]
    for i in range(t.bu_0[b], t.bu_1[b]):
        r = t.be_res[i]
        if t.be_gates[i] == 0 or not (s.dirty[r] or (s.a_n[r] > 0 and t.re_even[r] == 0)):
            continue
        if get_credit(t, s, e, r) < t.be_amount[i]:
            return True
    return False


@compiled
def _queue(t: Tables, s: State, e: int, now: int, short: int, patience: int) -> None:
    keep_places(t, s, e, now)
    enqueue(t, s, e, now, short)
    if patience < NEVER:
        schedule(t, s, e, now + patience, GIVES_UP, RANK_LEAVES)


@compiled
def _is_over(t: Tables, s: State, e: int, r: int, now: int) -> bool:
    """Return whether somebody who came for the day asks for what will not open again that day."""
    if t.st_setting[s.stop[e]] > DAY_CASE or not is_closed(s, r) or has_refuge(t, s, e, r):
        return False
    return t.dw_open[now // DAY, r] < 0 or t.dw_close[now // DAY, r] <= now % DAY


@compiled
def _sends_home(t: Tables, s: State, e: int, now: int, sub: int) -> bool:
    """Let a patient go home if they lack what will not open again that day; return whether they do.

    Parameters
    ----------
    sub
        The resource that another stands in for; -1 if none.
    """
    if s.kind[e] != PATIENT:
        return False
    b = t.ph_bundle[s.phase[e]]
    for i in range(t.bu_0[b], t.bu_1[b]):
        r = t.be_res[i]
        if t.be_gates[i] == 0 or r == sub or get_credit(t, s, e, r) >= t.be_amount[i]:
            continue
        if _is_over(t, s, e, r, now):
            s.short[e] = r
            schedule(t, s, e, now, GOES_HOME, RANK_NOW)
            return True
    return False


@compiled
def is_closed(s: State, r: int) -> bool:
    """Return whether nothing of a resource is on duty, broken or not."""
    return s.capacity[r] + s.broken[r] * UNIT <= 0


@compiled
def has_refuge(t: Tables, s: State, e: int, r: int) -> bool:
    """Return whether somebody urgent can still be taken by what stands in for a resource that has closed."""
    return s.prio[e] < URGENT_BELOW and t.re_alt[r] >= 0 and not is_closed(s, t.re_alt[r])


@compiled
def ask(t: Tables, s: State, e: int, now: int) -> None:
    """Ask for the bundle of an entity's phase: be served, wait, or give up at once."""
    if is_history(t, s):
        _serve_unheld(t, s, e, now)
        return
    fit, short, sub = try_fit(t, s, e, now)
    queues = _must_queue(t, s, e)
    if fit == FITS and not queues:
        serve(t, s, e, now, sub, 0)
        return
    first_phase = s.phase[e] == t.ac_p0[s.act[e]] and s.remaining[e] < 0
    patience = NEVER
    if s.kind[e] == PATIENT and first_phase:
        if t.st_patience[s.stop[e]] >= 0:
            patience = draw_ticks(t, s, e, t.st_patience[s.stop[e]], FOR_PATIENCE, at_stop(s, e), 0.0)
        if short >= 0 and t.re_waiting[short] >= 0 and s.waiting[short] >= t.re_waiting[short]:
            patience = 0
    if fit == ONE_SHORT:
        other = _find_less_urgent(t, s, e, short)
        if other >= 0:
            interrupt(t, s, other, now, short)
            fit, short, sub = try_fit(t, s, e, now)
            if fit == FITS:
                serve(t, s, e, now, sub, 0)
                return
    if fit != FITS and _sends_home(t, s, e, now, sub):
        return
    if patience == 0:
        if fit == FITS:
            _queue(t, s, e, now, short, 0)
        else:
            s.asked[e], s.short[e] = now, short
            schedule(t, s, e, now, GIVES_UP, RANK_NOW)
        return
    _queue(t, s, e, now, short, patience)
    if fit == FITS:
        b = t.ph_bundle[s.phase[e]]
        for i in range(t.bu_0[b], t.bu_1[b]):
            if t.be_gates[i]:
                mark(s, t.be_res[i])


@compiled
def is_before(s: State, c: int, head: int, other: int, best: int) -> bool:
    """Return whether the head of class `c` goes before the best so far."""
    if best < 0:
        return True
    prio, known = c % PRIORITIES, other % PRIORITIES
    if prio != known:
        return prio < known
    if s.order[head] != s.order[best]:
        return s.order[head] < s.order[best]
    if s.asked[head] != s.asked[best]:
        return s.asked[head] < s.asked[best]
    return c < other


@compiled
def _find_first(t: Tables, s: State, r: int, now: int) -> tuple[int, int, int]:
    """Return the first of those who wait for a resource and can be served: entity, class, stand-in; or -1.

    Where requests are of different size, somebody who lacks nothing but more of this resource keeps
    others from being served before them.
    """
    best, best_class, best_sub = -1, -1, -1
    stop, stop_class = -1, -1
    for i in range(t.ra_0[r], t.ra_0[r] + s.a_n[r]):
        c = s.a_class[i]
        head = s.c_head[c]
        lacking = s.c_short[c]
        if lacking >= 0 and s.bundle[head] < 0 and s.capacity[lacking] <= s.held[lacking]:
            continue
        if not is_before(s, c, head, best_class, best):
            continue
        fit, short, sub = try_fit(t, s, head, now)
        s.c_short[c] = short if fit != FITS and s.bundle[head] < 0 and t.re_alt[short] < 0 else -1
        if fit == FITS:
            best, best_class, best_sub = head, c, sub
        elif (
            fit == ONE_SHORT and short == r and t.re_even[r] == 0 and is_before(s, c, head, stop_class, stop)
        ):
            stop, stop_class = head, c
    if best >= 0 and stop >= 0 and is_before(s, stop_class, stop, best_class, best):
        return -1, -1, -1
    return best, best_class, best_sub


@compiled
def drain(t: Tables, s: State, now: int) -> None:
    """Hand out what became free, to the first in order over all of it, until nobody more can be served."""
    while s.scalars[N_TODO] > 0:
        best, best_class, best_sub = -1, -1, -1
        i = 0
        while i < s.scalars[N_TODO]:
            r = s.todo[i]
            found, found_class, sub = -1, -1, -1
            if s.a_n[r] > 0 and s.capacity[r] > s.held[r]:
                found, found_class, sub = _find_first(t, s, r, now)
            if found < 0:
                s.dirty[r] = 0
                s.scalars[N_TODO] -= 1
                s.todo[i] = s.todo[s.scalars[N_TODO]]
                continue
            if is_before(s, found_class, found, best_class, best):
                best, best_class, best_sub = found, found_class, sub
            i += 1
        if best >= 0:
            dequeue(t, s, best, now)
            unschedule(t, s, best)
            serve(t, s, best, now, best_sub, now - s.asked[best])


@compiled
def break_down(t: Tables, s: State, r: int, now: int, key: np.uint64) -> None:
    """Put one unit of a resource out of order until it is repaired."""
    touch(s, r, now)
    s.broken[r] += 1
    s.capacity[r] -= UNIT
    s.failures[r] += 1
    e = make_entity(s, REPAIR, key)
    s.short[e] = r
    ticks = draw_ticks(t, s, e, t.re_repair[r], FOR_REPAIR, 0, 0.0)
    schedule(t, s, e, now + ticks, REPAIRED, RANK_NOW)


@compiled
def repair(s: State, r: int, now: int) -> None:
    """Put a unit back into service."""
    touch(s, r, now)
    s.broken[r] -= 1
    s.capacity[r] += UNIT
    mark(s, r)
