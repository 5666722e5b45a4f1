"""Appointments: the first slot in which room, machine and doctor all have time left.

What is booked is counted in quarters of an hour, as time of units. A slot begins where the quarter is
filled up to, so that short appointments follow each other without gaps.
"""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.twin.kernels.tables import (
    CELL,
    CELLS,
    DAY,
    FAULT,
    N_FREE_NODES,
    NO_NODE,
    RING,
    TODAY,
    State,
    Tables,
)

URGENT_BELOW = 5  # structure: priorities below the ordinary one are urgent


@compiled
def _find_offset(t: Tables, s: State, stop: int, day: int, cell: int) -> int:
    """Return how far into a quarter an appointment would begin; -1 if it does not fit there."""
    ring = day % RING
    offset = 0
    for i in range(t.st_b0[stop], t.st_b1[stop]):
        bk = t.sb_bk[i]
        full, used = t.bk_capacity[t.bk_profile[day, bk], cell], s.used[bk, ring, cell]
        if used >= full:
            return -1
        offset = max(offset, int(CELL * (used / full)))
    for i in range(t.st_b0[stop], t.st_b1[stop]):
        bk, amount, rest = t.sb_bk[i], t.sb_amount[i], t.sb_ticks[i]
        profile = t.bk_profile[day, bk]
        here = cell
        room = CELL - offset
        while rest > 0:
            part = min(rest, room)
            if here >= CELLS or t.bk_capacity[profile, here] - s.used[bk, ring, here] < part * amount:
                return -1
            rest -= part
            room = CELL
            here += 1
    return offset


@compiled
def _fill(t: Tables, s: State, stop: int, day: int, cell: int, offset: int, sign: int) -> None:
    """Use the time of an appointment, or give it back."""
    ring = day % RING
    for i in range(t.st_b0[stop], t.st_b1[stop]):
        bk, amount, rest = t.sb_bk[i], t.sb_amount[i], t.sb_ticks[i]
        s.used_day[bk, ring] += sign * rest * amount
        here, room = cell, CELL - offset
        while rest > 0:
            part = min(rest, room)
            s.used[bk, ring, here] += sign * part * amount
            rest -= part
            room = CELL
            here += 1


@compiled
def _has_time(t: Tables, s: State, stop: int, day: int, urgent: bool) -> bool:
    """Return whether a day has enough time left in all, without what is kept for others."""
    for i in range(t.st_b0[stop], t.st_b1[stop]):
        bk = t.sb_bk[i]
        total = t.bk_total[t.bk_profile[day, bk]]
        free = total - s.used_day[bk, day % RING]
        if not urgent and t.bk_urgent[bk] > 0.0 and day - s.scalars[TODAY] > t.bk_urgent_days[bk]:
            free -= int(total * t.bk_urgent[bk])
        if free < t.sb_amount[i] * t.sb_ticks[i]:
            return False
    return True


@compiled
def _make_node(s: State, day: int, cell: int, offset: int) -> int:
    n = s.scalars[N_FREE_NODES]
    if n == 0:
        s.scalars[FAULT] = NO_NODE
        return -1
    node = s.n_spare[n - 1]
    s.scalars[N_FREE_NODES] = n - 1
    s.n_day[node], s.n_cell[node], s.n_first[node] = day, cell, offset
    s.n_time[node] = day * DAY + max(cell, 0) * CELL + offset
    s.n_next[node] = -1
    return node


