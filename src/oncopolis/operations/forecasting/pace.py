"""`Pace`: how fast an area works today, against what the definition says."""

import math
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.forecasting.durations import Duration
from oncopolis.operations.views import View

WEIGHT = 8.0  # structure: observations of today that count as much as the definition
_KEPT = 200  # structure: finished contacts an area remembers


@dataclass(frozen=True, slots=True)
class Tempo:
    """What today says.

    Parameters
    ----------
    n
        How many were finished.
    shift
        Mean logarithm of taken over usual time, drawn towards 0 by `WEIGHT`.
    squares
        Sum of the squares around it.
    """

    n: int
    shift: float
    squares: float

    def apply(self, duration: Duration) -> Duration:
        """Return a duration as it is today."""
        variance = (WEIGHT * duration.sigma**2 + self.squares) / (WEIGHT + self.n)
        return Duration(duration.mu + self.shift, math.sqrt(variance))

    def compute_sd(self, durations: Sequence[Duration]) -> float:
        """Return how uncertain the pace itself is, as a standard deviation of its logarithm."""
        if not durations:
            return 0.0
        variance = sum(one.sigma**2 for one in durations) / len(durations)
        return math.sqrt(variance / (WEIGHT + self.n))


class Pace:
    """How long what was finished took, area by area; forgotten with the process, not with the day."""

    KIND: ClassVar[type[View]] = Contact

    def __init__(self) -> None:
        self.durations: Mapping[str, Duration] = {}
        self._taken: defaultdict[str, deque[tuple[int, str, float]]] = defaultdict(
            lambda: deque(maxlen=_KEPT)
        )

    def change(self, before: Contact | None, after: Contact | None) -> None:
        """Only ends count."""

    def end(self, contact: Contact) -> None:
        """Remember how long something took."""
        if contact.end == "done" and contact.start_ms is not None and contact.end_ms is not None:
            taken = (contact.end_ms - contact.start_ms) / MS_PER_MINUTE
            if taken > 0.0:
                self._taken[contact.area].append((contact.end_ms, contact.activity, taken))

    def measure(self, area: str, since_ms: int) -> Tempo:
        """Return the tempo of an area since a moment."""
        logs = [
            math.log(taken) - self.durations[activity].mu
            for end_ms, activity, taken in self._taken[area]
            if end_ms >= since_ms
        ]
        shift = sum(logs) / (WEIGHT + len(logs))
        return Tempo(len(logs), shift, sum((log - shift) ** 2 for log in logs))
