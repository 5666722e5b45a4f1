"""`Inventing`: readings of a demonstration, which are invented as its patients are."""

from collections.abc import Callable, Iterable, Sequence
from math import sin, tau
from random import Random
from time import time
from typing import Final

from oncopolis.biobank.watching.readings import Kind, Reading, Sensor
from oncopolis.web.chore import Chore

EVERY_S: Final = 5.0  # structure: seconds between two readings of a sensor
CYCLE_S: Final = 1_200.0  # structure: seconds in which one tank fails after another
_WARM_S: Final = 300.0  # structure: seconds for which it does
_COLD_C, _NOISE_C, _WARM_C = -187.0, 0.4, 45.0  # structure: what is invented
_FULL, _EMPTYING_S = 0.9, 86_400.0  # structure: what is invented
_AIR, _AIR_NOISE = 0.209, 0.0005  # structure: what is invented
_USED, _APART = 0.5, 4  # structure: what is invented
_SEED: Final = 26  # structure: of a demonstration


class Inventing(Chore):
    """Tells invented readings while it is entered: now and then a tank warms, and gets cold again."""

    def __init__(self, take: Callable[[Sequence[Reading]], object], sensors: Iterable[Sensor]) -> None:
        self._take, self._sensors = take, tuple(sensors)
        self._tanks = sorted({subject for subject, kind in self._sensors if kind == "temperature"})
        self._random = Random(_SEED)  # noqa: S311 - a demonstration
        self._begun_s = time()
        super().__init__("invented tanks")

    def _run(self) -> None:
        while True:
            self._take(self.invent(time() - self._begun_s))
            if self._stopping.wait(EVERY_S):
                return

    def invent(self, after_s: float) -> list[Reading]:
        """Readings of all sensors so long after the beginning, seconds."""
        return [
            Reading(subject, kind, self._invent(subject, kind, after_s)) for subject, kind in self._sensors
        ]

    def _invent(self, subject: str, kind: Kind, after_s: float) -> float:
        n = self._tanks.index(subject) if subject in self._tanks else 0
        if kind == "temperature":
            cycle, into_s = divmod(after_s, CYCLE_S)
            is_warm = bool(self._tanks) and n == (int(cycle) * 7 + 6) % len(
                self._tanks
            )  # structure: invented
            rise = sin(tau / 2 * into_s / _WARM_S) if is_warm and into_s < _WARM_S else 0.0
            return round(_COLD_C + n % _APART + self._random.gauss(0, _NOISE_C) + _WARM_C * rise, 1)
        if kind == "level":
            return round(_FULL - _USED * ((after_s / _EMPTYING_S + n / max(len(self._tanks), 1)) % 1), 3)
        return {"lid": 0.0, "interlock": 1.0, "oxygen": round(_AIR + self._random.gauss(0, _AIR_NOISE), 4)}[
            kind
        ]
