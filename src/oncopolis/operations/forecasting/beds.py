"""`foresee_ward`: the next 72 hours of a ward, how many will want a bed, and how many beds there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import ceil, exp, sqrt
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation.units import MINUTES_PER_HOUR, MS_PER_HOUR, MS_PER_MINUTE
from oncopolis.operations.floor import Floor
from oncopolis.operations.forecasting.durations import Duration, list_durations
from oncopolis.operations.views import View
from oncopolis.operations.wards.indexes import Beds
from oncopolis.operations.wards.views import Stay

HOURS = 72  # structure: how far a ward is foreseen
STEP_HOURS = 6  # structure: from one look to the next
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9  # structure: an interval that holds 80 of 100
_PARTS = 12  # structure: moments of coming that a stretch is cut into
_FAR = 6.0  # structure: standard deviations above the mean that are looked at

Chances = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A ward at a moment to come.

    Parameters
    ----------
    hours
        Hours from now.
    low, middle, high
        Patients who want a bed of it: 8 of 10 between `low` and `high`. More than `n_beds` will not find one.
    n_beds
        Beds that are not closed.
    full
        Chance that all beds are wanted or more.
    leaving, coming
        Patients of now who are expected to have left, and patients expected to have come.
    """

    hours: int
    low: int
    middle: int
    high: int
    n_beds: int
    full: float
    leaving: float
    coming: float


class Wards:
    """Who is on which ward, and how long stays take."""

    KIND: ClassVar[type[View]] = Stay

    def __init__(self) -> None:
        self.of_ward: defaultdict[str, dict[str, Stay]] = defaultdict(dict)
        self._durations: Mapping[str, Duration] | None = None

    def change(self, before: Stay | None, after: Stay | None) -> None:
        """Somebody is expected, comes, or goes."""
        if before is not None:
            self.of_ward[before.ward].pop(before.id, None)
        if after is not None:
            self.of_ward[after.ward][after.id] = after

    def get_durations(self, floor: Floor) -> Mapping[str, Duration]:
        """Return how long activities take, by the definition."""
        if self._durations is None:
            self._durations = list_durations(floor.house)
        return self._durations


def foresee_ward(floor: Floor, ward: str, at_ms: int) -> tuple[Outlook, ...]:
    """Return a ward at every sixth hour of the next 72.

    Who is there leaves by the distribution of the stay, given how long it has lasted, or when a discharge is
    ordered for; who is planned comes then; others come as often as keeps as many unplanned stays there as
    there are now.
    """
    wards = floor.index(Wards)
    stays, durations = list(wards.of_ward[ward].values()), wards.get_durations(floor)
    n_beds = sum(bed.state != "closed" for bed in floor.index(Beds).of_ward[ward].values())
    here = [stay for stay in stays if stay.state != "planned"]
    planned = [stay for stay in stays if stay.state == "planned"]
    unplanned = [stay for stay in here if not stay.planned]
    return tuple(
        _foresee(
            hours,
            [_stay_on(stay, durations[stay.activity], at_ms, hours) for stay in here],
            [_come(stay, durations[stay.activity], at_ms, hours) for stay in planned],
            _list_chances(_count_others(unplanned, durations, hours), len(unplanned)),
            n_beds,
        )
        for hours in range(STEP_HOURS, HOURS + 1, STEP_HOURS)
    )


def _stay_on(stay: Stay, duration: Duration, at_ms: int, hours: int) -> float:
    """Return the chance that somebody is still there."""
    then_ms = at_ms + hours * MS_PER_HOUR
    if stay.state == "discharged":
        return 0.0
    if stay.due_ms is not None:
        return float(stay.due_ms > then_ms)
    elapsed_min = max(at_ms - (stay.came_ms or at_ms), 0) / MS_PER_MINUTE
    return duration.compute_left(elapsed_min, hours * MINUTES_PER_HOUR)


def _come(stay: Stay, duration: Duration, at_ms: int, hours: int) -> float:
    """Return the chance that somebody who is planned is there."""
    comes_ms = max(stay.expected_ms or at_ms, at_ms)
    left_min = (at_ms + hours * MS_PER_HOUR - comes_ms) / MS_PER_MINUTE
    return duration.compute_left(0.0, left_min) if left_min >= 0.0 else 0.0


def _count_others(unplanned: Iterable[Stay], durations: Mapping[str, Duration], hours: int) -> float:
    """Return how many come unplanned and are there then, by Little's law on those who are there now."""
    n = 0.0
    for stay in unplanned:
        duration = durations[stay.activity]
        mean_min = exp(duration.mu + duration.sigma**2 / 2)
        step_min = hours * MINUTES_PER_HOUR / _PARTS
        # Each stay that is there says that one comes in the time it takes.
        waits = ((part + 1 / 2) * step_min for part in range(_PARTS))
        n += sum(duration.compute_left(0.0, wait) for wait in waits) * step_min / mean_min
    return n


def _foresee(hours: int, staying: list[float], coming: list[float], others: Chances, n_beds: int) -> Outlook:
    chances = reduce(np.convolve, ([1.0 - p, p] for p in (*staying, *coming)), np.ones(1))
    chances = np.convolve(chances, others)
    below = np.cumsum(chances)
    low, middle, high = (int(np.searchsorted(below, share)) for share in (LOW, MIDDLE, HIGH))
    return Outlook(
        hours, low, middle, high, n_beds, float(chances[n_beds:].sum()),
        leaving=len(staying) - sum(staying), coming=sum(coming) + float(others @ np.arange(len(others))),
    )  # fmt: skip


def _list_chances(mean: float, n_seen: int) -> Chances:
    """Return the chances that 0, 1, 2, ... of those who come unplanned are there.

    How often they come is known only from the `n_seen` who are there now: a Poisson number whose mean has the
    gamma distribution that these leave, which is a negative binomial one.
    """
    if n_seen == 0:
        return np.ones(1)
    share = mean / (n_seen + mean)
    chances = [(1.0 - share) ** n_seen]
    for n in range(1, ceil(mean + _FAR * sqrt(mean / (1.0 - share))) + 1):
        chances.append(chances[-1] * share * (n_seen + n - 1) / n)
    return np.array(chances)
