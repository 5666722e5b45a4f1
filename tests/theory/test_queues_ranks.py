"""Ranks: who is more urgent goes before, and may interrupt."""

from collections.abc import Sequence

import pytest
from tests.queues import (
    Data,
    activity,
    arrived,
    check,
    check_beside,
    days_of,
    exponential,
    flow,
    held,
    pathway,
    queue_project,
    run,
    server,
    time,
    time_in_system,
    wait,
)
from tests.theory.exact import Case, list_cases
from tests.theory.formulas import cobham_mg1, cobham_mmc, preemptive_mg1

from oncopolis.centre import Project


def rank(lams: Sequence[float], services: Sequence[Data], n: int, *, preempts: bool = False) -> Project:
    """Classes in order of rank before the same servers: pathway, activity and flow ``class<k>`` each."""
    names = [f"class{k}" for k in range(len(lams))]
    return queue_project(
        flows={name: flow(name, between=exponential(1 / lam)) for name, lam in zip(names, lams, strict=True)},
        resources={"server": server(n, preempts=preempts)},
        activities={
            name: activity((service, {"server": 1})) for name, service in zip(names, services, strict=True)
        },
        pathways={
            name: pathway({"id": "serve", "do": [name]}, priority=2 + 3 * k) for k, name in enumerate(names)
        },
    )


@pytest.mark.parametrize("case", list_cases("priority_nonpreemptive_mmc"))
def test_ranks_of_the_file(case: Case) -> None:
    lams, mu, c = case["lams"], case["mu"], case["c"]
    project = rank(lams, [exponential(1 / mu)] * len(lams), c)
    units = (1.1e6 if c < 12 else 1.4e6) / c / mu
    results = run(project, days=days_of(units), warmup_days=days_of(500 / mu), replications=80)
    known = [*((arrived(k), lam) for k, lam in enumerate(lams)), (held(), sum(lams) / mu)]
    for k, exact in enumerate(case["wq"]):
        check_beside(results, wait(f"class{k}"), exact, known)


def test_ranks_before_two_servers() -> None:
    lams = [0.4, 0.6, 0.4]
    results = run(rank(lams, [exponential(1)] * 3, 2), days=days_of(4e5))
    for k, exact in enumerate(cobham_mmc(lams, 1.0, 2)):
        check(map(wait(f"class{k}"), results), exact)


LAMS = (0.2, 0.3, 0.1)
SERVICES = (exponential(1), time(1.5), exponential(2))
MEANS = (1.0, 1.5, 2.0)
SQUARES = (2.0, 2.25, 8.0)
"""The classes of ``priority_mg1``: exponential of mean 1, fixed 1.5, exponential of mean 2."""


@pytest.mark.parametrize("case", list_cases("priority_mg1"))
def test_ranks_of_any_service_of_the_file(case: Case) -> None:
    results = run(rank(case["lams"], SERVICES, 1), days=days_of(2e6), warmup_days=3)
    for k, exact in enumerate(case["wq_nonpreemptive"]):
        check(map(wait(f"class{k}"), results), exact)


@pytest.mark.parametrize("case", list_cases("priority_mg1"))
def test_interrupting_of_the_file(case: Case) -> None:
    results = run(rank(case["lams"], SERVICES, 1, preempts=True), days=days_of(1.3e6), warmup_days=3)
    for k, exact in enumerate(case["t_system_preemptive_resume"]):
        check(map(time_in_system(f"class{k}"), results), exact)


def test_ranks_of_any_service() -> None:
    lams = [0.1, 0.2, 0.05]
    results = run(rank(lams, SERVICES, 1), days=days_of(1e6))
    for k, exact in enumerate(cobham_mg1(lams, MEANS, SQUARES)):
        check(map(wait(f"class{k}"), results), exact)


def test_interrupting() -> None:
    lams = [0.1, 0.2, 0.05]
    results = run(rank(lams, SERVICES, 1, preempts=True), days=days_of(2.4e5))
    for k, exact in enumerate(preemptive_mg1(lams, MEANS, SQUARES)):
        check(map(time_in_system(f"class{k}"), results), exact)


def test_the_first_rank_sees_a_server_of_its_own() -> None:
    """Interrupting at will, the most urgent wait as if there were nobody else, to the last tick."""
    alone = run(rank([0.3], [exponential(1)], 1, preempts=True), days=2, replications=3)
    among = run(rank([0.3, 0.5], [exponential(1)] * 2, 1, preempts=True), days=2, replications=3)
    for one, two in zip(alone, among, strict=True):
        assert one.waiting.sum[0] == two.waiting.sum[list(two.waiting.names).index("class0")]
