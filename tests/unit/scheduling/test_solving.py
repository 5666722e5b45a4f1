"""Schedules of theatres and wards: as good as can be, within their limits, or a refusal that says why."""

import threading
from dataclasses import replace
from itertools import count, product

import pytest
from tests.unit.scheduling.drawn_wards import draw_problem
from tests.unit.scheduling.wards import care, make_problem, make_solution

from oncopolis.foundation import InfeasibleError, InputError
from oncopolis.scheduling import Improvement
from oncopolis.scheduling.theatres import Admission, Problem, Solution, check, solve
from oncopolis.scheduling.theatres.bounding import compute_bound
from oncopolis.scheduling.theatres.problem import Nurse, Occupant, Priority, Room, Surgeon, Theatre

LONG = 60.0
MOVES = 60_000


def list_admissions(problem: Problem, row: int) -> list[Admission | None]:
    patient = problem.patients[row]
    places = product(range(patient.release_day, problem.days), problem.rooms, problem.theatres)
    inside: list[Admission | None] = [Admission(day, room.id, theatre.id) for day, room, theatre in places]
    return [*inside, None]


def find_least(problem: Problem) -> int:
    """The least cost of the small problem, whose nurses have no choice, by trying everything."""
    nurses = make_solution().nurses
    verdicts = (
        check(problem, Solution({f"p{row}": one for row, one in enumerate(chosen) if one}, nurses))
        for chosen in product(*(list_admissions(problem, row) for row in range(len(problem.patients))))
    )
    return min(verdict.cost for verdict in verdicts if not verdict.violations)


def test_the_best_schedule_of_a_small_problem_is_found() -> None:
    problem = make_problem()
    least = find_least(problem)
    result = solve(problem, seconds=LONG, moves=MOVES)
    assert result.cost == least
    assert result.bound is not None
    assert result.bound <= least
    assert result.history[-1].cost == least
    assert check(problem, result.solution).violations == ()


@pytest.mark.parametrize("seed", range(4))
def test_no_bound_is_above_a_schedule(seed: int) -> None:
    problem = draw_problem(seed)
    result = solve(problem, seconds=LONG, moves=MOVES, seed=seed)
    bound = compute_bound(problem, 10.0)
    assert 0 < compute_bound(problem, 0.0) <= bound <= result.cost


def test_the_same_seed_makes_the_same_moves() -> None:
    problem = draw_problem(7)
    one, same, other = (solve(problem, seconds=LONG, moves=MOVES, seed=seed) for seed in (3, 3, 4))
    assert one.solution == same.solution
    assert one.stopped == "moves"
    assert one.solution != other.solution


def test_weights_ten_times_as_large_make_the_same_choice() -> None:
    small, large = (solve(draw_problem(2, scale=n), seconds=LONG, moves=4 * MOVES) for n in (1, 10))
    assert large.cost == 10 * small.cost


def test_several_threads_find_a_schedule_together() -> None:
    problem = draw_problem(5, n_patients=30, n_rooms=6)
    seen: list[Improvement] = []
    result = solve(problem, seconds=LONG, threads=3, moves=MOVES, on_improvement=seen.append)
    assert tuple(seen) == result.history
    assert [one.cost for one in seen] == sorted((one.cost for one in seen), reverse=True)
    assert seen[-1].cost == result.cost


@pytest.mark.parametrize("threads", [1, 2])
def test_no_search_goes_past_its_time(threads: int) -> None:
    ticks, lock = count(), threading.Lock()

    def clock() -> float:
        with lock:
            return next(ticks) * 0.25

    result = solve(draw_problem(1), seconds=10.0, threads=threads, clock=clock)
    assert 10.0 <= result.seconds <= 12.0
    assert result.stopped == "time"


def test_whoever_cancels_gets_the_best_so_far() -> None:
    cancel = threading.Event()
    problem = draw_problem(1, share_mandatory=0.0)
    result = solve(problem, seconds=LONG, cancel=cancel, on_improvement=lambda _: cancel.set())
    assert result.stopped == "cancelled"
    assert result.seconds < LONG
    cancel.set()
    assert solve(problem, seconds=LONG, cancel=cancel).stopped == "cancelled"


@pytest.mark.slow
def test_a_search_goes_on_from_a_schedule() -> None:
    problem = draw_problem(6, n_patients=30)
    first = solve(problem, seconds=LONG, moves=MOVES)
    again = solve(problem, seconds=LONG, moves=20_000, warm_start=first.solution)
    assert again.history[0].cost <= first.cost
    assert again.cost <= first.cost


def test_a_schedule_of_another_problem_is_refused() -> None:
    other = solve(draw_problem(1, n_rooms=5), seconds=LONG, moves=20_000).solution
    with pytest.raises(InputError, match="SCH-021"):
        solve(make_problem(), seconds=LONG, warm_start=other)


@pytest.mark.parametrize("limits", [{"seconds": 0}, {"seconds": -1}, {"seconds": 1, "threads": 0},
                                    {"seconds": 1, "moves": 0}, {"seconds": float("nan")}])  # fmt: skip
