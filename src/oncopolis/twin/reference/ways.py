"""`Ways`: how somebody goes from stop to stop, from task to task, and out."""

import math

from oncopolis.foundation import InfeasibleError
from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.tables import DAY, NEVER
from oncopolis.twin.reference.agenda import NOW, THEN_BEGINS, Agenda, What
from oncopolis.twin.reference.appointments import URGENT_BELOW, Diary
from oncopolis.twin.reference.counting import Recorder
from oncopolis.twin.reference.definition import Activity, Definition, Origin, Stop
from oncopolis.twin.reference.draws import child, correlate, draw_count, normal, to_ticks, uniform
from oncopolis.twin.reference.floor import Floor
from oncopolis.twin.reference.people import Entity, Job, Patient, Tail

MOST_STOPS = 10_000  # structure: stops passed in no time at all, after which a loop counts as endless
_YEAR = 365.25 * DAY  # structure: ticks a mean year
_LAST_START = 0.75  # structure: who comes without a booking comes in the first three quarters of the open day
_CAUSE_BITS = 8  # structure: room for the causes of one route
_EPISODE_BITS = 16  # structure: room for the count of children beside the episode's number
_AFTER_CAUSES = 8  # structure: numbers of times to episodes come after those of causes
_BY_RATE = 1 << 40  # structure: draws apart from the others


