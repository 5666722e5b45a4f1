"""Rosters: what may be meant, each rule kept and broken, and each cost by hand."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.unit.scheduling.teams import (
    SHIFTS,
    contract,
    draw_problem,
    draw_roster,
    make_problem,
    roster,
    works,
)

from oncopolis.foundation import InputError, InputErrors
from oncopolis.scheduling.rosters import (
    Assignment,
    History,
    Need,
    Nurse,
    Problem,
    Solution,
    Wish,
    check,
    check_files,
    check_problem,
    is_instance,
    read_problem,
    read_solution,
    to_json,
)
from oncopolis.scheduling.rosters.checking import COMPONENTS, RULES

GOOD = roster(works("Ann", "early"), works("Ben", "early"))
BROKEN: dict[str, Solution] = {
    "unknown-id": roster(works("Ann", "early"), works("Zoe", "early")),
    "one-shift-a-day": roster(works("Ann", "early"), works("Ann", "late")),
    "least-cover": roster(works("Ann", "late")),
    "succession": roster(works("Ann", "early", "night", "early")),
    "skill": roster(works("Ann", "early"), works("Ben", "early", skill="head")),
}


def test_a_roster_that_keeps_every_rule_has_no_violation() -> None:
    verdict = check(make_problem(), GOOD)
    assert verdict.violations == ()
    assert verdict.cost == 0


def test_every_rule_has_a_case() -> None:
    assert set(BROKEN) | {"rest", "week-hours", "linked-day"} == set(RULES), "tested with packs and links"


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_seen(rule: str) -> None:
    assert rule in {finding.rule for finding in check(make_problem(), BROKEN[rule]).violations}


def test_the_first_day_follows_the_last_of_the_past() -> None:
    past = Nurse("Ann", "full", ("nurse",), History(1, 0, "night", 1, 1))
    problem = make_problem(nurses=(past,), needs=())
    assert [one.rule for one in check(problem, roster(works("Ann", "early"))).violations] == ["succession"]


FRESH = History()


def team_of_one(history: History = FRESH, **changes: Any) -> Problem:
    return make_problem(
        nurses=(Nurse("Ann", "full", ("nurse",), history),), needs=(), contracts=(contract(**changes),)
    )


WORKED = History(3, 0, "early", 3, 3)
COSTS: list[tuple[str, int, Problem, list[Assignment]]] = [
    ("cover", 30, make_problem(), works("Ann", "early")),
    ("same_shift", 15, replace(team_of_one(), shifts=(replace(SHIFTS[0], most_run=2), *SHIFTS[1:])),
     works("Ann", "early", "early", "early")),
    ("same_shift", 15, replace(team_of_one(), shifts=(replace(SHIFTS[0], least_run=2), *SHIFTS[1:])),
     works("Ann", "early", "late")),
    ("work_run", 60, team_of_one(most_days=2), works("Ann", "early", "early", "late", "late")),
    ("work_run", 30, team_of_one(least_days=3), works("Ann", "early", "early", "-")),
    ("work_run", 0, team_of_one(least_days=3), works("Ann", "early", first=6)),
    ("work_run", 30, team_of_one(WORKED, most_days=2), works("Ann", "early")),
    ("work_run", 0, team_of_one(WORKED, most_days=2), []),
    ("work_run", 30, team_of_one(WORKED, least_days=4), []),
    ("off_run", 60, team_of_one(most_off=5), []),
    ("off_run", 30, team_of_one(least_off=2), works("Ann", "early", "-", "early")),
    ("off_run", 30, team_of_one(History(n_off=1), least_off=2), works("Ann", "early")),
    ("wish", 10, make_problem(wishes=(Wish("Ann", 0, None),)), works("Ann", "early")),
    ("wish", 10, make_problem(wishes=(Wish("Ann", 0, "early"),)), works("Ann", "early")),
    ("wish", 0, make_problem(wishes=(Wish("Ann", 0, "late"),)), works("Ann", "early")),
    ("half_weekend", 30, team_of_one(has_whole_weekends=True), works("Ann", "early", first=5)),
    ("half_weekend", 0, team_of_one(has_whole_weekends=True), works("Ann", "early", "early", first=5)),
    ("total_shifts", 40, team_of_one(least_shifts=3), works("Ann", "early")),
    ("total_shifts", 20, team_of_one(WORKED, most_shifts=3), works("Ann", "early")),
    ("total_weekends", 30, team_of_one(most_weekends=0), works("Ann", "early", first=6)),
    ("total_weekends", 60, team_of_one(History(n_weekends=2)), works("Ann", "early", first=6)),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(COSTS)))
def test_a_cost_is_as_computed_by_hand(case: int) -> None:
    component, cost, problem, assignments = COSTS[case]
    verdict = check(problem, Solution(tuple(assignments)))
    assert verdict.costs[component] == cost


def test_every_cost_has_a_case() -> None:
    assert {component for component, cost, *_ in COSTS if cost} == set(COMPONENTS)


FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "no weeks": ("SCH-050", {"weeks": 0, "needs": ()}),
    "no nurses": ("SCH-053", {"nurses": ()}),
    "twice": ("SCH-051", {"nurses": (Nurse("Ann", "full", ("nurse",)),) * 2}),
    "need twice": ("SCH-051", {"needs": (Need(0, "early", "nurse", 0, 1),) * 2}),
    "unknown contract": ("SCH-052", {"nurses": (Nurse("Ann", "none", ("nurse",)),)}),
    "unknown skill": ("SCH-052", {"nurses": (Nurse("Ann", "full", ("pilot",)),)}),
    "unknown shift": ("SCH-052", {"needs": (Need(0, "noon", "nurse", 0, 1),)}),
    "unknown nurse": ("SCH-052", {"wishes": (Wish("Zoe", 0, None),)}),
    "day beyond": ("SCH-050", {"needs": (Need(7, "early", "nurse", 0, 1),)}),
    "least above most": ("SCH-050", {"contracts": (contract(least_shifts=8),)}),
    "least above wanted": ("SCH-050", {"needs": (Need(0, "early", "nurse", 2, 1),)}),
    "past off and at work": (
        "SCH-050",
        {"nurses": (Nurse("Ann", "full", ("nurse",), History(1, 0, "early", 1, 1, 1)),)},
    ),
    "past run too long": (
        "SCH-050",
        {"nurses": (Nurse("Ann", "full", ("nurse",), History(1, 0, "early", 2, 1)),)},
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_meant_is_refused(name: str) -> None:
    code, changes = FAULTS[name]
    with pytest.raises(InputError) as caught:
        check_problem(make_problem(**changes))
    errors = caught.value.errors if isinstance(caught.value, InputErrors) else (caught.value,)
    assert {error.code for error in errors} == {code}


SCENARIO = """SCENARIO = ward

