"""What one new case of a site brings over the rest of a life, through the real pathways.

One cohort enters in one year and is followed until nobody is left, so that later courses are counted with
the patients they belong to. In a steady population a year's workload holds the same ratios; where numbers
of cases grow, a year's ratio lies a little below, since later courses come from smaller, earlier cohorts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import numpy as np

from oncopolis.centre import Network, Project, Route, RouteKey
from oncopolis.centre.route import REST, BoundActivity, BoundTask
from oncopolis.planning.coefficients import CENTRAL, Coefficients
from oncopolis.planning.flows import Flows, Happening
from oncopolis.planning.hazards import compute_hazards

Lifetimes = Mapping[str, Mapping[str, float]]
"""Site -> name -> number per new case.

Names: ``measure.<id>``, ``patients.<attribute>``, ``first.fractions`` for fractions of people who were not
irradiated before; and on the pathway entered at diagnosis alone ``first_treatment.<attribute>`` and
``first_treatment.bed_min``, minutes in a bed of planned stays, intensive care left out.
"""

N_YEARS = 60  # structure: years a cohort is followed; nobody is left by then
MEASURES = frozenset({"courses", "fractions", "operations", "chemotherapy_visits"})
"""What is counted; pathways that none of it can follow are not walked."""

UNPLANNED = frozenset({"unplanned_admissions", "icu_admissions"})
"""What a stay counts that is not part of the planned treatment."""

ATTRIBUTES = frozenset({"irradiated", "operated", "systemically_treated"})
"""Whose first time is counted."""

NOBODY: frozenset[str] = frozenset()


def compute_lifetimes(project: Project, n_years: int = N_YEARS) -> Lifetimes:
    """Follow one case of every site for life; all departments count as open.

    Parameters
    ----------
    project
        Its pathways, stages and evidence; central values.
    n_years
        Years the cohort is followed.
    """
    network = drop_routes(project.network, MEASURES)
    network = replace(network, tracked=network.tracked | ATTRIBUTES)
    coefficients = Coefficients(project.evidence)
    flows = Flows(network, coefficients, compute_hazards(replace(project, network=network), coefficients))
    shares = compute_stage_shares(network, coefficients)
    cohort = np.zeros((1, n_years))
    cohort[0, 0] = 1
    flows.enter(
        ((entry.route, entry.at, NOBODY), cohort * shares[entry.site, entry.stage])
        for entry in network.entries
    )
    beds = frozenset(key for key, resource in project.centre.resources.items() if resource.kind == "bed")
    first_routes = frozenset(entry.route for entry in network.entries)
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    counter = _Counter(coefficients, beds, first_routes)
    for happening in flows.list_happenings(range(n_years)):
        of_site = counts[happening.route.site]
        for name, number in counter.list_counts(happening):
            of_site[name] += number
    return counts


def compute_stage_shares(network: Network, coefficients: Coefficients) -> dict[tuple[str, str], float]:
    """Return site and stage -> share of the site's cases, central values; they sum to 1 by site."""
    stated = {
        (entry.site, entry.stage): None
        if entry.share == REST
        else float(coefficients.get(entry.share)[CENTRAL])
        for entry in network.entries
    }
    known: dict[str, float] = defaultdict(float)
    has_rest = {site for (site, _), share in stated.items() if share is None}
    for (site, _), share in stated.items():
        known[site] += share or 0.0
    shares = {}
    for (site, stage), share in stated.items():
        scale = max(known[site], 1.0) if site in has_rest else known[site]
        shares[site, stage] = max(1 - known[site], 0.0) if share is None else share / scale
    return shares


def drop_routes(network: Network, measures: Collection[str]) -> Network:
    """Return the network without episodes after which none of the measures can be counted."""
    wanted = {key for key, route in network.routes.items() if _counts_any(route, measures)}
    starts = {
        key: {network.start(episode, route) for episode in route.episodes}
        for key, route in network.routes.items()
    }
    while more := {key for key in network.routes if key not in wanted and starts[key] & wanted}:
        wanted |= more
    routes = {
        key: replace(
            route,
            episodes=tuple(episode for episode in route.episodes if network.start(episode, route) in wanted),
        )
        for key, route in network.routes.items()
    }
    return replace(network, routes=routes)


def _counts_any(route: Route, measures: Collection[str]) -> bool:
    return any(
        name in measures for stop in route.stops for task in stop.tasks for name, _ in task.activity.counts
    )


class _Counter:
    """Counts what a happening brings, summed over all years."""

    def __init__(
        self, coefficients: Coefficients, beds: frozenset[str], first_routes: frozenset[RouteKey]
    ) -> None:
        self.coefficients, self.beds, self.first_routes = coefficients, beds, first_routes

    def list_counts(self, happening: Happening) -> Iterator[tuple[str, float]]:
        """Yield names and numbers."""
        people = float(happening.people[CENTRAL].sum())
        stop, route = happening.stop, happening.route
        gained = {attribute: float(number[CENTRAL].sum()) for attribute, number in happening.gained.items()}
        is_first_treatment = (route.pathway, route.site, route.stage) in self.first_routes
        for attribute, n_people in gained.items():
            yield f"patients.{attribute}", n_people
            if is_first_treatment:
                yield f"first_treatment.{attribute}", n_people
        times = people if happening.times is None else people * float(happening.times[CENTRAL])
        first = gained.get("irradiated", 0.0) / people if people else 0.0
        for task in stop.tasks:
            done = times * self._count_done(task)
            for measure, number in task.activity.counts:
                n = done * self._ask(number)
                yield f"measure.{measure}", n
                if first:
                    yield f"first.{measure}", n * first
            if is_first_treatment and not UNPLANNED & {measure for measure, _ in task.activity.counts}:
                yield "first_treatment.bed_min", done * self._sum_bed_min(task.activity)

    def _ask(self, coefficient: str | int) -> float:
        return float(self.coefficients.get(coefficient)[CENTRAL])

    def _count_done(self, task: BoundTask) -> float:
        return self._ask(task.n) * (1.0 if task.share is None else self._ask(task.share))

    def _sum_bed_min(self, activity: BoundActivity) -> float:
        return sum(
            float(self.coefficients.get_minutes(phase.duration)[CENTRAL]) * self._ask(n)
            for phase in activity.phases
            for resource, n in phase.hold
            if resource in self.beds
        )
