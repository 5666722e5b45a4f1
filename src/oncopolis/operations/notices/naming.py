"""What stops and places are called before a diagnosis is disclosed: by kind and number, never by purpose.

The one way in which pages of patients, boards, kiosks and notices name care. All words are in ``words.yaml``.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeAlias, cast, get_args

import yaml

from oncopolis.operations.house import House
from oncopolis.operations.house.naming import to_letters

Stop: TypeAlias = Literal[
    "consultation", "examination", "blood_test", "treatment", "operation", "stay", "visit", "call", "home"
]
STOPS: Final[tuple[Stop, ...]] = get_args(Stop)
ELSEWHERE: Final[frozenset[Stop]] = frozenset({"call", "home"})
"""Stops for which nobody comes to the centre."""
_ROOMS: Final = {"room": "room", "machine": "room", "place": "place", "bed": "bed"}
"""Kind of resource -> what its number is written on."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go, in numbers as signs have them; None for what the definition does not say.

    Parameters
    ----------
    building, area
        1, 2, 3, ... in the order of the definition: of buildings, and of departments.
    storey
        Ground floor 0.
    spot
        What ``number`` is written on: a room, place or bed.
    """

    building: int | None = None
    storey: int | None = None
    area: int | None = None
    spot: str = ""
    number: int | None = None


NOWHERE: Final = Place()
"""What is no place of the centre."""


def find_stop(house: House, activity: str) -> Stop:
    """Return what kind of stop an activity is; a visit if nothing is known of it."""
    kinds = _read("kinds.yaml")
    if activity in kinds["activities"]:
        return cast("Stop", kinds["activities"][activity])
    card = house.cards.get(activity)
    if card is None:
        return "visit"
    resources = [house.centre.resources[key] for key in card.holds]
    held = {one.kind for one in resources}
    own = {one.kind for one in resources if one.department == card.department}
    if "bed" in held:
        return "stay"
    said: Mapping[str, Stop] = kinds["departments"].get(card.department, {})
    found = next((said[kind] for kind in ("machine", "room", "place") if kind in own and kind in said), None)
    return found or said.get("else") or ("consultation" if "room" in held else "visit")


def find_place(house: House, department: str, unit: str = "") -> Place:
    """Return where a room, machine, place or bed is; where a department is, without one that has a number."""
    centre = house.centre
    card = house.units.get(unit)
    if card is not None and card.kind in _ROOMS:
        department = card.department
    building = house.buildings.get(department)
    spot = _ROOMS.get(card.kind, "") if card else ""
    return Place(
        building=list(centre.campus.buildings).index(building) + 1 if building else None,
        storey=house.find_storey(department),
        area=list(centre.departments).index(department) + 1 if department in centre.departments else None,
        spot=spot,
        number=card.number if card and spot else None,
    )


def word_stop(stop: Stop, language: str) -> str:
    """Return the word for a kind of stop."""
    return get_words("stops", stop, language)


def word_preparation(stop: Stop, language: str) -> str:
    """Return what to think of before a kind of stop."""
    return get_words("prepare", stop, language)


def word_place(place: Place, language: str) -> str:
    """Return where to go in words; floors are counted from 1 at the ground, as most signs have them.

    Areas have the letters that numbers of the call boards begin with.
    """
    parts: list[tuple[str, int | str | None]] = [("building", place.building)]
    if place.storey is not None:
        parts.append(("floor", place.storey + 1) if place.storey >= 0 else ("below", -place.storey))
    area = None if place.area is None else to_letters(place.area - 1)
    parts += [("area", area), (place.spot, place.number)]
    words = [get_words("places", part, language).format(n=n) for part, n in parts if n is not None]
    return ", ".join(words)


def word_role(roles: AbstractSet[str], language: str) -> str:
    """Return what somebody with these roles, or of this kind, is called: the first of the list they have."""
    listed: Mapping[str, list[str]] = _read("words.yaml")["called"]
    word = next((word for word, codes in listed.items() if roles & set(codes)), "staff")
    return get_words("roles", word, language)


def get_words(section: str, key: str, language: str) -> str:
    """Return words of the list, English ones where a language is not in it."""
    words: Mapping[str, str] = _read("words.yaml")[section][key]
    return words.get(language, words["en"])


def list_languages() -> tuple[str, ...]:
    """Return the languages there are words in."""
    return tuple(_read("words.yaml")["languages"])


@cache
def _read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((files(__package__) / name).read_text("utf-8")))
