"""`Order`: an activity somebody asked for, until its result has been seen. Its record is a ServiceRequest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

from oncopolis.centre.number import USUAL_PRIORITY
from oncopolis.operations.elements import (
    add_extensions,
    add_rest,
    extend,
    find_code,
    find_extended,
    get_referred,
    list_extended,
    make_concept,
    make_reference,
    take_rest,
    to_instant,
    to_ms,
)
from oncopolis.operations.instants import read_ms, write_ms
from oncopolis.operations.views import Claim, Record

OrderState: TypeAlias = Literal["ordered", "taken", "resulted", "seen", "revoked"]
"""Waits for somebody; somebody is at it; there is a result; that was seen; it is not wanted any more."""

_STATUSES: Final[dict[OrderState, str]] = {"seen": "completed", "revoked": "revoked"}
_OWN = (
    "status", "intent", "priority", "code", "subject", "basedOn", "authoredOn", "requester", "performer",
    "performerType", "occurrenceDateTime", "reasonCode", "doNotPerform",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """One order.

    It stays active until its result has been seen by who takes care of the patient: a result that nobody
    looks at is work left to do.

    Parameters
    ----------
    activity
        What is asked for: an activity of the definition. Nothing of medicines or doses can be said.
    owner
        Role on whose work list it is.
    asked_ms, asked_by
        When (milliseconds since 1970, UTC) and by whom, ``Practitioner/id``.
    by
        Day until which it is wished for.
    question
        What is to be found out.
    taken_by, taken_ms
        Who is at it, ``Practitioner/id``, and since when.
    tubes, drawn_ms
        Labels of what was drawn for it at the bedside, and when last.
    report
        Id of the DiagnosticReport; empty while there is none.
    resulted_ms
        When that came.
    critical
        What of it cannot wait, as who found it says; empty if it can.
    raised
        How often it was passed on because nobody had seen it in time.
    seen_ms, seen_by
        When it was seen, and by whom.
    reason
        Why it was revoked.
    read_back
        What who has seen a critical result repeated of it.
    """

    TYPE: ClassVar[str] = "ServiceRequest"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("active",))

    id: str
    patient: str
    activity: str
    owner: str
    asked_ms: int
    asked_by: str
    state: OrderState = "ordered"
    course: str = ""
    step: str = ""
    priority: int = USUAL_PRIORITY
    by: date | None = None
    question: str = ""
    taken_by: str = ""
    taken_ms: int | None = None
    tubes: tuple[str, ...] = ()
    drawn_ms: int | None = None
    report: str = ""
    resulted_ms: int | None = None
    critical: str = ""
    raised: int = 0
    seen_ms: int | None = None
    seen_by: str = ""
    reason: str = ""
    read_back: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state not in _STATUSES

    @property
    def is_urgent(self) -> bool:
        """Whether it goes before what is usual."""
        return self.priority < USUAL_PRIORITY

    def list_claims(self) -> tuple[Claim, ...]:
        """A label is on one tube."""
        return tuple(("label", tube) for tube in self.tubes)

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a ServiceRequest asks for an activity of the definition for a patient."""
        return bool(
            find_code(record.get("code", {}), "activity")
            and get_referred(record.get("subject"), "Patient")
            and find_extended(record, "order-state")
        )

    def to_record(self) -> Record:
        """Return the ServiceRequest."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": _STATUSES.get(self.state, "active"),
            "intent": "order",
            "priority": "urgent" if self.is_urgent else "routine",
            "code": make_concept("activity", self.activity),
            "subject": make_reference("Patient", self.patient),
            "authoredOn": to_instant(self.asked_ms),
            "performerType": make_concept("resource", self.owner),
        }
        if self.course:
            record["basedOn"] = [make_reference("CarePlan", self.course)]
        if self.by is not None:
            record["occurrenceDateTime"] = self.by.isoformat()
        if self.question:
            record["reasonCode"] = [{"text": self.question}]
        for element, person in (("requester", self.asked_by), ("performer", self.taken_by)):
            if person:
                reference = {"reference": person}
                record[element] = reference if element == "requester" else [reference]
        extensions = extend(
            order_state__Code=self.state,
            rank__Integer=self.priority,
            step__Code=self.step or None,
            report__Reference=make_reference("DiagnosticReport", self.report) if self.report else None,
            taken__Instant=write_ms(self.taken_ms),
            tube__String=self.tubes,
            drawn__Instant=write_ms(self.drawn_ms),
            resulted__Instant=write_ms(self.resulted_ms),
            critical__String=self.critical or None,
            raised__UnsignedInt=self.raised or None,
            seen__Instant=write_ms(self.seen_ms),
            seen_by__String=self.seen_by or None,
            revoked_because__String=self.reason or None,
            read_back__String=self.read_back or None,
        )
        return add_rest(add_extensions(record, extensions), self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a ServiceRequest that was ordered here."""
        status, state = record["status"], find_extended(record, "order-state")
        # Another system may have revoked it, or have found that it was entered in error.
        ended: OrderState = state if status in ("active", "completed") else "revoked"
        return cls(
            id=record["id"],
            patient=get_referred(record["subject"], "Patient"),
            activity=str(find_code(record["code"], "activity")),
            owner=find_code(record.get("performerType", {}), "resource") or "",
            asked_ms=to_ms(record["authoredOn"]),
            asked_by=record.get("requester", {}).get("reference", ""),
            state=ended,
            course=next((get_referred(one, "CarePlan") for one in record.get("basedOn", ())), ""),
            step=find_extended(record, "step", otherwise=""),
            priority=find_extended(record, "rank", otherwise=USUAL_PRIORITY),
            by=date.fromisoformat(record["occurrenceDateTime"]) if "occurrenceDateTime" in record else None,
            question=next((one["text"] for one in record.get("reasonCode", ())), ""),
            taken_by=next((one["reference"] for one in record.get("performer", ())), ""),
            taken_ms=read_ms(record, "taken"),
            tubes=list_extended(record, "tube"),
            drawn_ms=read_ms(record, "drawn"),
            report=get_referred(find_extended(record, "report"), "DiagnosticReport"),
            resulted_ms=read_ms(record, "resulted"),
            critical=find_extended(record, "critical", otherwise=""),
            raised=find_extended(record, "raised", otherwise=0),
            seen_ms=read_ms(record, "seen"),
            seen_by=find_extended(record, "seen-by", otherwise=""),
            reason=find_extended(record, "revoked-because", otherwise=""),
            read_back=find_extended(record, "read-back", otherwise=""),
            rest=take_rest(record, _OWN),
        )
