"""Results of the twin made up for tests: any project, with numbers that a run might have given."""

from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tests import clinic

from oncopolis.centre import Project
from oncopolis.centre.equipped import Duty, Equipped
from oncopolis.twin import ResourceUse, Result, Spread, Turnout
from oncopolis.twin.document import About, Day, Edge, Process, Station
from oncopolis.twin.kernels.bins import N_BINS, list_edges

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
OPEN = np.array([(7 <= hour % 24 < 18) and hour < 120 for hour in range(168)], dtype=np.float64)


@cache
def read_clinic() -> Project:
    """The clinic with a campus of two buildings, two cohorts and four targets."""
    data = clinic.build_island()
    data["campus"] = {
        "buildings": {
            "main": {"label": "Main building", "departments": ["outpatient", "surgery", "wards"]},
            "beams": {"label": "Beams <&>", "departments": ["radiotherapy"]},
        },
        "walks": [{"between": ["main", "beams"], "minutes": 4}],
    }
    data["targets"] = {
        "seen": {
            "label": "Seen by a doctor within half an hour",
            "of": "wait",
            "at": "activity.consult",
            "within": clinic.minutes(30),
            "share": clinic.share(0.9),
        },
        "treated": {
            "label": "Treated within 31 days",
            "of": "treatment",
            "within": clinic.row(31, "day"),
            "share": clinic.share(0.99),
        },
        "linacs": {
            "label": "Linacs not overloaded",
            "of": "utilisation",
            "at": "resource.linac",
            "share": clinic.share(0.95),
        },
        "nobody": {
            "label": "Hardly anybody refused at the porter's",
            "of": "refused",
            "at": "activity.consult",
            "share": clinic.share(0.05),
        },
    }
    return clinic.read(data)


def spread(
    rng: np.random.Generator,
    names: tuple[str, ...],
    mean_ticks: NDArray[np.float64],
    limit: float,
    n: int = 300,
) -> Spread:
    """Gamma times around a mean for each row."""
    rows = [
        np.maximum(rng.gamma(1.5, max(mean, 1) / 1.5, n if mean else 0), 0).astype(np.int64)
        for mean in mean_ticks
    ]
    histogram = np.zeros((len(names), N_BINS), dtype=np.int64)
    for row, times in enumerate(rows):
        bins = np.searchsorted(list_edges(), times, side="right") - 1
        histogram[row] = np.bincount(bins, minlength=N_BINS)
    return Spread(
        names,
        n=np.array([len(times) for times in rows], dtype=np.int64),
        sum=np.array([times.sum() for times in rows], dtype=np.float64),
        squares=np.array([(times.astype(np.float64) ** 2).sum() for times in rows]),
        most=np.array([times.max(initial=0) for times in rows], dtype=np.int64),
        histogram=histogram,
        within=np.array([(times <= limit).sum() for times in rows], dtype=np.int64),
    )


def use(rng: np.random.Generator, project: Project, days: int, waited: float) -> ResourceUse:
    """Resources filled to between a third and all of their open time."""
    resources = project.centre.resources
    names = tuple(resources)
    n = len(names)
    fixed = np.random.default_rng(3)
    units = fixed.integers(1, 12, n).astype(np.float64)
    always = np.array([resource.kind == "bed" for resource in resources.values()])
    week_offered = np.where(always[:, None], 1.0, OPEN) * units[:, None]
    load = fixed.uniform(0.35, 0.97, n) * rng.normal(1, 0.01, n)
    shape = 0.75 + 0.35 * np.sin((np.arange(168) % 24 - 5) / 14 * np.pi)
    week_held = week_offered * np.minimum(load[:, None] * np.where(always[:, None], 1.0, shape), 1.1)
    weekday = (np.arange(days) + 3) % 7
    season = 1 + 0.08 * np.sin(np.arange(days) / 365 * 2 * np.pi)[:, None]
    offered = np.array([week_offered[:, day * 24 : day * 24 + 24].mean(axis=1) for day in weekday])
    held = np.array([week_held[:, day * 24 : day * 24 + 24].mean(axis=1) for day in weekday]) * season
    held *= rng.normal(1, 0.05, held.shape)
    share = fixed.gamma(0.5, 1, n) ** 2 * rng.normal(1, 0.1, n)
    share /= share.sum()
    total = offered.sum(axis=0) * DAY
    return ResourceUse(
        names=names,
        offered=total,
        held=held.sum(axis=0) * DAY,
        overtime=total * 0.01 * ~always,
        blocked=total * 0.004,
        waited=waited * share,
        down=total * 0.02 * np.array([resource.kind == "machine" for resource in resources.values()]),
        breakdowns=np.array([3 * (resource.kind == "machine") for resource in resources.values()]),
        interrupted=np.zeros(n, dtype=np.int64),
        week_held=week_held,
        week_offered=week_offered,
        week_waiting=week_held * 0.2,
        daily_held=held,
        daily_offered=offered,
        daily_waiting=held * 0.1,
        most_waiting=fixed.integers(0, 40, n),
    )


