"""Queues of the textbooks, written as ordinary projects and run through the twin.

Times are given in the textbook's unit, which is a tenth of a minute (6,000 ticks) here, so that rounding to
ticks is lost in the noise and ten million arrivals fit into a few years.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from datetime import date
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from tests.clinic import BASE, Data, count, read, row, share

from oncopolis.centre import Project
from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.studies import equip, make_intake
from oncopolis.twin import Result, compile_model, simulate

UNIT_MIN = 0.1
"""The textbook's unit of time, minutes."""

TICKS = 6_000.0
"""The same in ticks."""

START = date(2026, 1, 5)
"""A Monday."""

CONFIDENCE = 0.999

SEED = 20_261_122

Values = Sequence[float] | NDArray[np.float64]


def time(units: float, family: str | None = None, **spread: float) -> Data:
    """A time in the textbook's unit; `sd`, `low` and `high` too."""
    if family is None:
        return row(units * UNIT_MIN, "min")
    scaled = {name: value if name == "cv" else value * UNIT_MIN for name, value in spread.items()}
    return row(units * UNIT_MIN, "min", distribution={"family": family, **scaled})


def exponential(units: float) -> Data:
    """An exponential time in the textbook's unit."""
    return time(units, "exponential")


def server(n: int, **more: Any) -> Data:
    """So many identical servers, day and night."""
    return {
        "kind": "place",
        "label": "servers",
        "department": "hall",
        "calendar": "always",
        "n": n,
    } | more


def activity(*phases: tuple[Data, Data], **more: Any) -> Data:
    """Phases, each a time and what is held."""
    return {
        "label": "Service",
        "department": "hall",
        "phases": [
            {"id": f"p{i}", "duration": length, "hold": hold} for i, (length, hold) in enumerate(phases)
        ],
    } | more


def pathway(*steps: Data, **more: Any) -> Data:
    """Steps in order, without any visit or bed around them."""
    return {"label": "Way", "steps": [{"setting": "none"} | step for step in steps]} | more


def flow(way: str, **more: Any) -> Data:
    """People who take a pathway."""
    return {"label": "People", "pathway": way} | more


def queue_project(
    *, flows: Data, resources: Data, activities: Data, pathways: Data, **sections: Any
) -> Project:
    """Return a project with one department and nothing else but what is given.

    Parameters
    ----------
    flows, resources, activities, pathways
        Sections of the definition.
    sections
        Further ones (`calendars`, `targets`, `campus` …), laid over the plain ones key by key.
    """
    data: Data = {
        "schema": 1,
        "name": "Queue",
        "practice": "here",
        "horizon": {"first": 2026, "last": 2150},
        "currency": {"price_year": 2024},
        "building_gross": row(1.3, "ratio"),
        "openings": [{"id": "all", "label": "Everything", "year": 2026, "sized_for": 2026}],
        "practices": deepcopy(BASE["practices"]),
        "departments": {"hall": {"label": "Hall", "gross": row(1.5, "ratio")}},
        "calendars": {"always": {"label": "Day and night"}},
        "flows": flows,
        "resources": resources,
        "activities": activities,
        "pathways": pathways,
    }
    for name, section in sections.items():
        data[name] = data.get(name, {}) | section if isinstance(section, dict) else section
    return read(data)


def station(
    *,
    between: Data,
    service: Data,
    n: int,
    flow_more: Data | None = None,
    step_more: Data | None = None,
    server_more: Data | None = None,
    **sections: Any,
) -> Project:
    """One queue before so many servers: flow ``people``, step ``way/serve``, activity ``serve``."""
    return queue_project(
        flows={"people": flow("way", between=between, **(flow_more or {}))},
        resources={"server": server(n, **(server_more or {}))},
        activities={"serve": activity((service, {"server": 1}))},
        pathways={"way": pathway({"id": "serve", "do": ["serve"]} | (step_more or {}))},
        **sections,
    )


def days_of(units: float) -> int:
    """Whole days that hold so many units of time."""
    return max(ceil(units * UNIT_MIN / MINUTES_PER_DAY), 1)


def run(
    project: Project,
    *,
    days: int,
    warmup_days: int = 1,
    replications: int = 40,
    seed: int = SEED,
    start: date = START,
) -> list[Result]:
    """Run a project so many times and check that nobody is lost in any of them."""
    model = compile_model(equip(project), make_intake(project), start=start, days=warmup_days + days)
    results = [
        simulate(model, seed=seed, replication=i, days=days, warmup_days=warmup_days)
        for i in range(replications)
    ]
    for result in results:
        check_conservation(result)
    return results


class Log:
    """Keeps the event log of a run: case, stop, activity, resource, planned, asked, start, end, outcome."""

    def __init__(self) -> None:
        self.kept: list[NDArray[np.int64]] = []

    def write(self, rows: NDArray[np.int64]) -> None:
        """Take lines as the twin leaves them; shape (rows, 9)."""
        self.kept.append(rows.copy())

    def read(self) -> NDArray[np.int64]:
        """All lines so far; shape (rows, 9)."""
        return np.concatenate(self.kept)


