"""Many servers: Erlang's loss and delay, a waiting room, and people who give up."""

import pytest
from tests.queues import (
    Data,
    arrived,
    check,
    check_beside,
    days_of,
    exponential,
    held,
    queue,
    run,
    share,
    share_later,
    share_lost,
    share_waiting,
    station,
    time,
    wait,
)
from tests.theory.exact import Case, list_cases
from tests.theory.formulas import (
    erlang_b,
    erlang_c,
    mmc_later,
    mmc_wait,
    solve_erlang_a,
    solve_mmck,
)

from oncopolis.centre import Project


def lose(a: float, c: int, service: Data | None = None) -> Project:
    """Servers before which nobody waits."""
    return station(
        between=exponential(1 / a),
        service=service or exponential(1),
        n=c,
        step_more={"patience": time(0)},
    )


@pytest.mark.parametrize("case", list_cases("erlang_b"))
def test_loss_of_the_file(case: Case) -> None:
    few = case["loss"] < 0.1
    units = (6e4 if few else 7e4) / case["a"]
    results = run(lose(case["a"], case["c"]), days=days_of(units), replications=12 if few else 40)
    check(map(share_lost, results), case["loss"], within=0.03 if few else 0.01)


@pytest.mark.parametrize(
    "service",
    [time(1), time(1, "lognormal", cv=1.5), time(1, "gamma", cv=0.5), time(1, "uniform", low=0.2, high=1.8)],
    ids=["fixed", "lognormal", "gamma", "uniform"],
)
def test_loss_depends_on_the_mean_alone(service: Data) -> None:
    """Erlang's loss formula is insensitive to the shape of the service."""
    results = run(lose(4.0, 5, service), days=days_of(1e4))
    check(map(share_lost, results), erlang_b(5, 4.0))


def delay(lam: float, mu: float, c: int) -> Project:
    """Servers with a queue, and a target that counts those who wait longer than a unit."""
    return station(
        between=exponential(1 / lam),
        service=exponential(1 / mu),
        n=c,
        targets={
            "soon": {
                "label": "Within a unit of time",
                "of": "wait",
                "at": "activity.serve",
                "within": time(1),
                "share": share(0.5),
            }
        },
    )


@pytest.mark.parametrize("case", list_cases("mmc"))
def test_delay_of_the_file(case: Case) -> None:
    lam, mu, c = case["lam"], case["mu"], case["c"]
    load = lam / (mu * c)
    units = 3.8e5 / mu * (0.1 / (1 - load)) ** 2 / c
    results = run(delay(lam, mu, c), days=days_of(units), warmup_days=days_of(2000 / mu), replications=80)
    known = [(arrived(), lam), (held(), lam / mu)]
    check_beside(results, wait(), case["wq"], known)
    check_beside(results, share_waiting, case["p_wait"], known)
    check_beside(results, share_later, case["p_wait_gt_1"], known)
    check_beside(results, queue(), case["lq"], known)


@pytest.mark.parametrize(("c", "load"), [(2, 0.5), (3, 0.7), (5, 0.8)])
def test_delay(c: int, load: float) -> None:
    lam = c * load
    results = run(delay(lam, 1.0, c), days=days_of(2.4e5), warmup_days=2)
    check(map(wait(), results), mmc_wait(lam, 1.0, c))
    check(map(share_waiting, results), erlang_c(c, lam))
    check(map(share_later, results), mmc_later(lam, 1.0, c, 1.0))


def fill(lam: float, mu: float, c: int, room: int) -> Project:
    """Servers with so many places in all."""
    return station(
        between=exponential(1 / lam),
        service=exponential(1 / mu),
        n=c,
        server_more={"waiting": room - c},
    )


@pytest.mark.parametrize("case", list_cases("mmc_k"))
def test_waiting_room_of_the_file(case: Case) -> None:
    lam, mu, c, room = case["lam"], case["mu"], case["c"], case["K"]
    results = run(fill(lam, mu, c, room), days=days_of(2.6e5 / lam), replications=16 if lam > 20 else 40)
    check(map(share_lost, results), case["p_block"])
    if case["wq_accepted"]:
        check(map(wait(), results), case["wq_accepted"])
    else:
        assert all(result.waiting.most.max() == 0 for result in results)


def test_waiting_room_of_one_server() -> None:
    lost, waited = solve_mmck(1.2, 1.0, 1, 5)
    results = run(fill(1.2, 1.0, 1, 5), days=days_of(3.4e4))
    check(map(share_lost, results), lost)
    check(map(wait(), results), waited)


def renege(lam: float, mu: float, c: int, theta: float) -> Project:
    """Servers before which patience is exponential."""
    return station(
        between=exponential(1 / lam),
        service=exponential(1 / mu),
        n=c,
        step_more={"patience": exponential(1 / theta)},
    )


@pytest.mark.parametrize("case", list_cases("erlang_a_reneging"))
def test_giving_up_of_the_file(case: Case) -> None:
    lam, mu, c = case["lam"], case["mu"], case["c"]
    project = renege(lam, mu, c, case["theta"])
    results = run(project, days=days_of(2e5 / lam), replications=20 if lam > 20 else 40)
    check(map(share_lost, results), case["p_abandon"])
    check(map(queue(), results), case["lq"])


def test_giving_up_before_one_server() -> None:
    lost, waiting = solve_erlang_a(0.9, 1.0, 1, 0.25)
    results = run(renege(0.9, 1.0, 1, 0.25), days=days_of(6e4))
    check(map(share_lost, results), lost)
    check(map(queue(), results), waiting)