WEEKS = 1

SKILLS = 1
nurse

SHIFT_TYPES = 2
Early (1,5)
Night (2,4)

FORBIDDEN_SHIFT_TYPES_SUCCESSIONS
Early 0
Night 1 Early

CONTRACTS = 1
full (3,5) (1,4) (2,3) 1 1

NURSES = 2
Ann full 1 nurse
Ben full 1 nurse
"""
HISTORY = """HISTORY
0 ward

NURSE_HISTORY
Ann 2 1 Night 1 4 0
Ben 0 0 None 0 0 3
"""
WEEK_DATA = """WEEK_DATA
ward

REQUIREMENTS
Early nurse (1,2) (0,1) (0,1) (0,1) (0,1) (0,0) (0,0)
Night nurse (0,0) (0,0) (0,0) (0,0) (0,0) (0,0) (0,1)

SHIFT_OFF_REQUESTS = 2
Ann Any Thu
Ben Night Sunday
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An instance in the text form, with a solution of its week."""
    (tmp_path / "ward").mkdir()
    (tmp_path / "ward" / "Sc-ward.txt").write_text(SCENARIO, "utf-8")
    (tmp_path / "ward" / "H0-ward-0.txt").write_text(HISTORY, "utf-8")
    (tmp_path / "ward" / "WD-ward-3.txt").write_text(WEEK_DATA, "utf-8")
    (tmp_path / "found").mkdir()
    (tmp_path / "found" / "sol-week0.txt").write_text(
        "SOLUTION\r\n0 ward\r\n\r\nASSIGNMENTS = 2\r\nBen Mon Early nurse\r\nBen Tue Early nurse\r\n", "utf-8"
    )
    return tmp_path


def test_the_text_form_is_read(folder: Path) -> None:
    instance = folder / "ward_0_3"
    assert is_instance(instance)
    problem = read_problem(instance)
    assert problem.nurses[0].history == History(2, 1, "Night", 1, 4, 0)
    assert problem.contracts[0] == contract(
        least_shifts=3, most_shifts=5, most_days=4, least_off=2, most_off=3, has_whole_weekends=True
    )
    assert problem.forbidden == {("Night", "Early")}
    assert problem.needs[0] == Need(0, "Early", "nurse", 1, 2)
    assert problem.wishes == (Wish("Ann", 3, None), Wish("Ben", 6, "Night"))
    solution = read_solution(folder / "found", problem)
    assert solution.assignments == tuple(Assignment("Ben", day, "Early", "nurse") for day in (0, 1))
    assert check_files(instance, folder / "found").violations == ()


def test_a_roster_is_read_as_it_is_written(tmp_path: Path) -> None:
    problem = draw_problem(1)
    solution = draw_roster(problem, 2)
    path = tmp_path / "roster.json"
    path.write_text(json.dumps(to_json(problem, solution)), "utf-8")
    assert set(read_solution(path, problem).assignments) == set(solution.assignments)


@pytest.mark.parametrize(
    ("name", "wrong", "place"),
    [
        ("Sc-ward.txt", SCENARIO.replace("(3,5)", "3 to 5"), "Sc-ward.txt:17"),
        ("H0-ward-0.txt", HISTORY.replace("Ben 0", "Ben"), "H0-ward-0.txt:6"),
        ("WD-ward-3.txt", WEEK_DATA.replace(" (0,1)\n", "\n"), "WD-ward-3.txt:6"),
        ("WD-ward-3.txt", WEEK_DATA.replace("Thu", "Someday"), "week 0: wish of Ann"),
        ("Sc-ward.txt", SCENARIO.replace("WEEKS = 1", "WEEKS = 4"), "weeks"),
        ("H0-ward-0.txt", HISTORY.replace("Ben 0 0 None 0 0 3\n", ""), "history"),
        ("Sc-ward.txt", "", "end"),
    ],
)
def test_a_wrong_line_is_named(folder: Path, name: str, wrong: str, place: str) -> None:
    (folder / "ward" / name).write_text(wrong, "utf-8")
    with pytest.raises(InputError, match=place) as caught:
        read_problem(folder / "ward_0_3")
    assert caught.value.code == "SCH-041"


def test_what_is_no_instance_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="SCH-054"):
        read_problem(folder / "elsewhere_0_3")
    with pytest.raises(InputError, match="SCH-040"):
        read_problem(folder / "ward_7_3")
