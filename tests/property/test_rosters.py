"""What holds of rosters whatever they are: the search counts as the check does, and no change goes unseen."""

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.scheduling.teams import draw_problem, draw_roster

from oncopolis.scheduling.rosters import Solution, check
from oncopolis.scheduling.rosters.arrays import make_pricing, make_state, make_tables, to_solution
from oncopolis.scheduling.rosters.kernels.annealing import anneal
from oncopolis.scheduling.rosters.kernels.pricing import find_cheapest
from oncopolis.scheduling.rosters.kernels.tables import COST, LAST, MISSING

seeds = st.integers(0, 10_000)
PENALTY = 300


@settings(max_examples=60, deadline=None)
@given(seeds, seeds, st.integers(1, 8), st.integers(1, 3))
def test_the_search_counts_what_the_check_counts(problem_seed: int, seed: int, n: int, weeks: int) -> None:
    problem = draw_problem(problem_seed, n, weeks)
    solution = draw_roster(problem, seed)
    verdict = check(problem, solution)
    state = make_state(problem, make_tables(problem), 1, PENALTY, solution)
    missing = sum(
        max(0, need.least - sum((one.day, one.shift, one.skill) == (need.day, need.shift, need.skill)
                                for one in solution.assignments))
        for need in problem.needs
    )  # fmt: skip
    assert state.counts[MISSING] == missing
    assert state.counts[COST] == verdict.cost + PENALTY * missing


@settings(max_examples=60, deadline=None)
@given(seeds, seeds, st.data())
def test_a_change_of_one_assignment_is_seen(problem_seed: int, seed: int, data: st.DataObject) -> None:
    problem = draw_problem(problem_seed)
    assignments = draw_roster(problem, seed).assignments
    one = data.draw(st.sampled_from(assignments))
    rest = tuple(other for other in assignments if other is not one)
    twice = check(problem, Solution((*assignments, one))).violations
    assert "one-shift-a-day" in {finding.rule for finding in twice}
    for changed in (
        replace(one, nurse="nobody"),
        replace(one, day=problem.days),
        replace(one, skill="pilot"),
    ):
        found = check(problem, Solution((*rest, changed))).violations
        assert "unknown-id" in {finding.rule for finding in found}
    nurse = next(nurse for nurse in problem.nurses if nurse.id == one.nurse)
    for skill in set(problem.skills) - set(nurse.skills):
        found = check(problem, Solution((*rest, replace(one, skill=skill)))).violations
        assert "skill" in {finding.rule for finding in found}
    before, after = (check(problem, Solution(every)).costs["cover"] for every in (assignments, rest))
    assert after - before in (0, problem.weights.cover)


@settings(max_examples=30, deadline=None)
@given(seeds, seeds, st.integers(1, 3))
def test_what_moves_add_to_the_cost_is_what_the_check_counts(
    problem_seed: int, seed: int, weeks: int
) -> None:
    problem = draw_problem(problem_seed, 6, weeks)
    tables = make_tables(problem)
    state = make_state(problem, tables, seed, PENALTY, None)
    anneal(tables, state, 2000, 20.0, PENALTY, np.array((20_000, 60_000)))
    verdict = check(problem, to_solution(problem, state.shift, state.skill))
    assert {finding.rule for finding in verdict.violations} <= {"least-cover"}
    assert state.counts[COST] == verdict.cost + PENALTY * state.counts[MISSING]


@settings(max_examples=30, deadline=None)
@given(seeds, seeds, st.integers(1, 3))
def test_no_days_are_cheaper_than_the_cheapest(problem_seed: int, seed: int, weeks: int) -> None:
    problem = replace(draw_problem(problem_seed, 1, weeks), needs=())
    tables, drawn = make_tables(problem), random.Random(seed)
    pricing = make_pricing(tables)
    pricing.worth[:, 1:] = [[drawn.randint(0, 60) for _ in problem.shifts] for _ in range(problem.days)]
    least = find_cheapest(tables, pricing, 0)
    cheapest = pricing.row.tolist()

    def charge(row: list[int]) -> float:
        solution = to_solution(problem, np.array([row]), np.zeros((1, problem.days), np.int32))
        worth = sum(float(pricing.worth[day, shift]) for day, shift in enumerate(row))
        return check(problem, solution).cost - worth

    def is_allowed(row: list[int]) -> bool:
        steps = pairwise([int(tables.past[0, LAST]), *row])
        return not any(tables.forbidden[tables.kind[0], before, after] for before, after in steps)

    assert is_allowed(cheapest)
    assert charge(cheapest) == least
    for _ in range(100):
        row = list(cheapest)
        for _ in range(drawn.randint(1, 4)):
            first = drawn.randrange(problem.days)
            end = min(problem.days, first + drawn.randint(1, 4))
            row[first:end] = [drawn.randint(0, len(problem.shifts))] * (end - first)
        assert not is_allowed(row) or charge(row) >= least
