"""Who comes: cohorts of a cancer site by stage, and flows of other patients."""

from typing import Annotated, Literal

from pydantic import Field

from oncopolis.centre.number import Identifier, Rate, Share, Volume
from oncopolis.foundation import Frozen
from oncopolis.foundation.units import DAYS_PER_WEEK

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
    """Patients who do not come out of the cancer incidence: other clinics, or another kind of ward."""

    label: str
    """What it is called."""
    pathway: Identifier
    """Pathway they enter."""
    at: Identifier | None = None
    """Step they enter at; the first if left out."""
    volume: Volume
    """How many a year, or per working day or day: the row's unit is 1/year, or 1/day with
    `per: work_day` or `per: day`."""
    growth: Rate | None = None
    """Yearly growth of the volume, 1/year."""
    week: Annotated[tuple[float, ...], Field(min_length=DAYS_PER_WEEK, max_length=DAYS_PER_WEEK)] | None = (
        None
    )
    """Relative arrivals Monday to Sunday, for the twin; even over open days if left out."""
