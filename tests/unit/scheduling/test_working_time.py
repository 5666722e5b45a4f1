"""Rules of working time in rosters: rest between shifts and hours in any seven days, in search and check."""

from dataclasses import replace

import pytest
from tests.unit.scheduling import teams

from oncopolis.foundation import InputError, NotFoundError
from oncopolis.scheduling.rosters import (
    Contract,
    History,
    Need,
    Nurse,
    Problem,
    ShiftType,
    Solution,
    check,
    solve,
)
from oncopolis.scheduling.rosters.working_time import keep_working_time, list_packs

HOUR = 60
SHIFTS = (
    ShiftType("early", 1, 7, 7 * HOUR, 15 * HOUR),
    ShiftType("late", 1, 7, 15 * HOUR, 23 * HOUR),
    ShiftType("night", 1, 7, 23 * HOUR, 31 * HOUR),
)
SECONDS, MOVES = 30, 60_000


def make_ward(weeks: int = 2, n_nurses: int = 8, **rules: int | None) -> Problem:
    """A ward in which each shift wants more people than rules let it have; no succession is forbidden."""
    contract = teams.contract(most_shifts=7 * weeks, most_weekends=weeks, most_days=7, **rules)
    return teams.make_problem(
        weeks=weeks,
        skills=("nurse",),
        shifts=SHIFTS,
        forbidden=frozenset(),
        contracts=(contract,),
        nurses=tuple(Nurse(f"n{row}", "full", ("nurse",)) for row in range(n_nurses)),
        needs=tuple(Need(day, one.id, "nurse", 0, 3) for day in range(7 * weeks) for one in SHIFTS),
    )


def work(problem: Problem, *shifts: str, first: int = 0) -> Solution:
    return Solution(tuple(teams.works("n0", *shifts, first=first)))


def list_rules(problem: Problem, solution: Solution) -> list[str]:
    return [one.rule for one in check(problem, solution).violations]


def test_the_check_measures_rest_from_end_to_begin() -> None:
    ward = make_ward(least_rest_min=11 * HOUR)
    assert list_rules(ward, work(ward, "early", "late", "night")) == []
    assert list_rules(ward, work(ward, "late", "early")) == ["rest"]
    assert list_rules(ward, work(ward, "night", "-", "early")) == []
    assert list_rules(ward, work(ward, "night", "late")) == ["rest"]
    assert list_rules(make_ward(), work(ward, "night", "early")) == []


def test_the_check_adds_up_any_seven_days_and_the_past() -> None:
    ward = make_ward(most_week_min=40 * HOUR)
    five = ("early",) * 5
    assert list_rules(ward, work(ward, *five)) == []
    assert list_rules(ward, work(ward, *five, "-", "-", *five)) == []
    assert set(list_rules(ward, work(ward, *five, "-", "early"))) == {"week-hours"}
    tired = replace(ward.nurses[0], history=History(2, 0, "early", 2, 2, 0))
    past = replace(ward, nurses=(tired, *ward.nurses[1:]))
    assert list_rules(past, work(past, "early", "early", "early")) == []
    assert set(list_rules(past, work(past, "early", "early", "early", "early"))) == {"week-hours"}
    assert list_rules(past, work(past, "early", "early", "early", "-", "-", "early")) == []


@pytest.mark.parametrize("hours", [24, 36, 48])
@pytest.mark.parametrize("seed", range(2))
def test_the_search_fills_weeks_up_to_the_rules_and_no_further(hours: int, seed: int) -> None:
    ward = make_ward(most_week_min=hours * HOUR, least_rest_min=11 * HOUR)
    tired = replace(ward.nurses[0], history=History(3, 0, "night", 3, 3, 0))
    problem = replace(ward, nurses=(tired, *ward.nurses[1:]))
    result = solve(problem, seconds=SECONDS, seed=seed, moves=MOVES)
    assert not check(problem, result.solution).violations
    most = hours // 8 * 2
    worked = [sum(one.nurse == f"n{row}" for one in result.solution.assignments) for row in range(1, 8)]
    assert max(worked) == most
    assert sum(worked) >= 0.9 * most * len(worked)


def test_a_pack_brings_its_rules_and_keeps_stricter_ones() -> None:
    contract = teams.contract()
    european = keep_working_time(contract, "eu")
    assert (european.least_rest_min, european.most_week_min) == (11 * HOUR, 48 * HOUR)
    strict = keep_working_time(replace(contract, most_week_min=30 * HOUR, least_rest_min=16 * HOUR), "eu")
    assert (strict.least_rest_min, strict.most_week_min) == (16 * HOUR, 30 * HOUR)
    for pack in list_packs():
        kept: Contract = keep_working_time(contract, pack)
        assert kept.most_week_min is not None
        assert 24 * HOUR <= kept.most_week_min <= 52 * HOUR
    assert keep_working_time(contract, "rus_radiation").most_week_min == 36 * HOUR


def test_what_cannot_be_meant_is_refused() -> None:
    with pytest.raises(NotFoundError) as unknown:
        keep_working_time(teams.contract(), "moon")
    assert unknown.value.code == "SCH-069"
    ward = make_ward(most_week_min=40 * HOUR)
    timeless = replace(ward, shifts=tuple(ShiftType(one.id, 1, 7) for one in SHIFTS))
    with pytest.raises(InputError) as refused:
        solve(timeless, seconds=SECONDS)
    assert refused.value.code == "SCH-068"
