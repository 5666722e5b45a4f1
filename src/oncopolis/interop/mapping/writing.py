"""From records to a message: the same tables, the other way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from oncopolis.interop.hl7.charsets import find_codec
from oncopolis.interop.hl7.message import Components, Message, Segment, make_segment
from oncopolis.interop.hl7.moments import from_fhir, now
from oncopolis.interop.hl7.separators import STANDARD
from oncopolis.interop.mapping import appointments, encounters, orders, patients, results
from oncopolis.interop.mapping.events import MESSAGES, choose_control, choose_event
from oncopolis.interop.mapping.people import IDENTIFIER_TYPES
from oncopolis.interop.mapping.rows import Entry, Row, write_rows
from oncopolis.interop.mapping.values import write_documents, write_value
from oncopolis.interop.naming import RECORD, Naming

__all__ = ["Envelope", "write_message"]

Find: TypeAlias = Callable[[str], Mapping[str, Any] | None]
"""Reference such as ``Patient/p1`` -> record, None if it is not there."""

STRUCTURES: Final = {
    "A01": "ADT_A01", "A02": "ADT_A02", "A03": "ADT_A03", "A04": "ADT_A01", "A05": "ADT_A05",
    "A08": "ADT_A01", "A11": "ADT_A09", "A13": "ADT_A01", "A28": "ADT_A05", "A31": "ADT_A05",
    "A40": "ADT_A39", "O01": "ORM_O01", "R01": "ORU_R01",
}  # fmt: skip
"""Event -> structure of the message; those of SIU have one."""
_NAMED: Final = ("Location", "Practitioner", "PractitionerRole", "Device")
_Fields: TypeAlias = dict[int, list[Components]]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the header of a message says besides its event.

    Parameters
    ----------
    sender, receiver
        Application and facility.
    """

    sender: tuple[str, str]
    receiver: tuple[str, str]
    control_id: str
    at_ms: int
    version: str = "2.5.1"
    charset: str = "UNICODE UTF-8"


def write_message(
    record: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    find: Find,
    naming: Naming,
    envelope: Envelope,
) -> Message:
    """Return the message that tells of a change of a record.

    Parameters
    ----------
    before
        The version before it, None if it is new.
    find
        Gives the records it refers to.

    Raises
    ------
    Refusal
        A charset that is not known.
    """
    return _Writer(record, before, find, naming, envelope).write()


