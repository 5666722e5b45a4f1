"""The twin once more in SimPy: slow, readable, a process for each patient, no line shared with the engine.

It reads a project as the definition means it, with flows by volume or with exponential gaps, and no
catchment. Who needs several things takes them together or waits; who waits is served by rank, then
appointment or arrival, then the time of asking, as soon as everything needed is there. Times are minutes.
"""

from bisect import insort
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import log, sqrt
from typing import Any

import numpy as np
import simpy

from oncopolis.centre import Project
from oncopolis.centre.calendar import WEEKDAYS, list_holidays
from oncopolis.centre.network import FlowEntry
from oncopolis.centre.route import OUT, REST, BoundActivity, Route, Stop
from oncopolis.foundation.units import convert

DAY = 1440.0
QUARTER = 15.0
LAST_START = 0.75
"""Who comes on a day without an appointment comes within this part of the opening hours."""
EPSILON = 1e-9

Happening = Generator[simpy.Event, Any, Any]


@dataclass(eq=False)
class Pool:
    """Units of a resource."""

    name: str
    is_place: bool
    capacity: int = 0
    broken: int = 0
    held: int = 0
    area: float = 0.0
    since: float = 0.0
    offered: float = 0.0
    blocked: float = 0.0
    overflow: "Pool | None" = None
    running: "list[Patient]" = field(default_factory=list)
    fails: bool = False

    def hold(self, n: int, now: float) -> None:
        """Change what is held."""
        self.area += self.held * (now - self.since)
        self.since = now
        self.held += n


@dataclass(eq=False)
class Patient:
    """Somebody, or what is left of an activity after they have gone."""

    rank: int
    holds: list[Pool] = field(default_factory=list)
    is_here: bool = False
    process: simpy.Process | None = None


@dataclass(eq=False)
class Request:
    """Somebody who waits for several things at once."""

    patient: Patient
    wanted: list[Pool]
    key: tuple[int, float, float, int]
    granted: simpy.Event
    can_be_sent_home: bool


class SentHome(Exception):  # noqa: N818 - not an error
    """The clinic closed before somebody was reached."""


