"""How a resource is there: shifts, booking, breakdown and maintenance."""

from typing import Annotated, Literal

from pydantic import Field

from oncopolis.centre.number import Identifier, Lateness, PositiveTime, Share, Time, Year
from oncopolis.foundation import Frozen


class Shift(Frozen):
    """How many of a resource are there when; shifts that are open together add up."""

    calendar: Identifier
    """When they are there."""
    n: Annotated[int, Field(ge=0)]
    """How many are there then (of a role: people present)."""
    from_year: Year | None = None
    """First year of this shift; from the beginning if left out."""


class Booking(Frozen):
    """Time of a resource is given out beforehand, by the day and the clock."""

    share: Share | None = None
    """Part of the open time that can be booked; all of it if left out."""
    urgent_share: Share | None = None
    """Part of the bookable time that is kept for the urgent (priority below 5); none if left out."""
    urgent_days: Annotated[int, Field(ge=0)] = 2
    """Days beforehand until which it is kept; then everybody may have it."""
    overbooking: Share | None = None
    """Time booked beyond the bookable part, as a share of it, since some never come."""
    no_show: Share | None = None
    """Share of the booked who never come."""
    cancelled: Share | None = None
    """Share of the booked who cancel."""
    cancelled_days: Annotated[int, Field(ge=0)] = 3  # structure: a default of the form, not a coefficient
    """Days beforehand on which they do; the time can be booked again."""
    lateness: Lateness | None = None
    """How late the booked come; below 0 is early. Its row's distribution is what the twin samples."""
    must_fit: bool = False
    """Whether nothing is started that would end after closing and overtime."""
    horizon_days: Annotated[int, Field(ge=1)] = 365  # structure: a default of the form, not a coefficient
    """How many days ahead time can be booked."""


class Breakdown(Frozen):
    """A unit that fails now and then, each independently of the others."""

    every: PositiveTime
    """Mean time from a repair to the next failure; exponential."""
    repair: Time
    """Time until it works again. Its row's distribution is what the twin samples; exponential if it has
    none."""
    clock: Literal["always", "open", "busy"] = "open"
    """What the time to a failure is counted in: always, open hours, or hours in use."""


class Maintenance(Frozen):
    """Planned absence of each unit in turn."""

    every_days: Annotated[int, Field(ge=1)]
    """Open days from one maintenance of a unit to its next."""
    time: Time
    """Time it is away for, from opening on."""
