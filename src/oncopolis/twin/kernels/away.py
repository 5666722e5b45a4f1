"""Being away: from the end of a visit until the next, or until relapse, death or an event comes before."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.twin.kernels.counting import add_time
from oncopolis.twin.kernels.holding import give
from oncopolis.twin.kernels.serving import RANK_BEGINS
from oncopolis.twin.kernels.tables import FATES, NEVER, R_VISIT, RATES, State, Tables
from oncopolis.twin.kernels.wheel import schedule


@compiled
def end_visit(t: Tables, s: State, e: int, now: int) -> None:
    """End a visit, if there is one: the patient leaves, or is admitted."""
    if s.clinic[e] >= 0:
        add_time(t, s, t.sizes[R_VISIT] + s.clinic[e], now - s.arrived[e])
        s.clinic[e] = -1


@compiled
def leave_campus(t: Tables, s: State, e: int, now: int) -> None:
    """End a visit, if there is one, and be nowhere."""
    end_visit(t, s, e, now)
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
def go_home(t: Tables, s: State, e: int, now: int) -> None:
    """Give back whatever is held, and leave."""
    give(t, s, e, now)
    leave_campus(t, s, e, now)


@compiled
def go_away(t: Tables, s: State, e: int, now: int, time: int, what: int) -> None:
    """Let a patient go until a later time."""
    go_home(t, s, e, now)
    wait_until(t, s, e, now, time, what)
