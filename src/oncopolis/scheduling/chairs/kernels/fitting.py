"""Where a session fits: as early as may be, among what is free."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.scheduling.chairs.kernels.tables import (
    CONSULTING,
    INSTALLING,
    OUT,
    PER_NURSE,
    SLOTS,
    State,
    Tables,
)
from oncopolis.scheduling.kernels.random import below


@compiled
def has_doctor(t: Tables, s: State, v: int, day: int, start: int) -> bool:
    """Whether a doctor is free for a consultation."""
    slot = start
    while slot < start + t.sizes[CONSULTING] and s.doctors[t.sector[v], day, slot] > 0:
        slot += 1
    return slot == start + t.sizes[CONSULTING]


@compiled
def has_installer(t: Tables, s: State, day: int, start: int) -> bool:
    """Whether a whole nurse is free for an installation."""
    for slot in range(start, start + t.sizes[INSTALLING]):
        if s.nurses[day, slot] < t.sizes[PER_NURSE]:
            return False
    return True


@compiled
def find_consultation(t: Tables, s: State, v: int, day: int, start: int) -> int:
    """Return the first slot from one on in which a doctor is free; the end of the day if there is none."""
    if not t.consulted[v]:
        return start
    slot = start
    while slot + t.sizes[CONSULTING] <= t.sizes[SLOTS]:
        if has_doctor(t, s, v, day, slot):
            return slot
        slot += 1
    return t.sizes[SLOTS]


@compiled
def find_last_consultation(
    t: Tables, s: State, v: int, day: int, first: int, installation: int, monitoring: int
) -> int:
    """Return the last slot for the consultation that delays nothing."""
    slot = installation - t.sizes[CONSULTING]
    while slot > first:
        mixed = t.ready[t.mixing[v], day, slot + t.sizes[CONSULTING]] <= monitoring
        if mixed and has_doctor(t, s, v, day, slot):
            return slot
        slot -= 1
    return first


@compiled
def find_installation(t: Tables, s: State, v: int, day: int, earliest: int, monitoring: int) -> int:
    """Return a slot for the installation before a given slot of the monitoring, -1 if there is none.

    The later the better for the seats; at times an earlier one is taken, so that the search sees both.
    """
    slot = monitoring
    found = -1
    while slot >= earliest:
        if slot < monitoring and s.seats[day, slot] < 1:
            break
        if slot + t.sizes[INSTALLING] <= monitoring and has_installer(t, s, day, slot):
            found = slot
            if below(s, 8) > 0:  # structure: chance, found by trying
                break
        slot -= 1
    return found


@compiled
def fit(t: Tables, s: State, v: int, day: int) -> int:
    """Find the earliest end of a session on a day, in `found`; return it, or a number beyond the day."""
    slots = t.sizes[SLOTS]
    start = find_consultation(t, s, v, day, 0)
    consulted = start + t.sizes[CONSULTING] * t.consulted[v]
    if consulted > slots:
        return slots + 1
    length = t.monitoring[v]
    monitoring = max(consulted + t.sizes[INSTALLING], t.ready[t.mixing[v], day, consulted])
    while monitoring + length <= slots:
        blocked = OUT
        for slot in range(monitoring, monitoring + length):
            if s.nurses[day, slot] < 1 or s.seats[day, slot] < 1:
                blocked = slot
        if blocked != OUT:
            monitoring = blocked + 1
            continue
        installation = find_installation(t, s, v, day, consulted, monitoring)
        if installation >= 0:
            if t.consulted[v]:
                start = find_last_consultation(t, s, v, day, start, installation, monitoring)
            s.found[v, 0], s.found[v, 1], s.found[v, 2] = start, installation, monitoring
            return monitoring + length
        monitoring += 1
    return slots + 1


@compiled
def use(t: Tables, s: State, v: int, day: int, sign: int) -> None:
    """Take what a session uses (-1), or give it back (1)."""
    if t.consulted[v]:
        for slot in range(s.consultation[v], s.consultation[v] + t.sizes[CONSULTING]):
            s.doctors[t.sector[v], day, slot] += sign
    installation, monitoring = s.installation[v], s.monitoring[v]
    for slot in range(installation, installation + t.sizes[INSTALLING]):
        s.nurses[day, slot] += sign * t.sizes[PER_NURSE]
    for slot in range(monitoring, monitoring + t.monitoring[v]):
        s.nurses[day, slot] += sign
    for slot in range(installation, monitoring + t.monitoring[v]):
        s.seats[day, slot] += sign


@compiled
def cost_cycle(t: Tables, s: State, p: int) -> int:
    """Return the sum of the ends of a patient's sessions, in slots since the first day began."""
    cost = 0
    for v in range(t.first_of[p], t.first_of[p + 1]):
        cost += (s.day[p] + t.offset[v] - 1) * t.sizes[SLOTS] + s.monitoring[v] + t.monitoring[v]
    return cost


@compiled
def take_out(t: Tables, s: State, p: int) -> int:
    """Give back what a patient's cycle uses; return what that saves."""
    cost = cost_cycle(t, s, p)
    for v in range(t.first_of[p], t.first_of[p + 1]):
        use(t, s, v, s.day[p] + t.offset[v], 1)
    s.day[p] = OUT
    return cost


@compiled
def put_in(t: Tables, s: State, p: int, day: int) -> int:
    """Take what a patient's cycle uses, from a day on, at the slots that its sessions have."""
    s.day[p] = day
    for v in range(t.first_of[p], t.first_of[p + 1]):
        use(t, s, v, day + t.offset[v], -1)
    return cost_cycle(t, s, p)


@compiled
def insert(t: Tables, s: State, p: int, passing: int) -> int:
    """Put a patient's cycle where it ends earliest, as a sum; return its cost, or -1 if it fits nowhere.

    Parameters
    ----------
    passing
        Chance that a day is passed over, in 256ths.
    """
    slots = t.sizes[SLOTS]
    first, end = t.first_of[p], t.first_of[p + 1]
    best, best_day = -1, OUT
    for day in range(t.release[p], t.last[p] + 1):
        if not t.may_begin[p, day]:
            continue
        base = 0
        for v in range(first, end):
            base += (day + t.offset[v] - 1) * slots + t.monitoring[v]
        if best >= 0 and base >= best:
            break
        if passing > 0 and below(s, 256) < passing:  # structure: chance, found by trying
            continue
        cost = 0
        fits = True
        for v in range(first, end):
            done = fit(t, s, v, day + t.offset[v])
            if done > slots:
                fits = False
                break
            cost += (day + t.offset[v] - 1) * slots + done
            if best >= 0 and cost > best:
                fits = False
                break
        if fits and (best < 0 or cost < best or (cost == best and below(s, 2) == 0)):
            best, best_day = cost, day
            for v in range(first, end):
                for i in range(3):  # structure: consultation, installation, monitoring
                    s.chosen[v, i] = s.found[v, i]
    if best < 0:
        return -1
    for v in range(first, end):
        s.consultation[v], s.installation[v], s.monitoring[v] = s.chosen[v, 0], s.chosen[v, 1], s.chosen[v, 2]
    put_in(t, s, p, best_day)
    return best
