"""`Away`: being away, until the next visit or until relapse, death or an event comes before."""

from oncopolis.twin.kernels import tables as k
from oncopolis.twin.kernels.tables import NEVER
from oncopolis.twin.reference.agenda import THEN_BEGINS, Agenda, What
from oncopolis.twin.reference.counting import Recorder
from oncopolis.twin.reference.floor import Floor
from oncopolis.twin.reference.people import Patient


class Away:
    """Leaving, and what happens next to those who are away."""

    def __init__(self, agenda: Agenda, recorder: Recorder, floor: Floor) -> None:
        self._agenda, self._recorder, self._floor = agenda, recorder, floor

    def end_visit(self, patient: Patient) -> None:
        """End a visit, if there is one: the patient leaves, or is admitted."""
        if patient.clinic is not None:
            self._recorder.add_time(k.R_VISIT, patient.clinic, self._agenda.now - patient.arrived)
        patient.clinic = None

    def leave_campus(self, patient: Patient) -> None:
        """End a visit, if there is one, and be nowhere."""
        self.end_visit(patient)
        patient.department = None

    def go_home(self, patient: Patient) -> None:
        """Give back whatever is held, and leave."""
        self._floor.give_all(patient)
        self.leave_campus(patient)

    def wait_until(self, patient: Patient, time: int, what: What) -> None:
        """Let something happen to somebody, unless their fate or something else comes before."""
        patient.due, patient.due_what = time, what
        coming = [(time, what), (patient.fate, What.FATES), (patient.event, What.RATES)]
        soonest, happens = min(coming, key=lambda one: one[0])
        if soonest < NEVER:
            self._agenda.schedule(patient, max(soonest, self._agenda.now), happens, THEN_BEGINS)
