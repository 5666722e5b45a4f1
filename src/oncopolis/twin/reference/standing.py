"""`stand`: who is there when a run begins, on their way, expected, or in a bed."""

from oncopolis.twin.kernels import tables as k
from oncopolis.twin.reference.agenda import THEN_BEGINS, Agenda, What
from oncopolis.twin.reference.away import Away
from oncopolis.twin.reference.coming import Coming
from oncopolis.twin.reference.definition import Definition, Person
from oncopolis.twin.reference.draws import uniform
from oncopolis.twin.reference.fates import Fates
from oncopolis.twin.reference.floor import Floor
from oncopolis.twin.reference.people import Patient


def stand(
    person: Person,
    definition: Definition,
    agenda: Agenda,
    *,
    floor: Floor,
    away: Away,
    coming: Coming,
    fates: Fates,
) -> None:
    """Let somebody be where they are at the beginning, and go on from there."""
    stop = definition.stops[person.stop]
    patient = fates.make_patient(person.key, stop, person.origin, definition.routes[stop.route].priority)
    patient.part = uniform(person.key, k.FOR_REFERRAL, 0) * definition.origins[person.origin].part
    patient.attributes, patient.treated = person.mask, person.treated
    patient.referred = person.began
    if person.what == k.RETURNS:
        patient.due, patient.due_what = person.due, What.RETURNS
        agenda.schedule(patient, person.due, What.RETURNS, THEN_BEGINS)
        return
    fates.enter(patient)
    patient.entered, patient.visits = person.began, 1
    patient.priority = stop.priority if stop.priority >= 0 else patient.usual_priority
    patient.repeats_left, patient.occurrence = person.left, person.done
    if person.what == k.ENDS:
        _lie(patient, person, definition, floor)
        return
    agenda.now = definition.origins[person.origin].begins
    if person.left == 0:
        away.wait_until(patient, person.due, What.DUE)
    else:
        coming.come_as_booked(patient, person.due, person.appointments)
    agenda.now = 0


def _lie(patient: Patient, person: Person, definition: Definition, floor: Floor) -> None:
    patient.task, patient.phase = person.task, person.phase
    patient.activity = definition.activities[person.activity]
    patient.department = patient.activity.department
    patient.order = 0
    floor.lie_on(patient, person.stand_in_for, person.lain, person.due)
