"""`Case`: a patient whom a tumour board discusses. Its record is a Task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

from oncopolis.operations.elements import (
    PREFIX,
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
from oncopolis.operations.views import Claim, Record

CaseState: TypeAlias = Literal["listed", "decided", "withdrawn"]
_STATUSES: Final[dict[CaseState, str]] = {
    "listed": "requested",
    "decided": "completed",
    "withdrawn": "cancelled",
}
_STATES: Final[dict[str, CaseState]] = {status: state for state, status in _STATUSES.items()}
_OWN = (
    "status", "statusReason", "intent", "code", "description", "focus", "for", "authoredOn", "requester",
    "executionPeriod", "restriction", "output", "businessStatus",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody at a discussion, ``Practitioner/<id>``, and as what."""

    person: str
    role: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """A day on which it was not discussed, and why."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """One discussion of one patient.

    Parameters
    ----------
    board
        Which board: an activity of the definition.
    day
        When it is discussed.
    question
        What it is about.
    present, decided_ms, summary, despite
        Who decided and when, in a few words; why, if a role of the board was missing.
    answers
        What was decided, ``step|part|to`` each; the reasons are with the course.
    reason
        Why it was withdrawn.
    """

    TYPE: ClassVar[str] = "Task"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("requested",))

    id: str
    patient: str
    course: str
    board: str
    day: date
    question: str
    asked_ms: int
    asked_by: str
    state: CaseState = "listed"
    postponed: tuple[Postponed, ...] = ()
    present: tuple[Present, ...] = ()
    decided_ms: int | None = None
    answers: tuple[str, ...] = ()
    summary: str = ""
    despite: str = ""
    reason: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be discussed."""
        return self.state == "listed"

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Task is a discussion at a board."""
        return find_code(record.get("code", {}), "board") is not None

    def to_record(self) -> Record:
        """Return the Task."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": _STATUSES[self.state],
            "intent": "order",
            "code": make_concept("board", self.board),
            "focus": make_reference("CarePlan", self.course),
            "for": make_reference("Patient", self.patient),
            "authoredOn": to_instant(self.asked_ms),
            "requester": {"reference": self.asked_by},
            "restriction": {"period": {"end": self.day.isoformat()}},
        }
        if self.question:
            record["description"] = self.question
        if self.reason:
            record["statusReason"] = {"text": self.reason}
        if self.decided_ms is not None:
            record["executionPeriod"] = {"end": to_instant(self.decided_ms)}
        output = [_write_output("decision", answer) for answer in self.answers]
        if self.summary:
            output.append(_write_output("summary", self.summary))
        if output:
            record["output"] = output
        extensions = [
            *extend(
                day__Date=self.day.isoformat(),
                present__String=tuple(f"{one.role}|{one.person}" for one in self.present),
                despite__String=self.despite or None,
            ),
            *map(_write_postponed, self.postponed),
        ]
        return add_rest(add_extensions(record, extensions), self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a Task that is a discussion at a board."""
        outputs = [(find_code(one["type"], "output"), one["valueString"]) for one in record.get("output", ())]
        decided = record.get("executionPeriod", {}).get("end")
        postponed = (one for one in record.get("extension", ()) if one["url"] == PREFIX + "postponed")
        present = (str(one).partition("|") for one in list_extended(record, "present"))
        return cls(
            id=record["id"],
            patient=get_referred(record.get("for"), "Patient"),
            course=get_referred(record.get("focus"), "CarePlan"),
            board=str(find_code(record["code"], "board")),
            day=date.fromisoformat(find_extended(record, "day")),
            question=record.get("description", ""),
            asked_ms=to_ms(record["authoredOn"]),
            asked_by=record["requester"]["reference"],
            state=_STATES.get(record["status"], "withdrawn"),
            postponed=tuple(
                Postponed(date.fromisoformat(find_extended(one, "day")), find_extended(one, "reason"))
                for one in postponed
            ),
            present=tuple(Present(person, role) for role, _, person in present),
            decided_ms=None if decided is None else to_ms(decided),
            answers=tuple(value for kind, value in outputs if kind == "decision"),
            summary=next((value for kind, value in outputs if kind == "summary"), ""),
            despite=find_extended(record, "despite", otherwise=""),
            reason=record.get("statusReason", {}).get("text", ""),
            rest=take_rest(record, _OWN),
        )


def _write_output(kind: str, value: str) -> Record:
    return {"type": make_concept("output", kind), "valueString": value}


def _write_postponed(postponed: Postponed) -> Record:
    made = extend(day__Date=postponed.day.isoformat(), reason__String=postponed.reason)
    return {"url": PREFIX + "postponed", "extension": made}
