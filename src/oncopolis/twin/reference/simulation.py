"""`run`: the loop over what is known beforehand and what is pending."""

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.tables import DAY, UNIT
from oncopolis.twin.model import Model
from oncopolis.twin.reference.agenda import NOW, Agenda, Notice, What
from oncopolis.twin.reference.appointments import Diary
from oncopolis.twin.reference.arrivals import Arrivals
from oncopolis.twin.reference.away import Away
from oncopolis.twin.reference.coming import Coming
from oncopolis.twin.reference.counting import Counters, Recorder, list_counters
from oncopolis.twin.reference.definition import Definition, Known
from oncopolis.twin.reference.doing import Doing
from oncopolis.twin.reference.draws import child, to_ticks, uniform
from oncopolis.twin.reference.fates import Fates
from oncopolis.twin.reference.floor import Floor
from oncopolis.twin.reference.passing import Passing
from oncopolis.twin.reference.people import Failing, Patient, Repair
from oncopolis.twin.reference.resources import Resource
from oncopolis.twin.reference.standing import stand
from oncopolis.twin.states import key_tables


@dataclass(frozen=True)
class Lived:
    """What happened in a run."""

    journal: NDArray[np.int64]
    """A row for each activity done, refused or put off; columns as in `kernels.counting.log_row`."""
    counters: dict[str, NDArray[Any]]
    """Counters under the names the kernels give them."""
    totals: dict[str, int]
    """Events, contacts, visits, and those who entered, completed, died, left and are still there."""


def run(
    model: Model, *, seed: int, replication: int = 0, days: int | None = None, warmup_days: int = 0
) -> Lived:
    """Run a model once, slowly.

    Parameters
    ----------
    model
        Compiled centre.
    seed, replication
        As in `simulate`: same numbers, same run.
    days
        Days counted, after the warm-up; all the model has if None.
    warmup_days
        Days run before anything is counted.
    """
    counted = model.days - warmup_days if days is None else days
    simulation = Simulation(Definition(key_tables(model.tables, seed, replication)), model.history_days)
    first = model.history_days + warmup_days
    return simulation.run(first, first + counted)


