"""How a time is found for one activity: the first that is feasible."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil

from oncopolis.foundation.units import DAYS_PER_YEAR
from oncopolis.operations.booking.agenda import Agenda
from oncopolis.operations.booking.diary import find_mask, locate
from oncopolis.operations.booking.openings import Needs
from oncopolis.operations.booking.slots import (
    N_SLOTS,
    WHOLE_DAY,
    find_first,
    find_nearest,
    find_starts,
    make_mask,
)
from oncopolis.operations.booking.views import SLOT_MS, Booking, Held, Spot, Window, make_held
from oncopolis.operations.booking.wanting import Wanted, find_part, list_days, shorten
from oncopolis.operations.house import SLOT_MIN


def find_spot(agenda: Agenda, wanted: Wanted) -> Spot | None:
    """Return the first time that fits, None if there is none in the window.

    Days are tried from the target on, then those before it. Wishes count for a week after the target; if
    they cannot be had by then, they are let go.
    """
    first, last = agenda.today, agenda.today + timedelta(days=find_horizon(agenda, wanted.activity))
    if wanted.has_wishes:
        for day in list_days(shorten(wanted.window), first, last):
            if (spot := find_on(agenda, wanted, day, with_wishes=True)) is not None:
                return spot
    for day in list_days(wanted.window, first, last):
        if (spot := find_on(agenda, wanted, day)) is not None:
            return spot
    return None


def find_horizon(agenda: Agenda, activity: str) -> int:
    """Return how many days ahead an activity can be booked."""
    rules, needs = agenda.openings.rules, agenda.openings.get_needs(activity)
    horizons = [rules[resource].horizon_days for resource in needs.units or rules]
    if not horizons:
        return int(DAYS_PER_YEAR)
    return min(horizons) if needs.units else max(horizons)


def find_on(agenda: Agenda, wanted: Wanted, day: date, *, with_wishes: bool = False) -> Spot | None:
    """Return the best time on one day; overbooked only if nothing else is left."""
    for is_beyond in (False, True):
        mask = find_mask_on(agenda, wanted, day, with_wishes=with_wishes, is_beyond=is_beyond)
        if mask:
            slot = find_first(mask) if wanted.about is None else find_nearest(mask, wanted.about)
            return make_spot(agenda, wanted, day, slot, is_beyond=is_beyond)
        if not _has_beyond(agenda, agenda.openings.get_needs(wanted.activity)):
            break
    return None


def find_mask_on(
    agenda: Agenda, wanted: Wanted, day: date, *, with_wishes: bool = False, is_beyond: bool = False
) -> int:
    """Return the slots of a day at which it could begin."""
    if day < agenda.today or day.toordinal() in wanted.without:
        return 0
    needs = agenda.openings.get_needs(wanted.activity)
    mask = find_part(wanted.part) if with_wishes else WHOLE_DAY
    if day == agenda.today:
        mask &= make_mask(agenda.first_slot, N_SLOTS)
    if not needs.units:
        mask &= find_starts(agenda.openings.find_hours(needs.hours, day), wanted.n_slots)
    fixed = {wanted.only} if wanted.only else set()
    wished = [unit for unit in wanted.units if with_wishes]
    for resource, n in needs.units.items():
        mask &= _find_resource(agenda, wanted, day, (resource, n), [*fixed, *wished], is_beyond=is_beyond)
        if not mask:
            return 0
    return mask & find_absent(agenda, wanted, day)


def _find_resource(
    agenda: Agenda, wanted: Wanted, day: date, need: tuple[str, int], named: list[str], *, is_beyond: bool
) -> int:
    """Return when enough units of a resource begin to be free, those that are named among them."""
    resource, n = need
    pool, is_kept = agenda.get_pool((resource, day.toordinal())), _is_kept(agenda, wanted, day, resource)
    beyond = is_beyond and pool.has_time(wanted.n_slots, n, is_kept=is_kept, is_beyond=True)
    if not beyond and not pool.has_time(wanted.n_slots, n, is_kept=is_kept, is_beyond=False):
        return 0
    mask = pool.find_starts(wanted.n_slots, n, is_beyond=beyond)
    for unit in named:
        card = agenda.house.get_unit(unit)
        if card.resource == resource:
            mask &= pool.find_unit_starts(card.number - 1, wanted.n_slots, is_beyond=beyond)
    return mask


def find_open(agenda: Agenda, wanted: Wanted, day: date) -> int:
    """Return the slots at which it could begin if nobody had booked anything."""
    needs = agenda.openings.get_needs(wanted.activity)
    if not needs.units:
        return find_starts(agenda.openings.find_hours(needs.hours, day), wanted.n_slots)
    mask = WHOLE_DAY
    for resource in needs.units:
        pool, opened = agenda.get_pool((resource, day.toordinal())), 0
        for unit in pool.list_units():
            opened |= find_starts(pool.find_open(unit), wanted.n_slots)
        mask &= opened
    return mask


def is_given_out(agenda: Agenda, wanted: Wanted, day: date) -> bool:
    """Whether what is given out of a day is used up, for those who ask."""
    for resource, n in agenda.openings.get_needs(wanted.activity).units.items():
        pool, kept = agenda.get_pool((resource, day.toordinal())), _is_kept(agenda, wanted, day, resource)
        if not pool.has_time(wanted.n_slots, n, is_kept=kept, is_beyond=False):
            return True
    return False


def _is_kept(agenda: Agenda, wanted: Wanted, day: date, resource: str) -> bool:
    """Whether a part of a day is kept from those who ask."""
    return not wanted.is_urgent and (day - agenda.today).days > agenda.openings.rules[resource].urgent_days


def _has_beyond(agenda: Agenda, needs: Needs) -> bool:
    return any(agenda.openings.rules[resource].scale > 1 for resource in needs.units)


def find_absent(agenda: Agenda, wanted: Wanted, day: date) -> int:
    """Return when somebody is nowhere else for long enough, with the way there and back."""
    house, free = agenda.house, WHOLE_DAY
    card = house.cards.get(wanted.activity)
    if card is not None and not card.is_contact:
        return free
    for other, taken in agenda.list_taken(wanted.patient, day):
        if not taken or not is_there(agenda, other):
            continue
        walk = count_walk(agenda, other.activity, wanted.activity)
        first, end = find_first(taken), taken.bit_length()
        free &= ~make_mask(first - walk - wanted.n_slots + 1, end + walk)
    return free


def is_there(agenda: Agenda, booking: Booking) -> bool:
    """Whether somebody comes for an appointment: work done in their absence leaves them free."""
    card = agenda.house.cards.get(booking.activity)
    return card is None or card.is_contact


def count_walk(agenda: Agenda, origin: str, goal: str) -> int:
    """Return the slots it takes to walk from where one activity is done to where another is."""
    cards = agenda.house.cards
    if origin not in cards or goal not in cards:
        return 0
    minutes = agenda.house.get_walk_min(cards[origin].department, cards[goal].department)
    return ceil(minutes / SLOT_MIN)


def make_spot(agenda: Agenda, wanted: Wanted, day: date, slot: int, *, is_beyond: bool = False) -> Spot:
    """Return a time that is free, with the units that will be held."""
    needs = agenda.openings.get_needs(wanted.activity)
    units: list[Held] = []
    for resource, n in needs.units.items():
        units += list(_list_free(agenda, wanted, day, slot, resource, is_beyond=is_beyond))[:n]
    return Spot(agenda.house.to_ms(day, slot * SLOT_MIN), tuple(units))


def _list_free(
    agenda: Agenda, wanted: Wanted, day: date, slot: int, resource: str, *, is_beyond: bool
) -> Iterator[Held]:
    """Yield units that are free from a slot on, the best first.

    Named ones come first. Of posts the one with the least booked that day comes next, so that work is shared;
    of rooms and machines the one with the smallest number, so that others keep long stretches free.
    """
    pool, names = agenda.get_pool((resource, day.toordinal())), agenda.house.units_of[resource]
    mask = make_mask(slot, slot + wanted.n_slots)
    is_shared = agenda.house.centre.resources[resource].kind == "role"

    def rank(found: tuple[int, int]) -> tuple[bool, int, bool, int, int]:
        layer, unit = found
        taken = pool.count_taken(unit) if is_shared else 0
        return names[unit] != wanted.only, layer, names[unit] not in wanted.units, taken, unit

    layers = (0, 1) if is_beyond else (0,)
    free = [
        (layer, unit)
        for layer in layers
        for unit in pool.list_units()
        if pool.find_free(unit, layer) & mask == mask
    ]
    seen: set[int] = set()
    for layer, unit in sorted(free, key=rank):
        if unit not in seen:
            seen.add(unit)
            yield make_held(names[unit], layer)


def check_spot(agenda: Agenda, wanted: Wanted, at_ms: int) -> Spot | None:
    """Return a stated time with the units that will be held; None if it is not free, or no whole slot."""
    if at_ms % SLOT_MS:
        return None
    day, minute = agenda.house.to_minute(at_ms)
    slot = minute // SLOT_MIN
    for with_wishes in (True, False) if wanted.has_wishes else (False,):
        for is_beyond in (False, True):
            mask = find_mask_on(agenda, wanted, day, with_wishes=with_wishes, is_beyond=is_beyond)
            if mask >> slot & 1:
                return make_spot(agenda, wanted, day, slot, is_beyond=is_beyond)
    return None


def fits(agenda: Agenda, booking: Booking) -> bool:
    """Whether a booking could be where it says: its units free and in order, its patient nowhere else."""
    assert booking.spot is not None
    day, mask = find_mask(agenda.house, booking.spot, booking.minutes)
    for unit, layer in booking.spot.units:
        found = locate(agenda.openings, unit, day)
        if found is not None and agenda.get_pool(found[0]).find_free(found[1], layer) & mask != mask:
            return False
    wanted = Wanted(booking.patient, booking.activity, mask.bit_count(), Window(day, day))
    return bool(find_absent(agenda, wanted, day) >> find_first(mask) & 1)
