"""How much a gap in a course of radiation harms."""

from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias, cast

import yaml

from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.operations.courses.views import Course
from oncopolis.operations.house import House

Category: TypeAlias = Literal[1, 2, 3]
"""Of the Royal College of Radiologists: a gap must not be, should not be, or may be."""


@cache
def _read() -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load((files(__package__) / "gaps.yaml").read_text("utf-8")))


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
