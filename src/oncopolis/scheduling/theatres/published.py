"""What the JSON files of the competition of 2024 hold, by their own names, and what a hospital adds."""

from typing import Annotated, Literal

from pydantic import Field

from oncopolis.scheduling.links import Link
from oncopolis.scheduling.reading import Form
from oncopolis.scheduling.theatres.problem import Care, Priority


class WeightsForm(Form):
    """Cost of a unit of each component."""

    room_mixed_age: int
    room_nurse_skill: int
    continuity_of_care: int
    nurse_eccessive_workload: int
    open_operating_theater: int
    surgeon_transfer: int
    patient_delay: int
    unscheduled_optional: int
    surgeon_preference: int = 0


class CareForm(Form):
    """What somebody in bed needs."""

    id: str
    gender: str
    age_group: str
    length_of_stay: int
    workload_produced: tuple[int, ...]
    skill_level_required: tuple[int, ...]
    isolation: bool = False
    intensive_care_days: int = 0

    def to_care(self) -> Care:
        """Return what they need, as a problem has it."""
        return Care(
            self.gender,
            self.age_group,
            self.length_of_stay,
            self.workload_produced,
            self.skill_level_required,
            self.isolation,
            self.intensive_care_days,
        )


class OccupantForm(CareForm):
    """Somebody who is in bed at the start."""

    room_id: str


class PatientForm(CareForm):
    """Somebody to admit."""

    mandatory: bool
    surgery_release_day: int
    surgery_due_day: int | None = None
    surgery_duration: int
    surgeon_id: str
    incompatible_room_ids: tuple[str, ...] = ()
    clinical_class: int | None = None
    target_day: int | None = None
    region: str = ""
    linked_days: tuple[int, ...] | None = None
    linked_because: str = ""

    def to_link(self) -> Link | None:
        """Return the days on which they may come, if something ties them."""
        return None if self.linked_days is None else Link(frozenset(self.linked_days), self.linked_because)

    def to_priority(self) -> Priority | None:
        """Return class and target day, if there is a class."""
        return None if self.clinical_class is None else Priority(self.clinical_class, self.target_day)


class SurgeonForm(Form):
    """A surgeon."""

    id: str
    max_surgery_time: tuple[int, ...]
    unwanted_days: tuple[int, ...] = ()


class TheatreForm(Form):
    """A theatre."""

    id: str
    availability: tuple[int, ...]
    emergency_reserve: tuple[int, ...] = ()


class RoomForm(Form):
    """A room."""

    id: str
    capacity: int


class DutyForm(Form):
    """A shift that a nurse works."""

    day: int
    shift: str
    max_load: int


class NurseForm(Form):
    """A nurse."""

    id: str
    skill_level: int
    working_shifts: tuple[DutyForm, ...]


class InstanceForm(Form):
    """A whole instance."""

    days: int
    skill_levels: int
    shift_types: tuple[str, ...]
    age_groups: tuple[str, ...]
    weights: WeightsForm
    occupants: tuple[OccupantForm, ...] = ()
    patients: tuple[PatientForm, ...]
    surgeons: tuple[SurgeonForm, ...]
    operating_theaters: tuple[TheatreForm, ...]
    rooms: tuple[RoomForm, ...]
    nurses: tuple[NurseForm, ...]
    hard_classes: tuple[int, ...] = ()
    intensive_care_beds: tuple[int, ...] = ()


class AdmissionForm(Form):
    """Where a patient is, or that they are out."""

    id: str
    admission_day: Annotated[int, Field(ge=0)] | Literal["none"]
    room: str | None = None
    operating_theater: str | None = None


class AssignmentForm(Form):
    """The rooms of a nurse in a shift."""

    day: int
    shift: str
    rooms: tuple[str, ...]


class AssignedForm(Form):
    """The rooms of a nurse."""

    id: str
    assignments: tuple[AssignmentForm, ...]


class SolutionForm(Form):
    """A whole solution."""

    patients: tuple[AdmissionForm, ...]
    nurses: tuple[AssignedForm, ...]
