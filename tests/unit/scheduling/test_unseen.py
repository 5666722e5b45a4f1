"""Wards that are unlike those of any competition: a schedule that keeps every rule, or a refusal by name."""

from collections.abc import Callable
from dataclasses import fields, replace
from itertools import count

import pytest
from tests.unit.scheduling.drawn_wards import SHIFTS, draw_problem

from oncopolis.foundation import InfeasibleError
from oncopolis.scheduling.theatres import check, solve
from oncopolis.scheduling.theatres.problem import Care, Duty, Nurse, Occupant, Problem, Room, Theatre, Weights

SEEDS = range(3)
_MOST = 1_000_000


def weigh(problem: Problem, **weights: int) -> Problem:
    """The problem with nought for every other weight."""
    return replace(
        problem, weights=Weights(**{one.name: weights.get(one.name, 0) for one in fields(Weights)})
    )


def let_all_have_to_come(problem: Problem) -> Problem:
    patients = (replace(one, due_day=problem.days - 1) for one in problem.patients)
    return replace(problem, patients=tuple(patients))


def close_theatres(problem: Problem, *, all_days: bool = False) -> Problem:
    """Every other day, or every day, no theatre is open."""
    minutes = tuple(0 if all_days or day % 2 else 480 for day in range(problem.days))
    return replace(problem, theatres=tuple(Theatre(one.id, minutes) for one in problem.theatres))


def have_one_nurse(problem: Problem, most_load: int) -> Problem:
    """One nurse who works day and night."""
    duties = tuple(Duty(day, shift, most_load) for day in range(problem.days) for shift in range(len(SHIFTS)))
    return replace(problem, nurses=(Nurse("n0", 0, duties),))


def stay_for_long(problem: Problem, days: int) -> Problem:
    n = days * len(SHIFTS)

    def stay(care: Care) -> Care:
        return replace(care, stay_days=days, workload=(1,) * n, skill=(2,) * n)

    return replace(problem, patients=tuple(replace(one, care=stay(one.care)) for one in problem.patients))


def fill_rooms(problem: Problem) -> Problem:
    """Somebody of either gender in turn in each room, who does not leave."""
    n = problem.days * len(SHIFTS)
    occupants = (
        Occupant(f"o{row}", Care("AB"[row % 2], "adult", problem.days, (1,) * n, (1,) * n), room.id)
        for row, room in enumerate(problem.rooms)
    )
    return replace(problem, occupants=tuple(occupants))


def be_of_one_age(problem: Problem) -> Problem:
    return replace(
        problem, age_groups=("adult",),
        patients=tuple(replace(one, care=replace(one.care, age_group="adult")) for one in problem.patients),
    )  # fmt: skip


def close_all_rooms(problem: Problem) -> Problem:
    rooms = frozenset(room.id for room in problem.rooms)
    first = replace(problem.patients[0], closed_rooms=rooms, due_day=None)
    return replace(problem, patients=(first, *problem.patients[1:]))


DRAWN: dict[str, Callable[[int], Problem]] = {
    "no weight at all": lambda seed: weigh(draw_problem(seed)),
    "only delay counts": lambda seed: weigh(draw_problem(seed), patient_delay=_MOST),
    "only continuity counts": lambda seed: weigh(draw_problem(seed), continuity_of_care=1),
    "one weight of a million": lambda seed: replace(
        draw_problem(seed), weights=Weights(1, 1, 1, 1, _MOST, 1, 1, 1)
    ),
    "all weights of a million": lambda seed: replace(draw_problem(seed), weights=Weights(*[_MOST] * 8)),
    "those left out cost nothing": lambda seed: replace(
        draw_problem(seed), weights=Weights(5, 1, 5, 1, 30, 5, 10, 0)
    ),
    "all have to come": lambda seed: let_all_have_to_come(draw_problem(seed)),
    "far too many have to come": lambda seed: let_all_have_to_come(draw_problem(seed, n_patients=90)),
    "hardly room for who has to come": lambda seed: draw_problem(
        seed, n_patients=30, share_mandatory=0.8, theatre_min=240, n_theatres=1
    ),
    "nobody at all": lambda seed: replace(draw_problem(seed), patients=(), occupants=()),
    "one patient": lambda seed: draw_problem(seed, n_patients=1),
    "one room": lambda seed: draw_problem(seed, n_rooms=1),
    "one theatre": lambda seed: draw_problem(seed, n_theatres=1),
    "one surgeon": lambda seed: draw_problem(seed, n_surgeons=1),
    "one day": lambda seed: draw_problem(seed, days=1),
    "eight weeks": lambda seed: draw_problem(seed, days=56, n_patients=60),
    "stays beyond the horizon": lambda seed: stay_for_long(draw_problem(seed, share_mandatory=0.0), 30),
    "one nurse": lambda seed: have_one_nurse(draw_problem(seed), 5),
    "one nurse who may do nothing": lambda seed: have_one_nurse(draw_problem(seed), 0),
    "hundreds of nurses": lambda seed: draw_problem(seed, n_nurses=400),
    "no nurses": lambda seed: replace(draw_problem(seed), nurses=()),
    "theatres closed every other day": lambda seed: close_theatres(draw_problem(seed)),
    "theatres always closed": lambda seed: close_theatres(draw_problem(seed), all_days=True),
    "full of either gender": lambda seed: fill_rooms(draw_problem(seed, n_rooms=6)),
    "rooms without beds": lambda seed: replace(
        draw_problem(seed), rooms=(Room("r0", 3), Room("r1", 0), Room("r2", 0))
    ),
    "one age": lambda seed: be_of_one_age(replace(draw_problem(seed), occupants=())),
    "somebody for whom every room is closed": lambda seed: close_all_rooms(draw_problem(seed)),
}

HAVE_NONE = {
    "far too many have to come",
    "hardly room for who has to come",
    "no nurses",
    "theatres always closed",
    "one day",
    "one room",
    "rooms without beds",
}
"""What a draw of may have no schedule."""


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """What is compiled, or loaded, takes no time by the clock of the tests."""
    solve(draw_problem(0), seconds=60.0, moves=1)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", DRAWN)
def test_odd_wards_have_a_schedule_or_a_refusal(name: str, seed: int) -> None:
    problem = DRAWN[name](seed)
    ticks = count()
    try:
        result = solve(problem, seconds=8.0, seed=seed, clock=lambda: next(ticks) * 0.25)
    except InfeasibleError as refused:
        said = refused.code, refused.where
    else:
        said = "", ""
        assert result.seconds <= 10.0
        verdict = check(problem, result.solution)
        assert verdict.violations == ()
        assert verdict.cost == result.cost
        assert result.bound is not None
        assert result.bound <= result.cost
    if any(said):
        assert name in HAVE_NONE
        assert all(said)
        assert said[0] in {f"SCH-0{number}" for number in (15, 16, 17, 18, 66)}
