"""What is counted: times as lists, levels as areas, and the journal row by row."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation.units import HOURS_PER_DAY, HOURS_PER_WEEK
from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.bins import N_BINS, list_edges
from oncopolis.twin.kernels.tables import CELL, CELLS, DAY, HOUR, LOG_COLUMNS
from oncopolis.twin.reference.definition import Definition
from oncopolis.twin.reference.people import Entity
from oncopolis.twin.reference.resources import Resource

Counts = dict[Any, int]


def _make_counts() -> Counts:
    return defaultdict(int)


@dataclass
class Counters:
    """Everything that is counted from `since` on."""

    since: int = 0
    totals: Counts = field(default_factory=_make_counts)
    arrivals: Counts = field(default_factory=_make_counts)
    measures: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    times: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    turnout: Counts = field(default_factory=_make_counts)
    hour_waits: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    blocked: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    waited: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    failures: Counts = field(default_factory=_make_counts)
    cuts: Counts = field(default_factory=_make_counts)
    most_waiting: Counts = field(default_factory=_make_counts)
    week: dict[str, Counts] = field(default_factory=lambda: defaultdict(_make_counts))
    samples: Counts = field(default_factory=_make_counts)
    days: dict[str, Counts] = field(default_factory=lambda: defaultdict(_make_counts))
    present: list[tuple[int | None, int, int]] = field(default_factory=list)
    queueing: list[tuple[int | None, int, int]] = field(default_factory=list)
    wait_sum: int = 0
    wait_area: int = 0
    wait_at: int = 0


class Recorder:
    """Counters and journal of a run."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self.counters = Counters()
        self.journal: list[tuple[int, ...]] = []
        self.writes = False
        self.n_waiting = 0

    def add_time(self, place: int, row: int, ticks: int) -> None:
        """Add a time; `place` says which kind of rows."""
        self.counters.times[self._definition.get_size(place) + row].append(ticks)

    def add_turnout(self, place: int, row: int, column: int, n: int = 1) -> None:
        """Count how something turned out."""
        self.counters.turnout[self._definition.get_size(place) + row, column] += n

    def change_waiting(self, now: int, change: int) -> None:
        """Let somebody begin or stop to wait."""
        counters = self.counters
        counters.wait_area += self.n_waiting * (now - counters.wait_at)
        counters.wait_at = now
        self.n_waiting += change

    def write(self, entity: Entity, resource: int, end: int, outcome: int) -> None:
        """Write a row of the journal."""
        if self.writes:
            key = entity.key - (1 << 64 if entity.key >> 63 else 0)  # structure: as a signed number
            done = entity.get_activity().number
            self.journal.append(
                (
                    key,
                    entity.stop.number,
                    done,
                    resource,
                    entity.planned,
                    entity.came,
                    entity.begun,
                    end,
                    outcome,
                )
            )

    def sample(self, now: int, resources: list[Resource]) -> None:
        """Look at every resource."""
        hour = (now // HOUR + self._definition.first_weekday * HOURS_PER_DAY) % HOURS_PER_WEEK
        self.counters.samples[hour] += 1
        for resource in resources:
            place = resource.number, hour
            self.counters.week["held"][place] += resource.held
            self.counters.week["offered"][place] += max(resource.capacity, 0)
            self.counters.week["waiting"][place] += resource.waiting

    def close_day(self, day: int, resources: list[Resource]) -> None:
        """Keep the areas as they stand at the end of a day."""
        for resource in resources:
            resource.bring_up((day + 1) * DAY)
            place = day, resource.number
            self.counters.days["held"][place] = resource.areas.held
            self.counters.days["offered"][place] = resource.areas.offered
            self.counters.days["waiting"][place] = resource.areas.waiting

    def list_journal(self) -> NDArray[np.int64]:
        """Return the journal, shape (rows, columns)."""
        return np.array(self.journal, dtype=np.int64).reshape(-1, LOG_COLUMNS)


def list_counters(
    definition: Definition, recorder: Recorder, resources: list[Resource], pictured: int
) -> dict[str, NDArray[Any]]:
    """Return counters as arrays under the names the kernels give them."""
    counters = recorder.counters
    n_res, n_days, n_depts = len(resources), definition.n_days, definition.get_size(k.N_DEPTS)
    n_rows = len(definition.limits)
    found: dict[str, NDArray[Any]] = {
        "arrivals": _fill((len(definition.origins),), counters.arrivals),
        "area_blocked": _fill((n_res,), counters.blocked, float),
        "area_waited": _fill((n_res,), counters.waited, float),
        "failures": _fill((n_res,), counters.failures),
        "cuts": _fill((n_res,), counters.cuts),
        "most_waiting": _fill((n_res,), counters.most_waiting),
        "week_n": _fill((HOURS_PER_WEEK,), counters.samples),
        "hour_sum": _fill(
            (n_depts, HOURS_PER_DAY),
            {at: float(sum(times)) for at, times in counters.hour_waits.items()},
            float,
        ),
        "hour_n": _fill(
            (n_depts, HOURS_PER_DAY), {at: len(times) for at, times in counters.hour_waits.items()}
        ),
        "present": _picture(counters.present, n_depts, pictured),
        "queueing": _picture(counters.queueing, n_depts, pictured),
    }
    n_turnouts = max((row for row, _ in counters.turnout), default=0) + 1
    found["turnout"] = _fill((n_turnouts, k.OUTCOMES), counters.turnout)
    found["counted"] = _fill((max(counters.measures, default=-1) + 1,), counters.measures, float)
    for name in ("held", "offered", "waiting"):
        found[f"week_{name}"] = _fill((n_res, HOURS_PER_WEEK), counters.week[name])
        found[f"day_{name}"] = _fill((n_days, n_res), counters.days[name])
    for name in ("held", "offered", "over", "down", "waiting"):
        found[f"area_{name}"] = np.array([getattr(r.areas, name) for r in resources], dtype=np.int64)
    return found | _spread(counters.times, definition.limits, n_rows)


def _spread(times: dict[int, list[int]], limits: list[int], n_rows: int) -> dict[str, NDArray[Any]]:
    """Return the spread of each kind of times."""
    edges = list_edges().tolist()
    found: dict[str, NDArray[Any]] = {
        f"spread_{name}": np.zeros(n_rows, dtype=np.int64) for name in ("n", "sum", "most", "within")
    }
    found["spread_squares"] = np.zeros(n_rows)
    found["spread_bins"] = np.zeros((n_rows, N_BINS), dtype=np.int64)
    for row, many in times.items():
        found["spread_n"][row] = len(many)
        found["spread_sum"][row] = sum(many)
        found["spread_most"][row] = max(many)
        found["spread_within"][row] = sum(ticks <= limits[row] for ticks in many)
        squares = 0.0
        for ticks in many:
            squares += float(ticks) * float(ticks)
            found["spread_bins"][row, min(bisect_right(edges, ticks) - 1, N_BINS - 1)] += 1
        found["spread_squares"][row] = squares
    return found


def _picture(spans: list[tuple[int | None, int, int]], n_depts: int, day: int) -> NDArray[np.int64]:
    """Return how many were somewhere in each quarter of a day, whoever was there for a part of it."""
    found = np.zeros((n_depts, CELLS), dtype=np.int64)
    for department, begin, end in spans:
        for quarter in range(CELLS):
            first = day * DAY + quarter * CELL
            if department is not None and begin < first + CELL and end > first:
                found[department, quarter] += 1
    return found


def _fill(shape: tuple[int, ...], values: Any, kind: type = int) -> NDArray[Any]:
    found = np.zeros(shape, dtype=np.float64 if kind is float else np.int64)
    for place, value in values.items():
        found[place] = value
    return found
