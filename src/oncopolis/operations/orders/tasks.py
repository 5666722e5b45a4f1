"""The task of an order, by which it is on a work list of other programs too."""

from typing import Final

from oncopolis.operations.elements import make_concept, make_reference, to_instant
from oncopolis.operations.orders.views import Order, OrderState
from oncopolis.operations.views import Record

_STATUSES: Final[dict[OrderState, str]] = {
    "ordered": "requested",
    "taken": "in-progress",
    "resulted": "completed",
    "seen": "completed",
    "revoked": "cancelled",
}


def make_task(order: Order, at_ms: int) -> Record:
    """Return the Task of an order as it is; they have one id.

    Parameters
    ----------
    at_ms
        When it came to be so, milliseconds since 1970 (UTC); clocks that differ may tell it before the order.
    """
    record: Record = {
        "resourceType": "Task",
        "id": order.id,
        "basedOn": [make_reference("ServiceRequest", order.id)],
        "status": _STATUSES[order.state],
        "intent": "order",
        "priority": "urgent" if order.is_urgent else "routine",
        "code": make_concept("activity", order.activity),
        "focus": make_reference("ServiceRequest", order.id),
        "for": make_reference("Patient", order.patient),
        "authoredOn": to_instant(order.asked_ms),
        "lastModified": to_instant(max(at_ms, order.asked_ms)),
        "performerType": [make_concept("resource", order.owner)],
    }
    if order.taken_by:
        record["owner"] = {"reference": order.taken_by}
    if order.report:
        record["output"] = [
            {
                "type": make_concept("output", "report"),
                "valueReference": make_reference("DiagnosticReport", order.report),
            }
        ]
    return record
