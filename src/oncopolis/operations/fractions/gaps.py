"""Which activities are fractions, on which machines they are given, and how much a gap harms."""

from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeAlias, cast

import yaml

from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.operations.courses.views import Course
from oncopolis.operations.house import House
from oncopolis.operations.notices.naming import find_stop

Category: TypeAlias = Literal[1, 2, 3]
"""Of the Royal College of Radiologists: a gap must not be, should not be, or may be."""
_KINDS: Final = ("machine", "room")


@cache
def _read() -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load((files(__package__) / "gaps.yaml").read_text("utf-8")))


def is_fraction(house: House, activity: str) -> bool:
    """Whether an activity is a treatment with radiation."""
    card = house.cards.get(activity)
    is_there = card is not None and card.is_contact and card.department in _read()["departments"]
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
        if key in held and one.kind in _KINDS and one.department in _read()["departments"]
    ]  # fmt: skip
    # A beam that several rooms share is no place to treat in where the rooms are.
    rooms = {resources[key].department for key in there if resources[key].kind == "room"}
    own = [key for key in there if resources[key].kind == "room" or resources[key].department not in rooms]
    return [unit for key in own for unit in house.units_of[key]]


def find_category(course: Course, step: str) -> Category:
    """Return how much a gap harms at a step of a course."""
    said = _read()
    if any(word in name for word in said["palliative"] for name in (course.pathway, step)):
        return 3  # structure: category of palliative courses
    return 1 if course.site in said["category_1"] else 2


def get_limit_days(house: House, category: Category) -> int:
    """Return by how many days a course may become longer."""
    return house.values.get_ms(get_key(category)) // MS_PER_DAY


def get_key(category: Category) -> str:
    """Return the row that says so."""
    return str(_read()["categories"][category])
