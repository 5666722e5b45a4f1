"""Rules that hospitals add to those of the competition, kept by the search and seen by the check."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.scheduling.drawn_wards import draw_problem

from oncopolis.foundation import InfeasibleError, InputErrors
from oncopolis.scheduling.theatres import (
    check,
    list_passed_over,
    read_problem,
    replan,
    solve,
    to_instance_json,
)
from oncopolis.scheduling.theatres.problem import Problem

SECONDS, MOVES = 60, 120_000


def make_ill(seed: int, beds: int) -> Problem:
    """A drawn problem in which every second patient needs intensive care for up to two days."""
    problem = draw_problem(seed, n_patients=16, share_mandatory=0.0)
    patients = tuple(
        replace(one, care=replace(one.care, intensive_days=min(2, one.care.stay_days) if row % 2 else 0))
        for row, one in enumerate(problem.patients)
    )
    return replace(problem, patients=patients, intensive_beds=(beds,) * problem.days)


@pytest.mark.parametrize("seed", range(4))
def test_the_search_fills_no_bed_of_intensive_care_twice(seed: int) -> None:
    few, many = (solve(make_ill(seed, beds), seconds=SECONDS, seed=seed, moves=MOVES) for beds in (1, 9))
    assert not check(make_ill(seed, 1), few.solution).violations
    assert few.cost >= many.cost


def test_without_a_bed_of_intensive_care_nobody_comes_who_needs_one() -> None:
    problem = make_ill(1, 0)
    optional = replace(problem, patients=tuple(replace(one, due_day=None) for one in problem.patients))
    solution = solve(optional, seconds=SECONDS, seed=1, moves=MOVES).solution
    ill = {one.id for one in problem.patients if one.care.intensive_days}
    assert ill
    assert not ill & set(solution.admissions)
    told = {one.patient: one for one in list_passed_over(optional, solution)}
    assert all(told[id_].lacks_intensive for id_ in ill)
    assert all("no bed of intensive care" in told[id_].binding for id_ in ill)


def test_mandatory_patients_without_intensive_care_are_refused_by_name() -> None:
    problem = make_ill(1, 0)
    due = replace(problem.patients[1], due_day=problem.days - 1)
    with pytest.raises(InfeasibleError, match="intensive care") as refused:
        solve(replace(problem, patients=(due,)), seconds=SECONDS, moves=MOVES)
    assert refused.value.code == "SCH-016"
    crowd = tuple(
        replace(
            one, id=f"c{row}", release_day=0, due_day=0, surgery_min=1,
            care=replace(one.care, intensive_days=1), closed_rooms=frozenset(),
        )
        for row, one in enumerate(problem.patients[:3])
    )  # fmt: skip
    with pytest.raises(InfeasibleError) as refused:
        solve(
            replace(problem, patients=crowd, intensive_beds=(1,) * problem.days), seconds=SECONDS, moves=MOVES
        )
    assert refused.value.code in ("SCH-017", "SCH-018")


def test_a_surgeon_s_wish_moves_operations_as_far_as_it_weighs() -> None:
    problem = draw_problem(2, n_patients=10, share_mandatory=0.0)
    wishing = tuple(replace(one, unwanted_days=frozenset({0, 1})) for one in problem.surgeons)
    counts = []
    for weight in (0, 10_000):
        asked = replace(
            problem, surgeons=wishing, weights=replace(problem.weights, surgeon_preference=weight)
        )
        solution = solve(asked, seconds=SECONDS, seed=1, moves=MOVES).solution
        counts.append(sum(one.day in (0, 1) for one in solution.admissions.values()))
    assert counts[1] == 0 < counts[0]


def test_a_mended_schedule_keeps_the_extra_rules() -> None:
    problem = make_ill(3, 2)
    told = solve(problem, seconds=SECONDS, seed=1, moves=MOVES).solution
    tighter = replace(problem, intensive_beds=(2, 2, *(1,) * (problem.days - 2)))
    again = replan(tighter, told, today=2, charge=50, seconds=SECONDS, moves=MOVES)
    assert not check(tighter, again.result.solution).violations


def test_what_a_hospital_adds_is_read_as_it_was_written(tmp_path: Path) -> None:
    problem = make_ill(4, 2)
    surgeons = (replace(problem.surgeons[0], unwanted_days=frozenset({3})), *problem.surgeons[1:])
    whole = replace(problem, surgeons=surgeons, hard_classes=frozenset({1}))
    path = tmp_path / "ward.json"
    path.write_text(json.dumps(to_instance_json(whole)))
    assert read_problem(path) == whole


def test_numbers_that_cannot_be_are_refused() -> None:
    problem = make_ill(1, 1)
    long = replace(problem.patients[0], care=replace(problem.patients[0].care, intensive_days=99))
    late = replace(problem.surgeons[0], unwanted_days=frozenset({problem.days}))
    wrong = replace(
        problem,
        patients=(long, *problem.patients[1:]),
        surgeons=(late, *problem.surgeons[1:]),
        intensive_beds=(1,),
    )
    with pytest.raises(InputErrors) as refused:
        solve(wrong, seconds=SECONDS)
    assert {one.code for one in refused.value.errors} == {"SCH-010", "SCH-012"}
