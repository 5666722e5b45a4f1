"""`Notification`: a diagnosis that a registry has to be told of, until it was. Its record is a Task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

from oncopolis.operations.elements import (
    add_extensions,
    add_rest,
    extend,
    find_code,
    find_extended,
    get_referred,
    make_concept,
    make_reference,
    take_rest,
    to_instant,
    to_ms,
)
from oncopolis.operations.instants import read_ms, write_ms
from oncopolis.operations.views import Claim, Record

NotificationState: TypeAlias = Literal["due", "refused", "notified", "void"]
"""To be told; the registry has sent it back; told; the diagnosis was entered in error."""

_KIND: Final = "cancer-notification"
_STATUSES: Final[dict[NotificationState, str]] = {
    "due": "requested", "refused": "rejected", "notified": "completed", "void": "cancelled",
}  # fmt: skip
_STATES: Final = {status: state for state, status in _STATUSES.items()}
_OWN: Final = ("status", "statusReason", "intent", "code", "focus", "for", "authoredOn", "executionPeriod")


@dataclass(frozen=True, slots=True)
class Notification:
    """What a registry has to be told of one tumour.

    Parameters
    ----------
    since_ms
        From when the deadline runs.
    told_ms, told_by, number
        When it was told last and by whom, and the registry's number for it.
    reason
        Why the registry sent it back, or what was changed since it was told.
    """

    TYPE: ClassVar[str] = "Task"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("requested", "rejected"))

    id: str
    patient: str
    diagnosis: str
    since_ms: int
    state: NotificationState = "due"
    told_ms: int | None = None
    told_by: str = ""
    number: str = ""
    reason: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether the registry has still to be told, or told anew."""
        return self.state in ("due", "refused")

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Task is the notification of a cancer."""
        return find_code(record.get("code", {}), "task") == _KIND

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read it."""
        return cls(
            id=record["id"],
            patient=get_referred(record.get("for"), "Patient"),
            diagnosis=get_referred(record.get("focus"), "Condition"),
            since_ms=to_ms(record["authoredOn"]),
            state=_STATES.get(record["status"], "void"),
            told_ms=read_ms(record, "told"),
            told_by=find_extended(record, "told-by", otherwise=""),
            number=find_extended(record, "registry-number", otherwise=""),
            reason=record.get("statusReason", {}).get("text", ""),
            rest=take_rest(record, _OWN),
        )

    def to_record(self) -> Record:
        """Return the Task."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": _STATUSES[self.state],
            "intent": "order",
            "code": make_concept("task", _KIND),
            "focus": make_reference("Condition", self.diagnosis),
            "for": make_reference("Patient", self.patient),
            "authoredOn": to_instant(self.since_ms),
        }
        if self.reason:
            record["statusReason"] = {"text": self.reason}
        made = extend(
            told__Instant=write_ms(self.told_ms),
            told_by__String=self.told_by or None,
            registry_number__String=self.number or None,
        )
        return add_rest(add_extensions(record, made), self.rest)
