"""From routes to rows: stops, ways out, tasks, activities, phases and episodes."""

from collections.abc import Sequence
from dataclasses import replace

from oncopolis.centre import BoundActivity, Coefficient, Route, RouteKey, Stop
from oncopolis.centre.equipped import Equipped
from oncopolis.centre.intake import Fate, Intake
from oncopolis.centre.pathway import Setting
from oncopolis.centre.route import OUT, REST, BoundEpisode, BoundTask
from oncopolis.foundation import InputError
from oncopolis.foundation.kernels.variates import EXPONENTIAL, FIXED, UNIFORM
from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.twin.compiling.bundles import Bundles
from oncopolis.twin.compiling.columns import Columns
from oncopolis.twin.compiling.roster import Roster
from oncopolis.twin.compiling.values import TICKS, Values
from oncopolis.twin.kernels import tables as k
from oncopolis.twin.names import Names

SETTINGS: tuple[Setting, ...] = ("outpatient", "day_case", "inpatient", "remote", "none")
WHEN = ("completion", "relapse", "death", "time", "rate")
WAITS = {"fixed": FIXED, "exponential": EXPONENTIAL, "uniform": UNIFORM}
MOST_ATTRIBUTES = 64  # structure: bits of a mask


class Ways:
    """Rows of all routes of one definition."""

    def __init__(
        self,
        equipped: Equipped,
        intake: Intake,
        columns: Columns,
        values: Values,
        bundles: Bundles,
        roster: Roster,
        booked: Sequence[int],
    ) -> None:
        self.project = equipped.project
        self.network = self.project.network
        self.intake, self.columns, self.values = intake, columns, values
        self.bundles, self.roster = bundles, roster
        self.booked = {r: i for i, r in enumerate(booked)}
        self.names = Names(
            departments=list(self.project.centre.departments), measures=list(self.project.centre.measures)
        )
        self._numbers: dict[int, dict[str, int]] = {}
        self.bits = {name: 1 << i for i, name in enumerate(sorted(self.network.tracked))}
        if len(self.bits) > MOST_ATTRIBUTES:
            raise InputError(
                code="TWN-003",
                where="pathways",
                got=f"{len(self.bits)} attributes that conditions ask for",
                expected=f"at most {MOST_ATTRIBUTES}",
                fix="drop attributes that no condition needs",
            )
        self.first_stop: dict[RouteKey, int] = {}
        self.route_number: dict[RouteKey, int] = {}
        self.factors: dict[tuple[str, str | None], int] = {}
        self._activities: dict[int, int] = {}
        self._kept: list[BoundActivity] = []
        self._gating: dict[int, list[int]] = {}
        self._taken: dict[tuple[int, Coefficient], list[tuple[int, int, int]]] = {}
        self.opening = {name: roster.days.find_first(year) for name, year in sorted(equipped.opened.items())}
        """Department -> day on which it opens; those that never do are left out."""
        self._n_stops = 0
        self._earlier: list[dict[str, float]] = []
        self._shapes: dict[tuple[tuple[float, float, float], ...], int] = {}

    def write(self) -> None:
        """Write every route."""
        at = 0
        for number, (key, route) in enumerate(self.network.routes.items()):
            self.first_stop[key], self.route_number[key] = at, number
            at += len(route.stops)
        self._n_stops = at
        for key, route in self.network.routes.items():
            self._add_route(route, self.intake.fates.get(key, Fate()))
            for stop in route.stops:
                self._add_stop(route, stop, self.first_stop[key])
        for row in self._earlier:
            self.names.stop_steps.append(self.names.stop_steps[int(row["st_base"])])
            self.columns.add(**row)

    def list_asked(self, n_days: int) -> set[int]:
        """Return the resources somebody may wait for; what is done instead of something spares its own."""
        return {
            resource
            for activity in self._kept
            if activity.fallback is None or self.opening.get(activity.department, n_days) < n_days
            for resource in self._list_gating(activity)
        }

    def get_entry(self, key: RouteKey, at: str | None) -> int:
        """Return the stop at which somebody enters a route."""
        return self.first_stop[key] + (self.network.routes[key].entries[at] if at else 0)

    def mask(self, attributes: frozenset[str]) -> int:
        """Return attributes as bits; those nobody asks for are left out."""
        return sum(self.bits.get(name, 0) for name in attributes)

    def _number(self, names: list[str], name: str) -> int:
        if id(names) not in self._numbers:
            self._numbers[id(names)] = {text: i for i, text in enumerate(names)}
        numbers = self._numbers[id(names)]
        if name not in numbers:
            numbers[name] = len(names)
            names.append(name)
        return numbers[name]

    def _add_route(self, route: Route, fate: Fate) -> None:
        columns = self.columns
        first = columns.count("ep_when")
        per_tick = 0.0
        for episode in route.episodes:
            per_tick += self._add_episode(route, episode)
        columns.add(
            ro_path=self._number(self.names.paths, route.pathway),
            ro_prio=route.priority,
            ro_relapse=fate.relapse,
            ro_relapse_years=fate.relapse_years,
            ro_death=fate.death,
            ro_other=fate.other,
            ro_ageing=max(fate.ageing, 1e-9),  # structure: keeps the formula finite
            ro_life=route.lasts == "life",
            ro_e0=first,
            ro_e1=columns.count("ep_when"),
            ro_rate=per_tick,
        )

    def _add_episode(self, route: Route, episode: BoundEpisode) -> float:
        """Write an episode; return how often it starts by itself, per tick."""
        values = self.values
        share = values.get(episode.share)
        rate = 0.0
        if episode.rate is not None:
            rate = values.get(episode.rate) / TICKS["year"] * (1.0 if share < 0 else share)
        dist = -1
        if episode.mean is not None:
            dist = self._add_wait(episode)
        self.columns.add(
            ep_when=WHEN.index(episode.when),
            ep_share=-1.0 if episode.when == "rate" else share,
            ep_dist=dist,
            ep_rate=rate,
            ep_has=self.mask(episode.has),
            ep_lacks=self.mask(episode.lacks),
            ep_sets=self.mask(episode.sets),
            ep_stop=self.get_entry(self.network.start(episode, route), episode.at),
        )
        return rate

    def _add_wait(self, episode: BoundEpisode) -> int:
        mean = self.values.get_ticks(episode.mean)
        family = WAITS[episode.family]
        a, b = (0.0, 2 * mean) if family == UNIFORM else (mean, 0.0)
        number = self.columns.count("di_kind")
        self.columns.add(di_kind=family, di_a=a, di_b=b, di_c=0.0)
        return number

    def _add_stop(self, route: Route, stop: Stop, first: int) -> None:
        columns, values = self.columns, self.values
        tasks = columns.count("ta_act")
        for task in stop.tasks:
            self._add_task(stop, task)
        exits = columns.count("ex_to")
        self._add_exits(stop, first)
        *earlier, (from_day, there) = self._list_periods(stop)
        bookings = columns.count("sb_bk")
        self._add_bookings(there)
        cadence = stop.cadence
        step = f"{route.pathway}/{stop.id}"
        self.names.stop_steps.append(step)
        columns.add(
            st_route=self.route_number[route.key],
            st_share=values.get(stop.share),
            st_frail=values.get(stop.frailty, 0.0),
            st_has=self.mask(stop.has),
            st_lacks=self.mask(stop.lacks),
            st_sets=self.mask(stop.sets),
            st_skip=OUT if stop.skip_to == OUT else first + stop.skip_to,
            st_x0=exits,
            st_x1=columns.count("ex_to"),
            st_t0=tasks,
            st_t1=columns.count("ta_act"),
            st_setting=SETTINGS.index(stop.setting),
            st_aim=stop.after.aim_days,
            st_latest=-1 if stop.after.latest_days is None else stop.after.latest_days,
            st_times=-1 if cadence is None else values.add_count(cadence.n),
            st_mean_times=1.0 if cadence is None else values.get(cadence.n),
            st_every=1 if cadence is None else cadence.every_days,
            st_workdays=cadence is not None and cadence.workdays,
            st_defer=-1.0 if cadence is None else values.get(cadence.deferral),
            st_defer_days=0 if cadence is None else cadence.deferral_days,
            st_defer_frail=0.0 if cadence is None else values.get(cadence.deferral_frailty, 0.0),
            st_prio=-1 if stop.priority is None else stop.priority,
            st_patience=values.add_time(stop.patience),
            st_gives=OUT if stop.gives_up == OUT else first + stop.gives_up,
            st_factor=self._find_factor(route, stop),
            st_treats=stop.modality is not None and bool(stop.tasks),
            st_b0=bookings,
            st_b1=columns.count("sb_bk"),
            st_shape=self._find_shape(bookings),
            st_row=self._number(self.names.steps, step),
            st_window=self._find_window(there),
            st_days_away=self._find_days_away(stop),
            st_base=columns.count("st_base"),
            st_from=from_day,
            st_before=-1,
        )
        self._add_earlier(earlier)

    def _add_earlier(self, periods: Sequence[tuple[int, Stop]]) -> None:
        """Write what is booked at the last stop while departments of it are not open yet.

        Such rows come after those of all stops; each stop leads to the one that holds before it.
        """
        if not periods:
            return
        columns = self.columns
        base = columns.count("st_base") - 1
        last = {name: columns.get(name, base) for name in k.TABLES if name.startswith("st_")}
        later: dict[str, float] | None = None
        for from_day, there in reversed(periods):
            bookings = columns.count("sb_bk")
            self._add_bookings(there)
            row = last | {
                "st_b0": bookings,
                "st_b1": columns.count("sb_bk"),
                "st_shape": self._find_shape(bookings),
                "st_window": self._find_window(there),
                "st_from": from_day,
            }
            number = self._n_stops + len(self._earlier)
            if later is None:
                columns.set("st_before", base, number)
            else:
                later["st_before"] = number
            self._earlier.append(row)
            later = row

    def _list_periods(self, stop: Stop) -> list[tuple[int, Stop]]:
        """Return what a stop consists of from which day on: departments open one after the other."""
        days = {0}
        for task in stop.tasks:
            activity: BoundActivity | None = task.activity
            while activity is not None and activity.fallback is not None:
                days.add(self.opening.get(activity.department, 0))
                activity = activity.fallback
        return [(day, self._resolve_all(stop, day)) for day in sorted(days) if day < self.roster.days.n]

    def _resolve_all(self, stop: Stop, day: int) -> Stop:
        """Return a stop with what is done on a day."""
        tasks = tuple(self._resolve(task, day) for task in stop.tasks)
        return stop if tasks == stop.tasks else replace(stop, tasks=tasks)

    def _resolve(self, task: BoundTask, day: int) -> BoundTask:
        """Return a task with what is done on a day; as it is if nothing of it is open then."""
        activity: BoundActivity | None = task.activity
        while activity is not None and self.opening.get(activity.department, day + 1) > day:
            activity = activity.fallback
        return task if activity is None or activity is task.activity else replace(task, activity=activity)

    def _find_factor(self, route: Route, stop: Stop) -> int:
        """Return the row of the share that is treated here; -1 where all are."""
        if not route.site or (route.site, stop.modality) not in self.intake.here:
            return -1
        return self.factors.setdefault((route.site, stop.modality), len(self.factors))

    def _find_days_away(self, stop: Stop) -> int:
        """Days a step takes where it is done elsewhere: an inpatient's stay."""
        if stop.setting != "inpatient":
            return 0
        ticks = sum(
            self.values.get_ticks(phase.duration)
            * (1.0 if task.share is None else self.values.get(task.share))
            * self.values.get(task.n)
            for task in stop.tasks
            for phase in task.activity.phases
        )
        return round(ticks / MS_PER_DAY)

    def _list_gating(self, activity: BoundActivity) -> list[int]:
        """Resources that may make somebody wait for an activity."""
        if id(activity) not in self._gating:
            found: dict[int, None] = {}
            for phase in activity.phases:
                for resource, _, behind in self.bundles.held[self.bundles.add(phase)]:
                    if not behind:
                        found[resource] = None
            self._gating[id(activity)] = list(found)
        return self._gating[id(activity)]

    def _find_window(self, stop: Stop) -> int:
        """Return the resource with the fewest open hours that the first activity of a step needs."""
        for task in stop.tasks:
            needed = self._list_gating(task.activity)
            if needed and not self._is_aside(stop, task):
                return min(needed, key=lambda r: (self.roster.weekly_hours[r], r))
        return -1

    def _is_aside(self, stop: Stop, task: BoundTask) -> bool:
        """Whether an activity is work the patient does not wait for."""
        return not task.activity.contact and stop.setting != "none"

    def _add_bookings(self, stop: Stop) -> None:
        """Write what an appointment for a step takes: that of its first activity that everybody has."""
        if stop.setting == "none":
            return
        for sure in (True, False):
            for task in stop.tasks:
                if self._is_aside(stop, task) or (sure and task.share is not None):
                    continue
                taken = self._list_taken(task)
                if taken:
                    for bookable, amount, ticks in taken:
                        self.columns.add(sb_bk=bookable, sb_amount=amount, sb_ticks=ticks)
                    return

    def _find_shape(self, first: int) -> int:
        """Return the number of what an appointment takes, the same for all that take the same."""
        columns = self.columns
        taken = tuple(
            (columns.get("sb_bk", i), columns.get("sb_amount", i), columns.get("sb_ticks", i))
            for i in range(first, columns.count("sb_bk"))
        )
        return self._shapes.setdefault(taken, len(self._shapes))

    def _list_taken(self, task: BoundTask) -> list[tuple[int, int, int]]:
        """Bookable resources of an activity: number, amount, and mean ticks they are held."""
        asked = (id(task.activity), task.n)
        if asked not in self._taken:
            self._taken[asked] = self._find_taken(task)
        return self._taken[asked]

    def _find_taken(self, task: BoundTask) -> list[tuple[int, int, int]]:
        amounts: dict[int, int] = {}
        ticks: dict[int, float] = {}
        for phase in task.activity.phases:
            for resource, amount, behind in self.bundles.held[self.bundles.add(phase)]:
                if resource in self.booked and not behind:
                    amounts[resource] = max(amounts.get(resource, 0), amount)
                    ticks[resource] = ticks.get(resource, 0.0) + self.values.get_ticks(phase.duration)
        times = max(self.values.get(task.n), 1.0)
        return [
            (
                self.booked[r],
                min(amount, self.roster.most[r] * k.UNIT),
                int(min(ticks[r] * times, self.roster.longest[r])),
            )
            for r, amount in amounts.items()
        ]

    def _add_exits(self, stop: Stop, first: int) -> None:
        """Write the ways out with cumulative shares; the rest comes last, and stated shares sum to one."""
        ways = [(way.to, way.share) for way in stop.exits]
        stated = [(to, self.values.get(share)) for to, share in ways if share is not None and share != REST]
        others = [to for to, share in ways if share is None or share == REST]
        total = sum(share for _, share in stated)
        scale = max(total, 1.0) if others else (total or 1.0)
        reached = 0.0
        for to, share in stated:
            reached += share / scale
            self.columns.add(ex_to=OUT if to == OUT else first + to, ex_share=reached)
        for to in others:
            self.columns.add(ex_to=OUT if to == OUT else first + to, ex_share=1.0)

    def _add_task(self, stop: Stop, task: BoundTask) -> None:
        self.columns.add(
            ta_act=self._add_activity(task.activity),
            ta_n=self.values.get(task.n),
            ta_dist=self.values.add_count(task.n),
            ta_share=self.values.get(task.share),
            ta_aside=self._is_aside(stop, task),
        )

    def _add_activity(self, activity: BoundActivity) -> int:
        if id(activity) in self._activities:
            return self._activities[id(activity)]
        fallback = -1 if activity.fallback is None else self._add_activity(activity.fallback)
        self._kept.append(activity)
        columns, values = self.columns, self.values
        first = columns.count("ph_dist")
        rest = [values.get_ticks(phase.duration) for phase in activity.phases]
        for i, phase in enumerate(activity.phases):
            columns.add(
                ph_dist=values.add_time(phase.duration),
                ph_frail=values.get(phase.frailty, 0.0),
                ph_bundle=self.bundles.add(phase),
                ph_rest=int(min(sum(rest[i:]), self._find_longest_day(activity))),
            )
        measures = columns.count("me_id")
        for measure, n in activity.counts:
            columns.add(me_id=self._number(self.names.measures, measure), me_n=values.get(n))
        there = [i for i, phase in enumerate(activity.phases) if phase.patient]
        number = columns.count("ac_p0")
        self._activities[id(activity)] = number
        columns.add(
            ac_p0=first,
            ac_p1=first + len(activity.phases),
            ac_tail=first + (there[-1] + 1 if there else len(activity.phases)),
            ac_contact=activity.contact,
            ac_dept=self._number(self.names.departments, activity.department),
            ac_fallback=fallback,
            ac_row=self._number(self.names.activities, activity.id),
            ac_m0=measures,
            ac_m1=columns.count("me_id"),
        )
        return number

    def _find_longest_day(self, activity: BoundActivity) -> float:
        """Longest open day of what an activity holds: nothing longer could ever fit."""
        spans = [self.roster.longest[r] for r in self._list_gating(activity)]
        return min(spans, default=float(MS_PER_DAY))
