"""Doses come from the pharmacy, are given after two scans, or are not given for a reason."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final

from pydantic import Field

from oncopolis.foundation import ConflictError, Frozen, InputError
from oncopolis.operations.booking.asking import Id, Words
from oncopolis.operations.booking.patients import check_patient
from oncopolis.operations.courses.changing import check_reason
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.courses.telling import Text
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.doses.views import Dose
from oncopolis.operations.elements import get_referred, make_concept, make_reference, to_instant
from oncopolis.operations.floor import Floor
from oncopolis.operations.infusion.orders import Medicine, find_signature, read_medicine
from oncopolis.operations.infusion.routes import is_deadly
from oncopolis.operations.lines import note_line
from oncopolis.operations.loop import Fact, Scan, Scanned, read_code, take, verify
from oncopolis.operations.loop.clocks import is_ahead
from oncopolis.operations.views import Record

MOST: Final = 100  # structure: doses of one order at once
WINDOW: Final = "nursing.dose.window"


class DoseSaid(Frozen):
    """One dose that was packed."""

    due_ms: Annotated[int, Field(ge=0)]
    """When it is to be given, milliseconds since 1970 (UTC)."""
    expires_ms: Annotated[int, Field(ge=0)]
    """Until when it may be given."""
    batch: Text = ""
    """Batch of the pharmacy."""


class DispenseDoses(Frozen):
    """The pharmacy has packed and released doses of an order, each with a label of its own."""

    request: dict[str, Any]
    """MedicationRequest of another system, with the Provenance of its signature in it."""
    doses: Annotated[tuple[DoseSaid, ...], Field(min_length=1, max_length=MOST)]
    """Doses."""


class OfDose(Frozen):
    """A dose that is to be given."""

    dose: Id
    """Dose."""
    by: Id | None = None
    """Practitioner who does it, where a program tells."""


class GiveDose(OfDose):
    """A dose is about to be given."""

    patient_code: Scan
    """Wristband."""
    dose_code: Scan
    """Label of the dose."""
    route: Words
    """How it is given."""
    despite: Id | None = None
    """Check that was stopped before and whose override was granted."""


class WithholdDose(OfDose):
    """A dose is not given."""

    reason: Text
    """Why: the patient refuses, fasts, was taken off it."""


def dispense_doses(floor: Floor, asked: DispenseDoses, moment: Moment) -> Decision:
    """Take in doses with the order they are for; what nobody has signed, or would kill, is refused."""
    medicine = _read(asked.request)
    signed = find_signature(asked.request)
    if signed is None or is_ahead(signed.at_ms, moment):
        raise _refuse("an order without a signature, or with one that is still to come")
    if is_deadly(medicine.code, medicine.name, medicine.route):
        raise _refuse(f"{medicine.name:.80} {medicine.route}, which kills")
    patient = get_referred(asked.request.get("subject"), "Patient")
    check_patient(floor, patient)
    if any(one.expires_ms <= max(one.due_ms, moment.at_ms) for one in asked.doses):
        raise _refuse("a dose that has expired when it is to be given")
    request = moment.make_id()
    doses = tuple(
        Dose(moment.make_id(), patient, request, *medicine, one.due_ms, one.expires_ms, one.batch)
        for one in asked.doses
    )
    records = ({**asked.request, "id": request},)
    return Decision(doses, records=records, answer={"request": request, "doses": [one.id for one in doses]})


def _read(request: Mapping[str, Any]) -> Medicine:
    try:
        medicine = read_medicine(request)
        if medicine.code and medicine.route and Decimal(medicine.dose) > 0:
            return medicine
    except (AttributeError, IndexError, InvalidOperation, KeyError, TypeError, ValueError):
        pass
    raise _refuse("no active MedicationRequest with medicine, dose and one known way")


def _refuse(got: str) -> InputError:
    return InputError(
        code="OPS-502", where="request", got=got,
        expected="a signed order of one medicine, dose and way; doses that are good when they are due",
        fix="correct it in the system that prescribes or dispenses",
    )  # fmt: skip


def give_dose(floor: Floor, asked: GiveDose, moment: Moment) -> Decision:
    """Give a dose, if patient, label, medicine, dose, way and time are those of the order; else stop."""
    known = _get(floor, asked.dose)
    person = name_person(moment, asked.by, f"MedicationDispense/{known.id}")
    patient, label = read_code(asked.patient_code), read_code(asked.dose_code)
    seen = floor.find(Dose, take(label, "bag"))
    window_ms = floor.house.values.get_ms(WINDOW)
    first, last = (to_instant(known.due_ms + sign * window_ms) for sign in (-1, 1))
    facts = {
        "patient": Fact(known.patient, take(patient, "patient")),
        "thing": Fact(known.id, "" if seen is None else seen.id),
        "drug": Fact(known.code, "" if seen is None else seen.code),
        "dose": Fact(f"{known.dose} {known.unit}", "" if seen is None else f"{seen.dose} {seen.unit}"),
        "route": Fact(known.route, asked.route),
        "expiry": Fact("" if seen is None else to_instant(seen.expires_ms), to_instant(moment.at_ms)),
        "time": Fact((first, last), to_instant(moment.at_ms)),
    }
    texts = {"patient": asked.patient_code, "thing": asked.dose_code}
    reads = {"patient": patient, "thing": label}
    about = f"MedicationDispense/{known.id}"
    verified = verify(
        floor, Scanned("dose", known.patient, about, person, texts, reads, asked.despite), facts, moment
    )
    if not verified.may_go_on:
        return verified.decision
    return verified.decision + _end(replace(known, state="given"), person, moment)


def withhold_dose(floor: Floor, asked: WithholdDose, moment: Moment) -> Decision:
    """Note that a dose is not given, and why; its label gives nothing any more."""
    known = _get(floor, asked.dose)
    where = f"MedicationDispense/{known.id}"
    person = name_person(moment, asked.by, where)
    return _end(replace(known, state="withheld", reason=check_reason(asked.reason, where)), person, moment)


def _get(floor: Floor, id_: str) -> Dose:
    known = floor.get(Dose, id_)
    if not known.is_open:
        raise ConflictError(
            code="OPS-503", where=f"MedicationDispense/{id_}", got=f"a dose that is {known.state}",
            expected="one that is to be given", fix="look at the list of the ward as it is now",
        )  # fmt: skip
    return known


def _end(after: Dose, person: str, moment: Moment) -> Decision:
    ended = replace(after, ended_ms=moment.at_ms, by=person)
    is_given = ended.state == "given"
    record: Record = {
        "resourceType": "MedicationAdministration",
        "id": moment.make_id(),
        "status": "completed" if is_given else "not-done",
        "medicationCodeableConcept": make_concept("medicine", ended.code, ended.name),
        "subject": make_reference("Patient", ended.patient),
        "request": make_reference("MedicationRequest", ended.request),
        "effectiveDateTime": to_instant(moment.at_ms),
        "performer": [{"actor": {"reference": person}}],
        "dosage": {"text": f"{ended.dose} {ended.unit}", "route": make_concept("route", ended.route)},
    }
    if not is_given:
        record["statusReason"] = [{"text": ended.reason}]
    line = note_line(
        ended.patient, f"dose_{ended.state}", moment.at_ms, outcome="done" if is_given else "cancelled",
        planned_ms=ended.due_ms,
    )  # fmt: skip
    return Decision(
        (ended,), records=(record,), lines=(line,), answer={"dose": ended.id, "state": ended.state}
    )


_WRITES: Final = ("MedicationDispense", "MedicationAdministration")
DISPENSE_DOSES = Act(
    "dispense_doses", DispenseDoses, dispense_doses, ("MedicationDispense", "MedicationRequest")
)
GIVE_DOSE = Act("give_dose", GiveDose, give_dose, (*_WRITES, "Task"))
WITHHOLD_DOSE = Act("withhold_dose", WithholdDose, withhold_dose, _WRITES)
