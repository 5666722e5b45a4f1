"""A patient onto the list of a theatre and off it."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.scheduling.theatres.kernels.tables import OPEN, THEATRES, TRANSFER, State, Tables

FULL = 1 << 60  # structure: dearer than anything
"""Cost of what cannot be."""


@compiled
def find_theatre(t: Tables, s: State, p: int, day: int, start: int) -> tuple[int, int]:
    """The theatre that costs least on a day, and its cost; `FULL` if surgeon or theatres have no time.

    Of equals the one that is fuller, so that others stay open for long operations; ``start`` breaks ties.
    """
    minutes = t.surgery[p]
    surgeon = t.surgeon[p]
    if s.surgeon_min[surgeon, day] + minutes > t.surgeon_most[surgeon, day]:
        return -1, FULL
    n = t.sizes[THEATRES]
    best, least, least_left = -1, FULL, FULL
    is_there = s.n_theatres[surgeon, day] > 0
    for i in range(n):
        theatre = start + i
        if theatre >= n:
            theatre -= n
        left = t.open_min[theatre, day] - s.theatre_min[theatre, day] - minutes
        if left < 0:
            continue
        cost = t.weights[OPEN] if s.n_in_theatre[theatre, day] == 0 else 0
        if is_there and s.of_surgeon[surgeon, day, theatre] == 0:
            cost += t.weights[TRANSFER]
        if cost < least or (cost == least and left < least_left):
            best, least, least_left = theatre, cost, left
    return best, least


@compiled
def put_on(t: Tables, s: State, p: int, day: int, theatre: int) -> int:
    """Put a patient onto a list; what it costs."""
    surgeon = t.surgeon[p]
    minutes = t.surgery[p]
    cost = 0
    if s.n_in_theatre[theatre, day] == 0:
        cost += t.weights[OPEN]
    if s.of_surgeon[surgeon, day, theatre] == 0:
        if s.n_theatres[surgeon, day] > 0:
            cost += t.weights[TRANSFER]
        s.n_theatres[surgeon, day] += 1
    s.n_in_theatre[theatre, day] += 1
    s.of_surgeon[surgeon, day, theatre] += 1
    s.surgeon_min[surgeon, day] += minutes
    s.theatre_min[theatre, day] += minutes
    s.theatre[p] = theatre
    return cost


@compiled
def take_off(t: Tables, s: State, p: int, day: int) -> int:
    """Take a patient off their list; what it costs, 0 or less."""
    surgeon = t.surgeon[p]
    minutes = t.surgery[p]
    theatre = s.theatre[p]
    cost = 0
    s.n_in_theatre[theatre, day] -= 1
    s.of_surgeon[surgeon, day, theatre] -= 1
    s.surgeon_min[surgeon, day] -= minutes
    s.theatre_min[theatre, day] -= minutes
    if s.n_in_theatre[theatre, day] == 0:
        cost -= t.weights[OPEN]
    if s.of_surgeon[surgeon, day, theatre] == 0:
        s.n_theatres[surgeon, day] -= 1
        if s.n_theatres[surgeon, day] > 0:
            cost -= t.weights[TRANSFER]
    s.theatre[p] = -1
    return cost
