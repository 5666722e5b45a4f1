"""Why a patient is not in, what it costs to have them in, and schedules mended with few changes."""

from dataclasses import replace

import pytest
from tests.unit.scheduling.drawn_wards import draw_problem
from tests.unit.scheduling.wards import admit, make_problem, make_solution

from oncopolis.foundation import InfeasibleError, InputError, NotFoundError
from oncopolis.scheduling.theatres import Admission, Problem, Solution, check, explain, replan, solve
from oncopolis.scheduling.theatres.problem import Patient, Surgeon, Theatre

LONG, MOVES, TODAY = 60.0, 40_000, 4


@pytest.fixture(scope="module")
def problem() -> Problem:
    return draw_problem(11, n_patients=40, days=10, n_rooms=6, share_mandatory=0.2)


@pytest.fixture(scope="module")
def told(problem: Problem) -> Solution:
    return solve(problem, seconds=LONG, moves=4 * MOVES).solution


def test_each_day_says_what_binds() -> None:
    problem = make_problem()
    busy = replace(problem, surgeons=(Surgeon("s0", (150, 80, 0)), problem.surgeons[1]))
    explained = explain(busy, admit(make_solution(), p1=None), "p1", seconds=LONG, moves=20_000)
    first, second, third = (day.obstacles for day in explained.days)
    assert first.is_free
    assert first.rooms == {"r0": "no bed"}
    assert second.surgeon_lacks_min == 10
    assert third.list_binding()[0] == "the surgeon is 90 min short"
    assert [day.cost is not None for day in explained.days] == [True, False, False]
    assert explained.price == 350


def test_what_an_admission_adds_is_what_the_check_says() -> None:
    problem, solution = make_problem(), admit(make_solution(), p1=None)
    explained = explain(problem, solution, "p1", seconds=LONG, moves=20_000)
    for day in explained.days:
        costs = [
            check(problem, admit(solution, p1=Admission(day.obstacles.day, room.id, theatre.id)))
            for room in problem.rooms for theatre in problem.theatres
        ]  # fmt: skip
        possible = [verdict.cost for verdict in costs if not verdict.violations]
        least = min(possible) - check(problem, solution).cost + 350 if possible else None
        assert day.cost == least
    assert explained.forced is not None
    assert explained.forced.cost < 0
    assert {change.patient for change in explained.forced.changes} >= {"p1"}


def test_a_patient_who_is_in_has_nothing_to_force() -> None:
    explained = explain(make_problem(), make_solution(), "p1", seconds=LONG)
    assert explained.admission == Admission(1, "r1", "t0")
    assert explained.forced is None
    assert explained.days[1].cost is not None


def test_nobody_is_forced_in_where_there_is_no_time() -> None:
    problem = replace(make_problem(), surgeons=(Surgeon("s0", (89, 89, 0)), Surgeon("s1", (60,) * 3)))
    explained = explain(problem, admit(make_solution(), p1=None), "p1", seconds=LONG, moves=20_000)
    assert explained.forced is None


def test_only_patients_are_explained() -> None:
    with pytest.raises(NotFoundError, match="SCH-022"):
        explain(make_problem(), make_solution(), "o0")


def test_nothing_happened_nothing_changes(problem: Problem, told: Solution) -> None:
    again = replan(problem, told, today=TODAY, charge=1000, seconds=LONG, moves=MOVES)
    assert again.n_told_again == 0
    assert again.charge == 0
    assert again.result.cost <= check(problem, told).cost


def close_theatres(problem: Problem, day: int) -> Problem:
    return replace(problem, theatres=(problem.theatres[0], *(shut(one, day) for one in problem.theatres[1:])))


def shut(theatre: Theatre, day: int) -> Theatre:
    return replace(theatre, open_min=(*theatre.open_min[:day], 0, *theatre.open_min[day + 1 :]))


def test_a_closed_theatre_moves_few_and_nothing_of_the_past(problem: Problem, told: Solution) -> None:
    closed = close_theatres(problem, TODAY + 1)
    hit = [id_ for id_, one in told.admissions.items() if one.day == TODAY + 1]
    assert hit
    again = replan(closed, told, today=TODAY, charge=1000, seconds=LONG, moves=MOVES)
    assert check(closed, again.result.solution).violations == ()
    assert 0 <= again.n_told_again <= len(hit)
    assert again.charge == 1000 * again.n_told_again
    past = {id_: one for id_, one in told.admissions.items() if one.day < TODAY}
    assert past
    assert {id_: again.result.solution.admissions[id_] for id_ in past} == past
    before = {at: nurse for at, nurse in told.nurses.items() if at[1] < TODAY}
    assert {at: again.result.solution.nurses[at] for at in before} == before
    assert all(one.day >= TODAY for id_, one in again.result.solution.admissions.items() if id_ not in past)
    free = replan(closed, told, today=TODAY, charge=0, seconds=LONG, moves=MOVES)
    assert free.n_told_again >= again.n_told_again


def test_who_left_and_who_is_new(problem: Problem, told: Solution) -> None:
    gone = next(id_ for id_, one in told.admissions.items() if one.day > TODAY)
    kept = tuple(one for one in problem.patients if one.id != gone)
    new = Patient("new", kept[0].care, TODAY, problem.days - 1, 30, "s0")
    again = replan(
        replace(problem, patients=(*kept, new)), told, today=TODAY, charge=50, seconds=LONG, moves=MOVES
    )
    assert "new" in again.result.solution.admissions
    assert gone not in again.result.solution.admissions
    assert "new" in {change.patient for change in again.changes}


@pytest.mark.parametrize(("today", "charge"), [(-1, 0), (10, 0), (0, -1)])
def test_a_day_or_charge_that_cannot_be_is_refused(
    problem: Problem, told: Solution, today: int, charge: int
) -> None:
    with pytest.raises(InputError, match="SCH-023"):
        replan(problem, told, today=today, charge=charge)


def test_a_past_that_cannot_have_been_is_refused(problem: Problem, told: Solution) -> None:
    day = next(one.day for one in told.admissions.values() if one.day < TODAY)
    optional = replace(
        problem,
        theatres=tuple(shut(one, day) for one in problem.theatres),
        patients=tuple(replace(one, due_day=None) for one in problem.patients),
    )
    with pytest.raises(InputError, match="SCH-023"):
        replan(optional, told, today=TODAY, charge=10)


def test_who_had_to_come_before_today_and_did_not_is_named(problem: Problem, told: Solution) -> None:
    late = Patient("late", problem.patients[0].care, 0, TODAY - 1, 30, "s0")
    with pytest.raises(InfeasibleError, match="late"):
        replan(replace(problem, patients=(*problem.patients, late)), told, today=TODAY, charge=10)
