"""From a problem to the arrays of the search, and from those to a solution."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.scheduling.rosters.kernels.annealing import settle
from oncopolis.scheduling.rosters.kernels.pricing import Pricing
from oncopolis.scheduling.rosters.kernels.tables import (
    DAYS,
    LAST,
    N_DAYS,
    NURSES,
    OFF,
    SHIFTS,
    SITUATIONS,
    SKILLS,
    State,
    Tables,
)
from oncopolis.scheduling.rosters.problem import WEEK, Contract, Problem
from oncopolis.scheduling.rosters.situations import Steps, make_steps
from oncopolis.scheduling.rosters.solution import Assignment, Solution

Days = np.ndarray[Any, np.dtype[np.int32]]
"""(N, D) shift, or skill, of each nurse and day."""

_N_LOGS = 4096  # structure: steps of the table of logarithms


def make_tables(problem: Problem) -> Tables:
    """Return what the search does not change."""
    shifts = {shift.id: place for place, shift in enumerate(problem.shifts, start=1)}
    skills = {skill: place for place, skill in enumerate(problem.skills)}
    nurses = {nurse.id: place for place, nurse in enumerate(problem.nurses)}
    contracts = {contract.id: contract for contract in problem.contracts}
    n_nurses, n_shifts, n_skills, days = len(nurses), len(shifts) + 1, len(skills), problem.days
    kinds = {contract.id: place for place, contract in enumerate(problem.contracts)}
    forbidden = np.zeros((len(kinds), n_shifts, n_shifts), np.int32)
    for before, after in problem.forbidden:
        forbidden[:, shifts[before], shifts[after]] = 1
    for contract in problem.contracts:
        for before, after in _list_too_close(problem, contract):
            forbidden[kinds[contract.id], shifts[before], shifts[after]] = 1
    steps = [make_steps(problem, contract) for contract in problem.contracts]
    n_situations = max(len(one.follows) for one in steps)
    least, wanted = (np.zeros((days, n_shifts, n_skills), np.int32) for _ in range(2))
    for need in problem.needs:
        least[need.day, shifts[need.shift], skills[need.skill]] = need.least
        wanted[need.day, shifts[need.shift], skills[need.skill]] = need.wanted
    wish = np.zeros((n_nurses, days, n_shifts), np.int32)
    for one in problem.wishes:
        asked = slice(1, None) if one.shift is None else shifts[one.shift]
        wish[nurses[one.nurse], one.day, asked] += problem.weights.wish
    rules, past = [], []
    skills_of = np.full((n_nurses, n_skills), -1, np.int32)
    n_skills_of = np.array([len(nurse.skills) for nurse in problem.nurses], np.int32)
    for row, nurse in enumerate(problem.nurses):
        skills_of[row, : n_skills_of[row]] = [skills[skill] for skill in nurse.skills]
        his, of = nurse.history, contracts[nurse.contract]
        rules.append((of.least_shifts, of.most_shifts, of.most_weekends, of.has_whole_weekends))
        last = OFF if his.last_shift is None else shifts[his.last_shift]
        past.append((last, his.n_days, his.n_shifts, his.n_weekends))
    weights = problem.weights
    return Tables(
        {
            "sizes": np.array((days, n_nurses, n_shifts, n_skills, WEEK, n_situations), np.int64),
            "weights": np.array(
                (weights.cover, weights.same_shift, weights.work_run, weights.off_run, weights.wish,
                 weights.half_weekend, weights.total_shifts, weights.total_weekends),
                np.int64,
            ),
            "forbidden": forbidden,
            **_lay_out_steps(steps, n_shifts),
            "begin": np.array(
                [steps[kinds[nurse.contract]].begin[nurse.history] for nurse in problem.nurses], np.int32
            ),
            "contract": np.array(rules, np.int32),
            "kind": np.array([kinds[nurse.contract] for nurse in problem.nurses], np.int32),
            "length": np.array([0, *(shift.length_min for shift in problem.shifts)], np.int32),
            "most_week": np.array(
                [
                    -1 if (most := contracts[nurse.contract].most_week_min) is None else most
                    for nurse in problem.nurses
                ],
                np.int32,
            ),
            "past": np.array(past, np.int32),
            "least": least,
            "wanted": wanted,
            "wish": wish,
            "may": np.array([[one.may_work(day) for day in range(days)] for one in problem.nurses], np.int32),
            "skills_of": skills_of,
            "n_skills": n_skills_of,
            "has": np.array(
                [[skill in nurse.skills for skill in problem.skills] for nurse in problem.nurses], np.int32
            ),
        }
    )  # fmt: skip


def _lay_out_steps(steps: list[Steps], n_shifts: int) -> dict[str, np.ndarray[Any, Any]]:
    n_situations = max(len(one.follows) for one in steps)
    follows, cost = (np.zeros((len(steps), n_situations, n_shifts), np.int32) for _ in range(2))
    last = np.zeros((len(steps), n_situations), np.int32)
    for kind, one in enumerate(steps):
        if one.follows:
            follows[kind, : len(one.follows)] = one.follows
            cost[kind, : len(one.follows)] = one.cost
            last[kind, : len(one.follows)] = one.last
    return {"follows": follows, "run_cost": cost, "last": last}


def _list_too_close(problem: Problem, contract: Contract) -> Iterator[tuple[str, str]]:
    """Yield the shifts between which, on days in a row, a contract's rest is too short."""
    if contract.least_rest_min is None:
        return
    for before in problem.shifts:
        for after in problem.shifts:
            if before.until_min is not None and after.from_min is not None:
                rest_min = after.from_min + MINUTES_PER_DAY - before.until_min
                if rest_min < contract.least_rest_min:
                    yield before.id, after.id