@compiled
def book(t: Tables, s: State, stop: int, day: int, not_before: int, prefer: int, urgent: bool) -> int:
    """Book the first slot from a day on.

    Parameters
    ----------
    day, not_before
        First day looked at, and the first tick.
    prefer
        Quarter of the day to look from first (the usual time of a course); -1 for none.
    urgent
        Whether slots kept for urgent patients may be used.

    Returns
    -------
    int
        Node of the booking. If the horizon is full it stands on its last day, at opening, beyond capacity.
    """
    bk = t.sb_bk[t.st_b0[stop]]
    last = min(max(day, s.scalars[TODAY]) + t.bk_horizon[bk], s.scalars[TODAY] + RING - 2)
    shape = 2 * t.st_shape[stop] + (1 if urgent else 0)
    kept_until = s.scalars[TODAY] + t.bk_urgent_days[bk]
    begins = day if not_before <= day * DAY else day + 1
    d = day
    while d <= last:
        if s.sh_from[shape] <= d < s.sh_until[shape] and d >= begins and (urgent or d > kept_until):
            d = s.sh_until[shape]
            continue
        cell, offset = _find_cell(t, s, stop, d, not_before, prefer, urgent)
        if cell >= 0:
            _remember_full(s, shape, begins, d)
            _fill(t, s, stop, d, cell, offset, 1)
            return _make_node(s, d, cell, offset)
        d += 1
    _remember_full(s, shape, begins, d)
    d = max(last, day)
    r = t.bk_res[bk]
    return _make_node(s, d, -1, max(t.dw_open[min(d, len(t.da_work) - 1), r], 0))


@compiled
def keep(t: Tables, s: State, stop: int, time: int) -> int:
    """Enter an appointment that was made before the run, whatever else is booked then; return its node."""
    day = time // DAY
    begins = time - day * DAY
    cell = begins // CELL
    fits = day < RING - 1
    for i in range(t.st_b0[stop], t.st_b1[stop]):
        if begins + t.sb_ticks[i] > DAY:
            fits = False
    if not fits:
        return _make_node(s, day, -1, begins)
    _fill(t, s, stop, day, cell, begins - cell * CELL, 1)
    return _make_node(s, day, cell, begins - cell * CELL)


@compiled
def _find_cell(
    t: Tables, s: State, stop: int, day: int, not_before: int, prefer: int, urgent: bool
) -> tuple[int, int]:
    """Return the first quarter of a day in which an appointment fits, and how far into it; -1 if none."""
    if not _has_time(t, s, stop, day, urgent):
        return -1, 0
    bk = t.sb_bk[t.st_b0[stop]]
    profile = t.bk_profile[day, bk]
    first = t.bk_first[profile]
    if not_before > day * DAY:
        first = max(first, (not_before - day * DAY + CELL - 1) // CELL)
    for begins in (max(prefer, first), first):
        for cell in range(begins, CELLS):
            if t.bk_capacity[profile, cell] > s.used[bk, day % RING, cell]:
                offset = _find_offset(t, s, stop, day, cell)
                if offset >= 0:
                    return cell, offset
        if begins == first:
            break
    return -1, 0


@compiled
def _remember_full(s: State, shape: int, first: int, until: int) -> None:
    """Remember the days that have no room for appointments of a shape, so that nobody looks again."""
    if first >= until:
        return
    if s.sh_from[shape] <= first <= s.sh_until[shape]:
        s.sh_until[shape] = max(s.sh_until[shape], until)
    elif until - first > s.sh_until[shape] - max(s.sh_from[shape], s.scalars[TODAY]):
        s.sh_from[shape], s.sh_until[shape] = first, until


@compiled
def _forget_full(s: State, day: int) -> None:
    """Look again at a day on which time became free."""
    for shape in range(len(s.sh_from)):
        if s.sh_from[shape] <= day < s.sh_until[shape]:
            s.sh_until[shape] = day


@compiled
def drop_node(s: State, node: int) -> None:
    """Give a used booking's place back."""
    s.n_spare[s.scalars[N_FREE_NODES]] = node
    s.scalars[N_FREE_NODES] += 1


@compiled
def unbook(t: Tables, s: State, e: int) -> None:
    """Give back every booking an entity still has ahead."""
    node = s.book[e]
    while node >= 0:
        if s.n_cell[node] >= 0 and s.n_day[node] >= s.scalars[TODAY]:
            _fill(t, s, s.stop[e], s.n_day[node], s.n_cell[node], s.n_first[node], -1)
            _forget_full(s, s.n_day[node])
        after = s.n_next[node]
        drop_node(s, node)
        node = after
    s.book[e] = -1


@compiled
def clear_day(t: Tables, s: State, day: int) -> None:
    """Make a day that is over ready to stand for one far ahead."""
    ring = day % RING
    for bk in range(len(t.bk_res)):
        s.used_day[bk, ring] = 0
        for cell in range(CELLS):
            s.used[bk, ring, cell] = 0