class Simulation:
    """One run."""

    def __init__(self, definition: Definition, history_days: int) -> None:
        self._definition, self._history_days = definition, history_days
        self._agenda = Agenda()
        self._recorder = Recorder(definition)
        self._floor = Floor(definition, self._agenda, self._recorder)
        self._diary = Diary(definition)
        self._away = away = Away(self._agenda, self._recorder, self._floor)
        self._coming = Coming(definition, self._agenda, self._floor, self._diary, away)
        self._doing = Doing(definition, self._agenda, self._recorder, self._floor)
        self._fates = Fates(definition, self._agenda, self._recorder, self._diary, away)
        self._passing = Passing(
            definition,
            self._agenda,
            self._recorder,
            self._floor,
            self._diary,
            away=away,
            coming=self._coming,
            doing=self._doing,
            fates=self._fates,
        )
        self._arrivals = Arrivals(definition, self._agenda, self._recorder, self._fates, self._passing)
        self._stream = iter(definition.known)
        self._upcoming = next(self._stream, None)
        self._breaks: dict[int, int] = defaultdict(int)

    def run(self, first: int, last: int) -> Lived:
        """Run the days before `last`, and count from `first` on."""
        self._floor.before_run = self._history_days > 0
        self._agenda.begins = self._history_days * DAY
        self._arrivals.begin()
        for resource in self._floor.resources:
            if resource.kind.fails in (k.ALWAYS, k.OPEN_ONLY):
                self._schedule_failure(Failing(resource.number))
        for person in self._definition.people:
            stand(
                person,
                self._definition,
                self._agenda,
                floor=self._floor,
                away=self._away,
                coming=self._coming,
                fates=self._fates,
            )
        for day in range(last):
            if day == self._history_days and self._floor.before_run:
                self._end_history(day)
            if day == first:
                self._begin_count(day)
            self._run_day(day)
        for resource in self._floor.resources:
            resource.bring_up(last * DAY)
        return self._list_results(first, last)

    def _run_day(self, day: int) -> None:
        self._diary.today = day
        while True:
            while self._agenda.is_walking:
                self._handle(self._agenda.take_next())
            notice, known = self._agenda.find_next(), self._upcoming
            pending = k.NEVER if notice is None else notice.time
            if min(pending, k.NEVER if known is None else known.time) >= (day + 1) * DAY:
                break
            if known is not None and known.time <= pending:
                self._upcoming = next(self._stream, None)
                self._agenda.now = known.time
                self._handle_known(known)
            else:
                self._handle(self._agenda.take_next())
            self._floor.hand_out()
        self._recorder.close_day(day, self._floor.resources)

    def _handle(self, notice: Notice) -> None:
        """Let something happen."""
        who, passing = notice.who, self._passing
        if notice.what is What.GIVES_UP:
            if who.waits_in is not None:
                self._floor.stop_waiting(who)
            passing.give_up(who)
        elif notice.what is What.RETURNS:
            self._fates.enter(who)
            passing.go_on(who, who.stop)
        else:
            react: dict[What, Callable[[Any], None]] = {
                What.ARRIVES: self._arrivals.arrive,
                What.DUE: passing.come,
                What.READY: self._doing.get_ready,
                What.ENDS: passing.end_phase,
                What.FATES: self._fates.meet_fate,
                What.RATES: self._fates.happen_by_rate,
                What.CANCELS: passing.cancel,
                What.GOES_HOME: passing.send_home,
                What.FAILS: self._fail,
                What.BREAKS: self._break,
                What.REPAIRED: self._repair,
            }
            react[notice.what](who)

    def _handle_known(self, known: Known) -> None:
        """Let something happen that was known beforehand."""
        resource = self._floor.resources[known.resource]
        if known.kind == k.CHANGES:
            resource.change(known.time, known.value)
            if known.value > 0:
                self._floor.free(resource.number)
        elif known.kind == k.NOMINAL:
            resource.change_offered(known.time, known.value)
        elif known.kind == k.OPENS:
            resource.ends_at = known.value
            self._floor.free(resource.number)
        elif known.kind == k.CLOSES:
            self._send_all_home(resource)
        elif not self._floor.before_run:
            self._recorder.sample(known.time, self._floor.resources)

    def _send_all_home(self, resource: Resource) -> None:
        """Send home whoever came for the day and still waits for what has closed."""
        if not resource.is_over:
            return
        for entity in self._floor.waiting.list_in_order(resource.number):
            if not isinstance(entity, Patient) or self._floor.has_refuge(entity, resource):
                continue
            if entity.stop.setting <= k.DAY_CASE or (entity.planned >= 0 and not entity.held):
                self._floor.stop_waiting(entity)
                self._agenda.take_back(entity)
                self._passing.send_home(entity)

    # --- Failures ---

    def _schedule_failure(self, failing: Failing) -> None:
        """Schedule the next failure among all units of a resource."""
        kind = self._floor.resources[failing.resource].kind
        u = uniform(kind.key, k.FOR_FAILURE, failing.count)
        gap = to_ticks(-math.log(u) * kind.up_time / max(kind.units, 1))
        self._agenda.schedule(failing, self._agenda.now + gap, What.FAILS, NOW)

    def _fail(self, failing: Failing) -> None:
        """Let a unit fail: one that is used, one that is idle, or none that is there."""
        resource = self._floor.resources[failing.resource]
        kind, number = resource.kind, failing.count
        failing.count += 1
        unit = int(uniform(kind.key, k.FOR_UNIT, number) * kind.units)
        there = max(resource.capacity // UNIT, len(resource.users))
        if kind.fails == k.ALWAYS:
            there = kind.units - resource.broken
        if unit < there and not self._floor.before_run:
            user = resource.users[unit] if unit < len(resource.users) else None
            self._floor.break_down(resource, child(kind.key, number))
            if user is not None and self._floor.is_served(user):
                self._floor.interrupt(user, resource)
        self._schedule_failure(failing)

    def _break(self, entity: Any) -> None:
        """Let what somebody uses fail."""
        resource = self._floor.find_fragile(entity)
        assert resource is not None
        number = self._breaks[resource.number]
        self._breaks[resource.number] += 1
        self._floor.break_down(resource, child(resource.kind.key, number))
        self._floor.interrupt(entity, resource)

    def _repair(self, repair: Repair) -> None:
        resource = self._floor.resources[repair.resource]
        resource.repair(self._agenda.now)
        self._floor.free(resource.number)

    # --- Beginning and end ---

    def _end_history(self, day: int) -> None:
        """Let the run proper begin: who is in a bed holds it, who has a date ahead gets a booking."""
        self._agenda.now = day * DAY
        self._floor.before_run = False
        pending = [notice for notice in self._agenda.list_all() if isinstance(notice.who, Patient)]
        for notice in pending:
            patient = notice.who
            if notice.what is What.ENDS:
                self._floor.lie_down(patient)
                patient.arrived = self._agenda.now
                patient.department = patient.get_activity().department
        for notice in sorted(pending, key=lambda notice: notice.time // DAY):
            patient = notice.who
            ahead = notice.what is What.DUE and patient.repeats_left > 0 and patient.stop.needs
            if ahead and notice.time // DAY < self._definition.n_days:
                self._agenda.take_back(patient)
                self._coming.book_ahead(patient, notice.time // DAY)

    def _begin_count(self, day: int) -> None:
        """Forget what was counted so far; who waits goes on waiting from now."""
        now = day * DAY
        for resource in self._floor.resources:
            resource.begin_count(now)
        waiting = self._floor.waiting.list_all()
        self._recorder.counters = Counters(
            wait_at=now, wait_sum=-sum(now - entity.asked for entity in waiting)
        )
        self._recorder.writes = True

    def _list_results(self, first: int, last: int) -> Lived:
        working = [day for day in range(first, last) if self._definition.working[day]]
        pictured = working[len(working) // 2] if working else first
        counters = self._recorder.counters
        totals = {name: counters.totals[name] for name in TOTALS} | {
            "in_system": self._fates.n_present,
            "wait_area": counters.wait_area,
            "wait_sum": counters.wait_sum,
        }
        return Lived(
            journal=self._recorder.list_journal(),
            counters=list_counters(self._definition, self._recorder, self._floor.resources, pictured),
            totals=totals,
        )


TOTALS = ("events", "contacts", "visits", "entered", "completed", "died", "left")
