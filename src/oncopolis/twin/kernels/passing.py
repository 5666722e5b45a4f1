"""The way of an entity: from stop to stop, from task to task, and out."""

import math

import numpy as np

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.kernels.keyed import child, uniform
from oncopolis.twin.kernels.booking import URGENT_BELOW, book, drop_node, unbook
from oncopolis.twin.kernels.counting import add_present, add_time, log_row
from oncopolis.twin.kernels.drawing import (
    at_occurrence,
    at_stop,
    at_task,
    draw,
    draw_count,
    draw_real,
    draw_ticks,
    to_ticks,
)
from oncopolis.twin.kernels.entities import drop_entity, make_entity
from oncopolis.twin.kernels.holding import give, hand_over
from oncopolis.twin.kernels.serving import RANK_BEGINS, RANK_NOW, ask
from oncopolis.twin.kernels.tables import (
    AWAY,
    BUSY,
    CANCELLED,
    CANCELS,
    COMPLETED,
    COMPLETION,
    CONTACTS,
    DAY,
    DAY_CASE,
    DEATH,
    DIED,
    DONE,
    DUE,
    ENDLESS,
    ENTERED,
    EVENTS,
    FATES,
    FAULT,
    FAULT_AT,
    FOR_CANCEL,
    FOR_DEFERRAL,
    FOR_EPISODE,
    FOR_EXIT,
    FOR_FATE,
    FOR_GAP,
    FOR_HOUR,
    FOR_LATE,
    FOR_RATE,
    FOR_REPEAT,
    FOR_SHARE,
    FOR_SHOW,
    FOR_TASK,
    FOR_TIMES,
    GAP,
    GAP_DAYS,
    GAVE_UP,
    HISTORY,
    INPATIENT,
    JOB,
    LATE,
    LEFT,
    MEMBERS,
    NEVER,
    NO_SHOW,
    NONE,
    OUT,
    PATIENT,
    R_PATH,
    R_VISIT,
    RATE,
    RATES,
    READY,
    RELAPSE,
    RETURNS,
    SENT_HOME,
    T_ACTIVITY,
    T_STEP,
    TAIL,
    TIME,
    TODAY,
    VISITS,
    State,
    Tables,
)
from oncopolis.twin.kernels.wheel import schedule

_MOST_STOPS = 10_000  # structure: stops passed in no time at all, after which a loop counts as endless
_YEAR = 365.25 * DAY  # structure: ticks a mean year
_LAST_START = 0.75  # structure: who comes without a booking comes in the first three quarters of the open day
_TO_BE_CONTINUED = -2  # of what remains of a phase: the rest of the visit takes place another day
_EPISODES = 16  # structure: bits for the count of children beside the episode's number


@compiled
def leave_campus(t: Tables, s: State, e: int, now: int) -> None:
    """End a visit, if there is one."""
    if s.clinic[e] >= 0:
        add_time(t, s, t.sizes[R_VISIT] + s.clinic[e], now - s.arrived[e])
        s.clinic[e] = -1
    s.dept[e] = -1


@compiled
def wait_until(t: Tables, s: State, e: int, now: int, time: int, what: int) -> None:
    """Let `what` happen to a patient at a time, unless relapse, death or an event by rate comes before."""
    s.due[e], s.due_what[e] = time, what
    soonest = min(time, s.fate[e], s.rate[e])
    if soonest == NEVER:
        return
    if soonest == time:
        schedule(t, s, e, time, what, RANK_BEGINS)
    elif s.fate[e] <= s.rate[e]:
        schedule(t, s, e, max(s.fate[e], now), FATES, RANK_BEGINS)
    else:
        schedule(t, s, e, max(s.rate[e], now), RATES, RANK_BEGINS)


@compiled
def go_away(t: Tables, s: State, e: int, now: int, time: int, what: int) -> None:
    """Let a patient go until a later time."""
    give(t, s, e, now)
    leave_campus(t, s, e, now)
    wait_until(t, s, e, now, time, what)


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
def find_workday(t: Tables, day: int, steps: int) -> int:
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
        return find_workday(t, day, t.st_every[stop])
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
    """Book what a patient had before them when the run began."""
    _book_series(t, s, e, now, day, s.rep[e], -1, False)
    if s.book[e] >= 0:
        _come_booked(t, s, e, now)


