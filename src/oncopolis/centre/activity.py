"""`Activity`: what is done to or for a patient, as ordered phases that hold resources together."""

from typing import Literal

from pydantic import model_validator

from oncopolis.centre.number import Amount, Identifier, Money, Share, Time
from oncopolis.foundation import Frozen

CostKind = Literal["medicines", "consumables", "outside"]
"""What an occurrence uses up: medicines, consumables, or work bought from outside."""


class Measure(Frozen):
    """Something counted over activities: operations, fractions, blocks."""

    label: str
    """Plural noun for tables."""
    unit: str = "count"
    """Unit out of the closed list."""


class Phase(Frozen):
    """A stretch of an activity during which the same resources are held together."""

    id: Identifier
    """Name within the activity."""
    duration: Time
    """Time it takes; unit of time. Its row's distribution is what the twin samples."""
    hold: dict[Identifier, Amount] = {}
    """Resource -> how many are held, or which share of one (a nurse for six chairs: a sixth)."""
    patient: bool = True
    """Whether the patient is still there; false only in the last phases (turnover, cleaning): the patient
    goes on while the resources are held. The plan counts both alike."""
    frailty: Share | None = None
    """Correlation of this duration with the patient's frailty; the mean stays what it is. For the twin:
    without it the durations of one patient have nothing to do with each other."""


class Activity(Frozen):
    """One contact of a patient with the centre, or work done for them in their absence.

    Totals (linac minutes, bed-days, staff hours) are expectations over the phases and are never
    stored beside them.
    """

    label: str
    """What it is called."""
    department: Identifier
    """Department that does it; while that is not open, `fallback` is done instead, or nothing."""
    contact: bool = True
    """Whether the patient is there: only then it counts as a contact."""
    phases: tuple[Phase, ...] = ()
    """Phases in order."""
    counts: dict[Identifier, Amount] = {}
    """Measures -> how many of each one occurrence makes."""
    costs: dict[CostKind, Money] = {}
    """What one occurrence uses up, in money of the price year."""
    parameters: dict[Identifier, str] = {}
    """Parameters the phases, counts and costs refer to -> unit of each."""
    fallback: Identifier | None = None
    """Activity done instead while the department is not open."""

    @model_validator(mode="after")
    def _ends_without_patient(self) -> "Activity":
        is_there = [phase.patient for phase in self.phases]
        if is_there != sorted(is_there, reverse=True):
            raise ValueError("phases with `patient: false` after all those of the patient")
        return self
