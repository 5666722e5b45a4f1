"""The JSON of the competition: read, refused with its place, and written so that it reads the same."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from tests.unit.scheduling.wards import make_problem, make_solution

from oncopolis.foundation import InputError
from oncopolis.scheduling.theatres.checking import check
from oncopolis.scheduling.theatres.form import read_problem, read_solution, to_json

CARE = {
    "gender": "A",
    "age_group": "adult",
    "length_of_stay": 1,
    "workload_produced": [1],
    "skill_level_required": [0],
}
INSTANCE: dict[str, Any] = {
    "days": 2,
    "skill_levels": 2,
    "shift_types": ["early"],
    "age_groups": ["adult"],
    "weights": {
        "room_mixed_age": 5,
        "room_nurse_skill": 1,
        "continuity_of_care": 1,
        "nurse_eccessive_workload": 1,
        "open_operating_theater": 10,
        "surgeon_transfer": 1,
        "patient_delay": 5,
        "unscheduled_optional": 100,
    },
    "occupants": [{"id": "a0", "room_id": "r0", **CARE}],
    "patients": [
        {
            "id": "p0",
            "mandatory": True,
            "surgery_release_day": 0,
            "surgery_due_day": 1,
            "surgery_duration": 60,
            "surgeon_id": "s0",
            "incompatible_room_ids": [],
            **CARE,
        },
        {
            "id": "p1",
            "mandatory": False,
            "surgery_release_day": 1,
            "surgery_duration": 60,
            "surgeon_id": "s0",
            "incompatible_room_ids": ["r0"],
            **CARE,
        },
    ],
    "surgeons": [{"id": "s0", "max_surgery_time": [120, 120]}],
    "operating_theaters": [{"id": "t0", "availability": [120, 120]}],
    "rooms": [{"id": "r0", "capacity": 2}, {"id": "r1", "capacity": 1}],
    "nurses": [
        {
            "id": "n0",
            "skill_level": 1,
            "working_shifts": [
                {"day": 0, "shift": "early", "max_load": 3},
                {"day": 1, "shift": "early", "max_load": 3},
            ],
        }
    ],
}


def write(folder: Path, data: object) -> Path:
    path = folder / "instance.json"
    path.write_text(json.dumps(data))
    return path


def test_an_instance_is_read(tmp_path: Path) -> None:
    problem = read_problem(write(tmp_path, INSTANCE))
    assert [patient.due_day for patient in problem.patients] == [1, None]
    assert problem.patients[1].closed_rooms == {"r0"}
    assert problem.weights.nurse_excessive_workload == 1
    assert problem.n_shifts == 2


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("days",), 0, "SCH-010"),
        (("days",), "two", "SCH-041"),
        (("rooms",), [], "SCH-010"),
        (("rooms", 1, "id"), "r0", "SCH-011"),
        (("patients", 1, "id"), "p0", "SCH-011"),
        (("patients", 1, "id"), "a0", "SCH-011"),
        (("patients", 0, "surgery_due_day"), None, "SCH-041"),
        (("patients", 0, "surgery_due_day"), -1, "SCH-013"),
        (("patients", 0, "surgery_release_day"), 7, "SCH-010"),
        (("patients", 0, "surgeon_id"), "sx", "SCH-014"),
        (("patients", 0, "age_group"), "old", "SCH-014"),
        (("patients", 0, "length_of_stay"), 0, "SCH-010"),
        (("patients", 0, "workload_produced"), [1, 2], "SCH-012"),
        (("patients", 0, "skill_level_required"), [-1], "SCH-010"),
        (("patients", 0, "incompatible_room_ids"), ["rx"], "SCH-014"),
        (("occupants", 0, "room_id"), "rx", "SCH-014"),
        (("surgeons", 0, "max_surgery_time"), [120], "SCH-012"),
        (("operating_theaters", 0, "availability"), [120, -1], "SCH-010"),
        (("operating_theaters", 0, "emergency_reserve"), [30], "SCH-012"),
        (("nurses", 0, "working_shifts", 0, "shift"), "night", "SCH-041"),
        (("nurses", 0, "working_shifts", 1, "day"), 0, "SCH-011"),
        (("weights", "patient_delay"), -5, "SCH-010"),
        (("rooms", 0, "capacity"), -1, "SCH-010"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    tmp_path: Path, path: tuple[str | int, ...], value: object, code: str
) -> None:
    data: Any = deepcopy(INSTANCE)
    part = data
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(InputError, match=code) as refused:
        read_problem(write(tmp_path, data))
    assert "instance.json" in str(refused.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"days": 1}'])
def test_what_is_no_instance_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "instance.json"
    path.write_text(text)
    with pytest.raises(InputError, match="SCH-041"):
        read_problem(path)
    with pytest.raises(InputError, match="SCH-040"):
        read_problem(tmp_path / "nothing.json")


def test_a_solution_reads_as_it_was_written(tmp_path: Path) -> None:
    problem, solution = make_problem(), make_solution()
    again = read_solution(write(tmp_path, to_json(problem, solution)), problem)
    assert again.admissions == solution.admissions
    assert check(problem, again) == check(problem, solution)


@pytest.mark.parametrize(
    "solution",
    [
        {"patients": [{"id": "p0", "admission_day": "none"}] * 2, "nurses": []},
        {"patients": [{"id": "p0", "admission_day": "soon"}], "nurses": []},
        {"patients": [{"id": "p0", "admission_day": -1}], "nurses": []},
        {
            "patients": [],
            "nurses": [
                {"id": n, "assignments": [{"day": 0, "shift": "early", "rooms": ["r0"]}]} for n in "ab"
            ],
        },
    ],
)
def test_a_solution_that_says_something_twice_or_nothing_is_refused(tmp_path: Path, solution: object) -> None:
    with pytest.raises(InputError, match="SCH-041"):
        read_solution(write(tmp_path, solution), make_problem())
