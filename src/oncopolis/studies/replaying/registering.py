"""Registering an invented patient, and starting them on a pathway."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from oncopolis.centre import RouteKey
from oncopolis.studies.replaying.dice import Dice
from oncopolis.studies.replaying.intentions import Intention, Known
from oncopolis.studies.replaying.people import invent

PERSON: Final = "invented-practitioner"
"""Who decides in the name of the centre."""

LIKE: Final = frozenset({"OPS-023"})
"""Somebody who is likely the same is there."""


class Registering:
    """Registers invented people.

    Parameters
    ----------
    day
        Day on which they come.
    dice
        Draws who they are, and nothing else.
    """

    def __init__(self, day: date, dice: Dice) -> None:
        self._day, self._dice = day, dice

    def register(self, number: int, at_ms: int) -> Iterator[Intention]:
        """Yield the acts with which somebody becomes known; scripts call them ``patient``.

        Whoever is too like somebody who is there already is invented once more.
        """
        learns = {"patient": "patient"}
        first, second = (invent(number, self._day, self._dice, attempt) for attempt in range(2))
        yield Intention(at_ms, "register", first, learns, may_be=LIKE)
        yield Intention(at_ms, "register", second, learns, unless="patient")


def begin_course(route: RouteKey, at_ms: int) -> Intention:
    """Return the act with which they start on a pathway; scripts call it ``course``."""
    pathway, site, stage = route
    said = {"patient": Known("patient"), "pathway": pathway, "site": site, "stage": stage, "by": PERSON}
    return Intention(at_ms, "start_course", said, {"course": "course"})
