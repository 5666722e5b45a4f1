"""Links across resources: days to which another treatment ties somebody, in every solver and check."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.scheduling import clinics, teams
from tests.unit.scheduling.drawn_wards import draw_problem

from oncopolis.foundation import InfeasibleError
from oncopolis.scheduling import chairs, rosters, theatres
from oncopolis.scheduling.links import Link, link_after

SECONDS, MOVES = 30, 60_000
FRACTIONS = Link(frozenset({2, 3}), "cisplatin goes with a fraction, and those are on days 2 and 3")


def test_a_window_after_a_day_has_both_its_ends() -> None:
    six_to_eight_weeks = link_after(-40, 42, 56, "six to eight weeks after radiotherapy")
    assert min(six_to_eight_weeks.days) == 2
    assert max(six_to_eight_weeks.days) == 16


@pytest.mark.parametrize("seed", range(3))
def test_operations_are_on_days_that_links_allow(seed: int) -> None:
    problem = draw_problem(seed, n_patients=12, share_mandatory=0.0)
    tie = link_after(-40, 43, 45, "after radiotherapy")
    patients = tuple(
        replace(one, link=tie, release_day=0) if row % 2 else one for row, one in enumerate(problem.patients)
    )
    tied = replace(problem, patients=patients)
    solution = theatres.solve(tied, seconds=SECONDS, seed=seed, moves=MOVES).solution
    assert not theatres.check(tied, solution).violations
    days = {solution.admissions[one.id].day for one in patients if one.link and one.id in solution.admissions}
    assert days
    assert days <= {3, 4, 5}


def test_who_has_to_come_and_may_on_no_day_is_refused_with_the_reason() -> None:
    problem = draw_problem(1, n_patients=3)
    tied = replace(
        problem.patients[0], due_day=problem.days - 1, link=link_after(0, 42, 56, "radiotherapy ends")
    )
    with pytest.raises(InfeasibleError, match="radiotherapy ends") as refused:
        theatres.solve(replace(problem, patients=(tied,)), seconds=SECONDS, moves=MOVES)
    assert refused.value.code == "SCH-066"


def test_who_may_stay_out_and_may_on_no_day_is_told_as_passed_over() -> None:
    problem = draw_problem(1, n_patients=3, share_mandatory=0.0)
    tied = replace(problem.patients[0], due_day=None, link=link_after(0, 42, 56, "radiotherapy ends"))
    whole = replace(problem, patients=(tied,))
    solution = theatres.solve(whole, seconds=SECONDS, moves=MOVES).solution
    (out,) = theatres.list_passed_over(whole, solution)
    assert out.binding == ("no day that goes with another treatment: radiotherapy ends",)


def test_sessions_are_on_days_of_fractions() -> None:
    problem = clinics.make_problem()
    first, other = problem.patients
    session = replace(other.sessions[0], link=FRACTIONS)
    tied = replace(problem, patients=(first, replace(other, sessions=(session,))))
    free = chairs.solve(problem, seconds=SECONDS, seed=1, moves=2000)
    assert free.solution.visits["p1"][0].day == 1
    result = chairs.solve(tied, seconds=SECONDS, seed=1, moves=2000)
    assert result.solution.visits["p1"][0].day == 2
    assert not chairs.check(tied, result.solution).violations
    assert result.bound is not None
    assert free.cost < result.cost
    assert result.bound <= result.cost


def test_a_cycle_that_its_links_allow_on_no_day_is_refused() -> None:
    problem = clinics.make_problem()
    twice, other = problem.patients
    sessions = tuple(
        replace(one, link=Link(frozenset({1, 2}), "two fractions a week")) for one in twice.sessions
    )
    with pytest.raises(InfeasibleError, match="two fractions a week") as refused:
        chairs.solve(replace(problem, patients=(replace(twice, sessions=sessions), other)), seconds=SECONDS)
    assert refused.value.code == "SCH-067"


def test_links_are_read_as_they_are_written(tmp_path: Path) -> None:
    problem = draw_problem(1, n_patients=3)
    tied = replace(problem, patients=(replace(problem.patients[0], link=FRACTIONS), *problem.patients[1:]))
    path = tmp_path / "ward.json"
    path.write_text(json.dumps(theatres.to_instance_json(tied)))
    assert theatres.read_problem(path) == tied


@pytest.mark.parametrize("seed", range(3))
def test_nurses_work_on_days_that_links_allow(seed: int) -> None:
    problem = teams.draw_problem(seed)
    free = rosters.solve(problem, seconds=SECONDS, moves=MOVES).solution
    busiest, n_days = Counter(one.nurse for one in free.assignments).most_common(1)[0]
    assert n_days > len(FRACTIONS.days)
    nurses = tuple(replace(one, link=FRACTIONS) if one.id == busiest else one for one in problem.nurses)
    tied = replace(problem, nurses=nurses)
    solution = rosters.solve(tied, seconds=SECONDS, moves=MOVES).solution
    assert rosters.check(tied, solution).violations == ()
    assert {one.day for one in solution.assignments if one.nurse == busiest} <= FRACTIONS.days


def test_the_check_sees_a_nurse_on_a_closed_day() -> None:
    problem = teams.make_problem()
    ann, ben = problem.nurses
    tied = replace(problem, nurses=(replace(ann, link=FRACTIONS), ben))
    rules = [
        [
            one.rule
            for one in rosters.check(
                tied, teams.roster(teams.works("Ann", "early", first=day), teams.works("Ben", "early"))
            ).violations
        ]
        for day in (0, 2)
    ]
    assert rules == [["linked-day"], []]


def test_a_day_that_links_close_to_all_who_are_needed_is_refused() -> None:
    problem = teams.make_problem()
    tied = replace(problem, nurses=tuple(replace(one, link=FRACTIONS) for one in problem.nurses))
    with pytest.raises(InfeasibleError, match="may work that day") as refused:
        rosters.solve(tied, seconds=SECONDS, moves=MOVES)
    assert refused.value.code == "SCH-056"
