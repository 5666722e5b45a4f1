"""SCH and its resources / Appointment."""

from datetime import datetime, timedelta
from typing import Any, Final

from oncopolis.interop.hl7.message import Message
from oncopolis.interop.hl7.refusing import Refusal, show
from oncopolis.interop.mapping.concepts import Concept
from oncopolis.interop.mapping.kinds import Moment, Number, Text, Wrapped, pick
from oncopolis.interop.mapping.orders import of_type
from oncopolis.interop.mapping.people import Identifier, Person
from oncopolis.interop.mapping.places import Place
from oncopolis.interop.mapping.rows import Change, Entry, Row, read_all, read_rows
from oncopolis.interop.naming import Naming

__all__ = ["EVENTS", "read_appointment"]

EVENTS: Final = {"S12": "booked", "S13": "booked", "S14": "", "S15": "cancelled", "S26": "noshow"}
"""Event of SIU -> status of the appointment; '' if it stays."""
OUT_EVENTS: Final = {"cancelled": "S15", "noshow": "S26", "entered-in-error": "S15"}
"""Status of an appointment that was sent before -> event."""
_MINUTES: Final = {"MIN": 1, "M": 1, "HR": 60, "H": 60, "": 1}  # structure: minutes of an hour


def is_of_type(type_: str) -> Any:
    """Return whether a participant is a record of a type."""

    def replaces(entry: Entry, _stated: Any) -> bool:
        actor = entry.get("actor", {})
        return actor.get("type") == type_ or str(actor.get("reference", "")).startswith(f"{type_}/")

    return replaces


SCH: Final = (
    Row("SCH-1", "identifier", Identifier("PLAC", is_entity=True), is_list=True, replaces=of_type("PLAC")),
    Row("SCH-2", "identifier", Identifier("FILL", is_entity=True), is_list=True, replaces=of_type("FILL")),
    Row("SCH-7", "reasonCode", Concept(), is_list=True),
    Row("SCH-8", "appointmentType", Concept()),
    Row("SCH-9", "minutesDuration", Number(is_whole=True)),
)
TIMING: Final = (Row("TQ1-7", "start", Moment()), Row("TQ1-8", "end", Moment()))
SERVICES: Final = (
    Row("AIS-3", "serviceType", Concept(), is_list=True),
    Row("AIS-4", "start", Moment(), way="in"),
    Row("AIS-7", "minutesDuration", Number(is_whole=True), way="in"),
)
PLACES: Final = (
    Row("AIL-3", "participant", Wrapped(Place(), "actor", {"status": "accepted"}), is_list=True,
        replaces=is_of_type("Location")),
)  # fmt: skip
PERSONS: Final = (
    Row("AIP-3", "participant", Wrapped(Person(), "actor", {"status": "accepted"}), is_list=True,
        replaces=is_of_type("Practitioner")),
)  # fmt: skip
NOTES: Final = (Row("NTE-3", "comment", Text("FT")),)


def read_appointment(message: Message, naming: Naming) -> list[Change]:
    """Return what a message of SIU states of the appointment, with its end."""
    segment = message.get_first("SCH")
    changes = read_rows(SCH, segment, naming)
    for rows, name in ((TIMING, "TQ1"), (SERVICES, "AIS"), (NOTES, "NTE")):
        told = {change.element for change in changes}
        found = read_all(rows, message.list_segments(name), naming)
        changes += [change for change in found if change.element not in told]
    for rows, name in ((PLACES, "AIL"), (PERSONS, "AIP")):
        changes += read_all(rows, message.list_segments(name), naming)
    values = {change.element: change.value for change in changes if change.value is not None}
    for element, component in (("start", 4), ("end", 5)):
        for repetition in segment.list_repetitions(11)[:1]:
            text = pick(repetition, component)
            if text and element not in values:
                values[element] = Moment().read([[text]], f"{segment.name_field(11)}.{component}", naming)
                changes.append(Change(element, values[element]))
    status = EVENTS[message.kind[1]]
    if status:
        changes.append(Change("status", status))
    return [*_check_times(changes, values, message)]


def _check_times(changes: list[Change], values: dict[str, Any], message: Message) -> list[Change]:
    """Return changes whose times are moments; an end follows from the duration."""
    for element in ("start", "end"):
        if element in values and "T" not in str(values[element]):
            raise Refusal(
                code="INT-017", where="SCH-11", got=show(values[element]), expected="a day and a time"
            )
    minutes = values.get("minutesDuration")
    if minutes is None:
        return changes
    unit = (message.get_first("SCH").get(10) or _find_unit(message)).upper()
    if unit not in _MINUTES:
        raise Refusal(code="INT-018", where="SCH-10", got=show(unit), expected="MIN or HR", condition="103")
    whole = int(minutes) * _MINUTES[unit]
    changes = [change for change in changes if change.element != "minutesDuration"]
    if whole > 0:
        changes.append(Change("minutesDuration", whole))
    if "start" in values and "end" not in values and whole > 0:
        end = datetime.fromisoformat(values["start"]) + timedelta(minutes=whole)
        changes.append(Change("end", end.isoformat()))
    return changes


def _find_unit(message: Message) -> str:
    segment = message.find("AIS")
    return segment.get(8) if segment else ""
