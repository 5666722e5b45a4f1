"""`NursingTask` and `Handover`: what is due at a bed, as a Task, and what the next shift has to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.elements import (
    add_extensions,
    add_rest,
    extend,
    find_code,
    find_extended,
    get_code,
    get_referred,
    make_concept,
    make_reference,
    take_rest,
    to_instant,
    to_ms,
)
from oncopolis.operations.instants import read_ms, write_ms
from oncopolis.operations.views import Claim, Record

TaskState: TypeAlias = Literal["due", "done", "skipped", "over"]
"""To be done; done; not done, with a reason; not wanted any more."""

_STATUSES: Final[dict[TaskState, str]] = {
    "due": "accepted", "done": "completed", "skipped": "rejected", "over": "cancelled",
}  # fmt: skip
_STATES: Final = {status: state for state, status in _STATUSES.items()}
OTHER: Final = "other"
"""Kind of what somebody has entered."""
_TASK_SAYS: Final = (
    "status", "statusReason", "intent", "code", "description", "for", "encounter", "authoredOn",
    "restriction", "owner", "note", "requester",
)  # fmt: skip
_HANDOVER_SAYS: Final = ("status", "category", "subject", "encounter", "sent", "sender", "payload")


@dataclass(frozen=True, slots=True)
class NursingTask:
    """Something to be done at a bed.

    Parameters
    ----------
    kind
        Rule that asks for it, or `OTHER` for what somebody has entered.
    text
        What it is, if somebody entered it.
    due_ms
        Milliseconds since 1970 (UTC).
    every_ms
        After how long it is due again; 0 for what is done once. That of a rule follows the rule.
    planned_by
        Who entered it, ``Practitioner/<id>``; empty for what a rule asks for.
    by, at_ms
        Who did or skipped it, and when.
    reason
        Why it was skipped, or is not wanted.
    note
        What was seen.
    """

    TYPE: ClassVar[str] = "Task"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("accepted",))

    id: str
    patient: str
    stay: str
    kind: str
    due_ms: int
    made_ms: int
    text: str = ""
    every_ms: int = 0
    planned_by: str = ""
    state: TaskState = "due"
    by: str = ""
    at_ms: int | None = None
    reason: str = ""
    note: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether it is to be done."""
        return self.state == "due"

    def list_claims(self) -> tuple[Claim, ...]:
        """A rule asks once at a time."""
        is_of_rule = self.is_open and self.kind != OTHER
        return (("nursing", f"{self.stay}|{self.kind}"),) if is_of_rule else ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Task is one of nursing."""
        return find_code(record.get("code", {}), "nursing") is not None

    def to_record(self) -> Record:
        """Return the Task."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": _STATUSES[self.state],
            "intent": "order",
            "code": make_concept("nursing", self.kind),
            "for": make_reference("Patient", self.patient),
            "encounter": make_reference("Encounter", self.stay),
            "authoredOn": to_instant(self.made_ms),
            "restriction": {"period": {"end": to_instant(self.due_ms)}},
        }
        if self.text:
            record["description"] = self.text
        if self.reason:
            record["statusReason"] = {"text": self.reason}
        if self.note:
            record["note"] = [{"text": self.note}]
        for element, person in (("owner", self.by), ("requester", self.planned_by)):
            if person:
                record[element] = {"reference": person}
        made = extend(
            every__UnsignedInt=self.every_ms // MS_PER_MINUTE or None, done__Instant=write_ms(self.at_ms)
        )
        return add_rest(add_extensions(record, made), self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a Task of nursing."""
        return cls(
            id=record["id"],
            patient=get_referred(record.get("for"), "Patient"),
            stay=get_referred(record.get("encounter"), "Encounter"),
            kind=str(find_code(record["code"], "nursing")),
            due_ms=to_ms(record["restriction"]["period"]["end"]),
            made_ms=to_ms(record["authoredOn"]),
            text=record.get("description", ""),
            every_ms=find_extended(record, "every", 0) * MS_PER_MINUTE,
            planned_by=record.get("requester", {}).get("reference", ""),
            state=_STATES.get(record["status"], "over"),
            by=record.get("owner", {}).get("reference", ""),
            at_ms=read_ms(record, "done"),
            reason=record.get("statusReason", {}).get("text", ""),
            note=next((one["text"] for one in record.get("note", ())), ""),
            rest=take_rest(record, _TASK_SAYS),
        )


@dataclass(frozen=True, slots=True)
class Handover:
    """What the next shift has to know of somebody, in the words of who hands over.

    Parameters
    ----------
    by, name
        ``Practitioner/<id>``, and what they are called.
    is_current
        Whether nobody has written another since.
    """

    TYPE: ClassVar[str] = "Communication"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("in-progress",))

    id: str
    patient: str
    stay: str
    words: str
    at_ms: int
    by: str
    name: str = ""
    is_current: bool = True
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether it holds."""
        return self.is_current

    def list_claims(self) -> tuple[Claim, ...]:
        """One holds at a time."""
        return (("handover", self.stay),) if self.is_current else ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Communication is a hand-over of the live centre's."""
        return bool(get_code(record.get("category", ()), "handover")) and bool(record.get("payload"))

    def to_record(self) -> Record:
        """Return the Communication."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": "in-progress" if self.is_current else "completed",
            "category": [make_concept("handover", "ward")],
            "subject": make_reference("Patient", self.patient),
            "encounter": make_reference("Encounter", self.stay),
            "sent": to_instant(self.at_ms),
            "sender": {"reference": self.by} | ({"display": self.name} if self.name else {}),
            "payload": [{"contentString": self.words}],
        }
        return add_rest(record, self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read it."""
        sender = record.get("sender", {})
        return cls(
            id=record["id"],
            patient=get_referred(record.get("subject"), "Patient"),
            stay=get_referred(record.get("encounter"), "Encounter"),
            words=next((one["contentString"] for one in record["payload"] if "contentString" in one), ""),
            at_ms=to_ms(record["sent"]),
            by=sender.get("reference", ""),
            name=sender.get("display", ""),
            is_current=record["status"] in cls.OPEN[1],
            rest=take_rest(record, _HANDOVER_SAYS),
        )
