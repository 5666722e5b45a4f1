"""Who waits on a Monday, who lies in bed, who comes for an infusion in the week: out of a run of the twin."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre import BoundActivity, Route, RouteKey, Stop
from oncopolis.centre.number import USUAL_PRIORITY
from oncopolis.foundation import InputError
from oncopolis.foundation.units import DAYS_PER_WEEK, MS_PER_DAY, MS_PER_MINUTE
from oncopolis.operations.house import House
from oncopolis.studies.preparing import Prepared
from oncopolis.studies.replaying.reading import Lines, Rows
from oncopolis.studies.sampling import Sampler, choose_period
from oncopolis.studies.week.people import People, Person
from oncopolis.twin import Model
from oncopolis.twin.journal import ACTIVITY, ASKED, CASE, END, OUTCOME, PLANNED, RESOURCE, START, STOP
from oncopolis.twin.kernels.tables import DONE

LOOK_BACK_DAYS = 42  # structure: six weeks, in which whoever waits on the Monday became ready
LOOK_AHEAD_DAYS = 28  # structure: four weeks, in which whoever waits is operated on
OPERATIONS = "operations"
"""Measure that activities count which are operations."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who is ready for an operation, or will be in the week. Days are counted from Monday, 0.

    Parameters
    ----------
    operation, stay
        What is done, and the stay that follows as the pathway has it; None without one.
    intensive
        Stay in beds of another kind right after the operation, planned for those for whom the twin has drawn
        one; None for all others.
    release_day
        First day on which the pathway allows it; below 0 if that is past.
    target_day, latest_day
        Day that the pathway aims at, and the last one before it counts as a breach; None where it says none.
    is_urgent
        Whether it goes before others in queues.
    """

    case: int
    person: Person
    route: RouteKey
    operation: BoundActivity
    stay: BoundActivity | None
    intensive: BoundActivity | None
    release_day: int
    target_day: int
    latest_day: int | None
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class Lying:
    """Somebody in a bed since before Monday, who stays for so many days of the week and after."""

    case: int
    person: Person
    route: RouteKey
    bed: str
    stay_days: int


@dataclass(frozen=True, slots=True)
class Infused:
    """Somebody with an infusion on a day of the week, and the review by a physician before it, if any."""

    case: int
    person: Person
    route: RouteKey
    day: int
    infusion: BoundActivity
    review: BoundActivity | None
    preparation: BoundActivity | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """All of them."""

    monday: date
    waiting: tuple[Waiting, ...]
    lying: tuple[Lying, ...]
    infused: tuple[Infused, ...]


def draw_week(prepared: Prepared, house: House, monday: date, seed: int) -> Drawn:
    """Run the twin up to four weeks after a Monday, and say who is there and who waits on it.

    Raises
    ------
    InputError
        SCH-064: nobody waits for an operation, and nobody comes for an infusion.
    """
    n_days = LOOK_BACK_DAYS + DAYS_PER_WEEK + LOOK_AHEAD_DAYS
    period = choose_period(prepared, days=n_days, start=monday - timedelta(days=LOOK_BACK_DAYS))
    sampler = Sampler(prepared.equipped, prepared.intake, period, seed)
    lines = Lines()
    sampler.run(0, lines)
    reader = _Reader(sampler.model, house, lines.gather(), n_days, People(prepared.project, seed))
    drawn = Drawn(monday, reader.list_waiting(), reader.list_lying(), reader.list_infused())
    if not drawn.waiting and not drawn.infused:
        raise InputError(
            code="SCH-064", where=f"week from {monday}",
            got="nobody who waits for an operation, nobody who comes for an infusion",
            expected="a centre that operates or has a day unit",
            fix="choose a later --start, when the centre is open, or another project",
        )  # fmt: skip
    return drawn


class _Reader:
    """Lines of a run whose counted days begin six weeks before the Monday."""

    def __init__(self, model: Model, house: House, rows: Rows, n_days: int, people: People) -> None:
        self._model, self._house, self._people = model, house, people
        self._low = (model.history_days + model.days - n_days + LOOK_BACK_DAYS) * MS_PER_DAY
        self._rows = rows[rows[:, ACTIVITY] >= 0]
        self._routes = tuple(model.equipped.project.network.routes)

    def list_waiting(self) -> tuple[Waiting, ...]:
        """Return whose step before the operation is done by Monday, and who is operated on after it."""
        rows, counted = self._rows, self._find(self._operations)
        chosen = np.flatnonzero(counted & (rows[:, OUTCOME] == DONE) & (rows[:, START] >= self._low))
        found: dict[int, Waiting] = {}
        for line in chosen[np.argsort(rows[chosen, START], kind="stable")].tolist():
            case = int(rows[line, CASE])
            ready = self._find_ready(line)
            if case not in found and ready is not None:
                found[case] = self._make_waiting(case, line, ready)
        return tuple(found[case] for case in sorted(found))

    def list_lying(self) -> tuple[Lying, ...]:
        """Return who was in bed when Monday began."""
        rows, kinds = self._rows, self._house.centre.resources
        beds = np.array([*(kinds[key].kind == "bed" for key in self._model.resources), False])
        there = (rows[:, START] < self._low) & (rows[:, END] > self._low) & beds[rows[:, RESOURCE]]
        found: dict[int, Lying] = {}
        for line in np.flatnonzero(there & (rows[:, OUTCOME] == DONE)).tolist():
            case, route = int(rows[line, CASE]), self._get_route(line)
            days = -(-(int(rows[line, END]) - self._low) // MS_PER_DAY)
            bed = self._model.resources[rows[line, RESOURCE]]
            found[case] = Lying(case, self._people.draw(case, route[1]), route, bed, int(days))
        return tuple(found[case] for case in sorted(found))

    def list_infused(self) -> tuple[Infused, ...]:
        """Return the infusions of the week; what else somebody has on the same day goes with them."""
        rows = self._rows
        high = self._low + DAYS_PER_WEEK * MS_PER_DAY
        moment = np.where(rows[:, PLANNED] >= 0, rows[:, PLANNED], rows[:, ASKED])
        week = (moment >= self._low) & (moment < high) & (rows[:, OUTCOME] == DONE)
        with_them: dict[tuple[int, int], dict[str, BoundActivity]] = defaultdict(dict)
        for line in np.flatnonzero(week & self._find(self._reviews | self._preparations)).tolist():
            day = (int(moment[line]) - self._low) // MS_PER_DAY
            activity = self._get_activity(line)
            kind = "review" if activity.id in self._reviews else "preparation"
            with_them[int(rows[line, CASE]), day][kind] = activity
        found: dict[tuple[int, int], Infused] = {}
        for line in np.flatnonzero(week & self._find(self._infusions)).tolist():
            case, route = int(rows[line, CASE]), self._get_route(line)
            at = case, (int(moment[line]) - self._low) // MS_PER_DAY
            person = self._people.draw(case, route[1])
            beside = with_them.get(at, {})
            found[at] = Infused(
                case, person, route, at[1], self._get_activity(line), beside.get("review"),
                beside.get("preparation"),
            )  # fmt: skip
        return tuple(found[at] for at in sorted(found))

    def _make_waiting(self, case: int, line: int, ready: int) -> Waiting:
        route, stop = self._get_route(line), self._get_stop(line)
        after = stop.after
        rank = stop.priority if stop.priority is not None else self._get_bound(route).priority
        stay = self._find_stay(route, stop)
        return Waiting(
            case=case,
            person=self._people.draw(case, route[1]),
            route=route,
            operation=self._get_activity(line),
            stay=stay,
            intensive=None if stay is None else self._find_intensive(line, stay),
            release_day=ready + after.earliest_days,
            target_day=ready + after.aim_days,
            latest_day=None if after.latest_days is None else ready + after.latest_days,
            is_urgent=rank < USUAL_PRIORITY,
        )

    def _find_ready(self, line: int) -> int | None:
        """Return the day of what somebody had before an operation, if it lies before Monday."""
        rows = self._rows
        own = self._lines_of[int(rows[line, CASE])]
        before = rows[own][(rows[own, STOP] != rows[line, STOP]) & (rows[own, END] <= rows[line, START])]
        if not len(before) or before[:, END].max() >= self._low:
            return None
        return int((before[:, END].max() - self._low) // MS_PER_DAY)

    def _find_stay(self, route: RouteKey, stop: Stop) -> BoundActivity | None:
        """Return the first bed of the steps that follow, or the longest place of the operation's own."""
        stops = self._get_bound(route).stops
        at = stops.index(stop)
        for later in stops[at + 1 :]:
            if later.setting == "outpatient":
                break
            for task in later.tasks if later.share is None else ():
                if self._find_held(task.activity, "bed"):
                    return task.activity
        places = [task.activity for task in stop.tasks if self._find_held(task.activity, "place")]
        return max(places, key=lambda one: self._house.make_card(one).minutes, default=None)

    def _find_intensive(self, line: int, stay: BoundActivity) -> BoundActivity | None:
        """Return what is done in beds of another kind than the stay's on the day after an operation."""
        rows, kinds = self._rows, self._house.centre.resources
        ended = int(rows[line, END])
        for later in self._lines_of[int(rows[line, CASE])].tolist():
            resource = int(rows[later, RESOURCE])
            if not ended <= rows[later, START] < ended + MS_PER_DAY or resource < 0:
                continue
            bed = self._model.resources[resource]
            if kinds[bed].kind == "bed" and not any(bed == key for p in stay.phases for key, _ in p.hold):
                return self._get_activity(later)
        return None

    def _find_held(self, activity: BoundActivity, kind: str) -> bool:
        resources = self._house.centre.resources
        return any(resources[key].kind == kind for phase in activity.phases for key, _ in phase.hold)

    @cached_property
    def _lines_of(self) -> Mapping[int, NDArray[np.int64]]:
        order = np.argsort(self._rows[:, CASE], kind="stable")
        cases, first = np.unique(self._rows[order, CASE], return_index=True)
        return dict(zip(cases.tolist(), np.split(order, first[1:]), strict=True))

    def _find(self, activities: frozenset[str]) -> NDArray[np.bool_]:
        """Say of each line whether it is of one of some activities."""
        names, tables = self._model.names.activities, self._model.tables
        wanted = np.array([names[int(row)] in activities for row in tables.ac_row])
        found: NDArray[np.bool_] = wanted[self._rows[:, ACTIVITY]]
        return found

    @cached_property
    def _operations(self) -> frozenset[str]:
        centre = self._house.centre
        return frozenset(key for key, activity in centre.activities.items() if OPERATIONS in activity.counts)

    @cached_property
    def _infusions(self) -> frozenset[str]:
        return self._list_holding("place", "chemotherapy")

    @cached_property
    def _preparations(self) -> frozenset[str]:
        return self._list_holding("machine", "pharmacy")

    @cached_property
    def _reviews(self) -> frozenset[str]:
        """What a physician does on the day of an infusion, as the steps with an infusion have it."""
        routes = self._model.equipped.project.network.routes.values()
        stops = [stop for route in routes for stop in route.stops]
        beside = {
            task.activity.id
            for stop in stops
            if any(task.activity.id in self._infusions for task in stop.tasks)
            for task in stop.tasks
            if self._find_held(task.activity, "room")
        }
        return frozenset(beside - self._infusions)

    def _list_holding(self, kind: str, department: str) -> frozenset[str]:
        centre = self._house.centre
        return frozenset(
            key
            for key, activity in centre.activities.items()
            if activity.department == department
            and any(centre.resources[one].kind == kind for phase in activity.phases for one in phase.hold)
        )

    def _get_route(self, line: int) -> RouteKey:
        return self._routes[int(self._model.tables.st_route[self._rows[line, STOP]])]

    def _get_bound(self, route: RouteKey) -> Route:
        return self._house.network.routes[route]

    def _get_stop(self, line: int) -> Stop:
        step = self._model.names.stop_steps[self._rows[line, STOP]].partition("/")[2]
        return next(stop for stop in self._get_bound(self._get_route(line)).stops if stop.id == step)

    def _get_activity(self, line: int) -> BoundActivity:
        """Return what was done; of the same thing in several lengths the nearest."""
        id_ = self._model.names.activities[int(self._model.tables.ac_row[self._rows[line, ACTIVITY]])]
        minutes = int(self._rows[line, END] - self._rows[line, START]) // MS_PER_MINUTE
        alike = [task.activity for task in self._get_stop(line).tasks if task.activity.id == id_]
        return min(alike, key=lambda one: abs(self._house.make_card(one).minutes - minutes))