def test_limits_that_cannot_be_meant_are_refused(limits: dict[str, float]) -> None:
    with pytest.raises(InputError, match="SCH-020"):
        solve(make_problem(), **limits)  # type: ignore[arg-type]


def test_minutes_for_emergencies_are_left_free() -> None:
    problem = make_problem()
    kept = replace(problem, theatres=tuple(replace(one, reserve_min=(60,) * 3) for one in problem.theatres))
    before, after = (solve(one, seconds=LONG, moves=20_000) for one in (problem, kept))
    assert check(kept, after.solution).violations == ()
    assert "emergency-reserve" in {finding.rule for finding in check(kept, before.solution).violations}


@pytest.mark.parametrize("seed", range(3))
def test_who_has_to_lie_alone_does(seed: int) -> None:
    problem = draw_problem(seed, n_patients=25, n_rooms=5, share_mandatory=0.1)
    lonely = tuple(
        replace(one, care=replace(one.care, is_alone=row % 3 == 0))
        for row, one in enumerate(problem.patients)
    )
    result = solve(replace(problem, patients=lonely), seconds=LONG, moves=MOVES)
    assert check(replace(problem, patients=lonely), result.solution).violations == ()
    assert {one.id for one in lonely if one.care.is_alone} & result.solution.admissions.keys()


def test_nobody_to_admit_is_no_trouble() -> None:
    result = solve(replace(make_problem(), patients=()), seconds=LONG, moves=1000)
    assert result.solution.admissions == {}


def contradict() -> dict[str, Problem]:
    """Words of a refusal -> a problem that deserves it."""
    problem = make_problem()
    first = problem.patients[0]
    three = tuple(replace(first, id=f"m{row}", surgery_min=50, due_day=0) for row in range(3))
    six = tuple(replace(first, id=f"m{row}", surgery_min=10, due_day=1, care=care()) for row in range(6))
    alone = Occupant("o1", care("B", days=3), "r0")
    no_late = (problem.nurses[0], Nurse("n1", 1, ()))
    return {
        "SCH-015.*|occupant o0, day 0": replace(problem, nurses=no_late),
        "room r1, day 0": replace(problem, rooms=(problem.rooms[0], Room("r1", 0))),
        "surgeon s0 has at most 20 min": replace(
            problem, surgeons=(Surgeon("s0", (20, 10, 150)), problem.surgeons[1])
        ),
        "every theatre has at most 40 min": replace(
            problem, theatres=tuple(Theatre(one.id, (40, 40, 400)) for one in problem.theatres)
        ),
        "no bed for the whole stay": replace(problem, occupants=(*problem.occupants, alone)),
        "surgeon s0, day 0 to 0.*150 minutes.*m0, m1, m2": replace(
            problem, patients=three, surgeons=(Surgeon("s0", (149, 0, 0)), problem.surgeons[1])
        ),
        "all theatres, day 0 to 0": replace(
            problem, patients=three, theatres=tuple(Theatre(one.id, (70, 70, 0)) for one in problem.theatres)
        ),
        "all rooms": replace(problem, patients=six, rooms=(Room("r0", 1), Room("r1", 2))),
    }


@pytest.mark.parametrize("words", contradict())
def test_what_contradicts_itself_is_refused_before_any_search(words: str) -> None:
    with pytest.raises(InfeasibleError, match=words):
        solve(contradict()[words], seconds=LONG)


def test_what_no_search_can_do_is_refused_with_who_is_out_and_what_would_help() -> None:
    problem = make_problem()
    # Two operations of 70 minutes fit into the 149 of two theatres, but not into either with what is left.
    both = tuple(replace(problem.patients[0], id=f"m{row}", surgery_min=70, due_day=0) for row in range(2))
    narrow = tuple(
        Theatre(one.id, (minutes, 0, 0)) for one, minutes in zip(problem.theatres, (100, 49), strict=True)
    )
    with pytest.raises(InfeasibleError, match=r"SCH-018") as refused:
        solve(replace(problem, patients=both, theatres=narrow), seconds=LONG, moves=20_000)
    assert "21 min of a theatre on day 0" in str(refused.value)
    assert "m0" in str(refused.value) or "m1" in str(refused.value)


@pytest.mark.slow
def test_ten_thousand_patients_of_four_classes_are_scheduled() -> None:
    large = {"n_patients": 10_000, "days": 28, "n_rooms": 300, "n_nurses": 900}
    drawn = draw_problem(1, **large, n_theatres=40, n_surgeons=60, share_mandatory=0.05)
    patients = tuple(
        replace(one, priority=Priority(1 + row % 4, one.release_day + 7))
        for row, one in enumerate(drawn.patients)
    )
    problem = replace(drawn, patients=patients)
    result = solve(problem, seconds=600.0, moves=100_000)
    assert check(problem, result.solution).violations == ()
    assert list(result.past_target) == [1, 2, 3, 4]
    assert result.history[-1].cost == result.cost
    assert result.bound is not None
