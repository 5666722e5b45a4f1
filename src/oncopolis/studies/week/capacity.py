"""What a centre has in a week: hours, rooms, and who is there when."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from math import ceil

from oncopolis.centre.context import make_context
from oncopolis.centre.number import Amount
from oncopolis.foundation.located import Segments
from oncopolis.operations.house import House
from oncopolis.scheduling.theatres.problem import Room, Theatre

_PAIR = 2
"""Beds of a room for two."""


class Capacity:
    """What there is on each of some days.

    Parameters
    ----------
    days
        Days of the week, in order.
    """

    def __init__(self, house: House, days: Sequence[date]) -> None:
        self.house, self.days = house, days

    def count_open_min(self, unit: str) -> list[int]:
        """Return the minutes for which a unit is open on each day."""
        return [sum(end - begin for begin, end in self.house.list_hours(unit, day)) for day in self.days]

    def list_units(self, resource: str) -> list[str]:
        """Return the units of a resource that are open at all."""
        return [unit for unit in self.house.units_of[resource] if any(self.count_open_min(unit))]

    def count_present(self, resource: str, day: int, minute: int) -> int:
        """Return how many of a resource are there at a minute of a day."""
        return sum(
            any(begin <= minute < end for begin, end in self.house.list_hours(unit, self.days[day]))
            for unit in self.house.units_of[resource]
        )

    def get_value(self, number: Amount, path: Segments) -> float:
        """Return the central value of a number of the definition."""
        resolver = self.house.equipped.project.resolver
        return self.house.values.get(resolver.resolve(number, path, self._context))

    @cached_property
    def _context(self) -> dict[str, str]:
        return make_context(self.house.centre)

    def make_theatres(self, theatre: str) -> list[Theatre]:
        """Return the theatres, whose lists leave free the share that the definition keeps for the urgent."""
        booking = self.house.booking.get(theatre)
        share = 0.0
        if booking is not None and booking.urgent_share is not None:
            share = self.get_value(booking.urgent_share, ("resources", theatre, "booking", "urgent_share"))
        made = []
        for number, unit in enumerate(self.list_units(theatre), start=1):
            opened = self.count_open_min(unit)
            reserve = tuple(round(minutes * share) for minutes in opened)
            made.append(Theatre(f"T{number:02d}", tuple(opened), reserve))
        return made

    def make_rooms(self, bed: str, prefix: str) -> list[Room]:
        """Return rooms of one bed and of two, as the definition has so many rooms for so many beds.

        A place for the day is a room in which as many lie, one after the other, as the day has time for.
        """
        units = self.list_units(bed)
        if self.house.centre.resources[bed].kind == "place":
            turns = self._count_turns(bed, units)
            return [Room(f"{prefix}{number:03d}", turns) for number in range(1, len(units) + 1)]
        n_rooms = min(len(units), self._count_rooms(bed, len(units)) or ceil(len(units) / _PAIR))
        doubles = len(units) - n_rooms
        return [
            Room(f"{prefix}{number:03d}", _PAIR if number <= doubles else 1)
            for number in range(1, n_rooms + 1)
        ]

    def _count_turns(self, place: str, units: Sequence[str]) -> int:
        open_min = max((max(self.count_open_min(unit)) for unit in units), default=0)
        cards = self.house.cards.values()
        longest = max(card.minutes + card.after_min for card in cards if place in card.holds)
        return max(1, int(open_min // longest))

    def _count_rooms(self, bed: str, n_beds: int) -> int:
        rooms = 0.0
        for key, room in self.house.centre.rooms.items():
            for at, driver in enumerate(room.count):
                if driver.per != f"resource.{bed}":
                    continue
                path = ("rooms", key, "count", at)
                if driver.times is not None:
                    rooms += n_beds * self.get_value(driver.times, (*path, "times"))
                elif driver.each is not None:
                    rooms += n_beds / self.get_value(driver.each, (*path, "each"))
        return ceil(rooms)
