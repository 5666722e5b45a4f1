"""Who is passed over: how many of each group are left out, and how long the others wait."""

from collections.abc import Iterator
from dataclasses import dataclass

from oncopolis.scheduling.theatres.problem import Patient, Problem
from oncopolis.scheduling.theatres.solution import Solution


@dataclass(frozen=True, slots=True)
class Group:
    """Patients who have something in common.

    Parameters
    ----------
    kind, value
        Such as ``gender`` and ``A``.
    out
        Those of them who are left out.
    mean_delay_days
        From release to admission, of those who are not; None if all are out.
    """

    kind: str
    value: str
    n: int
    out: tuple[str, ...]
    mean_delay_days: float | None


def list_groups(problem: Problem, solution: Solution) -> tuple[Group, ...]:
    """Return the groups by urgency, gender, age and surgeon, each with who is passed over."""
    members: dict[tuple[str, str], list[Patient]] = {}
    for patient in problem.patients:
        for key in _list_keys(patient):
            members.setdefault(key, []).append(patient)
    return tuple(_make_group(*key, patients, solution) for key, patients in sorted(members.items()))


def _list_keys(patient: Patient) -> Iterator[tuple[str, str]]:
    yield "urgency", "has to come" if patient.is_mandatory else "may wait"
    yield "gender", patient.care.gender
    yield "age", patient.care.age_group
    yield "surgeon", patient.surgeon


def _make_group(kind: str, value: str, patients: list[Patient], solution: Solution) -> Group:
    delays = [
        solution.admissions[one.id].day - one.release_day for one in patients if one.id in solution.admissions
    ]
    out = tuple(one.id for one in patients if one.id not in solution.admissions)
    return Group(kind, value, len(patients), out, sum(delays) / len(delays) if delays else None)
