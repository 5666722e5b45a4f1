"""`Day`: who comes on a day and what is done with them, before anybody has booked or checked in."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from oncopolis.centre import RouteKey
from oncopolis.centre.journal import Outcome

Fate: TypeAlias = Literal["comes", "no_show", "cancels"]


@dataclass(frozen=True, slots=True)
class Part:
    """One activity of a visit or a stay. Moments are milliseconds since local midnight of the day.

    Parameters
    ----------
    resource
        What held it, if the twin says so.
    planned_ms
        Time of the appointment; None for who came without one.
    asked_ms
        When the patient was there and ready.
    start_ms
        None for whom it was never begun.
    end_ms
        When it was done, given up or put off.
    is_contact
        Whether the patient was there.
    """

    step: str
    activity: str
    resource: str | None
    planned_ms: int | None
    asked_ms: int
    start_ms: int | None
    end_ms: int
    outcome: Outcome
    is_contact: bool


@dataclass(frozen=True, slots=True)
class Visited:
    """One person on one day.

    Parameters
    ----------
    number
        Which person of the day, from 0; names and birth dates follow from it.
    route
        Pathway, site and stage.
    parts
        In the order in which they begin; what is done without the patient among them.
    """

    number: int
    route: RouteKey
    parts: tuple[Part, ...]
    fate: Fate = "comes"


@dataclass(frozen=True, slots=True)
class Stayed:
    """One person in a bed, on the day or a part of it. Moments as in `Part`.

    Parameters
    ----------
    activity
        What they are there for.
    resource
        Which beds.
    moved_to
        Beds of another kind that follow on the day, with the moment of the move; None without a move.
    from_ms
        Below 0 for who was there at midnight.
    until_ms
        Beyond the day for who stays.
    operation
        Their operation on the day; None if they have none.
    """

    number: int
    route: RouteKey
    step: str
    activity: str
    resource: str
    from_ms: int
    until_ms: int
    moved_to: tuple[str, int] | None = None
    operation: Part | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """A machine or room out of order."""

    unit: str
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Day:
    """What was drawn.

    Parameters
    ----------
    day
        Day it is lived on.
    source
        First day of the twin it was taken from.
    n_source_days
        Days of the twin that were put together; 1 where its one day has enough.
    share
        Part of the people of those days that was taken.
    """

    day: date
    source: date
    n_source_days: int
    share: float
    visits: tuple[Visited, ...]
    stays: tuple[Stayed, ...]
    outages: tuple[Outage, ...]
