"""How long activities take and how that spreads from patient to patient: what the twin draws from."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from oncopolis.centre import BoundActivity, Coefficient
from oncopolis.centre.context import make_context
from oncopolis.centre.number import Number
from oncopolis.centre.route import BoundPhase
from oncopolis.evidence import Row
from oncopolis.foundation.units import convert
from oncopolis.operations.house import House

_LEAST_MIN = 0.01  # structure: minutes of what takes no time, so that it has a logarithm


@dataclass(frozen=True, slots=True)
class Duration:
    """Minutes as a lognormal with the mean and standard deviation that the definition gives the whole.

    Parameters
    ----------
    mu, sigma
        Mean and standard deviation of the logarithm.
    """

    mu: float
    sigma: float

    @classmethod
    def of_moments(cls, mean_min: float, sd_min: float) -> "Duration":
        """Return the one of a mean and a standard deviation."""
        mean = max(mean_min, _LEAST_MIN)
        variance = math.log1p((sd_min / mean) ** 2)
        return cls(math.log(mean) - variance / 2, math.sqrt(variance))

    def compute_left(self, elapsed_min: float, left_min: float) -> float:
        """Return the share of those, of whom so much has gone by, that take so much longer or more."""
        gone = self._compute_above(elapsed_min)
        return self._compute_above(elapsed_min + left_min) / gone if gone > 0.0 else 0.0

    def _compute_above(self, minutes: float) -> float:
        if minutes <= 0.0:
            return 1.0
        if self.sigma <= 0.0:
            return float(minutes < math.exp(self.mu))
        return math.erfc((math.log(minutes) - self.mu) / (self.sigma * math.sqrt(2.0))) / 2


def list_durations(house: House) -> Mapping[str, Duration]:
    """Return how long each activity takes while the patient is there, as the first step that does it."""
    found: dict[str, Duration] = {}
    for route in house.network.routes.values():
        for stop in route.stops:
            for task in stop.tasks:
                if task.activity.id not in found:
                    found[task.activity.id] = find_duration(house, task.activity)
    return found


def find_duration(house: House, activity: BoundActivity) -> Duration:
    """Return how long an activity takes while the patient is there, as one step does it."""
    moments = [_find_moments(house, phase) for phase in activity.phases if phase.patient]
    mean, variance = sum(mean for mean, _ in moments), sum(sd**2 for _, sd in moments)
    return Duration.of_moments(mean, math.sqrt(variance))


def _find_moments(house: House, phase: BoundPhase) -> tuple[float, float]:
    if isinstance(phase.duration, int):
        return float(phase.duration), 0.0
    row = house.equipped.project.evidence.get_row(phase.duration)
    factor = convert(1, row.unit, "min", phase.duration)
    return row.value * factor, compute_sd(row) * factor


def compute_sd(row: Row) -> float:
    """Return the standard deviation from case to case that a row states, in its unit; 0 if it states none."""
    spread = row.distribution
    if spread is None or spread.family == "fixed":
        return 0.0
    if spread.family == "exponential":
        return row.value
    if spread.low is not None and spread.high is not None:
        low, high, mode = spread.low, spread.high, spread.compute_mode(row.value)
        if spread.family == "uniform":
            return (high - low) / math.sqrt(12)  # structure: of a flat distribution
        ends = low**2 + high**2 + mode**2 - low * high - low * mode - high * mode
        return math.sqrt(ends / 18)  # structure: of a triangle
    return spread.sd if spread.sd is not None else (spread.cv or 0.0) * abs(row.value)


def resolve(house: House, number: Number | None, *path: str) -> Coefficient | None:
    """Return the coefficient written at a path of the definition; None if there is none."""
    if number is None:
        return None
    return house.equipped.project.resolver.resolve(number, path, make_context(house.centre))
