"""Three small centres beside an independent model in SimPy: waits and use agree within the noise of both."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

pytest.importorskip("oncopolis.twin.simulating")

from tests.clinic import Data, row, share
from tests.queues import (
    CONFIDENCE,
    START,
    Values,
    activity,
    check_conservation,
    find,
    flow,
    pathway,
    queue_project,
)
from tests.theory.simpy_twin import World

from oncopolis.centre import Project
from oncopolis.studies import equip, make_intake
from oncopolis.twin import Result, compile_model, simulate

N_TWIN = 160
MS_PER_MIN = 60_000.0

Measure = tuple[str, Callable[[World], float], Callable[[Result], float]]


def lognormal(mean_min: float, cv: float = 0.7) -> Data:
    return row(mean_min, "min", distribution={"family": "lognormal", "cv": cv})


def exponential(mean: float, unit: str = "min") -> Data:
    return row(mean, unit, distribution={"family": "exponential"})


def thing(kind: str, calendar: str, n: int | None = None, **more: object) -> Data:
    made: Data = {"kind": kind, "label": kind, "department": "hall", "calendar": calendar, **more}
    if kind == "role":
        made["staffing"] = {"clinical_share": share(0.9)}
    return made if n is None else made | {"n": n}


WEEKDAYS = {"days": ["mon", "tue", "wed", "thu", "fri"]}


def daily(n: float) -> Data:
    """So many on every weekday of 2026, of which there are 261."""
    return row(n * 261, "patient/year")


def make_clinic() -> Project:
    """Rooms with a doctor or a nurse, two ranks, shifts, and closing with some still waiting."""
    by_day = {"day": [0] * 8 + [2, 2, 1, 1, 1, 1, 1, 1, 0.5] + [0] * 7, "calendar": "work"}
    return queue_project(
        calendars={
            "work": {**WEEKDAYS},
            "hall_hours": {"opens": "08:00", "closes": "17:00", "overtime_min": 30, **WEEKDAYS},
            "morning": {"opens": "08:00", "closes": "13:00", **WEEKDAYS},
            "afternoon": {"opens": "11:00", "closes": "17:00", "overtime_min": 30, **WEEKDAYS},
        },
        flows={
            "usual": flow("seen", volume=daily(38), **by_day),
            "urgent": flow("seen", volume=daily(8), priority=2, **by_day),
        },
        resources={
            "room": thing("room", "hall_hours", 5),
            "doctor": thing(
                "role",
                "morning",
                shifts=[{"calendar": "morning", "n": 2}, {"calendar": "afternoon", "n": 2}],
            ),
            "nurse": thing("role", "hall_hours", 2),
        },
        activities={
            "consultation": activity((lognormal(22), {"room": 1, "doctor": 1})),
            "dressing": activity(
                (lognormal(12), {"room": 1, "nurse": 1}), (exponential(4), {"nurse": 1}), label="Dressing"
            ),
        },
        pathways={
            "seen": pathway(
                {"id": "consult", "do": ["consultation"], "setting": "outpatient"},
                {
                    "id": "dress",
                    "do": ["dressing"],
                    "setting": "outpatient",
                    "when": {"share": share(0.8)},
                },
            )
        },
    )


def make_scanner() -> Project:
    """Appointments on two machines that fail, with people late, early or not there."""
    return queue_project(
        calendars={
            "work": {**WEEKDAYS},
            "scanning": {"opens": "08:00", "closes": "16:00", "overtime_min": 120, **WEEKDAYS},
        },
        flows={
            "referred": flow("scan", volume=daily(40), day=[0] * 8 + [1] * 8 + [0] * 8, calendar="work"),
        },
        resources={
            "scanner": thing(
                "machine",
                "scanning",
                2,
                booking={
                    "no_show": share(0.12),
                    "lateness": row(3, "min", distribution={"family": "normal", "sd": 12}),
                },
                breakdown={
                    "every": row(30, "hour"),
                    "repair": row(90, "min", distribution={"family": "lognormal", "cv": 0.8}),
                },
            ),
            "technologist": thing("role", "scanning", 2),
        },
        activities={"scan": activity((lognormal(18, 0.4), {"scanner": 1, "technologist": 1}))},
        pathways={
            "scan": pathway(
                {"id": "scan", "do": ["scan"], "setting": "outpatient", "after": {"earliest_days": 1}}
            )
        },
    )


def make_ward() -> Project:
    """Theatre, recovery and beds: a place is given up only for the next; beds are cleaned and spill over."""
    stay = activity(
        (row(30, "hour", distribution={"family": "lognormal", "cv": 0.8}), {"bed": 1}),
        (row(100, "min"), {"bed": 1}),
    )
    stay["phases"][1]["patient"] = False
    return queue_project(
        flows={
            "operated": flow("surgery", between=exponential(2.8, "hour")),
            "medical": flow("medicine", between=exponential(16, "hour")),
        },
        resources={
            "theatre": thing("room", "always", 1),
            "surgeon": thing("role", "always", 1),
            "bay": thing("place", "always", 2),
            "bed": thing("bed", "always", 13, overflow="spare_bed"),
            "spare_bed": thing("bed", "always", 5),
        },
        activities={
            "operation": activity((lognormal(100, 0.5), {"theatre": 1, "surgeon": 1})),
            "recovery": activity((lognormal(90, 0.5), {"bay": 1})),
            "stay": stay,
            "medical_stay": activity(
                (row(40, "hour", distribution={"family": "lognormal", "cv": 0.8}), {"spare_bed": 1})
            ),
        },
        pathways={
            "surgery": pathway(
                {"id": "operate", "do": ["operation"], "setting": "inpatient"},
                {"id": "recover", "do": ["recovery"], "setting": "inpatient"},
                {"id": "stay", "do": ["stay"], "setting": "inpatient"},
            ),
            "medicine": pathway({"id": "stay", "do": ["medical_stay"], "setting": "inpatient"}),
        },
    )


def wait(name: str) -> Measure:
    return (
        f"wait {name}",
        lambda world: world.wait(name),
        lambda result: float(result.waiting.mean[find(result.waiting.names, name)]) / MS_PER_MIN,
    )


def waits_at_all(name: str) -> Measure:
    def read(result: Result) -> float:
        i = find(result.waiting.names, name)
        return 1 - float(result.waiting.histogram[i, 0]) / float(result.waiting.n[i])

    return (
        f"share that waits {name}",
        lambda world: float(np.mean(np.array(world.seen.waits[name]) * MS_PER_MIN >= 1)),
        read,
    )


def use(name: str) -> Measure:
    return (
        f"use {name}",
        lambda world: world.use(name),
        lambda result: float(result.resources.utilisation[find(result.resources.names, name)]),
    )


def sent_home(step: str, pathway_id: str) -> Measure:
    return (
        f"sent home {step}",
        lambda world: float(world.seen.sent_home.get(step, 0)),
        lambda result: float(result.steps.sent_home[find(result.steps.names, f"{pathway_id}/{step}")]),
    )


def no_shows(step: str, pathway_id: str) -> Measure:
    return (
        f"no-shows {step}",
        lambda world: float(world.seen.no_shows.get(step, 0)),
        lambda result: float(result.steps.no_show[find(result.steps.names, f"{pathway_id}/{step}")]),
    )


def interrupted(name: str) -> Measure:
    return (
        f"interrupted {name}",
        lambda world: float(world.seen.cuts.get(name, 0)),
        lambda result: float(result.resources.interrupted[find(result.resources.names, name)]),
    )


def blocked(name: str) -> Measure:
    return (
        f"blocked {name}",
        lambda world: world.pools[name].blocked,
        lambda result: float(result.resources.blocked[find(result.resources.names, name)]) / MS_PER_MIN,
    )


CASES = {  # definition, days, runs in SimPy, what is compared
    "clinic": (
        make_clinic,
        26,
        40,
        [
            wait("consultation"),
            wait("dressing"),
            waits_at_all("consultation"),
            waits_at_all("dressing"),
            use("room"),
            use("doctor"),
            use("nurse"),
            sent_home("consult", "seen"),
            sent_home("dress", "seen"),
        ],
    ),
    "scanner": (
        make_scanner,
        33,
        24,
        [
            wait("scan"),
            use("scanner"),
            no_shows("scan", "scan"),
            interrupted("scanner"),
            sent_home("scan", "scan"),
        ],
    ),
    "ward": (
        make_ward,
        80,
        24,
        [
            wait("operation"),
            wait("recovery"),
            wait("stay"),
            wait("medical_stay"),
            use("theatre"),
            use("surgeon"),
            use("bay"),
            use("bed"),
            use("spare_bed"),
            blocked("theatre"),
            blocked("bay"),
        ],
    ),
}


def run_simpy(project: Project, days: int, n: int) -> list[World]:
    worlds = [World(project, START, days, 1000 + i) for i in range(n)]
    for world in worlds:
        world.run()
    return worlds


def run_twin(project: Project, days: int) -> list[Result]:
    model = compile_model(equip(project), make_intake(project), start=START, days=days)
    results = [simulate(model, seed=7, replication=i, days=days) for i in range(N_TWIN)]
    for result in results:
        check_conservation(result)
    return results


def compare(name: str, theirs: Values, ours: Values) -> str | None:
    """Return what is wrong if the 99.9 % interval of the difference of two means leaves out 0 (Welch)."""
    a, b = np.asarray(theirs, dtype=float), np.asarray(ours, dtype=float)
    errors = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    error = float(sum(errors)) ** 0.5
    freedom = error**4 / (errors[0] ** 2 / (len(a) - 1) + errors[1] ** 2 / (len(b) - 1)) if error else 1.0
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) * error
    said = f"{name}: SimPy {a.mean():.5g}, twin {b.mean():.5g}, half-width {half:.2g}"
    print(said)  # noqa: T201 - seen with -s
    return said if abs(a.mean() - b.mean()) > half else None


@pytest.mark.parametrize("case", CASES)
def test_agrees_with_simpy(case: str) -> None:
    make, days, n_simpy, measures = CASES[case]
    project = make()
    worlds, results = run_simpy(project, days, n_simpy), run_twin(project, days)
    apart = [
        compare(name, [of_world(world) for world in worlds], [of_result(result) for result in results])
        for name, of_world, of_result in measures
    ]
    assert not any(apart), [said for said in apart if said]
