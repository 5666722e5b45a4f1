"""The campus in SimPy: a process for each patient, who holds station and staff together.

What it does is what the definition says. A patient takes all they need at once or waits; who waits is served
by priority, appointment and arrival as soon as everything they need is free. Appointments are the first
free time on the station from the earliest day on, counted in quarters of an hour; those who do not come are
booked again for the next day and come then. A failing unit puts off whoever is on it, who is taken up again
where it stopped.
"""

import random
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any

import simpy

from oncopolis.centre import Project
from oncopolis.centre.cohort import Flow
from reading import (
    MINUTES_A_DAY,
    Time,
    is_open,
    list_windows,
    read_minutes,
    read_service,
    read_time,
    read_value,
)

QUARTER = 15.0
Waiting = tuple[int, float, float, int, "simpy.Event"]


@dataclass(slots=True, eq=False)
class Pool:
    """Units of a station, or people of a staff."""

    name: str
    capacity: int = 0
    held: int = 0
    area: float = 0.0
    since: float = 0.0
    offered: float = 0.0
    bundles: "list[Bundle]" = field(default_factory=list)
    running: "dict[simpy.Process, None] | None" = None


@dataclass(slots=True, eq=False)
class Bundle:
    """Station and staff that are held together, and who waits for them."""

    pools: tuple[Pool, ...]
    queue: list[Waiting] = field(default_factory=list)
    n: int = 0
    waited: float = 0.0
    squares: float = 0.0
    longest: float = 0.0


