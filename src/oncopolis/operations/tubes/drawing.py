"""Drawn at the bedside: the tube is labelled beside its patient, and belongs to what was ordered."""

from dataclasses import replace

from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.elements import make_concept, make_reference, to_instant
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.lines import note_line
from oncopolis.operations.loop import Fact, Scan, Scanned, read_code, take, verify
from oncopolis.operations.loop.labels import CONTAINER, name_label, tell_use
from oncopolis.operations.notices.naming import find_stop
from oncopolis.operations.orders.acts import OfOrder
from oncopolis.operations.orders.answering import check_state, put_order
from oncopolis.operations.orders.views import Order
from oncopolis.operations.views import Record


class DrawTube(OfOrder):
    """A tube was drawn for an order."""

    patient_code: Scan
    """Wristband."""
    tube_code: Scan
    """Label of the tube."""


def draw_tube(floor: Floor, asked: DrawTube, moment: Moment) -> Decision:
    """Keep a tube with its order, if it was drawn from its patient and its label was on none before."""
    known = floor.get(Order, asked.order)
    check_state(known, "ordered", "taken")
    person = name_person(moment, asked.by, f"ServiceRequest/{known.id}")
    patient, tube = read_code(asked.patient_code), read_code(asked.tube_code)
    label = name_label(tube)
    is_here = any(label in one.tubes for one in floor.list(Order))
    facts = {
        "patient": Fact(known.patient, take(patient, "patient")),
        "unused": Fact(
            "unused", tell_use(floor, label, "Specimen", "container-id", CONTAINER, is_here=is_here)
        ),
    }
    texts = {"patient": asked.patient_code, "thing": asked.tube_code}
    reads = {"patient": patient, "thing": tube}
    about = f"ServiceRequest/{known.id}"
    verified = verify(floor, Scanned("specimen", known.patient, about, person, texts, reads), facts, moment)
    if not verified.may_go_on:
        return verified.decision
    record = _write_specimen(moment.make_id(), known, label, person, moment.at_ms)
    drawn = replace(known, tubes=(*known.tubes, label), drawn_ms=moment.at_ms)
    line = note_line(known.patient, "tube_drawn", moment.at_ms)
    decision = verified.decision + put_order(drawn, moment)
    return decision + Decision(records=(record,), lines=(line,), answer={"specimen": record["id"]})


def _write_specimen(id_: str, order: Order, label: str, person: str, at_ms: int) -> Record:
    return {
        "resourceType": "Specimen",
        "id": id_,
        "status": "available",
        "type": make_concept("activity", order.activity),
        "subject": make_reference("Patient", order.patient),
        "request": [make_reference("ServiceRequest", order.id)],
        "collection": {"collector": {"reference": person}, "collectedDateTime": to_instant(at_ms)},
        "container": [{"identifier": [{"system": CONTAINER, "value": label}]}],
    }


def list_to_draw(floor: Floor, patient: str) -> list[Order]:
    """Return what is ordered of a patient and waits for something that is drawn from them; urgent first."""
    found = [
        one
        for one in floor.list(Order)
        if one.patient == patient
        and one.state in ("ordered", "taken")
        and is_drawn(floor.house, one.activity)
    ]
    return sorted(found, key=lambda one: (one.drawn_ms is not None, one.priority, one.asked_ms, one.id))


def is_drawn(house: House, activity: str) -> bool:
    """Return whether a laboratory does it to a tube: not work on tissue, nor what the patient comes for."""
    card = house.cards.get(activity)
    return card is not None and not card.is_contact and find_stop(house, activity) == "blood_test"


DRAW_TUBE = Act("draw_tube", DrawTube, draw_tube, ("ServiceRequest", "Specimen", "Task"))
