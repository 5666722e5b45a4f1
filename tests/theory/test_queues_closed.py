"""Closed populations: who leaves comes again."""

import numpy as np
import pytest
from tests.queues import (
    TICKS,
    activity,
    check,
    days_of,
    exponential,
    find,
    flow,
    held,
    pathway,
    queue,
    queue_project,
    run,
    server,
    station,
)
from tests.theory.exact import Case, list_cases
from tests.theory.formulas import mean_value_analysis, solve_finite_source

from oncopolis.twin import Result


def count_there(result: Result) -> float:
    """Mean number waiting or served."""
    return queue()(result) + held()(result)


def repair(members: int, c: int, fail: float, mend: float, units: float) -> list[Result]:
    """Machines that fail and wait for a repairer."""
    project = station(
        between=exponential(1 / fail), service=exponential(1 / mend), n=c, flow_more={"members": members}
    )
    return run(project, days=days_of(units), warmup_days=days_of(10 / fail))


@pytest.mark.parametrize("case", list_cases("machine_repair"))
def test_machines_of_the_file(case: Case) -> None:
    members, fail = case["N"], case["fail"]
    results = repair(members, case["c"], fail, case["repair"], 3e4 / members / fail)
    there = [count_there(result) / members for result in results]
    check((1 - out for out in there), case["availability"])
    check(there, 1 - case["availability"], within=0.03 if case["availability"] > 0.9 else 0.01)


@pytest.mark.parametrize(("members", "c"), [(4, 1), (10, 3)])
def test_machines(members: int, c: int) -> None:
    chances = solve_finite_source(members, c, 0.2, 0.5)
    exact = float(chances @ np.arange(members + 1))
    results = repair(members, c, 0.2, 0.5, 2e4)
    check(map(count_there, results), exact)


def test_two_stations_in_a_row() -> None:
    """Mean value analysis of a closed network: eight members, ten units away, two stations."""
    project = queue_project(
        flows={"people": flow("way", between=exponential(10), members=8)},
        resources={"first": server(1), "second": server(1)},
        activities={
            "one": activity((exponential(2), {"first": 1})),
            "two": activity((exponential(1.5), {"second": 1})),
        },
        pathways={"way": pathway({"id": "one", "do": ["one"]}, {"id": "two", "do": ["two"]})},
    )
    rate, there = mean_value_analysis(8, 10.0, [2.0, 1.5])
    results = run(project, days=days_of(5e4))

    def find_rate(result: Result) -> float:
        done = float(result.activities.done[find(result.activities.names, "two")])
        return done / (result.days * 24 * 60 * 60_000 / TICKS)

    check(map(find_rate, results), rate)
    for name, exact in zip(("first", "second"), there, strict=True):
        check((queue(name)(result) + held(name)(result) for result in results), exact)
