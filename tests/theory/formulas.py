"""Closed forms of queueing theory, without any simulation; times in whatever unit the rates have."""

from collections.abc import Sequence
from itertools import pairwise
from math import exp

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import lil_matrix
from scipy.sparse.linalg import spsolve

Floats = NDArray[np.float64]


def erlang_b(c: int, a: float) -> float:
    """Share lost by `c` servers that are offered the load `a` (Erlang)."""
    loss = 1.0
    for k in range(1, c + 1):
        loss = a * loss / (k + a * loss)
    return loss


def erlang_c(c: int, a: float) -> float:
    """Share who wait before `c` servers that are offered the load `a`."""
    loss = erlang_b(c, a)
    return loss / (1 - a / c * (1 - loss))


def mmc_wait(lam: float, mu: float, c: int) -> float:
    """Mean wait in M/M/c."""
    return erlang_c(c, lam / mu) / (c * mu - lam)


def mmc_later(lam: float, mu: float, c: int, t: float) -> float:
    """Share who wait longer than `t` in M/M/c."""
    return erlang_c(c, lam / mu) * exp(-(c * mu - lam) * t)


def solve_birth_death(births: Sequence[float], deaths: Sequence[float]) -> Floats:
    """Stationary probabilities; `births[n]` leads from n to n + 1, `deaths[n]` back."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(births) - np.log(deaths))])
    weights = np.exp(logs - logs.max())
    chances: Floats = weights / weights.sum()
    return chances


def solve_mmck(lam: float, mu: float, c: int, room: int) -> tuple[float, float]:
    """Share turned away, and mean wait of the others, in M/M/c with `room` places in all."""
    chances = solve_birth_death([lam] * room, [mu * min(n + 1, c) for n in range(room)])
    waiting = float(chances @ np.maximum(np.arange(room + 1) - c, 0))
    return float(chances[-1]), waiting / (lam * (1 - float(chances[-1])))


def solve_erlang_a(lam: float, mu: float, c: int, theta: float, room: int = 2000) -> tuple[float, float]:
    """Share who give up, and mean number waiting, where patience is exponential of rate `theta`."""
    chances = solve_birth_death(
        [lam] * room, [mu * min(n + 1, c) + theta * max(n + 1 - c, 0) for n in range(room)]
    )
    waiting = float(chances @ np.maximum(np.arange(room + 1) - c, 0))
    return theta * waiting / lam, waiting


def solve_finite_source(members: int, c: int, coming: float, mu: float) -> Floats:
    """Chances of so many members at the servers; each comes at rate `coming` while away."""
    return solve_birth_death(
        [coming * (members - n) for n in range(members)], [mu * min(n + 1, c) for n in range(members)]
    )


def mg1_wait(lam: float, mean: float, cv2: float) -> float:
    """Mean wait in M/G/1 (Pollaczek and Khinchine)."""
    return lam * mean**2 * (1 + cv2) / (2 * (1 - lam * mean))


def cobham_mmc(lams: Sequence[float], mu: float, c: int) -> list[float]:
    """Mean waits of classes in order of rank, not interrupting, in M/M/c."""
    loads = np.concatenate([[0.0], np.cumsum(lams)]) / (c * mu)
    first = erlang_c(c, sum(lams) / mu) / (c * mu)
    return [first / ((1 - before) * (1 - after)) for before, after in pairwise(loads)]


def cobham_mg1(lams: Sequence[float], means: Sequence[float], squares: Sequence[float]) -> list[float]:
    """Mean waits of classes in order of rank, not interrupting, in M/G/1 (`squares`: second moments)."""
    loads = np.concatenate([[0.0], np.cumsum(np.multiply(lams, means))])
    residual = float(np.dot(lams, squares)) / 2
    return [residual / ((1 - before) * (1 - after)) for before, after in pairwise(loads)]


def preemptive_mg1(lams: Sequence[float], means: Sequence[float], squares: Sequence[float]) -> list[float]:
    """Mean times in system of classes in order of rank that interrupt lower ones, who resume, in M/G/1."""
    loads = np.concatenate([[0.0], np.cumsum(np.multiply(lams, means))])
    residuals = np.cumsum(np.multiply(lams, squares)) / 2
    return [
        means[k] / (1 - loads[k]) + residuals[k] / ((1 - loads[k]) * (1 - loads[k + 1]))
        for k in range(len(lams))
    ]


def mm1_busy_breakdown(lam: float, mu: float, fail: float, repair: float) -> float:
    """Mean number in M/M/1 whose server fails only while it serves; the service is resumed."""
    down = fail / repair
    mean = (1 + down) / mu
    square = 2 * (1 + down) ** 2 / mu**2 + fail / mu * 2 / repair**2
    return lam * (mean + lam * square / (2 * (1 - lam * mean)))


def mm1_any_breakdown(lam: float, mu: float, fail: float, repair: float) -> float:
    """Mean number in M/M/1 whose server fails at any time; the service is resumed."""
    return lam * ((fail + repair) ** 2 + fail * mu) / ((fail + repair) * (repair * (mu - lam) - lam * fail))


def batch_mm1(lam: float, batch: float, batch_square: float, mu: float) -> float:
    """Mean number in M/M/1 to which `batch` come together (`batch_square`: their second moment)."""
    load = lam * batch / mu
    return load * (1 + batch_square / batch) / (2 * (1 - load))


def solve_appointments(times: Sequence[float], mu: float, show: float) -> tuple[list[float], float]:
    """Mean waits by slot, and mean number there just after the last, with one server and exponential service.

    Parameters
    ----------
    times
        When each is to come, in order; equal ones are served in the order given.
    mu
        Rate of service.
    show
        Share who come.
    """
    chances = np.zeros(len(times) + 1)
    chances[0] = 1.0
    waits: list[float] = []
    last = times[0]
    for when in times:
        chances = _drain(chances, mu * (when - last))
        waits.append(float(chances @ np.arange(len(chances))) / mu)
        came = np.concatenate([[0.0], chances[:-1]])
        chances = show * came + (1 - show) * chances
        last = when
    return waits, float(chances @ np.arange(len(chances)))


def _drain(chances: Floats, services: float) -> Floats:
    """Chances of so many left after `services` mean services could have been done."""
    poisson = [exp(-services)]
    for k in range(1, len(chances)):
        poisson.append(poisson[-1] * services / k)
    left = np.zeros(len(chances))
    for n in range(len(chances)):
        for done in range(n):
            left[n - done] += chances[n] * poisson[done]
        left[0] += chances[n] * (1 - sum(poisson[:n]))
    return left


def solve_two_phase_rooms(
    lam: float, rooms: int, setting_up: float, beam: float, leaving: float, most: int = 400
) -> tuple[float, float]:
    """Mean wait for a room and mean wait for the shared beam, by the chain itself.

    Rooms are held for three exponential phases, in the second of which the one beam is held too;
    `setting_up`, `beam` and `leaving` are their rates. States: people there (at most `most`), those at
    set-up, those at the beam.
    """
    states = [
        (n, i, j)
        for n in range(most + 1)
        for i in range(min(n, rooms) + 1)
        for j in range(min(n, rooms) - i + 1)
    ]
    index = {state: k for k, state in enumerate(states)}
    balance = lil_matrix((len(states), len(states)))
    for (n, i, j), k in index.items():
        out = min(n, rooms) - i - j
        moves = []
        if n < most:
            moves.append(((n + 1, i + (n < rooms), j), lam))
        if i:
            moves.append(((n, i - 1, j + 1), i * setting_up))
        if j:
            moves.append(((n, i, j - 1), beam))
        if out:
            moves.append(((n - 1, i + (n > rooms), j), out * leaving))
        for state, rate in moves:
            balance[index[state], k] += rate
            balance[k, k] -= rate
    balance[0, :] = 1.0
    right = np.zeros(len(states))
    right[0] = 1.0
    chances = spsolve(balance.tocsr(), right)
    people, at_beam = (np.array([state[part] for state in states]) for part in (0, 2))
    for_room = float(chances @ np.maximum(people - rooms, 0)) / lam
    for_beam = float(chances @ np.maximum(at_beam - 1, 0)) / lam
    return for_room, for_beam


def mean_value_analysis(members: int, think: float, demands: Sequence[float]) -> tuple[float, list[float]]:
    """Throughput and mean numbers at single servers that `members` visit in turn, after `think` away."""
    there = np.zeros(len(demands))
    rate = 0.0
    for n in range(1, members + 1):
        stays = np.asarray(demands) * (1 + there)
        rate = n / (think + float(stays.sum()))
        there = rate * stays
    return rate, [float(x) for x in there]


def sinusoid_census(lam: float, beta: float, gamma: float, mean: float, t: float, *, fixed: bool) -> float:
    """Mean number in Mt/G/inf at `t` where arrivals come at ``lam + beta sin(gamma t)``.

    Times in service are exponential, or all alike if `fixed`.
    """
    if fixed:
        return float(lam * mean + beta * (np.cos(gamma * (t - mean)) - np.cos(gamma * t)) / gamma)
    mu = 1 / mean
    wave = (mu * np.sin(gamma * t) - gamma * np.cos(gamma * t)) / (mu**2 + gamma**2)
    return float(lam * mean + beta * wave)
