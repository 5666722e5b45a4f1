"""From a problem to the arrays of the search, and from those to a solution."""

from collections.abc import Iterator

import numpy as np

from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.scheduling.rosters.kernels.annealing import settle
from oncopolis.scheduling.rosters.kernels.tables import OFF, State, Tables
from oncopolis.scheduling.rosters.problem import WEEK, Contract, Problem
from oncopolis.scheduling.rosters.solution import Assignment, Solution

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
    run = np.zeros((n_shifts, 2), np.int32)
    for shift in problem.shifts:
        run[shifts[shift.id]] = shift.least_run, shift.most_run
    least, wanted = (np.zeros((days, n_shifts, n_skills), np.int32) for _ in range(2))
    for need in problem.needs:
        least[need.day, shifts[need.shift], skills[need.skill]] = need.least
        wanted[need.day, shifts[need.shift], skills[need.skill]] = need.wanted
    wish = np.zeros((n_nurses, days, n_shifts), np.int32)
    for one in problem.wishes:
        asked = slice(1, None) if one.shift is None else shifts[one.shift]
        wish[nurses[one.nurse], one.day, asked] += 1
    rules, past = [], []
    skills_of = np.full((n_nurses, n_skills), -1, np.int32)
    n_skills_of = np.array([len(nurse.skills) for nurse in problem.nurses], np.int32)
    for row, nurse in enumerate(problem.nurses):
        skills_of[row, : n_skills_of[row]] = [skills[skill] for skill in nurse.skills]
        his, of = nurse.history, contracts[nurse.contract]
        rules.append(
            (of.least_shifts, of.most_shifts, of.least_days, of.most_days, of.least_off, of.most_off,
             of.most_weekends, of.has_whole_weekends)
        )  # fmt: skip
        last = OFF if his.last_shift is None else shifts[his.last_shift]
        past.append((last, his.n_same, his.n_days, his.n_off, his.n_shifts, his.n_weekends))
    weights = problem.weights
    return Tables(
        {
            "sizes": np.array((days, n_nurses, n_shifts, n_skills, WEEK), np.int64),
            "weights": np.array(
                (weights.cover, weights.same_shift, weights.work_run, weights.off_run, weights.wish,
                 weights.half_weekend, weights.total_shifts, weights.total_weekends),
                np.int64,
            ),
            "forbidden": forbidden,
            "run": run,
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
        }
    )  # fmt: skip


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
    days, n_nurses, n_shifts, n_skills = (int(size) for size in tables.sizes[:-1])
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
            "random": generator.integers(1, 2**63, 1).astype(  # structure: bits of the state
                np.uint64
            ),
            "logs": -np.log((np.arange(_N_LOGS) + 0.5) / _N_LOGS),  # structure: middles of the steps
            "undo_shift": np.zeros((2, days), np.int32),
            "undo_skill": np.zeros((2, days), np.int32),
            "counts": np.zeros(5, np.int64),  # structure: as `State.counts` has it
            "best_counts": np.zeros(5, np.int64),  # structure: as `State.counts` has it
            "best_shift": shift.copy(),
            "best_skill": skill.copy(),
        }
    )
    settle(tables, state, penalty)
    return state


def to_solution(problem: Problem, state: State) -> Solution:
    """Return the best state as a solution."""
    return Solution(
        tuple(
            Assignment(
                nurse.id,
                day,
                problem.shifts[state.best_shift[row, day] - 1].id,
                problem.skills[state.best_skill[row, day]],
            )
            for row, nurse in enumerate(problem.nurses)
            for day in range(problem.days)
            if state.best_shift[row, day] != OFF
        )
    )
