"""Moves of two patients: in each other's place, day or room, or one in the place of the other."""

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.scheduling.kernels.random import below
from oncopolis.scheduling.theatres.kernels.beds import cost_bed, fits, fits_without
from oncopolis.scheduling.theatres.kernels.nurses import change_back, hope_for, suit_nurses
from oncopolis.scheduling.theatres.kernels.patients import (
    N_TRIES,
    count_out,
    enter,
    find_place,
    has_surgeon,
    leave,
    price_out,
)
from oncopolis.scheduling.theatres.kernels.tables import COST, N_COSTED, State, Tables
from oncopolis.scheduling.theatres.kernels.theatres import FULL, find_theatre


@compiled
def find_room(t: Tables, s: State, p: int, day: int, one: int, other: int) -> int:
    """The cheapest of two given rooms and some others for somebody who is out; -1 if none of them is free."""
    best, least = -1, FULL
    for i in range(N_TRIES):
        room = t.rooms_of[p, below(s, t.n_rooms_of[p])]
        if i == 0:
            room = one
        elif i == 1:
            room = other
        if t.may[p, room] and fits(t, s, p, day, room):
            cost = cost_bed(t, s, p, day, room, least)
            if cost < least:
                best, least = room, cost
    return best


@compiled
def exchange(t: Tables, s: State, p: int, q: int, limit: int, resettles: bool) -> bool:
    """Try two patients on each other's day, in whatever rooms are free and cheap then.

    Nurses of the rooms may be chosen anew before it is judged.
    """
    day_p, room_p, theatre_p = s.day[p], s.room[p], s.theatre[p]
    day_q, room_q, theatre_q = s.day[q], s.room[q], s.theatre[q]
    if day_p == day_q or t.fee[p, day_q] < 0 or t.fee[q, day_p] < 0:
        return False
    if not (has_surgeon(t, s, p, day_q, q) and has_surgeon(t, s, q, day_p, p)):
        return False
    s.counts[N_COSTED] += 1
    delta = leave(t, s, p) + leave(t, s, q)
    to_room_p, to_room_q = -1, -1
    theatre, _ = find_theatre(t, s, p, day_q, 0)
    if theatre >= 0:
        to_room_p = find_room(t, s, p, day_q, room_q, room_p)
    if to_room_p >= 0:
        delta += enter(t, s, p, day_q, to_room_p, theatre)
        other, _ = find_theatre(t, s, q, day_p, 0)
        if other >= 0:
            to_room_q = find_room(t, s, q, day_p, room_p, room_q)
        if to_room_q >= 0:
            delta += enter(t, s, q, day_p, to_room_q, other)
            n = 0
            if resettles and delta <= limit + hope_for(t, p) + hope_for(t, q):
                more, n = suit_nurses(t, s, p, day_q, to_room_p, n)
                delta += more
                more, n = suit_nurses(t, s, q, day_p, to_room_q, n)
                delta += more
                more, n = suit_nurses(t, s, p, day_p, room_p, n)
                delta += more
                more, n = suit_nurses(t, s, q, day_q, room_q, n)
                delta += more
            if delta <= limit:
                s.counts[COST] += delta
                return True
            change_back(t, s, n)
            leave(t, s, q)
        leave(t, s, p)
    enter(t, s, q, day_q, room_q, theatre_q)
    enter(t, s, p, day_p, room_p, theatre_p)
    return False