class _Writer:
    def __init__(
        self,
        record: Mapping[str, Any],
        before: Mapping[str, Any] | None,
        find: Find,
        naming: Naming,
        envelope: Envelope,
    ) -> None:
        self.record, self.before, self.find = record, before, find
        self.naming, self.envelope = naming, envelope
        self.event = choose_event(record, before)

    def write(self) -> Message:
        body = {
            "Patient": self._write_patient, "Encounter": self._write_encounter,
            "Appointment": self._write_appointment, "ServiceRequest": self._write_order,
            "DiagnosticReport": self._write_report,
        }[self.record["resourceType"]]()  # fmt: skip
        codec = find_codec(self.envelope.charset)
        return Message((self._write_header(), *body), STANDARD, codec)

    def _write_header(self) -> Segment:
        one, kind = self.envelope, MESSAGES[self.record["resourceType"]]
        named = [kind, self.event]
        if one.version != "2.3":
            named.append(STRUCTURES.get(self.event, "SIU_S12"))
        header = make_segment(
            "MSH",
            {
                3: [[one.sender[0]]], 4: [[one.sender[1]]], 5: [[one.receiver[0]]], 6: [[one.receiver[1]]],
                7: [[now(one.at_ms)]], 9: [named], 10: [[one.control_id]], 11: [["P"]], 12: [[one.version]],
                18: [[one.charset]],
            },
        )  # fmt: skip
        return Segment("MSH", (STANDARD.encoding, *header.fields[2:]))

    def _write_segment(
        self, name: str, rows: Sequence[Row], record: Entry, fields: _Fields | None = None
    ) -> Segment:
        written: dict[int, Sequence[Components]] = {}
        written |= write_rows(rows, self._expand(record), self.naming)
        return make_segment(name, written | (fields or {}))

    def _write_event(self) -> Segment:
        return make_segment("EVN", {1: [[self.event]], 2: [[now(self.envelope.at_ms)]]})

    def _write_pid(self, patient: Entry | None) -> list[Segment]:
        if patient is None:
            return []
        named = patient if patient.get("identifier") else {**patient, "identifier": [_name_record(patient)]}
        if not named.get("name"):
            named = {**named, "name": [{"text": "?"}]}
        return [self._write_segment("PID", patients.ROWS, named, {1: [["1"]]})]

    def _write_patient(self) -> list[Segment]:
        if self.event == "A40":
            prior = {"identifier": self.record.get("identifier") or [_name_record(self.record)]}
            merged = self._write_segment("MRG", patients.PRIOR, prior)
            return [self._write_event(), *self._write_pid(self._find_stays()), merged]
        visit = make_segment("PV1", {1: [["1"]], 2: [["N"]]})
        return [self._write_event(), *self._write_pid(self.record), visit]

    def _find_stays(self) -> Entry | None:
        """Return the patient record that this one was replaced by."""
        links = self.record.get("link", ())
        found = next((one for one in links if one.get("type") == "replaced-by"), None)
        return self.find(found["other"]["reference"]) if found else None

    def _write_encounter(self) -> list[Segment]:
        current = [one for one in self.record.get("location", ()) if one.get("status", "active") == "active"]
        named = {**self.record, "location": current[:1]}
        if not named.get("identifier"):
            named["identifier"] = [_name_record(self.record)]
        visit = self._write_segment("PV1", encounters.ROWS, named, {1: [["1"]]})
        return [self._write_event(), *self._write_pid(self._find_patient("subject")), visit]

    def _write_appointment(self) -> list[Segment]:
        record = _fill(self.record, "FILL")
        system = self.envelope.sender[0]
        fields: _Fields = {6: [["", self.event]], 16: [["", system]], 20: [["", system]]}
        has_timing = self.envelope.version >= "2.5"
        times = [from_fhir(str(record.get(name, ""))) for name in ("start", "end")]
        if not has_timing and any(times):
            fields[11] = [["", "", "", *times]]
        if record.get("minutesDuration"):
            fields[10] = [["MIN"]]
        head = [self._write_segment("SCH", appointments.SCH, record, fields)]
        if has_timing and any(times):
            head.append(self._write_segment("TQ1", appointments.TIMING, record, {1: [["1"]]}))
        if record.get("comment"):
            head.append(self._write_segment("NTE", appointments.NOTES, record, {1: [["1"]]}))
        pid = self._write_pid(self._find_patient("participant"))
        return [*head, *pid, make_segment("RGS", {1: [["1"]]}), *self._write_resources(record)]

    def _write_resources(self, record: Entry) -> list[Segment]:
        segments = []
        start = from_fhir(str(record.get("start", "")))
        for n, service in enumerate(record.get("serviceType", ()), 1):
            fields: _Fields = {1: [[str(n)]], **({4: [[start]]} if start else {})}
            segments.append(
                self._write_segment("AIS", appointments.SERVICES[:1], {"serviceType": [service]}, fields)
            )
        for rows, name in ((appointments.PLACES, "AIL"), (appointments.PERSONS, "AIP")):
            expanded = self._expand(record)
            mine = [one for one in expanded.get("participant", ()) if rows[0].replaces(one, ())]
            for n, one in enumerate(mine, 1):
                segments.append(self._write_segment(name, rows, {"participant": [one]}, {1: [[str(n)]]}))
        return segments

    def _write_order(self) -> list[Segment]:
        record = _fill(self.record, "PLAC")
        control = choose_control(record, self.before)
        return [
            *self._write_pid(self._find_patient("subject")),
            self._write_segment("ORC", orders.ORC, record, {1: [[control]]}),
            self._write_segment("OBR", orders.ROWS, record, {1: [["1"]]}),
            *self._write_notes(orders.NOTES, record),
        ]

    def _write_report(self) -> list[Segment]:
        record = _fill(self.record, "FILL")
        segments = [
            *self._write_pid(self._find_patient("subject")),
            self._write_segment("OBR", results.REPORT, record, {1: [["1"]]}),
        ]
        number = 0
        for reference in record.get("result", ()):
            observation = self.find(str(reference.get("reference", "")))
            if observation is not None:
                number += 1
                segments.append(self._write_observation(observation, number))
                segments += self._write_notes(results.NOTES, observation)
        for document in write_documents(record):
            number += 1
            fields: _Fields = {1: [[str(number)]], 2: [["ED"]], 5: [document], 11: [["F"]]}
            segments.append(
                self._write_segment("OBX", results.OBSERVATION[:1], {"code": record["code"]}, fields)
            )
        return segments

    def _write_observation(self, observation: Entry, number: int) -> Segment:
        kind, value, unit = write_value(observation, self.naming, is_new=self.envelope.version >= "2.5")
        fields: _Fields = {1: [[str(number)]]}
        if kind:
            fields |= {2: [[kind]], 5: [value]}
        if unit:
            fields[6] = [unit]
        return self._write_segment("OBX", results.OBSERVATION, observation, fields)

    def _write_notes(self, rows: Sequence[Row], record: Entry) -> list[Segment]:
        return [
            self._write_segment("NTE", rows, {"note": [note]}, {1: [[str(n)]]})
            for n, note in enumerate(record.get("note", ()), 1)
        ]

    def _find_patient(self, link: str) -> Entry | None:
        value = self.record.get(link)
        references = [one.get("actor", {}) for one in value] if isinstance(value, list) else [value or {}]
        for one in references:
            reference = str(one.get("reference", ""))
            if reference.startswith("Patient/"):
                return self.find(reference)
        return None

    def _expand(self, value: Any) -> Any:
        """Return a value whose references to places and people name them."""
        if isinstance(value, list):
            return [self._expand(one) for one in value]
        if not isinstance(value, Mapping):
            return value
        reference = str(value.get("reference", ""))
        type_ = reference.partition("/")[0]
        if type_ not in _NAMED or "identifier" in value:
            return {name: self._expand(one) for name, one in value.items()}
        found = self.find(reference) or {}
        identifiers = [
            one for one in found.get("identifier", ()) if one.get("system", "").startswith(self.naming.own)
        ]
        shown = value.get("display") or _get_name(found)
        return {
            "type": type_,
            "identifier": identifiers[0]
            if identifiers
            else {"system": RECORD, "value": reference.partition("/")[2]},
            "display": shown,
        }


def _get_name(record: Entry) -> str:
    name = record.get("name", "")
    if isinstance(name, list):
        first = name[0] if name else {}
        return " ".join([first.get("family", ""), *first.get("given", ())]).strip()
    return str(name)


def _name_record(record: Entry) -> dict[str, Any]:
    """Return the id of a record as an identifier."""
    return {"system": RECORD, "value": record["id"]}


def _fill(record: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    """Return a record with an identifier of a type, which is its id if it has none: we are that side."""
    identifiers = record.get("identifier", [])
    if any(orders.of_type(code)(one, ()) for one in identifiers):
        return record
    ours = {**_name_record(record), "type": {"coding": [{"system": IDENTIFIER_TYPES, "code": code}]}}
    return {**record, "identifier": [*identifiers, ours]}
