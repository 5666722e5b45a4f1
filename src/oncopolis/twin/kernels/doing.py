"""What is done at a stop: task after task, phase after phase."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.kernels.keyed import uniform
from oncopolis.twin.kernels.away import end_visit
from oncopolis.twin.kernels.booking import drop_node
from oncopolis.twin.kernels.coming import come_again
from oncopolis.twin.kernels.counting import add_present, log_row
from oncopolis.twin.kernels.drawing import at_occurrence, at_task, draw_count
from oncopolis.twin.kernels.entities import drop_entity, make_entity
from oncopolis.twin.kernels.history import is_history
from oncopolis.twin.kernels.holding import give, hand_over
from oncopolis.twin.kernels.passing import TO_BE_CONTINUED, end_occurrence
from oncopolis.twin.kernels.serving import RANK_BEGINS, ask
from oncopolis.twin.kernels.tables import (
    AWAY,
    BUSY,
    CONTACTS,
    DAY,
    DAY_CASE,
    DONE,
    EVENTS,
    FOR_SHOW,
    FOR_TASK,
    FOR_TIMES,
    GAP,
    GAP_DAYS,
    INPATIENT,
    JOB,
    LATE,
    NEVER,
    NO_SHOW,
    PATIENT,
    READY,
    T_ACTIVITY,
    T_STEP,
    TAIL,
    VISITS,
    State,
    Tables,
)
from oncopolis.twin.kernels.wheel import schedule


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
    if s.remaining[e] == TO_BE_CONTINUED:
        s.remaining[e] = -1
    else:
        s.task[e] = t.st_t0[stop] - 1
        s.left[e] = 0
    if t.st_setting[stop] == INPATIENT:
        end_visit(t, s, e, now)
    if s.dept[e] < 0:
        s.arrived[e] = now
    if is_history(t, s) and t.st_setting[stop] != INPATIENT:
        if t.st_treats[stop]:
            s.treated[e] = 1
        return end_occurrence(t, s, e, now)
    return do_next(t, s, e, now)


@compiled
def do_next(t: Tables, s: State, e: int, now: int) -> int:
    """Go on to the next thing to be done at a stop; BUSY, or the next stop when all is done."""
    stop = s.stop[e]
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
                if not is_history(t, s):
                    _send_off(t, s, e, now, act, n)
                continue
            s.left[e] = n - 1
            s.act[e] = act
        s.phase[e] = t.ac_p0[s.act[e]]
        s.remaining[e] = -1
        if t.ac_p0[s.act[e]] == t.ac_p1[s.act[e]]:
            _count_done(t, s, e)
            continue
        delay = _arrive_at(t, s, e, s.act[e])
        if t.st_setting[stop] != INPATIENT or delay > 0:
            give(t, s, e, now)
        if delay > 0:
            schedule(t, s, e, now + delay, READY, RANK_BEGINS)
        else:
            get_ready(t, s, e, now)
        return BUSY


@compiled
def get_ready(t: Tables, s: State, e: int, now: int) -> None:
    """Be there, and ask for the first phase."""
    s.came[e] = now
    if s.order[e] < 0:
        s.order[e] = now
    ask(t, s, e, now)


@compiled
def _find_open_activity(t: Tables, act: int, now: int) -> int:
    """Return the activity, or what is done instead while its department is not open; -1 for nothing."""
    while act >= 0 and t.opens[t.ac_dept[act]] > now:
        act = t.ac_fallback[act]
    return act


@compiled
def _arrive_at(t: Tables, s: State, e: int, act: int) -> int:
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
    schedule(t, s, job, now, READY, RANK_BEGINS)


@compiled
def _count_done(t: Tables, s: State, e: int) -> None:
    """Count an activity that is done."""
    act = s.act[e]
    s.turnout[t.sizes[T_ACTIVITY] + t.ac_row[act], DONE] += 1
    if t.ac_contact[act]:
        s.scalars[CONTACTS] += 1
    for i in range(t.ac_m0[act], t.ac_m1[act]):
        s.counted[t.me_id[i]] += t.me_n[i]


@compiled
def _find_first_held(t: Tables, s: State, e: int) -> int:
    """Return the first resource of what an entity holds; -1 if there is none."""
    b = s.bundle[e]
    return t.be_res[t.bu_0[b]] if b >= 0 and t.bu_1[b] > t.bu_0[b] else -1


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
    if not is_history(t, s):
        _count_done(t, s, e)
        log_row(t, s, e, _find_first_held(t, s, e), now, DONE)
        if kind == PATIENT:
            add_present(s, s.dept[e], s.begun[e], now, 0)
    if s.phase[e] < t.ac_p1[act]:
        if is_history(t, s):
            s.phase[e] = t.ac_p1[act]
        else:
            _make_tail(t, s, e, now)
    if s.planned[e] < 0:
        s.order[e] = -1
    if kind == JOB:
        give(t, s, e, now)
        if s.left[e] > 0:
            s.left[e] -= 1
            s.phase[e] = t.ac_p0[act]
            get_ready(t, s, e, now)
            return BUSY
        drop_entity(s, e)
        return AWAY
    return do_next(t, s, e, now)


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
