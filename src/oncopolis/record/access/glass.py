"""Breaking the glass: a review that is opened with it, for the data protection officer to close."""

from datetime import UTC, datetime
from typing import Any, Final

from oncopolis.record.access.caller import Caller
from oncopolis.record.access.conditions import both, get_number, has_token, refers_to
from oncopolis.record.access.relating import Ask

ACCESS: Final = "urn:oncopolis:access"
"""System of `Task.code`; reviews are ``break-glass-review``."""
REVIEW: Final = "break-glass-review"
ROLE: Final = "urn:oncopolis:role"
"""System of `Task.performerType`: who has to do it."""
_MS: Final = 1000  # structure: milliseconds in a second


def make_review(caller: Caller, patient: str, now_ms: int) -> dict[str, Any]:
    """Return the Task by which breaking the glass is reviewed; it is ``completed`` once somebody has.

    The reason stands here and not in the audit, so that it is erased with the patient.
    """
    return {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "priority": "urgent",
        "code": {"coding": [{"system": ACCESS, "code": REVIEW}]},
        "description": caller.reason,
        "for": {"reference": f"Patient/{patient}"},
        "authoredOn": datetime.fromtimestamp(now_ms // _MS, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "requester": {"reference": f"Practitioner/{caller.practitioner}"},
        "performerType": [{"coding": [{"system": ROLE, "code": "data_protection_officer"}]}],
    }


def is_under_review(ask: Ask, caller: Caller, patient: str, since_ms: int) -> bool:
    """Whether a review of what this caller does with this patient's record was opened since and is open."""
    sql, values = both(
        [
            ("r.type = 'Task'", ()),
            ("r.patient = ?", (patient,)),
            ("r.deleted = 0", ()),
            has_token("r.rk", get_number("Task", "code"), ACCESS, [REVIEW]),
            has_token("r.rk", get_number("Task", "status"), "", ["requested"]),
            refers_to("r.rk", [get_number("Task", "requester")], "Practitioner", [caller.practitioner or ""]),
            ("d.parameter = ?", (get_number("Task", "authored-on"),)),
            ("d.low_ms >= ?", (since_ms,)),
        ]
    )
    return bool(ask(f"SELECT 1 FROM resource r JOIN index_date d ON d.rk = r.rk WHERE {sql}", values))  # noqa: S608
