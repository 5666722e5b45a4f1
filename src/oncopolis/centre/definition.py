"""`Centre`: the one definition of a centre, read averaged, sampled and lived."""

from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator

from oncopolis.centre.activity import Activity, Measure
from oncopolis.centre.biobank import Biobank
from oncopolis.centre.calendar import WORKING_WEEK, Calendar
from oncopolis.centre.catchment import Catchment
from oncopolis.centre.cohort import Cohort, Flow
from oncopolis.centre.facility import Campus, Department, Equipment, Opening, Room
from oncopolis.centre.money import Currency, Finance
from oncopolis.centre.number import Identifier, PositiveCount, Year
from oncopolis.centre.pathway import Block, Pathway
from oncopolis.centre.practice import Practice
from oncopolis.centre.resource import Resource
from oncopolis.centre.target import Target
from oncopolis.foundation import Frozen


def _is_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("a name of the IANA time zone database, such as Asia/Tashkent")
    return name


class Horizon(Frozen):
    """Years the plan covers."""

    first: Year
    """First year of the plan (money is spent from here)."""
    last: Year
    """Last year."""

    @model_validator(mode="after")
    def _is_ordered(self) -> "Horizon":
        if self.last < self.first:
            raise ValueError("`last` not before `first`")
        return self


class Centre(Frozen):
    """A centre: whom it serves, what it does for them, with what, and where."""

    schema_version: Annotated[Literal[1], Field(alias="schema")] = 1
    """Version of this form."""
    name: str
    """Name of the centre."""
    about: str = ""
    """A paragraph on what it is and what its figures rest on."""
    library: tuple[Literal["oncology"], ...] = ()
    """Packaged definitions that are read first; entries of the project are laid over them key by key."""
    practice: Identifier
    """Practice set that applies."""
    languages: tuple[Literal["en", "ko", "ru", "uz"], ...] = ("en",)
    """Languages of the centre."""
    time_zone: Annotated[str, AfterValidator(_is_zone)] = "UTC"
    """Time zone of its clocks, as the IANA database names it (``Asia/Tashkent``)."""
    horizon: Horizon
    """Years of the plan."""
    openings: Annotated[tuple[Opening, ...], Field(min_length=1)]
    """Phases of opening, in order."""
    currency: Currency
    """Currency and price year."""
    catchment: Catchment | None = None
    """Populations served; a centre of flows alone needs none."""
    cohorts: dict[Identifier, Cohort] = {}
    """Cancer sites."""
    flows: dict[Identifier, Flow] = {}
    """Other patients."""
    measures: dict[Identifier, Measure] = {}
    """What is counted."""
    activities: dict[Identifier, Activity] = {}
    """What is done."""
    blocks: dict[Identifier, Block] = {}
    """Steps used in several pathways."""
    pathways: dict[Identifier, Pathway] = {}
    """Pathways."""
    departments: dict[Identifier, Department] = {}
    """Departments."""
    resources: dict[Identifier, Resource] = {}
    """Rooms, machines, beds, places and roles."""
    equipment: dict[Identifier, Equipment] = {}
    """What is bought."""
    rooms: dict[Identifier, Room] = {}
    """What is built."""
    building_gross: PositiveCount
    """Building gross over department gross floor area; ratio."""
    calendars: dict[Identifier, Calendar] = {}
    """Opening hours."""
    practices: dict[Identifier, Practice] = {}
    """Practice sets to choose from."""
    campus: Campus = Campus()
    """Buildings and ways."""
    biobank: Biobank | None = None
    """Biobank."""
    targets: dict[Identifier, Target] = {}
    """Levels of service to keep, such as a longest wait; the twin says how often they are kept."""
    headlines: tuple[str, ...] = ()
    """Figures of the plan to show first, in order; every resource and the staff in all if left out."""
    evidence: dict[str, dict[str, Any]] = {}
    """The project's own evidence: key -> row with at least value and source; replaces or adds."""
    finance: Finance | None = None
    """Money; a definition for the twin alone needs none."""

    @property
    def country(self) -> str:
        """Country of the practice, ISO 3166-1 alpha-3."""
        return self.get_practice().country

    @property
    def last_year(self) -> int:
        """Last year anything is computed for."""
        return max(self.horizon.last, self.reference_year)

    def get_practice(self) -> Practice:
        """Return the practice set in force."""
        return self.practices[self.practice]

    @property
    def reference_year(self) -> int:
        """Year the last phase is sized for; headlines refer to it."""
        return max(opening.sized_for for opening in self.openings)

    def get_working_week(self) -> Calendar:
        """Monday to Friday less public holidays: what "a working day" means."""
        return Calendar(days=WORKING_WEEK, holidays="closed")

    def get_calendar(self, calendar: str) -> Calendar:
        """Return a calendar as the practice in force has it."""
        return self.get_practice().calendars.get(calendar) or self.calendars[calendar]
