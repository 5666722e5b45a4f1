"""`Rounds`: what nurses of a demonstration do at beds, so that a ward looks as on a working day."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from itertools import islice
from random import Random
from typing import Final, NamedTuple

from oncopolis.foundation import OncopolisError
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations import Floor, Live
from oncopolis.operations.nursing import NursingTask, Tasks
from oncopolis.operations.nursing.signs import SignId
from oncopolis.operations.wards.views import Stay

BEDS: Final = 10  # structure: of one look, so that nobody waits for them
MEASURED: Final = frozenset({"signs", "pain"})
"""Rules that are met by measuring."""
_USUAL: Final[Mapping[SignId, tuple[float, float]]] = {
    "respiration": (16, 2), "saturation": (96, 1.5), "systolic": (124, 10), "diastolic": (76, 6),
    "pulse": (78, 8), "temperature": (36.8, 0.3), "pain": (3, 1.5),
}  # fmt: skip  # structure: invented, nothing is concluded from it
"""Middle and spread of what is measured."""
_BEFORE_MIN: Final = 450  # structure: within a shift of eight hours
_SLOW: Final = 9  # structure: one bed in so many is come to late
_PATIENCE_MIN: Final = 40  # structure: after which somebody comes there, too

Do = Callable[..., object]
"""Does an act of a name at a moment with what is said."""


class _Due(NamedTuple):
    """What is due at a bed, and when it is said to have been done."""

    stay: str
    tasks: tuple[NursingTask, ...]
    at_ms: int | None


class Rounds:
    """Looks after what is due: at first what was done earlier in the shift, then as it comes.

    Parameters
    ----------
    do
        Does an act of a name, at a moment in milliseconds since 1970 (UTC), or now if that is None.
    """

    def __init__(self, live: Live, do: Do) -> None:
        self._live, self._do = live, do
        self._seen: set[str] = set()

    def go(self, now_ms: int) -> None:
        """Do what is due now; at some beds nobody is in time."""
        due = self._live.ask(lambda floor: list(islice(self._find(floor, now_ms), BEDS)))
        for one in due:
            self._seen.add(one.stay)
            with suppress(OncopolisError):  # Somebody else was there, or they have left meanwhile.
                self._look_after(one, now_ms)

    def _find(self, floor: Floor, now_ms: int) -> Iterator[_Due]:
        tasks = floor.index(Tasks)
        for stay in floor.list(Stay):
            due = [task for task in tasks.list_of(stay.id) if task.due_ms <= now_ms]
            if stay.id not in self._seen and due:
                before_ms = Random(stay.id).randrange(_BEFORE_MIN) * MS_PER_MINUTE  # noqa: S311 - made up
                yield _Due(stay.id, tuple(due), now_ms - before_ms)
            elif ripe := [task for task in due if _is_come_to(task, now_ms)]:
                yield _Due(stay.id, tuple(ripe), None)

    def _look_after(self, due: _Due, now_ms: int) -> None:
        kinds = {task.kind for task in due.tasks}
        if kinds & MEASURED:
            values = draw_signs(Random(f"{due.stay}{now_ms}"))  # noqa: S311 - made up
            self._do("note_signs", due.at_ms, stay=due.stay, **_choose(values, kinds))
        for task in due.tasks:
            if task.kind not in MEASURED:
                self._do("finish_task", due.at_ms, task=task.id)


def _is_come_to(task: NursingTask, now_ms: int) -> bool:
    """Whether somebody has time for it: at most beds at once, at others in a while."""
    draw = Random(task.id)  # noqa: S311 - made up
    patience_min = 0 if draw.randrange(_SLOW) else draw.randrange(_PATIENCE_MIN)
    return now_ms - task.due_ms >= patience_min * MS_PER_MINUTE


def _choose(values: Mapping[SignId, float], kinds: AbstractSet[str]) -> dict[str, float]:
    """Return what is measured: pain alone where only pain is asked for."""
    return {sign: value for sign, value in values.items() if "signs" in kinds or sign == "pain"}


def draw_signs(draw: Random) -> dict[SignId, float]:
    """Return what is measured at somebody."""
    made: dict[SignId, float] = {}
    for sign, (middle, spread) in _USUAL.items():
        value = draw.gauss(middle, spread)
        made[sign] = round(value, 1) if sign == "temperature" else float(max(round(value), 0))
    made["saturation"] = min(made["saturation"], 100.0)  # structure: per cent
    made["pain"] = min(made["pain"], 10.0)  # structure: end of the scale
    return made
