"""What things are called on the pages of staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from oncopolis.foundation.marking import mark
from oncopolis.operations import House
from oncopolis.operations.booking import Held
from oncopolis.operations.orders.views import OrderState
from oncopolis.web.pages.languages import Words

SHORT: Final = 8  # structure: 32 random bits, found among the appointments of a day
ORDER_STATES: Final[dict[OrderState, str]] = {
    "ordered": mark("ordered"),
    "taken": mark("somebody is at it"),
    "resulted": mark("the result is there and was not seen"),
    "seen": mark("seen"),
    "revoked": mark("revoked"),
}
PLACES: Final = ("room", "place", "machine")
"""Kinds of units that somebody is called to."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of areas, units and activities in the reader's language."""

    house: House
    words: Words

    def area(self, key: str) -> str:
        """Name of a department."""
        department = self.house.centre.departments.get(key)
        return self.words.label(department.label) if department else key

    def place(self, key: str) -> str:
        """Name of a ward, by its resource, or of a department."""
        held = self.house.centre.resources.get(key)
        if held is not None and held.kind == "bed":
            return self.words.label(held.label)
        return self.area(key)

    def unit(self, id_: str | None) -> str:
        """Name of a room, machine, bed, place or post."""
        card = self.house.units.get(id_ or "")
        if card is None:
            return id_ or "–"
        label = self.words.label(self.house.centre.resources[card.resource].label)
        return self.words.text(mark("{units}, no. {n}"), units=label, n=card.number)

    def bed(self, id_: str | None) -> str:
        """Name of a bed on its ward, where the ward need not be said."""
        card = self.house.units.get(id_ or "")
        return self.unit(id_) if card is None else self.words.text(mark("Bed {n}"), n=card.number)

    def chair(self, id_: str) -> str:
        """Name of a chair of the day unit, short if there are chairs of one kind only."""
        units = self.house.units
        card = units.get(id_)
        if card is None:
            return id_
        kinds = {
            one.resource for one in units.values() if (one.kind, one.department) == ("place", card.department)
        }
        is_only = kinds == {card.resource}
        return self.words.text(mark("Chair {n}"), n=card.number) if is_only else self.unit(id_)

    def activity(self, key: str) -> str:
        """Name of an activity."""
        card = self.house.cards.get(key)
        return self.words.label(card.label) if card else key

    def place_of(self, units: Iterable[Held]) -> str:
        """Where an appointment is: its rooms, machines and places."""
        known = (self.house.units.get(held.unit) for held in units)
        return ", ".join(self.unit(card.id) for card in known if card is not None and card.kind in PLACES)

    def order_state(self, state: OrderState) -> str:
        """How far an order is."""
        return self.words.text(ORDER_STATES[state])

    def list_areas(self) -> list[tuple[str, str]]:
        """Departments that patients come to, by name."""
        there = dict.fromkeys(card.department for card in self.house.cards.values() if card.is_contact)
        return sort_by_name((key, self.area(key)) for key in there)

    def list_places(self, area: str) -> list[tuple[str, str]]:
        """Rooms, places and machines that people are called to: those of the area, and those its work holds.

        Of a department whose work is tied to none, those of the whole centre.
        """
        work = [card for card in self.house.cards.values() if card.department == area]
        held = {resource for card in work for resource in card.holds}
        places = [unit for unit in self.house.units.values() if unit.kind in PLACES]
        own = [unit for unit in places if unit.department == area or unit.resource in held]
        return [(unit.id, self.unit(unit.id)) for unit in own or places]


def shorten(id_: str) -> str:
    """Return the end of a code that is enough to type."""
    return id_[-SHORT:].upper()


def sort_by_name(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return pairs of key and name by name."""
    return sorted(pairs, key=lambda pair: pair[1].casefold())
