"""Who holds what, and who waits for it: joint seizure in the order of urgency, appointment and arrival."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.twin.kernels.chains import insert, remove
from oncopolis.twin.kernels.counting import add_present, count_waited, count_waiting, touch
from oncopolis.twin.kernels.tables import N_TODO, NEVER, PATIENT, TAIL, State, Tables

PRIORITIES = 10  # structure: priorities are 0 to 9
NOTHING = -1  # a rank below all others
FITS, ONE_SHORT, MORE_SHORT = range(3)  # structure: codes


@compiled
def is_held(t: Tables, s: State, e: int, r: int) -> bool:
    """Return whether an entity still holds the entry `r` of its bundle while it waits for the next."""
    return s.keeps[e] == NEVER or (t.re_stays[r] == 1 and t.re_rank[r] < s.keeps[e])


@compiled
def get_credit(t: Tables, s: State, e: int, r: int) -> int:
    """Return how much of a resource an entity holds already, and would give or keep."""
    b = s.bundle[e]
    if b >= 0:
        for i in range(t.bu_0[b], t.bu_1[b]):
            if t.be_res[i] == r and t.be_back[i] == 0 and is_held(t, s, e, r):
                return t.be_amount[i]
    return 0


@compiled
def holds(t: Tables, b: int, r: int) -> bool:
    """Return whether a bundle waits for a resource itself, not for what it stands in for."""
    for i in range(t.bu_0[b], t.bu_1[b]):
        if t.be_res[i] == r:
            return t.be_gates[i] != 0
    return False


@compiled
def try_fit(t: Tables, s: State, e: int, now: int) -> tuple[int, int, int]:
    """Return whether the bundle of an entity's phase could be held now.

    Returns
    -------
    tuple
        FITS, ONE_SHORT or MORE_SHORT; the first resource that is short; the resource that another stands
        in for, -1 if none.
    """
    b = t.ph_bundle[s.phase[e]]
    n_short = 0
    first = -1
    sub = -1
    holds = s.bundle[e] >= 0
    for i in range(t.bu_0[b], t.bu_1[b]):
        if t.be_gates[i] == 0:
            continue
        r = t.be_res[i]
        need = t.be_amount[i]
        if holds:
            need -= get_credit(t, s, e, r)
            if need <= 0:
                if s.sub[e] == r:
                    sub = r
                continue
        if t.re_fits[r] and s.remaining[e] < 0 and now + t.ph_rest[s.phase[e]] > s.closing[r]:
            n_short += 2
            if first < 0:
                first = r
            continue
        if s.capacity[r] - s.held[r] < need:
            other = t.re_alt[r]
            if other >= 0 and sub < 0 and s.capacity[other] - s.held[other] >= need:
                sub = r
                continue
            n_short += 1
            if first < 0:
                first = r
    return (min(n_short, MORE_SHORT), first, sub)


@compiled
def find_actual(t: Tables, sub: int, r: int) -> int:
    """Return the resource that is taken: `r`, or what stands in for it."""
    return t.re_alt[r] if r == sub else r


@compiled
def mark(s: State, r: int) -> None:
    """Remember that something of a resource may have become free for those who wait."""
    if s.a_n[r] > 0 and s.dirty[r] == 0:
        s.dirty[r] = 1
        s.todo[s.scalars[N_TODO]] = r
        s.scalars[N_TODO] += 1


@compiled
def _list_running(t: Tables, s: State, r: int, e: int) -> None:
    if t.re_r0[r] >= 0 and s.n_running[r] < t.re_runs[r]:
        s.running[t.re_r0[r] + s.n_running[r]] = e
        s.n_running[r] += 1


@compiled
def _unlist_running(t: Tables, s: State, r: int, e: int) -> None:
    if t.re_r0[r] >= 0:
        for i in range(t.re_r0[r], t.re_r0[r] + s.n_running[r]):
            if s.running[i] == e:
                last = t.re_r0[r] + s.n_running[r] - 1
                for j in range(i, last):
                    s.running[j] = s.running[j + 1]
                s.n_running[r] -= 1
                return


@compiled
def give(t: Tables, s: State, e: int, now: int) -> None:
    """Give back whatever an entity holds."""
    b = s.bundle[e]
    if b < 0:
        return
    for i in range(t.bu_0[b], t.bu_1[b]):
        r = t.be_res[i]
        if is_held(t, s, e, r):
            actual = find_actual(t, s.sub[e], r)
            touch(s, actual, now)
            s.held[actual] -= t.be_amount[i]
            _unlist_running(t, s, actual, e)
            mark(s, actual)
    s.bundle[e] = -1
    s.sub[e] = -1
    s.keeps[e] = NEVER


@compiled
def hand_over(t: Tables, s: State, e: int, other: int) -> None:
    """Let another entity hold all that one holds, in its place among those who are served."""
    b = s.bundle[e]
    if b >= 0:
        for i in range(t.bu_0[b], t.bu_1[b]):
            r = find_actual(t, s.sub[e], t.be_res[i])
            if t.re_r0[r] >= 0:
                for j in range(t.re_r0[r], t.re_r0[r] + s.n_running[r]):
                    if s.running[j] == e:
                        s.running[j] = other
    s.bundle[other], s.sub[other] = b, s.sub[e]
    s.bundle[e], s.sub[e] = -1, -1


@compiled
def _goes_on(t: Tables, b: int, wanted: int) -> bool:
    """Return whether a place that a bundle holds is held on in another one."""
    for i in range(t.bu_0[b], t.bu_1[b]):
        if t.re_stays[t.be_res[i]]:
            for j in range(t.bu_0[wanted], t.bu_1[wanted]):
                if t.be_res[j] == t.be_res[i]:
                    return True
    return False


@compiled
def keep_places(t: Tables, s: State, e: int, now: int) -> None:
    """Let an entity that waits keep the places it would block, and give back the rest.

    Places are kept only while waiting for something of a higher rank, so that nobody waits in a circle. Work
    that goes on without the patient keeps a place only if it goes on there.
    """
    b = s.bundle[e]
    if b < 0:
        return
    wanted = t.ph_bundle[s.phase[e]]
    rank = NEVER - 1
    for i in range(t.bu_0[wanted], t.bu_1[wanted]):
        r = t.be_res[i]
        if t.be_gates[i] and t.re_stays[r] and get_credit(t, s, e, r) < t.be_amount[i]:
            rank = min(rank, t.re_rank[r])
    if s.kind[e] == TAIL and not _goes_on(t, b, wanted):
        rank = NOTHING
    any_kept = False
    for i in range(t.bu_0[b], t.bu_1[b]):
        r = t.be_res[i]
        if t.re_stays[r] == 1 and t.re_rank[r] < rank:
            any_kept = True
            continue
        actual = find_actual(t, s.sub[e], r)
        touch(s, actual, now)
        s.held[actual] -= t.be_amount[i]
        _unlist_running(t, s, actual, e)
        mark(s, actual)
        if s.sub[e] == r:
            s.sub[e] = -1
    if any_kept:
        s.keeps[e] = rank
    else:
        s.bundle[e] = -1
        s.keeps[e] = NEVER


@compiled
def take(t: Tables, s: State, e: int, now: int, sub: int) -> None:
    """Hold the bundle of an entity's phase, and give back what was held before."""
    b = t.ph_bundle[s.phase[e]]
    for i in range(t.bu_0[b], t.bu_1[b]):
        r = find_actual(t, sub, t.be_res[i])
        touch(s, r, now)
        s.held[r] += t.be_amount[i]
    if s.bundle[e] >= 0:
        give(t, s, e, now)
    for i in range(t.bu_0[b], t.bu_1[b]):
        if t.be_back[i] == 0:
            _list_running(t, s, find_actual(t, sub, t.be_res[i]), e)
    s.bundle[e] = b
    s.sub[e] = sub
    s.keeps[e] = NEVER


