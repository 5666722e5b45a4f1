"""From a problem to the arrays of the search, and from those to a solution."""

import numpy as np
from numpy.typing import NDArray

from oncopolis.scheduling.chairs.kernels.rebuilding import fill
from oncopolis.scheduling.chairs.kernels.tables import OUT, State, Tables
from oncopolis.scheduling.chairs.problem import Problem, Session
from oncopolis.scheduling.chairs.solution import Solution, Visit

_N_LOGS = 4096  # structure: steps of the table of logarithms


def compute_ready(problem: Problem, session: Session) -> NDArray[np.int32]:
    """Return (days + 1, slots + 1): when the drug is there, by the slot in which the consultation ends.

    It is `slots` + 1 where it cannot be there that day. A drug that may be mixed ahead does not depend on the
    consultation, and is there at once if it can be mixed the day before.
    """
    length, slots = session.mixing_slots, problem.slots
    never = slots + 1
    ready = np.full((problem.days + 1, slots + 1), never, np.int32)
    before = False
    for day, hours in enumerate(problem.pharmacy):
        open_from = [all(hours[slot : slot + length]) and slot + length <= slots for slot in range(slots + 1)]
        earliest = never
        for slot in range(slots, -1, -1):
            if open_from[slot]:
                earliest = slot + length
            ready[day, slot] = earliest
        can_be_mixed = earliest != never
        if session.may_mix_ahead:
            ready[day, :] = 0 if before else earliest
        before = can_be_mixed
    return ready


def find_mixing(problem: Problem, session: Session, day: int, consulted: int) -> tuple[int, int]:
    """Return the day and slot at which the mixing of a drug begins that is there as early as may be."""
    length = session.mixing_slots
    days = [(day - 1, 0), (day, 0)] if session.may_mix_ahead else [(day, consulted)]
    for mixing_day, first in days:
        for slot in range(first, problem.slots - length + 1):
            if all(problem.pharmacy[mixing_day][slot : slot + length]):
                return mixing_day, slot
    raise AssertionError("a session stands where its drug cannot be mixed")


def make_tables(problem: Problem) -> Tables:
    """Return what the search does not change."""
    sessions = [session for patient in problem.patients for session in patient.sessions]
    ways: dict[tuple[bool, int], int] = {}
    ready: list[NDArray[np.int32]] = []
    for session in sessions:
        way = (session.may_mix_ahead, session.mixing_slots)
        if way not in ways:
            ways[way] = len(ready)
            ready.append(compute_ready(problem, session))
    sectors = {sector: place for place, sector in enumerate(problem.doctors)}
    firsts = [patient.find_first_days(problem.days) for patient in problem.patients]
    sizes = (
        problem.days, problem.slots, len(problem.patients), problem.patients_per_nurse,
        problem.consultation_slots, problem.installation_slots,
    )  # fmt: skip
    return Tables(
        {
            "sizes": np.array(sizes, np.int64),
            "first_of": np.cumsum([0, *(len(one.sessions) for one in problem.patients)]).astype(np.int32),
            "release": np.array([days.start for days in firsts], np.int32),
            "last": np.array([days.stop - 1 for days in firsts], np.int32),
            "may_begin": np.array(
                [[one.may_begin(day) for day in range(problem.days + 1)] for one in problem.patients], np.int8
            ).reshape(-1, problem.days + 1),
            "offset": np.array([off for one in problem.patients for off in one.list_offsets()], np.int32),
            "sector": np.array([sectors[one.sector] for one in sessions], np.int32),
            "consulted": np.array([one.has_consultation for one in sessions], np.int32),
            "monitoring": np.array([one.monitoring_slots for one in sessions], np.int32),
            "mixing": np.array([ways[one.may_mix_ahead, one.mixing_slots] for one in sessions], np.int32),
            "ready": np.array(ready, np.int32).reshape(-1, problem.days + 1, problem.slots + 1),
        }
    )


def make_state(problem: Problem, tables: Tables, seed: int, penalty: int, start: Solution | None) -> State:
    """Return the state of a solution, to which everybody is added who is not in it and fits."""
    n_patients, n_sessions = len(problem.patients), problem.n_sessions
    visits = [
        visit
        for patient in problem.patients
        for visit in (start.visits[patient.id] if start else [None] * len(patient.sessions))
    ]
    consultation, installation, monitoring = (
        np.array([getattr(visit, name, None) or 0 for visit in visits], np.int32)
        for name in ("consultation", "installation", "monitoring")
    )
    day = np.array([start.visits[one.id][0].day if start else OUT for one in problem.patients], np.int32)
    generator = np.random.default_rng(seed)
    doctors = np.array([problem.doctors[sector] for sector in problem.doctors], np.int32)
    state = State(
        {
            "nurses": np.array(problem.nurses, np.int32) * problem.patients_per_nurse,
            "seats": np.array(
                [[problem.count_seats(day)] * problem.slots for day in range(problem.days + 1)], np.int32
            ),
            "doctors": np.ascontiguousarray(doctors.reshape(-1, problem.days + 1, problem.slots)),
            "day": day,
            "consultation": consultation,
            "installation": installation,
            "monitoring": monitoring,
            **{f"old_{name}": np.zeros(n_sessions, np.int32) for name in _SLOTS},
            "old_day": np.zeros(n_patients, np.int32),
            **{f"best_{name}": np.zeros(n_sessions, np.int32) for name in _SLOTS},
            "best_day": np.full(n_patients, OUT, np.int32),
            "taken": np.zeros(n_patients, np.int32),
            "keys": np.zeros(n_patients, np.int32),
            "found": np.zeros((n_sessions, len(_SLOTS)), np.int32),
            "chosen": np.zeros((n_sessions, len(_SLOTS)), np.int32),
            "random": generator.integers(1, 2**63, 1).astype(  # structure: bits of the state
                np.uint64
            ),
            "logs": -np.log((np.arange(_N_LOGS) + 0.5) / _N_LOGS),  # structure: middles of the steps
            "counts": np.zeros(4, np.int64),  # structure: as `State.counts` has it
            "best_counts": np.zeros(4, np.int64),  # structure: as `State.counts` has it
        }
    )
    fill(tables, state, penalty)
    return state


_SLOTS = ("consultation", "installation", "monitoring")


def to_solution(problem: Problem, state: State) -> Solution:
    """Return the best state as a solution; those who are out are not in it."""
    visits: dict[str, tuple[Visit, ...]] = {}
    place = 0
    for row, patient in enumerate(problem.patients):
        made = []
        for session, offset in zip(patient.sessions, patient.list_offsets(), strict=True):
            day = int(state.best_day[row]) + offset
            start, installation, monitoring = (int(getattr(state, f"best_{name}")[place]) for name in _SLOTS)
            place += 1
            if state.best_day[row] == OUT:
                continue
            made.append(
                to_visit(
                    problem,
                    session,
                    day,
                    start if session.has_consultation else None,
                    installation,
                    monitoring,
                )
            )
        if made:
            visits[patient.id] = tuple(made)
    return Solution(visits)


def to_visit(
    problem: Problem, session: Session, day: int, start: int | None, installation: int, monitoring: int
) -> Visit:
    """Return a session at its times, with its drug mixed as early as may be."""
    consulted = 0 if start is None else start + problem.consultation_slots
    mixing_day, mixing = find_mixing(problem, session, day, consulted)
    return Visit(day, start, mixing_day, mixing, installation, monitoring)
