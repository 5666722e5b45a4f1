"""What is different between two plans, for the patients who are told."""

from dataclasses import dataclass

from oncopolis.scheduling.chairs.problem import Problem
from oncopolis.scheduling.chairs.solution import Solution, Visit


@dataclass(frozen=True, slots=True)
class Change:
    """A session whose day or time of arrival is another one.

    Parameters
    ----------
    before, after
        None for no time at all.
    """

    patient: str
    session: int
    before: Visit | None
    after: Visit | None

    def __str__(self) -> str:
        return f"{self.patient}, session {self.session}: {_say(self.before)} -> {_say(self.after)}"


def _say(visit: Visit | None) -> str:
    return "no time" if visit is None else f"day {visit.day}, slot {visit.arrival}"


def compare(problem: Problem, before: Solution, after: Solution) -> tuple[Change, ...]:
    """Return the sessions of which a patient has to be told, in the order of the problem."""
    changes = []
    for patient in problem.patients:
        for nth in range(len(patient.sessions)):
            old, new = (_get(solution, patient.id, nth) for solution in (before, after))
            if (old and (old.day, old.arrival)) != (new and (new.day, new.arrival)):
                changes.append(Change(patient.id, nth, old, new))
    return tuple(changes)


def _get(solution: Solution, patient: str, nth: int) -> Visit | None:
    visits = solution.visits.get(patient, ())
    return visits[nth] if nth < len(visits) else None
