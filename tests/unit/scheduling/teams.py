"""Small teams of nurses for tests."""

import random
from typing import Any

from oncopolis.scheduling.rosters import (
    Assignment,
    Contract,
    History,
    Need,
    Nurse,
    Problem,
    ShiftType,
    Solution,
    Wish,
)

SHIFTS = (ShiftType("early", 1, 5), ShiftType("late", 1, 5), ShiftType("night", 1, 4))


def contract(**changes: Any) -> Contract:
    said: dict[str, Any] = {
        "id": "full", "least_shifts": 0, "most_shifts": 7, "least_days": 1, "most_days": 7, "least_off": 1,
        "most_off": 7, "most_weekends": 1, "has_whole_weekends": False,
    }  # fmt: skip
    return Contract(**said | changes)


def make_problem(**changes: Any) -> Problem:
    """One week, in which one of two nurses has to be there early on Monday, and two are wanted."""
    said: dict[str, Any] = {
        "name": "ward",
        "weeks": 1,
        "skills": ("head", "nurse"),
        "shifts": SHIFTS,
        "forbidden": frozenset({("late", "early"), ("night", "early"), ("night", "late")}),
        "contracts": (contract(),),
        "nurses": (Nurse("Ann", "full", ("head", "nurse")), Nurse("Ben", "full", ("nurse",))),
        "needs": (Need(0, "early", "nurse", 1, 2),),
        "wishes": (),
    }
    return Problem(**said | changes)


def works(nurse: str, *shifts: str, first: int = 0, skill: str = "nurse") -> list[Assignment]:
    """Somebody works some shifts on days in a row; those named ``-`` are off."""
    return [
        Assignment(nurse, day, shift, skill) for day, shift in enumerate(shifts, start=first) if shift != "-"
    ]


def roster(*of_nurses: list[Assignment]) -> Solution:
    return Solution(tuple(one for assignments in of_nurses for one in assignments))


def draw_problem(seed: int, n_nurses: int = 6, weeks: int = 2) -> Problem:
    """A team drawn by chance, with a past, that can cover what is needed at least."""
    drawn = random.Random(seed)
    skills = ("head", "nurse", "trainee")
    shifts = tuple(
        ShiftType(one.id, least := drawn.randint(1, 3), least + drawn.randint(0, 3)) for one in SHIFTS
    )
    contracts = tuple(
        contract(
            id=name,
            least_shifts=drawn.randint(2, 6),
            most_shifts=drawn.randint(6, 12),
            least_days=drawn.randint(1, 3),
            most_days=drawn.randint(3, 5),
            least_off=drawn.randint(1, 3),
            most_off=drawn.randint(3, 5),
            most_weekends=drawn.randint(0, 2),
            has_whole_weekends=drawn.random() < 0.5,
        )
        for name in ("full", "half")
    )

    def draw_history() -> History:
        days = drawn.randint(0, 6)
        if not days:
            return History(drawn.randint(0, 9), drawn.randint(0, 1), None, 0, 0, drawn.randint(0, 6))
        shift = drawn.choice(shifts).id
        return History(drawn.randint(0, 9), drawn.randint(0, 1), shift, drawn.randint(1, days), days, 0)

    nurses = tuple(
        Nurse(
            f"n{row}",
            drawn.choice(contracts).id,
            (*drawn.sample(("head", "trainee"), drawn.randint(0, 2)), "nurse"),
            draw_history(),
        )
        for row in range(n_nurses)
    )
    needs = tuple(
        Need(day, shift.id, skill, int(skill == "nurse" and shift.id == "night"), drawn.randint(1, 2))
        for day in range(weeks * 7)
        for shift in shifts
        for skill in skills
        if skill == "nurse" or drawn.random() < 0.3
    )
    wishes = tuple(
        Wish(nurse.id, drawn.randrange(weeks * 7), drawn.choice((None, *(one.id for one in shifts))))
        for nurse in nurses
        for _ in range(2)
    )
    forbidden = make_problem().forbidden
    return Problem("drawn", weeks, skills, shifts, forbidden, contracts, nurses, needs, wishes)


def draw_roster(problem: Problem, seed: int) -> Solution:
    """A roster drawn by chance, that may break any rule but those of days and skills."""
    drawn = random.Random(seed)
    made = []
    for nurse in problem.nurses:
        shift = None
        for day in range(problem.days):
            if drawn.random() < 0.4:
                shift = drawn.choice((None, *(one.id for one in problem.shifts)))
            if shift is not None:
                made.append(Assignment(nurse.id, day, shift, drawn.choice(nurse.skills)))
    return Solution(tuple(made))