@dataclass
class Seen:
    """What one run shows."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    sent_home: dict[str, int] = field(default_factory=dict)
    no_shows: dict[str, int] = field(default_factory=dict)
    cuts: dict[str, int] = field(default_factory=dict)


class World:
    """One run.

    Parameters
    ----------
    project
        Definition as read, with the number of everything stated.
    start, days
        First day and length.
    seed
        Seed of all its draws.
    """

    def __init__(self, project: Project, start: date, days: int, seed: int) -> None:
        self.project, self.start, self.days = project, start, days
        self.draw = np.random.default_rng(seed)
        self.env = simpy.Environment()
        self.seen = Seen()
        self.number = 0
        self.waiting: list[Request] = []
        resources = project.centre.resources
        self.pools = {name: Pool(name, resource.kind != "role") for name, resource in resources.items()}
        for name, resource in resources.items():
            pool = self.pools[name]
            pool.overflow = self.pools[resource.overflow] if resource.overflow else None
            for calendar, n in self._list_duties(name):
                self.env.process(self._keep_hours(pool, calendar, n))
            if resource.breakdown is not None:
                pool.fails = True
                self.env.process(self._fail(pool))
        self.booked = {name: Diary(self, name) for name, resource in resources.items() if resource.booking}
        for flow in project.network.flows:
            self.env.process(self._arrive(flow))

    # Numbers of the definition ---------------------------------------------------------------------------

    def value(self, coefficient: int | str | None, unit: str | None = None) -> float:
        """Return a coefficient, in another unit if one is named."""
        if coefficient is None or isinstance(coefficient, int):
            return float(coefficient or 0)
        row = self.project.evidence.get_row(coefficient)
        return row.value if unit is None else convert(row.value, row.unit, unit, coefficient)

    def sample(self, coefficient: int | str, *, otherwise: str = "fixed", is_cut: bool = True) -> float:
        """Draw a time, minutes."""
        mean = self.value(coefficient, "min")
        spread = None if isinstance(coefficient, int) else self.project.evidence.get_row(coefficient)
        shape = spread.distribution if spread else None
        family = shape.family if shape else otherwise
        sd = 0.0
        if shape is not None and spread is not None and shape.sd is not None:
            sd = convert(shape.sd, spread.unit, "min", str(coefficient))
        elif shape is not None and shape.cv is not None:
            sd = shape.cv * mean
        if family == "fixed":
            return mean
        if family == "exponential":
            return float(self.draw.exponential(mean))
        if family == "lognormal":
            sigma = sqrt(log(1 + (sd / mean) ** 2))
            return float(self.draw.lognormal(log(mean) - sigma**2 / 2, sigma))
        if family == "normal":
            drawn = float(self.draw.normal(mean, sd))
            return max(drawn, 0.0) if is_cut else drawn
        raise NotImplementedError(family)

    def ask(self, number: Any, *path: str) -> str | int:
        """Return the coefficient written at a place of the definition."""
        return self.project.resolver.resolve(number, path, {})

    def is_open(self, name: str, day: int) -> bool:
        """Return whether a calendar has this day among its open ones."""
        calendar = self.project.centre.get_calendar(name)
        at = self.start + timedelta(days=day)
        if WEEKDAYS[at.weekday()] not in calendar.days:
            return False
        return calendar.holidays == "open" or at not in list_holidays(self.project.centre.country, at.year)

    def read_hours(self, name: str) -> tuple[float, float, float]:
        """Return opening, closing and the end of overtime, minutes of the day."""
        calendar = self.project.centre.get_calendar(name)
        opens = calendar.opens.hour * 60.0 + calendar.opens.minute
        closes = DAY if calendar.closes is None else calendar.closes.hour * 60.0 + calendar.closes.minute
        return opens, closes, closes + calendar.overtime_min

    def _list_duties(self, name: str) -> list[tuple[str, int]]:
        resource = self.project.centre.resources[name]
        if resource.shifts:
            return [(shift.calendar, shift.n) for shift in resource.shifts]
        assert isinstance(resource.n, int)
        return [(resource.calendar, resource.n)]

    # Resources -------------------------------------------------------------------------------------------

    def _keep_hours(self, pool: Pool, calendar: str, n: int) -> Happening:
        opens, closes, ends = self.read_hours(calendar)
        if opens == 0 and closes == DAY:
            pool.capacity += n
            pool.offered += n * self.days * DAY
            return
        for day in range(self.days):
            if self.is_open(calendar, day):
                yield self.env.timeout(day * DAY + opens - self.env.now)
                pool.capacity += n
                pool.offered += n * (closes - opens)
                self.serve_waiting()
                yield self.env.timeout(day * DAY + ends - self.env.now)
                pool.capacity -= n
                if pool.capacity + pool.broken <= 0:
                    self._send_home(pool)

    def _is_over(self, pool: Pool) -> bool:
        """Return whether nothing of a resource is on duty, nor will be again that day."""
        day, time = divmod(self.env.now, DAY)
        return pool.capacity + pool.broken <= 0 and not any(
            self.is_open(calendar, int(day)) and self.read_hours(calendar)[1] > time
            for calendar, _ in self._list_duties(pool.name)
        )

    def _send_home(self, pool: Pool) -> None:
        """Send those home who came for the day and wait for something that is not there any more today."""
        for request in list(self.waiting):
            if pool in request.wanted and request.can_be_sent_home:
                self.waiting.remove(request)
                request.granted.fail(SentHome())

    def _fail(self, pool: Pool) -> Happening:
        breakdown = self.project.centre.resources[pool.name].breakdown
        assert breakdown is not None
        assert breakdown.clock == "open"
        every = self.value(self.ask(breakdown.every, "resources", pool.name, "breakdown", "every"), "min")
        repair = self.ask(breakdown.repair, "resources", pool.name, "breakdown", "repair")
        most = sum(n for _, n in self._list_duties(pool.name))
        while True:
            yield self.env.timeout(self.draw.exponential(every / most))
            unit = self.draw.integers(most)
            if unit < max(pool.capacity, len(pool.running)):
                self.env.process(self._repair(pool, self.sample(repair, otherwise="exponential")))
                if unit < len(pool.running):
                    self.seen.cuts[pool.name] = self.seen.cuts.get(pool.name, 0) + 1
                    process = pool.running[unit].process
                    assert process is not None
                    process.interrupt()

    def _repair(self, pool: Pool, minutes: float) -> Happening:
        pool.capacity -= 1
        pool.broken += 1
        yield self.env.timeout(minutes)
        pool.capacity += 1
        pool.broken -= 1
        self.serve_waiting()

    # Holding together ------------------------------------------------------------------------------------

    def find_fit(self, patient: Patient, wanted: list[Pool]) -> list[Pool] | None:
        """Return what would be held, with the overflow of one resource if it is full; None if it is short.

        What somebody has in hand already and wants again is not asked for twice.
        """
        taken = []
        is_moved = False
        for pool in wanted:
            if pool in patient.holds or pool.held < pool.capacity:
                taken.append(pool)
                continue
            other = pool.overflow
            if other is None or is_moved or other.held >= other.capacity:
                return None
            is_moved = True
            taken.append(other)
        return taken

    def take(self, patient: Patient, taken: list[Pool]) -> None:
        """Hold the new, give back the old."""
        for pool in taken:
            pool.hold(1, self.env.now)
        self.give(patient)
        patient.holds = list(taken)

    def give(self, patient: Patient, kept: list[Pool] | None = None) -> None:
        """Give back what is held, or what of it is not kept."""
        for pool in patient.holds:
            if not kept or pool not in kept:
                pool.hold(-1, self.env.now)
        patient.holds = list(kept or [])

    def serve_waiting(self) -> None:
        """Serve whoever can be served, in order; those who give up a place for it make others look again."""
        is_again = True
        while is_again:
            is_again = False
            for request in list(self.waiting):
                taken = self.find_fit(request.patient, request.wanted)
                if taken is None:
                    continue
                is_again = bool(request.patient.holds)
                self.waiting.remove(request)
                self.take(request.patient, taken)
                request.granted.succeed()
                if is_again:
                    break

    def seize(self, patient: Patient, wanted: list[Pool], order: float, can_be_sent_home: bool) -> Happening:
        """Wait in turn until everything wanted is there; places are kept while waiting, people are not."""
        asked = self.env.now
        kept = [pool for pool in patient.holds if pool.is_place]
        if self.find_fit(patient, wanted) is None:
            lacking = [pool for pool in wanted if pool not in patient.holds]
            if can_be_sent_home and any(self._is_over(pool) for pool in lacking):
                raise SentHome
            self.give(patient, kept)
        self.number += 1
        request = Request(
            patient,
            wanted,
            (patient.rank, order, asked, self.number),
            self.env.event(),
            can_be_sent_home,
        )
        insort(self.waiting, request, key=lambda other: other.key)
        self.serve_waiting()
        yield request.granted
        for pool in kept:
            pool.blocked += self.env.now - asked
        self.serve_waiting()

    # People ----------------------------------------------------------------------------------------------

    def _list_arrivals(self, entry: FlowEntry) -> Iterator[float]:
        flow = self.project.centre.flows[entry.flow]
        if entry.between is not None:
            time = 0.0
            while True:
                time += self.sample(entry.between, otherwise="exponential")
                yield time
        assert entry.volume is not None
        assert flow.day is not None
        assert self.project.evidence.get_row(str(entry.volume)).unit == "patient/year"
        first = (date(self.start.year, 1, 1) - self.start).days
        year = range(first, (date(self.start.year + 1, 1, 1) - self.start).days)
        volume = self.value(entry.volume) / sum(
            flow.calendar is None or self.is_open(flow.calendar, d) for d in year
        )
        width = DAY / len(flow.day)
        for day in range(self.days):
            if flow.calendar is None or self.is_open(flow.calendar, day):
                for i, part in enumerate(flow.day):
                    n = self.draw.poisson(volume * part / sum(flow.day))
                    for time in sorted(self.draw.uniform(0, width, n)):
                        yield day * DAY + i * width + time

    def _arrive(self, entry: FlowEntry) -> Happening:
        route = self.project.network.routes[entry.route]
        rank = self.project.centre.flows[entry.flow].priority
        for time in self._list_arrivals(entry):
            yield self.env.timeout(time - self.env.now)
            patient = Patient(route.priority if rank is None else rank)
            at = route.entries[entry.at] if entry.at else 0
            patient.process = self.env.process(self._go(patient, route, at))

    def _go(self, patient: Patient, route: Route, at: int) -> Happening:
        while at != OUT:
            stop = route.stops[at]
            if stop.share is not None and self.draw.random() >= self.value(stop.share):
                at = stop.skip_to
                continue
            yield from self._do_stop(patient, stop)
            at = self._choose(stop)
        self.give(patient)
        self.serve_waiting()

    def _choose(self, stop: Stop) -> int:
        left = self.draw.random()
        for way in stop.exits:
            if way.share is None or way.share == REST:
                return way.to
            left -= self.value(way.share)
            if left < 0:
                return way.to
        return stop.exits[-1].to

    def _do_stop(self, patient: Patient, stop: Stop) -> Happening:
        """Come, perhaps on another day, and have everything done; again for what closing left undone."""
        assert stop.cadence is None
        days = stop.after.aim_days
        first = [name for name, _ in stop.tasks[0].activity.phases[0].hold]
        diary = next((self.booked[name] for name in first if name in self.booked), None)
        tries, order = 0, -1.0
        left = list(stop.tasks)
        while True:
            today = int(self.env.now // DAY)
            if diary is not None and (days > 0 or not patient.is_here):
                order = yield from self._come_booked(patient, stop, diary, today + days, tries)
            elif days > 0:
                yield from self._come_unbooked(patient, first, today + days)
                order = -1.0
            patient.is_here = True
            try:
                while left:
                    yield from self._do_activity(patient, stop, left[0].activity, order)
                    del left[0]
            except SentHome:
                self.seen.sent_home[stop.id] = self.seen.sent_home.get(stop.id, 0) + 1
                self.give(patient)
                self.serve_waiting()
                patient.is_here = False
                days, tries = 1, 1
                continue
            return

    def _come_booked(self, patient: Patient, stop: Stop, diary: "Diary", day: int, tries: int) -> Happening:
        patient.is_here = False
        while True:
            planned = diary.book(day)
            late = self.sample(diary.late, is_cut=False) if diary.late is not None else 0.0
            yield self.env.timeout(max(planned + late - self.env.now, 0.0))
            if tries or self.draw.random() >= diary.no_show:
                return planned
            self.seen.no_shows[stop.id] = self.seen.no_shows.get(stop.id, 0) + 1
            day, tries = int(self.env.now // DAY) + 1, 1

    def _come_unbooked(self, patient: Patient, needed: list[str], day: int) -> Happening:
        """Come on the first open day from `day` on; what is open for the fewest hours decides."""
        patient.is_here = False
        spans: dict[str, float] = {}
        for name in needed:
            duties = self._list_duties(name)
            hours = sum(n * (self.read_hours(c)[1] - self.read_hours(c)[0]) for c, n in duties)
            spans[name] = hours / sum(n for _, n in duties)
        calendars = [calendar for calendar, _ in self._list_duties(min(needed, key=lambda name: spans[name]))]
        while not any(self.is_open(calendar, day) for calendar in calendars):
            day += 1
        opened = [self.read_hours(calendar) for calendar in calendars if self.is_open(calendar, day)]
        opens, closes = min(o for o, _, _ in opened), max(c for _, c, _ in opened)
        time = day * DAY + opens + self.draw.random() * LAST_START * (closes - opens)
        yield self.env.timeout(max(time - self.env.now, 0.0))

    def _do_activity(self, patient: Patient, stop: Stop, activity: BoundActivity, order: float) -> Happening:
        asked = self.env.now
        if stop.setting != "inpatient":
            self.give(patient)
        is_first = True
        for i, phase in enumerate(activity.phases):
            if not phase.patient:
                tail, patient.holds = Patient(0, patient.holds), []
                self.env.process(self._clear_up(tail, activity, i))
                return
            wanted = [self.pools[name] for name, n in phase.hold if self.value(n) > 0]
            rest = self.sample(phase.duration)
            while True:
                begun_order = asked if order < 0 else order
                yield from self.seize(
                    patient, wanted, begun_order, stop.setting in ("outpatient", "day_case")
                )
                if is_first:
                    self.seen.waits.setdefault(activity.id, []).append(self.env.now - asked)
                    is_first = False
                left = yield from self._last(patient, rest)
                if left <= 0:
                    break
                rest = left
                self.give(patient)
                self.serve_waiting()

    def _last(self, patient: Patient, minutes: float) -> Happening:
        """Let a phase last; return what is left of it if a machine fails under it."""
        failing = [pool for pool in patient.holds if pool.fails]
        for pool in failing:
            pool.running.append(patient)
        began = self.env.now
        left = 0.0
        try:
            yield self.env.timeout(minutes)
        except simpy.Interrupt:
            left = max(minutes - (self.env.now - began), EPSILON)
        for pool in failing:
            pool.running.remove(patient)
        return left

    def _clear_up(self, rest: Patient, activity: BoundActivity, first: int) -> Happening:
        """Do the last phases, for which the patient does not stay, with what is held already."""
        for phase in activity.phases[first:]:
            assert len(rest.holds) == len(phase.hold)
            yield self.env.timeout(self.sample(phase.duration))
        self.give(rest)
        self.serve_waiting()

    # The run ---------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Run to the end of the last day."""
        self.env.run(until=self.days * DAY)
        for pool in self.pools.values():
            pool.hold(0, self.env.now)

    def wait(self, activity: str) -> float:
        """Mean wait before an activity, minutes."""
        return float(np.mean(self.seen.waits[activity]))

    def use(self, resource: str) -> float:
        """Time held over time open."""
        pool = self.pools[resource]
        return pool.area / pool.offered


