"""Whatever schedule is found, what is then broken or made dearer is seen by the check."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.unit.scheduling.drawn_wards import draw_problem

from oncopolis.scheduling.theatres import Problem, Solution, check, solve
from oncopolis.scheduling.theatres.counting import COMPONENTS
from oncopolis.scheduling.theatres.problem import Patient

Broken = tuple[Problem, Solution]
LONG = 60.0


@cache
def find(seed: int) -> Broken:
    problem = draw_problem(seed, n_patients=25, days=8, n_rooms=5)
    return problem, solve(problem, seconds=LONG, moves=20_000, seed=seed).solution


def change(problem: Problem, patient: Patient, **fields: object) -> Problem:
    changed = replace(patient, **fields)  # type: ignore[arg-type]
    patients = tuple(changed if one.id == patient.id else one for one in problem.patients)
    return replace(problem, patients=patients)


def leave_out(problem: Problem, solution: Solution, patient: Patient) -> Broken:
    rest = {id_: one for id_, one in solution.admissions.items() if id_ != patient.id}
    return change(problem, patient, due_day=problem.days), Solution(rest, solution.nurses)


def come_early(problem: Problem, solution: Solution, patient: Patient) -> Broken:
    return change(
        problem, patient, release_day=solution.admissions[patient.id].day + 1, due_day=None
    ), solution


def close_room(problem: Problem, solution: Solution, patient: Patient) -> Broken:
    return change(problem, patient, closed_rooms=frozenset({solution.admissions[patient.id].room})), solution


def mix_genders(problem: Problem, solution: Solution, patient: Patient) -> Broken:
    admission = solution.admissions[patient.id]
    shares = any(
        other.id != patient.id and one.room == admission.room
        and one.day < admission.day + patient.care.stay_days
        and admission.day < one.day + other.care.stay_days
        for other in problem.patients if (one := solution.admissions.get(other.id))
    )  # fmt: skip
    assume(shares)
    gender = "A" if patient.care.gender == "B" else "B"
    return change(problem, patient, care=replace(patient.care, gender=gender)), solution


def take_beds(problem: Problem, solution: Solution, patient: Patient) -> Broken:
    room = solution.admissions[patient.id].room
    rooms = (replace(one, n_beds=0) if one.id == room else one for one in problem.rooms)
    return replace(problem, rooms=tuple(rooms)), solution


def take_surgeon(problem: Problem, solution: Solution, patient: Patient) -> Broken:
    surgeons = (
        replace(one, most_min=(0,) * problem.days) if one.id == patient.surgeon else one
        for one in problem.surgeons
    )
    return replace(problem, surgeons=tuple(surgeons)), solution


def close_theatre(problem: Problem, solution: Solution, patient: Patient) -> Broken:
    theatre = solution.admissions[patient.id].theatre
    theatres = (
        replace(one, open_min=(0,) * problem.days) if one.id == theatre else one for one in problem.theatres
    )
    return replace(problem, theatres=tuple(theatres)), solution


def send_home(problem: Problem, solution: Solution, patient: Patient) -> Broken:
    admission = solution.admissions[patient.id]
    nurse = solution.nurses[admission.room, admission.day, 0]
    nurses = (replace(one, duties=()) if one.id == nurse else one for one in problem.nurses)
    return replace(problem, nurses=tuple(nurses)), solution


def leave_alone(problem: Problem, solution: Solution, patient: Patient) -> Broken:
    admission = solution.admissions[patient.id]
    at = (admission.room, admission.day, 0)
    return problem, replace(solution, nurses={key: one for key, one in solution.nurses.items() if key != at})


def rename(problem: Problem, solution: Solution, patient: Patient) -> Broken:
    admissions = {id_ + ("?" if id_ == patient.id else ""): one for id_, one in solution.admissions.items()}
    return problem, replace(solution, admissions=admissions)


BREAKS: dict[str, Callable[[Problem, Solution, Patient], Broken]] = {
    "mandatory-admitted": leave_out, "admission-day": come_early, "room-compatible": close_room,
    "one-gender": mix_genders, "room-capacity": take_beds, "surgeon-time": take_surgeon,
    "theatre-time": close_theatre, "nurse-on-duty": send_home, "room-covered": leave_alone,
    "unknown-id": rename,
}  # fmt: skip


@pytest.mark.parametrize("rule", BREAKS)
@given(seed=st.integers(0, 4), place=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_a_schedule_that_is_broken_is_seen(rule: str, seed: int, place: int) -> None:
    problem, solution = find(seed)
    assert check(problem, solution).violations == ()
    inside = [one for one in problem.patients if one.id in solution.admissions]
    broken = BREAKS[rule](problem, solution, inside[place % len(inside)])
    assert rule in {finding.rule for finding in check(*broken).violations}


@pytest.mark.parametrize("component", COMPONENTS)
@given(seed=st.integers(0, 4), times=st.integers(2, 9))
@settings(max_examples=5, deadline=None)
def test_a_weight_makes_its_component_dearer_and_no_other(component: str, seed: int, times: int) -> None:
    problem, solution = find(seed)
    before = check(problem, solution).costs
    dearer = replace(problem.weights, **{component: times * getattr(problem.weights, component)})
    after = check(replace(problem, weights=dearer), solution).costs
    assert after == {**before, component: times * before[component]}


@given(seed=st.integers(0, 4), place=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_who_is_left_out_costs_their_price_and_no_delay(seed: int, place: int) -> None:
    problem, solution = find(seed)
    inside = [one for one in problem.patients if one.id in solution.admissions and not one.is_mandatory]
    one = inside[place % len(inside)]
    rest = {id_: other for id_, other in solution.admissions.items() if id_ != one.id}
    before, after = check(problem, solution).costs, check(problem, replace(solution, admissions=rest)).costs
    delay = solution.admissions[one.id].day - one.release_day
    assert (
        after["unscheduled_optional"] - before["unscheduled_optional"] == problem.weights.unscheduled_optional
    )
    assert before["patient_delay"] - after["patient_delay"] == delay * problem.weights.patient_delay
