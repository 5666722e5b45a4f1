"""The queue and the network in Cimba: a process for each patient, and for the queue its fastest idiom too."""

from dataclasses import dataclass

import cimba as cb
import numpy as np

from oncopolis.centre import Project
from oncopolis.centre.route import OUT, REST
from reading import MINUTES_A_DAY, read_minutes, read_service, read_value


class Station(cb.Model):
    """A station with its waits."""

    units: cb.Resource
    mean: float = 1.0
    n: cb.Output[int]
    waited: cb.Output[float]

    @cb.on_start
    def begin(self):
        """Start to count."""
        self.waited = 0.0


class Route(cb.Model):
    """Stations, and the shares with which somebody goes from one to another (rows sum to 1; out is last)."""

    stations: list[Station]
    further: cb.Array[float]
    counts_from: float = 0.0
    events: cb.Output[int]


class Patient(cb.Model):
    """Somebody who goes from station to station."""

    route: cb.Ref[Route]
    rank: int

    @cb.process
    def visit(self):
        """Wait, be served, go on."""
        route = self.route
        n = len(route.stations)
        at = 0
        cb.this_process().priority_set(self.rank)
        while at < n:
            station = route.stations[at]
            asked = cb.now()
            station.units.acquire(1)
            if asked >= route.counts_from:
                station.n += 1
                station.waited += cb.now() - asked
            cb.hold(cb.random.exponential(station.mean))
            station.units.release(1)
            route.events += 1
            left = cb.random.uniform(0.0, 1.0)
            further = 0
            while further < n and left >= route.further[at * (n + 1) + further]:
                left -= route.further[at * (n + 1) + further]
                further += 1
            at = further
        cb.release(self)


class Source(cb.Model):
    """Those of one rank who come."""

    route: cb.Ref[Route]
    between: float = 1.0
    rank: int = 0

    @cb.process
    def arrive(self):
        """Let one after the other come."""
        while True:
            cb.hold(cb.random.exponential(self.between))
            self.route.events += 1
            cb.spawn(Patient, route=self.route, rank=self.rank)


class Network(cb.Model):
    """Stations and sources together."""

    route: Route
    sources: list[Source]


class Looping(cb.Model):
    """M/M/c with a process for each server, which takes customers out of a store by their time of arrival."""

    queue: cb.Store[float]
    between: float = 1.0
    mean: float = 1.0
    counts_from: float = 0.0
    n: cb.Output[int]
    waited: cb.Output[float]
    events: cb.Output[int]

    @cb.on_start
    def begin(self):
        """Start to count."""
        self.waited = 0.0

    @cb.process
    def arrive(self):
        """Let one after the other come."""
        while True:
            cb.hold(cb.random.exponential(self.between))
            self.events += 1
            self.queue.put(cb.now())

    @cb.process(copies=10)
    def serve(self):
        """Serve one after the other."""
        while True:
            asked = self.queue.get()
            if asked >= self.counts_from:
                self.n += 1
                self.waited += cb.now() - asked
            cb.hold(cb.random.exponential(self.mean))
            self.events += 1


@dataclass
class Made:
    """A model ready to run, with where its results stand."""

    experiment: cb.Experiment
    model: Network | Looping
    names: list[str]

    def run(self) -> tuple[int, dict[str, float]]:
        """Run; return events and mean waits by station, minutes."""
        results = self.experiment.run(workers=1)
        if results.failed.any():
            raise RuntimeError(str(results.failure_reasons))

        def get(node: cb.Model, name: str) -> float:
            return float(np.asarray(getattr(results[node], name).values).ravel()[0])

        if isinstance(self.model, Looping):
            waits = {self.names[0]: get(self.model, "waited") / get(self.model, "n")}
            return int(get(self.model, "events")), waits
        stations = self.model.route.stations
        return int(get(self.model.route, "events")), {
            name: get(station, "waited") / get(station, "n")
            for name, station in zip(self.names, stations, strict=True)
        }


def make_network(project: Project, days: int, warmup_days: int, seed: int) -> Made:
    """Make the route of a project, a process for each patient."""
    (path,) = project.network.routes.values()
    n = len(path.stops)
    route, names, further = Route(), [], np.zeros((n, n + 1))
    stations = []
    for i, stop in enumerate(path.stops):
        service, held = read_service(project, stop)
        station = Station()
        station.units = cb.Resource(capacity=int(project.centre.resources[held[0]].n))
        station.mean = service.mean
        stations.append(station)
        names.append(held[0])
        for way in stop.exits:
            share = 1 - further[i].sum() if way.share in (None, REST) else read_value(project, way.share)
            further[i, n if way.to == OUT else way.to] = share
    route.stations = stations
    route.further = cb.Array([float(share) for share in further.ravel()])
    route.counts_from = float(warmup_days * MINUTES_A_DAY)
    network = Network()
    network.route = route
    sources = []
    for flow in project.network.flows:
        source = Source()
        source.route = route
        source.between = read_minutes(project, flow.between)
        source.rank = -(project.centre.flows[flow.flow].priority or 0)
        sources.append(source)
    network.sources = sources
    window = cb.Window(duration=float(days * MINUTES_A_DAY))
    return Made(cb.Experiment(network, window=window, seed=seed), network, names)


def make_looping(project: Project, days: int, warmup_days: int, seed: int) -> Made:
    """Make a queue of one station, a process for each of its ten servers."""
    (path,) = project.network.routes.values()
    service, held = read_service(project, path.stops[0])
    model = Looping()
    model.between = read_minutes(project, project.network.flows[0].between)
    model.mean = service.mean
    model.counts_from = float(warmup_days * MINUTES_A_DAY)
    window = cb.Window(duration=float(days * MINUTES_A_DAY))
    return Made(cb.Experiment(model, window=window, seed=seed), model, [held[0]])
