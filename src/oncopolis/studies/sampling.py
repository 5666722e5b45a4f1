"""`Sampler`: runs any replication of one prepared centre, here or in another process."""

import pickle
import time
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from oncopolis.centre.equipped import Equipped
from oncopolis.centre.intake import Intake
from oncopolis.foundation import InputError
from oncopolis.studies.preparing import Prepared
from oncopolis.twin import Beginning, Model, Result, compile_model, simulate
from oncopolis.twin.loading import load_kernels
from oncopolis.twin.simulating import Journal, Progress

HISTORY_DAYS = 3650  # structure: ten years, after which cohorts have their shape
WARMUP_DAYS = 28  # structure: four weeks, in which queues and bookings take their shape
KEPT_MODELS = 10  # structure: what a process keeps in memory
"""A centre and the alternatives it is compared with."""


@dataclass(frozen=True)
class Period:
    """Which days are run, and from what state."""

    start: date
    """First day counted."""
    days: int
    """Days counted."""
    warmup_days: int = 0
    """Days run before, not counted."""
    history_days: int = 0
    """Days before those in which people come without waiting for anything."""


def choose_period(
    prepared: Prepared,
    *,
    days: int,
    start: date | None = None,
    warmup_days: int | None = None,
    history_days: int | None = None,
) -> Period:
    """Say which days are run.

    Parameters
    ----------
    prepared
        The centre.
    days
        Days counted.
    start
        First of them; if left out, 1 January of the year the last phase is sized for, later by the warm-up
        where that would fall into the time before anything is open.
    warmup_days
        Days before it; by default 28 where there are cohorts or a campus, else none.
    history_days
        Days before those; by default 3,650 where there are cohorts, else none.

    Raises
    ------
    InputError
        TWN-063 if days are below 1, or a run would begin or end in no year of the calendar.
    """
    project = prepared.project
    has_cohorts = bool(project.network.entries)
    if history_days is None:
        history_days = HISTORY_DAYS if has_cohorts else 0
    if warmup_days is None:
        warmup_days = WARMUP_DAYS if has_cohorts or project.centre.campus.buildings else 0
    if days < 1 or warmup_days < 0 or history_days < 0:
        raise _refuse(f"{days} days after {warmup_days} of warm-up and {history_days} of history")
    first = start or _choose_first(prepared, 0 if history_days else warmup_days)
    try:
        _ = first - timedelta(days=history_days + warmup_days), first + timedelta(days=days)
    except OverflowError as error:
        raise _refuse(f"{days} days from {first}") from error
    return Period(first, days, warmup_days, history_days)


def _choose_first(prepared: Prepared, warmup_days: int) -> date:
    reference = prepared.project.centre.reference_year
    opens = min(prepared.equipped.opened.values(), default=reference)
    latest = (date.max - date(opens, 1, 1)).days
    return max(date(reference, 1, 1), date(opens, 1, 1) + timedelta(days=min(warmup_days, latest)))


def _refuse(got: str) -> InputError:
    return InputError(
        code="TWN-063",
        where="--days",
        got=got,
        expected="at least 1 day, within the calendar",
        fix="give another number of days",
    )


class Sampled(NamedTuple):
    """A replication, and what it took."""

    result: Result
    cpu_seconds: float
    """Time of the processor, the history and the warm-up included."""


class Sampler:
    """One centre and its period; called with its number, a replication is run.

    It can be pickled, and compiles its model once in each process.

    Parameters
    ----------
    equipped, intake
        The centre, and who comes to it.
    period
        Days of a run.
    seed
        Same seed, same replications.
    beginning
        Who is there on the first day, if that is known.
    """

    def __init__(
        self,
        equipped: Equipped,
        intake: Intake,
        period: Period,
        seed: int,
        beginning: Beginning | None = None,
    ) -> None:
        self.period, self.seed = period, seed
        self.on_progress: Progress | None = None
        self.partial: Sampled | None = None
        """A run of this process that was stopped."""
        self._packed: bytes | None = None
        self._parts: tuple[Equipped, Intake, Beginning | None] | None = (equipped, intake, beginning)
        self._model: Model | None = None

    def __getstate__(self) -> dict[str, Any]:
        if self._packed is None:
            self._packed = pickle.dumps(self._parts, protocol=pickle.HIGHEST_PROTOCOL)
        return {"period": self.period, "seed": self.seed, "packed": self._packed}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.period, self.seed, self._packed = state["period"], state["seed"], state["packed"]
        self.on_progress = self.partial = self._parts = self._model = None

    @property
    def model(self) -> Model:
        """The compiled model."""
        if self._model is None:
            if self._parts is not None:
                self._model = _compile(*self._parts, self.period)
            else:
                assert self._packed is not None
                self._model = _unpack(self._packed, self.period)
        return self._model

    def __call__(self, replication: int) -> Sampled:
        """Run one replication; stopped with Ctrl-C, what was counted so far stays in `partial`."""
        return self.run(replication)

    def run(self, replication: int, journal: Journal | None = None) -> Sampled:
        """Run one replication, with a journal of what happened."""
        model = self.model
        began = time.process_time()
        result = simulate(
            model,
            seed=self.seed,
            replication=replication,
            days=self.period.days,
            warmup_days=self.period.warmup_days,
            on_progress=self.on_progress,
            journal=journal,
        )
        sampled = Sampled(result, time.process_time() - began)
        if not result.complete:
            self.partial = sampled
            raise KeyboardInterrupt
        return sampled


def _compile(equipped: Equipped, intake: Intake, beginning: Beginning | None, period: Period) -> Model:
    model = compile_model(
        equipped,
        intake,
        start=period.start - timedelta(days=period.warmup_days),
        days=period.warmup_days + period.days,
        history_days=period.history_days,
        beginning=beginning,
    )
    load_kernels(model)
    return model


@lru_cache(maxsize=KEPT_MODELS)
def _unpack(packed: bytes, period: Period) -> Model:
    equipped, intake, beginning = pickle.loads(packed)  # noqa: S301 - what a sampler packed
    return _compile(equipped, intake, beginning, period)
