"""Who is passed over, why, and how many of each group; how long the others wait."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oncopolis.scheduling.theatres.obstacles import Obstacles, Occupancy
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


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Somebody who is left out.

    Parameters
    ----------
    clinical_class, target_day
        None where nobody has said.
    day
        The day nearest to being free for them, everybody else staying where they are.
    binding
        What binds on that day, in words; empty if they could come then and do not, since it costs more than
        it saves.
    surgeon_lacks_min, theatre_lacks_min, lacks_intensive, n_rooms, rooms
        The same in numbers: minutes lacking, rooms that could take them, and reason -> rooms that cannot.
    """

    patient: str
    clinical_class: int | None
    target_day: int | None
    gender: str
    age_group: str
    region: str
    day: int
    binding: tuple[str, ...]
    surgeon_lacks_min: int
    theatre_lacks_min: int
    lacks_intensive: bool
    n_rooms: int
    rooms: Mapping[str, int]


def list_groups(problem: Problem, solution: Solution) -> tuple[Group, ...]:
    """Return the groups by urgency, class, gender, age, region and surgeon, each with who is passed over."""
    members: dict[tuple[str, str], list[Patient]] = {}
    for patient in problem.patients:
        for key in _list_keys(patient):
            members.setdefault(key, []).append(patient)
    return tuple(_make_group(*key, patients, solution) for key, patients in sorted(members.items()))


def list_passed_over(problem: Problem, solution: Solution) -> tuple[PassedOver, ...]:
    """Return those who are left out, the most urgent first, each with what binds."""
    occupancy = Occupancy(problem, solution)
    out = [
        _pass_over(patient, occupancy)
        for patient in problem.patients
        if patient.id not in solution.admissions
    ]
    return tuple(sorted(out, key=_rank))


def _pass_over(patient: Patient, occupancy: Occupancy) -> PassedOver:
    found = occupancy.list_obstacles(patient)
    # A link may allow no day of the horizon at all.
    nearest = min(found, key=_measure) if found else Obstacles(patient.release_day, 0, 0, {}, 0)
    because = "" if patient.link is None else patient.link.because
    binding = nearest.list_binding() if found else [f"no day that goes with another treatment: {because}"]
    asked = patient.priority
    return PassedOver(
        patient=patient.id,
        clinical_class=None if asked is None else asked.clinical_class,
        target_day=None if asked is None else asked.target_day,
        gender=patient.care.gender,
        age_group=patient.care.age_group,
        region=patient.region,
        day=nearest.day,
        binding=tuple(binding),
        surgeon_lacks_min=nearest.surgeon_lacks_min,
        theatre_lacks_min=nearest.theatre_lacks_min,
        lacks_intensive=nearest.lacks_intensive,
        n_rooms=nearest.n_rooms,
        rooms=dict(Counter(nearest.rooms.values())),
    )


def _measure(obstacles: Obstacles) -> tuple[int, int]:
    """How far a day is from being free: by how many things bind, then minutes."""
    lacking = obstacles.surgeon_lacks_min + obstacles.theatre_lacks_min
    binding = (obstacles.surgeon_lacks_min > 0) + (obstacles.theatre_lacks_min > 0) + (obstacles.n_rooms == 0)
    binding += obstacles.lacks_intensive
    return binding, lacking


def _rank(one: PassedOver) -> tuple[bool, int, bool, int]:
    return (
        one.clinical_class is None, one.clinical_class or 0, one.target_day is None, one.target_day or 0,
    )  # fmt: skip


def _list_keys(patient: Patient) -> Iterator[tuple[str, str]]:
    yield "urgency", "has to come" if patient.is_mandatory else "may wait"
    yield "gender", patient.care.gender
    yield "age", patient.care.age_group
    yield "surgeon", patient.surgeon
    if patient.priority is not None:
        yield "class", str(patient.priority.clinical_class)
    if patient.region:
        yield "region", patient.region


def _make_group(kind: str, value: str, patients: list[Patient], solution: Solution) -> Group:
    delays = [
        solution.admissions[one.id].day - one.release_day for one in patients if one.id in solution.admissions
    ]
    out = tuple(one.id for one in patients if one.id not in solution.admissions)
    return Group(kind, value, len(patients), out, sum(delays) / len(delays) if delays else None)