def turnout(rng: np.random.Generator, names: tuple[str, ...]) -> Turnout:
    """A few in a hundred of everything that can go wrong."""

    def few(share: float) -> NDArray[np.int64]:
        return rng.poisson(300 * share, len(names)).astype(np.int64)

    return Turnout(
        names=names,
        done=few(1.0),
        gave_up=few(0.004),
        no_show=few(0.06),
        cancelled=few(0.03),
        sent_home=few(0.01),
        late=few(0.02),
        gaps=few(0.01),
        gap_days=few(0.02),
    )


def build_result(project: Project, replication: int = 0, days: int = 364, *, complete: bool = True) -> Result:
    """One replication."""
    rng = np.random.default_rng(100 + replication)
    centre = project.centre
    activities = tuple(centre.activities)
    steps = tuple(f"{key}/{step.id}" for key, pathway in centre.pathways.items() for step in pathway.steps)
    departments = tuple(centre.departments)
    cohorts = [f"cohort.{key}.{stage}" for key, cohort in centre.cohorts.items() for stage in cohort.stages]
    sources = (*cohorts, *(f"flow.{key}" for key in centre.flows))
    fixed = np.random.default_rng(7)
    waiting = spread(rng, activities, fixed.gamma(0.8, 18, len(activities)) * MINUTE, 30 * MINUTE)
    waited = float(waiting.sum.sum())
    arrivals = rng.poisson(120, len(sources)).astype(np.int64)
    came = int(arrivals.sum())
    return Result(
        start=date(2031, 2, 1),
        days=days,
        warmup_days=30,
        seed=1,
        replication=replication,
        definition="d0" * 16,
        digest=f"{replication:02x}" * 16,
        complete=complete,
        events=1_234_567 + replication,
        events_before=0,
        contacts=days * 400,
        visits=days * 210,
        working_days=days * 5 // 7,
        arrivals=arrivals,
        sources=sources,
        measures=tuple(centre.measures),
        counted=rng.poisson(3000, len(centre.measures)).astype(np.float64),
        flow={
            "in_system_at_start": 400,
            "entered": came,
            "completed": came - 60,
            "died": 20,
            "left": 30,
            "in_system_at_end": 410,
        },
        waiting=waiting,
        step_waiting=spread(rng, steps, fixed.gamma(0.8, 18, len(steps)) * MINUTE, 30 * MINUTE, 60),
        in_system=spread(
            rng, tuple(centre.pathways), fixed.gamma(2, 40, len(centre.pathways)) * DAY, 0.0, 80
        ),
        visit=spread(rng, departments, fixed.uniform(40, 200, len(departments)) * MINUTE, 0.0, 80),
        treatment=spread(rng, sources, fixed.uniform(12, 40, len(sources)) * DAY, 31 * DAY, 120),
        activities=turnout(rng, activities),
        steps=turnout(rng, steps),
        resources=use(rng, project, days, waited),
        hour_waits=rng.gamma(2, 400, (len(departments), 24)) * MINUTE * OPEN[:24],
        hour_counts=(rng.integers(20, 200, (len(departments), 24)) * OPEN[:24]).astype(np.int64),
        departments=departments,
        waiting_area=waited,
        waits=waited,
        not_modelled=("Training of staff <while patients wait>", "Meals"),
    )


def build_day(project: Project, peak: float = 60) -> Day:
    """A working day that rises from seven, is fullest before noon and empties by evening."""
    departments = tuple(project.centre.departments)
    fixed = np.random.default_rng(5)
    quarter = np.arange(96)
    shape = np.exp(-(((quarter - 42) / 13) ** 2)) + 0.6 * np.exp(-(((quarter - 60) / 9) ** 2))
    peaks = fixed.gamma(1.2, peak / 1.2, len(departments))
    present = peaks[:, None] * shape
    waiting = present * fixed.uniform(0.1, 0.6, len(departments))[:, None]
    return Day(date(2031, 3, 3), departments, np.round(present, 2), np.round(waiting, 2))


def build_process(project: Project) -> Process:
    """A pathway that goes through up to nine activities, with a way around and a way back."""
    names = list(project.centre.activities)[:9]
    edges = [Edge("", names[0], 900, 0.0), Edge(names[-1], "", 700, 0.0)]
    edges += [
        Edge(before, after, 900 - 70 * i, 15.0 * (i + 1)) for i, (before, after) in enumerate(pairwise(names))
    ]
    if len(names) > 3:
        edges += [Edge(names[0], names[2], 120, 30.0), Edge(names[3], names[1], 60, 2880.0)]
    stations = [Station(name, 950 - 50 * i, 990) for i, name in enumerate(names)]
    return Process(next(iter(project.centre.pathways)), 950, tuple(stations), tuple(edges))


def build_about(project: Project, **more: Any) -> About:
    """What is said beyond the numbers."""
    duties = tuple(
        Duty(key, resource.calendar, 1, 2027) for key, resource in project.centre.resources.items()
    )
    equipped = Equipped(project=project, duties=duties, opened={})
    return About(equipped=equipped, day=build_day(project), processes=(build_process(project),), **more)
