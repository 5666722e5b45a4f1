"""The check of theatres and wards against the published solutions of the competition of 2024."""

import json
import os
import re
from pathlib import Path

import pytest

from oncopolis.scheduling.theatres.checking import check
from oncopolis.scheduling.theatres.form import read_problem, read_solution
from oncopolis.scheduling.theatres.solving import solve

DATA = Path(os.environ.get("ONCOPOLIS_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data")) / "ihtc"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the instances of the competition are not here")

COSTS = {
    "i01": 3842,
    "i02": 1264,
    "i03": 10490,
    "i04": 1884,
    "i05": 12760,
    "i06": 10671,
    "i07": 4985,
    "i08": 6249,
    "i09": 6611,
    "i10": 20705,
    "i11": 25938,
    "i12": 12375,
    "i13": 17328,
    "i14": 9591,
    "i15": 12486,
    "i16": 10139,
    "i17": 40535,
    "i18": 37660,
    "i19": 43857,
    "i20": 29098,
    "i21": 24526,
    "i22": 47861,
    "i23": 37550,
    "i24": 33221,
    "i25": 11517,
    "i26": 64352,
    "i27": 50976,
    "i28": 75172,
    "i29": 12199,
    "i30": 37387,
}
"""Costs that the organisers state for their best known solutions."""


@pytest.mark.parametrize("name", COSTS)
def test_a_published_solution_costs_what_is_stated(name: str) -> None:
    problem = read_problem(DATA / "public" / f"{name}.json")
    verdict = check(problem, read_solution(DATA / "best_solutions" / "public" / f"sol_{name}.json", problem))
    assert verdict.violations == ()
    assert verdict.cost == COSTS[name]


PRINTED = {
    "Unscheduled": "unscheduled_optional",
    "Delay": "patient_delay",
    "OpenOT": "open_operating_theatre",
    "AgeMix": "room_mixed_age",
    "Skill": "room_nurse_skill",
    "Excess": "nurse_excessive_workload",
    "Continuity": "continuity_of_care",
    "SurgeonTransfer": "surgeon_transfer",
}
"""What the organisers' validator calls a component."""


@pytest.mark.parametrize("number", range(1, 11))
def test_each_component_costs_what_the_organisers_print_with_their_own_solutions(number: int) -> None:
    problem = read_problem(DATA / "test" / f"test{number:02}.json")
    path = DATA / "test_solutions" / f"sol_test{number:02}.json"
    (printed,) = json.loads(path.read_text("utf-8"))["costs"]
    stated = {name: int(cost) for name, cost in re.findall(r"(\w+):\s*(\d+)", printed)}
    verdict = check(problem, read_solution(path, problem))
    assert verdict.violations == ()
    assert verdict.cost == stated.pop("Cost")
    assert verdict.costs == {PRINTED[name]: cost for name, cost in stated.items()}


FOUND = sorted((Path(__file__).parents[2] / "benchmarks" / "schedules").glob("*.json"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_a_schedule_of_ours_is_better_than_the_best_published(path: Path) -> None:
    name, cost = path.stem.split("_")
    problem = read_problem(DATA / "public" / f"{name}.json")
    verdict = check(problem, read_solution(path, problem))
    assert verdict.violations == ()
    assert verdict.cost == int(cost) < COSTS[name]


TEN = ("i01", "i05", "i07", "i10", "i13", "i15", "i19", "i22", "i27", "i30")


@pytest.mark.soak
def test_ten_minutes_on_two_cores_come_close_to_the_best_published() -> None:
    gaps = []
    for name in TEN:
        result = solve(read_problem(DATA / "public" / f"{name}.json"), seconds=600, threads=2, seed=1)
        gaps.append(result.cost / COSTS[name] - 1)
    assert sum(gaps) / len(gaps) <= 0.025
