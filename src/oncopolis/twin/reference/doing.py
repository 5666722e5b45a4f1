"""`Doing`: what is done at a stop, task after task, phase after phase."""

from oncopolis.twin.kernels import tables as k
from oncopolis.twin.reference.agenda import THEN_BEGINS, Agenda, What
from oncopolis.twin.reference.counting import Recorder
from oncopolis.twin.reference.definition import Activity, Definition
from oncopolis.twin.reference.draws import draw_count, uniform
from oncopolis.twin.reference.floor import Floor
from oncopolis.twin.reference.people import Entity, Job, Patient, Tail


class Doing:
    """What is done at a stop."""

    def __init__(self, definition: Definition, agenda: Agenda, recorder: Recorder, floor: Floor) -> None:
        self._definition, self._agenda = definition, agenda
        self._recorder, self._floor = recorder, floor

    def _find_open(self, activity: Activity | None) -> Activity | None:
        """Return the activity, or what is done instead while its department is not open."""
        while activity is not None and self._definition.opens_at[activity.department] > self._agenda.now:
            activity = activity.fallback
        return activity

    def do_next(self, patient: Patient) -> bool:
        """Go on to the next thing to be done at a stop; return whether all is done."""
        while True:
            if patient.times_left > 0:
                patient.times_left -= 1
            else:
                patient.task += 1
                if patient.task >= len(patient.stop.tasks):
                    return True
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
        return False

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

    def end_phase(self, entity: Entity) -> bool:
        """Go on to the next phase, or the next thing; return whether all is done at a stop."""
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
            return self._end_activity(entity, activity)
        return False

    def _end_activity(self, entity: Entity, activity: Activity) -> bool:
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
            return self.do_next(entity)
        self._floor.give_all(entity)
        if entity.times_left > 0:
            entity.times_left -= 1
            entity.phase = 0
            entity.order = None
            self.get_ready(entity)
        return False
