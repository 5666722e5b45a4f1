"""How the times of a series are found: one after the other, with the same machine, at about the same time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from oncopolis.foundation.units import DAYS_PER_WEEK
from oncopolis.operations.booking.agenda import Agenda
from oncopolis.operations.booking.finding import find_horizon, find_mask_on, find_on
from oncopolis.operations.booking.slots import find_first, find_nearest, list_slots
from oncopolis.operations.booking.views import Booking, Spot
from oncopolis.operations.booking.wanting import Wanted, list_days
from oncopolis.operations.house import SLOT_MIN, House


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, and every how many days; in working days (fractions) or days of the calendar (cycles)."""

    n: int
    every_days: int = 1
    is_in_workdays: bool = False


def find_series(agenda: Agenda, wanted: Wanted, rhythm: Rhythm) -> tuple[Spot, ...] | None:
    """Return the times of a series that begins as early in its window as it can be had without a gap.

    In working days each turn is on its day, on the machine of the others if it has time; counted in days of
    the calendar a turn may be up to a week late. None if there is no such series.
    """
    last = agenda.today + timedelta(days=find_horizon(agenda, wanted.activity))
    known: dict[date, bool] = {}

    def has_time(day: date) -> bool:
        if day not in known:
            known[day] = day <= last and find_on(agenda, wanted, day) is not None
        return known[day]

    for first in list_days(wanted.window, agenda.today, last):
        if rhythm.is_in_workdays and not agenda.house.is_workday(first):
            continue
        # Cycles may be late, fractions may not: each of their days needs a time.
        days = _list_ideal(agenda.house, rhythm, first) if rhythm.is_in_workdays else (first,)
        if not all(map(has_time, days)):
            continue
        found = _place(agenda, _choose(agenda, wanted, rhythm, first), rhythm, first, last)
        if found is not None:
            return found
    return None


def _choose(agenda: Agenda, wanted: Wanted, rhythm: Rhythm, first: date) -> Wanted:
    """Return the wish for the machine and the time of day that are free on most of the days."""
    days = list(_list_ideal(agenda.house, rhythm, first))
    needs = agenda.openings.get_needs(wanted.activity)
    lead = next(iter(needs.units), None)
    units = agenda.house.units_of[lead] if lead is not None else ("",)
    # What the patient has else and what other resources leave is the same for all units.
    anywhere = [find_mask_on(agenda, wanted, day) for day in days]
    wished_anywhere = find_mask_on(agenda, wanted, first, with_wishes=True)
    best, chosen = (1, False, 0, 0), wanted
    for number, unit in enumerate(units):
        masks, wished = anywhere, wished_anywhere
        if lead is not None:
            pools = [agenda.get_pool((lead, day.toordinal())) for day in days]
            starts = [pool.find_unit_starts(number, wanted.n_slots, is_beyond=False) for pool in pools]
            masks = [mask & start for mask, start in zip(anywhere, starts, strict=True)]
            wished &= starts[0]
        common = masks[0]
        for mask in masks:
            common &= mask
        for slot in [_find_best(common, wished, wanted.about)] if common else list_slots(masks[0]):
            n_free = sum(mask >> slot & 1 for mask in masks)
            apart = slot if wanted.about is None else abs(slot - wanted.about)
            rank = (-n_free, not wished >> slot & 1, apart, number)
            if rank < best:
                best = rank
                chosen = replace(wanted, only=unit, about=slot)
    return chosen


def _find_best(common: int, wished: int, about: int | None) -> int:
    """Return the slot that is wished for most of those that are free on all days."""
    mask = common & wished or common
    return find_first(mask) if about is None else find_nearest(mask, about)


def _place(
    agenda: Agenda, wanted: Wanted, rhythm: Rhythm, first: date, last: date
) -> tuple[Spot, ...] | None:
    """Find the turns one after the other, each taken while the next ones are looked for."""
    taken: list[Booking] = []
    day = first
    try:
        for turn in range(rhythm.n):
            if turn:
                day = find_next(agenda.house, rhythm, day)
            spot = None
            for tried in _list_tried(rhythm, day, last):
                spot = find_on(agenda, wanted, tried) or find_on(agenda, replace(wanted, only=""), tried)
                if spot is not None:
                    day = tried
                    break
            if spot is None:
                return None
            taken.append(make_sketch(wanted, spot, turn))
            agenda.take(taken[-1])
        return tuple(booking.spot for booking in taken if booking.spot is not None)
    finally:
        for booking in taken:
            agenda.give(booking)


def make_sketch(wanted: Wanted, spot: Spot, turn: int) -> Booking:
    """Return a booking as it would be, to hold its place while others are looked for."""
    return Booking(
        f"{turn}", wanted.patient, wanted.activity, "proposed", wanted.n_slots * SLOT_MIN, 0, spot=spot
    )


def find_next(house: House, rhythm: Rhythm, day: date) -> date:
    """Return the day of the next turn."""
    if not rhythm.is_in_workdays:
        return day + timedelta(days=rhythm.every_days)
    for _ in range(rhythm.every_days):
        day = find_workday(house, day + timedelta(days=1))
    return day


def find_workday(house: House, day: date) -> date:
    """Return the first working day from a day on."""
    while not house.is_workday(day):
        day += timedelta(days=1)
    return day


def _list_ideal(house: House, rhythm: Rhythm, first: date) -> Iterator[date]:
    day = first
    for _ in range(rhythm.n):
        yield day
        day = find_next(house, rhythm, day)


def _list_tried(rhythm: Rhythm, day: date, last: date) -> Iterator[date]:
    late = 0 if rhythm.is_in_workdays else DAYS_PER_WEEK
    for n in range(late + 1):
        if day + timedelta(days=n) <= last:
            yield day + timedelta(days=n)