@compiled
def come_again(t: Tables, s: State, e: int, now: int, day: int, urgent: bool) -> None:
    """Find new times for an occurrence that did not take place and, after it, for the rest of its series."""
    give(t, s, e, now)
    leave_campus(t, s, e, now)
    s.planned[e] = s.order[e] = -1
    n, node = 1, s.book[e]
    prefer = s.n_cell[node] if node >= 0 else -1
    while node >= 0:
        n += 1
        node = s.n_next[node]
    unbook(t, s, e)
    stop = s.stop[e] = _find_row(t, s.stop[e], day)
    if t.st_b1[stop] > t.st_b0[stop] and not s.scalars[HISTORY]:
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
    booked = t.st_b1[stop] > t.st_b0[stop] and not s.scalars[HISTORY]
    if aim == 0 and (not booked or s.dept[e] >= 0):
        return True
    if booked:
        give(t, s, e, now)
        leave_campus(t, s, e, now)
        _book_series(t, s, e, now, today + aim, s.rep[e], -1, False)
        if s.book[e] >= 0:
            _come_booked(t, s, e, now)
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
    give(t, s, e, now)
    leave_campus(t, s, e, now)
    if s.book[e] < 0:
        stop = s.stop[e] = _find_row(t, stop, day)
    if t.st_b1[stop] > t.st_b0[stop] and not s.scalars[HISTORY]:
        if s.book[e] < 0:
            _book_series(t, s, e, now, day, s.rep[e], -1, False)
        if s.book[e] >= 0:
            _come_booked(t, s, e, now)
        return
    time = _come_unbooked(t, s, e, now, day)
    if t.st_setting[stop] == INPATIENT or t.st_setting[stop] == NONE:
        time = max(day * DAY + now % DAY, now)
    wait_until(t, s, e, now, time, DUE)


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
def enter_route(t: Tables, s: State, e: int, now: int, stop: int) -> None:
    """Set a patient on a route: what may become of them there is drawn now."""
    route = t.st_route[stop]
    s.entered[e] = now
    s.fate[e], s.fate_kind[e] = NEVER, -1
    s.rate[e] = NEVER
    at = s.visits[e] << 8  # structure: room for the causes of one route
    key = s.key[e]
    if t.ro_relapse[route] > 0.0:
        years = -math.log(uniform(key, FOR_FATE, at)) / t.ro_relapse[route]
        if years <= t.ro_relapse_years[route]:
            s.fate[e], s.fate_kind[e] = now + to_ticks(years * _YEAR), RELAPSE
    if t.ro_death[route] > 0.0:
        until = now + to_ticks(-math.log(uniform(key, FOR_FATE, at + 1)) / t.ro_death[route] * _YEAR)
        if until < s.fate[e]:
            s.fate[e], s.fate_kind[e] = until, DEATH
    if t.ro_other[route] > 0.0:
        ageing = t.ro_ageing[route]
        drawn = -math.log(uniform(key, FOR_FATE, at + 2))
        years = math.log1p(ageing / t.ro_other[route] * drawn) / ageing
        until = now + to_ticks(years * _YEAR)
        if until < s.fate[e]:
            s.fate[e], s.fate_kind[e] = until, DEATH
    for i in range(t.ro_e0[route], t.ro_e1[route]):
        if t.ep_when[i] == TIME:
            until = now + draw_ticks(
                t, s, e, t.ep_dist[i], FOR_EPISODE, at + 8 + i - t.ro_e0[route], 0.0
            )  # structure: after the causes
            if until < s.fate[e]:
                s.fate[e], s.fate_kind[e] = until, TIME
    draw_rate(t, s, e, now)


@compiled
def draw_rate(t: Tables, s: State, e: int, now: int) -> None:
    """Draw when something that happens at a rate happens next."""
    route = t.st_route[s.stop[e]] if s.stop[e] >= 0 else -1
    s.rate[e] = NEVER
    if route >= 0 and t.ro_rate[route] > 0.0:
        u = uniform(s.key[e], FOR_RATE, s.children[e])
        s.rate[e] = now + to_ticks(-math.log(u) / t.ro_rate[route])


@compiled
def make_patient(t: Tables, s: State, key: np.uint64, now: int, stop: int, source: int, prio: int) -> int:
    """Make a patient who enters a route at a stop."""
    e = make_entity(s, PATIENT, key)
    s.source[e] = source
    s.referred[e] = now
    s.stop[e] = stop
    s.prio[e] = s.base[e] = prio
    s.clinic[e] = -1
    s.tries[e] = 0
    s.frailty[e] = key
    s.scalars[ENTERED] += 1
    return e


