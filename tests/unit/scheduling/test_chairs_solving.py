"""Plans of a day clinic that are searched for: good ones, within their limits, or a refusal that says why."""

import threading
from itertools import chain, count, product
from typing import Any

import pytest
from tests.unit.scheduling.clinics import draw_problem, make_problem, make_solution, session

from oncopolis.foundation import InfeasibleError, InputError
from oncopolis.scheduling import Improvement
from oncopolis.scheduling.chairs import Patient, Problem, Solution, Visit, check, solve
from oncopolis.scheduling.chairs.bounding import compute_bound

LONG = 60.0
MOVES = 4_000


def find_least(problem: Problem) -> int:
    """The least cost of a problem with one session a patient, by trying everything."""
    slots = range(problem.slots)
    visits = [
        Visit(day, start, mixing_day, mixing, installation, monitoring)
        for day in range(1, problem.days + 1)
        for start, mixing, installation, monitoring in product((None, *slots), slots, slots, slots)
        for mixing_day in (day - 1, day)
    ]
    kept = [
        [one for one in visits if not check(alone, Solution({patient.id: (one,)})).violations]
        for patient in problem.patients
        for alone in [make_problem(days=1, slots=5, n_seats=1, patients=(patient,), **SMALL)]
    ]
    names = [patient.id for patient in problem.patients]
    verdicts = (
        check(problem, Solution({name: (one,) for name, one in zip(names, chosen, strict=True)}))
        for chosen in product(*kept)
    )
    return min(verdict.cost for verdict in verdicts if not verdict.violations)


SMALL = {
    "doctors": {"A": ((1,) * 5,) * 2},
    "nurses": ((0,) * 5, (1,) * 5),
    "pharmacy": ((0,) * 5, (0, 1, 1, 1, 1)),
}  # fmt: skip


def test_the_best_plan_of_a_small_problem_is_found() -> None:
    patients = (
        Patient("p0", (session(mixing_slots=1, monitoring_slots=1),)),
        Patient("p1", (session(has_consultation=False, mixing_slots=1, monitoring_slots=1),)),
    )
    problem = make_problem(days=1, slots=5, n_seats=1, patients=patients, **SMALL)
    least = find_least(problem)
    result = solve(problem, seconds=LONG, moves=MOVES)
    assert result.cost == least
    assert result.bound is not None
    assert result.bound <= least
    assert result.history[-1].cost == least


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_keeps_every_rule_and_no_bound_is_above_it(seed: int) -> None:
    problem = draw_problem(seed)
    result = solve(problem, seconds=LONG, moves=MOVES, seed=seed)
    assert check(problem, result.solution).violations == ()
    assert result.bound is not None
    assert (
        0
        < compute_bound(problem, problem.days, 0.0)
        <= result.bound
        <= result.cost
        == result.history[-1].cost
    )


@pytest.mark.slow
def test_the_same_seed_makes_the_same_moves() -> None:
    problem = draw_problem(7, n_patients=12)
    one, same = (solve(problem, seconds=LONG, moves=MOVES, seed=3) for _ in range(2))
    assert one.solution == same.solution
    assert one.n_moves == MOVES


def test_a_better_plan_begins_with_the_one_that_is_known() -> None:
    problem = draw_problem(5)
    known = solve(problem, seconds=LONG, moves=MOVES)
    again = solve(problem, seconds=LONG, moves=1, warm_start=known.solution)
    assert again.cost <= known.cost


def test_a_plan_of_another_problem_is_refused() -> None:
    with pytest.raises(InputError, match="SCH-055"):
        solve(draw_problem(1), seconds=1, warm_start=make_solution())


def test_it_ends_in_time_by_the_clock_that_is_given() -> None:
    ticks = count()
    result = solve(draw_problem(2), seconds=30, clock=lambda: next(ticks) * 0.5)
    assert result.stopped == "time"
    assert result.seconds <= 32


def test_time_used_up_before_the_first_move_leaves_nobody_without_a_time() -> None:
    problem = draw_problem(0, n_patients=24)
    ticks = chain([0.0], count(100.0, 0.01))
    result = solve(problem, seconds=1, clock=lambda: next(ticks))
    assert len(result.solution.visits) == 24
    assert result.stopped == "time"


def test_who_cancels_is_heard_and_gets_what_was_found() -> None:
    asked = threading.Event()
    heard: list[Improvement] = []

    def hear(improvement: Improvement) -> None:
        heard.append(improvement)
        asked.set()

    result = solve(draw_problem(3), seconds=LONG, cancel=asked, on_improvement=hear)
    assert result.stopped == "cancelled"
    assert heard[0].cost >= result.cost


def test_two_threads_find_a_plan() -> None:
    problem = draw_problem(4)
    assert check(problem, solve(problem, seconds=LONG, threads=2, moves=MOVES).solution).violations == ()


def test_a_clinic_without_patients_has_an_empty_plan() -> None:
    assert solve(make_problem(patients=()), seconds=1).cost == 0


def crowd(n: int, monitoring_slots: int) -> tuple[Patient, ...]:
    return tuple(Patient(f"p{row}", (session(monitoring_slots=monitoring_slots),)) for row in range(n))


ONE_DAY = {"days": 1, "doctors": {"A": ((1,) * 8,) * 2}, "pharmacy": ((1,) * 8,) * 2}
REFUSED = {
    "SCH-046": (
        make_problem(patients=(Patient("p0", (session(), session(rest_days=9))),)),
        "at least 10 days",
    ),
    "SCH-047": (make_problem(pharmacy=((0,) * 8,) * 4), "pharmacy"),
    "SCH-048": (make_problem(patients=crowd(40, 2)), "add at least 32"),
    "SCH-049": (
        make_problem(nurses=((0,) * 8, (8,) * 8), n_seats=1, patients=crowd(2, 3), **ONE_DAY),
        "add 1 seats",
    ),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_has_no_plan_is_refused_with_what_would_help(code: str) -> None:
    problem, helping = REFUSED[code]
    with pytest.raises(InfeasibleError, match=helping) as caught:
        solve(problem, seconds=1)
    assert caught.value.code == code
    assert "p" in caught.value.where


@pytest.mark.parametrize("limit", [{"seconds": 0}, {"seconds": 1, "threads": 0}, {"seconds": 1, "moves": 0}])
def test_limits_that_cannot_be_meant_are_refused(limit: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="SCH-020"):
        solve(make_problem(), **limit)
