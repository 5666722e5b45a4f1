"""Out of the patient and into them: specimens with their times, and implants with their codes."""

from dataclasses import replace
from typing import Final

from oncopolis.foundation import InputError
from oncopolis.operations.courses.deciders import name_person
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.elements import (
    PREFIX,
    add_extensions,
    extend,
    make_concept,
    make_reference,
    to_instant,
)
from oncopolis.operations.floor import Floor
from oncopolis.operations.instants import write_ms
from oncopolis.operations.lines import note_line
from oncopolis.operations.loop import Fact, Read, Scanned, read_code, take, verify
from oncopolis.operations.loop.clocks import check_clock
from oncopolis.operations.loop.labels import CONTAINER, name_label, tell_use
from oncopolis.operations.theatre.asking import TakeSpecimen, UseImplant
from oncopolis.operations.theatre.finding import check_stage, get_case, put_case
from oncopolis.operations.theatre.views import IN_ROOM, Operation
from oncopolis.operations.views import Record

DEVICE: Final = PREFIX + "implant"
UDI: Final = "https://www.gs1.org/gtin"


def take_specimen(floor: Floor, asked: TakeSpecimen, moment: Moment) -> Decision:
    """Keep a specimen with its times, labelled beside its patient: the biobank takes it from there."""
    case = get_case(floor, asked, moment)
    check_stage(case, "knife", "close")
    person = name_person(moment, asked.by, f"Procedure/{case.id}")
    taken_ms = moment.at_ms if asked.taken_ms is None else asked.taken_ms
    _check_times(case, asked.clamped_ms, taken_ms, moment)
    patient, container = read_code(asked.patient_code), read_code(asked.container_code)
    label = name_label(container)
    facts = {
        "patient": Fact(case.patient, take(patient, "patient")),
        "unused": Fact(
            "unused",
            tell_use(floor, label, "Specimen", "container-id", CONTAINER, is_here=_is_here(floor, label)),
        ),
    }
    texts = {"patient": asked.patient_code, "thing": asked.container_code}
    scanned = Scanned(
        "specimen",
        case.patient,
        f"Procedure/{case.id}",
        person,
        texts,
        {"patient": patient, "thing": container},
    )
    verified = verify(floor, scanned, facts, moment)
    if not verified.may_go_on:
        return verified.decision
    id_ = moment.make_id()
    record = _write_specimen(id_, case, asked, person, label, taken_ms)
    line = note_line(case.patient, "specimen_taken", taken_ms, start_ms=asked.clamped_ms)
    decision = verified.decision + Decision(records=(record,), lines=(line,), answer={"specimen": id_})
    return decision + put_case(floor, replace(case, labels=(*case.labels, label)), moment)


def _check_times(case: Operation, clamped_ms: int | None, taken_ms: int, moment: Moment) -> None:
    """Refuse times that cannot be: ahead of the clock, before the first cut, or in another order."""
    where = f"Procedure/{case.id}"
    told = [at_ms for at_ms in (clamped_ms, taken_ms) if at_ms is not None]
    for at_ms in told:
        check_clock(at_ms, moment, where)
    knife_ms = case.find_ms("knife") or 0
    if told != sorted(told) or told[0] < knife_ms:
        raise InputError(
            code="OPS-257", where=where, got=", ".join(f"{moment.house.to_local(one):%H:%M}" for one in told),
            expected="first cut, then vessels closed, then specimen taken", fix="correct the times",
        )  # fmt: skip


def _is_here(floor: Floor, label: str) -> bool:
    return any(label in one.labels for one in floor.list(Operation))


def _write_specimen(
    id_: str, case: Operation, asked: TakeSpecimen, person: str, label: str, taken_ms: int
) -> Record:
    collection: Record = {
        "collector": {"reference": person},
        "collectedDateTime": to_instant(taken_ms),
    }
    ischaemia = extend(warm_ischaemia_start__Instant=write_ms(asked.clamped_ms))
    return {
        "resourceType": "Specimen",
        "id": id_,
        "extension": extend(procedure__Reference=make_reference("Procedure", case.id)),
        "status": "available",
        "type": {"text": asked.what},
        "subject": make_reference("Patient", case.patient),
        "collection": add_extensions(collection, ischaemia),
        "container": [{"identifier": [{"system": CONTAINER, "value": label}]}],
    }


def use_implant(floor: Floor, asked: UseImplant, moment: Moment) -> Decision:
    """Keep which implant a patient got, if it is theirs, planned, in date and not used before."""
    case = get_case(floor, asked, moment)
    check_stage(case, *IN_ROOM)
    person = name_person(moment, asked.by, f"Procedure/{case.id}")
    patient, package = read_code(asked.patient_code), read_code(asked.package_code)
    gtin, label = take(package, "package"), name_label(package)
    facts = {
        "patient": Fact(case.patient, take(patient, "patient")),
        "thing": Fact("package", package.kind),
        "planned": Fact(case.implants, gtin),
        "expiry": Fact(package.facts.get("expires", ""), moment.day.isoformat()),
        "unused": Fact(
            "unused",
            tell_use(floor, label, "Device", "identifier", DEVICE, is_here=_is_here(floor, label))
            if label
            else "unused",
        ),
    }
    texts = {"patient": asked.patient_code, "thing": asked.package_code}
    reads = {"patient": patient, "thing": package}
    scanned = Scanned(
        "implant", case.patient, f"Procedure/{case.id}", person, texts, reads, asked.despite
    )  # fmt: skip
    verified = verify(floor, scanned, facts, moment)
    if not verified.may_go_on:
        return verified.decision
    id_ = moment.make_id()
    record = _write_device(id_, case, package, label)
    line = note_line(case.patient, "implant_used", moment.at_ms)
    decision = verified.decision + Decision(records=(record,), lines=(line,), answer={"device": id_})
    return decision + put_case(floor, replace(case, labels=(*case.labels, *filter(None, [label]))), moment)


def _write_device(id_: str, case: Operation, package: Read, label: str) -> Record:
    facts = package.facts
    record: Record = {
        "resourceType": "Device",
        "id": id_,
        "udiCarrier": [{"deviceIdentifier": package.value, "issuer": UDI}],
        "status": "active",
        "type": make_concept("device", "implant"),
        "patient": make_reference("Patient", case.patient),
        "identifier": [{"system": DEVICE, "value": label}] if label else [],
        "lotNumber": facts.get("lot"),
        "serialNumber": facts.get("serial"),
        "expirationDate": facts.get("expires"),
    }
    return {name: value for name, value in record.items() if value}


TAKE_SPECIMEN = Act("take_specimen", TakeSpecimen, take_specimen, ("Procedure", "Specimen", "Task"))
USE_IMPLANT = Act("use_implant", UseImplant, use_implant, ("Procedure", "Device", "Task"))
