"""Who comes: cohorts of a cancer site by stage, and flows of other patients."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from oncopolis.centre.number import (
    Identifier,
    PositiveAmount,
    PositiveTime,
    Priority,
    Rate,
    Share,
    Volume,
)
from oncopolis.centre.pattern import Clock, DayPattern, SeasonPattern, WeekPattern
from oncopolis.foundation import Frozen

Stage = Literal["i", "ii", "iii", "iv", "x"]
"""UICC stage in lower case; `x` for diseases that are not staged so."""


class StageEntry(Frozen):
    """How patients of one stage enter."""

    share: Share | Literal["rest"]
    """Share of the site's new cases diagnosed in this stage."""
    pathway: Identifier
    """Pathway they enter."""
    at: Identifier | None = None
    """Step they enter at; the first if left out (operated elsewhere: a later one)."""
    survival: Share | None = None
    """Net survival five years from diagnosis; share."""


class Cohort(Frozen):
    """New cases of one site, split by stage."""

    label: str
    """What it is called."""
    stages: dict[Stage, StageEntry]
    """Stage -> entry; shares sum to 1 or one takes the rest."""
    advanced_survival: Share | None = None
    """Net survival five years from the start of advanced disease; share."""


class Flow(Frozen):
    """Patients who do not come out of the cancer incidence: other clinics, or another kind of ward.

    How many come is said by exactly one of `volume`, `between` and `times`.
    """

    label: str
    """What it is called."""
    pathway: Identifier
    """Pathway they enter."""
    at: Identifier | None = None
    """Step they enter at; the first if left out."""
    volume: Volume | None = None
    """How many a year, or per working day or day: the row's unit is 1/year, or 1/day with
    `per: work_day` or `per: day`."""
    between: PositiveTime | None = None
    """Mean time from one arrival to the next, over the whole year; with `members`, mean time from a member's
    leaving to coming again. Its row's distribution is that of the time; exponential if it has none, so that
    arrivals are a Poisson process."""
    times: Annotated[tuple[Clock, ...], Field(min_length=1)] | None = None
    """Clock times at which one arrival is booked on every open day of `calendar` (every day if left out):
    ``["08:00", "08:15"]``."""
    members: Annotated[int, Field(ge=1)] | None = None
    """A closed population of so many, each of whom comes again after leaving; only with `between`."""
    growth: Rate | None = None
    """Yearly growth of the volume, 1/year."""
    day: DayPattern | None = None
    """Relative arrivals through the 24 hours, in any number of equal parts (24: by the hour), for the twin;
    even over the opening hours if left out."""
    week: WeekPattern | None = None
    """Relative arrivals Monday to Sunday, for the twin; even over open days if left out."""
    season: SeasonPattern | None = None
    """Relative arrivals January to December, for the twin; even over the year if left out."""
    calendar: Identifier | None = None
    """Days on which they come; holidays are those of the calendar."""
    batch: PositiveAmount = 1
    """People who come together at one arrival; `volume` counts people. A mean that is no whole number is the
    one below it, and one more by chance."""
    no_show: Share | None = None
    """Share of those of `times` who never come."""
    priority: Priority | None = None
    """Rank in queues; that of the pathway if left out."""

    @model_validator(mode="after")
    def _says_how_many(self) -> "Flow":
        ways = {"volume": self.volume, "between": self.between, "times": self.times}
        if sum(way is not None for way in ways.values()) != 1:
            raise ValueError("exactly one of `volume`, `between` and `times`")
        if self.members is not None and self.between is None:
            raise ValueError("`between` beside `members`: the mean time until a member comes again")
        if self.no_show is not None and self.times is None:
            raise ValueError("`times` beside `no_show`: those of other flows are never booked")
        if self.times is not None and any((self.growth, self.day, self.week, self.season)):
            raise ValueError("`times` without `growth`, `day`, `week` and `season`: the clock says it all")
        if self.members is not None and (self.growth is not None or self.batch != 1):
            raise ValueError(
                "`members` without `growth` and `batch`: each comes alone, and they stay as many"
            )
        return self
