"""PV1 / Encounter, and what the events of ADT do to it."""

from dataclasses import dataclass, replace
from typing import Any, Final

from oncopolis.interop.hl7.message import Message
from oncopolis.interop.mapping.concepts import Coded, Concept
from oncopolis.interop.mapping.kinds import Moment, Wrapped
from oncopolis.interop.mapping.people import Identifier, Person
from oncopolis.interop.mapping.places import Place
from oncopolis.interop.mapping.rows import Change, Entry, Replaces, Row, of_one_system, read_rows
from oncopolis.interop.naming import Naming

__all__ = ["EVENTS", "ROWS", "Event", "read_encounter"]

ACT_CODES: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CLASSES: Final = {
    "I": "IMP", "O": "AMB", "E": "EMER", "P": "PRENC", "B": "OBSENC", "R": "AMB", "C": "AMB", "N": "AMB",
    "U": "AMB",
}  # fmt: skip
"""HL7 table 0004 -> v3 ActCode."""
_PARTICIPATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"


@dataclass(frozen=True)
class Event:
    """What an event of ADT says of the encounter.

    Parameters
    ----------
    status
        Of the encounter from now on; '' if it stays.
    has_encounter
        Whether there is one at all.
    start, end
        Whether the time of the event is the start or the end of the encounter, if PV1 does not tell it.
    reopens
        Whether an end that was told is taken back.
    """

    meaning: str
    status: str = ""
    has_encounter: bool = True
    start: bool = False
    end: bool = False
    reopens: bool = False


EVENTS: Final = {
    "A01": Event("admission", "in-progress", start=True),
    "A02": Event("transfer", "in-progress"),
    "A03": Event("discharge", "finished", end=True),
    "A04": Event("registration of an outpatient", "in-progress", start=True),
    "A05": Event("pre-admission", "planned"),
    "A08": Event("update"),
    "A11": Event("admission cancelled", "cancelled"),
    "A13": Event("discharge cancelled", "in-progress", reopens=True),
    "A28": Event("person added", has_encounter=False),
    "A31": Event("person updated", has_encounter=False),
    "A40": Event("patients merged", has_encounter=False),
}


def _with_role(code: str) -> tuple[Wrapped, Replaces]:
    types = [{"coding": [{"system": _PARTICIPATION, "code": code}]}]

    def replaces(entry: Entry, _stated: Any) -> bool:
        return any(
            coding.get("code") == code
            for type_ in entry.get("type", ())
            for coding in type_.get("coding", ())
        )

    return Wrapped(Person(), "individual", {"type": types}), replaces


def _participant(field: str, code: str) -> Row:
    kind, replaces = _with_role(code)
    return Row(field, "participant", kind, is_list=True, replaces=replaces)


def _is_current(entry: Entry, _stated: Any) -> bool:
    return bool(entry.get("status", "active") == "active")


def _leave(entry: Entry) -> Entry:
    """The place a patient was moved from is kept."""
    return {**entry, "status": "completed"}


ROWS: Final = (
    Row("PV1-2", "class", Coded(CLASSES, ACT_CODES)),
    Row(
        "PV1-3",
        "location",
        Wrapped(Place(), "location", {"status": "active"}),
        is_list=True,
        replaces=_is_current,
    ),
    _participant("PV1-7", "ATND"),
    _participant("PV1-8", "REF"),
    Row("PV1-10", "serviceType", Concept()),
    Row("PV1-14", "hospitalization.admitSource", Concept()),
    _participant("PV1-17", "ADM"),
    Row("PV1-19", "identifier", Identifier("VN"), is_list=True, replaces=of_one_system),
    Row("PV1-36", "hospitalization.dischargeDisposition", Concept()),
    Row("PV1-44", "period.start", Moment()),
    Row("PV1-45", "period.end", Moment()),
)
ACCOUNT: Final = (
    Row("PID-18", "identifier", Identifier("AN"), is_list=True, replaces=of_one_system, way="in"),
)
"""Where senders without PV1-19 put the number of the visit."""


def read_encounter(message: Message, event: Event, naming: Naming) -> list[Change]:
    """Return what a message of ADT states of the encounter."""
    segment = message.get_first("PV1")
    changes = [
        replace(change, keeps=_leave)
        if change.element == "location" and event.status == "in-progress"
        else change
        for change in read_rows(ROWS, segment, naming)
    ]
    told = {change.element for change in changes}
    if event.status:
        changes.append(Change("status", event.status))
    when = _read_when(message, naming)
    if event.start and when and "period.start" not in told:
        changes.append(Change("period.start", when))
    if event.end and when and "period.end" not in told:
        changes.append(Change("period.end", when))
    if event.reopens:
        changes.append(Change("period.end", None))
    return changes


def _read_when(message: Message, naming: Naming) -> str:
    """When it happened, or else was recorded."""
    segment = message.find("EVN")
    if segment is None:
        return ""
    for number in (6, 2):
        for repetition in segment.list_repetitions(number)[:1]:
            found = Moment().read(repetition, segment.name_field(number), naming)
            if found:
                return found
    return ""
