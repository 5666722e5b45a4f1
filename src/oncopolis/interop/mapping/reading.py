"""From a message to what it states."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from oncopolis.interop.hl7.message import Message
from oncopolis.interop.hl7.refusing import Refusal, show
from oncopolis.interop.mapping import appointments, encounters, orders, patients, results, values
from oncopolis.interop.mapping.rows import Change, read_rows
from oncopolis.interop.mapping.stating import Key, Stated, Statement, list_keys, make_id
from oncopolis.interop.naming import Naming

__all__ = ["KINDS", "read_identity", "read_statement"]

_LIVE: Final = "P"


def read_statement(message: Message, naming: Naming) -> Statement:
    """Return what a message states.

    Raises
    ------
    Refusal
        Naming the place: a kind or event that is not mapped, what is missing, or a value not of its type.
    """
    kind, event = message.kind
    reader = KINDS.get(kind)
    if reader is None:
        raise Refusal(code="INT-024", where="MSH-9.1", got=show(kind), expected=f"one of {', '.join(KINDS)}",
                      condition="200")  # fmt: skip
    events, read = reader
    if event not in events:
        raise Refusal(
            code="INT-024", where="MSH-9.2", got=show(event), expected=f"one of {', '.join(events)}",
            condition="201",
        )  # fmt: skip
    _check_header(message)
    return read(message, naming)


def _check_header(message: Message) -> None:
    header = message.header
    if not header.get(12).startswith("2."):
        raise Refusal(code="INT-025", where="MSH-12", got=show(header.get(12)), expected="2.3 to 2.5.1",
                      condition="203")  # fmt: skip
    if header.get(11) not in ("", _LIVE):
        raise Refusal(
            code="INT-026", where="MSH-11", got=show(header.get(11)),
            expected="P: tests and training are no patients",
            condition="202",
        )  # fmt: skip


def _read_patient(message: Message, naming: Naming) -> Stated:
    found = message.list_segments("PID")
    if len(found) > 1:
        raise Refusal(code="INT-027", where="PID[2]", got="a second patient", expected="one of a message",
                      condition="100")  # fmt: skip
    segment = message.get_first("PID")
    changes = read_rows(patients.ROWS, segment, naming)
    told = {change.element: change.value for change in changes}
    if told.get("deceasedDateTime"):
        changes = [change for change in changes if change.element != "deceasedBoolean"]
    keys = list_keys(told.get("identifier"))
    if not keys:
        raise _make_missing("PID-3", "an identifier of the patient")
    return Stated("Patient", keys, make_id("Patient", *keys[0]), tuple(changes), where="PID")


def read_identity(message: Message, naming: Naming) -> Stated | None:
    """Return whom a message is about, as far as that can be read; None if it cannot."""
    segment = message.find("PID")
    try:
        changes = read_rows(patients.ROWS[:1], segment, naming) if segment else []
    except Refusal:
        return None
    keys = _find_keys(changes)
    return Stated("Patient", keys, make_id("Patient", *keys[0]), (), where="PID") if keys else None


def _read_adt(message: Message, naming: Naming) -> Statement:
    code = message.kind[1]
    event = encounters.EVENTS[code]
    patient = _read_patient(message, naming)
    if code == "A40":
        prior = read_rows(patients.PRIOR, message.get_first("MRG"), naming)
        keys = list_keys(prior[0].value if prior else None)
        if not keys:
            raise _make_missing("MRG-1", "the identifier that is given up")
        return Statement("ADT^A40", patient, is_about_patient=True, prior=keys)
    records: tuple[Stated, ...] = ()
    visit = message.find("PV1")
    if event.has_encounter and not (code == "A08" and (visit is None or not visit.get(19))):
        records = (_read_encounter(message, event, naming),)
    return Statement(f"ADT^{code}", patient, is_about_patient=True, records=records)


def _read_encounter(message: Message, event: encounters.Event, naming: Naming) -> Stated:
    changes = encounters.read_encounter(message, event, naming)
    if not _find_keys(changes):
        changes += read_rows(encounters.ACCOUNT, message.get_first("PID"), naming)
    keys = _find_keys(changes)
    if not keys:
        raise _make_missing("PV1-19", "the number of the visit, there or in PID-18")
    defaults = {"status": "unknown", "class": {"system": encounters.ACT_CODES, "code": "AMB"}}
    return Stated(
        "Encounter", keys, make_id("Encounter", *keys[0]), tuple(changes), defaults, "subject", "PV1"
    )


def _read_orders(message: Message, naming: Naming) -> Statement:
    records = []
    for group in results.list_groups(message):
        place = group.segment.place
        if group.order is None:
            raise Refusal(code="INT-005", where=place, got="no ORC before it", expected="the segment ORC",
                          condition="100")  # fmt: skip
        changes = read_rows(orders.ORC, group.order, naming)
        for rows, segments in (
            (orders.ROWS, [group.segment]), (orders.TIMING, group.timings), (orders.NOTES, group.notes),
        ):  # fmt: skip
            changes = _add(changes, [one for segment in segments for one in read_rows(rows, segment, naming)])
        control = group.order.get(1)
        if control not in orders.CONTROLS:
            raise Refusal(
                code="INT-028", where=group.order.name_field(1), got=show(control),
                expected=f"one of {', '.join(orders.CONTROLS)}", condition="103",
            )  # fmt: skip
        if orders.CONTROLS[control]:
            changes.append(Change("status", orders.CONTROLS[control]))
        keys = _find_keys(changes)
        if not keys:
            raise _make_missing(f"{place}-2", "a placer or filler number")
        defaults = {"status": "active", "intent": "order"}
        records.append(
            Stated(
                "ServiceRequest",
                keys,
                make_id("ServiceRequest", *keys[0]),
                tuple(changes),
                defaults,
                "subject",
                place,
            )
        )
    return Statement("^".join(message.kind), _read_patient(message, naming), records=tuple(records))


def _read_appointment(message: Message, naming: Naming) -> Statement:
    changes = appointments.read_appointment(message, naming)
    keys = _find_keys(changes)
    if not keys:
        raise _make_missing("SCH-1", "a placer or filler number")
    event = message.kind[1]
    if event in ("S12", "S13") and not any(change.element == "start" and change.value for change in changes):
        raise _make_missing("TQ1-7, SCH-11.4 or AIS-4", "when it is")
    stated = Stated(
        "Appointment",
        keys,
        make_id("Appointment", *keys[0]),
        tuple(changes),
        {"status": "booked"},
        "participant",
        "SCH",
    )
    return Statement(f"SIU^{event}", _read_patient(message, naming), records=(stated,))


def _read_results(message: Message, naming: Naming) -> Statement:
    records: list[Stated] = []
    for group in results.list_groups(message):
        records += _read_report(group, naming)
    return Statement("ORU^R01", _read_patient(message, naming), records=tuple(records))


def _read_report(group: results.Group, naming: Naming) -> list[Stated]:
    """Return the observations of one OBR and their report."""
    segment = group.segment
    changes = read_rows(results.REPORT, segment, naming)
    if group.order is not None:
        changes = _add(changes, read_rows(orders.ORC[:2], group.order, naming))
    told = {change.element: change.value for change in changes}
    keys = _find_keys(changes)
    if not keys:
        raise _make_missing(f"{segment.place}-3", "a filler or placer number")
    if "code" not in told:
        raise _make_missing(f"{segment.place}-4", "what was done")
    key = next((one for one in keys if one == _find_filler(changes)), keys[0])
    report_id = make_id("DiagnosticReport", *key, segment.get(4))
    observations, documents = _read_observations(group, report_id, told, naming)
    references = [{"reference": f"Observation/{one.id}"} for one in observations]
    asked = {"type": "ServiceRequest", "identifier": {"system": keys[0][0], "value": keys[0][1]}}
    changes += [
        Change("result", references or None),
        Change("presentedForm", documents or None),
        Change("basedOn", [asked]),
    ]
    report = Stated(
        "DiagnosticReport", (), report_id, tuple(changes), {"status": "unknown"}, "subject", segment.place
    )
    return [*observations, report]


def _read_observations(
    group: results.Group, report_id: str, told: dict[str, Any], naming: Naming
) -> tuple[list[Stated], list[Any]]:
    observations: list[Stated] = []
    documents: list[Any] = []
    counts: dict[tuple[str, str], int] = {}
    for result in group.results:
        segment = result.segment
        changes = read_rows(results.OBSERVATION, segment, naming)
        changes = _add(
            changes, [one for note in result.notes for one in read_rows(results.NOTES, note, naming)]
        )
        stated = {change.element for change in changes}
        if "code" not in stated:
            raise _make_missing(segment.name_field(3), "what was observed")
        if "effectiveDateTime" not in stated and told.get("effectiveDateTime"):
            changes.append(Change("effectiveDateTime", told["effectiveDateTime"]))
        name = (segment.get(3), segment.get(4))
        for element, value in values.list_values(result, naming) or [("", None)]:
            if element == "presentedForm":
                documents.append(value)
                continue
            counts[name] = counts.get(name, 0) + 1
            id_ = make_id("Observation", report_id, *name, str(counts[name]))
            whole = (*changes, *values.make_value_changes(element, value))
            observations.append(
                Stated("Observation", (), id_, whole, {"status": "final"}, "subject", segment.place)
            )
    return observations, documents


def _find_filler(changes: Sequence[Change]) -> Key | None:
    for change in changes:
        for one in change.value if change.element == "identifier" and change.value else ():
            codings = one.get("type", {}).get("coding", ())
            if any(coding.get("code") == "FILL" for coding in codings):
                return one["system"], one["value"]
    return None


def _find_keys(changes: Sequence[Change]) -> tuple[Key, ...]:
    found: list[Key] = []
    for change in changes:
        if change.element == "identifier" and change.value:
            found += [key for key in list_keys(change.value) if key not in found]
    return tuple(found)


def _add(changes: list[Change], further: list[Change]) -> list[Change]:
    """Return both; of an element that is no list, or an identifier told before, the first is right."""
    told = {change.element for change in changes if not change.is_list}
    known = _find_keys(changes)
    added = list(changes)
    notes: list[Any] = []
    for change in further:
        if change.element == "note" and change.value:
            notes += change.value
        elif change.element == "identifier" and all(key in known for key in _find_keys([change])):
            continue
        elif change.element not in told:
            added.append(change)
    return [*added, Change("note", notes, is_list=True)] if notes else added


def _make_missing(where: str, meant: str) -> Refusal:
    return Refusal(code="INT-029", where=where, got="nothing", expected=meant, condition="101")


_Reader = Callable[[Message, Naming], Statement]
KINDS: Final[dict[str, tuple[tuple[str, ...], _Reader]]] = {
    "ADT": (tuple(encounters.EVENTS), _read_adt),
    "ORM": (("O01",), _read_orders),
    "OMG": (("O19",), _read_orders),
    "SIU": (tuple(appointments.EVENTS), _read_appointment),
    "ORU": (("R01",), _read_results),
}
"""Kind of message -> its events that are mapped, and what reads it."""
