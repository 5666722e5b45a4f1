"""What the record says of a stay, in lines: nothing is interpreted, and nobody types it a second time."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from oncopolis.operations.booking import get_diary
from oncopolis.operations.courses.indexes import Courses
from oncopolis.operations.diagnoses import Tumour, list_tumours, read_records
from oncopolis.operations.elements import find_code, to_ms
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.summaries.views import Section
from oncopolis.operations.views import Record
from oncopolis.operations.wards.views import Stay

_GONE = ("entered-in-error", "cancelled", "not-done", "draft")
_TIMES = ("performedDateTime", "effectiveDateTime", "issued", "authoredOn")


def gather(floor: Floor, stay: Stay, now_ms: int) -> tuple[Section, ...]:
    """Return the parts that come from the record."""
    house, since_ms = floor.house, stay.came_ms or stay.asked_ms or now_ms
    until_ms = stay.left_ms or now_ms
    records = {
        type_: _read(floor, stay.patient, type_)
        for type_ in ("Procedure", "DiagnosticReport", "MedicationRequest")
    }
    during = {
        type_: [one for one in found if since_ms <= _find_ms(one) <= until_ms]
        for type_, found in records.items()
    }
    medicines = {one["id"]: one for one in during["MedicationRequest"]}
    medicines |= {one["id"]: one for one in records["MedicationRequest"] if one.get("status") == "active"}
    tumours = [one for one in list_tumours(floor, stay.patient) if one.diagnosis.state != "withdrawn"]
    return (
        Section("stay", tuple(_tell_stay(house, stay)), (f"Encounter/{stay.id}",)),
        Section("diagnoses", tuple(map(_tell_tumour, tumours)), tuple(_name(tumours))),
        _make(house, "procedures", during["Procedure"]),
        _make(house, "results", during["DiagnosticReport"]),
        _make(house, "medicines", list(medicines.values())),
        Section("follow_up", tuple(_tell_ahead(floor, stay.patient, now_ms))),
    )


def _read(floor: Floor, patient: str, type_: str) -> list[Record]:
    nothing: list[Record] = []
    found = floor.look(partial(read_records, patient, type_), nothing)
    return [one for one in found if one.get("status") not in _GONE]


def _make(house: House, part: Any, records: list[Record]) -> Section:
    records.sort(key=lambda one: (_find_ms(one), one["id"]))
    lines = tuple(_tell(house, one) for one in records)
    return Section(part, lines, tuple(f"{one['resourceType']}/{one['id']}" for one in records))


def _tell_stay(house: House, stay: Stay) -> Iterator[str]:
    for at_ms in (stay.came_ms, stay.left_ms or stay.due_ms):
        if at_ms is not None:
            yield f"{house.to_local(at_ms):%Y-%m-%d %H:%M}"
    resource = house.centre.resources.get(stay.ward)
    yield resource.label if resource is not None else stay.ward


def _tell_tumour(tumour: Tumour) -> str:
    diagnosis, stage = tumour.diagnosis, tumour.stage
    staged = (stage.tnm, stage.grade, stage.group, stage.day) if stage is not None else ()
    said = (diagnosis.icd10, diagnosis.topography, diagnosis.morphology, diagnosis.day, *staged)
    return " · ".join(filter(None, said))


def _name(tumours: Iterable[Tumour]) -> Iterator[str]:
    for one in tumours:
        yield f"Condition/{one.diagnosis.id}"
        if one.stage is not None:
            yield f"Observation/{one.stage.id}"


def _tell(house: House, record: Mapping[str, Any]) -> str:
    """Return a line: when, what, and what was found or how it is to be taken, as entered."""
    at_ms = _find_ms(record)
    when = f"{house.to_local(at_ms):%Y-%m-%d}" if at_ms else ""
    what = _tell_concept(house, record.get("medicationCodeableConcept") or record.get("code", {}))
    how = "; ".join(str(one["text"]) for one in record.get("dosageInstruction", ()) if one.get("text"))
    return " · ".join(filter(None, (when, what, how, str(record.get("conclusion", "")))))


def _tell_concept(house: House, concept: Mapping[str, Any]) -> str:
    activity = find_code(concept, "activity")
    card = house.cards.get(activity or "")
    coding: Mapping[str, Any] = next(iter(concept.get("coding", ())), {})
    known = concept.get("text") or (card.label if card is not None else "")
    return str(known or coding.get("display") or coding.get("code") or "?")


def _find_ms(record: Mapping[str, Any]) -> int:
    """Return when something was done, found or ordered, milliseconds since 1970; 0 if nobody says."""
    told = next((record[name] for name in _TIMES if name in record), None)
    told = told or record.get("performedPeriod", {}).get("start")
    return to_ms(str(told)) if told and "T" in str(told) else 0


def _tell_ahead(floor: Floor, patient: str, now_ms: int) -> Iterator[str]:
    """Yield the appointments to come, then steps of the course that have none yet."""
    house = floor.house
    booked = [
        one for one in get_diary(floor).list_of_patient(patient) if one.is_open and one.spot is not None
    ]
    for one in sorted(booked, key=lambda one: (one.start_ms, one.id)):
        if one.start_ms > now_ms:
            yield f"{house.to_local(one.start_ms):%Y-%m-%d %H:%M} · {house.get_card(one.activity).label}"
    with_time = {(one.course, one.step) for one in booked}
    for course in floor.index(Courses).list_of(patient):
        for mark in course.list_open():
            if not {(course.id, mark.id), (course.id, mark.step)} & with_time:
                day = f"{mark.window.target}" if mark.window is not None else ""
                yield " · ".join(filter(None, (day, mark.label)))
