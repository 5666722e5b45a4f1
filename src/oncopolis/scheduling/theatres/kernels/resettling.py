"""The slow move: a patient goes elsewhere, and nurses of both rooms are chosen anew before it is judged."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.scheduling.kernels.random import below
from oncopolis.scheduling.theatres.kernels.beds import fits_without
from oncopolis.scheduling.theatres.kernels.nurses import change_back, hope_for, suit_nurses
from oncopolis.scheduling.theatres.kernels.patients import enter, has_surgeon, leave
from oncopolis.scheduling.theatres.kernels.tables import COST, N_COSTED, State, Tables
from oncopolis.scheduling.theatres.kernels.theatres import find_theatre


@compiled
def resettle(t: Tables, s: State, p: int, limit: int) -> bool:
    """Try another room, another day, or both, with the nurses that suit."""
    day, room, theatre = s.day[p], s.room[p], s.theatre[p]
    new_day, new_room = day, room
    kind = below(s, 4)  # structure: four kinds
    if kind != 0:
        new_day = t.days_of[p, below(s, t.n_days_of[p])]
    if kind != 1:
        new_room = t.rooms_of[p, below(s, t.n_rooms_of[p])]
    if new_day == day and new_room == room:
        return False
    if new_day != day and not has_surgeon(t, s, p, new_day, p):
        return False
    if not fits_without(t, s, p, new_day, new_room, p):
        return False
    new_theatre = theatre
    delta = leave(t, s, p)
    if new_day != day:
        new_theatre, _ = find_theatre(t, s, p, new_day, 0)
    n = 0
    if new_theatre >= 0:
        s.counts[N_COSTED] += 1
        delta += enter(t, s, p, new_day, new_room, new_theatre)
        if delta <= limit + hope_for(t, p):
            more, n = suit_nurses(t, s, p, new_day, new_room, 0)
            delta += more
            if new_room != room or abs(new_day - day) >= t.stay[p]:
                more, n = suit_nurses(t, s, p, day, room, n)
                delta += more
        if delta <= limit:
            s.counts[COST] += delta
            return True
        change_back(t, s, n)
        leave(t, s, p)
    enter(t, s, p, day, room, theatre)
    return False
