"""Clinical classes: a rule, or before every cost, class after class."""

from dataclasses import replace

import pytest
from tests.unit.scheduling.wards import admit, make_problem, make_solution

from oncopolis.foundation import InfeasibleError, InputError, InputErrors
from oncopolis.scheduling.theatres import Priority, Problem, check, list_groups, solve
from oncopolis.scheduling.theatres.problem import Surgeon
from oncopolis.scheduling.theatres.terms import NOTHING
from oncopolis.scheduling.theatres.urgency import compute_prices

SECONDS, MOVES = 30, 40_000


def make_rivals(*, dear: int, hard: frozenset[int] = frozenset()) -> Problem:
    """One surgeon with time for one of two patients: p1 of class 1, p2 of class 2."""
    problem = make_problem()
    first, one, two = problem.patients
    rivals = (
        replace(first, due_day=None, surgery_min=0),
        replace(one, surgery_min=60, surgeon="s1", priority=Priority(1, 0), region="north"),
        replace(two, care=one.care, surgery_min=60, priority=Priority(2, 1), region="south"),
    )
    surgeons = (problem.surgeons[0], Surgeon("s1", (60, 0, 0)))
    weights = replace(problem.weights, unscheduled_optional=dear, patient_delay=dear)
    return replace(problem, patients=rivals, surgeons=surgeons, weights=weights, hard_classes=hard)


@pytest.mark.parametrize("dear", [0, 350, 100_000])
def test_a_class_comes_before_later_classes_and_all_costs(dear: int) -> None:
    result = solve(make_rivals(dear=dear), seconds=SECONDS, seed=1, moves=MOVES)
    assert "p1" in result.solution.admissions
    assert "p2" not in result.solution.admissions
    assert result.past_target == {1: (0, 0), 2: (0, 1)}
    assert result.cost < 10 * (dear + 1000)
    assert all(one.cost >= result.cost for one in result.history)


def test_a_hard_class_may_be_a_later_one() -> None:
    result = solve(make_rivals(dear=350, hard=frozenset({2})), seconds=SECONDS, seed=1, moves=MOVES)
    assert set(result.solution.admissions) >= {"p2"}
    assert "p1" not in result.solution.admissions


def test_hard_targets_that_cannot_all_be_kept_are_refused_by_name() -> None:
    with pytest.raises(InfeasibleError, match="surgeon s1") as refused:
        solve(make_rivals(dear=350, hard=frozenset({1, 2})), seconds=SECONDS, seed=1, moves=MOVES)
    assert refused.value.code == "SCH-017"
    assert "p1, p2" in refused.value.got


def test_who_comes_late_is_better_than_out() -> None:
    problem = make_rivals(dear=0)
    later = replace(problem, surgeons=(problem.surgeons[0], Surgeon("s1", (60, 0, 60))))
    result = solve(later, seconds=SECONDS, seed=1, moves=MOVES)
    assert result.solution.admissions["p1"].day == 0
    assert result.solution.admissions["p2"].day == 2
    assert result.past_target == {1: (0, 0), 2: (1, 0)}


def test_the_check_sees_a_hard_target_missed() -> None:
    problem = make_problem()
    asked = replace(problem.patients[1], priority=Priority(1, 0))
    patients = (problem.patients[0], asked, problem.patients[2])
    for hard, rules in ((frozenset({1}), ["target-day"]), (frozenset({2}), [])):
        classed = replace(problem, patients=patients, hard_classes=hard)
        verdict = check(classed, make_solution())
        assert [one.rule for one in verdict.violations] == rules
        assert verdict.past_target == {1: (1, 0)}
        assert check(classed, admit(make_solution(), p1=None)).past_target == {1: (0, 1)}
    soft = replace(problem, patients=patients)
    groups = {(one.kind, one.value): one for one in list_groups(soft, admit(make_solution(), p1=None))}
    assert groups["class", "1"].out == ("p1",)


def test_each_price_is_more_than_all_below_it() -> None:
    prices = compute_prices(make_rivals(dear=350), NOTHING, 10.0)
    assert list(prices) == [2, 1]
    assert prices[1] == 3 * prices[2]
    assert prices[2] > 3 * 350 + 3 * 3 * 350


def test_a_target_that_is_past_cannot_be_hard() -> None:
    problem = make_rivals(dear=0, hard=frozenset({1}))
    past = replace(problem.patients[1], priority=Priority(1, -3))
    with pytest.raises(InputError) as refused:
        solve(replace(problem, patients=(past,)), seconds=SECONDS)
    assert refused.value.code == "SCH-061"
    soft = solve(replace(problem, patients=(past,), hard_classes=frozenset()), seconds=SECONDS, moves=MOVES)
    assert soft.past_target == {1: (1, 0)}


def test_more_classes_than_can_be_told_apart_are_refused() -> None:
    problem = make_rivals(dear=350)
    many = tuple(replace(problem.patients[1], id=f"q{i}", priority=Priority(1 + i, 0)) for i in range(60))
    with pytest.raises((InputError, InputErrors)) as refused:
        solve(replace(problem, patients=many), seconds=SECONDS)
    assert refused.value.code == "SCH-060"
