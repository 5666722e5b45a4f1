"""In the chair: a place of one's own, bags that run, what happened meanwhile, and the end."""

from dataclasses import replace
from functools import partial
from typing import Literal

from oncopolis.foundation import ConflictError
from oncopolis.operations.arrivals.indexes import Inside, Queues
from oncopolis.operations.arrivals.serving import Finish, Start, finish, start
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.courses.changing import check_reason
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.elements import make_concept, make_reference, to_instant
from oncopolis.operations.floor import Floor
from oncopolis.operations.infusion.asking import LeaveChair, NoteEvent, Seat, StartInfusion, StopInfusion
from oncopolis.operations.infusion.bags import Bag, Bags
from oncopolis.operations.infusion.finding import get_bag, get_treatment, put_bag, put_treatment
from oncopolis.operations.infusion.views import Event, Treatment
from oncopolis.operations.loop import Fact, Scanned, read_code, take, verify
from oncopolis.operations.views import Record
from oncopolis.operations.wards.indexes import Stays


def seat(floor: Floor, asked: Seat, moment: Moment) -> Decision:
    """Give a patient a chair that nobody else has; they have to be checked in for it."""
    known = get_treatment(floor, asked.treatment, "cleared")
    card = floor.house.get_unit(asked.chair)
    contact = _find_contact(floor, known.patient, card.resource)
    if contact is None or card.kind not in ("place", "bed", "room"):
        raise ConflictError(
            code="OPS-289", where=f"Task/{known.id}", got="nobody who is checked in for a chair of this kind",
            expected="a patient who waits for their infusion", fix="check them in first",
        )  # fmt: skip
    begun = start(floor, Start(contact=contact.id, units=(asked.chair,)), moment)
    after = replace(known, state="seated", chair=asked.chair, contact=contact.id, seated_ms=moment.at_ms)
    return begun + put_treatment(after, "seated", moment)


def _find_contact(floor: Floor, patient: str, resource: str) -> Contact | None:
    """Return what somebody waits for that holds such a place."""
    visit = floor.index(Inside).of_patient.get(patient) or floor.index(Stays).of_patient.get(patient)
    waiting = () if visit is None else floor.index(Queues).list_of_visit(visit.id)
    cards = floor.house.cards
    return next(
        (one for one in waiting if one.activity in cards and resource in cards[one.activity].holds), None
    )


def start_infusion(floor: Floor, asked: StartInfusion, moment: Moment) -> Decision:
    """Connect a bag, if patient, medicine, dose, way and time are those of the order; else it is stopped."""
    known = get_treatment(floor, asked.treatment, "seated")
    person = name_person(moment, asked.by, f"Task/{known.id}")
    patient, label = read_code(asked.patient_code), read_code(asked.bag_code)
    bag = floor.find(Bag, take(label, "bag"))
    line = None if bag is None else known.find_line(bag.request)
    today = moment.day.isoformat()
    facts = {
        "patient": Fact(known.patient, take(patient, "patient")),
        "thing": Fact(known.id, "" if bag is None else bag.treatment),
        "drug": Fact("" if line is None else line.code, "" if bag is None else bag.code),
        "dose": Fact(
            "" if line is None else f"{line.dose} {line.unit}",
            "" if bag is None else f"{bag.dose} {bag.unit}",
        ),
        "route": Fact("" if line is None else line.route, asked.route),
        "released": Fact("released", "" if bag is None else bag.state),
        "expiry": Fact("" if bag is None else to_instant(bag.expires_ms), to_instant(moment.at_ms)),
        "time": Fact((known.on.isoformat(), known.on.isoformat()), today),
    }
    texts = {"patient": asked.patient_code, "thing": asked.bag_code}
    reads = {"patient": patient, "thing": label}
    scanned = Scanned("medicine", known.patient, f"Task/{known.id}", person, texts, reads, asked.despite)
    verified = verify(floor, scanned, facts, moment)
    if not verified.may_go_on or bag is None or line is None:
        return verified.decision
    running = replace(bag, state="running", started_ms=moment.at_ms, administration=moment.make_id())
    record = _write_administration(running, line.route, person)
    return verified.decision + put_bag(running, "started", moment) + Decision(records=(record,))


