"""`Practice`: what differs between countries: setting, fractionation, working week, public holidays."""

from typing import Annotated, Any

from pydantic import Field

from oncopolis.centre.calendar import WORKING_WEEK, Calendar
from oncopolis.centre.catchment import Iso3
from oncopolis.centre.number import Identifier, WeeklyHours, YearlyDays
from oncopolis.foundation import Frozen
from oncopolis.foundation.units import DAYS_PER_WEEK


class WorkingTime(Frozen):
    """Working time of a full-time equivalent."""

    weekly: WeeklyHours
    """Contracted hours a week."""
    days_per_week: Annotated[int, Field(ge=1, le=DAYS_PER_WEEK)] = len(WORKING_WEEK)
    """Days they are spread over."""
    leave: YearlyDays
    """Paid leave, working days a year."""
    sickness: YearlyDays
    """Sickness, working days a year."""
    training: YearlyDays
    """Further training away from work, working days a year."""


class Practice(Frozen):
    """A parameter set of one country or setting."""

    label: str
    """What it is called."""
    country: Iso3
    """Country whose public holidays and national norms apply."""
    choices: dict[Identifier, str] = {}
    """Words that fill placeholders in evidence keys: ``fractionation: contemporary``."""
    hours: Annotated[dict[Identifier, WorkingTime], Field(min_length=1)]
    """Working times by name; `standard` is what roles have unless they name another."""
    calendars: dict[Identifier, Calendar] = {}
    """Calendars that replace those of the definition."""
    evidence: dict[str, dict[str, Any]] = {}
    """Evidence rows that replace those of the package, each with value and source."""
