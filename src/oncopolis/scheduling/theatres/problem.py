"""`Problem`: whom to admit when, to which room and theatre, and which nurse looks after which room.

The core is the Integrated Healthcare Timetabling Problem as the competition of 2024 defines it (Ceschia,
Rosati, Schaerf, Smet, Vanden Berghe and Zanazzo; Operations Research, Data Analytics and Logistics 2025).
Days and shifts are counted from 0.
"""

from dataclasses import dataclass
from functools import cached_property

from oncopolis.scheduling.links import Link


@dataclass(frozen=True, slots=True)
class Weights:
    """Cost of one unit of each component.

    Parameters
    ----------
    room_mixed_age
        Room and day: age groups between the youngest and the eldest.
    room_nurse_skill
        Patient and shift: levels that the nurse falls short of what is required.
    continuity_of_care
        Patient: each nurse that looks after them.
    nurse_excessive_workload
        Nurse and shift: load above the most.
    open_operating_theatre
        Each theatre that is used on a day.
    surgeon_transfer
        Surgeon and day: each theatre beyond the first.
    patient_delay
        Patient: each day after the release.
    unscheduled_optional
        Each optional patient who is not admitted.
    surgeon_preference
        Patient: operated on a day on which the surgeon would rather not; the competition does not have it.
    """

    room_mixed_age: int
    room_nurse_skill: int
    continuity_of_care: int
    nurse_excessive_workload: int
    open_operating_theatre: int
    surgeon_transfer: int
    patient_delay: int
    unscheduled_optional: int
    surgeon_preference: int = 0


@dataclass(frozen=True, slots=True)
class Care:
    """What somebody needs who lies in a bed.

    Parameters
    ----------
    gender
        A word; those of two genders do not lie in one room.
    age_group
        One of the problem's.
    stay_days
        Days in bed, the first included; it may reach beyond the horizon.
    workload, skill
        Per shift of the stay, (stay_days * shifts of a day,): what they ask of a nurse, and the least level.
    is_alone
        Whether nobody else may lie in the room, because of an infection or a treatment.
    intensive_days
        First days of the stay that are spent in intensive care, while the bed in the room is kept.
    """

    gender: str
    age_group: str
    stay_days: int
    workload: tuple[int, ...]
    skill: tuple[int, ...]
    is_alone: bool = False
    intensive_days: int = 0


@dataclass(frozen=True, slots=True)
class Priority:
    """How urgent a patient is, as clinicians have said.

    Parameters
    ----------
    clinical_class
        1 for the most urgent.
    target_day
        Last day by which they should be admitted, below 0 if that is past; None if it lies beyond the
        horizon.
    """

    clinical_class: int
    target_day: int | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody to be admitted for an operation on the first day of their stay.

    Parameters
    ----------
    due_day
        Last day of admission; None for those who may be left out, who have no such day.
    surgery_min
        Length of the operation, minutes.
    closed_rooms
        Rooms they may not lie in.
    priority
        None for those nobody has classed.
    region
        Where they come from; empty if that is not told.
    link
        Days to which another treatment ties the operation; None for none.
    """

    id: str
    care: Care
    release_day: int
    due_day: int | None
    surgery_min: int
    surgeon: str
    closed_rooms: frozenset[str] = frozenset()
    priority: Priority | None = None
    region: str = ""
    link: Link | None = None

    @property
    def is_mandatory(self) -> bool:
        """Whether they have to be admitted."""
        return self.due_day is not None


@dataclass(frozen=True, slots=True)
class Occupant:
    """Somebody who lies in a room since before the first day."""

    id: str
    care: Care
    room: str


@dataclass(frozen=True, slots=True)
class Surgeon:
    """A surgeon.

    Parameters
    ----------
    most_min
        Most minutes of each day, (days,).
    unwanted_days
        Days on which they would rather not operate, though they can.
    """

    id: str
    most_min: tuple[int, ...]
    unwanted_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Theatre:
    """A theatre.

    Parameters
    ----------
    open_min
        Minutes of each day, (days,).
    reserve_min
        Of these, minutes that lists leave free for emergencies, (days,); empty for none.
    """

    id: str
    open_min: tuple[int, ...]
    reserve_min: tuple[int, ...] = ()

    @property
    def list_min(self) -> tuple[int, ...]:
        """Minutes of each day that lists may use."""
        if not self.reserve_min:
            return self.open_min
        return tuple(
            max(0, opened - kept) for opened, kept in zip(self.open_min, self.reserve_min, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Room:
    """A room with so many beds."""

    id: str
    n_beds: int


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift that a nurse works, with the most load there."""

    day: int
    shift: int
    most_load: int


@dataclass(frozen=True, slots=True)
class Nurse:
    """A nurse with level and duties."""

    id: str
    skill: int
    duties: tuple[Duty, ...]


@dataclass(frozen=True)
class Problem:
    """A whole problem; `faults.check_problem` says whether it can be meant.

    Parameters
    ----------
    days
        Length of the horizon.
    shifts, age_groups
        Names, in order.
    hard_classes
        Clinical classes whose target days are a rule. Those of the others come before every cost, the first
        class before the second, and so on.
    intensive_beds
        Beds of intensive care on each day, (days,); empty for no limit.
    """

    days: int
    shifts: tuple[str, ...]
    age_groups: tuple[str, ...]
    n_skills: int
    weights: Weights
    patients: tuple[Patient, ...]
    occupants: tuple[Occupant, ...]
    surgeons: tuple[Surgeon, ...]
    theatres: tuple[Theatre, ...]
    rooms: tuple[Room, ...]
    nurses: tuple[Nurse, ...]
    hard_classes: frozenset[int] = frozenset()
    intensive_beds: tuple[int, ...] = ()

    @cached_property
    def n_shifts(self) -> int:
        """Shifts of the whole horizon."""
        return self.days * len(self.shifts)
