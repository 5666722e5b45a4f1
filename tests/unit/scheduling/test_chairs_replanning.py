"""Plans of a day clinic mended with few changes, and why somebody has no time; against every plan."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from tests.unit.scheduling.clinics import draw_problem, make_problem, session

from oncopolis.foundation import InfeasibleError, InputError, NotFoundError
from oncopolis.scheduling.chairs import (
    Patient,
    Problem,
    Solution,
    Visit,
    check,
    check_problem,
    explain,
    replan,
    solve,
)
from oncopolis.scheduling.chairs.changes import compare
from oncopolis.scheduling.links import Link

LONG = 20.0


def make_small() -> tuple[Problem, Solution]:
    """Two days of five slots with one seat and one nurse, for three patients whose drugs are there."""
    once = session(has_consultation=False, mixing_slots=0, monitoring_slots=1)
    problem = make_problem(
        days=2,
        slots=5,
        n_seats=1,
        patients_per_nurse=1,
        doctors={"A": ((1,) * 5,) * 3},
        nurses=((0,) * 5, (1,) * 5, (1,) * 5),
        pharmacy=((1,) * 5,) * 3,
        patients=tuple(Patient(f"p{row}", (once,)) for row in range(3)),
    )
    told = Solution(
        {"p0": (Visit(1, None, 1, 0, 0, 1),), "p1": (Visit(1, None, 1, 0, 2, 3),),
         "p2": (Visit(2, None, 2, 0, 0, 1),)}
    )  # fmt: skip
    assert not check(problem, told).violations
    return problem, told


def list_plans(problem: Problem) -> Iterator[Solution]:
    """Yield every plan of `make_small`, right or wrong."""
    visits = [
        Visit(day, None, day, 0, installation, monitoring)
        for day in (1, 2)
        for installation in range(5)
        for monitoring in range(installation + 1, 5)
    ]
    for chosen in product(visits, repeat=len(problem.patients)):
        yield Solution({one.id: (visit,) for one, visit in zip(problem.patients, chosen, strict=True)})


def lose_nurse(problem: Problem, day: int, *slots: int) -> Problem:
    row = tuple(0 if slot in slots else n for slot, n in enumerate(problem.nurses[day]))
    return replace(problem, nurses=(*problem.nurses[:day], row, *problem.nurses[day + 1 :]))


@pytest.mark.parametrize("charge", [0, 3, 1000])
@pytest.mark.parametrize("what", ["nurse", "seat", "pharmacy"])
def test_no_plan_there_is_costs_less_with_its_charges(charge: int, what: str) -> None:
    problem, told = make_small()
    mixed = tuple(
        replace(one, sessions=(replace(one.sessions[0], mixing_slots=1),)) for one in problem.patients
    )
    now = {
        "nurse": lose_nurse(problem, 1, 0),
        "seat": replace(problem, seats_out=(0, 1, 0)),
        "pharmacy": replace(problem, patients=mixed, pharmacy=((0,) * 5, (0, 1, 1, 1, 1), (0, 1, 1, 1, 1))),
    }[what]
    if what == "seat":
        now = replace(now, patients=now.patients[::2])
    plans = list(list_plans(now))
    if what == "pharmacy":
        plans = [
            Solution({id_: (replace(one, mixing=1),) for id_, (one,) in plan.visits.items()})
            for plan in plans
        ]
    again = replan(now, told, today=1, charge=charge, seconds=LONG)
    known = Solution({one.id: told.visits[one.id] for one in now.patients})
    rated = [
        (verdict.cost, len(compare(now, known, plan)))
        for plan in plans
        if not (verdict := check(now, plan)).violations
    ]
    assert check(now, again.solution).violations == ()
    assert again.is_proved
    assert again.verdict.cost + again.charge == min(cost + charge * n for cost, n in rated)
    assert again.fewest == min(n for _, n in rated)
    if charge == 1000:
        assert len(again.changes) == again.fewest


@pytest.mark.parametrize("seed", range(4))
def test_what_has_begun_stays_and_cycles_keep_their_days(seed: int) -> None:
    problem = draw_problem(seed)
    told = solve(problem, seconds=LONG, seed=seed, moves=2000).solution
    today = sorted(visit.day for visits in told.visits.values() for visit in visits)[3]
    now = replace(problem, seats_out=tuple(int(day == today) for day in range(problem.days + 1)))
    gone = now.patients[-1].id
    now = replace(now, patients=now.patients[:-1])
    again = replan(now, told, today=today, charge=500, seconds=6.0)
    assert check(now, again.solution).violations == ()
    assert gone not in again.solution.visits
    for id_, visits in again.solution.visits.items():
        before = told.visits[id_]
        assert [one for one in visits if one.day < today] == [one for one in before if one.day < today]
        if before[0].day < today:
            assert [one.day for one in visits] == [one.day for one in before]
    assert again.charge == 500 * len(again.changes)


def test_who_comes_late_comes_later_and_nobody_before_now_moves() -> None:
    problem, told = make_small()
    again = replan(problem, told, today=1, now=2, charge=10, late={"p1": 3}, seconds=LONG)
    assert again.solution.visits["p0"] == told.visits["p0"]
    assert [str(change) for change in again.changes] == ["p1, session 0: day 1, slot 2 -> day 1, slot 3"]
    assert (again.fewest, again.charge) == (1, 10)


def test_a_drug_that_is_mixed_is_kept_and_none_is_mixed_in_the_past() -> None:
    ahead = session(has_consultation=False, may_mix_ahead=True, mixing_slots=2)
    problem = make_problem(patients=(Patient("old", (ahead,)), Patient("new", (ahead,))))
    told = Solution({"old": (Visit(2, None, 1, 0, 0, 1),)})
    again = replan(problem, told, today=2, charge=1, seconds=LONG).solution.visits
    assert again["old"] == told.visits["old"]
    (new,) = again["new"]
    assert (new.mixing_day, new.mixing) >= (2, 0)


def test_nothing_happened_nothing_changes() -> None:
    problem, told = make_small()
    again = replan(problem, told, today=1, charge=1000, seconds=LONG)
    assert (again.changes, again.charge, again.fewest) == ((), 0, 0)


def test_who_cannot_be_given_a_time_any_more_is_named() -> None:
    problem, told = make_small()
    day = lose_nurse(lose_nurse(problem, 1, 1, 3), 2, 3, 4)
    with pytest.raises(InfeasibleError) as refused:
        replan(day, told, today=1, charge=1, seconds=LONG)
    assert refused.value.code == "SCH-049"
    assert "of 1 of 3 patients" in refused.value.got


@pytest.mark.parametrize(
    "wrong",
    [{"today": 0}, {"today": 3}, {"charge": -1}, {"now": 5}, {"late": {"px": 1}}, {"late": {"p0": 5}}],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    problem, told = make_small()
    with pytest.raises(InputError, match="SCH-023"):
        replan(problem, told, **{"today": 1, "charge": 0} | wrong)


def test_a_past_that_cannot_have_been_is_refused() -> None:
    problem, told = make_small()
    with pytest.raises(InputError, match="SCH-023"):
        replan(lose_nurse(problem, 1, 0), told, today=2, charge=1)


def test_it_ends_in_time() -> None:
    problem = draw_problem(1, n_patients=40, days=30)
    told = solve(problem, seconds=LONG, moves=2000).solution
    now = replace(problem, seats_out=tuple(int(day == 3) for day in range(31)))
    ticks = iter(range(10**6))
    with pytest.raises(InfeasibleError) as refused:
        replan(lose_nurse(now, 3, *range(12)), told, today=3, charge=1, clock=lambda: next(ticks))
    assert refused.value.code in {"SCH-049", "SCH-047"}


def test_each_day_says_what_binds_and_what_it_adds() -> None:
    problem, told = make_small()
    without = Solution({id_: visits for id_, visits in told.visits.items() if id_ != "p1"})
    full = replace(problem, seats_out=(0, 0, 1))
    explained = explain(lose_nurse(problem, 1, 3, 4), without, "p1", seconds=LONG)
    assert [start.cost for start in explained.starts] == [None, 9]
    assert explained.starts[0].obstacles == ("session 0 on day 1: too little of nurses",)
    assert explained.begins is None
    assert explained.forced is not None
    assert explained.forced.cost == 9
    with pytest.raises(InputError, match="SCH-055"):
        explain(full, told, "p1")


def test_forcing_costs_as_little_as_in_any_plan() -> None:
    problem, told = make_small()
    explained = explain(problem, told, "p2", seconds=LONG)
    assert explained.begins == 2
    earlier = [
        check(problem, plan).cost
        for plan in list_plans(problem)
        if plan.visits["p2"][0].day == 1 and not check(problem, plan).violations
    ]
    assert explained.forced is not None
    assert explained.forced.cost == min(earlier) - check(problem, told).cost
    assert "a plan with an earlier begin costs" in explained.to_text()
    assert "solution" not in explained.to_dict()["forced"]


def test_a_link_and_more_than_one_thing_are_said() -> None:
    problem, told = make_small()
    tie = Link(frozenset({1}), "goes with a fraction")
    tied = tuple(
        replace(one, sessions=(replace(one.sessions[0], link=tie),)) if one.id == "p2" else one
        for one in problem.patients
    )
    without = Solution({id_: visits for id_, visits in told.visits.items() if id_ != "p2"})
    explained = explain(replace(problem, patients=tied), without, "p2", seconds=LONG)
    assert explained.starts[1].obstacles == ("session 0 on day 2: goes with a fraction",)
    assert explained.starts[0].obstacles == ("session 0 on day 1: too little of more than one thing",)


def test_only_patients_are_explained() -> None:
    problem, told = make_small()
    with pytest.raises(NotFoundError, match="SCH-022"):
        explain(problem, told, "px")


@pytest.mark.parametrize(
    ("out", "code"), [((0, 0), "SCH-044"), ((0, 2, 0), "SCH-042"), ((0, -1, 0), "SCH-042")]
)
def test_seats_that_are_out_are_as_many_as_there_can_be(out: tuple[int, ...], code: str) -> None:
    problem, _ = make_small()
    with pytest.raises(InputError) as refused:
        check_problem(replace(problem, seats_out=out))
    assert refused.value.code == code


def test_the_search_seats_nobody_where_seats_are_out() -> None:
    problem, _ = make_small()
    now = replace(problem, seats_out=(0, 1, 0), patients=problem.patients[:2])
    result = solve(now, seconds=LONG, moves=500)
    assert check(now, result.solution).violations == ()
    assert {visits[0].day for visits in result.solution.visits.values()} == {2}
