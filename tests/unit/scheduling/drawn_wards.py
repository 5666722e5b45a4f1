"""Problems of theatres and wards drawn at random, of any size."""

import numpy as np

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

SHIFTS = ("early", "late", "night")
AGES = ("child", "adult", "elderly")


def draw_problem(
    seed: int,
    *,
    n_patients: int = 12,
    days: int = 7,
    n_rooms: int = 3,
    n_nurses: int = 12,
    n_theatres: int = 2,
    n_surgeons: int = 2,
    longest_stay: int = 4,
    theatre_min: int = 480,
    share_mandatory: float = 0.3,
    scale: int = 1,
) -> Problem:
    """A problem in which every shift has a nurse, and whoever has to come has a week to do so."""
    rng = np.random.default_rng(seed)

    def draw_care() -> Care:
        stay = int(rng.integers(1, longest_stay + 1))
        n = stay * len(SHIFTS)
        loads, skills = tuple(map(int, rng.integers(1, 4, n))), tuple(map(int, rng.integers(0, 3, n)))
        return Care(str(rng.choice(["A", "B"])), str(rng.choice(AGES)), stay, loads, skills)

    def draw_patient(row: int) -> Patient:
        release = int(rng.integers(0, days))
        due = min(days - 1, release + 6) if rng.random() < share_mandatory else None
        is_choosy = n_rooms > 1 and rng.random() < 0.2
        closed = frozenset({f"r{rng.integers(n_rooms)}"}) if is_choosy else frozenset()
        minutes, surgeon = int(rng.integers(2, 9)) * 30, f"s{rng.integers(n_surgeons)}"
        return Patient(f"p{row}", draw_care(), release, due, minutes, surgeon, closed)

    def draw_nurse(row: int) -> Nurse:
        shifts = [row % 3 if row < 3 else int(rng.integers(-1, 3)) for _ in range(days)]
        duties = tuple(
            Duty(day, shift, int(rng.integers(5, 15))) for day, shift in enumerate(shifts) if shift >= 0
        )
        return Nurse(f"n{row}", int(rng.integers(0, 3)), duties)

    weights = Weights(5, 1, 5, 1, 30, 5, 10, 350)
    return Problem(
        days=days, shifts=SHIFTS, age_groups=AGES, n_skills=3,
        weights=Weights(*(scale * getattr(weights, name) for name in Weights.__slots__)),
        patients=tuple(draw_patient(row) for row in range(n_patients)),
        occupants=(Occupant("o0", Care("A", "adult", 2, (1,) * 6, (1,) * 6), "r0"),),
        surgeons=tuple(Surgeon(f"s{row}", (360,) * days) for row in range(n_surgeons)),
        theatres=tuple(Theatre(f"t{row}", (theatre_min,) * days) for row in range(n_theatres)),
        rooms=tuple(Room(f"r{row}", 2 + row % 2) for row in range(n_rooms)),
        nurses=tuple(draw_nurse(row) for row in range(max(3, n_nurses))),
    )  # fmt: skip
