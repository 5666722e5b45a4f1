"""The way of a patient from stop to stop, and off it: giving up, being sent home, cancelling."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.kernels.keyed import uniform
from oncopolis.twin.kernels.away import go_away
from oncopolis.twin.kernels.booking import unbook
from oncopolis.twin.kernels.coming import come_again, schedule_first, schedule_next
from oncopolis.twin.kernels.counting import log_row
from oncopolis.twin.kernels.drawing import at_stop, draw, draw_count
from oncopolis.twin.kernels.fates import finish
from oncopolis.twin.kernels.holding import give
from oncopolis.twin.kernels.tables import (
    BUSY,
    CANCELLED,
    DAY,
    DONE,
    DUE,
    ENDLESS,
    FAULT,
    FAULT_AT,
    FOR_EXIT,
    FOR_REPEAT,
    FOR_SHARE,
    GAVE_UP,
    OUT,
    SENT_HOME,
    T_ACTIVITY,
    T_STEP,
    State,
    Tables,
)

_MOST_STOPS = 10_000  # structure: stops passed in no time at all, after which a loop counts as endless
TO_BE_CONTINUED = -2  # of what remains of a phase: the rest of the visit takes place another day


@compiled
def _is_here(t: Tables, s: State, e: int, stop: int, now: int) -> bool:
    """Return whether a step is done at this centre for this patient."""
    row = t.st_factor[stop]
    return row < 0 or s.part[e] < t.factor[row, t.da_year[now // DAY]]


@compiled
def choose_exit(t: Tables, s: State, e: int, stop: int) -> int:
    """Leave a stop by one of its ways."""
    first, last = t.st_x0[stop], t.st_x1[stop] - 1
    if first < last:
        u = uniform(s.key[e], FOR_EXIT, at_stop(s, e))
        for i in range(first, last):
            if u < t.ex_share[i]:
                return t.ex_to[i]
    return t.ex_to[last]


@compiled
def go_to(t: Tables, s: State, e: int, now: int, stop: int) -> bool:
    """Find the next stop that is done for a patient; True if they begin it now."""
    passed = 0
    while stop != OUT:
        passed += 1
        if passed > _MOST_STOPS:
            s.scalars[FAULT], s.scalars[FAULT_AT] = ENDLESS, stop
            return False
        s.visits[e] += 1
        s.occurrence[e] = 0
        mask = s.mask[e]
        if (mask & t.st_has[stop]) != t.st_has[stop] or (mask & t.st_lacks[stop]) != 0:
            stop = t.st_skip[stop]
            continue
        if t.st_share[stop] >= 0.0:
            u = draw(s, e, FOR_SHARE, at_stop(s, e), t.st_frail[stop])
            if u >= t.st_share[stop]:
                stop = t.st_skip[stop]
                continue
        s.stop[e] = stop
        s.prio[e] = t.st_prio[stop] if t.st_prio[stop] >= 0 else s.base[e]
        n = 1
        if t.st_times[stop] != -1 or t.st_mean_times[stop] != 1.0:
            n = draw_count(t, s, e, t.st_mean_times[stop], t.st_times[stop], FOR_REPEAT, at_stop(s, e))
        here = t.st_t1[stop] > t.st_t0[stop] and n > 0 and _is_here(t, s, e, stop, now)
        if here:
            s.rep[e] = n
            return schedule_first(t, s, e, now)
        days = t.st_aim[stop]
        if t.st_t1[stop] > t.st_t0[stop]:
            days += max(n - 1, 0) * t.st_every[stop] + t.st_days_away[stop]
        if days > 0:
            s.rep[e] = 0
            go_away(t, s, e, now, now + days * DAY, DUE)
            return False
        s.mask[e] |= t.st_sets[stop]
        stop = choose_exit(t, s, e, stop)
    finish(t, s, e, now)
    return False


@compiled
def end_occurrence(t: Tables, s: State, e: int, now: int) -> int:
    """End an occurrence of a stop; return the next stop, or BUSY if the series goes on another day."""
    stop = s.stop[e]
    s.turnout[t.sizes[T_STEP] + t.st_row[stop], DONE] += 1
    s.rep[e] -= 1
    s.occurrence[e] += 1
    if s.rep[e] > 0:
        schedule_next(t, s, e, now)
        return BUSY
    unbook(t, s, e)
    s.mask[e] |= t.st_sets[stop]
    return choose_exit(t, s, e, stop)


@compiled
def give_up(t: Tables, s: State, e: int, now: int) -> int:
    """Leave a queue for good; return the stop to go to."""
    stop = s.stop[e]
    s.turnout[t.sizes[T_STEP] + t.st_row[stop], GAVE_UP] += 1
    s.turnout[t.sizes[T_ACTIVITY] + t.ac_row[s.act[e]], GAVE_UP] += 1
    log_row(t, s, e, s.short[e], now, GAVE_UP)
    give(t, s, e, now)
    unbook(t, s, e)
    return t.st_gives[stop]


@compiled
def send_home(t: Tables, s: State, e: int, now: int) -> None:
    """Send somebody home who was not reached before closing; they come again, as urgent, for the rest."""
    stop = s.stop[e]
    s.turnout[t.sizes[T_STEP] + t.st_row[stop], SENT_HOME] += 1
    s.turnout[t.sizes[T_ACTIVITY] + t.ac_row[s.act[e]], SENT_HOME] += 1
    log_row(t, s, e, s.short[e], now, SENT_HOME)
    s.remaining[e] = TO_BE_CONTINUED
    s.left[e] += 1
    if s.occurrence[e] > 0:
        s.aim[e] = now // DAY
    s.tries[e] = -1
    come_again(t, s, e, now, now // DAY + 1, True)


@compiled
def cancel(t: Tables, s: State, e: int, now: int) -> None:
    """Cancel an appointment in time: the slot is free again, and another is booked."""
    s.turnout[t.sizes[T_STEP] + t.st_row[s.stop[e]], CANCELLED] += 1
    unbook(t, s, e)
    come_again(t, s, e, now, now // DAY + 1, False)
