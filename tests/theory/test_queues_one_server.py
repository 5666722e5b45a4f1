"""One server: any service time, batches, breakdowns."""

import pytest
from tests.queues import (
    TICKS,
    Data,
    activity,
    arrived,
    check,
    check_beside,
    count,
    days_of,
    exponential,
    find,
    flow,
    held,
    pathway,
    queue_project,
    row,
    run,
    server,
    station,
    time,
    time_in_system,
    wait,
)
from tests.theory.exact import Case, list_cases
from tests.theory.formulas import batch_mm1, mg1_wait, mm1_any_breakdown, mm1_busy_breakdown

from oncopolis.twin import Result


def make_service(mean: float, cv2: float) -> Data:
    """A fixed time, or one of the log-normal family."""
    return time(mean) if cv2 == 0 else time(mean, "lognormal", cv=cv2**0.5)


@pytest.mark.parametrize("case", list_cases("mg1"))
def test_any_service_of_the_file(case: Case) -> None:
    project = station(
        between=exponential(1 / case["lam"]), service=make_service(case["mean"], case["cv2"]), n=1
    )
    units = 7.6e4 * (1 + case["cv2"]) ** 1.5
    results = run(project, days=days_of(units), warmup_days=2, replications=80)
    known = [(arrived(), case["lam"]), (held(), case["lam"] * case["mean"])]
    check_beside(results, wait(), case["wq"], known)


@pytest.mark.parametrize(
    ("service", "cv2"),
    [
        (time(1), 0.0),
        (exponential(1), 1.0),
        (time(1, "gamma", cv=0.5), 0.25),
        (time(1, "lognormal", cv=0.8), 0.64),
        (time(1, "triangular", low=0.4, high=1.9), None),
        (time(1, "uniform", low=0.0, high=2.0), 1 / 3),
        (time(1, "weibull", cv=0.7), 0.49),
    ],
    ids=["fixed", "exponential", "erlang4", "lognormal", "triangular", "uniform", "weibull"],
)
def test_any_service(service: Data, cv2: float | None) -> None:
    """Pollaczek and Khinchine at a load of 0.6, for every family of times."""
    low, mode, high = 0.4, 3 * 1.0 - 0.4 - 1.9, 1.9
    spread = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18 if cv2 is None else cv2
    project = station(between=exponential(1 / 0.6), service=service, n=1)
    results = run(project, days=days_of(1.25e5 * (1 + spread)))
    check(map(wait(), results), mg1_wait(0.6, 1.0, spread))


def test_service_just_before_saturation() -> None:
    """M/D/1 at a load of 0.9, the highest of this suite."""
    project = station(between=exponential(1 / 0.9), service=time(1), n=1)
    results = run(project, days=days_of(1.1e6), warmup_days=3)
    check(map(wait(), results), mg1_wait(0.9, 1.0, 0.0))


@pytest.mark.parametrize("case", list_cases("mxm1_batch"))
def test_batches_of_the_file(case: Case) -> None:
    lam, batch, mu = case["lam_batches"], case["batch"], case["mu"]
    project = station(
        between=exponential(1 / lam), service=exponential(1 / mu), n=1, flow_more={"batch": batch}
    )
    results = run(project, days=days_of(2.2e5))
    check(map(time_in_system(), results), case["mean_in_system"] / (lam * batch))


def test_batches_of_a_mean_that_is_no_whole_number() -> None:
    """A batch of 1.5 is one or two, half of the time each."""
    project = station(between=exponential(2.5), service=exponential(1), n=1, flow_more={"batch": count(1.5)})
    results = run(project, days=days_of(1.3e5))
    check(map(time_in_system(), results), batch_mm1(0.4, 1.5, 2.5, 1.0) / 0.6)


def break_down(clock: str, lam: float, mu: float, fail: float, repair: float) -> list[Result]:
    """One server that fails, and resumes the service that was cut off."""
    project = station(
        between=exponential(1 / lam),
        service=exponential(1 / mu),
        n=1,
        server_more={
            "breakdown": {"every": time(1 / fail), "repair": exponential(1 / repair), "clock": clock}
        },
    )
    return run(project, days=days_of(2.8e5))


@pytest.mark.parametrize("case", list_cases("mm1_breakdown_preempt_resume"))
def test_breakdown_of_the_file(case: Case) -> None:
    lam, mu, fail, repair = case["lam"], case["mu"], case["fail"], case["repair"]
    results = break_down("busy", lam, mu, fail, repair)
    check(map(time_in_system(), results), case["mean_in_system"] / lam)


def test_breakdown_while_busy() -> None:
    results = break_down("busy", 0.4, 1.0, 0.05, 0.2)
    check(map(time_in_system(), results), mm1_busy_breakdown(0.4, 1.0, 0.05, 0.2) / 0.4)


@pytest.mark.parametrize("clock", ["always", "open"])
def test_breakdown_at_any_time(clock: str) -> None:
    results = break_down(clock, 0.5, 1.0, 0.1, 0.5)
    check(map(time_in_system(), results), mm1_any_breakdown(0.5, 1.0, 0.1, 0.5) / 0.5)


def test_units_fail_one_by_one() -> None:
    """Of machines that nobody uses, the share out of order is that of their repair in a cycle."""
    project = queue_project(
        flows={"people": flow("way", between=time(50))},
        resources={
            "server": server(4, breakdown={"every": time(90), "repair": time(10), "clock": "always"}),
            "other": server(1),
        },
        activities={"serve": activity((time(1), {"other": 1})), "never": activity((time(1), {"server": 1}))},
        pathways={
            "way": pathway(
                {"id": "serve", "do": ["serve"]},
                {"id": "never", "do": ["never"], "when": {"share": row(0, "share")}},
            )
        },
    )

    def find_down(result: Result) -> float:
        i = find(result.resources.names, "server")
        return float(result.resources.down[i]) / (4 * result.days * 24 * 60 * 10 * TICKS)

    results = run(project, days=days_of(2.2e5))
    check(map(find_down, results), 0.1)
