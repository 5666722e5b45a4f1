"""`Result`: what one run of the twin gives, as plain arrays with the names of their rows."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from oncopolis.twin.kernels.bins import list_edges

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Spread:
    """Times of one kind, gathered by row; times are ticks of a millisecond."""

    names: tuple[str, ...]
    n: Integers
    """How many times were taken; shape (rows,)."""
    sum: Floats
    """Their sum, ticks; shape (rows,)."""
    squares: Floats
    """Sum of their squares; shape (rows,)."""
    most: Integers
    """The longest, ticks; shape (rows,)."""
    histogram: Integers
    """Counts by bins whose edges `list_edges` gives, eight to each doubling; shape (rows, bins)."""
    within: Integers
    """How many were within the target of their row, where it has one; shape (rows,)."""

    @property
    def mean(self) -> Floats:
        """Mean, ticks; NaN where there is none."""
        mean: Floats = np.divide(self.sum, self.n, out=np.full(len(self.n), np.nan), where=self.n > 0)
        return mean

    def compute_quantile(self, share: float) -> Floats:
        """Return the time that `share` of each row stay below, interpolated within a bin, ticks."""
        edges = list_edges()
        quantiles = np.full(len(self.n), np.nan)
        for row in np.flatnonzero(self.n):
            below = np.cumsum(self.histogram[row])
            i = int(np.searchsorted(below, share * self.n[row]))
            before = below[i - 1] if i else 0
            part = (share * self.n[row] - before) / max(self.histogram[row, i], 1)
            upper = min(edges[i + 1], float(self.most[row]))
            quantiles[row] = edges[i] + part * max(upper - edges[i], 0.0)
        return quantiles


@dataclass(frozen=True)
class ResourceUse:
    """What was there, what was held and who waited, by resource; shape (resources,) unless stated.

    Amounts times time are in unit-ticks: one unit of the resource for one millisecond.
    """

    names: tuple[str, ...]
    offered: Floats
    """Open time of all units."""
    held: Floats
    """Time held, overtime included."""
    overtime: Floats
    """Time held while fewer were on duty."""
    blocked: Floats
    """Time held by somebody who waits for something else."""
    waited: Floats
    """Ticks waited by those for whom this resource was the first that was short."""
    down: Floats
    """Unit-ticks out of order while open."""
    breakdowns: Integers
    interrupted: Integers
    """Services cut off by a breakdown or by somebody more urgent."""
    week_held: Floats
    """Units held at half past each hour of the week from Monday midnight, mean over the weeks of the run:
    looks at one moment, no means over the hour; shape (resources, 168)."""
    week_offered: Floats
    """Units there and not out of order, as `week_held`."""
    week_waiting: Floats
    """People waiting for it, as `week_held`."""
    daily_held: Floats
    """Mean units held by day; shape (days, resources)."""
    daily_offered: Floats
    """Mean units on duty by day; shape (days, resources)."""
    daily_waiting: Floats
    """Mean people waiting by day; shape (days, resources)."""
    most_waiting: Integers

    @property
    def utilisation(self) -> Floats:
        """Time held over open time; NaN where nothing is offered."""
        empty = np.full(len(self.held), np.nan)
        use: Floats = np.divide(self.held, self.offered, out=empty, where=self.offered > 0)
        return use


@dataclass(frozen=True)
class Turnout:
    """Counts by row of what did not go as planned."""

    names: tuple[str, ...]
    done: Integers
    gave_up: Integers
    """Ran out of patience, or were turned away because nobody may wait."""
    no_show: Integers
    cancelled: Integers
    """By the patient, in advance."""
    sent_home: Integers
    """Not reached before closing, or put off with the machine down: booked again."""
    late: Integers
    """Begun later than the latest day of the pathway."""
    gaps: Integers
    """Occurrences of a series begun later than planned."""
    gap_days: Integers
    """Days by which they were later."""


@dataclass(frozen=True)
class Result:
    """One run, from the end of the warm-up to its last day; all counts are those of these days."""

    start: date
    """First day counted; history and warm-up come before it."""
    days: int
    """Days counted."""
    warmup_days: int
    """Days run before `start` and not counted, those of the history left out."""
    seed: int
    replication: int
    definition: str
    """Digest of everything that went in: model, intake, equipment, settings; hexadecimal."""
    digest: str
    """Digest of everything that came out; hexadecimal."""
    complete: bool
    """False if the run was stopped early; `days` says how far it came."""
    events: int
    """Arrivals and ends of service (phases of an activity)."""
    events_before: int
    """The same in the history, in which nothing but stays takes time, and in the warm-up."""
    contacts: int
    visits: int
    working_days: int
    arrivals: Integers
    """By source, as `sources`."""
    sources: tuple[str, ...]
    measures: tuple[str, ...]
    counted: Floats
    """By measure."""
    flow: dict[str, int]
    """``in_system_at_start, entered, completed, died, left, in_system_at_end``: conservation holds."""
    waiting: Spread
    """Waits before the first phase, by activity."""
    step_waiting: Spread
    """Waits before an activity, by ``pathway/step``."""
    in_system: Spread
    """Time from entering a pathway to leaving it, by pathway, of those who came to its end."""
    visit: Spread
    """Time on campus of one visit, by department of its first activity."""
    treatment: Spread
    """From referral to the first treatment given here, by cohort (and by flow), with targets."""
    activities: Turnout
    steps: Turnout
    resources: ResourceUse
    hour_waits: Floats
    """Ticks waited by department and hour of the day; shape (departments, 24)."""
    hour_counts: Integers
    """Activities begun, as `hour_waits`."""
    departments: tuple[str, ...]
    waiting_area: float
    """Time integral of the number waiting, ticks."""
    waits: float
    """Sum of all waits, ticks, of those who still wait too: by Little's law the same (checked)."""
    not_modelled: tuple[str, ...]
    """What this run left out, in words."""
    pictured: date | None = None
    """The day that is pictured: the middle working day of those counted; None if the run did not reach it."""
    served: Integers | None = None
    """People in an activity at any time of each quarter of an hour of that day; shape (departments, 96)."""
    queueing: Integers | None = None
    """People who wait for the first phase or the next, as `served`."""
