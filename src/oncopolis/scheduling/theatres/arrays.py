"""From a problem to the arrays of the search, and from those to a solution."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from oncopolis.scheduling.theatres.domains import compute_open_days
from oncopolis.scheduling.theatres.kernels.annealing import admit, settle
from oncopolis.scheduling.theatres.kernels.forcing import MOST
from oncopolis.scheduling.theatres.kernels.tables import OUT, State, Tables
from oncopolis.scheduling.theatres.problem import Problem
from oncopolis.scheduling.theatres.solution import Admission, Solution
from oncopolis.scheduling.theatres.terms import NOTHING, Terms
from oncopolis.scheduling.theatres.urgency import compute_fee, compute_price_out

NO_PRICES: Mapping[int, int] = MappingProxyType({})

_N_LOGS = 4096  # structure: steps of the table of logarithms
_UNDONE = 4  # structure: stays whose nurses one move chooses anew
_WORST = 1 << 60  # structure: worse than anything
_N_COUNTS = 8  # structure: a line of the processor's cache


def make_tables(problem: Problem, terms: Terms = NOTHING, prices: Mapping[int, int] = NO_PRICES) -> Tables:
    """Return what the search does not change.

    Parameters
    ----------
    prices
        Of a unit of each clinical class, as `compute_prices` has them; empty to look at costs alone.
    """
    people = [*(one.care for one in problem.patients), *(one.care for one in problem.occupants)]
    genders = {gender: place for place, gender in enumerate(sorted({care.gender for care in people}))}
    ages = {group: place for place, group in enumerate(problem.age_groups)}
    per_day = len(problem.shifts)
    sizes = (
        per_day, problem.days, problem.n_shifts, len(problem.patients), len(problem.rooms),
        len(problem.theatres), terms.first_day * per_day,
    )  # fmt: skip
    weights = problem.weights
    arrays = dict(
        sizes=np.array(sizes, np.int64),
        weights=np.array(
            [
                weights.room_mixed_age, weights.room_nurse_skill, weights.continuity_of_care,
                weights.nurse_excessive_workload, weights.open_operating_theatre, weights.surgeon_transfer,
            ],
            np.int64,
        ),
        stay=np.array([min(care.stay_days, problem.days) for care in people], np.int32),
        gender=np.array([genders[care.gender] for care in people], np.int32),
        alone=np.array([care.is_alone for care in people], np.int32),
        intensive=np.array([care.intensive_days for care in people], np.int32),
        intensive_beds=np.array(problem.intensive_beds or (len(people),) * problem.days, np.int32),
        age=np.array([ages[care.age_group] for care in people], np.int32),
        surgeon_most=np.array([one.most_min for one in problem.surgeons], np.int32),
        open_min=np.array([one.list_min for one in problem.theatres], np.int32),
        beds=np.array([room.n_beds for room in problem.rooms], np.int32),
        **_list_care(problem),
        **_list_patients(problem, terms, prices),
        **_list_nurses(problem),
    )  # fmt: skip
    return Tables(arrays)


def _list_care(problem: Problem) -> dict[str, Any]:
    people = [*(one.care for one in problem.patients), *(one.care for one in problem.occupants)]
    longest = max((min(care.stay_days, problem.days) for care in people), default=1) * len(problem.shifts)
    work = np.zeros((len(people), longest), np.int32)
    need = np.zeros((len(people), longest), np.int32)
    for row, care in enumerate(people):
        n = min(len(care.workload), longest)
        work[row, :n], need[row, :n] = care.workload[:n], care.skill[:n]
    return {"work": work, "need": need}


def _list_patients(problem: Problem, terms: Terms, prices: Mapping[int, int]) -> dict[str, Any]:
    n, n_rooms = len(problem.patients), len(problem.rooms)
    rooms = {room.id: place for place, room in enumerate(problem.rooms)}
    surgeons = {surgeon.id: place for place, surgeon in enumerate(problem.surgeons)}
    may = np.ones((n, n_rooms), np.int32)
    for row, patient in enumerate(problem.patients):
        may[row, [rooms[closed] for closed in patient.closed_rooms]] = 0
    is_open = compute_open_days(problem)
    fee = np.full((n, problem.days), -1, np.int64)
    price = np.zeros(n, np.int64)
    fixed = np.zeros(n + len(problem.occupants), np.int32)
    fixed[n:] = 1
    mandatory = np.zeros(n, np.int32)
    for row, patient in enumerate(problem.patients):
        delay = problem.weights.patient_delay * (np.arange(problem.days) - patient.release_day)
        unwanted = problem.surgeons[surgeons[patient.surgeon]].unwanted_days
        delay[sorted(unwanted)] += problem.weights.surgeon_preference
        beside = [terms.fees.get((patient.id, day), 0) for day in range(problem.days)] if terms.fees else 0
        can = is_open[row] & (np.arange(problem.days) >= terms.first_day)
        past = [compute_fee(prices, patient, day) for day in range(problem.days)] if prices else 0
        fee[row] = np.where(can, delay + beside + past, -1)
        mandatory[row] = patient.is_mandatory or patient.id in terms.forced
        if not mandatory[row]:
            price[row] = problem.weights.unscheduled_optional + terms.prices.get(patient.id, 0)
            price[row] += compute_price_out(prices, patient)
        if (kept := terms.kept.get(patient.id)) is not None:
            fixed[row] = 1
            fee[row, kept.day] = max(0, delay[kept.day])
    n_days_of, days_of = _pack_rows(fee >= 0)
    n_rooms_of, rooms_of = _pack_rows(may > 0)
    can_move = (fixed[:n] == 0) & (n_days_of > 0) & (n_rooms_of > 0)
    surgeon = np.array([surgeons[one.surgeon] for one in problem.patients], np.int32)
    movable = np.flatnonzero(can_move).astype(np.int32)
    peers = movable[np.argsort(surgeon[movable], kind="stable")]
    first_peer = np.searchsorted(surgeon[peers], np.arange(len(problem.surgeons) + 1))
    return {
        "surgery": np.array([one.surgery_min for one in problem.patients], np.int32),
        "mandatory": mandatory, "days_of": days_of, "n_days_of": n_days_of, "rooms_of": rooms_of,
        "n_rooms_of": n_rooms_of, "may": may, "fee": fee, "price": price, "fixed": fixed,
        "movable": movable, "peers": peers, "first_peer": first_peer.astype(np.int32), "surgeon": surgeon,
    }  # fmt: skip


def _pack_rows(holds: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """How many columns of each row hold, and which, filled up with -1."""
    n = holds.sum(axis=1).astype(np.int32)
    order = np.argsort(~holds, axis=1, kind="stable").astype(np.int32)
    order[np.arange(holds.shape[1]) >= n[:, None]] = -1
    return n, np.ascontiguousarray(order)


def _list_nurses(problem: Problem) -> dict[str, Any]:
    per_day = len(problem.shifts)
    most = np.full((problem.n_shifts, len(problem.nurses)), -1, np.int32)
    for column, nurse in enumerate(problem.nurses):
        for duty in nurse.duties:
            most[duty.day * per_day + duty.shift, column] = duty.most_load
    n_on_duty, on_duty = _pack_rows(most >= 0)
    skill = np.array([nurse.skill for nurse in problem.nurses], np.int32)
    return {"skill": skill, "most": most, "on_duty": on_duty, "n_on_duty": n_on_duty}


def make_state(
    problem: Problem, tables: Tables, seed: int, start: Solution | None = None, terms: Terms = NOTHING
) -> State:
    """Return the state of a solution, without those whom it puts where they cannot be.

    Without one nobody but the occupants and those who are kept is there. A room and shift that it gives no
    nurse on duty gets one in turn.
    """
    n_patients, n_people = len(problem.patients), len(tables.stay)
    n_rooms, days, n_shifts = len(problem.rooms), problem.days, problem.n_shifts
    n_nurses, n_theatres, n_surgeons = len(problem.nurses), len(problem.theatres), len(problem.surgeons)
    n_beds = int(max(tables.beds.max(initial=1), len(problem.occupants)))
    generator = np.random.default_rng(seed)
    nurse = _list_first_nurses(problem, tables, start)
    arrays = dict(
        day=np.full(n_people, OUT, np.int32),
        room=np.full(n_people, OUT, np.int32),
        theatre=np.full(n_patients, OUT, np.int32),
        lying=np.zeros((n_rooms, days, n_beds), np.int32),
        n_lying=np.zeros((n_rooms, days), np.int32),
        nurse=nurse,
        in_intensive=np.zeros(days, np.int32),
        load=np.zeros((n_shifts, n_nurses), np.int32),
        shifts_with=np.zeros((n_people, n_nurses), np.int32),
        surgeon_min=np.zeros((n_surgeons, days), np.int32),
        theatre_min=np.zeros((n_theatres, days), np.int32),
        n_in_theatre=np.zeros((n_theatres, days), np.int32),
        of_surgeon=np.zeros((n_surgeons, days, n_theatres), np.int32),
        n_theatres=np.zeros((n_surgeons, days), np.int32),
        random=generator.integers(1, np.iinfo(np.int64).max, 1).astype(np.uint64),
        logs=-np.log((np.arange(_N_LOGS) + 0.5) / _N_LOGS),  # structure: middles of the steps
        undo=np.zeros(n_shifts, np.int32),
        **{
            name: np.zeros(_UNDONE * n_shifts, np.int32) for name in ("undo_room", "undo_shift", "undo_nurse")
        },
        **{name: np.zeros(MOST, np.int32) for name in ("out_who", "out_day", "out_room", "out_theatre")},
        counts=np.zeros(_N_COUNTS, np.int64),
        best_counts=np.full(_N_COUNTS, _WORST, np.int64),
        best_day=np.full(n_people, OUT, np.int32),
        best_room=np.full(n_people, OUT, np.int32),
        best_theatre=np.full(n_patients, OUT, np.int32),
        best_nurse=nurse.copy(),
    )
    state = State(arrays)
    rooms = {room.id: place for place, room in enumerate(problem.rooms)}
    settle(tables, state, np.array([rooms[one.room] for one in problem.occupants], np.int64))
    _put_in(problem, tables, state, terms.kept)
    if start is not None:
        others = {id_: one for id_, one in start.admissions.items() if id_ not in terms.kept}
        _put_in(problem, tables, state, others)
    return state


def _list_first_nurses(problem: Problem, tables: Tables, start: Solution | None) -> np.ndarray[Any, Any]:
    n_rooms = len(problem.rooms)
    nurse = np.zeros((n_rooms, problem.n_shifts), np.int32)
    for shift in range(problem.n_shifts):
        n = tables.n_on_duty[shift]
        if n:
            nurse[:, shift] = tables.on_duty[shift, np.arange(n_rooms) % n]
    if start is not None:
        places = {one.id: place for place, one in enumerate(problem.nurses)}
        rooms = {room.id: place for place, room in enumerate(problem.rooms)}
        for (room, day, shift), id_ in start.nurses.items():
            at = day * len(problem.shifts) + shift
            if tables.most[at, places[id_]] >= 0:
                nurse[rooms[room], at] = places[id_]
    return nurse


def _put_in(problem: Problem, tables: Tables, state: State, admissions: Any) -> None:
    patients = {one.id: place for place, one in enumerate(problem.patients)}
    rooms = {one.id: place for place, one in enumerate(problem.rooms)}
    theatres = {one.id: place for place, one in enumerate(problem.theatres)}
    rows = [
        (patients[id_], one.day, rooms[one.room], theatres[one.theatre])
        for id_, one in sorted(admissions.items())
    ]
    admit(tables, state, np.array(rows, np.int64).reshape(-1, 4))  # structure: as the kernel has it


def to_solution(problem: Problem, tables: Tables, state: State) -> Solution:
    """Return the best state as a solution."""
    admissions = {
        patient.id: Admission(
            int(state.best_day[row]),
            problem.rooms[state.best_room[row]].id,
            problem.theatres[state.best_theatre[row]].id,
        )
        for row, patient in enumerate(problem.patients)
        if state.best_day[row] >= 0
    }
    per_day = len(problem.shifts)
    nurses = {
        (room.id, shift // per_day, shift % per_day): problem.nurses[state.best_nurse[row, shift]].id
        for shift in range(problem.n_shifts)
        if tables.n_on_duty[shift]
        for row, room in enumerate(problem.rooms)
    }
    return Solution(admissions, nurses)
