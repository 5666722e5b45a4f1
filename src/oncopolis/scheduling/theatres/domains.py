"""On which days a patient can be admitted at all, whatever becomes of the others."""

from typing import Any

import numpy as np

from oncopolis.scheduling.theatres.problem import Patient, Problem

Flags = np.ndarray[Any, np.dtype[np.bool_]]


def compute_open_days(problem: Problem) -> Flags:
    """Return (P, D): within the window, with time of surgeon and theatre, beds and nurses for all of it."""
    surgeons = {one.id: np.array(one.most_min) for one in problem.surgeons}
    longest = np.array([one.list_min for one in problem.theatres]).max(axis=0)
    places = {room.id: place for place, room in enumerate(problem.rooms)}
    free: dict[tuple[str, bool, int], Flags] = {}
    is_open = np.zeros((len(problem.patients), problem.days), bool)
    days = np.arange(problem.days)
    for row, patient in enumerate(problem.patients):
        kind = (patient.care.gender, patient.care.is_alone, min(patient.care.stay_days, problem.days))
        if kind not in free:
            free[kind] = _compute_free(problem, *kind)
        rooms = np.ones(len(problem.rooms), bool)
        rooms[[places[room] for room in patient.closed_rooms]] = False
        is_open[row] = (
            is_in_window(problem, patient, days)
            & (surgeons[patient.surgeon] >= patient.surgery_min)
            & (longest >= patient.surgery_min)
            & free[kind][rooms].any(axis=0)
            & compute_open_intensive(problem, patient.care.intensive_days)
        )
    return is_open


def compute_open_intensive(problem: Problem, n_days: int) -> Flags:
    """Return (D,): whether the occupants leave a bed of intensive care from a day on for so many days."""
    free = compute_free_intensive(problem) > 0
    first = np.ones(problem.days, bool)
    for later in range(min(n_days, problem.days)):
        first[: problem.days - later] &= free[later:]
    return first


def compute_free_intensive(problem: Problem) -> np.ndarray[Any, Any]:
    """Return (D,): beds of intensive care that the occupants leave; one for everybody without a limit."""
    people = len(problem.patients) + len(problem.occupants)
    beds = np.array(problem.intensive_beds or (people,) * problem.days)
    for occupant in problem.occupants:
        beds[: occupant.care.intensive_days] -= 1
    return beds


def is_in_window(problem: Problem, patient: Patient, days: np.ndarray[Any, Any]) -> Flags:
    """Whether each of some days is between release and due day, and one that a link allows."""
    last = problem.days - 1 if patient.due_day is None else patient.due_day
    within = (days >= patient.release_day) & (days <= last)
    if patient.link is not None:
        within &= np.isin(days, sorted(patient.link.days))
    return np.asarray(within)


def _compute_free(problem: Problem, gender: str, is_alone: bool, stay: int) -> Flags:
    """Return (R, D): whether the occupants leave a bed to somebody of a gender who comes on a day."""
    day_by_day = compute_free_beds(problem, gender, is_alone=is_alone) > 0
    day_by_day &= compute_covered(problem)
    free = np.ones_like(day_by_day)
    for later in range(stay):
        free[:, : problem.days - later] &= day_by_day[:, later:]
    return free


def compute_free_beds(problem: Problem, gender: str, *, is_alone: bool = False) -> np.ndarray[Any, Any]:
    """Return (R, D): beds that the occupants leave to a gender, or to somebody who has to lie alone."""
    beds = np.repeat([[room.n_beds] for room in problem.rooms], problem.days, axis=1)
    places = {room.id: place for place, room in enumerate(problem.rooms)}
    for occupant in problem.occupants:
        row, end = places[occupant.room], occupant.care.stay_days
        shares = occupant.care.gender == gender and not is_alone and not occupant.care.is_alone
        beds[row, :end] = beds[row, :end] - 1 if shares else 0
    return np.asarray(np.maximum(beds, 0))


def compute_covered(problem: Problem) -> Flags:
    """Return (D,): whether every shift of a day has a nurse on duty."""
    covered = np.zeros((problem.days, len(problem.shifts)), bool)
    for nurse in problem.nurses:
        for duty in nurse.duties:
            covered[duty.day, duty.shift] = True
    return np.asarray(covered.all(axis=1))