class Diary:
    """Appointments of one resource: the first free time, counted in quarters of an hour.

    A quarter is filled up in turn: an appointment begins where the part of it that is taken ends.
    """

    def __init__(self, world: World, name: str) -> None:
        resource = world.project.centre.resources[name]
        booking = resource.booking
        assert booking is not None
        self.world, self.name = world, name
        where = ("resources", name, "booking")

        def ask(number: Any, key: str) -> str | int | None:
            return None if number is None else world.ask(number, *where, key)

        self.no_show = world.value(ask(booking.no_show, "no_show"))
        self.late = ask(booking.lateness, "lateness")
        ((self.calendar, self.n),) = world._list_duties(name)
        (self.minutes,) = {
            sum(
                world.value(phase.duration, "min")
                for phase in task.activity.phases
                if name in dict(phase.hold)
            )
            for route in world.project.network.routes.values()
            for stop in route.stops
            for task in stop.tasks
            if any(name in dict(phase.hold) for phase in task.activity.phases)
        }
        self.opens, self.closes, _ = world.read_hours(self.calendar)
        self.used: dict[int, list[float]] = {}

    def book(self, day: int) -> float:
        """Return the first free time from a day on."""
        while True:
            if self.world.is_open(self.calendar, day):
                used = self.used.setdefault(day, [0.0] * int((self.closes - self.opens) / QUARTER))
                for cell in range(len(used)):
                    begin = self.opens + cell * QUARTER
                    if day * DAY + begin > self.world.env.now and (parts := self._find_parts(used, cell)):
                        offset = QUARTER * used[cell] / (self.n * QUARTER)
                        for at, part in parts:
                            used[at] += part
                        return day * DAY + begin + offset
            day += 1

    def _find_parts(self, used: list[float], cell: int) -> list[tuple[int, float]]:
        full = self.n * QUARTER
        rest, room = self.minutes, QUARTER * (1 - used[cell] / full)
        parts = []
        while rest > EPSILON:
            if cell >= len(used):
                return []
            part = min(rest, room)
            if part <= EPSILON or used[cell] + part > full + EPSILON:
                return []
            parts.append((cell, part))
            rest, room, cell = rest - part, QUARTER, cell + 1
        return parts
