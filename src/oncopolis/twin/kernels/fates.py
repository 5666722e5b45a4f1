"""What becomes of a patient on a route: episodes, relapse, death, and the end."""

import math

import numpy as np

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.kernels.keyed import child, uniform
from oncopolis.twin.kernels.away import go_home, leave_campus, wait_until
from oncopolis.twin.kernels.booking import unbook
from oncopolis.twin.kernels.counting import add_time
from oncopolis.twin.kernels.drawing import draw_ticks, to_ticks
from oncopolis.twin.kernels.entities import drop_entity, make_entity
from oncopolis.twin.kernels.serving import RANK_BEGINS, RANK_NOW
from oncopolis.twin.kernels.tables import (
    COMPLETED,
    COMPLETION,
    DEATH,
    DIED,
    DUE,
    ENTERED,
    FOR_EPISODE,
    FOR_FATE,
    FOR_GAP,
    FOR_RATE,
    LEFT,
    MEMBERS,
    NEVER,
    PATIENT,
    R_PATH,
    RATE,
    RELAPSE,
    RETURNS,
    TIME,
    YEAR,
    State,
    Tables,
)
from oncopolis.twin.kernels.wheel import schedule

_EPISODES = 16  # structure: bits for the count of children beside the episode's number


@compiled
def make_patient(s: State, key: np.uint64, now: int, stop: int, source: int, prio: int) -> int:
    """Make a patient who enters a route at a stop."""
    e = make_entity(s, PATIENT, key)
    s.source[e] = source
    s.referred[e] = now
    s.stop[e] = stop
    s.prio[e] = s.base[e] = prio
    s.clinic[e] = -1
    s.scalars[ENTERED] += 1
    return e


@compiled
def enter_route(t: Tables, s: State, e: int, now: int) -> None:
    """Set a patient on a route: what may become of them there is drawn now."""
    route = t.st_route[s.stop[e]]
    s.entered[e] = now
    s.fate[e], s.fate_kind[e] = NEVER, -1
    at = s.visits[e] << 8  # structure: room for the causes of one route
    key = s.key[e]
    if t.ro_relapse[route] > 0.0:
        years = -math.log(uniform(key, FOR_FATE, at)) / t.ro_relapse[route]
        if years <= t.ro_relapse_years[route]:
            s.fate[e], s.fate_kind[e] = now + to_ticks(years * YEAR), RELAPSE
    if t.ro_death[route] > 0.0:
        until = now + to_ticks(-math.log(uniform(key, FOR_FATE, at + 1)) / t.ro_death[route] * YEAR)
        if until < s.fate[e]:
            s.fate[e], s.fate_kind[e] = until, DEATH
    if t.ro_other[route] > 0.0:
        ageing = t.ro_ageing[route]
        drawn = -math.log(uniform(key, FOR_FATE, at + 2))
        years = math.log1p(ageing / t.ro_other[route] * drawn) / ageing
        until = now + to_ticks(years * YEAR)
        if until < s.fate[e]:
            s.fate[e], s.fate_kind[e] = until, DEATH
    for i in range(t.ro_e0[route], t.ro_e1[route]):
        if t.ep_when[i] == TIME:
            until = now + draw_ticks(
                t, s, e, t.ep_dist[i], FOR_EPISODE, at + 8 + i - t.ro_e0[route], 0.0
            )  # structure: after the causes
            if until < s.fate[e]:
                s.fate[e], s.fate_kind[e] = until, TIME
    _draw_rate(t, s, e, now)


@compiled
def _draw_rate(t: Tables, s: State, e: int, now: int) -> None:
    """Draw when something that happens at a rate happens next."""
    route = t.st_route[s.stop[e]]
    s.rate[e] = NEVER
    if t.ro_rate[route] > 0.0:
        u = uniform(s.key[e], FOR_RATE, s.children[e])
        s.rate[e] = now + to_ticks(-math.log(u) / t.ro_rate[route])


@compiled
def _start_episode(t: Tables, s: State, e: int, now: int, i: int) -> None:
    """Start an episode from a patient's route as a patient of its own."""
    key = child(s.key[e], ((i - t.ro_e0[t.st_route[s.stop[e]]] + 1) << _EPISODES) + s.children[e])
    s.children[e] += 1
    stop = t.ep_stop[i]
    new = make_patient(s, key, now, stop, s.source[e], t.ro_prio[t.st_route[stop]])
    s.mask[new] = s.mask[e] | t.ep_sets[i]
    s.part[new] = s.part[e]
    s.frailty[new] = s.frailty[e]
    s.referred[new] = s.referred[e]
    s.treated[new] = 1 if t.ep_when[i] != COMPLETION else s.treated[e]
    s.due[new], s.due_what[new] = now, RETURNS
    schedule(t, s, new, now, RETURNS, RANK_NOW)


@compiled
def _start_episodes(t: Tables, s: State, e: int, now: int, when: int) -> None:
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
        _start_episode(t, s, e, now, i)


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
                    _start_episode(t, s, e, now, i)
                else:
                    s.children[e] += 1
                break
    _draw_rate(t, s, e, now)
    wait_until(t, s, e, now, max(s.due[e], now), s.due_what[e])


@compiled
def meet_fate(t: Tables, s: State, e: int, now: int) -> None:
    """Relapse, die, or go on to another pathway after a time."""
    kind = s.fate_kind[e]
    unbook(t, s, e)
    _start_episodes(t, s, e, now, kind)
    s.scalars[DIED if kind == DEATH else LEFT] += 1
    drop_entity(s, e)


@compiled
def finish(t: Tables, s: State, e: int, now: int) -> None:
    """Come to the end of a route."""
    go_home(t, s, e, now)
    route = t.st_route[s.stop[e]]
    if t.ro_life[route] and s.fate[e] < NEVER:
        wait_until(t, s, e, now, NEVER, DUE)
        return
    add_time(t, s, t.sizes[R_PATH] + t.ro_path[route], now - s.entered[e])
    _start_episodes(t, s, e, now, COMPLETION)
    s.scalars[COMPLETED] += 1
    source = s.source[e]
    if t.so_kind[source] == MEMBERS and t.st_route[t.so_stop[source]] == route:
        _return_member(t, s, e, now)
        return
    drop_entity(s, e)


@compiled
def leave(t: Tables, s: State, e: int, now: int) -> None:
    """Leave the centre without having come to the end of the pathway."""
    leave_campus(t, s, e, now)
    s.scalars[LEFT] += 1
    source = s.source[e]
    if t.so_kind[source] == MEMBERS and t.st_route[t.so_stop[source]] == t.st_route[s.stop[e]]:
        _return_member(t, s, e, now)
    else:
        drop_entity(s, e)


@compiled
def _return_member(t: Tables, s: State, e: int, now: int) -> None:
    """Let a member of a closed population come back after a time."""
    source = s.source[e]
    s.children[e] += 1
    s.scalars[ENTERED] += 1
    ticks = draw_ticks(t, s, e, t.so_dist[source], FOR_GAP, s.children[e], 0.0)
    s.mask[e] = np.uint64(0)
    s.treated[e] = 0
    s.stop[e] = t.so_stop[source]
    s.referred[e] = now + ticks
    s.due[e], s.due_what[e] = now + ticks, RETURNS
    schedule(t, s, e, now + ticks, RETURNS, RANK_BEGINS)
