"""Which message tells of a change of a record: from what it is now and what it was before."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from oncopolis.interop.mapping.appointments import OUT_EVENTS
from oncopolis.interop.mapping.orders import OUT_CONTROLS

__all__ = ["MESSAGES", "choose_control", "choose_event"]

MESSAGES: Final[Mapping[str, Literal["ADT", "ORM", "SIU", "ORU"]]] = {
    "Patient": "ADT",
    "Encounter": "ADT",
    "Appointment": "SIU",
    "ServiceRequest": "ORM",
    "DiagnosticReport": "ORU",
}
"""Resource type -> kind of message."""


def choose_event(record: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    """Return the event, such as ``A01``."""
    match record["resourceType"]:
        case "Patient":
            return _choose_patient(record, before)
        case "Encounter":
            return _choose_encounter(record, before)
        case "Appointment":
            return _choose_appointment(record, before)
        case "ServiceRequest":
            return "O01"
        case _:
            return "R01"


def _is_replaced(record: Mapping[str, Any]) -> bool:
    return any(link.get("type") == "replaced-by" for link in record.get("link", ()))


def _choose_patient(record: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    if _is_replaced(record) and not _is_replaced(before or {}):
        return "A40"
    return "A28" if before is None else "A31"


def _choose_encounter(record: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    status, was = record.get("status"), (before or {}).get("status")
    is_inpatient = record.get("class", {}).get("code") == "IMP"
    begins = {"planned": "A05", "cancelled": "A11", "entered-in-error": "A11", "finished": "A03"}
    if status != was:
        if was == "finished" and status not in ("cancelled", "entered-in-error"):
            return "A13"
        return begins.get(str(status), "A01" if is_inpatient else "A04")
    return "A02" if record.get("location") != (before or {}).get("location") else "A08"


def _choose_appointment(record: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    status = str(record.get("status"))
    if before is None:
        return OUT_EVENTS.get(status, "S12")
    if status != before.get("status") and status in OUT_EVENTS:
        return OUT_EVENTS[status]
    return "S13" if record.get("start") != before.get("start") else "S14"


def choose_control(record: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    """Return ORC-1 of an order."""
    if before is None:
        return "NW"
    if record.get("status") != before.get("status"):
        return OUT_CONTROLS.get(str(record.get("status")), "RL")
    return "XO"
