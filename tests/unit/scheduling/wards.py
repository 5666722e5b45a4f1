"""A small problem of theatres and wards, and a solution of it that keeps every rule."""

from dataclasses import replace

from oncopolis.scheduling.theatres.problem import (
    Care,
    Duty,
    Nurse,
    Occupant,
    Patient,
    Problem,
    Room,
    Surgeon,
    Theatre,
    Weights,
)
from oncopolis.scheduling.theatres.solution import Admission, Solution

DAYS, SHIFTS = 3, ("early", "late")


def care(gender: str = "A", age: str = "adult", days: int = 2, load: int = 2, skill: int = 1) -> Care:
    n = days * len(SHIFTS)
    return Care(gender, age, days, (load,) * n, (skill,) * n)


def make_problem() -> Problem:
    return Problem(
        days=DAYS, shifts=SHIFTS, age_groups=("child", "adult", "elderly"), n_skills=3,
        weights=Weights(5, 10, 1, 3, 30, 7, 11, 350),
        patients=(
            Patient("p0", care(), 0, 1, 60, "s0", frozenset({"r1"})),
            Patient("p1", care("B"), 0, None, 90, "s0"),
            Patient("p2", care("A", "elderly", 3, 3, 2), 0, None, 30, "s1"),
        ),
        occupants=(Occupant("o0", care("B", days=1), "r1"),),
        surgeons=(Surgeon("s0", (150, 150, 0)), Surgeon("s1", (60, 60, 60))),
        theatres=(Theatre("t0", (120, 120, 120)), Theatre("t1", (120, 0, 120))),
        rooms=(Room("r0", 2), Room("r1", 2)),
        nurses=(
            Nurse("n0", 2, tuple(Duty(day, 0, 6) for day in range(DAYS))),
            Nurse("n1", 1, tuple(Duty(day, 1, 6) for day in range(DAYS))),
        ),
    )  # fmt: skip


def make_solution() -> Solution:
    nurses = {
        (room, day, shift): f"n{shift}" for room in ("r0", "r1") for day in range(DAYS) for shift in range(2)
    }
    admissions = {
        "p0": Admission(0, "r0", "t0"), "p1": Admission(1, "r1", "t0"), "p2": Admission(0, "r0", "t0"),
    }  # fmt: skip
    return Solution(admissions, nurses)


def admit(solution: Solution, **changes: Admission | None) -> Solution:
    """The solution with other admissions; None leaves a patient out."""
    changed = {**solution.admissions, **changes}
    return replace(solution, admissions={id_: one for id_, one in changed.items() if one is not None})
