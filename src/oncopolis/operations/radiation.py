"""Which activities are treatments with radiation, and the machines on which these are given."""

from typing import Final

from oncopolis.operations.house import House
from oncopolis.operations.notices.naming import find_stop

DEPARTMENTS: Final = frozenset({"radiotherapy", "proton", "brachytherapy"})
"""Departments that treat with radiation."""
_KINDS: Final = ("machine", "room")


def is_fraction(house: House, activity: str) -> bool:
    """Whether an activity is a treatment with radiation."""
    card = house.cards.get(activity)
    is_there = card is not None and card.is_contact and card.department in DEPARTMENTS
    return is_there and find_stop(house, activity) == "treatment"


def list_fractions(house: House) -> list[str]:
    """Return the activities that are treatments with radiation."""
    return [activity for activity in house.cards if is_fraction(house, activity)]


def list_machines(house: House) -> list[str]:
    """Return the units on which fractions are given, by resource and number."""
    resources = house.centre.resources
    held = {key for activity in list_fractions(house) for key in house.cards[activity].holds}
    there = [
        key for key, one in resources.items()
        if key in held and one.kind in _KINDS and one.department in DEPARTMENTS
    ]  # fmt: skip
    # A beam that several rooms share is no place to treat in where the rooms are.
    rooms = {resources[key].department for key in there if resources[key].kind == "room"}
    own = [key for key in there if resources[key].kind == "room" or resources[key].department not in rooms]
    return [unit for key in own for unit in house.units_of[key]]
