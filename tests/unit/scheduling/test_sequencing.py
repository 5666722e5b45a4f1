"""Operations in their order: nobody twice at once, and lists that overrun as often as chance has it."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from tests.unit.scheduling.drawn_wards import draw_problem
from tests.unit.scheduling.wards import admit, make_problem, make_solution

from oncopolis.foundation import InputError
from oncopolis.scheduling.theatres import Admission, Means, TheatreList, sequence, solve
from oncopolis.scheduling.theatres.problem import Theatre
from oncopolis.scheduling.theatres.sequencing import Case


def list_cases(lists: tuple[TheatreList, ...], day: int) -> list[Case]:
    return sorted(
        (case for one in lists if one.day == day for case in one.cases), key=lambda case: case.start_min
    )


@pytest.mark.slow
def test_nobody_and_nothing_is_twice_at_once() -> None:
    problem = draw_problem(3, n_patients=40, n_theatres=3, n_rooms=8)
    solution = solve(problem, seconds=60, moves=40_000).solution
    devices = {one.id: frozenset({"robot"}) for one in problem.patients[::2]}
    means = Means(0.3, change_min=15, anaesthetists=2, recovery_beds=2, recovery_min=45, devices=devices)
    lists = sequence(problem, solution, means)
    assert {case.patient for one in lists for case in one.cases} == set(solution.admissions)
    for day in {one.day for one in lists}:
        cases = list_cases(lists, day)
        for first, second in pairwise(cases):
            for earlier in cases[: cases.index(second)]:
                is_robot = "robot" in devices.get(earlier.patient, "") and "robot" in devices.get(
                    second.patient, ""
                )
                if earlier.surgeon == second.surgeon or is_robot:
                    assert earlier.end_min <= second.start_min
                if earlier.theatre == second.theatre:
                    assert earlier.end_min + 15 <= second.start_min
            assert first.start_min <= second.start_min
        for case in cases:
            assert sum(one.start_min <= case.start_min < one.end_min for one in cases) <= 2
            assert sum(one.end_min <= case.end_min < one.end_min + 45 for one in cases) <= 2


def test_a_schedule_of_another_problem_is_refused() -> None:
    with pytest.raises(InputError, match="SCH-021"):
        sequence(
            draw_problem(1, n_theatres=1), admit(make_solution(), p0=Admission(0, "r0", "t1")), Means(0.3)
        )


def test_without_spread_a_list_overruns_if_it_is_too_long() -> None:
    problem, solution = make_problem(), make_solution()
    lists = sequence(problem, solution, Means(0.0))
    assert [(one.day, one.theatre, one.share_overrun) for one in lists] == [(0, "t0", 0.0), (1, "t0", 0.0)]
    # On day 0 s0 operates for 60 and s1 for 30 minutes: the shorter one first, both done by minute 90.
    assert [(case.patient, case.start_min, case.end_min) for case in lists[0].cases] == [
        ("p2", 0, 30),
        ("p0", 30, 90),
    ]
    short = replace(problem, theatres=(Theatre("t0", (89, 120, 120)), problem.theatres[1]))
    first, second = sequence(short, solution, Means(0.0))
    assert (first.share_overrun, first.late_min) == (1.0, 1)
    assert second.share_overrun == 0.0


def test_one_operation_overruns_as_often_as_the_lognormal_distribution_has_it() -> None:
    problem, solution = make_problem(), make_solution()
    spread, variance = 0.5, math.log1p(0.25)
    # p1 takes 90 minutes in the mean, of the 120 of day 1.
    lists = sequence(problem, solution, Means(9.0, spreads={"p0": 0.0, "p1": spread, "p2": 0.0}), seed=4)
    at = (math.log(120) - math.log(90) + variance / 2) / math.sqrt(variance)
    expected = 0.5 * math.erfc(at / math.sqrt(2))
    assert lists[1].share_overrun == pytest.approx(expected, abs=0.03)
    again = sequence(problem, solution, Means(9.0, spreads={"p0": 0.0, "p1": spread, "p2": 0.0}), seed=4)
    assert lists == again


@pytest.mark.parametrize(
    "means", [Means(-0.1), Means(math.nan), Means(0.1, anaesthetists=0), Means(0.1, change_min=-1)]
)
def test_means_that_cannot_be_are_refused(means: Means) -> None:
    with pytest.raises(InputError, match="SCH-024"):
        sequence(make_problem(), make_solution(), means)
