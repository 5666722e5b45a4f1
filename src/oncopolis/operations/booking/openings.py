"""`Openings`: when each unit can be booked by plan, what of a day is given out, and what activities need."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TypeAlias

from oncopolis.centre import BoundActivity
from oncopolis.centre.calendar import list_holidays
from oncopolis.centre.context import make_context
from oncopolis.centre.number import Number
from oncopolis.foundation.units import DAYS_PER_WEEK
from oncopolis.operations.booking.slots import WHOLE_DAY, count_slots, find_first, find_longest, make_open
from oncopolis.operations.house import House

Masks: TypeAlias = tuple[int, ...]
"""Slots by unit of a resource, in the order of their numbers."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How time of a resource is given out.

    Parameters
    ----------
    scale
        Time given out as a share of the open time: the bookable part with what is booked beyond it.
    urgent_share
        Part of that which is kept for the urgent.
    urgent_days
        Days beforehand until which it is kept.
    """

    scale: float
    urgent_share: float
    urgent_days: int
    horizon_days: int


@dataclass(frozen=True, slots=True)
class Needs:
    """What an appointment for an activity takes.

    Parameters
    ----------
    units
        Bookable resource -> how many of its units are held together, while the patient is there. What is
        held by a share of one serves several at once and is not given out by the clock.
    hours
        Resources whose opening hours apply where nothing of it is given out by the clock.
    """

    units: Mapping[str, int]
    hours: tuple[str, ...]


class Openings:
    """What is the same whoever has booked."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._by_plan: dict[tuple[str, int, bool], Masks] = {}
        self._shared: dict[Masks, Masks] = {}
        self._stretches: dict[str, int] = {}
        self._open_days: dict[str, tuple[int, list[int]]] = {}

    @cached_property
    def rules(self) -> Mapping[str, Rules]:
        """Rules of the resources whose time is given out."""
        return {key: self._make_rules(key) for key in self.house.booking}

    @cached_property
    def needs(self) -> Mapping[str, Needs]:
        """Activity -> what an appointment for it takes."""
        found: dict[str, Needs] = {}
        for route in self.house.network.routes.values():
            for stop in route.stops:
                for task in stop.tasks:
                    if task.activity.id not in found:
                        found[task.activity.id] = self._make_needs(task.activity)
        return found

    def get_needs(self, activity: str) -> Needs:
        """Return what an appointment takes; `NotFoundError` if no pathway does the activity."""
        return self.needs[self.house.get_card(activity).id]

    def count_slots(self, activity: str, minutes: int | None = None) -> int:
        """Return how many slots an appointment takes: not more than the longest time its units are open.

        Where nothing of it is given out by the clock and it takes longer than anything is open in a row (a
        stay), its beginning is booked: one slot.
        """
        needs = self.get_needs(activity)
        n = max(count_slots(self.house.get_card(activity).minutes if minutes is None else minutes), 1)
        if needs.units:
            return max(min(n, *map(self._find_stretch, needs.units)), 1)
        return 1 if any(n > self._find_stretch(resource) for resource in needs.hours) else n

    def count_open(self, resource: str, day: date) -> int:
        """Return the slots of all units on a day by plan; maintenance is not taken off."""
        return sum(mask.bit_count() for mask in self._list_by_plan(resource, day))

    def list_masks(self, resource: str, day: date) -> Masks:
        """Return when each unit is open on a local day; breaks and maintenance are taken out."""
        masks = self._list_by_plan(resource, day)
        maintenance = self.house.centre.resources[resource].maintenance
        if maintenance is None:
            return masks
        away = self._list_away(resource, maintenance.every_days, day)
        if not away:
            return masks
        n = count_slots(self._get_minutes(maintenance.time, "resources", resource, "maintenance", "time"))
        return self._share(_lose_first(mask, n) if i in away else mask for i, mask in enumerate(masks))

    def find_hours(self, resources: Iterable[str], day: date) -> int:
        """Return when at least one unit of each resource is open."""
        mask = WHOLE_DAY
        for resource in resources:
            opened = 0
            for unit in self.list_masks(resource, day):
                opened |= unit
            mask &= opened
        return mask

    def _list_by_plan(self, resource: str, day: date) -> Masks:
        is_holiday = day in list_holidays(self.house.centre.country, day.year)
        key = (resource, day.weekday(), is_holiday)
        masks = self._by_plan.get(key)
        if masks is None:
            units = self.house.units_of[resource]
            masks = self._share(make_open(self.house.list_hours(unit, day)) for unit in units)
            self._by_plan[key] = masks
        return masks

    def _share(self, masks: Iterable[int]) -> Masks:
        """Return the one object for equal masks: a year of days has few different ones."""
        made = tuple(masks)
        return self._shared.setdefault(made, made)

    def _find_stretch(self, resource: str) -> int:
        """Return the longest row of slots one unit is open for on any day of a week."""
        if resource not in self._stretches:
            first = date(self.house.centre.horizon.first, 1, 1)
            days = [first + timedelta(days=i) for i in range(2 * DAYS_PER_WEEK)]
            masks = {mask for day in days for mask in self._list_by_plan(resource, day)}
            self._stretches[resource] = max(map(find_longest, masks), default=0)
        return self._stretches[resource]

    def _list_away(self, resource: str, apart: int, day: date) -> frozenset[int]:
        """Return which units are in planned maintenance, each in its turn, as the twin has it."""
        days = self._list_open_days(resource, day.year)
        at = bisect_left(days, day.toordinal())
        if at == len(days) or days[at] != day.toordinal():
            return frozenset()
        n = len(self.house.units_of[resource])
        return frozenset(unit for unit in range(n) if (at + unit * apart // n) % apart == apart - 1)

    def _list_open_days(self, resource: str, year: int) -> list[int]:
        """Return the open days from the definition's first year to the end of a year at least."""
        first = self.house.centre.horizon.first
        following, days = self._open_days.setdefault(resource, (first, []))
        for each in range(following, year + 1):
            holidays = {day.toordinal() for day in list_holidays(self.house.centre.country, each)}
            first_day, end = date(each, 1, 1).toordinal(), date(each + 1, 1, 1).toordinal()
            kinds: dict[tuple[int, bool], bool] = {}
            for ordinal in range(first_day, end):
                kind = (ordinal % DAYS_PER_WEEK, ordinal in holidays)
                if kind not in kinds:
                    kinds[kind] = any(self._list_by_plan(resource, date.fromordinal(ordinal)))
                if kinds[kind]:
                    days.append(ordinal)
        self._open_days[resource] = (max(following, year + 1), days)
        return days

    def _make_rules(self, key: str) -> Rules:
        booking = self.house.booking[key]
        place = ("resources", key, "booking")
        scale = self._get(booking.share, 1.0, *place, "share")
        scale *= 1 + self._get(booking.overbooking, 0.0, *place, "overbooking")
        urgent = self._get(booking.urgent_share, 0.0, *place, "urgent_share")
        return Rules(scale, urgent, booking.urgent_days, booking.horizon_days)

    def _get(self, number: Number | None, missing: float, *path: str) -> float:
        if number is None:
            return missing
        project = self.house.equipped.project
        return self.house.values.get(project.resolver.resolve(number, path, make_context(project.centre)))

    def _get_minutes(self, number: Number, *path: str) -> float:
        project = self.house.equipped.project
        return self.house.values.get_minutes(
            project.resolver.resolve(number, path, make_context(project.centre))
        )

    def _make_needs(self, activity: BoundActivity) -> Needs:
        held: dict[str, float] = {}
        for phase in activity.phases:
            if phase.patient:
                for resource, n in phase.hold:
                    held[resource] = max(held.get(resource, 0.0), self.house.values.get(n))
        units = {key: int(n) for key, n in held.items() if key in self.house.booking and n >= 1}
        return Needs(units, tuple(key for key, n in held.items() if n > 0))


def _lose_first(mask: int, n: int) -> int:
    """Return a mask without the first `n` slots of the clock from its opening on."""
    return mask >> (opens + n) << (opens + n) if (opens := find_first(mask)) >= 0 else mask
