"""Small day clinics for tests."""

import random
from typing import Any

from oncopolis.scheduling.chairs import Patient, Problem, Session, Solution, Visit


def session(**changes: Any) -> Session:
    said: dict[str, Any] = {
        "rest_days": 0, "has_consultation": True, "sector": "A", "may_mix_ahead": False, "mixing_slots": 2,
        "monitoring_slots": 2,
    }  # fmt: skip
    return Session(**said | changes)


def make_problem(**changes: Any) -> Problem:
    """Two days of eight slots; p0 comes twice, p1 once, with a drug that may be mixed ahead."""
    said: dict[str, Any] = {
        "days": 3,
        "slots": 8,
        "n_seats": 2,
        "patients_per_nurse": 2,
        "consultation_slots": 1,
        "installation_slots": 1,
        "doctors": {"A": ((1,) * 8,) * 4},
        "nurses": ((0,) * 8, *((2,) * 8,) * 3),
        "pharmacy": ((1,) * 8, *((1, 1, 1, 1, 1, 1, 0, 0),) * 3),
        "patients": (
            Patient("p0", (session(), session(rest_days=2))),
            Patient("p1", (session(has_consultation=False, may_mix_ahead=True),)),
        ),
    }
    return Problem(**said | changes)


def make_solution() -> Solution:
    """A plan of `make_problem` that keeps every rule."""
    twice = (Visit(1, 0, 1, 1, 1, 3), Visit(3, 0, 3, 1, 1, 3))
    return Solution({"p0": twice, "p1": (Visit(1, None, 0, 0, 0, 1),)})


def draw_problem(seed: int, n_patients: int = 8, days: int = 8) -> Problem:
    """A clinic drawn by chance, with room enough for everybody."""
    drawn = random.Random(seed)
    slots = 12

    def calendar(least: int, most: int) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(drawn.randint(least, most) for _ in range(slots)) for _ in range(days + 1))

    patients = tuple(
        Patient(
            f"p{row}",
            tuple(
                session(
                    rest_days=drawn.randint(1, 2) if nth else 0,
                    has_consultation=drawn.random() < 0.5,
                    sector=drawn.choice("AB"),
                    may_mix_ahead=drawn.random() < 0.5,
                    mixing_slots=drawn.randint(0, 2),
                    monitoring_slots=drawn.randint(0, 3),
                )
                for nth in range(drawn.randint(1, 3))
            ),
        )
        for row in range(n_patients)
    )
    pharmacy = tuple((1,) * (slots - 2) + (0, 0) for _ in range(days + 1))
    doctors = {"A": calendar(1, 2), "B": calendar(1, 2)}
    return Problem(days, slots, 3, 2, 1, 1, doctors, calendar(1, 2), pharmacy, patients)
