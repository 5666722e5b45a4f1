"""What is different between two schedules, for the people who are told."""

from dataclasses import dataclass

from oncopolis.scheduling.theatres.problem import Problem
from oncopolis.scheduling.theatres.solution import Admission, Solution


@dataclass(frozen=True, slots=True)
class Change:
    """A patient whose admission is another one.

    Parameters
    ----------
    before, after
        None for out.
    """

    patient: str
    before: Admission | None
    after: Admission | None

    def __str__(self) -> str:
        return f"{self.patient}: {_say(self.before)} -> {_say(self.after)}"

    @property
    def is_of_day(self) -> bool:
        """Whether the patient comes on another day, comes after all, or does not come any more."""
        before = None if self.before is None else self.before.day
        return before != (None if self.after is None else self.after.day)


def _say(admission: Admission | None) -> str:
    if admission is None:
        return "out"
    return f"day {admission.day}, {admission.room}, {admission.theatre}"


def compare(problem: Problem, before: Solution, after: Solution) -> tuple[Change, ...]:
    """Return the changes of all patients of a problem, in its order."""
    return tuple(
        Change(patient.id, before.admissions.get(patient.id), after.admissions.get(patient.id))
        for patient in problem.patients
        if before.admissions.get(patient.id) != after.admissions.get(patient.id)
    )
