"""The kernel does, draw for draw, what a slow event calendar does."""

import heapq
import math
from itertools import count
from typing import Any

import numpy as np
import pytest

from oncopolis.operations.forecasting.kernels import foreseeing
from oncopolis.operations.forecasting.kernels.foreseeing import foresee
from oncopolis.twin.reference.draws import child, normal, uniform

HALF = 0.5
EDGE = 1e-12


def draw_left(mu: float, sigma: float, elapsed: float, u: float) -> float:
    if sigma == 0:
        return max(math.exp(mu) - elapsed, 0.0)
    if elapsed > 0:
        below = HALF * math.erfc(-(math.log(elapsed) - mu) / (sigma * math.sqrt(2)))
        u = below + (1 - below) * u
    return max(math.exp(mu + sigma * normal(min(max(u, EDGE), 1 - EDGE))) - elapsed, 0.0)


def draw_coming(due: float, mean: float, sd: float, u: float) -> float:
    if sd == 0:
        return max(due + mean, 0.0)
    below = HALF * math.erfc((due + mean) / (sd * math.sqrt(2)))
    return max(due + mean + sd * normal(min(max(below + (1 - below) * u, EDGE), 1 - EDGE)), 0.0)


def list_waits(case: dict[str, Any], keys: list[int], s: int) -> dict[int, float]:
    """When each who has not begun is there; without those who never come."""
    waits: dict[int, float] = {}
    for j, key in enumerate(keys):
        if case["elapsed"][j] >= 0:
            continue
        if case["comes"][j] >= 1:
            waits[j] = float(case["due"][j])
        elif uniform(key, foreseeing.FOR_COMING, s) < case["comes"][j]:
            u = uniform(key, foreseeing.FOR_LATENESS, s)
            waits[j] = draw_coming(
                float(case["due"][j]), float(case["lateness"][0]), float(case["lateness"][1]), u
            )
    return waits


def live_on(case: dict[str, Any], s: int) -> list[float]:
    """One sample by an event calendar: every event tries everybody who waits, in order."""
    keys = [int(key) for key in case["keys"]]
    mu, sigma, elapsed = (list(map(float, case[name])) for name in ("mu", "sigma", "elapsed"))
    needs = case["needs"]
    free = [int(n) for n in case["capacity"]]
    pace = case["pace_sd"] * normal(uniform(child(keys[0], foreseeing.FOR_PACE), foreseeing.FOR_PACE, s))
    starts = [math.inf] * len(keys)
    waits = list_waits(case, keys, s)
    calendar: list[tuple[float, int, tuple[int, ...]]] = [(0.0, -1, ())]
    tie = count()

    def begin(j: int, now: float, gone: float) -> None:
        starts[j] = now - gone
        left = draw_left(mu[j] + pace, sigma[j], gone, uniform(keys[j], foreseeing.FOR_DURATION, s))
        for r, n in enumerate(needs[j]):
            free[r] -= int(n)
        end = now + left if gone or elapsed[j] >= 0 else now + max(left, 1e-9)
        heapq.heappush(calendar, (end, next(tie), tuple(int(n) for n in needs[j])))

    for j in range(len(keys)):
        if elapsed[j] >= 0:
            begin(j, 0.0, elapsed[j])
    for at in (*waits.values(), *(float(gap[1]) for gaps in case["gaps"] for gap in gaps)):
        if at > 0:
            heapq.heappush(calendar, (at, next(tie), ()))
    while calendar and waits:
        now = calendar[0][0]
        while calendar and calendar[0][0] <= now:
            for r, n in enumerate(heapq.heappop(calendar)[2]):
                free[r] += n
        for j in sorted(waits):
            closed = any(n and any(a <= now < b for a, b in case["gaps"][r]) for r, n in enumerate(needs[j]))
            if waits[j] <= now and not closed and all(free[r] >= n for r, n in enumerate(needs[j])):
                del waits[j]
                begin(j, now, 0.0)
    return starts


def make_case(seed: int) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    n, n_served = int(draw.integers(3, 25)), int(draw.integers(0, 3))
    needs = draw.integers(0, 2, size=(n, 2)) + (draw.random((n, 2)) < 0.1)
    needs[needs.sum(axis=1) == 0, 0] = 1
    elapsed = np.where(np.arange(n) < n_served, draw.uniform(0, 40, n), -1.0)
    gaps = np.full((2, 1, 2), -1440.0)
    if seed % 2:
        gaps[0, 0] = (10.0, 70.0)
    return {
        "keys": draw.integers(1, 2**63, n).astype(np.uint64),
        "mu": draw.uniform(2.5, 3.5, n),
        "sigma": np.where(draw.random(n) < 0.2, 0.0, draw.uniform(0.1, 0.8, n)),
        "elapsed": elapsed,
        "needs": needs.astype(np.int64),
        "kinds": np.unique(needs, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64),
        "due": np.where(elapsed >= 0, 0.0, np.where(draw.random(n) < 0.6, 0.0, draw.uniform(-20, 120, n))),
        "comes": np.where((draw.random(n) < 0.3) & (elapsed < 0), 0.8, 1.0),
        "lateness": np.array([-20.0, 14.0 * (seed % 3 > 0)]),
        "capacity": draw.integers(2, 5, 2).astype(np.int64),
        "gaps": gaps,
        "pace_sd": 0.1,
    }


@pytest.mark.parametrize("seed", range(12))
def test_it_is_what_the_slow_one_does(seed: int) -> None:
    case = make_case(seed)
    fast = foresee(**case, n_samples=5)
    slow = np.array([live_on(case, s) for s in range(5)])
    np.testing.assert_allclose(fast, slow, rtol=0, atol=1e-6)


def test_nobody_begins_without_what_they_need() -> None:
    case = make_case(0) | {"capacity": np.array([0, 0])}
    starts = foresee(**case, n_samples=3)
    assert np.isinf(starts[:, case["elapsed"] < 0]).all()
