"""The whole problem of theatres and wards as one linear programme, for general solvers."""

import math
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from oncopolis.scheduling.theatres.domains import compute_open_days
from oncopolis.scheduling.theatres.problem import Nurse, Occupant, Patient, Problem
from oncopolis.scheduling.theatres.programme import Programme
from oncopolis.scheduling.theatres.solution import Admission, Solution

MOST_ENTRIES = 12_000_000
"""Beyond this a programme is not written down: the solvers would not get past reading it."""


@dataclass
class Model:
    """A programme, and what its columns mean."""

    problem: Problem
    programme: Programme = field(default_factory=Programme)
    bed: dict[tuple[str, int, str], int] = field(default_factory=dict)
    theatre: dict[tuple[str, int, str], int] = field(default_factory=dict)
    nurse: dict[tuple[str, int, int, str], int] = field(default_factory=dict)

    def read(self, values: list[float]) -> Solution:
        """Return the solution that values of the columns mean."""
        chosen = {key for key, column in self.bed.items() if values[column] > 0.5}
        operated = {key[:2]: key[2] for key, column in self.theatre.items() if values[column] > 0.5}
        nurses = {key[:3]: key[3] for key, column in self.nurse.items() if values[column] > 0.5}
        return Solution(
            {patient: Admission(day, room, operated[patient, day]) for patient, day, room in chosen}, nurses
        )


def estimate_entries(problem: Problem) -> int:
    """Return how many coefficients the programme will have at least, those of continuity."""
    on_duty = sum(len(nurse.duties) for nurse in problem.nurses) / max(1, problem.n_shifts)
    people = len(problem.patients) + len(problem.occupants)
    return int(people * len(problem.rooms) * problem.n_shifts * on_duty * 4)


def write(problem: Problem) -> Model:
    """Write the programme down."""
    model = Model(problem)
    lying = _write_patients(model)
    _write_theatres(model)
    _write_rooms(model, lying)
    _write_nurses(model, lying)
    return model


Lying = dict[tuple[str, str, int], list[tuple[int, int]]]
"""(who, room, day) -> columns of the admissions that make them lie there, and the day of their stay."""


def _write_patients(model: Model) -> Lying:
    problem, programme = model.problem, model.programme
    lying: Lying = defaultdict(list)
    is_open = compute_open_days(problem)
    for row, patient in enumerate(problem.patients):
        rooms = [room.id for room in problem.rooms if room.id not in patient.closed_rooms]
        price = 0 if patient.is_mandatory else problem.weights.unscheduled_optional
        programme.constant += price
        every = []
        for day in map(int, np.flatnonzero(is_open[row])):
            beds, lists = [], []
            for room in rooms:
                cost = problem.weights.patient_delay * (day - patient.release_day) - price
                column = model.bed[patient.id, day, room] = programme.add_column(cost)
                beds.append((column, 1.0))
                for at in range(day, min(day + patient.care.stay_days, problem.days)):
                    lying[patient.id, room, at].append((column, at - day))
            for theatre in problem.theatres:
                column = model.theatre[patient.id, day, theatre.id] = programme.add_column()
                lists.append((column, -1.0))
            programme.add_row([*beds, *lists], 0.0, 0.0)
            every += beds
        programme.add_row(every, 1.0 if patient.is_mandatory else 0.0, 1.0)
    return lying


def _write_theatres(model: Model) -> None:
    problem, programme = model.problem, model.programme
    weights = problem.weights
    on_day: dict[tuple[int, str], list[tuple[str, str, int, int]]] = defaultdict(list)
    for patient in problem.patients:
        for theatre in problem.theatres:
            for day in range(problem.days):
                column = model.theatre.get((patient.id, day, theatre.id))
                if column is not None:
                    on_day[day, theatre.id].append((patient.id, patient.surgeon, column, patient.surgery_min))
    for day in range(problem.days):
        of_surgeon: dict[str, list[tuple[int, float]]] = defaultdict(list)
        used: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for theatre in problem.theatres:
            here = on_day[day, theatre.id]
            opened = programme.add_column(weights.open_operating_theatre)
            programme.add_row(
                [
                    *((column, float(minutes)) for _, _, column, minutes in here),
                    (opened, -float(theatre.list_min[day])),
                ],
                -math.inf, 0.0,
            )  # fmt: skip
            is_there: dict[str, int] = {}
            for _, surgeon, column, minutes in here:
                of_surgeon[surgeon].append((column, float(minutes)))
                if surgeon not in is_there:
                    is_there[surgeon] = programme.add_column(weights.surgeon_transfer)
                    used[surgeon].append((is_there[surgeon], 1.0))
                programme.add_row([(column, 1.0), (is_there[surgeon], -1.0)], -math.inf, 0.0)
                programme.add_row([(column, 1.0), (opened, -1.0)], -math.inf, 0.0)
        for surgeon in problem.surgeons:
            programme.add_row(of_surgeon[surgeon.id], -math.inf, float(surgeon.most_min[day]))
            if used[surgeon.id]:
                works = programme.add_column(-weights.surgeon_transfer)
                programme.add_row(
                    [(works, 1.0), *((column, -1.0) for column, _ in used[surgeon.id])], -math.inf, 0.0
                )


