"""The JSON form of the competition of 2024, read and written as its own programs do."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from oncopolis.foundation import InputErrors
from oncopolis.scheduling.reading import read_form, refuse_form
from oncopolis.scheduling.theatres.belonging import check_belongs
from oncopolis.scheduling.theatres.checking import check
from oncopolis.scheduling.theatres.fairness import list_passed_over
from oncopolis.scheduling.theatres.faults import check_problem
from oncopolis.scheduling.theatres.problem import (
    Duty,
    Nurse,
    Occupant,
    Patient,
    Problem,
    Room,
    Surgeon,
    Theatre,
    Weights,
)
from oncopolis.scheduling.theatres.published import InstanceForm, SolutionForm
from oncopolis.scheduling.theatres.solution import Admission, Solution
from oncopolis.scheduling.verdict import Verdict

_MOST_FAULTS = 50  # structure: of one file
_OUT = "none"


def read_problem(path: Path) -> Problem:
    """Read and check an instance.

    Raises
    ------
    InputError, InputErrors
        It is no JSON of the form, or cannot be meant; with every fault.
    """
    made = read_form(path, InstanceForm)
    shifts = {name: place for place, name in enumerate(made.shift_types)}
    faults = [
        refuse_form(f"{path}: nurse {nurse.id}", duty.shift, f"one of {', '.join(shifts)}")
        for nurse in made.nurses
        for duty in nurse.working_shifts
        if duty.shift not in shifts
    ]
    faults += [
        refuse_form(f"{path}: patient {one.id}: surgery_due_day", "none", "a day: the patient is mandatory")
        for one in made.patients
        if one.mandatory and one.surgery_due_day is None
    ]
    if faults:
        raise InputErrors(faults[:_MOST_FAULTS])
    problem = _to_problem(made, shifts)
    check_problem(problem, str(path))
    return problem


def _to_problem(made: InstanceForm, shifts: Mapping[str, int]) -> Problem:
    weights = made.weights
    return Problem(
        days=made.days,
        shifts=made.shift_types,
        age_groups=made.age_groups,
        n_skills=made.skill_levels,
        weights=Weights(
            weights.room_mixed_age, weights.room_nurse_skill, weights.continuity_of_care,
            weights.nurse_eccessive_workload, weights.open_operating_theater, weights.surgeon_transfer,
            weights.patient_delay, weights.unscheduled_optional, weights.surgeon_preference,
        ),
        patients=tuple(
            Patient(
                one.id, one.to_care(), one.surgery_release_day,
                one.surgery_due_day if one.mandatory else None,
                one.surgery_duration, one.surgeon_id, frozenset(one.incompatible_room_ids),
                one.to_priority(), one.region, one.to_link(),
            )
            for one in made.patients
        ),
        occupants=tuple(Occupant(one.id, one.to_care(), one.room_id) for one in made.occupants),
        surgeons=tuple(
            Surgeon(one.id, one.max_surgery_time, frozenset(one.unwanted_days)) for one in made.surgeons
        ),
        theatres=tuple(
            Theatre(one.id, one.availability, one.emergency_reserve) for one in made.operating_theaters
        ),
        rooms=tuple(Room(one.id, one.capacity) for one in made.rooms),
        nurses=tuple(
            Nurse(
                one.id, one.skill_level,
                tuple(Duty(duty.day, shifts[duty.shift], duty.max_load) for duty in one.working_shifts),
            )
            for one in made.nurses
        ),
        hard_classes=frozenset(made.hard_classes),
        intensive_beds=made.intensive_care_beds,
    )  # fmt: skip


def read_solution(path: Path, problem: Problem) -> Solution:
    """Read a solution of a problem; what it names and the problem does not is for `check` to report.

    Raises
    ------
    InputError, InputErrors
        It is no JSON of the form, or says something twice.
    """
    made = read_form(path, SolutionForm)
    shifts = {name: place for place, name in enumerate(problem.shifts)}
    doubles = [id_ for id_, n in Counter(one.id for one in made.patients).items() if n > 1]
    if doubles:
        raise refuse_form(f"{path}: patients", f"{doubles[0]} more than once", "each once")
    admissions: dict[str, Admission] = {}
    for one in made.patients:
        if one.admission_day != _OUT:
            admissions[one.id] = Admission(
                int(one.admission_day), one.room or "", one.operating_theater or ""
            )
    nurses: dict[tuple[str, int, int], str] = {}
    for assigned in made.nurses:
        for work in assigned.assignments:
            for room in work.rooms:
                at = (room, work.day, shifts.get(work.shift, -1))
                if nurses.get(at, assigned.id) != assigned.id:
                    raise refuse_form(
                        f"{path}: {room}, day {work.day}, {work.shift}",
                        f"{nurses[at]} and {assigned.id}",
                        "one nurse",
                    )
                nurses[at] = assigned.id
    return Solution(admissions, nurses)


def is_instance(path: Path) -> bool:
    """Whether a file is a JSON object that has theatres."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and "operating_theaters" in data


def check_files(instance: Path, solution: Path) -> Verdict:
    """Check the solution in a file against the instance in another."""
    problem = read_problem(instance)
    return check(problem, read_solution(solution, problem))


def list_passed_over_of_files(instance: Path, solution: Path) -> list[dict[str, Any]]:
    """Return who is left out of the solution in a file, as `list_passed_over` has it."""
    problem = read_problem(instance)
    found = read_solution(solution, problem)
    check_belongs(problem, found, str(solution))
    return [asdict(one) for one in list_passed_over(problem, found)]


def to_json(problem: Problem, solution: Solution) -> dict[str, Any]:
    """Return a solution as the competition writes it; nurses of rooms where nobody lies are left out."""
    occupied = {
        (one.room, day) for one in problem.occupants for day in range(min(one.care.stay_days, problem.days))
    }
    for patient in problem.patients:
        admission = solution.admissions.get(patient.id)
        if admission is not None:
            days = range(admission.day, min(admission.day + patient.care.stay_days, problem.days))
            occupied |= {(admission.room, day) for day in days}
    rooms: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    for (room, day, shift), nurse in sorted(solution.nurses.items()):
        if (room, day) in occupied:
            rooms[nurse, day, shift].append(room)
    return {
        "patients": [
            _write_admission(patient.id, solution.admissions.get(patient.id)) for patient in problem.patients
        ],
        "nurses": [
            {
                "id": nurse.id,
                "assignments": [
                    {"day": day, "shift": problem.shifts[shift], "rooms": named}
                    for (id_, day, shift), named in sorted(rooms.items())
                    if id_ == nurse.id
                ],
            }
            for nurse in problem.nurses
        ],
    }


def _write_admission(id_: str, admission: Admission | None) -> dict[str, Any]:
    if admission is None:
        return {"id": id_, "admission_day": _OUT}
    return {"id": id_, "admission_day": admission.day, "room": admission.room,
            "operating_theater": admission.theatre}  # fmt: skip
