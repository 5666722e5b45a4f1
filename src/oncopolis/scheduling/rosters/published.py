"""What the JSON files of the Second International Nurse Rostering Competition hold, by their own names."""

from oncopolis.scheduling.links import Link
from oncopolis.scheduling.reading import Form


class ShiftTypeForm(Form):
    """A shift."""

    id: str
    minimumNumberOfConsecutiveAssignments: int  # noqa: N815 (names of the form)
    maximumNumberOfConsecutiveAssignments: int  # noqa: N815
    startMinute: int | None = None  # noqa: N815
    endMinute: int | None = None  # noqa: N815


class ForbiddenForm(Form):
    """Shifts that may not follow another."""

    precedingShiftType: str  # noqa: N815
    succeedingShiftTypes: tuple[str, ...]  # noqa: N815


class ContractForm(Form):
    """A contract."""

    id: str
    minimumNumberOfAssignments: int  # noqa: N815
    maximumNumberOfAssignments: int  # noqa: N815
    minimumNumberOfConsecutiveWorkingDays: int  # noqa: N815
    maximumNumberOfConsecutiveWorkingDays: int  # noqa: N815
    minimumNumberOfConsecutiveDaysOff: int  # noqa: N815
    maximumNumberOfConsecutiveDaysOff: int  # noqa: N815
    maximumNumberOfWorkingWeekends: int  # noqa: N815
    completeWeekends: int  # noqa: N815
    leastRestMinutes: int | None = None  # noqa: N815
    mostMinutesInAWeek: int | None = None  # noqa: N815
    workingTime: str | None = None  # noqa: N815


class NurseForm(Form):
    """A nurse."""

    id: str
    contract: str
    skills: tuple[str, ...]
    linkedDays: tuple[int, ...] | None = None  # noqa: N815
    linkedBecause: str = ""  # noqa: N815

    def to_link(self) -> Link | None:
        """Return the days on which they may work, if something ties them."""
        return None if self.linkedDays is None else Link(frozenset(self.linkedDays), self.linkedBecause)


class ScenarioForm(Form):
    """What is the same in all weeks."""

    id: str
    numberOfWeeks: int  # noqa: N815
    skills: tuple[str, ...]
    shiftTypes: tuple[ShiftTypeForm, ...]  # noqa: N815
    forbiddenShiftTypeSuccessions: tuple[ForbiddenForm, ...]  # noqa: N815
    contracts: tuple[ContractForm, ...]
    nurses: tuple[NurseForm, ...]


class PastForm(Form):
    """What a nurse has worked before."""

    nurse: str
    numberOfAssignments: int  # noqa: N815
    numberOfWorkingWeekends: int  # noqa: N815
    lastAssignedShiftType: str  # noqa: N815
    numberOfConsecutiveAssignments: int  # noqa: N815
    numberOfConsecutiveWorkingDays: int  # noqa: N815
    numberOfConsecutiveDaysOff: int  # noqa: N815


class HistoryForm(Form):
    """What all nurses have worked before."""

    nurseHistory: tuple[PastForm, ...]  # noqa: N815


class RangeForm(Form):
    """How many are needed, and wanted."""

    minimum: int
    optimal: int


class NeedsForm(Form):
    """What is needed of a shift and skill on each day of a week."""

    shiftType: str  # noqa: N815
    skill: str
    requirementOnMonday: RangeForm  # noqa: N815
    requirementOnTuesday: RangeForm  # noqa: N815
    requirementOnWednesday: RangeForm  # noqa: N815
    requirementOnThursday: RangeForm  # noqa: N815
    requirementOnFriday: RangeForm  # noqa: N815
    requirementOnSaturday: RangeForm  # noqa: N815
    requirementOnSunday: RangeForm  # noqa: N815


class WishForm(Form):
    """A shift somebody asks not to work."""

    nurse: str
    shiftType: str  # noqa: N815
    day: str


class WeekForm(Form):
    """What is needed and wished in a week."""

    requirements: tuple[NeedsForm, ...]
    shiftOffRequests: tuple[WishForm, ...] = ()  # noqa: N815


class InstanceForm(Form):
    """A whole instance in one file."""

    scenario: ScenarioForm
    history: HistoryForm
    weeks: tuple[WeekForm, ...]


class AssignmentForm(Form):
    """What a nurse works on a day."""

    nurse: str
    day: str
    shiftType: str  # noqa: N815
    skill: str


class WeekSolutionForm(Form):
    """The roster of a week."""

    scenario: str
    week: int
    assignments: tuple[AssignmentForm, ...]


class SolutionForm(Form):
    """The rosters of all weeks in one file."""

    weeks: tuple[WeekSolutionForm, ...]
