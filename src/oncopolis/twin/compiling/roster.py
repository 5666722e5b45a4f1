"""`Roster`: when how many of each resource are there, and what of it can be booked."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre import Centre
from oncopolis.centre.equipped import Duty, Equipped
from oncopolis.centre.resource import Resource
from oncopolis.foundation.units import HOURS_PER_DAY, HOURS_PER_WEEK, MS_PER_DAY, MS_PER_HOUR
from oncopolis.twin.compiling.days import Days, Hours, read_hours
from oncopolis.twin.compiling.values import Values
from oncopolis.twin.kernels.tables import CELL, CELLS, CHANGES, CLOSES, NEVER, NOMINAL, OPENS, SAMPLES, UNIT

Longs = NDArray[np.int64]


class Roster:
    """Duties of an equipped centre on the days of a run.

    Parameters
    ----------
    equipped
        Who and what is there.
    days
        Days of the run, and those beyond it that can be booked.
    values
        Coefficients.
    """

    def __init__(self, equipped: Equipped, days: Days, values: Values) -> None:
        self.equipped, self.days, self.values = equipped, days, values
        self.centre: Centre = equipped.project.centre
        self.keys = tuple(self.centre.resources)
        self.duties: list[Sequence[Duty]] = [
            [duty for duty in equipped.list_duties(key) if duty.n > 0] for key in self.keys
        ]

    def read(self, duty: Duty) -> tuple[Hours, NDArray[np.bool_]]:
        """Return the hours of a duty, and the days on which it is done."""
        calendar = self.centre.get_calendar(duty.calendar)
        on = self.days.list_open(calendar).copy()
        on[: self.days.find_first(duty.from_year)] = False
        return read_hours(calendar), on

    @cached_property
    def weekly_hours(self) -> list[float]:
        """Hours of a week one unit is there, mean over units; by resource."""
        found = []
        for duties in self.duties:
            hours = [
                (
                    duty.n,
                    self.centre.get_calendar(duty.calendar).hours_per_day
                    * len(self.centre.get_calendar(duty.calendar).days),
                )
                for duty in duties
            ]
            n = sum(part for part, _ in hours)
            found.append(sum(part * long for part, long in hours) / n if n else float(HOURS_PER_WEEK))
        return found

    @cached_property
    def most(self) -> list[int]:
        """Most units that are ever there at once, by resource."""
        return [sum(duty.n for duty in duties) for duties in self.duties]

    @cached_property
    def windows(self) -> tuple[Longs, Longs]:
        """First opening and last closing of each day, ticks of the day, -1 if closed; (resources, days)."""
        first = np.full((len(self.keys), self.days.n), -1, dtype=np.int64)
        last = np.full((len(self.keys), self.days.n), -1, dtype=np.int64)
        for r, duties in enumerate(self.duties):
            for duty in duties:
                hours, on = self.read(duty)
                first[r, on] = np.where(first[r, on] < 0, hours.opens, np.minimum(first[r, on], hours.opens))
                last[r, on] = np.maximum(last[r, on], hours.closes)
        return first, last

    @cached_property
    def longest(self) -> list[float]:
        """Longest open day of each resource, ticks; a whole day where it is never open."""
        spans = (self.windows[1] - self.windows[0]).max(axis=1, initial=0)
        return [float(span) or float(MS_PER_DAY) for span in spans]

    def make_stream(
        self,
        history_days: int,
        n_days: int,
        fitting: Sequence[bool],
        absences: Sequence[tuple[int, Longs, int]],
    ) -> tuple[Longs, ...]:
        """Return all that is known beforehand, in order: time, kind, resource, value.

        Parameters
        ----------
        history_days, n_days
            Days in which nothing is used, and days in all.
        fitting
            By resource, whether the end of each day has to be known to those who begin something.
        absences
            Resource, days and ticks for which one unit is away from opening on.
        """
        parts: list[tuple[Longs, int, int, Longs]] = []
        for r, duties in enumerate(self.duties):
            ends = []
            for duty in duties:
                hours, on = self.read(duty)
                at = np.flatnonzero(on[:n_days]) * MS_PER_DAY
                parts += _list_changes(at, hours, r, duty.n * UNIT)
                ends.append((at + hours.opens, at + hours.ends))
            parts += _list_closings(ends, r, with_openings=fitting[r])
        for r, on_days, ticks in absences:
            opens = self.windows[0][r, on_days] + on_days * MS_PER_DAY
            parts += [
                (opens, CHANGES, r, _fill(opens, -UNIT)),
                (opens + ticks, CHANGES, r, _fill(opens, UNIT)),
            ]
        hours_on = np.arange(history_days * HOURS_PER_DAY, n_days * HOURS_PER_DAY) * MS_PER_HOUR
        parts.append((hours_on + MS_PER_HOUR // 2, SAMPLES, 0, _fill(hours_on, 0)))
        return _merge(_begin_at(parts, history_days * MS_PER_DAY))

    def make_profiles(self, booked: Sequence[int]) -> tuple[Longs, Longs, Longs]:
        """Return the profile of each bookable resource and day, and what can be booked of it.

        What is kept free of a day may be free at any time of it, so it is taken off the day as a whole.

        Returns
        -------
        tuple
            (bookable, days) profile numbers; (profiles, quarters) unit-ticks in 1/5040 that a quarter has;
            (profiles,) those that may be booked of a day.
        """
        rows: list[Longs] = [np.zeros(CELLS, dtype=np.int64)]
        totals = [0]
        profile = np.zeros((len(booked), self.days.n), dtype=np.int64)
        for i, r in enumerate(booked):
            booking = self.centre.resources[self.keys[r]].booking
            assert booking is not None
            resolve, place = self.values.resolve, ("resources", self.keys[r], "booking")
            scale = self.values.get(resolve(booking.share, *place, "share"), 1.0)
            scale *= 1 + self.values.get(resolve(booking.overbooking, *place, "overbooking"), 0.0)
            read = [(self.read(duty), duty.n) for duty in self.duties[r]]
            kinds = np.zeros(self.days.n, dtype=np.int64)
            for bit, ((_, on), _) in enumerate(read):
                kinds |= on.astype(np.int64) << bit
            for kind in np.unique(kinds):
                if kind == 0:
                    continue
                row = sum(
                    (_spread_open(hours) * n for bit, ((hours, _), n) in enumerate(read) if kind >> bit & 1),
                    np.zeros(CELLS),
                )
                profile[i, kinds == kind] = len(rows)
                rows.append(np.floor(row * max(scale, 1.0) * UNIT).astype(np.int64))
                totals.append(int(row.sum() * scale * UNIT))
        return profile, np.array(rows), np.array(totals, dtype=np.int64)


def _fill(at: Longs, value: int) -> Longs:
    return np.full(len(at), value, dtype=np.int64)


def _list_changes(at: Longs, hours: Hours, r: int, amount: int) -> list[tuple[Longs, int, int, Longs]]:
    """Changes of what is there (breaks taken out) and of what is offered (overtime taken out)."""
    up, down = _fill(at, amount), _fill(at, -amount)
    parts = [
        (at + hours.opens, CHANGES, r, up),
        (at + hours.ends, CHANGES, r, down),
        (at + hours.opens, NOMINAL, r, up),
        (at + hours.closes, NOMINAL, r, down),
    ]
    if hours.break_to > hours.break_from:
        for kind in (CHANGES, NOMINAL):
            parts += [(at + hours.break_from, kind, r, down), (at + hours.break_to, kind, r, up)]
    return parts


def _list_closings(
    spans: list[tuple[Longs, Longs]], r: int, *, with_openings: bool
) -> list[tuple[Longs, int, int, Longs]]:
    """Moments at which nothing of a resource is on duty any more; breaks do not count."""
    if not spans:
        return []
    begins, ends = np.concatenate([b for b, _ in spans]), np.concatenate([e for _, e in spans])
    order = np.argsort(begins, kind="stable")
    begins, ends = begins[order], np.maximum.accumulate(ends[order])
    if not len(begins):
        return []
    splits = np.flatnonzero(begins[1:] > ends[:-1])
    firsts, lasts = begins[np.append(0, splits + 1)], ends[np.append(splits, len(ends) - 1)]
    parts = [(lasts, CLOSES, r, _fill(lasts, 0))]
    if with_openings:
        parts.append((firsts, OPENS, r, lasts))
    return parts


def _begin_at(parts: list[tuple[Longs, int, int, Longs]], begins: int) -> list[tuple[Longs, int, int, Longs]]:
    """Let all changes before a run begins take place when it does; of what opens then, the last counts."""
    found = []
    for at, kind, r, values in parts:
        counts = at >= begins
        if kind == OPENS:
            counts |= (np.append(at[1:], NEVER) > begins) & (values > begins)
        elif kind != CLOSES and not counts.all():
            found.append((np.array([begins]), kind, r, values[~counts].sum(keepdims=True)))
        found.append((np.maximum(at[counts], begins), kind, r, values[counts]))
    return found


def _merge(parts: list[tuple[Longs, int, int, Longs]]) -> tuple[Longs, ...]:
    """Put all parts in the order of time, then kind; changes of one tick are taken together."""
    time = np.concatenate([at for at, *_ in parts])
    kind = np.concatenate([_fill(at, what) for at, what, _, _ in parts])
    res = np.concatenate([_fill(at, r) for at, _, r, _ in parts])
    value = np.concatenate([values for *_, values in parts])
    order = np.lexsort((res, kind, time))
    time, kind, res, value = time[order], kind[order], res[order], value[order]
    sums = (kind == CHANGES) | (kind == NOMINAL)
    new = np.ones(len(time), dtype=bool)
    same = (time[1:] == time[:-1]) & (kind[1:] == kind[:-1]) & (res[1:] == res[:-1]) & sums[1:]
    new[1:] = ~same
    keep = np.flatnonzero(new)
    keep_value = np.add.reduceat(value, keep)
    changing = ~sums[keep] | (keep_value != 0)
    keep = keep[changing]
    return time[keep], kind[keep], res[keep], keep_value[changing]


def _spread_open(hours: Hours) -> NDArray[np.float64]:
    """Open ticks in each quarter of an hour of a day, the break taken out."""
    begins = np.arange(CELLS) * CELL

    def overlap(first: int, last: int) -> NDArray[np.float64]:
        open_ticks = np.clip(np.minimum(begins + CELL, last) - np.maximum(begins, first), 0, None)
        shared: NDArray[np.float64] = open_ticks.astype(np.float64)
        return shared

    return overlap(hours.opens, hours.closes) - overlap(hours.break_from, hours.break_to)


def list_maintenance(resource: Resource, r: int, roster: Roster, n_days: int) -> list[tuple[int, Longs, int]]:
    """Return on which days one unit of a resource is away, each unit in turn."""
    if resource.maintenance is None:
        return []
    time = roster.values.resolve(
        resource.maintenance.time, "resources", roster.keys[r], "maintenance", "time"
    )
    ticks = int(roster.values.get_ticks(time))
    opened = np.flatnonzero(roster.windows[0][r, :n_days] >= 0)
    found = []
    for unit in range(roster.most[r]):
        apart = resource.maintenance.every_days
        own = opened[(np.arange(len(opened)) + unit * apart // max(roster.most[r], 1)) % apart == apart - 1]
        found.append((r, own, ticks))
    return found