@compiled
def enqueue(t: Tables, s: State, e: int, now: int, short: int) -> None:
    """Put an entity among those who wait for its bundle, by priority, appointment and arrival."""
    b = t.ph_bundle[s.phase[e]]
    prio = s.prio[e]
    c = b * PRIORITIES + prio
    s.q_class[e] = c
    s.asked[e] = now
    s.short[e] = short
    if short >= 0:
        touch(s, short, now)
        s.waiting[short] += 1
        s.most_waiting[short] = max(s.most_waiting[short], s.waiting[short])
    count_waiting(s, now, 1)
    after = s.c_tail[c]
    while after >= 0 and s.order[after] > s.order[e]:
        after = s.q_prev[after]
    insert(s.q_next, s.q_prev, s.c_head, s.c_tail, c, e, after)
    s.c_n[c] += 1
    if s.c_n[c] == 1:
        s.c_short[c] = -1
        for w in range(t.bu_w0[b], t.bu_w1[b]):
            r = t.wl_res[w]
            at = t.ra_0[r] + s.a_n[r]
            s.a_class[at] = c
            s.a_watch[at] = w * PRIORITIES + prio
            s.c_place[w * PRIORITIES + prio] = s.a_n[r]
            s.a_n[r] += 1


@compiled
def dequeue(t: Tables, s: State, e: int, now: int) -> None:
    """Take an entity out of those who wait."""
    c = s.q_class[e]
    b, prio = c // PRIORITIES, c % PRIORITIES
    remove(s.q_next, s.q_prev, s.c_head, s.c_tail, c, e)
    s.q_class[e] = -1
    s.c_n[c] -= 1
    if s.c_n[c] == 0:
        for w in range(t.bu_w0[b], t.bu_w1[b]):
            r = t.wl_res[w]
            place = s.c_place[w * PRIORITIES + prio]
            last = t.ra_0[r] + s.a_n[r] - 1
            here = t.ra_0[r] + place
            s.a_class[here] = s.a_class[last]
            s.a_watch[here] = s.a_watch[last]
            s.c_place[s.a_watch[here]] = place
            s.a_n[r] -= 1
    short = s.short[e]
    waited = now - s.asked[e]
    if short >= 0:
        touch(s, short, now)
        s.waiting[short] -= 1
        s.area_waited[short] += waited
    count_waiting(s, now, -1)
    count_waited(s, waited)
    if s.bundle[e] >= 0 and waited > 0:
        held = s.bundle[e]
        for i in range(t.bu_0[held], t.bu_1[held]):
            r = t.be_res[i]
            if is_held(t, s, e, r):
                s.area_blocked[find_actual(t, s.sub[e], r)] += float(waited) * t.be_amount[i]
    if s.kind[e] == PATIENT and waited > 0:
        add_present(s, s.dept[e], s.asked[e], now, 1)
