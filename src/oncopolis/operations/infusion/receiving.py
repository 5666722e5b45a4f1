"""Orders and values from outside: taken in as they are, or parked on the list of somebody."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import InvalidOperation
from typing import Any, Final

from oncopolis.foundation import OncopolisError
from oncopolis.operations.booking.patients import check_patient
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.elements import get_referred, make_reference, to_ms
from oncopolis.operations.floor import Floor
from oncopolis.operations.infusion.asking import LimitSaid, ReceiveRegimen, ReportValues
from oncopolis.operations.infusion.finding import judge, put_treatment
from oncopolis.operations.infusion.limits import Limit, Value
from oncopolis.operations.infusion.orders import Ordered, read_order, write_number
from oncopolis.operations.infusion.views import Treatment, Treatments
from oncopolis.operations.loop import Parked, ParkedKind, Why, write_content
from oncopolis.operations.loop.clocks import is_ahead

_FINAL: Final = ("final", "amended", "corrected")
LOINC: Final = "http://loinc.org"
_OWNERS: Final[dict[ParkedKind, str]] = {"regimen": "pharmacist", "values": "laboratory"}


def receive_regimen(floor: Floor, asked: ReceiveRegimen, moment: Moment) -> Decision:
    """Take in a day of a cycle; what nobody has signed, or would kill, is parked and never on the list."""
    ids = [moment.make_id() for _ in asked.requests]
    said = asked.model_dump(mode="json")
    found = read_order(asked.requests, ids)
    patient = next(
        (id_ for one in asked.requests if (id_ := get_referred(_as_mapping(one.get("subject")), "Patient"))),
        "",
    )
    if not isinstance(found, Ordered):
        return _park("regimen", found, said, patient, moment)
    why = _find_fault(floor, found, asked, moment)
    if why is not None:
        return _park("regimen", why, said, patient, moment)
    treatment = Treatment(
        moment.make_id(), found.patient, found.order, asked.regimen, asked.cycle, asked.day, asked.on,
        moment.at_ms, found.signed.by, found.signed.at_ms, found.lines, tuple(map(_read_limit, asked.limits)),
        asked.no_limits,
    )  # fmt: skip
    known = floor.index(Treatments).of_key.get(treatment.key)
    if known is not None:
        return Decision(answer={"treatment": known.id, "again": True, "parked": None})
    records = tuple({**one, "id": id_} for one, id_ in zip(asked.requests, ids, strict=True))
    decision = put_treatment(treatment, "ordered", moment) + Decision(records=records)
    return decision + Decision(answer={"again": False, "parked": None})


def _as_mapping(value: Any) -> Mapping[str, Any] | None:
    return value if isinstance(value, Mapping) else None


def _find_fault(floor: Floor, found: Ordered, asked: ReceiveRegimen, moment: Moment) -> Why | None:
    if is_ahead(found.signed.at_ms, moment):
        return "clock"
    if not asked.limits and not asked.no_limits:
        return "no_limits"
    try:
        check_patient(floor, found.patient)
    except OncopolisError:
        return "unknown"
    return None


def _read_limit(said: LimitSaid) -> Limit:
    low, high = ("" if bound is None else write_number(bound) for bound in (said.low, said.high))
    return Limit(said.code, said.label, said.unit, said.within_h, low, high)


def _park(kind: ParkedKind, why: Why, said: Any, patient: str, moment: Moment) -> Decision:
    parked = Parked(moment.make_id(), kind, why, _OWNERS[kind], moment.at_ms, write_content(said), patient)
    return Decision((parked,), answer={"treatment": None, "parked": parked.id, "why": why})


def report_values(floor: Floor, asked: ReportValues, moment: Moment) -> Decision:
    """Take in values of the laboratory; those of an unknown order, or another time than ours, are parked."""
    treatment = _find_treatment(floor, asked.order)
    said = asked.model_dump(mode="json")
    if treatment is None:
        return _park("values", "unknown", said, "", moment)
    try:
        patients = {get_referred(one["subject"], "Patient") for one in asked.observations}
        values = [_read_value(one) for one in asked.observations]
    except (AttributeError, InvalidOperation, KeyError, StopIteration, TypeError, ValueError):
        return _park("values", "unlike", said, treatment.patient, moment)
    if patients != {treatment.patient}:
        return _park("values", "other_patient", said, treatment.patient, moment)
    if any(is_ahead(value.at_ms, moment) for value in values):
        return _park("values", "clock", said, treatment.patient, moment)
    ids = [moment.make_id() for _ in values]
    kept = tuple(replace(value, observation=id_) for value, id_ in zip(values, ids, strict=True))
    after = replace(treatment, values=(*treatment.values, *kept))
    records = tuple(
        {**one, "id": id_, "subject": make_reference("Patient", treatment.patient)}
        for one, id_ in zip(asked.observations, ids, strict=True)
    )
    faults = [f"{one.limit.label}: {one.fault}" for one in judge(after, moment.at_ms) if one.fault]
    decision = put_treatment(after, "values", moment) + Decision(records=records)
    return decision + Decision(answer={"parked": None, "faults": faults})


def _find_treatment(floor: Floor, named: str) -> Treatment | None:
    known = floor.find(Treatment, named)
    if known is not None:
        return known
    found = [one for one in floor.list(Treatment) if one.order == named]
    return min(found, key=lambda one: (one.on, one.id), default=None)


def _read_value(observation: Mapping[str, Any]) -> Value:
    if observation["resourceType"] != "Observation" or observation["status"] not in _FINAL:
        raise ValueError("no final Observation")
    code = next(one["code"] for one in observation["code"]["coding"] if one.get("system") == LOINC)
    quantity = observation["valueQuantity"]
    moment = datetime.fromisoformat(observation["effectiveDateTime"])
    if moment.tzinfo is None or quantity.get("comparator"):
        raise ValueError("no moment, or no number")
    return Value(
        str(code),
        write_number(quantity["value"]),
        str(quantity["unit"]),
        to_ms(observation["effectiveDateTime"]),
    )


RECEIVE_REGIMEN = Act("receive_regimen", ReceiveRegimen, receive_regimen, ("MedicationRequest", "Task"))
REPORT_VALUES = Act("report_values", ReportValues, report_values, ("Observation", "Task"))