def check_conservation(result: Result) -> None:
    """Everybody who came is still there or has ended in exactly one way."""
    flows = result.flow
    came = flows["in_system_at_start"] + flows["entered"]
    ended = flows["completed"] + flows["died"] + flows["left"]
    assert came == ended + flows["in_system_at_end"], flows


def interval(values: Values, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Mean of independent values and half-width of its Student interval."""
    sample = np.asarray(values, dtype=float)
    quantile = float(stats.t.ppf((1 + confidence) / 2, len(sample) - 1))
    return float(sample.mean()), quantile * float(sample.std(ddof=1)) / len(sample) ** 0.5


def check(values: Iterable[float], exact: float, within: float = 0.01) -> None:
    """The 99.9 % interval is narrow enough and holds the exact value."""
    judge(*interval(list(values)), exact, within)


Known = Sequence[tuple[Callable[[Result], float], float]]
"""What is read off a result, and its expected value."""


def check_beside(
    results: Sequence[Result], measure: Callable[[Result], float], exact: float, known: Known
) -> None:
    """As `check`, with what is known to have been chance in the load taken out: half the runs will do.

    Control variates with estimated coefficients (Lavenberg and Welch 1981, Management Science 27, 322-335):
    the interval is that of the intercept of a regression, each control costing one degree of freedom.
    """
    values = np.array([measure(result) for result in results])
    controls = [[read_off(result) - mean for read_off, mean in known] for result in results]
    design = np.column_stack([np.ones(len(results)), controls])
    coefficients = np.linalg.lstsq(design, values)[0]
    left = values - design @ coefficients
    freedom = len(results) - design.shape[1]
    variance = float(left @ left) / freedom * np.linalg.inv(design.T @ design)[0, 0]
    quantile = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom))
    judge(float(coefficients[0]), quantile * float(variance) ** 0.5, exact, 0.01)


def judge(mean: float, half: float, exact: float, within: float) -> None:
    """An interval is narrow enough and holds the exact value."""
    away = (mean - exact) / half if half else float(mean != exact)
    said = f"{mean:.6g} +- {half:.3g} ({half / abs(exact):.2%}) beside {exact:.6g}, {away:+.2f} half-widths"
    print(said)  # noqa: T201 - seen with -s, when lengths of runs are chosen
    assert half <= within * abs(exact), f"too wide: {said}"
    assert abs(mean - exact) <= half, f"outside: {said}"


# --- What is read off a result ---


def find(names: Sequence[str], name: str) -> int:
    """Row of a name."""
    return list(names).index(name)


def wait(name: str = "serve") -> Callable[[Result], float]:
    """Mean wait before an activity, units."""
    return lambda result: float(result.waiting.mean[find(result.waiting.names, name)]) / TICKS


def step_wait(name: str) -> Callable[[Result], float]:
    """Mean wait before a step, units."""
    return lambda result: float(result.step_waiting.mean[find(result.step_waiting.names, name)]) / TICKS


def time_in_system(name: str = "way") -> Callable[[Result], float]:
    """Mean time from entering a pathway to leaving it, units."""
    return lambda result: float(result.in_system.mean[find(result.in_system.names, name)]) / TICKS


def share_waiting(result: Result) -> float:
    """Share of those served who waited at all."""
    i = find(result.waiting.names, "serve")
    return 1.0 - float(result.waiting.histogram[i, 0]) / float(result.waiting.n[i])


def share_later(result: Result) -> float:
    """Share of those served who waited longer than the target of their activity."""
    i = find(result.waiting.names, "serve")
    return 1.0 - float(result.waiting.within[i]) / float(result.waiting.n[i])


def share_lost(result: Result) -> float:
    """Share of those who came to the activity and gave up or were turned away."""
    i = find(result.activities.names, "serve")
    lost = float(result.activities.gave_up[i])
    return lost / (lost + float(result.activities.done[i]))


def queue(name: str = "server") -> Callable[[Result], float]:
    """Mean number waiting for a resource."""
    return lambda result: float(result.resources.daily_waiting[:, find(result.resources.names, name)].mean())


def arrived(source: int = 0) -> Callable[[Result], float]:
    """Mean number of people of one flow who came in a unit of time."""
    return lambda result: float(result.arrivals[source]) * UNIT_MIN / MINUTES_PER_DAY / result.days


def held(name: str = "server") -> Callable[[Result], float]:
    """Mean units held."""
    return lambda result: float(result.resources.daily_held[:, find(result.resources.names, name)].mean())


__all__ = [
    "CONFIDENCE",
    "SEED",
    "START",
    "TICKS",
    "UNIT_MIN",
    "Data",
    "Log",
    "Values",
    "activity",
    "arrived",
    "check",
    "check_beside",
    "check_conservation",
    "count",
    "days_of",
    "exponential",
    "find",
    "flow",
    "held",
    "interval",
    "pathway",
    "queue",
    "queue_project",
    "row",
    "run",
    "server",
    "share",
    "share_later",
    "share_lost",
    "share_waiting",
    "station",
    "step_wait",
    "time",
    "time_in_system",
    "wait",
]