def stop_infusion(floor: Floor, asked: StopInfusion, moment: Moment) -> Decision:
    """Take a bag off: all of it was given, or it is stopped for a reason."""
    bag = get_bag(floor, asked.bag, "running")
    person = name_person(moment, asked.by, f"MedicationDispense/{bag.id}")
    assert bag.started_ms is not None
    ended_ms = max(moment.at_ms, bag.started_ms)
    ended = replace(bag, state="stopped" if asked.reason else "given", ended_ms=ended_ms, reason=asked.reason)
    known = floor.get(Treatment, bag.treatment)
    line = known.find_line(bag.request)
    after = replace(known, given=(*known.given, bag.request))
    record = _write_administration(ended, "" if line is None else line.route, person)
    return put_bag(ended, ended.state, moment) + Decision((after,), records=(record,))


def _write_administration(bag: Bag, route: str, person: str) -> Record:
    statuses = {"running": "in-progress", "given": "completed", "stopped": "stopped"}
    assert bag.started_ms is not None
    period = {"start": to_instant(bag.started_ms)}
    if bag.ended_ms is not None:
        period["end"] = to_instant(bag.ended_ms)
    record: Record = {
        "resourceType": "MedicationAdministration",
        "id": bag.administration,
        "status": statuses[bag.state],
        "medicationCodeableConcept": make_concept("medicine", bag.code, bag.name),
        "subject": make_reference("Patient", bag.patient),
        "request": make_reference("MedicationRequest", bag.request),
        "effectivePeriod": period,
        "performer": [{"actor": {"reference": person}}],
        "dosage": {"text": f"{bag.dose} {bag.unit}", "route": make_concept("route", route)},
    }
    return record | ({"statusReason": [{"text": bag.reason}]} if bag.reason else {})


def note_event(
    kind: Literal["reaction", "extravasation"], floor: Floor, asked: NoteEvent, moment: Moment
) -> Decision:
    """Keep what happened, as an AdverseEvent; the bag is stopped by its own act."""
    known = get_treatment(floor, asked.treatment, "seated")
    person = name_person(moment, asked.by, f"Task/{known.id}")
    words = check_reason(asked.words, f"Task/{known.id}")
    id_ = moment.make_id()
    bags = [bag for bag in floor.index(Bags).list_of(known.id) if bag.state == "running"]
    record: Record = {
        "resourceType": "AdverseEvent",
        "id": id_,
        "actuality": "actual",
        "event": make_concept("adverse-event", kind, words),
        "subject": make_reference("Patient", known.patient),
        "date": to_instant(moment.at_ms),
        "recorder": {"reference": person},
        "suspectEntity": [
            {"instance": make_reference("MedicationAdministration", bag.administration)} for bag in bags
        ],
    }
    after = replace(known, events=(*known.events, Event(kind, moment.at_ms, person, words, id_)))
    kept = {name: value for name, value in record.items() if value}
    return put_treatment(after, kind, moment) + Decision(records=(kept,), answer={"event": id_})


def leave_chair(floor: Floor, asked: LeaveChair, moment: Moment) -> Decision:
    """End the day in the chair; nothing runs any more, and nothing that is released is left behind."""
    known = get_treatment(floor, asked.treatment, "seated")
    left = floor.index(Bags).list_of(known.id)
    if left:
        raise ConflictError(
            code="OPS-290", where=f"Task/{known.id}", got=f"{len(left)} bags that are not given",
            expected="each given, stopped or rejected", fix="end what runs, reject what is not given",
        )  # fmt: skip
    ended = finish(floor, Finish(contact=known.contact, more=asked.more), moment)
    return ended + put_treatment(replace(known, state="done"), "done", moment)


SEAT = Act("seat", Seat, seat, ("Task", "Encounter"))
START_INFUSION = Act(
    "start_infusion",
    StartInfusion,
    start_infusion,
    ("Task", "MedicationDispense", "MedicationAdministration"),
)
STOP_INFUSION = Act(
    "stop_infusion", StopInfusion, stop_infusion, ("Task", "MedicationDispense", "MedicationAdministration")
)
NOTE_REACTION = Act("note_reaction", NoteEvent, partial(note_event, "reaction"), ("Task", "AdverseEvent"))
NOTE_EXTRAVASATION = Act(
    "note_extravasation", NoteEvent, partial(note_event, "extravasation"), ("Task", "AdverseEvent")
)
LEAVE_CHAIR = Act("leave_chair", LeaveChair, leave_chair, ("Task", "Encounter", "Appointment", "CarePlan"))
