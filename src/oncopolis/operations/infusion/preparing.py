"""Before the chair: confirmed by one, checked by another, prepared, checked and released in the pharmacy."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

from oncopolis.foundation import ConflictError, InputError
from oncopolis.operations.courses.changing import check_reason
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.infusion.asking import (
    ConfirmTreatment,
    OfBag,
    OfTreatment,
    PrepareBag,
    PutOff,
    RejectBag,
)
from oncopolis.operations.infusion.bags import Bag, Bags
from oncopolis.operations.infusion.finding import (
    check_second,
    get_bag,
    get_treatment,
    insist_on_values,
    put_bag,
    put_treatment,
)
from oncopolis.operations.infusion.orders import write_number
from oncopolis.operations.infusion.routes import is_deadly
from oncopolis.operations.infusion.views import OrderLine, Treatment
from oncopolis.record.fhir.text import parse
from oncopolis.record.store.reading import MANY, Reading


def confirm_treatment(floor: Floor, asked: ConfirmTreatment, moment: Moment) -> Decision:
    """Confirm allergies and cumulative doses, once the laboratory lets it go on."""
    known = get_treatment(floor, asked.treatment, "ordered")
    where = f"Task/{known.id}"
    person = name_person(moment, asked.by, where)
    insist_on_values(known, moment)
    against = [
        *(f"allergy to {name}" for name in list_allergies(floor, known)),
        *(f"cumulative dose of {line.name}" for line in known.lines if is_above(line)),
    ]
    if against and not asked.despite.strip():
        raise ConflictError(
            code="OPS-284", where=where, got=", ".join(against), expected="nothing against it, or why",
            fix="ask whoever ordered it; if it is to be given, say why",
        )  # fmt: skip
    despite = asked.despite if against else ""
    return put_treatment(
        replace(known, state="confirmed", confirmed_by=person, despite=despite), "confirmed", moment
    )


def is_above(line: OrderLine) -> bool:
    """Tell whether a dose leads beyond the cumulative limit that came with the order."""
    return bool(line.most) and Decimal(line.so_far or "0") + Decimal(line.dose) > Decimal(line.most)


def list_allergies(floor: Floor, treatment: Treatment) -> list[str]:
    """Return the medicines of a treatment to which the record knows an active allergy, by code or name."""
    nothing: list[str] = []
    known = floor.look(partial(_list_allergens, treatment.patient), nothing)
    return [
        line.name
        for line in treatment.lines
        if any(one in known for one in (line.code.casefold(), line.name.casefold()))
    ]


def _list_allergens(patient: str, reading: Reading) -> list[str]:
    found = []
    for type_, id_ in reading.find_references("Patient", patient, MANY):
        version = reading.read(type_, id_) if type_ == "AllergyIntolerance" else None
        record = parse(version.body) if version is not None and version.body is not None else {}
        states = {one.get("code") for one in record.get("clinicalStatus", {}).get("coding", ())}
        if not record or states & {"inactive", "resolved"}:
            continue
        concept = record.get("code", {})
        words = [concept.get("text", "")]
        words += [one.get(name, "") for one in concept.get("coding", ()) for name in ("code", "display")]
        found += [word.casefold() for word in words if word]
    return found


def check_treatment(floor: Floor, asked: OfTreatment, moment: Moment) -> Decision:
    """Check a treatment a second time, by another person: from then on the pharmacy may prepare it."""
    known = get_treatment(floor, asked.treatment, "confirmed")
    person = name_person(moment, asked.by, f"Task/{known.id}")
    check_second(person, known.confirmed_by, f"Task/{known.id}")
    insist_on_values(known, moment)
    return put_treatment(replace(known, state="cleared", checked_by=person), "checked", moment)


def put_off(floor: Floor, asked: PutOff, moment: Moment) -> Decision:
    """Let it not be given today; bags that are there are not given to anybody."""
    known = get_treatment(floor, asked.treatment, "ordered", "confirmed", "cleared")
    reason = check_reason(asked.reason, f"Task/{known.id}")
    bags = tuple(replace(bag, state="rejected", reason=reason) for bag in floor.index(Bags).list_of(known.id))
    decision = put_treatment(replace(known, state="put_off", reason=reason), "put_off", moment, "cancelled")
    return decision + Decision(bags)


def prepare_bag(floor: Floor, asked: PrepareBag, moment: Moment) -> Decision:
    """Keep that a bag was prepared, once the treatment is cleared and the laboratory still lets it go on."""
    known = get_treatment(floor, asked.treatment, "cleared", "seated")
    where = f"Task/{known.id}"
    person = name_person(moment, asked.by, where)
    insist_on_values(known, moment)
    line = known.find_line(asked.request)
    is_there = any(bag.request == asked.request for bag in floor.index(Bags).list_of(known.id))
    if line is None or is_there or asked.request in known.given:
        raise ConflictError(
            code="OPS-285", where=where, got="a bag that is there, or nobody ordered",
            expected="a line of the order without a bag", fix="look at the treatment as it is now",
        )  # fmt: skip
    if is_deadly(asked.code, line.name, line.route):
        raise InputError(
            code="OPS-286", where=where, got=f"{line.name} {line.route}", expected="into a vein only",
            fix="stop, and call whoever ordered it: this kills",
        )  # fmt: skip
    if asked.expires_ms <= moment.at_ms:
        raise InputError(
            code="OPS-287",
            where=where,
            got="expired already",
            expected="a moment to come",
            fix="correct the time",
        )
    bag = Bag(
        moment.make_id(), known.id, known.patient, line.request, asked.code, line.name,
        write_number(asked.dose), asked.unit, line.minutes, asked.batch, moment.at_ms, asked.expires_ms,
        person,
    )  # fmt: skip
    return put_bag(bag, "prepared", moment)


def check_bag(floor: Floor, asked: OfBag, moment: Moment) -> Decision:
    """Compare what is in a bag with the order; somebody else does it than who has prepared it."""
    bag = get_bag(floor, asked.bag, "prepared")
    where = f"MedicationDispense/{bag.id}"
    person = name_person(moment, asked.by, where)
    check_second(person, bag.prepared_by, where)
    line = floor.get(Treatment, bag.treatment).find_line(bag.request)
    ordered = None if line is None else (line.code, line.dose, line.unit)
    if ordered != (bag.code, bag.dose, bag.unit):
        raise ConflictError(
            code="OPS-288", where=where, got=f"{bag.code} {bag.dose} {bag.unit}",
            expected=" ".join(ordered or ("nothing",)), fix="reject the bag, and have another one prepared",
        )  # fmt: skip
    return put_bag(replace(bag, state="checked", checked_by=person), "checked", moment)


def release_bag(floor: Floor, asked: OfBag, moment: Moment) -> Decision:
    """Release a bag to the day unit."""
    bag = get_bag(floor, asked.bag, "checked")
    where = f"MedicationDispense/{bag.id}"
    person = name_person(moment, asked.by, where)
    check_second(person, bag.prepared_by, where)
    insist_on_values(floor.get(Treatment, bag.treatment), moment)
    return put_bag(replace(bag, state="released", released_by=person), "released", moment)


def reject_bag(floor: Floor, asked: RejectBag, moment: Moment) -> Decision:
    """Let a bag not be given."""
    bag = get_bag(floor, asked.bag, "prepared", "checked", "released")
    reason = check_reason(asked.reason, f"MedicationDispense/{bag.id}")
    return put_bag(replace(bag, state="rejected", reason=reason), "rejected", moment)


_BAG = ("MedicationDispense",)
CONFIRM_TREATMENT = Act("confirm_treatment", ConfirmTreatment, confirm_treatment, ("Task",))
CHECK_TREATMENT = Act("check_treatment", OfTreatment, check_treatment, ("Task",))
PUT_OFF = Act("put_off_treatment", PutOff, put_off, ("Task", *_BAG))
PREPARE_BAG = Act("prepare_bag", PrepareBag, prepare_bag, _BAG)
CHECK_BAG = Act("check_bag", OfBag, check_bag, _BAG)
RELEASE_BAG = Act("release_bag", OfBag, release_bag, _BAG)
REJECT_BAG = Act("reject_bag", RejectBag, reject_bag, _BAG)
