"""What holds of rosters whatever they are: the search counts as the check does, and no change goes unseen."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.scheduling.teams import draw_problem, draw_roster

from oncopolis.scheduling.rosters import Solution, check
from oncopolis.scheduling.rosters.arrays import make_state, make_tables
from oncopolis.scheduling.rosters.kernels.tables import COST, MISSING

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
