"""When somebody comes: at once, by appointment or without one, for the first time, the next, or again."""

import math

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.kernels.keyed import uniform
from oncopolis.twin.kernels.away import go_away, go_home, wait_until
from oncopolis.twin.kernels.booking import URGENT_BELOW, book, keep, unbook
from oncopolis.twin.kernels.drawing import at_occurrence, draw, draw_real
from oncopolis.twin.kernels.history import is_history
from oncopolis.twin.kernels.tables import (
    CANCELS,
    DAY,
    DUE,
    FOR_CANCEL,
    FOR_DEFERRAL,
    FOR_HOUR,
    FOR_LATE,
    INPATIENT,
    NEVER,
    NONE,
    TODAY,
    State,
    Tables,
)

_LAST_START = 0.75  # structure: who comes without a booking comes in the first three quarters of the open day


@compiled
def _find_workday(t: Tables, day: int, steps: int) -> int:
    """Return the day so many working days after another."""
    last = len(t.da_work) - 1
    while steps > 0 and day < last:
        day += 1
        steps -= t.da_work[day]
    return day


@compiled
def _find_later(t: Tables, stop: int, day: int) -> int:
    """Return the day of the next occurrence of a series."""
    if t.st_workdays[stop]:
        return _find_workday(t, day, t.st_every[stop])
    return day + t.st_every[stop]


@compiled
def _find_row(t: Tables, stop: int, day: int) -> int:
    """Return the row of a stop that holds on a day: which departments are open decides what is booked."""
    row = t.st_base[stop]
    while t.st_before[row] >= 0 and day < t.st_from[row]:
        row = t.st_before[row]
    return row


@compiled
def _find_open(t: Tables, stop: int, day: int) -> int:
    """Return the first day from `day` on which what a stop needs is open."""
    r = t.st_window[stop]
    last = len(t.da_work) - 1
    if r >= 0:
        while day < last and t.dw_open[day, r] < 0:
            day += 1
    return min(day, last)


@compiled
def _come_unbooked(t: Tables, s: State, e: int, now: int, day: int) -> int:
    """Return when somebody comes on a day without an appointment."""
    stop = s.stop[e]
    r = t.st_window[stop]
    if r < 0 or t.st_setting[stop] == INPATIENT or t.st_setting[stop] == NONE:
        return max(day * DAY + now % DAY, now)
    day = _find_open(t, stop, day)
    opened, closed = t.dw_open[day, r], t.dw_close[day, r]
    u = uniform(s.key[e], FOR_HOUR, at_occurrence(s, e))
    return max(day * DAY + opened + int(u * _LAST_START * (closed - opened)), now)


@compiled
def _book_series(t: Tables, s: State, e: int, now: int, day: int, n: int, prefer: int, soon: bool) -> None:
    """Book all occurrences of a series that lie within the horizon, the others when it comes to them.

    Parameters
    ----------
    day
        First day of the first of them.
    n
        How many.
    prefer
        Quarter of the day to look from first; -1 for that of the first booking.
    soon
        Whether the first may use slots kept for urgent patients.
    """
    stop = s.stop[e]
    urgent = s.prio[e] < URGENT_BELOW
    bk = t.sb_bk[t.st_b0[stop]]
    reach = s.scalars[TODAY] + t.bk_horizon[bk]
    last = -1
    for _ in range(n):
        node = book(t, s, stop, day, now + 1, prefer, urgent or (soon and last < 0))
        if node < 0:
            return
        if last < 0:
            s.book[e] = node
        else:
            s.n_next[last] = node
        last = node
        if prefer < 0:
            prefer = s.n_cell[node]
        day = _find_later(t, stop, s.n_day[node])
        if day > reach or _find_row(t, stop, day) != stop:
            return


@compiled
def _come_booked(t: Tables, s: State, e: int, now: int) -> None:
    """Take the next booking: the patient comes for it, or cancels in time."""
    node = s.book[e]
    stop = s.stop[e]
    bk = t.sb_bk[t.st_b0[stop]]
    s.planned[e] = s.n_time[node]
    s.order[e] = s.n_time[node]
    single = s.n_next[node] < 0
    if single and t.bk_cancelled[bk] > 0.0 and s.tries[e] >= 0:
        cancels = s.n_time[node] - t.bk_cancelled_days[bk] * DAY
        u = uniform(s.key[e], FOR_CANCEL, at_occurrence(s, e))
        if cancels > now and u < t.bk_cancelled[bk]:
            s.tries[e] = -1
            wait_until(t, s, e, now, cancels, CANCELS)
            return
    late = 0
    if t.bk_late[bk] >= 0:
        late = math.floor(draw_real(t, s, e, t.bk_late[bk], FOR_LATE, at_occurrence(s, e), 0.0))
    wait_until(t, s, e, now, max(s.n_time[node] + late, now), DUE)


