"""The queue and the network in SimPy: a process for each customer, as its manual does it."""

import random
from collections.abc import Generator
from typing import Any

import simpy

from oncopolis.centre import Project
from oncopolis.centre.route import OUT, REST
from reading import MINUTES_A_DAY, read_minutes, read_service, read_value


class Network:
    """Stations with exponential service on one route.

    Parameters
    ----------
    project
        Definition as read.
    days, warmup_days, seed
        Length of the run, days at its beginning that are not counted, seed.
    """

    def __init__(self, project: Project, days: int, warmup_days: int, seed: int) -> None:
        self.env = simpy.Environment()
        self.random = random.Random(seed)  # noqa: S311 - no secrets here
        self.until, self.counts_from = days * MINUTES_A_DAY, warmup_days * MINUTES_A_DAY
        self.events = 0
        (route,) = project.network.routes.values()
        services = [read_service(project, stop) for stop in route.stops]
        self.names = [names[0] for _, names in services]
        self.means = [service.mean for service, _ in services]
        units = [project.centre.resources[name].n for name in self.names]
        self.is_ranked = len(project.network.flows) > 1
        make = simpy.PriorityResource if self.is_ranked else simpy.Resource
        self.stations = [make(self.env, int(n)) for n in units]
        self.ways = [
            [
                (way.to, 1.0 if way.share in (None, REST) else read_value(project, way.share))
                for way in stop.exits
            ]
            for stop in route.stops
        ]
        self.n = [0] * len(services)
        self.waited = [0.0] * len(services)
        for flow in project.network.flows:
            priority = project.centre.flows[flow.flow].priority or 0
            self.env.process(self._arrive(1 / read_minutes(project, flow.between), priority))

    def _arrive(self, rate: float, priority: int) -> Generator[simpy.Event, Any, None]:
        env, expovariate = self.env, self.random.expovariate
        visit = self._visit if self.is_ranked else self._visit_once
        while True:
            yield env.timeout(expovariate(rate))
            self.events += 1
            env.process(visit(priority))

    def _visit_once(self, _: int) -> Generator[simpy.Event, Any, None]:
        env = self.env
        asked = env.now
        with self.stations[0].request() as request:
            yield request
            if asked >= self.counts_from:
                self.n[0] += 1
                self.waited[0] += env.now - asked
            yield env.timeout(self.random.expovariate(1 / self.means[0]))
        self.events += 1

    def _visit(self, priority: int) -> Generator[simpy.Event, Any, None]:
        env, expovariate = self.env, self.random.expovariate
        at = 0
        while at != OUT:
            asked = env.now
            with self.stations[at].request(priority=priority) as request:
                yield request
                if asked >= self.counts_from:
                    self.n[at] += 1
                    self.waited[at] += env.now - asked
                yield env.timeout(expovariate(1 / self.means[at]))
            self.events += 1
            at = self._go_on(at)

    def _go_on(self, at: int) -> int:
        ways = self.ways[at]
        if len(ways) > 1:
            left = self.random.random()
            for to, share in ways:
                left -= share
                if left < 0:
                    return to
        return ways[-1][0]

    def run(self) -> None:
        """Run to the end of the last day."""
        self.env.run(until=self.until)

    def list_waits(self) -> dict[str, float]:
        """Return the mean wait at each station, minutes."""
        return {name: w / n for name, n, w in zip(self.names, self.n, self.waited, strict=True)}