@compiled
def start_episode(t: Tables, s: State, e: int, now: int, i: int) -> None:
    """Start an episode from a patient's route as a patient of its own."""
    key = child(s.key[e], ((i - t.ro_e0[t.st_route[s.stop[e]]] + 1) << _EPISODES) + s.children[e])
    s.children[e] += 1
    stop = t.ep_stop[i]
    new = make_patient(t, s, key, now, stop, s.source[e], t.ro_prio[t.st_route[stop]])
    s.mask[new] = s.mask[e] | t.ep_sets[i]
    s.part[new] = s.part[e]
    s.frailty[new] = s.frailty[e]
    s.referred[new] = s.referred[e]
    s.treated[new] = 1 if t.ep_when[i] != COMPLETION else s.treated[e]
    s.due[new], s.due_what[new] = now, RETURNS
    schedule(t, s, new, now, RETURNS, RANK_NOW)


@compiled
def start_episodes(t: Tables, s: State, e: int, now: int, when: int) -> None:
    """Start the episodes that an event starts."""
    route = t.st_route[s.stop[e]]
    for i in range(t.ro_e0[route], t.ro_e1[route]):
        if t.ep_when[i] != when:
            continue
        mask = s.mask[e]
        if (mask & t.ep_has[i]) != t.ep_has[i] or (mask & t.ep_lacks[i]) != 0:
            continue
        if t.ep_share[i] >= 0.0:
            number = (s.visits[e] << 8) + i - t.ro_e0[route]  # structure: bits for episodes of one route
            if uniform(s.key[e], FOR_EPISODE, number) >= t.ep_share[i]:
                continue
        start_episode(t, s, e, now, i)


@compiled
def happen_by_rate(t: Tables, s: State, e: int, now: int) -> None:
    """Start one of the episodes that happen at a rate, and go on waiting."""
    route = t.st_route[s.stop[e]]
    u = (
        uniform(s.key[e], FOR_EPISODE, (1 << 40) + s.children[e]) * t.ro_rate[route]
    )  # structure: apart from the others
    for i in range(t.ro_e0[route], t.ro_e1[route]):
        if t.ep_when[i] == RATE:
            u -= t.ep_rate[i]
            if u < 0.0:
                mask = s.mask[e]
                if (mask & t.ep_has[i]) == t.ep_has[i] and (mask & t.ep_lacks[i]) == 0:
                    start_episode(t, s, e, now, i)
                else:
                    s.children[e] += 1
                break
    draw_rate(t, s, e, now)
    wait_until(t, s, e, now, max(s.due[e], now), s.due_what[e])


@compiled
def meet_fate(t: Tables, s: State, e: int, now: int) -> None:
    """Relapse, die, or go on to another pathway after a time."""
    kind = s.fate_kind[e]
    unbook(t, s, e)
    start_episodes(t, s, e, now, kind)
    s.scalars[DIED if kind == DEATH else LEFT] += 1
    drop_entity(s, e)


@compiled
def finish(t: Tables, s: State, e: int, now: int) -> None:
    """Come to the end of a route."""
    give(t, s, e, now)
    leave_campus(t, s, e, now)
    route = t.st_route[s.stop[e]]
    if t.ro_life[route] and s.fate[e] < NEVER:
        wait_until(t, s, e, now, NEVER, DUE)
        return
    add_time(t, s, t.sizes[R_PATH] + t.ro_path[route], now - s.entered[e])
    start_episodes(t, s, e, now, COMPLETION)
    s.scalars[COMPLETED] += 1
    source = s.source[e]
    if t.so_kind[source] == MEMBERS and t.st_route[t.so_stop[source]] == route:
        return_member(t, s, e, now)
        return
    drop_entity(s, e)


@compiled
def return_member(t: Tables, s: State, e: int, now: int) -> None:
    """Let a member of a closed population come back after a time."""
    source = s.source[e]
    s.children[e] += 1
    s.scalars[ENTERED] += 1
    ticks = draw_ticks(t, s, e, t.so_dist[source], FOR_GAP, s.children[e], 0.0)
    s.mask[e] = np.uint64(0)
    s.stop[e] = t.so_stop[source]
    s.referred[e] = now + ticks
    s.due[e], s.due_what[e] = now + ticks, RETURNS
    schedule(t, s, e, now + ticks, RETURNS, RANK_BEGINS)


