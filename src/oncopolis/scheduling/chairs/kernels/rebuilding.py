"""The loop: take patients out, put them in again one after the other, keep it if it costs little enough."""

from oncopolis.foundation.kernels.compiled import compiled, kernel
from oncopolis.scheduling.chairs.kernels.fitting import insert, put_in, take_out
from oncopolis.scheduling.chairs.kernels.tables import (
    COST,
    N_ACCEPTED,
    N_OUT,
    N_PROPOSED,
    OUT,
    PATIENTS,
    State,
    Tables,
)
from oncopolis.scheduling.kernels.random import below, draw_log


@compiled
def save(t: Tables, s: State) -> None:
    """Remember the state as the best one."""
    for p in range(t.sizes[PATIENTS]):
        s.best_day[p] = s.day[p]
    for v in range(len(s.monitoring)):
        s.best_consultation[v] = s.consultation[v]
        s.best_installation[v] = s.installation[v]
        s.best_monitoring[v] = s.monitoring[v]
    for i in range(len(s.counts)):
        s.best_counts[i] = s.counts[i]


@compiled
def meets(t: Tables, s: State, p: int, day: int) -> bool:
    """Whether a patient has a session on a day."""
    if s.day[p] == OUT:
        return False
    v = t.first_of[p]
    while v < t.first_of[p + 1] and s.day[p] + t.offset[v] != day:
        v += 1
    return v < t.first_of[p + 1]


@compiled
def choose(t: Tables, s: State, n: int) -> int:
    """Choose who is to be taken out, into `taken`: people of one day, or anybody; return how many."""
    n_patients = t.sizes[PATIENTS]
    n_taken = 0
    start = below(s, n_patients)
    day = OUT
    if below(s, 4) > 0 and s.day[start] != OUT:  # structure: chances and keys of an order, found by trying
        v = t.first_of[start] + below(s, t.first_of[start + 1] - t.first_of[start])
        day = s.day[start] + t.offset[v]
    step = 1 + below(s, n_patients)
    while gcd(step, n_patients) > 1:
        step = 1 + below(s, n_patients)
    p = start
    for _ in range(n_patients):
        if n_taken == n:
            break
        if day == OUT or p == start or s.day[p] == OUT or meets(t, s, p, day):
            s.taken[n_taken] = p
            n_taken += 1
        p += step
        if p >= n_patients:
            p -= n_patients
    return n_taken


@compiled
def gcd(a: int, b: int) -> int:
    """Return the greatest number that divides both."""
    while b > 0:
        a, b = b, a % b
    return a


@compiled
def order(t: Tables, s: State, n: int) -> None:
    """Order those who are taken out: by chance, longest cycles first, or by when the cycles began."""
    way = below(s, 4)  # structure: chances and keys of an order, found by trying
    for i in range(n):
        p = s.taken[i]
        key = below(s, 1024)  # structure: chances and keys of an order, found by trying
        if way == 1:
            key -= 512 * (
                t.first_of[p + 1] - t.first_of[p]
            )  # structure: chances and keys of an order, found by trying
        elif way == 2:
            key += 512 * s.old_day[p]  # structure: chances and keys of an order, found by trying
        elif way == 3:  # structure: chances and keys of an order, found by trying
            for v in range(t.first_of[p], t.first_of[p + 1]):
                key += 256 * t.monitoring[v]  # structure: chances and keys of an order, found by trying
        s.keys[i] = key
    for i in range(1, n):
        p, key, j = s.taken[i], s.keys[i], i
        while j > 0 and s.keys[j - 1] > key:
            s.taken[j], s.keys[j] = s.taken[j - 1], s.keys[j - 1]
            j -= 1
        s.taken[j], s.keys[j] = p, key


@compiled
def restore(t: Tables, s: State, n: int) -> None:
    """Put those who were taken out back to where they were."""
    for i in range(n):
        if s.day[s.taken[i]] != OUT:
            take_out(t, s, s.taken[i])
    for i in range(n):
        p = s.taken[i]
        if s.old_day[p] != OUT:
            for v in range(t.first_of[p], t.first_of[p + 1]):
                s.consultation[v] = s.old_consultation[v]
                s.installation[v] = s.old_installation[v]
                s.monitoring[v] = s.old_monitoring[v]
            put_in(t, s, p, s.old_day[p])


@kernel
def rebuild(t: Tables, s: State, n_steps: int, temperature: float, penalty: int, most: int) -> None:
    """Make so many moves at one temperature.

    Parameters
    ----------
    temperature
        In slots.
    penalty
        Price of each session of a patient who is out.
    most
        Patients taken out at most by a move.
    """
    for _ in range(n_steps):
        s.counts[N_PROPOSED] += 1
        n = choose(t, s, 1 + below(s, most))
        delta = 0
        n_out = 0
        for i in range(n):
            p = s.taken[i]
            s.old_day[p] = s.day[p]
            sessions = t.first_of[p + 1] - t.first_of[p]
            if s.day[p] == OUT:
                delta -= sessions * penalty
                n_out -= 1
                continue
            for v in range(t.first_of[p], t.first_of[p + 1]):
                s.old_consultation[v] = s.consultation[v]
                s.old_installation[v] = s.installation[v]
                s.old_monitoring[v] = s.monitoring[v]
            delta -= take_out(t, s, p)
        order(t, s, n)
        limit = int(temperature * draw_log(s))
        for i in range(n):
            p = s.taken[i]
            cost = insert(t, s, p, 3)  # structure: chance in 256ths, found by trying
            if cost < 0:
                delta += (t.first_of[p + 1] - t.first_of[p]) * penalty
                n_out += 1
            else:
                delta += cost
        if delta > limit:
            restore(t, s, n)
            continue
        s.counts[N_ACCEPTED] += 1
        s.counts[COST] += delta
        s.counts[N_OUT] += n_out
        out, best_out = s.counts[N_OUT], s.best_counts[N_OUT]
        if out < best_out or (out == best_out and s.counts[COST] < s.best_counts[COST]):
            save(t, s)


@kernel
def fill(t: Tables, s: State, penalty: int) -> None:
    """Put in everybody who is out, in their order, and count the cost; those who fit nowhere stay out."""
    s.counts[COST] = 0
    s.counts[N_OUT] = 0
    for p in range(t.sizes[PATIENTS]):
        if s.day[p] != OUT:
            s.counts[COST] += put_in(t, s, p, s.day[p])
    for p in range(t.sizes[PATIENTS]):
        if s.day[p] == OUT:
            cost = insert(t, s, p, 0)
            if cost < 0:
                s.counts[COST] += (t.first_of[p + 1] - t.first_of[p]) * penalty
                s.counts[N_OUT] += 1
            else:
                s.counts[COST] += cost
    save(t, s)
