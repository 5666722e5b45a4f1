"""By the clock: appointments, and arrivals that swell and ebb through the day."""

from math import pi, sin

import numpy as np
import pytest
from tests.queues import (
    UNIT_MIN,
    activity,
    check,
    exponential,
    find,
    flow,
    interval,
    pathway,
    queue_project,
    row,
    run,
    server,
    share,
    step_wait,
)
from tests.theory.exact import Case, list_cases
from tests.theory.formulas import sinusoid_census, solve_appointments

from oncopolis.centre import Project
from oncopolis.twin import Result

SESSIONS = range(6, 19, 3)
"""Hours at which a session begins; a minute of the model is twelve seconds, so that each is over long before
the next, and slots lie on whole minutes."""

SHRUNK = 0.2


def book(times: list[float], mean: float, show: float) -> Project:
    """Sessions of one server; each slot is a flow and a pathway ``slot<k>`` of its own."""
    names = [f"slot{k}" for k in range(len(times))]
    return queue_project(
        flows={
            name: flow(
                name,
                times=[_clock(hour, when) for hour in SESSIONS],
                calendar="day",
                **({"no_show": share(1 - show)} if show < 1 else {}),
            )
            for name, when in zip(names, times, strict=True)
        },
        resources={"server": server(1, calendar="day")},
        activities={"serve": activity((exponential(mean * SHRUNK / UNIT_MIN), {"server": 1}))},
        pathways={name: pathway({"id": "serve", "do": ["serve"]}) for name in names},
        calendars={"day": {"label": "From six to ten", "opens": "06:00", "closes": "22:00"}},
    )


def _clock(hour: int, when: float) -> str:
    minutes = when * SHRUNK
    assert minutes == round(minutes)
    return f"{hour:02d}:{round(minutes):02d}"


def check_slots(results: list[Result], exact: list[float]) -> None:
    for k, wanted in enumerate(exact):
        waits = [step_wait(f"slot{k}/serve")(result) * UNIT_MIN / SHRUNK for result in results]
        if wanted:
            check(waits, wanted)
        else:
            assert waits == [0.0] * len(results)


@pytest.mark.parametrize("case", list_cases("appointments_exp_service_noshow"))
def test_appointments_of_the_file(case: Case) -> None:
    first = case["at_time_zero"]
    times = [0.0] * first + [case["spacing"] * (k + 1.0) for k in range(case["n"] - first)]
    project = book(times, 1 / case["mu"], case["show"])
    check_slots(run(project, days=5800 if case["show"] == 1 else 2800), case["wait"])


def test_appointments() -> None:
    """Three at once, then one by one, a fifth of whom never come."""
    times = [0.0, 0.0, 0.0, 10.0, 20.0, 30.0]
    exact, _ = solve_appointments(times, 0.1, 0.8)
    check_slots(run(book(times, 10.0, 0.8), days=1400), exact)


PERIOD = 2 * pi / 24
PARTS = 288


@pytest.mark.parametrize("fixed", [False, True], ids=["exponential", "fixed"])
def test_arrivals_in_waves(fixed: bool) -> None:
    """Arrivals of 100 + 60 sin(2 pi t / 24) an hour, two hours each, room for all: the census by the hour."""
    lam, beta, mean = 100.0, 60.0, 2.0
    day = [lam + beta * sin(PERIOD * 24 * (part + 0.5) / PARTS) for part in range(PARTS)]
    stay = row(mean, "hour") if fixed else row(mean, "hour", distribution={"family": "exponential"})
    project = queue_project(
        flows={"people": flow("way", volume=row(24 * lam, "patient/day", per="day"), day=day)},
        resources={"server": server(2000)},
        activities={"serve": activity((stay, {"server": 1}))},
        pathways={"way": pathway({"id": "serve", "do": ["serve"]})},
    )
    results = run(project, days=56, warmup_days=2)
    hours = np.array([fold_week(result) for result in results])
    for hour in range(24):
        check(hours[:, hour], sinusoid_census(lam, beta, PERIOD, mean, hour + 0.5, fixed=fixed))


def fold_week(result: Result) -> list[float]:
    """Mean units held in the middle of each hour of the day, when the twin looks."""
    week = result.resources.week_held[find(result.resources.names, "server")]
    return [float(x) for x in week.reshape(7, 24).mean(axis=0)]


@pytest.mark.parametrize("case", list_cases("mt_g_inf_sinusoid"))
def test_waves_of_the_file(case: Case) -> None:
    """The formula of the test above is that of the file."""
    exact = sinusoid_census(case["lam"], case["beta"], case["gamma"], 1 / case["mu"], case["t"], fixed=False)
    assert exact == pytest.approx(case["mean_in_system"], rel=1e-12)
    assert interval([exact, exact])[1] == 0.0