@compiled
def begin(t: Tables, s: State, e: int, now: int) -> int:
    """Come for an occurrence of a stop: BUSY if the patient does not show up, else what `do_next` says."""
    stop = s.stop[e]
    today = now // DAY
    if s.planned[e] >= 0 and s.book[e] >= 0:
        node = s.book[e]
        s.book[e] = s.n_next[node]
        drop_node(s, node)
        bk = t.sb_bk[t.st_b0[stop]]
        misses = t.bk_no_show[bk] if s.tries[e] >= 0 else 0.0
        if misses > 0.0 and uniform(s.key[e], FOR_SHOW, at_occurrence(s, e)) < misses:
            s.turnout[t.sizes[T_STEP] + t.st_row[stop], NO_SHOW] += 1
            s.tries[e] = -1
            come_again(t, s, e, now, today + 1, False)
            return BUSY
    row = t.sizes[T_STEP] + t.st_row[stop]
    if s.occurrence[e] == 0:
        if today > s.aim[e]:
            s.turnout[row, LATE] += 1
    elif today > s.aim[e]:
        s.turnout[row, GAP] += 1
        s.turnout[row, GAP_DAYS] += today - s.aim[e]
    s.aim[e] = NEVER
    if s.remaining[e] == _TO_BE_CONTINUED:
        s.remaining[e] = -1
    else:
        s.task[e] = t.st_t0[stop] - 1
        s.left[e] = 0
    if s.dept[e] < 0:
        s.arrived[e] = now
    if s.scalars[HISTORY] and t.st_setting[stop] != INPATIENT:
        if t.st_treats[stop]:
            s.treated[e] = 1
        return end_occurrence(t, s, e, now)
    return do_next(t, s, e, now)


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
def _find_open_activity(t: Tables, act: int, now: int) -> int:
    """Return the activity, or what is done instead while its department is not open; -1 for nothing."""
    while act >= 0 and t.opens[t.ac_dept[act]] > now:
        act = t.ac_fallback[act]
    return act


@compiled
def _send_off(t: Tables, s: State, e: int, now: int, act: int, n: int) -> None:
    """Let work be done for a patient who does not wait for it."""
    job = make_entity(s, JOB, s.key[e])
    s.stop[job] = s.stop[e]
    s.task[job] = s.task[e]
    s.visits[job], s.occurrence[job] = s.visits[e], s.occurrence[e]
    s.prio[job] = s.prio[e]
    s.source[job] = s.source[e]
    s.frailty[job] = s.frailty[e]
    s.left[job] = n - 1
    s.act[job] = act
    s.phase[job] = t.ac_p0[act]
    s.order[job] = now
    s.came[job] = now
    s.dept[job] = t.ac_dept[act]
    s.planned[job] = -1
    schedule(t, s, job, now, READY, RANK_BEGINS)


@compiled
def _arrive_at(t: Tables, s: State, e: int, now: int, act: int) -> int:
    """Return the ticks a patient takes to check in or walk to where an activity is done."""
    dept = t.ac_dept[act]
    delay = 0
    if t.ac_contact[act] == 0:
        return 0
    if s.dept[e] < 0:
        delay = t.check_in[dept]
        setting = t.st_setting[s.stop[e]]
        if setting <= DAY_CASE:
            s.scalars[VISITS] += 1
            s.clinic[e] = dept
    elif s.dept[e] != dept:
        delay = t.walk[s.dept[e], dept]
    s.dept[e] = dept
    return delay


@compiled
def do_next(t: Tables, s: State, e: int, now: int) -> int:
    """Go on to the next thing to be done at a stop; BUSY, or the next stop when all is done."""
    stop = s.stop[e]
    setting = t.st_setting[stop]
    while True:
        if s.left[e] > 0:
            s.left[e] -= 1
        else:
            s.task[e] += 1
            if s.task[e] >= t.st_t1[stop]:
                return end_occurrence(t, s, e, now)
            task = s.task[e]
            share = t.ta_share[task]
            if share >= 0.0 and uniform(s.key[e], FOR_TASK, at_task(t, s, e)) >= share:
                continue
            n = 1
            if t.ta_n[task] != 1.0 or t.ta_dist[task] >= 0:
                n = draw_count(t, s, e, t.ta_n[task], t.ta_dist[task], FOR_TIMES, at_task(t, s, e))
            act = _find_open_activity(t, t.ta_act[task], now)
            if n == 0 or act < 0:
                continue
            if t.ta_aside[task]:
                if not s.scalars[HISTORY]:
                    _send_off(t, s, e, now, act, n)
                continue
            s.left[e] = n - 1
            s.act[e] = act
        s.phase[e] = t.ac_p0[s.act[e]]
        s.remaining[e] = -1
        if t.ac_p0[s.act[e]] == t.ac_p1[s.act[e]]:
            count_done(t, s, e, now)
            continue
        delay = _arrive_at(t, s, e, now, s.act[e])
        if setting != INPATIENT:
            give(t, s, e, now)
        if delay > 0:
            give(t, s, e, now)
            schedule(t, s, e, now + delay, READY, RANK_BEGINS)
        else:
            s.came[e] = now
            if s.order[e] < 0:
                s.order[e] = now
            ask(t, s, e, now)
        return BUSY


