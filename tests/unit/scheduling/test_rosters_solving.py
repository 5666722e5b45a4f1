"""Rosters that are searched for: good ones, within their limits, or a refusal that says why."""

import threading
from itertools import count
from typing import Any

import pytest
from tests.unit.scheduling.teams import contract, draw_problem, make_problem, roster, works

from oncopolis.foundation import InfeasibleError, InputError
from oncopolis.scheduling import Improvement
from oncopolis.scheduling.rosters import Need, Nurse, Wish, check, solve

LONG = 60.0
MOVES = 200_000


@pytest.mark.parametrize("seed", range(4))
def test_a_roster_keeps_every_rule_and_no_bound_is_above_it(seed: int) -> None:
    problem = draw_problem(seed)
    result = solve(problem, seconds=LONG, moves=MOVES, seed=seed)
    assert check(problem, result.solution).violations == ()
    assert result.bound is not None
    assert 0 < result.bound <= result.cost == result.history[-1].cost


def test_the_best_roster_of_a_small_problem_is_found() -> None:
    """Ann may work five days at most, and wants Tuesday off: every way of working the week is tried."""
    problem = make_problem(
        nurses=(Nurse("Ann", "full", ("nurse",)),),
        contracts=(contract(most_shifts=5, most_days=5, most_weekends=7),),
        needs=tuple(Need(day, "early", "nurse", 0, 1) for day in range(7)),
        wishes=(Wish("Ann", 1, None),),
    )
    result = solve(problem, seconds=LONG, moves=MOVES)
    least = min(
        check(problem, roster(works("Ann", *("early" if days >> day & 1 else "-" for day in range(7))))).cost
        for days in range(1 << 7)
    )
    assert result.cost == least
    assert result.bound is not None
    assert result.bound <= least


def test_the_same_seed_makes_the_same_moves() -> None:
    problem = draw_problem(7)
    one, same = (solve(problem, seconds=LONG, moves=MOVES, seed=3) for _ in range(2))
    assert one.solution == same.solution
    assert one.n_moves == MOVES


def test_a_better_roster_begins_with_the_one_that_is_known() -> None:
    problem = draw_problem(5)
    known = solve(problem, seconds=LONG, moves=MOVES)
    assert solve(problem, seconds=LONG, moves=1, warm_start=known.solution).cost <= known.cost


def test_a_roster_of_another_problem_is_refused() -> None:
    with pytest.raises(InputError, match="SCH-058"):
        solve(draw_problem(1), seconds=1, warm_start=roster(works("Ann", "early")))


def test_it_ends_in_time_by_the_clock_that_is_given() -> None:
    ticks = count()
    result = solve(draw_problem(2), seconds=30, clock=lambda: next(ticks) * 0.5)
    assert result.stopped == "time"
    assert result.seconds <= 32


def test_who_cancels_is_heard_and_gets_what_was_found() -> None:
    asked = threading.Event()

    def hear(_: Improvement) -> None:
        asked.set()

    assert solve(draw_problem(3), seconds=LONG, cancel=asked, on_improvement=hear).stopped == "cancelled"


def test_two_threads_find_a_roster() -> None:
    problem = draw_problem(4)
    assert check(problem, solve(problem, seconds=LONG, threads=2, moves=MOVES).solution).violations == ()


NIGHTS = (Need(0, "night", "nurse", 2, 2), Need(1, "early", "nurse", 1, 1))
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "SCH-056": ({"needs": (Need(3, "early", "head", 1, 1), Need(3, "late", "head", 1, 1))}, "day 3, head"),
    "SCH-057": (
        {"needs": NIGHTS},
        "day 1, early, nurse: 0 of at least 1|day 0, night, nurse: 1 of at least 2",
    ),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_has_no_roster_is_refused_with_where(code: str) -> None:
    changes, place = REFUSED[code]
    with pytest.raises(InfeasibleError, match=place) as caught:
        solve(make_problem(**changes), seconds=1)
    assert caught.value.code == code