def make_state(problem: Problem, tables: Tables, seed: int, penalty: int, start: Solution | None) -> State:
    """Return the state of a roster, or that in which everybody is off."""
    days, n_nurses, n_shifts, n_skills = (
        int(tables.sizes[place]) for place in (DAYS, NURSES, SHIFTS, SKILLS)
    )
    shift = np.full((n_nurses, days), OFF, np.int32)
    skill = np.full((n_nurses, days), -1, np.int32)
    if start is not None:
        shifts = {one.id: place for place, one in enumerate(problem.shifts, start=1)}
        skills = {one: place for place, one in enumerate(problem.skills)}
        nurses = {nurse.id: place for place, nurse in enumerate(problem.nurses)}
        for one in start.assignments:
            shift[nurses[one.nurse], one.day] = shifts[one.shift]
            skill[nurses[one.nurse], one.day] = skills[one.skill]
    generator = np.random.default_rng(seed)
    state = State(
        {
            "shift": shift,
            "skill": skill,
            "cover": np.zeros((days, n_shifts, n_skills), np.int32),
            "row": np.zeros(n_nurses, np.int64),
            "free": np.arange(n_nurses, dtype=np.int32),
            "n_free": np.array([n_nurses], np.int64),
            "random": generator.integers(1, 2**63, 1).astype(  # structure: bits of the state
                np.uint64
            ),
            "logs": -np.log((np.arange(_N_LOGS) + 0.5) / _N_LOGS),  # structure: middles of the steps
            "at": np.zeros((n_nurses, days + 1), np.int32),
            "paid": np.zeros((n_nurses, days), np.int32),
            "n_shifts": np.zeros(n_nurses, np.int32),
            "n_weekends": np.zeros(n_nurses, np.int32),
            "try_shift": np.zeros((2, days + 1), np.int32),
            "try_skill": np.zeros((2, days + 1), np.int32),
            "try_at": np.zeros((2, days + 1), np.int32),
            "try_paid": np.zeros((2, days + 1), np.int32),
            "tried": np.zeros((2, 3), np.int32),  # structure: as `State.tried` has it
            "counts": np.zeros(5, np.int64),  # structure: as `State.counts` has it
            "best_counts": np.zeros(5, np.int64),  # structure: as `State.counts` has it
            "best_shift": shift.copy(),
            "best_skill": skill.copy(),
        }
    )
    settle(tables, state, penalty)
    return state


def make_pricing(tables: Tables) -> Pricing:
    """Return what `find_cheapest` works upon."""
    days, n_shifts, n_situations = (int(tables.sizes[place]) for place in (DAYS, SHIFTS, SITUATIONS))
    return Pricing(
        {
            "worth": np.zeros((days, n_shifts)),
            "ways": np.zeros((days + 1, n_situations, count_places(tables))),
            "reached": np.zeros((days + 1, n_situations), np.int32),
            "row": np.zeros(days, np.int32),
        }
    )


def count_places(tables: Tables) -> int:
    """Return how many numbers of shifts and weekends worked are told apart."""
    days = int(tables.sizes[DAYS])
    return (days + 2) * (days // WEEK + 1)


def lay_rows(tables: Tables, rows: Mapping[int, Sequence[int]], shift: Days, skill: Days) -> set[int]:
    """Write rows of nurses into a roster, those with fewest skills first, each with the skill missed most.

    Returns
    -------
    set
        The nurses whose rows were written: not those who would work too much in some seven days.
    """
    laid = sorted(
        (nurse for nurse, row in rows.items() if _keeps_weeks(tables, nurse, row)),
        key=lambda nurse: (tables.n_skills[nurse], nurse),
    )
    lack = np.stack([tables.least, tables.wanted], axis=-1)
    for nurse in set(range(len(shift))) - set(laid):
        for day in np.flatnonzero(shift[nurse]).tolist():
            lack[day, shift[nurse, day], skill[nurse, day]] -= 1
    for nurse in laid:
        skills = tables.skills_of[nurse, : tables.n_skills[nurse]].tolist()
        shift[nurse], skill[nurse] = rows[nurse], -1
        for day in np.flatnonzero(shift[nurse]).tolist():
            missed = lack[day, shift[nurse, day]]
            best = max(skills, key=lambda one: (missed[one, 0] > 0, missed[one, 1]))
            missed[best] -= 1
            skill[nurse, day] = best
    return set(laid)


def _keeps_weeks(tables: Tables, nurse: int, row: Sequence[int]) -> bool:
    most = int(tables.most_week[nurse])
    n_before = min(WEEK - 1, int(tables.past[nurse, N_DAYS]))
    worked = [int(tables.past[nurse, LAST])] * n_before + list(row)
    minutes = [int(tables.length[shift]) for shift in worked]
    return most < 0 or all(sum(minutes[day : day + WEEK]) <= most for day in range(len(minutes)))


def to_solution(problem: Problem, shift: Days, skill: Days) -> Solution:
    """Return a roster as a solution."""
    return Solution(
        tuple(
            Assignment(nurse.id, day, problem.shifts[shift[row, day] - 1].id, problem.skills[skill[row, day]])
            for row, nurse in enumerate(problem.nurses)
            for day in range(problem.days)
            if shift[row, day] != OFF
        )
    )
