"""`Passing`: the way of a patient from stop to stop, and off it."""

from oncopolis.foundation import InfeasibleError
from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.tables import DAY
from oncopolis.twin.reference.agenda import Agenda, What
from oncopolis.twin.reference.appointments import Diary
from oncopolis.twin.reference.away import Away
from oncopolis.twin.reference.coming import Coming
from oncopolis.twin.reference.counting import Recorder
from oncopolis.twin.reference.definition import Definition, Stop
from oncopolis.twin.reference.doing import Doing
from oncopolis.twin.reference.draws import correlate, draw_count, uniform
from oncopolis.twin.reference.fates import Fates
from oncopolis.twin.reference.floor import Floor
from oncopolis.twin.reference.people import Entity, Patient

MOST_STOPS = 10_000  # structure: stops passed in no time at all, after which a loop counts as endless


class Passing:
    """The way from stop to stop."""

    def __init__(
        self,
        definition: Definition,
        agenda: Agenda,
        recorder: Recorder,
        floor: Floor,
        diary: Diary,
        *,
        away: Away,
        coming: Coming,
        doing: Doing,
        fates: Fates,
    ) -> None:
        self._definition, self._agenda, self._recorder = definition, agenda, recorder
        self._floor, self._diary = floor, diary
        self._away, self._coming, self._doing, self._fates = away, coming, doing, fates

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
                if self._coming.come_first(patient):
                    self._begin(patient)
                return
            days = stop.aim_days
            if stop.tasks:
                days += max(n - 1, 0) * stop.every_days + stop.days_away
            if days > 0:
                patient.repeats_left = 0
                self._away.go_home(patient)
                self._away.wait_until(patient, self._agenda.now + days * DAY, What.DUE)
                return
            stop = self._leave_stop(patient)
        self._fates.finish(patient)

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
                self._coming.come_again(patient, today + 1, urgent=False)
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
        if stop.setting == k.INPATIENT:
            self._away.end_visit(patient)
        if patient.department is None:
            patient.arrived = self._agenda.now
        if self._floor.before_run and stop.setting != k.INPATIENT:
            patient.treated = patient.treated or stop.treats
            self._end_occurrence(patient)
        elif self._doing.do_next(patient):
            self._end_occurrence(patient)

    def end_phase(self, entity: Entity) -> None:
        """Go on to the next phase, the next thing to be done, or the next stop."""
        if self._doing.end_phase(entity) and isinstance(entity, Patient):
            self._end_occurrence(entity)

    def _end_occurrence(self, patient: Patient) -> None:
        self._recorder.add_turnout(k.T_STEP, patient.stop.row, k.DONE)
        patient.repeats_left -= 1
        patient.occurrence += 1
        if patient.repeats_left > 0:
            self._coming.come_next(patient)
            return
        self._diary.give_back(patient)
        self.go_on(patient, self._leave_stop(patient))

    def cancel(self, patient: Patient) -> None:
        """Cancel an appointment in time, and book another."""
        self._recorder.add_turnout(k.T_STEP, patient.stop.row, k.CANCELLED)
        self._diary.give_back(patient)
        self._coming.come_again(patient, self._agenda.now // DAY + 1, urgent=False)

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
        self._coming.come_again(patient, today + 1, urgent=True)

    def give_up(self, patient: Patient) -> None:
        """Leave a queue for good, and go on to where those go who give up."""
        self._count_refusal(patient, k.GAVE_UP)
        self._floor.give_all(patient)
        self._diary.give_back(patient)
        stop = self._definition.get_stop(patient.stop.gives_up_to)
        if stop is None:
            self._fates.leave(patient)
        else:
            self.go_on(patient, stop)
