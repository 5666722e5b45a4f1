"""How several appointments are put on one day: the order with the least waiting and walking."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise, permutations

from oncopolis.operations.booking.agenda import Agenda
from oncopolis.operations.booking.finding import count_walk, find_horizon, find_mask_on, make_spot
from oncopolis.operations.booking.series import make_sketch
from oncopolis.operations.booking.slots import find_first
from oncopolis.operations.booking.views import Booking, Spot
from oncopolis.operations.booking.wanting import Wanted, list_days

MOST_STOPS = 6  # structure: stops whose orders can all be tried out

Plan = tuple[int, int, tuple[int, ...]]
"""Slots from the first begin to the last end, slot of that end, and slot of each stop as they were asked."""


def find_trip(
    agenda: Agenda, stops: Sequence[Wanted], *, is_in_order: bool = False
) -> tuple[Spot, ...] | None:
    """Return times on the first day on which all stops can be had, in the order in which they were asked.

    Parameters
    ----------
    stops
        At most `MOST_STOPS`, of one patient; the window of the first one is that of all.
    is_in_order
        Whether they have to follow each other as asked; else the order is chosen.
    """
    last = agenda.today + timedelta(days=min(find_horizon(agenda, stop.activity) for stop in stops))
    for day in list_days(stops[0].window, agenda.today, last):
        for is_beyond in (False, True):
            found = _plan_day(agenda, stops, day, is_in_order=is_in_order, is_beyond=is_beyond)
            if found is not None:
                return found
    return None


def _plan_day(
    agenda: Agenda, stops: Sequence[Wanted], day: date, *, is_in_order: bool, is_beyond: bool
) -> tuple[Spot, ...] | None:
    masks = []
    for stop in stops:
        masks.append(find_mask_on(agenda, stop, day, is_beyond=is_beyond))
        if not masks[-1]:
            return None
    walks = [[count_walk(agenda, one.activity, other.activity) for other in stops] for one in stops]
    lengths = [stop.n_slots for stop in stops]
    plan = plan_trip(masks, lengths, walks, is_in_order=is_in_order)
    return None if plan is None else _hold(agenda, stops, day, plan[2], is_beyond=is_beyond)


def plan_trip(
    masks: Sequence[int], lengths: Sequence[int], walks: Sequence[Sequence[int]], *, is_in_order: bool = False
) -> Plan | None:
    """Return the shortest way through all stops, of two the one that ends earlier; None if there is none.

    Parameters
    ----------
    masks
        By stop, the slots at which it can begin.
    lengths
        By stop, slots it takes.
    walks
        Slots from a stop to another.
    """
    best: Plan | None = None
    whole = tuple(range(len(masks)))
    for order in (whole,) if is_in_order else permutations(whole):
        shortest = sum(lengths) + sum(walks[a][b] for a, b in pairwise(order))
        if best is None or shortest <= best[0]:
            best = _follow(order, masks, lengths, walks, shortest, best)
    return best


def _follow(
    order: tuple[int, ...],
    masks: Sequence[int],
    lengths: Sequence[int],
    walks: Sequence[Sequence[int]],
    shortest: int,
    best: Plan | None,
) -> Plan | None:
    """Return the best way in one order, or the one that was known if that is better.

    The earliest way gives an end; from it the latest begin follows, and the next way begins after that.
    """
    begin = 0
    while True:
        at = [0] * len(order)
        free = begin
        for i, stop in enumerate(order):
            left = masks[stop] >> free << free
            if not left:
                return best
            at[stop] = find_first(left)
            free = at[stop] + lengths[stop] + (walks[stop][order[i + 1]] if i + 1 < len(order) else 0)
        for stop, following in reversed(list(pairwise(order))):
            limit = at[following] - walks[stop][following] - lengths[stop]
            at[stop] = (masks[stop] & ((1 << limit + 1) - 1)).bit_length() - 1
        plan = (free - at[order[0]], free, tuple(at))
        if best is None or plan < best:
            best = plan
        if plan[0] == shortest:
            return best
        begin = at[order[0]] + 1


def _hold(
    agenda: Agenda, stops: Sequence[Wanted], day: date, at: Sequence[int], *, is_beyond: bool
) -> tuple[Spot, ...] | None:
    """Return the times with their units; None if together they take more than is given out of the day."""
    taken: list[Booking] = []
    try:
        for i, (stop, slot) in enumerate(zip(stops, at, strict=True)):
            if not find_mask_on(agenda, stop, day, is_beyond=is_beyond) >> slot & 1:
                return None
            spot = make_spot(agenda, stop, day, slot, is_beyond=is_beyond)
            taken.append(make_sketch(stop, spot, i))
            agenda.take(taken[-1])
        return tuple(booking.spot for booking in taken if booking.spot is not None)
    finally:
        for booking in taken:
            agenda.give(booking)
