"""Rosters mended with few changes, and why somebody works or nobody does; against every roster there is."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from tests.unit.scheduling.teams import contract, draw_problem, make_problem, roster, works

from oncopolis.foundation import InfeasibleError, InputError, NotFoundError
from oncopolis.scheduling.links import Link
from oncopolis.scheduling.rosters import (
    Assignment,
    Need,
    Nurse,
    Problem,
    Solution,
    Wish,
    check,
    explain,
    replan,
    solve,
)
from oncopolis.scheduling.rosters.changes import compare

LONG, TODAY = 12.0, 5


def close(problem: Problem, nurse: str, *days: int) -> Problem:
    """Somebody is ill on some days."""
    link = Link(frozenset(range(problem.days)) - set(days), "ill")
    return replace(
        problem, nurses=tuple(replace(one, link=link) if one.id == nurse else one for one in problem.nurses)
    )


def list_rosters(problem: Problem, told: Solution, today: int) -> Iterator[Solution]:
    """Yield every roster with the past of another."""
    past = [one for one in told.assignments if one.day < today]
    cells = [
        [None, *(Assignment(nurse.id, day, shift.id, "nurse") for shift in problem.shifts)]
        for nurse in problem.nurses for day in range(today, problem.days)
    ]  # fmt: skip
    for chosen in product(*cells):
        yield Solution((*past, *(one for one in chosen if one is not None)))


def make_small() -> tuple[Problem, Solution]:
    """Three nurses and a week, of which two days are left."""
    problem = make_problem(
        nurses=tuple(Nurse(name, "full", ("nurse",)) for name in ("Ann", "Ben", "Cho")),
        contracts=(contract(least_days=2, most_days=5, least_off=2, has_whole_weekends=True),),
        needs=tuple(Need(day, shift, "nurse", 1, 1) for day in range(7) for shift in ("early", "night")),
        wishes=(Wish("Cho", 5, None),),
    )  # fmt: skip
    told = roster(
        works("Ann", *("early",) * 5, "-", "early"),
        works("Ben", *("night",) * 3, "-", "-", "-", "night"),
        works("Cho", "-", "-", "-", "night", "night", "night", "-"),
        [Assignment("Ann", 5, "early", "nurse")],
    )
    assert not check(problem, told).violations
    return problem, told


@pytest.mark.parametrize("charge", [0, 15, 1000])
@pytest.mark.parametrize(("ill", "days"), [("Cho", (5, 6)), ("Ben", (6,)), ("Ann", (5,))])
def test_no_roster_there_is_costs_less_with_its_charges(charge: int, ill: str, days: tuple[int, ...]) -> None:
    problem, told = make_small()
    problem = close(problem, ill, *days)
    again = replan(problem, told, today=TODAY, charge=charge, seconds=LONG)
    rated = [
        (verdict.cost, sum(one.is_told for one in compare(problem, told, other)))
        for other in list_rosters(problem, told, TODAY)
        if not (verdict := check(problem, other)).violations
    ]
    assert again.is_proved
    assert again.verdict.cost + again.charge == min(cost + charge * n for cost, n in rated)
    assert again.fewest == min(n for _, n in rated)
    assert again.n_told_again >= again.fewest
    if charge == 1000:
        assert again.n_told_again == again.fewest


@pytest.mark.parametrize("seed", range(4))
def test_the_model_and_the_check_agree_in_rules_and_costs(seed: int) -> None:
    problem = draw_problem(seed)
    told = solve(problem, seconds=LONG, seed=seed, moves=20_000).solution
    day = max(day for day in range(8) if any(one.day == day for one in told.assignments))
    ill = next(one.nurse for one in told.assignments if one.day == day)
    now = close(problem, ill, day, day + 1)
    again = replan(now, told, today=day, charge=1000, seconds=4.0)
    assert check(now, again.solution).violations == ()
    assert again.charge == 1000 * again.n_told_again
    assert again.fewest is not None
    assert again.fewest <= again.n_told_again
    past = {one for one in told.assignments if one.day < day}
    assert {one for one in again.solution.assignments if one.day < day} == past


def test_nothing_happened_nothing_changes() -> None:
    problem, told = make_small()
    again = replan(problem, told, today=0, charge=1000, seconds=LONG)
    assert (again.n_told_again, again.fewest, again.changes) == (0, 0, ())


def test_who_has_left_is_replaced_and_is_not_told() -> None:
    problem, told = make_small()
    now = replace(
        problem,
        nurses=(*problem.nurses[:2], Nurse("Dil", "full", ("nurse",))),
        needs=tuple(one for one in problem.needs if one.day >= TODAY),
        wishes=(),
    )
    again = replan(now, told, today=TODAY, charge=1000, seconds=LONG)
    (change,) = again.changes
    assert str(change).endswith(", day 5: off -> night as nurse")
    assert change.nurse in {"Ben", "Dil"}


def test_it_ends_in_time_whatever_the_size() -> None:
    problem = draw_problem(3, n_nurses=40, weeks=4)
    told = solve(problem, seconds=LONG, moves=60_000).solution
    ill = next(one.nurse for one in told.assignments if one.day == 9)
    again = replan(close(problem, ill, 9, 10), told, today=9, charge=1000)
    assert check(close(problem, ill, 9, 10), again.solution).violations == ()
    assert again.n_told_again >= 0


@pytest.mark.parametrize(("today", "charge"), [(-1, 0), (7, 0), (0, -1)])
def test_a_day_or_charge_that_cannot_be_is_refused(today: int, charge: int) -> None:
    problem, told = make_small()
    with pytest.raises(InputError, match="SCH-023"):
        replan(problem, told, today=today, charge=charge)


def test_a_past_that_cannot_have_been_is_refused() -> None:
    problem, told = make_small()
    with pytest.raises(InputError, match="SCH-023"):
        replan(close(problem, "Ann", 2), told, today=TODAY, charge=1)


def test_a_day_nobody_can_cover_is_told_with_its_place() -> None:
    problem, _ = make_small()
    pair = replace(problem, nurses=problem.nurses[:2], wishes=(),
                   needs=tuple(one for one in problem.needs if one.day >= TODAY))  # fmt: skip
    again = roster(works("Ann", "night", first=4), works("Ben", "night", first=4))
    with pytest.raises(InfeasibleError, match="day 5, early, nurse") as refused:
        replan(pair, again, today=TODAY, charge=1, seconds=LONG)
    assert refused.value.code == "SCH-057"


def test_a_missing_nurse_is_explained_by_what_binds_each_other_one() -> None:
    problem, told = make_small()
    explained = explain(problem, told, "day 6, early, nurse", seconds=LONG)
    assert explained.state == "1 there, 1 needed at least, 1 wanted"
    said = {option.nurse: option for option in explained.options}
    assert said["Ben"].obstacles == ("is needed for night as nurse",)
    assert "A shift may not follow the other." in said["Cho"].obstacles[0]
    assert explained.forced is not None
    made = explained.forced.solution.assignments
    assert sum((one.day, one.shift) == (6, "early") for one in made) == 2


def test_what_an_option_costs_is_what_the_check_says() -> None:
    problem = draw_problem(2)
    solution = solve(problem, seconds=LONG, moves=20_000).solution
    need = next(one for one in problem.needs if one.skill == "nurse")
    where = f"day {need.day}, {need.shift}, nurse"
    explained = explain(problem, solution, where, seconds=5.0)
    assert explained.options
    for option in explained.options:
        moved = [one for one in solution.assignments if (one.nurse, one.day) != (option.nurse, need.day)]
        verdict = check(problem, roster([*moved, Assignment(option.nurse, need.day, need.shift, "nurse")]))
        assert (option.cost is None) == bool(verdict.violations)
        if option.cost is not None:
            assert option.cost == verdict.cost - check(problem, solution).cost
    least = [option.cost for option in explained.options if option.cost is not None]
    assert explained.forced is not None
    assert not least or explained.forced.cost <= min(least)


def test_a_refused_wish_says_what_granting_it_would_cost() -> None:
    problem, told = make_small()
    explained = explain(problem, told, "Cho, day 5", seconds=LONG)
    assert explained.state == "night as nurse, against a wish"
    assert explained.forced is not None
    costs = [
        check(problem, other).cost
        for other in list_rosters(problem, told, TODAY)
        if not check(problem, other).violations
        and all((one.nurse, one.day) != ("Cho", 5) for one in other.assignments)
    ]
    assert explained.forced.cost <= min(costs) - check(problem, told).cost
    assert explained.to_text().startswith("Cho, day 5: night as nurse, against a wish")
    assert "solution" not in explained.to_dict()["forced"]


@pytest.mark.parametrize(
    "where", ["Ann, day 9", "nobody", "day 7, early, nurse", "day 1, early, cook", "Ann, day 5"]
)
def test_only_what_there_is_is_explained(where: str) -> None:
    problem, told = make_small()
    off = roster([one for one in told.assignments if (one.nurse, one.day) != ("Ann", 5)])
    with pytest.raises(NotFoundError, match="SCH-070"):
        explain(problem, off, where)


def test_a_roster_of_another_problem_is_not_explained() -> None:
    problem, _ = make_small()
    with pytest.raises(InputError, match="SCH-058"):
        explain(problem, roster(works("Zed", "early")), "day 1, early, nurse")


TIMES = {"early": (360, 840), "late": (840, 1320), "night": (1320, 1800)}


@pytest.mark.parametrize(
    ("least_rest_min", "most_week_min"), [(660, 2400), (960, None), (None, 2400), (None, 1920)]
)
def test_rules_of_working_time_are_kept_as_in_every_roster_there_is(
    least_rest_min: int | None, most_week_min: int | None
) -> None:
    problem, told = make_small()
    rules = replace(
        problem.contracts[0], least_rest_min=least_rest_min, most_week_min=most_week_min, least_days=1
    )
    timed = replace(
        problem,
        shifts=tuple(
            replace(one, from_min=TIMES[one.id][0], until_min=TIMES[one.id][1]) for one in problem.shifts
        ),
        forbidden=frozenset(),
        contracts=(rules,),
        needs=tuple(one for one in problem.needs if one.day != 6),
    )
    past = Solution(tuple(one for one in told.assignments if one.day not in (3, 6)))
    now = close(replace(timed, needs=tuple(one for one in timed.needs if one.day >= TODAY)), "Cho", 5)
    rated = [
        verdict.cost + 7 * sum(one.is_told for one in compare(now, past, other))
        for other in list_rosters(now, past, TODAY)
        if not (verdict := check(now, other)).violations
    ]
    assert bool(rated) == (most_week_min != 1920)
    if not rated:
        with pytest.raises(InfeasibleError, match="SCH-057"):
            replan(now, past, today=TODAY, charge=7, seconds=LONG)
        return
    again = replan(now, past, today=TODAY, charge=7, seconds=LONG)
    assert again.is_proved
    assert again.verdict.cost + again.charge == min(rated)
