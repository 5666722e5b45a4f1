"""Closed forms for the queue and the network: what every engine has to find."""

import numpy as np

from oncopolis.centre import Project
from oncopolis.centre.route import OUT, REST
from reading import read_minutes, read_service, read_value


def compute_wait(rate: float, mean: float, servers: int) -> float:
    """Return the mean wait of M/M/c (Erlang C) in the unit of `mean`."""
    offered = rate * mean
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = offered * blocked / (n + offered * blocked)
    waits = blocked / (1 - offered / servers * (1 - blocked))
    return waits * mean / (servers - offered)


def compute_waits(project: Project) -> dict[str, float]:
    """Return the mean wait over everybody at each station, minutes.

    The network is one of Jackson but for its ranks, and these change who waits, not how long all wait
    together, as the service is alike for all ranks.
    """
    (route,) = project.network.routes.values()
    n = len(route.stops)
    further = np.zeros((n, n))
    for i, stop in enumerate(route.stops):
        left = 1.0
        for way in stop.exits:
            share = left if way.share in (None, REST) else read_value(project, way.share)
            left -= share
            if way.to != OUT:
                further[i, way.to] += share
    outside = np.zeros(n)
    outside[0] = sum(1 / read_minutes(project, flow.between) for flow in project.network.flows)
    rates = np.linalg.solve(np.eye(n) - further.T, outside)
    waits = {}
    for stop, rate in zip(route.stops, rates, strict=True):
        service, (name,) = read_service(project, stop)
        waits[name] = compute_wait(float(rate), service.mean, int(project.centre.resources[name].n))
    return waits