class Ways:
    """The pathways, and those on them."""

    def __init__(
        self, definition: Definition, agenda: Agenda, recorder: Recorder, floor: Floor, diary: Diary
    ) -> None:
        self._definition, self._agenda, self._recorder = definition, agenda, recorder
        self._floor, self._diary = floor, diary
        self.n_present = 0

    # --- Coming and leaving ---

    def make_patient(self, key: int, stop: Stop, origin: int, priority: int) -> Patient:
        """Make somebody who is going to enter a route at a stop."""
        self._recorder.counters.totals["entered"] += 1
        self.n_present += 1
        return Patient(
            key=key,
            stop=stop,
            origin=origin,
            priority=priority,
            usual_priority=priority,
            referred=self._agenda.now,
            frailty=normal(uniform(key, k.FOR_FRAILTY, 0)),
        )

    def enter(self, patient: Patient, stop: Stop) -> None:
        """Set somebody on a route, and draw what may become of them there."""
        now, key = self._agenda.now, patient.key
        route = self._definition.routes[stop.route]
        number = patient.visits << _CAUSE_BITS
        patient.entered = now
        ends: list[tuple[int, int]] = []

        def draw(cause: int) -> float:
            return -math.log(uniform(key, k.FOR_FATE, number + cause))

        if route.relapse > 0:
            years = draw(0) / route.relapse
            if years <= route.relapse_years:
                ends.append((now + to_ticks(years * _YEAR), k.RELAPSE))
        if route.death > 0:
            ends.append((now + to_ticks(draw(1) / route.death * _YEAR), k.DEATH))
        if route.other > 0:
            years = math.log1p(route.ageing / route.other * draw(2)) / route.ageing
            ends.append((now + to_ticks(years * _YEAR), k.DEATH))
        for i, episode in enumerate(route.episodes):
            if episode.when == k.TIME:
                assert episode.time is not None
                at = number + _AFTER_CAUSES + i
                ends.append((now + episode.time.draw_ticks(key, k.FOR_EPISODE, at), k.TIME))
        first = min(ends, key=lambda end: end[0], default=(NEVER, -1))
        patient.fate, patient.fate_kind = first if first[0] < NEVER else (NEVER, None)
        self._draw_event(patient)

    def _draw_event(self, patient: Patient) -> None:
        """Draw when something that happens at a rate happens next."""
        route = self._definition.routes[patient.stop.route]
        patient.event = NEVER
        if route.rate > 0:
            u = uniform(patient.key, k.FOR_RATE, patient.children)
            patient.event = self._agenda.now + to_ticks(-math.log(u) / route.rate)

    def _leave_campus(self, patient: Patient) -> None:
        if patient.clinic is not None:
            self._recorder.add_time(k.R_VISIT, patient.clinic, self._agenda.now - patient.arrived)
        patient.clinic = patient.department = None

    def _go_home(self, patient: Patient) -> None:
        self._floor.give_all(patient)
        self._leave_campus(patient)

    def _wait_until(self, patient: Patient, time: int, what: What) -> None:
        """Let something happen to somebody, unless their fate or something else comes before."""
        patient.due, patient.due_what = time, what
        coming = [(time, what), (patient.fate, What.FATES), (patient.event, What.RATES)]
        soonest, happens = min(coming, key=lambda one: one[0])
        if soonest < NEVER:
            self._agenda.schedule(patient, max(soonest, self._agenda.now), happens, THEN_BEGINS)

    def _finish(self, patient: Patient) -> None:
        """Come to the end of a route."""
        self._go_home(patient)
        route = self._definition.routes[patient.stop.route]
        if route.lasts_for_life and patient.fate < NEVER:
            self._wait_until(patient, NEVER, What.DUE)
            return
        self._recorder.add_time(k.R_PATH, route.path, self._agenda.now - patient.entered)
        self._start_episodes(patient, k.COMPLETION)
        self._recorder.counters.totals["completed"] += 1
        self._end(patient)

    def _leave(self, patient: Patient) -> None:
        """Leave the centre without having come to the end of the pathway."""
        self._leave_campus(patient)
        self._recorder.counters.totals["left"] += 1
        self._end(patient)

    def _end(self, patient: Patient) -> None:
        """Be gone, or come back if one is a member of a closed population."""
        origin = self._definition.origins[patient.origin]
        home = self._definition.stops[origin.stop]
        if origin.kind != k.MEMBERS or home.route != patient.stop.route:
            self.n_present -= 1
            return
        self._recorder.counters.totals["entered"] += 1
        patient.children += 1
        patient.attributes = 0
        patient.stop = home
        self.stay_away(patient, origin, patient.children)

    def stay_away(self, patient: Patient, origin: Origin, number: int) -> None:
        """Let a member stay away until they come (again)."""
        assert origin.gap is not None
        away = origin.gap.draw_ticks(patient.key, k.FOR_GAP, number)
        patient.due, patient.due_what = self._agenda.now + away, What.RETURNS
        patient.referred = patient.due
        self._agenda.schedule(patient, patient.due, What.RETURNS, THEN_BEGINS)

    # --- Episodes ---

    def _start_episode(self, patient: Patient, place: int) -> None:
        route = self._definition.routes[patient.stop.route]
        episode = route.episodes[place]
        stop = self._definition.stops[episode.stop]
        key = child(patient.key, ((place + 1) << _EPISODE_BITS) + patient.children)
        patient.children += 1
        priority = self._definition.routes[stop.route].priority
        new = self.make_patient(key, stop, patient.origin, priority)
        new.attributes = patient.attributes | episode.sets
        new.part, new.frailty, new.referred = patient.part, patient.frailty, patient.referred
        new.treated = patient.treated or episode.when != k.COMPLETION
        new.due, new.due_what = self._agenda.now, What.RETURNS
        self._agenda.schedule(new, self._agenda.now, What.RETURNS, NOW)

    def _start_episodes(self, patient: Patient, when: int | None) -> None:
        for place, episode in enumerate(self._definition.routes[patient.stop.route].episodes):
            if episode.when != when or not patient.has(episode.has, episode.lacks):
                continue
            number = (patient.visits << _CAUSE_BITS) + place
            if episode.share < 0 or uniform(patient.key, k.FOR_EPISODE, number) < episode.share:
                self._start_episode(patient, place)

    def happen_by_rate(self, patient: Patient) -> None:
        """Start one of the episodes that happen at a rate, and go on waiting."""
        route = self._definition.routes[patient.stop.route]
        left = uniform(patient.key, k.FOR_EPISODE, _BY_RATE + patient.children) * route.rate
        for place, episode in enumerate(route.episodes):
            if episode.when != k.RATE:
                continue
            left -= episode.rate
            if left < 0:
                if patient.has(episode.has, episode.lacks):
                    self._start_episode(patient, place)
                else:
                    patient.children += 1
                break
        self._draw_event(patient)
        self._wait_until(patient, max(patient.due, self._agenda.now), patient.due_what)

    def meet_fate(self, patient: Patient) -> None:
        """Relapse, die, or go on to another pathway after a time."""
        self._diary.give_back(patient)
        self._start_episodes(patient, patient.fate_kind)
        ending = "died" if patient.fate_kind == k.DEATH else "left"
        self._recorder.counters.totals[ending] += 1
        self.n_present -= 1

    # --- From stop to stop ---

    def go_on(self, patient: Patient, stop: Stop | None) -> None:
        """Go to a stop, or the first after it that is done for a patient."""
        passed = 0
        while stop is not None:
            passed += 1
            if passed > MOST_STOPS:
                raise InfeasibleError(
                    code="TWN-005",
                    where=f"stop {stop.number}",
                    got="a loop that takes no time and is never left",
                    expected="a step of the loop that takes time, or a share that leaves it",
                    fix="give a step of the loop a duration or an interval, or a way out",
                )
            patient.visits += 1
            patient.occurrence = 0
            if not self._is_wanted(patient, stop):
                stop = self._definition.get_stop(stop.skip_to)
                continue
            patient.stop = stop
            patient.priority = stop.priority if stop.priority >= 0 else patient.usual_priority
            n = 1
            if stop.repeats:
                number = patient.number_stop()
                n = draw_count(stop.mean_times, stop.times, patient.key, k.FOR_REPEAT, number)
            if stop.tasks and n > 0 and self._is_here(patient, stop):
                patient.repeats_left = n
                self._come_first(patient)
                return
            days = stop.aim_days
            if stop.tasks:
                days += max(n - 1, 0) * stop.every_days + stop.days_away
            if days > 0:
                patient.repeats_left = 0
                self._go_home(patient)
                self._wait_until(patient, self._agenda.now + days * DAY, What.DUE)
                return
            stop = self._leave_stop(patient)
        self._finish(patient)

    def _is_wanted(self, patient: Patient, stop: Stop) -> bool:
        """Return whether a stop is done for somebody."""
        if not patient.has(stop.has, stop.lacks):
            return False
        if stop.share < 0:
            return True
        u = uniform(patient.key, k.FOR_SHARE, patient.number_stop())
        if stop.loading != 0.0:
            u = correlate(u, patient.frailty, stop.loading)
        return u < stop.share

    def _is_here(self, patient: Patient, stop: Stop) -> bool:
        """Return whether a stop is done at this centre for somebody."""
        if stop.factor < 0:
            return True
        year = self._definition.year[self._agenda.now // DAY]
        return patient.part < self._definition.treated_here[stop.factor][year]

    def _leave_stop(self, patient: Patient) -> Stop | None:
        """Leave a stop by one of its ways."""
        stop = patient.stop
        patient.attributes |= stop.sets
        way = stop.exits[-1][0]
        if len(stop.exits) > 1:
            u = uniform(patient.key, k.FOR_EXIT, patient.number_stop())
            way = next((to for to, share in stop.exits[:-1] if u < share), way)
        return self._definition.get_stop(way)

    # --- When to come ---

    def _find_next_day(self, stop: Stop, day: int) -> int:
        """Return the day of the next occurrence of a series."""
        if not stop.on_workdays:
            return day + stop.every_days
        working = self._definition.working
        steps = stop.every_days
        while steps > 0 and day < len(working) - 1:
            day += 1
            steps -= working[day]
        return day

    def _find_row(self, stop: Stop, day: int) -> Stop:
        """Return the stop as it is on a day: which departments are open decides what is booked."""
        row = self._definition.stops[stop.base]
        while row.before >= 0 and day < row.from_day:
            row = self._definition.stops[row.before]
        return row

    def _find_time(self, patient: Patient, day: int) -> int:
        """Return when somebody comes on a day without an appointment."""
        stop, now = patient.stop, self._agenda.now
        window = stop.window
        if window < 0 or stop.setting in (k.INPATIENT, k.NONE):
            return max(day * DAY + now % DAY, now)
        opening, closing = self._definition.opening[window], self._definition.closing[window]
        last = len(opening) - 1
        while day < last and opening[day] < 0:
            day += 1
        day = min(day, last)
        u = uniform(patient.key, k.FOR_HOUR, patient.number_occurrence())
        into = int(u * _LAST_START * (closing[day] - opening[day]))
        return max(day * DAY + opening[day] + into, now)

    def _is_booked(self, stop: Stop) -> bool:
        return bool(stop.needs) and not self._floor.before_run

    def _come_first(self, patient: Patient) -> None:
        """Come for the first occurrence of a stop, now or later."""
        today = self._agenda.now // DAY
        stop = patient.stop = self._find_row(patient.stop, today + patient.stop.aim_days)
        patient.aim = None if stop.latest_days < 0 else today + stop.latest_days
        patient.planned, patient.order = -1, None
        patient.excused = False
        booked = self._is_booked(stop)
        if stop.aim_days == 0 and (not booked or patient.department is not None):
            self._begin(patient)
            return
        self._go_home(patient)
        day = today + stop.aim_days
        if booked:
            self._book_series(patient, day, patient.repeats_left)
            self._come_to_next(patient)
        else:
            self._wait_until(patient, self._find_time(patient, day), What.DUE)

    def _come_next(self, patient: Patient) -> None:
        """Come for the next occurrence of a series."""
        stop = patient.stop
        day = self._find_next_day(stop, self._agenda.now // DAY)
        patient.planned, patient.order = -1, None
        patient.excused = False
        if stop.deferral > 0:
            u = uniform(patient.key, k.FOR_DEFERRAL, patient.number_occurrence())
            if stop.deferral_loading != 0.0:
                u = correlate(u, patient.frailty, stop.deferral_loading)
            if u < stop.deferral:
                self._diary.give_back(patient)
                day += stop.deferral_days
        patient.aim = day
        self._go_home(patient)
        if not patient.appointments:
            stop = patient.stop = self._find_row(stop, day)
        if self._is_booked(stop):
            if not patient.appointments:
                self._book_series(patient, day, patient.repeats_left)
            self._come_to_next(patient)
        else:
            self._wait_until(patient, self._find_time(patient, day), What.DUE)

    def _come_again(self, patient: Patient, day: int, *, urgent: bool) -> None:
        """Find new times for an occurrence that did not take place, and for the rest of its series."""
        self._go_home(patient)
        patient.planned, patient.order = -1, None
        left = len(patient.appointments)
        usual = patient.appointments[0].quarter if left else None
        self._diary.give_back(patient)
        stop = patient.stop = self._find_row(patient.stop, day)
        if self._is_booked(stop):
            self._book_series(patient, day, 1 + left, usual, soon=urgent)
            self._come_to_next(patient)
        else:
            self._wait_until(patient, self._find_time(patient, day), What.DUE)

    def _book_series(
        self, patient: Patient, day: int, n: int, usual: int | None = None, *, soon: bool = False
    ) -> None:
        """Book `n` of a series, as far as the horizon reaches, at its usual time; the first `soon`."""
        stop = patient.stop
        urgent = patient.priority < URGENT_BELOW
        reach = self._diary.today + self._diary.get_bookable(stop).horizon
        for i in range(n):
            first = soon and i == 0
            made = self._diary.book(stop, day, self._agenda.now + 1, usual, urgent=urgent or first)
            patient.appointments.append(made)
            usual = made.quarter if usual is None else usual
            day = self._find_next_day(stop, made.day)
            if day > reach or self._find_row(stop, day) is not stop:
                return

    def _come_to_next(self, patient: Patient) -> None:
        """Come to the next appointment, or cancel it in time if it is the only one."""
        now, number = self._agenda.now, patient.number_occurrence()
        bookable = self._diary.get_bookable(patient.stop)
        at = patient.appointments[0].time
        patient.planned = patient.order = at
        if len(patient.appointments) == 1 and bookable.cancelled > 0 and not patient.excused:
            cancels = at - bookable.cancelled_days * DAY
            if cancels > now and uniform(patient.key, k.FOR_CANCEL, number) < bookable.cancelled:
                patient.excused = True
                self._wait_until(patient, cancels, What.CANCELS)
                return
        late = 0
        if bookable.lateness is not None:
            late = math.floor(bookable.lateness.draw(patient.key, k.FOR_LATE, number))
        self._wait_until(patient, max(at + late, now), What.DUE)

    def book_ahead(self, patient: Patient, day: int) -> None:
        """Book what somebody had before them when the run began."""
        self._book_series(patient, day, patient.repeats_left)
        self._come_to_next(patient)

    def cancel(self, patient: Patient) -> None:
        """Cancel an appointment in time, and book another."""
        self._recorder.add_turnout(k.T_STEP, patient.stop.row, k.CANCELLED)
        self._diary.give_back(patient)
        self._come_again(patient, self._agenda.now // DAY + 1, urgent=False)

    def _count_refusal(self, patient: Patient, outcome: int) -> None:
        self._recorder.add_turnout(k.T_STEP, patient.stop.row, outcome)
        self._recorder.add_turnout(k.T_ACTIVITY, patient.get_activity().row, outcome)
        self._recorder.write(patient, patient.lacks, self._agenda.now, outcome)

    def send_home(self, patient: Patient) -> None:
        """Send somebody home who was not reached before closing; they come again, as urgent, for the rest."""
        today = self._agenda.now // DAY
        self._count_refusal(patient, k.SENT_HOME)
        patient.continues = True
        patient.remaining = None
        patient.times_left += 1
        if patient.occurrence > 0:
            patient.aim = today
        patient.excused = True
        self._come_again(patient, today + 1, urgent=True)

    def give_up(self, patient: Patient) -> None:
        """Leave a queue for good, and go on to where those go who give up."""
        self._count_refusal(patient, k.GAVE_UP)
        self._floor.give_all(patient)
        self._diary.give_back(patient)
        stop = self._definition.get_stop(patient.stop.gives_up_to)
        if stop is None:
            self._leave(patient)
        else:
            self.go_on(patient, stop)

    # --- At a stop ---

    def come(self, patient: Patient) -> None:
        """Come for an occurrence, or be back from a step that was done elsewhere."""
        if patient.repeats_left == 0:
            self.go_on(patient, self._leave_stop(patient))
            return
        self._recorder.counters.totals["events"] += 1
        self._begin(patient)

    def _begin(self, patient: Patient) -> None:
        stop, today = patient.stop, self._agenda.now // DAY
        if patient.planned >= 0 and patient.appointments:
            patient.appointments.popleft()
            no_show = self._diary.get_bookable(stop).no_show
            u = uniform(patient.key, k.FOR_SHOW, patient.number_occurrence())
            if u < no_show and not patient.excused:
                self._recorder.add_turnout(k.T_STEP, stop.row, k.NO_SHOW)
                patient.excused = True
                self._come_again(patient, today + 1, urgent=False)
                return
        if patient.aim is not None and today > patient.aim:
            if patient.occurrence == 0:
                self._recorder.add_turnout(k.T_STEP, stop.row, k.LATE)
            else:
                self._recorder.add_turnout(k.T_STEP, stop.row, k.GAP)
                self._recorder.add_turnout(k.T_STEP, stop.row, k.GAP_DAYS, today - patient.aim)
        patient.aim = None
        if patient.continues:
            patient.continues = False
        else:
            patient.task, patient.times_left = -1, 0
        if patient.department is None:
            patient.arrived = self._agenda.now
        if self._floor.before_run and stop.setting != k.INPATIENT:
            patient.treated = patient.treated or stop.treats
            self._end_occurrence(patient)
        else:
            self._do_next(patient)

    def _end_occurrence(self, patient: Patient) -> None:
        self._recorder.add_turnout(k.T_STEP, patient.stop.row, k.DONE)
        patient.repeats_left -= 1
        patient.occurrence += 1
        if patient.repeats_left > 0:
            self._come_next(patient)
            return
        self._diary.give_back(patient)
        self.go_on(patient, self._leave_stop(patient))

    def _find_open(self, activity: Activity | None) -> Activity | None:
        """Return the activity, or what is done instead while its department is not open."""
        while activity is not None and self._definition.opens_at[activity.department] > self._agenda.now:
            activity = activity.fallback
        return activity

    def _do_next(self, patient: Patient) -> None:
        """Go on to the next thing to be done at a stop."""
        while True:
            if patient.times_left > 0:
                patient.times_left -= 1
            else:
                patient.task += 1
                if patient.task >= len(patient.stop.tasks):
                    self._end_occurrence(patient)
                    return
                if not self._begin_task(patient):
                    continue
            patient.phase, patient.remaining = 0, None
            activity = patient.get_activity()
            if activity.phases:
                break
            self._count_done(patient)
        delay = self._move_to(patient, activity)
        if patient.stop.setting != k.INPATIENT or delay > 0:
            self._floor.give_all(patient)
        if delay > 0:
            self._agenda.schedule(patient, self._agenda.now + delay, What.READY, THEN_BEGINS)
        else:
            self.get_ready(patient)

    def _begin_task(self, patient: Patient) -> bool:
        """Return whether a task is done by the patient."""
        task, key = patient.stop.tasks[patient.task], patient.key
        if task.share >= 0 and uniform(key, k.FOR_TASK, patient.number_task()) >= task.share:
            return False
        n = 1
        if task.mean_times != 1.0 or task.times is not None:
            n = draw_count(task.mean_times, task.times, key, k.FOR_TIMES, patient.number_task())
        activity = self._find_open(task.activity)
        if n == 0 or activity is None:
            return False
        if task.aside:
            if not self._floor.before_run:
                self._send_off(patient, activity, n)
            return False
        patient.times_left, patient.activity = n - 1, activity
        return True

    def get_ready(self, entity: Entity) -> None:
        """Be there, and ask for the first phase."""
        entity.came = self._agenda.now
        if entity.order is None:
            entity.order = self._agenda.now
        self._floor.ask(entity)

    def _move_to(self, patient: Patient, activity: Activity) -> int:
        """Go to where an activity is done; return the ticks of checking in or walking."""
        before, there = patient.department, activity.department
        if not activity.contact:
            return 0
        patient.department = there
        if before is None:
            if patient.stop.setting <= k.DAY_CASE:
                self._recorder.counters.totals["visits"] += 1
                patient.clinic = there
            return self._definition.check_in[there]
        return self._definition.walks[before][there] if before != there else 0

    def _send_off(self, patient: Patient, activity: Activity, n: int) -> None:
        """Let work be done for a patient who does not wait for it."""
        job = Job(
            key=patient.key,
            stop=patient.stop,
            origin=patient.origin,
            priority=patient.priority,
            frailty=patient.frailty,
            visits=patient.visits,
            occurrence=patient.occurrence,
            task=patient.task,
            times_left=n - 1,
            activity=activity,
            department=activity.department,
        )
        self._agenda.schedule(job, self._agenda.now, What.READY, THEN_BEGINS)

    def _count_done(self, entity: Entity) -> None:
        activity, counters = entity.get_activity(), self._recorder.counters
        self._recorder.add_turnout(k.T_ACTIVITY, activity.row, k.DONE)
        if activity.contact:
            counters.totals["contacts"] += 1
        for measure, n in activity.measures:
            counters.measures[measure] += n

    def _clear_up(self, entity: Entity) -> None:
        """Hand what is held over to those who clear up, so that the patient can go."""
        tail = Tail(
            key=entity.key,
            stop=entity.stop,
            origin=entity.origin,
            frailty=entity.frailty,
            visits=entity.visits,
            occurrence=entity.occurrence,
            task=entity.task,
            times_left=entity.times_left,
            activity=entity.activity,
            phase=entity.phase,
            order=self._agenda.now,
            department=entity.department,
        )
        self._floor.hand_over(entity, tail)
        self._floor.ask(tail)

    def end_phase(self, entity: Entity) -> None:
        """Go on to the next phase, or be done with an activity."""
        self._recorder.counters.totals["events"] += 1
        activity = entity.get_activity()
        entity.remaining = None
        entity.phase += 1
        last = len(activity.phases) if isinstance(entity, Tail) else activity.attended
        if entity.phase < last:
            self._floor.ask(entity)
        elif isinstance(entity, Tail):
            self._floor.give_all(entity)
        else:
            self._end_activity(entity, activity)

    def _end_activity(self, entity: Entity, activity: Activity) -> None:
        now = self._agenda.now
        if not self._floor.before_run:
            self._count_done(entity)
            first = entity.held[0].hold.resource if entity.held else -1
            self._recorder.write(entity, first, now, k.DONE)
            if isinstance(entity, Patient):
                self._recorder.counters.present.append((entity.department, entity.begun, now))
            if entity.phase < len(activity.phases):
                self._clear_up(entity)
        if isinstance(entity, Patient):
            if entity.planned < 0:
                entity.order = None
            self._do_next(entity)
            return
        self._floor.give_all(entity)
        if entity.times_left > 0:
            entity.times_left -= 1
            entity.phase = 0
            entity.order = None
            self.get_ready(entity)
