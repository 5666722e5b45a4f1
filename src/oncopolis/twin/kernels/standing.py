"""Who is there when a run begins, as a record has them: on their way, expected, or in a bed."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.kernels.keyed import uniform
from oncopolis.twin.kernels.away import wait_until
from oncopolis.twin.kernels.coming import come_as_booked
from oncopolis.twin.kernels.drawing import at_phase, draw_ticks
from oncopolis.twin.kernels.fates import enter_route, make_patient
from oncopolis.twin.kernels.holding import take
from oncopolis.twin.kernels.serving import RANK_BEGINS, RANK_ENDS
from oncopolis.twin.kernels.tables import (
    DAY,
    DUE,
    ENDS,
    FOR_DURATION,
    FOR_HOUR,
    FOR_REFERRAL,
    NEVER,
    RETURNS,
    State,
    Tables,
)
from oncopolis.twin.kernels.wheel import schedule

TRIED = 64  # structure: stays drawn at most, until one is longer than what was lain already
AGAIN = 40  # structure: bit of a draw's number above which the stays drawn are counted


@compiled
def stand(t: Tables, s: State, i: int) -> None:
    """Let somebody be where they are at the beginning, and go on from there."""
    stop, source, key = t.in_stop[i], t.in_source[i], t.in_key[i]
    e = make_patient(s, key, 0, stop, source, t.ro_prio[t.st_route[stop]])
    s.part[e] = uniform(key, FOR_REFERRAL, 0) * t.so_part[source] if t.so_part[source] > 0.0 else 0.0
    s.mask[e] = t.in_mask[i]
    s.treated[e] = t.in_treated[i]
    s.referred[e] = t.in_began[i]
    what, due = t.in_what[i], t.in_due[i]
    if what == RETURNS:
        s.due[e], s.due_what[e] = due, RETURNS
        schedule(t, s, e, due, RETURNS, RANK_BEGINS)
        return
    enter_route(t, s, e, 0)
    s.entered[e] = t.in_began[i]
    s.visits[e] = 1
    s.prio[e] = t.st_prio[stop] if t.st_prio[stop] >= 0 else s.base[e]
    s.rep[e], s.occurrence[e] = t.in_left[i], t.in_done[i]
    s.tries[e] = 0
    s.aim[e] = NEVER
    if what == ENDS:
        _lie(t, s, e, i)
    elif s.rep[e] == 0:
        wait_until(t, s, e, t.so_from[source], due, DUE)
    else:
        come_as_booked(t, s, e, t.so_from[source], due, t.in_a0[i], t.in_a1[i])


@compiled
def _lie(t: Tables, s: State, e: int, i: int) -> None:
    """Let somebody hold the bed they are in, for what is left of their stay."""
    act = t.in_act[i]
    s.task[e] = t.st_t0[s.stop[e]] + t.in_task[i]
    s.act[e], s.phase[e] = act, t.ac_p0[act] + t.in_phase[i]
    s.dept[e] = t.ac_dept[act]
    s.order[e] = s.arrived[e] = s.asked[e] = s.since[e] = 0
    take(t, s, e, 0, t.in_sub[i])
    rest = t.in_due[i] + _draw_rest(t, s, e, t.in_lain[i])
    s.remaining[e] = rest
    schedule(t, s, e, rest, ENDS, RANK_ENDS)


@compiled
def _draw_rest(t: Tables, s: State, e: int, lain: int) -> int:
    """Draw how much longer a stay lasts: the first of the stays drawn that is longer than what has passed.

    Who has lain longer than any goes home within a day.
    """
    phase, number = s.phase[e], at_phase(t, s, e)
    for j in range(TRIED):
        at = number + (j << AGAIN)
        ticks = draw_ticks(t, s, e, t.ph_dist[phase], FOR_DURATION, at, t.ph_frail[phase])
        if ticks > lain:
            return ticks - lain
    return int(uniform(s.key[e], FOR_HOUR, number) * DAY)
