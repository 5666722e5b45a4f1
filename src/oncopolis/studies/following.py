"""What follows what: the busiest pathways as patients walked them, read from an event log.

The log is read part by part, once for each question: which pathways are busiest, who walked them, which of
their activities most people had, and what followed what. Kept in memory is one row for each patient of a
pathway, not one for each line.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre import BoundActivity, Project
from oncopolis.centre.journal import Outcome
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.twin.document import Edge, Process, Station
from oncopolis.twin.document.times import MEDIAN
from oncopolis.twin.journal import MISSING, Lines
from oncopolis.twin.kernels.bins import N_BINS, list_edges
from oncopolis.twin.result import Spread

N_PATHWAYS = 4  # structure: pathways that are drawn
N_STATIONS = 14  # structure: activities that can be told apart in a picture
LEAST_STATIONS = 2
"""Where nothing follows anything, there is nothing to draw."""
DONE: Outcome = "done"
KIND = ("pathway", "activity", "outcome")
"""Columns that say what a line is about."""

Longs = NDArray[np.int64]
Own = frozenset[tuple[str, str]]
"""Pathway and activity."""


def follow(log: Path, project: Project) -> tuple[Process, ...]:
    """Return the pathways on which most was done, with what followed what, the busiest first.

    Only what patients come for counts, and what names a step without them, such as a tumour board: other
    work done for them is left out. Of each pathway those activities are kept that most
    people had; the others are passed over.

    Parameters
    ----------
    log
        A whole event log.
    project
        What the log is of.
    """
    done = _Done(log, find_own(project))
    people = {name: _People() for name in _choose(done)}
    for name, part in done.read(people, "case"):
        people[name].meet(part["case"])
    words = done.lines.list_words("activity")
    for each in people.values():
        each.begin(len(words))
    for name, part in done.read(people, "case", "activity"):
        people[name].count(part["case"], part["activity"])
    walks = {name: _Walk(name, each, words) for name, each in people.items()}
    for name, part in done.read(walks, "case", "activity", "start", "end"):
        walks[name].follow(part["case"], part["activity"], part["start"], part["end"])
    return tuple(walk.to_process() for walk in walks.values())


def find_own(project: Project) -> Own:
    """Return the activities that patients of a pathway are there for, or that name a step without them."""
    own: set[tuple[str, str]] = set()
    for (pathway, _, _), route in project.network.routes.items():
        for stop in route.stops:
            for i, task in enumerate(stop.tasks):
                activity: BoundActivity | None = task.activity
                while activity is not None:
                    if activity.contact or (stop.setting == "none" and i == 0):
                        own.add((pathway, activity.id))
                    activity = activity.fallback
    return frozenset(own)


class _Done:
    """What was done with patients: the lines of a log that count."""

    def __init__(self, log: Path, own: Own) -> None:
        self.lines, self.own = Lines(log), own
        self._n_activities = 1

    def read(self, pathways: Collection[str], *columns: str) -> Iterator[tuple[str, dict[str, Longs]]]:
        """Yield the columns of some lines of one pathway, again and again."""
        for part in self.lines.read(*dict.fromkeys((*columns, *KIND))):
            kinds = self._number(part)
            for number, name in enumerate(self.lines.list_words("pathway")):
                if name in pathways:
                    rows = np.flatnonzero(kinds // self._n_activities == number)
                    if len(rows):
                        yield name, {column: part[column][rows] for column in columns}

    def count(self) -> Counter[tuple[str, str]]:
        """Return how often each activity was done on each pathway."""
        counts: Counter[tuple[str, str]] = Counter()
        for part in self.lines.read(*KIND):
            kinds = self._number(part)
            pathways, activities = (self.lines.list_words(column) for column in ("pathway", "activity"))
            numbers, times = np.unique(kinds[kinds >= 0], return_counts=True)
            for number, n in zip(numbers.tolist(), times.tolist(), strict=True):
                pathway, activity = divmod(number, self._n_activities)
                counts[pathways[pathway], activities[activity]] += n
        return counts

    def _number(self, part: Mapping[str, Longs]) -> Longs:
        """Return pathway and activity of each line as one number; below 0 for lines that do not count."""
        pathways, activities, outcomes = (self.lines.list_words(column) for column in KIND)
        self._n_activities = len(activities)
        counts = np.array([[(p, a) in self.own for a in activities] for p in pathways]).ravel()
        kinds = part["pathway"] * len(activities) + part["activity"]
        is_done = part["outcome"] == (outcomes.index(DONE) if DONE in outcomes else MISSING)
        numbered: Longs = np.where(is_done & counts[kinds], kinds, -len(counts))
        return numbered


def _choose(done: _Done) -> list[str]:
    """Return the pathways on which most was done, of those on which something can follow something."""
    counts: Counter[str] = Counter()
    activities: Counter[str] = Counter()
    for (pathway, _), n in done.count().items():
        counts[pathway] += n
        activities[pathway] += 1
    several = [name for name in counts if activities[name] >= LEAST_STATIONS]
    return sorted(several, key=lambda name: (-counts[name], name))[:N_PATHWAYS]


class _People:
    """Who walked a pathway, and what they had of it."""

    def __init__(self) -> None:
        self.cases = np.empty(0, dtype=np.int64)

    def meet(self, cases: Longs) -> None:
        """Take who was there."""
        both = np.sort(np.concatenate([self.cases, cases]))  # faster than numpy's `union1d`, which hashes
        self.cases = both[np.concatenate([[True], both[1:] != both[:-1]])]

    def begin(self, n_activities: int) -> None:
        """Everybody has been met: now for what they had."""
        self.had = np.zeros((len(self.cases), n_activities), dtype=bool)
        self.n = np.zeros(n_activities, dtype=np.int64)

    def count(self, cases: Longs, activities: Longs) -> None:
        """Take who had what."""
        self.had[np.searchsorted(self.cases, cases), activities] = True
        self.n += np.bincount(activities, minlength=len(self.n))

    def choose(self, words: Sequence[str]) -> tuple[Station, ...]:
        """Return the activities that most people had."""
        people = self.had.sum(axis=0)
        kept = sorted(np.flatnonzero(people).tolist(), key=lambda i: (-people[i], words[i]))[:N_STATIONS]
        return tuple(Station(words[i], int(people[i]), int(self.n[i])) for i in kept)


class _Walk:
    """One pathway being followed. The last station number stands for entry and exit."""

    def __init__(self, pathway: str, people: _People, words: Sequence[str]) -> None:
        self.pathway, self.cases, self.stations = pathway, people.cases, people.choose(words)
        n = len(self.stations)
        self._number = np.full(len(words), MISSING)
        self._number[[words.index(station.activity) for station in self.stations]] = np.arange(n)
        self._at = np.full(len(self.cases), n)
        self._since = np.zeros(len(self.cases), dtype=np.int64)
        self._bins = np.zeros((n + 1, n + 1, N_BINS), dtype=np.int64)
        self._most = np.zeros((n + 1, n + 1), dtype=np.int64)

    def follow(self, cases: Longs, activities: Longs, starts: Longs, ends: Longs) -> None:
        """Take what followed what; lines come in the order in which they ended."""
        stations = self._number[activities]
        kept = stations != MISSING
        rows = np.searchsorted(self.cases, cases[kept])
        order = np.argsort(rows, kind="stable")
        rows, stations = rows[order], stations[kept][order]
        starts, ends = starts[kept][order], ends[kept][order]
        is_first = np.diff(rows, prepend=MISSING) > 0
        before = np.where(is_first, self._at[rows], np.roll(stations, 1))
        since = np.where(is_first, self._since[rows], np.roll(ends, 1))
        times = np.where(before == len(self.stations), 0, np.maximum(starts - since, 0))
        bins = np.searchsorted(list_edges(), times, side="right") - 1
        np.add.at(self._bins, (before, stations, bins), 1)
        np.maximum.at(self._most, (before, stations), times)
        is_last = np.diff(rows, append=len(self.cases)) > 0
        self._at[rows[is_last]], self._since[rows[is_last]] = stations[is_last], ends[is_last]

    def to_process(self) -> Process:
        """Return what was found."""
        n = len(self.stations)
        out = np.bincount(self._at, minlength=n + 1)
        self._bins[:n, n, 0] = out[:n]
        names = [*(station.activity for station in self.stations), ""]
        followed = np.argwhere(self._bins.any(axis=2))
        histogram = self._bins[tuple(followed.T)]
        medians = _find_medians(histogram, self._most[tuple(followed.T)])
        edges = tuple(
            Edge(names[before], names[after], int(count), float(median) / MS_PER_MINUTE)
            for (before, after), count, median in zip(followed, histogram.sum(axis=1), medians, strict=True)
        )
        return Process(self.pathway, len(self.cases), self.stations, edges)


def _find_medians(histogram: Longs, most: Longs) -> NDArray[np.float64]:
    """Return the median of each row, ticks; none is beyond the longest."""
    nothing = np.zeros(len(histogram))
    spread = Spread(
        names=("",) * len(histogram),
        n=histogram.sum(axis=1),
        sum=nothing,
        squares=nothing,
        most=most,
        histogram=histogram,
        within=most,
    )
    return np.floor(spread.compute_quantile(MEDIAN))