@compiled
def book_ahead(t: Tables, s: State, e: int, now: int, day: int) -> None:
    """Book the rest of a series as far as the horizon reaches, and come for the first of it."""
    _book_series(t, s, e, now, day, s.rep[e], -1, False)
    if s.book[e] >= 0:
        _come_booked(t, s, e, now)


@compiled
def come_as_booked(t: Tables, s: State, e: int, now: int, due: int, first: int, last: int) -> None:
    """Come for what is left of a step that began before the run: as booked then, else as usual.

    Parameters
    ----------
    now
        From when they come.
    due
        When: that of the first appointment, or the day from which one is looked for.
    first, last
        Appointments.
    """
    day = due // DAY
    stop = s.stop[e] = _find_row(t, s.stop[e], day)
    if t.st_b1[stop] > t.st_b0[stop]:
        if first == last:
            book_ahead(t, s, e, now, day)
            return
        before = -1
        for i in range(first, last):
            node = keep(t, s, stop, t.ap_time[i])
            if before < 0:
                s.book[e] = node
            else:
                s.n_next[before] = node
            before = node
        _come_booked(t, s, e, now)
    elif first < last:
        wait_until(t, s, e, now, due, DUE)
    else:
        wait_until(t, s, e, now, _come_unbooked(t, s, e, now, day), DUE)


@compiled
def come_again(t: Tables, s: State, e: int, now: int, day: int, urgent: bool) -> None:
    """Find new times for an occurrence that did not take place and, after it, for the rest of its series."""
    go_home(t, s, e, now)
    s.planned[e] = s.order[e] = -1
    n, node = 1, s.book[e]
    prefer = s.n_cell[node] if node >= 0 else -1
    while node >= 0:
        n += 1
        node = s.n_next[node]
    unbook(t, s, e)
    stop = s.stop[e] = _find_row(t, s.stop[e], day)
    if t.st_b1[stop] > t.st_b0[stop] and not is_history(t, s):
        _book_series(t, s, e, now, day, n, prefer, urgent)
        if s.book[e] >= 0:
            _come_booked(t, s, e, now)
    else:
        wait_until(t, s, e, now, _come_unbooked(t, s, e, now, day), DUE)


@compiled
def schedule_first(t: Tables, s: State, e: int, now: int) -> bool:
    """Say when a patient comes for the first occurrence of a stop; True for now."""
    today = now // DAY
    aim = t.st_aim[s.stop[e]]
    stop = s.stop[e] = _find_row(t, s.stop[e], today + aim)
    s.aim[e] = today + t.st_latest[stop] if t.st_latest[stop] >= 0 else NEVER
    s.planned[e] = s.order[e] = -1
    s.tries[e] = 0
    booked = t.st_b1[stop] > t.st_b0[stop] and not is_history(t, s)
    if aim == 0 and (not booked or s.dept[e] >= 0):
        return True
    if booked:
        go_home(t, s, e, now)
        book_ahead(t, s, e, now, today + aim)
        return False
    go_away(t, s, e, now, _come_unbooked(t, s, e, now, today + aim), DUE)
    return False


@compiled
def schedule_next(t: Tables, s: State, e: int, now: int) -> None:
    """Say when a patient comes for the next occurrence of a series."""
    stop = s.stop[e]
    s.aim[e] = _find_later(t, stop, now // DAY)
    day = s.aim[e]
    s.planned[e] = s.order[e] = -1
    s.tries[e] = 0
    deferred = False
    if t.st_defer[stop] > 0.0:
        u = draw(s, e, FOR_DEFERRAL, at_occurrence(s, e), t.st_defer_frail[stop])
        deferred = u < t.st_defer[stop]
    if deferred:
        unbook(t, s, e)
        day += t.st_defer_days[stop]
        s.aim[e] = day
    go_home(t, s, e, now)
    if s.book[e] < 0:
        stop = s.stop[e] = _find_row(t, stop, day)
    if t.st_b1[stop] > t.st_b0[stop] and not is_history(t, s):
        if s.book[e] < 0:
            book_ahead(t, s, e, now, day)
        else:
            _come_booked(t, s, e, now)
        return
    wait_until(t, s, e, now, _come_unbooked(t, s, e, now, day), DUE)
