"""What sessions have in common: how they go in an empty clinic, on which days a cycle may begin."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from oncopolis.scheduling.chairs.arrays import compute_ready
from oncopolis.scheduling.chairs.problem import Patient, Problem, Session

Way = tuple[bool, str, bool, int, int]
"""What a session asks of its day: consultation, sector, whether mixed ahead, mixing and monitoring slots."""

Ends = Mapping[Way, list[int | None]]
"""Way -> (days + 1): the earliest end of a session in an empty clinic, None where it fits in no way."""


def find_way(session: Session) -> Way:
    """Return what a session has in common with those that are alike."""
    return (
        session.has_consultation,
        session.sector if session.has_consultation else "",
        session.may_mix_ahead,
        session.mixing_slots,
        session.monitoring_slots,
    )


def compute_ends(problem: Problem) -> dict[Way, list[int | None]]:
    """Return the earliest ends of all sessions in an empty clinic."""
    ends: dict[Way, list[int | None]] = {}
    for patient in problem.patients:
        for session in patient.sessions:
            way = find_way(session)
            if way not in ends:
                ready = compute_ready(problem, session)
                days = range(1, problem.days + 1)
                ends[way] = [None, *(_find_end(problem, ready[day], way, day) for day in days)]
    return ends


def _find_end(problem: Problem, ready: NDArray[np.int32], way: Way, day: int) -> int | None:
    has_consultation, sector, _, _, length = way
    slots, consulting = problem.slots, problem.consultation_slots if has_consultation else 0
    start = 0
    if has_consultation:
        doctors = problem.doctors[sector][day]
        while start + consulting <= slots and not all(doctors[start : start + consulting]):
            start += 1
    if start + consulting > slots or problem.count_seats(day) < 1:
        return None
    nurses, installing = problem.nurses[day], problem.installation_slots
    earliest = max(start + consulting + installing, int(ready[start + consulting]))
    for monitoring in range(earliest, slots - length + 1):
        if all(nurses[monitoring : monitoring + length]) and any(
            all(nurses[slot : slot + installing])
            for slot in range(start + consulting, monitoring - installing + 1)
        ):
            return monitoring + length
    return None


def list_starts(problem: Problem, patient: Patient, ends: Ends) -> dict[int, int]:
    """Return first day -> least cost of a cycle, for the days from which it fits into an empty clinic."""
    starts: dict[int, int] = {}
    offsets = patient.list_offsets()
    for first in patient.find_first_days(problem.days):
        if not patient.may_begin(first):
            continue
        cost = 0
        for session, offset in zip(patient.sessions, offsets, strict=True):
            end = ends[find_way(session)][first + offset]
            if end is None:
                break
            cost += (first + offset - 1) * problem.slots + end
        else:
            starts[first] = cost
    return starts