@dataclass(slots=True, eq=False)
class Diary:
    """Appointments on one station."""

    windows: dict[int, tuple[float, float, int]]
    """Day -> opening, closing, units."""
    minutes: float
    no_show: float
    late: Time
    used: dict[int, list[float]] = field(default_factory=dict)
    first: dict[int, int] = field(default_factory=dict)

    def book(self, day: int, not_before: float, last: int, prefer: int = -1) -> float | None:
        """Return the time of the first free appointment from a day on; None after the last day."""
        while day <= last:
            if day in self.windows:
                time = self._find(day, not_before, prefer)
                if time is not None:
                    return time
            day += 1
        return None

    def _find(self, day: int, not_before: float, prefer: int) -> float | None:
        opens, closes, units = self.windows[day]
        used = self.used.setdefault(day, [0.0] * (int((closes - opens) / QUARTER) + 1))
        first = self.first.get(day, 0)
        full = units * QUARTER
        earliest = int(max(not_before - opens, 0.0) // QUARTER + (1 if not_before > opens else 0))
        for start in (
            (max(prefer, earliest), max(first, earliest)) if prefer > earliest else (max(first, earliest),)
        ):
            for cell in range(start, len(used) - 1):
                if used[cell] < full:
                    offset = QUARTER * used[cell] / full
                    if self._fits(used, cell, offset, full):
                        return opens + cell * QUARTER + offset
                elif cell == self.first.get(day, 0):
                    self.first[day] = cell + 1
        return None

    def _fits(self, used: list[float], cell: int, offset: float, full: float) -> bool:
        parts = []
        rest, room = self.minutes, QUARTER - offset
        while rest > 1e-9:
            if cell >= len(used) - 1:
                return False
            part = min(rest, room)
            if used[cell] + part > full + 1e-9:
                return False
            parts.append((cell, part))
            rest, room, cell = rest - part, QUARTER, cell + 1
        for at, part in parts:
            used[at] += part
        return True


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a pathway."""

    bundle: Bundle
    station: Pool
    mu: float
    sigma: float
    diary: Diary | None
    share: float
    times: int
    days: int


class Campus:
    """One run of the campus.

    Parameters
    ----------
    project
        Definition as read.
    start
        First day.
    days, seed
        Length and seed of the run.
    """

    def __init__(self, project: Project, start: date, days: int, seed: int) -> None:
        self.project, self.start, self.days = project, start, days
        self.env = simpy.Environment()
        self.random = random.Random(seed)  # noqa: S311 - no secrets here
        self.number = count()
        self.events = self.visits = self.cut = self.left = 0
        self.in_system: dict[str, list[float]] = {}
        self.pools = {name: Pool(name) for name in project.centre.resources}
        self.workdays = [
            i
            for i in range(days + 400)
            if (start + timedelta(days=i)).weekday() < 5
            and is_open(project, "days", start + timedelta(days=i))
        ]
        self.bundles: dict[tuple[str, ...], Bundle] = {}
        self.diaries: dict[str, Diary] = {}
        self.routes = {key[0]: self._make_route(key) for key in project.network.routes}
        self._add_shifts()
        self._add_failures()
        for flow in project.network.flows:
            centre_flow = project.centre.flows[flow.flow]
            year = (start + timedelta(days=day) for day in range(365))
            n_days = sum(
                centre_flow.calendar is None or is_open(project, centre_flow.calendar, day) for day in year
            )
            self.env.process(self._arrive(centre_flow, read_value(project, flow.volume) / n_days))

    # The definition ----------------------------------------------------------------------------------------

    def _make_route(self, key: tuple[str, str, str]) -> list[Place]:
        places = []
        for stop in self.project.network.routes[key].stops:
            service, names = read_service(self.project, stop)
            if names not in self.bundles:
                bundle = self.bundles[names] = Bundle(tuple(self.pools[name] for name in names))
                for pool in bundle.pools:
                    pool.bundles.append(bundle)
            times = int(read_value(self.project, stop.cadence.n, 1)) if stop.cadence else 1
            places.append(
                Place(
                    self.bundles[names],
                    self.pools[names[0]],
                    service.mu,
                    service.sigma,
                    self._find_diary(names[0], service.mean),
                    read_value(self.project, stop.share, 1.0),
                    times,
                    stop.after.aim_days,
                )
            )
        return places

    def _find_diary(self, name: str, minutes: float) -> Diary | None:
        resource = self.project.centre.resources[name]
        booking = resource.booking
        if booking is None:
            return None
        if name not in self.diaries:
            (shift,) = resource.shifts
            ask = self.project.resolver.resolve
            path = ("resources", name, "booking")
            assert booking.no_show is not None
            assert booking.lateness is not None
            self.diaries[name] = Diary(
                {
                    int(opens // MINUTES_A_DAY): (opens, closes, shift.n)
                    for opens, closes in list_windows(
                        self.project, shift.calendar, self.start, self.days + 60, False
                    )
                },
                minutes,
                read_value(self.project, ask(booking.no_show, (*path, "no_show"), {})),
                read_time(self.project, ask(booking.lateness, (*path, "lateness"), {})),
            )
        return self.diaries[name]

    def _add_shifts(self) -> None:
        changes: dict[float, dict[Pool, int]] = {}
        for name, resource in self.project.centre.resources.items():
            pool = self.pools[name]
            for shift in resource.shifts:
                if shift.calendar == "always":
                    pool.capacity += shift.n
                    pool.offered += shift.n * self.days * MINUTES_A_DAY
                    continue
                windows = list_windows(self.project, shift.calendar, self.start, self.days)
                plain = list_windows(self.project, shift.calendar, self.start, self.days, False)
                for (opens, closes), (_, ends) in zip(windows, plain, strict=True):
                    pool.offered += shift.n * (ends - opens)
                    for time, n in ((opens, shift.n), (closes, -shift.n)):
                        at = changes.setdefault(time, {})
                        at[pool] = at.get(pool, 0) + n
        self.env.process(self._change(sorted(changes.items(), key=lambda change: change[0])))

    def _change(self, changes: list[tuple[float, dict[Pool, int]]]) -> Generator[simpy.Event, Any, None]:
        for time, ends in changes:
            yield self.env.timeout(time - self.env.now)
            for pool, n in ends.items():
                pool.capacity += n
            for pool in ends:
                self._serve(pool)

    def _add_failures(self) -> None:
        for name, resource in self.project.centre.resources.items():
            if resource.breakdown is None:
                continue
            ask, path = self.project.resolver.resolve, ("resources", name, "breakdown")
            every = read_minutes(self.project, ask(resource.breakdown.every, (*path, "every"), {}))
            repair = read_minutes(self.project, ask(resource.breakdown.repair, (*path, "repair"), {}))
            self.pools[name].running = {}
            units = sum(shift.n for shift in resource.shifts)
            self.env.process(self._fail(self.pools[name], units, every, repair))

    # The run -----------------------------------------------------------------------------------------------

    def _fail(self, pool: Pool, units: int, every: float, repair: float) -> Generator[simpy.Event, Any, None]:
        """Let units fail: one that is used, one that is idle, or one that is not there and so does not."""
        assert pool.running is not None
        while True:
            yield self.env.timeout(self.random.expovariate(units / every))
            unit = self.random.random() * units
            if unit < len(pool.running):
                self.cut += 1
                self.env.process(self._repair(pool, repair))
                self.random.choice(list(pool.running)).interrupt()
            elif unit < pool.capacity:
                self.env.process(self._repair(pool, repair))

    def _repair(self, pool: Pool, repair: float) -> Generator[simpy.Event, Any, None]:
        pool.capacity -= 1
        yield self.env.timeout(self.random.expovariate(1 / repair))
        pool.capacity += 1
        self._serve(pool)

    def _list_arrivals(self, flow: Flow, volume: float) -> Iterator[float]:
        assert flow.day is not None
        hour = MINUTES_A_DAY / len(flow.day)
        rates = [volume * part / sum(flow.day) / hour for part in flow.day]
        for day in range(self.days):
            if flow.calendar and not is_open(self.project, flow.calendar, self.start + timedelta(days=day)):
                continue
            for i, rate in enumerate(rates):
                time = self.random.expovariate(rate) if rate else hour
                while time < hour:
                    yield day * MINUTES_A_DAY + i * hour + time
                    time += self.random.expovariate(rate)

    def _arrive(self, flow: Flow, volume: float) -> Generator[simpy.Event, Any, None]:
        env = self.env
        priority = 5 if flow.priority is None else flow.priority
        for time in self._list_arrivals(flow, volume):
            yield env.timeout(time - env.now)
            self.events += 1
            env.process(self._visit(flow.pathway, priority))

    def _visit(self, pathway: str, priority: int) -> Generator[simpy.Event, Any, None]:
        env, draw = self.env, self.random
        entered = env.now
        for place in self.routes[pathway]:
            if place.share < 1 and draw.random() >= place.share:
                continue
            diary = place.diary
            appointments = self._book(place) if diary else []
            for i in range(place.times):
                order = env.now
                if diary:
                    if i >= len(appointments):
                        return
                    order = appointments[i]
                    late = draw.normalvariate(diary.late.mean, diary.late.sd)
                    yield env.timeout(max(order + late - env.now, 0.0))
                    self.events += 1
                    if draw.random() < diary.no_show:
                        again = diary.book(int(env.now // MINUTES_A_DAY) + 1, env.now, self.days + 30)
                        if again is None:
                            return
                        order = again
                        late = draw.normalvariate(diary.late.mean, diary.late.sd)
                        yield env.timeout(max(order + late - env.now, 0.0))
                        self.events += 1
                    self.visits += 1
                elif not i and place is self.routes[pathway][0]:
                    self.visits += 1
                yield from self._be_served(place, priority, order, draw.lognormvariate(place.mu, place.sigma))
        self.left += 1
        total = self.in_system.setdefault(pathway, [0.0, 0.0])
        total[0] += 1
        total[1] += env.now - entered

    def _book(self, place: Place) -> list[float]:
        """Book every occurrence of a step, one a working day, if possible at the same time of day."""
        assert place.diary is not None
        day = int(self.env.now // MINUTES_A_DAY) + place.days
        prefer = -1
        times = []
        for _ in range(place.times):
            time = place.diary.book(day, self.env.now, self.days + 50, prefer)
            if time is None:
                break
            times.append(time)
            booked = int(time // MINUTES_A_DAY)
            if prefer < 0:
                prefer = int((time - place.diary.windows[booked][0]) // QUARTER)
            day = self._find_workday(booked)
        return times

    def _find_workday(self, day: int) -> int:
        return next(workday for workday in self.workdays if workday > day)

    def _be_served(
        self, place: Place, priority: int, order: float, rest: float
    ) -> Generator[simpy.Event, Any, None]:
        env, bundle = self.env, place.bundle
        running = place.station.running
        asked = env.now
        while True:
            for pool in bundle.pools:
                if pool.held >= pool.capacity:
                    event = env.event()
                    heappush(bundle.queue, (priority, order, env.now, next(self.number), event))
                    yield event
                    break
            else:
                self._take(bundle)
            if asked >= 0:
                waited = env.now - asked
                bundle.n += 1
                bundle.waited += waited
                bundle.squares += waited * waited
                bundle.longest = max(bundle.longest, waited)
                asked = -1.0
            if running is None:
                yield env.timeout(rest)
                break
            begun = env.now
            running[env.active_process] = None
            try:
                yield env.timeout(rest)
            except simpy.Interrupt:
                rest -= env.now - begun
                del running[env.active_process]
                self._give(bundle)
                continue
            del running[env.active_process]
            break
        self.events += 1
        self._give(bundle)

    def _take(self, bundle: Bundle) -> None:
        now = self.env.now
        for pool in bundle.pools:
            pool.area += pool.held * (now - pool.since)
            pool.since = now
            pool.held += 1

    def _give(self, bundle: Bundle) -> None:
        now = self.env.now
        for pool in bundle.pools:
            pool.area += pool.held * (now - pool.since)
            pool.since = now
            pool.held -= 1
        for pool in bundle.pools:
            self._serve(pool)

    def _serve(self, pool: Pool) -> None:
        """Let the first of those who wait for a pool, and can be served, be served."""
        while pool.held < pool.capacity:
            best = None
            for bundle in pool.bundles:
                if not bundle.queue or (best is not None and bundle.queue[0] > best.queue[0]):
                    continue
                if all(other.held < other.capacity for other in bundle.pools):
                    best = bundle
            if best is None:
                return
            event = heappop(best.queue)[-1]
            self._take(best)
            event.succeed()

    def run(self) -> None:
        """Run to the end of the last day."""
        self.env.run(until=self.days * MINUTES_A_DAY)
        for pool in self.pools.values():
            pool.area += pool.held * (self.env.now - pool.since)
            pool.since = self.env.now

    def list_waits(self) -> dict[str, float]:
        """Return the mean wait at each station, minutes."""
        return {
            bundle.pools[0].name: bundle.waited / bundle.n for bundle in self.bundles.values() if bundle.n
        }