@compiled
def swap(t: Tables, s: State, p: int, q: int, limit: int, resettles: bool) -> bool:
    """Try two patients in each other's place, on each other's day, in each other's room, or as `exchange`.

    Nurses of both rooms may be chosen anew before it is judged.
    """
    day_p, room_p, theatre_p = s.day[p], s.room[p], s.theatre[p]
    day_q, room_q, theatre_q = s.day[q], s.room[q], s.theatre[q]
    to_day_p, to_room_p, to_day_q, to_room_q = day_q, room_q, day_p, room_p
    kind = below(s, 4)  # structure: four kinds
    if kind == 3:  # structure: the fourth of four
        return exchange(t, s, p, q, limit, resettles)
    if kind == 1:
        to_room_p, to_room_q = room_p, room_q
    elif kind == 2:
        to_day_p, to_day_q = day_p, day_q
    is_of_day = to_day_p != day_p
    if not is_of_day and to_room_p == room_p:
        return False
    if t.fee[p, to_day_p] < 0 or t.fee[q, to_day_q] < 0:
        return False
    if not (t.may[p, to_room_p] and t.may[q, to_room_q]):
        return False
    if is_of_day and not (has_surgeon(t, s, p, to_day_p, q) and has_surgeon(t, s, q, to_day_q, p)):
        return False
    if not (fits_without(t, s, p, to_day_p, to_room_p, q) and fits_without(t, s, q, to_day_q, to_room_q, p)):
        return False
    s.counts[N_COSTED] += 1
    delta = leave(t, s, p) + leave(t, s, q)
    theatre = theatre_p
    if is_of_day:
        theatre, _ = find_theatre(t, s, p, to_day_p, 0)
    if theatre >= 0:
        delta += enter(t, s, p, to_day_p, to_room_p, theatre)
        if fits(t, s, q, to_day_q, to_room_q):
            other = theatre_q
            if is_of_day:
                other, _ = find_theatre(t, s, q, to_day_q, 0)
            if other >= 0:
                delta += enter(t, s, q, to_day_q, to_room_q, other)
                n = 0
                if resettles and delta <= limit + hope_for(t, p) + hope_for(t, q):
                    more, n = suit_nurses(t, s, p, to_day_p, to_room_p, n)
                    delta += more
                    more, n = suit_nurses(t, s, q, to_day_q, to_room_q, n)
                    delta += more
                    more, n = suit_nurses(t, s, p, day_p, room_p, n)
                    delta += more
                    more, n = suit_nurses(t, s, q, day_q, room_q, n)
                    delta += more
                if delta <= limit:
                    s.counts[COST] += delta
                    return True
                change_back(t, s, n)
                leave(t, s, q)
        leave(t, s, p)
    enter(t, s, q, day_q, room_q, theatre_q)
    enter(t, s, p, day_p, room_p, theatre_p)
    return False


@compiled
def eject(t: Tables, s: State, p: int, q: int, limit: int, penalty: int, resettles: bool) -> bool:
    """Try a patient in the place of another, who goes where it costs least, or out.

    Nurses of the rooms may be chosen anew before it is judged.
    """
    day_q, room_q, theatre_q = s.day[q], s.room[q], s.theatre[q]
    if t.fee[p, day_q] < 0 or not t.may[p, room_q]:
        return False
    day_p, room_p, theatre_p = s.day[p], s.room[p], s.theatre[p]
    was_in = day_p >= 0
    if day_p == day_q:
        if room_p == room_q:
            return False
    elif not has_surgeon(t, s, p, day_q, q):
        return False
    if not fits_without(t, s, p, day_q, room_q, q):
        return False
    s.counts[N_COSTED] += 1
    delta = leave(t, s, q)
    first_day, first_room = -1, -1
    if was_in:
        delta += leave(t, s, p)
        if t.fee[q, day_p] >= 0:
            first_day, first_room = day_p, room_p
            if not t.may[q, room_p]:
                first_room = room_q
    else:
        delta -= price_out(t, p, penalty)
    theatre, _ = find_theatre(t, s, p, day_q, 0)
    if theatre >= 0:
        delta += enter(t, s, p, day_q, room_q, theatre)
        left = limit - delta
        if resettles:
            left += hope_for(t, p) + hope_for(t, q)
        out = price_out(t, q, penalty)
        if left >= 0:
            day, room, other, _ = find_place(t, s, q, min(left, out), first_day, first_room)
            if day >= 0:
                delta += enter(t, s, q, day, room, other)
            else:
                delta += out
            n = 0
            if resettles and delta <= limit + hope_for(t, p) + hope_for(t, q):
                more, n = suit_nurses(t, s, p, day_q, room_q, n)
                delta += more
                if day >= 0:
                    more, n = suit_nurses(t, s, q, day, room, n)
                    delta += more
                if was_in:
                    more, n = suit_nurses(t, s, p, day_p, room_p, n)
                    delta += more
            if delta <= limit:
                if day < 0:
                    delta += count_out(t, s, q, 1) - out
                if not was_in:
                    delta += price_out(t, p, penalty) + count_out(t, s, p, -1)
                s.counts[COST] += delta
                return True
            change_back(t, s, n)
            if day >= 0:
                leave(t, s, q)
        leave(t, s, p)
    enter(t, s, q, day_q, room_q, theatre_q)
    if was_in:
        enter(t, s, p, day_p, room_p, theatre_p)
    return False
