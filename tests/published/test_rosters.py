"""The check of rosters against rosters whose cost the competition's own program has confirmed.

The printed output kept with two further rosters, of n012w8 and n021w4, is that of other instances: it shows
thirty nurses. They say nothing about the check, and are left out.
"""

import os
from pathlib import Path

import pytest

from oncopolis.scheduling.rosters import check, read_problem, read_solution, solve

DATA = Path(os.environ.get("ONCOPOLIS_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data")) / "inrc2"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the instances of the competition are not here")

COSTS = {
    "n005w4_1_6-2-9-1": 1520,
    "n030w4_1_6-2-9-1": 1670,
    "n030w4_1_6-7-5-3": 1820,
    "n030w8_1_2-7-0-9-3-6-0-6": 2010,
    "n030w8_1_6-7-5-3-5-6-2-9": 1720,
    "n040w4_0_2-0-6-1": 1565,
    "n040w4_2_6-1-0-6": 1750,
    "n040w8_0_0-6-8-9-2-6-6-4": 2510,
    "n040w8_2_5-0-4-8-7-1-7-2": 2315,
    "n050w4_0_0-4-8-7": 1320,
    "n050w4_0_7-2-7-2": 1315,
    "n060w4_1_6-1-1-5": 2455,
    "n060w4_1_9-6-3-8": 2675,
}
PRINTED = {
    "total_shifts": "Total assignment constraints",
    "off_run": "Non working days constraints",
    "wish": "Preferences",
    "total_weekends": "Max working weekend",
    "half_weekend": "Complete weekends",
    "cover": "Optimal coverage constraints",
}
"""Component -> what the competition's program calls it; it counts runs of shifts and of days together."""


@pytest.mark.parametrize("form", ["", "txt"])
@pytest.mark.parametrize("name", COSTS)
def test_a_confirmed_roster_costs_what_is_stated(name: str, form: str) -> None:
    problem = read_problem(DATA / form / name)
    folder = DATA / "validated_solutions" / name
    verdict = check(problem, read_solution(folder, problem))
    assert verdict.violations == ()
    assert verdict.cost == COSTS[name]
    lines = (folder / "validator.txt").read_text("utf-8").splitlines()
    printed = dict(line.split(": ") for line in lines if ": " in line)
    assert {one: verdict.costs[one] for one in PRINTED} == {
        one: int(printed[PRINTED[one]]) for one in PRINTED
    }
    runs = verdict.costs["same_shift"] + verdict.costs["work_run"]
    assert runs == int(printed["Consecutive constraints"])


def test_a_short_search_comes_near_a_confirmed_cost() -> None:
    """2.5 million moves: a second of what a benchmark would use a minute for."""
    problem = read_problem(DATA / "n005w4_1_6-2-9-1")
    result = solve(problem, seconds=60, moves=2_500_000, seed=1)
    assert result.cost <= 1.15 * COSTS["n005w4_1_6-2-9-1"]
    assert result.bound is not None
    assert result.bound <= COSTS["n005w4_1_6-2-9-1"]