def _write_rooms(model: Model, lying: Lying) -> None:
    problem, programme = model.problem, model.programme
    rank = {group: place for place, group in enumerate(problem.age_groups)}
    top = float(len(rank))
    for room in problem.rooms:
        for day in range(problem.days):
            occupants = [one for one in problem.occupants if one.room == room.id and day < one.care.stay_days]
            here = [
                (patient, column)
                for patient in problem.patients
                for column, _ in lying.get((patient.id, room.id, day), ())
            ]
            left = float(room.n_beds - len(occupants))
            programme.add_row([(column, 1.0) for _, column in here], -math.inf, left)
            genders = sorted({one.care.gender for one in (*problem.patients, *problem.occupants)})
            kinds = [(programme.add_column(), 1.0) for _ in genders]
            programme.add_row(kinds, 0.0, 1.0)
            for gender, (kind, _) in zip(genders, kinds, strict=True):
                of = [(column, 1.0) for patient, column in here if patient.care.gender == gender]
                programme.add_row([*of, (kind, -float(room.n_beds))], -math.inf, 0.0)
                if any(one.care.gender == gender for one in occupants):
                    programme.add_row([(kind, 1.0)], 1.0, 1.0)
            span = programme.add_column(problem.weights.room_mixed_age, highest=top)
            low, high = programme.add_column(highest=top), programme.add_column(highest=top)
            programme.add_row([(span, 1.0), (high, -1.0), (low, 1.0)], 0.0, math.inf)
            for age in {rank[one.care.age_group] for one in occupants}:
                programme.add_row([(low, 1.0)], -math.inf, float(age))
                programme.add_row([(high, 1.0)], float(age), math.inf)
            for patient, column in here:
                age = rank[patient.care.age_group]
                programme.add_row([(high, 1.0), (column, -float(age))], 0.0, math.inf)
                programme.add_row([(low, 1.0), (column, top - age)], -math.inf, top)


def _write_nurses(model: Model, lying: Lying) -> None:
    problem, programme, weights = model.problem, model.programme, model.problem.weights
    meets: dict[tuple[str, str], int] = {}
    for day in range(problem.days):
        for shift in range(len(problem.shifts)):
            on_duty = {
                nurse: duty.most_load
                for nurse in problem.nurses
                for duty in nurse.duties
                if (duty.day, duty.shift) == (day, shift)
            }
            loads: dict[str, list[tuple[int, float]]] = defaultdict(list)
            for room in problem.rooms:
                looks = {nurse: programme.add_column() for nurse in on_duty}
                for nurse, column in looks.items():
                    model.nurse[room.id, day, shift, nurse.id] = column
                programme.add_row([(column, 1.0) for column in looks.values()], 1.0, 1.0)
                for one in (*problem.patients, *problem.occupants):
                    here = _list_here(lying, one, room.id, day)
                    if here is not None:
                        _write_care(model, meets, loads, looks, one, here, (day, shift))
            for nurse, most in on_duty.items():
                over = programme.add_column(
                    weights.nurse_excessive_workload, highest=math.inf, is_whole=False
                )
                programme.add_row([*loads[nurse.id], (over, -1.0)], -math.inf, float(most))


def _write_care(
    model: Model,
    meets: dict[tuple[str, str], int],
    loads: dict[str, list[tuple[int, float]]],
    looks: dict[Nurse, int],
    one: Patient | Occupant,
    here: list[tuple[int, int]],
    when: tuple[int, int],
) -> None:
    """Write down what somebody asks of the nurses of a room who may lie there, or does for certain."""
    problem, programme, weights = model.problem, model.programme, model.problem.weights
    day, shift = when
    at = day * len(problem.shifts) + shift
    is_certain = not here
    work = [(column, float(one.care.workload[nth * len(problem.shifts) + shift])) for column, nth in here]
    need = [(column, float(one.care.skill[nth * len(problem.shifts) + shift])) for column, nth in here]
    sure_work, sure_need = (
        (float(one.care.workload[at]), float(one.care.skill[at])) if is_certain else (0.0, 0.0)
    )
    most_work = max([sure_work, *(value for _, value in work)])
    most_need = max([sure_need, *(value for _, value in need)])
    short = programme.add_column(weights.room_nurse_skill, highest=math.inf, is_whole=False)
    for nurse, column in looks.items():
        key = (one.id, nurse.id)
        if key not in meets:
            meets[key] = programme.add_column(weights.continuity_of_care)
        # They meet if the patient lies there and the nurse looks after the room.
        both = [*((other, 1.0) for other, _ in here), (column, 1.0), (meets[key], -1.0)]
        programme.add_row(both, -math.inf, 0.0 if is_certain else 1.0)
        if most_need > nurse.skill:
            lacks = [*need, (column, most_need), (short, -1.0)]
            programme.add_row(lacks, -math.inf, nurse.skill + most_need - sure_need)
        load = programme.add_column(highest=most_work, is_whole=False)
        programme.add_row([*work, (column, most_work), (load, -1.0)], -math.inf, most_work - sure_work)
        loads[nurse.id].append((load, 1.0))


def _list_here(lying: Lying, one: Patient | Occupant, room: str, day: int) -> list[tuple[int, int]] | None:
    """Columns by which somebody may lie there; empty for an occupant who does; None if nobody can."""
    if isinstance(one, Occupant):
        return [] if one.room == room and day < one.care.stay_days else None
    return lying.get((one.id, room, day)) or None
