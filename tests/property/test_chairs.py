"""What holds of plans of a day clinic: none is better than the bound unless it breaks a rule."""

from dataclasses import replace
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.scheduling.clinics import draw_problem

from oncopolis.scheduling import Result
from oncopolis.scheduling.chairs import Problem, Solution, check, solve

PARTS = ("day", "consultation", "mixing_day", "mixing", "installation", "monitoring")


@cache
def find(seed: int) -> tuple[Problem, Result[Solution]]:
    problem = draw_problem(seed)
    return problem, solve(problem, seconds=60, moves=2_000, seed=seed)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 5), st.integers(0, 100), st.sampled_from(PARTS), st.integers(-12, 12).filter(bool))
def test_a_change_of_one_time_breaks_a_rule_or_is_counted(seed: int, which: int, part: str, by: int) -> None:
    problem, result = find(seed)
    visits = [(id_, nth) for id_, every in result.solution.visits.items() for nth in range(len(every))]
    id_, nth = visits[which % len(visits)]
    every = list(result.solution.visits[id_])
    before = getattr(every[nth], part)
    every[nth] = replace(every[nth], **{part: by if before is None else before + by})
    verdict = check(problem, Solution(dict(result.solution.visits) | {id_: tuple(every)}))
    rules = {finding.rule for finding in verdict.violations}
    if before is None:
        assert "consultation" in rules
    elif part == "day":
        assert rules or len(every) == 1
        assert verdict.costs["days"] == result.costs["days"] + by * problem.slots
    elif part == "mixing_day":
        assert by in (-1, 1) or "mixing-day" in rules
    assert verdict.costs["slots"] == result.costs["slots"] + (by if part == "monitoring" else 0)
    assert result.bound is not None
    assert rules or verdict.cost >= result.bound
