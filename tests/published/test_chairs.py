"""The CHT-I instances of a day clinic, of which no plans are published: planned, or refused for a reason."""

import os
from pathlib import Path

import pytest

from oncopolis.foundation import InfeasibleError
from oncopolis.scheduling.chairs import check, read_problem, solve

DATA = Path(os.environ.get("ONCOPOLIS_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data")) / "chti"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the instances are not here")

LEAST = {
    "15_daily_1": 597,
    "15_uniform_11": 589,
    "15_weekend_1": 1368,
    "15_weekly_11": 441,
    "30_daily_17": 806,
}
"""Proved by CP-SAT with a model of its own (benchmarks/schedulers_chairs.py)."""


@pytest.mark.parametrize("name", LEAST)
def test_the_least_cost_is_found(name: str) -> None:
    problem = read_problem(DATA / f"instance_{name}.json")
    result = solve(problem, seconds=60, moves=60_000, seed=1)
    assert result.cost == LEAST[name]
    assert result.bound is not None
    assert result.bound <= LEAST[name]


def test_a_large_instance_has_a_plan_that_keeps_every_rule() -> None:
    problem = read_problem(DATA / "instance_210_uniform_2.json")
    result = solve(problem, seconds=4, moves=2_000, seed=1)
    assert check(problem, result.solution).violations == ()


def test_an_instance_whose_pharmacy_never_opens_for_long_enough_is_refused() -> None:
    problem = read_problem(DATA / "instance_30_daily_20.json")
    with pytest.raises(InfeasibleError, match=r"patients 11: .* longer hours of the pharmacy: 3 slots"):
        solve(problem, seconds=5)