@compiled
def count_done(t: Tables, s: State, e: int, now: int) -> None:
    """Count an activity that is done."""
    act = s.act[e]
    s.turnout[t.sizes[T_ACTIVITY] + t.ac_row[act], DONE] += 1
    if t.ac_contact[act]:
        s.scalars[CONTACTS] += 1
    for i in range(t.ac_m0[act], t.ac_m1[act]):
        s.counted[t.me_id[i]] += t.me_n[i]


@compiled
def _make_tail(t: Tables, s: State, e: int, now: int) -> None:
    """Hand what is held over to those who clear up, so that the patient can go."""
    tail = make_entity(s, TAIL, s.key[e])
    s.stop[tail], s.task[tail], s.visits[tail] = s.stop[e], s.task[e], s.visits[e]
    s.occurrence[tail], s.left[tail] = s.occurrence[e], s.left[e]
    s.prio[tail] = 0
    s.source[tail] = s.source[e]
    s.act[tail] = s.act[e]
    s.phase[tail] = s.phase[e]
    s.order[tail] = now
    s.frailty[tail] = s.frailty[e]
    hand_over(t, s, e, tail)
    s.dept[tail] = s.dept[e]
    ask(t, s, tail, now)


@compiled
def end_phase(t: Tables, s: State, e: int, now: int) -> int:
    """End a phase: go on to the next, or be done; BUSY, AWAY once the entity is gone, or the next stop."""
    s.scalars[EVENTS] += 1
    act = s.act[e]
    s.remaining[e] = -1
    s.phase[e] += 1
    kind = s.kind[e]
    if s.phase[e] < t.ac_tail[act] or (kind == TAIL and s.phase[e] < t.ac_p1[act]):
        ask(t, s, e, now)
        return BUSY
    if kind == TAIL:
        give(t, s, e, now)
        drop_entity(s, e)
        return AWAY
    if not s.scalars[HISTORY]:
        count_done(t, s, e, now)
        log_row(
            t,
            s,
            e,
            t.be_res[t.bu_0[s.bundle[e]]]
            if s.bundle[e] >= 0 and t.bu_1[s.bundle[e]] > t.bu_0[s.bundle[e]]
            else -1,
            now,
            DONE,
        )
        if kind == PATIENT:
            add_present(t, s, s.dept[e], s.begun[e], now, 0)
    if s.phase[e] < t.ac_p1[act]:
        if s.scalars[HISTORY]:
            s.phase[e] = t.ac_p1[act]
        else:
            _make_tail(t, s, e, now)
    s.order[e] = s.order[e] if s.planned[e] >= 0 else -1
    if kind == JOB:
        give(t, s, e, now)
        if s.left[e] > 0:
            s.left[e] -= 1
            s.phase[e] = t.ac_p0[act]
            s.came[e] = s.order[e] = now
            ask(t, s, e, now)
            return BUSY
        drop_entity(s, e)
        return AWAY
    return do_next(t, s, e, now)


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
def leave(t: Tables, s: State, e: int, now: int) -> None:
    """Leave the centre without having come to the end of the pathway."""
    leave_campus(t, s, e, now)
    s.scalars[LEFT] += 1
    source = s.source[e]
    if t.so_kind[source] == MEMBERS and t.st_route[t.so_stop[source]] == t.st_route[s.stop[e]]:
        return_member(t, s, e, now)
    else:
        drop_entity(s, e)


@compiled
def send_home(t: Tables, s: State, e: int, now: int) -> None:
    """Send somebody home who was not reached before closing; they come again, as urgent, for the rest."""
    stop = s.stop[e]
    s.turnout[t.sizes[T_STEP] + t.st_row[stop], SENT_HOME] += 1
    s.turnout[t.sizes[T_ACTIVITY] + t.ac_row[s.act[e]], SENT_HOME] += 1
    log_row(t, s, e, s.short[e], now, SENT_HOME)
    s.remaining[e] = _TO_BE_CONTINUED
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
