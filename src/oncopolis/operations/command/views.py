"""`Taken`: an alarm that somebody has taken, as a Task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

from oncopolis.operations.elements import (
    add_extensions,
    add_rest,
    extend,
    find_code,
    make_concept,
    take_rest,
    to_instant,
    to_ms,
)
from oncopolis.operations.instants import read_ms, write_ms
from oncopolis.operations.views import Claim, Record

TakenState: TypeAlias = Literal["taken", "closed", "over"]
"""Somebody sees to it; closed with a reason; its cause has gone."""

_STATUSES: Final[dict[TakenState, str]] = {
    "taken": "in-progress",
    "closed": "cancelled",
    "over": "completed",
}
_STATES: Final = {status: state for state, status in _STATUSES.items()}
_OWN: Final = ("status", "statusReason", "intent", "code", "owner", "authoredOn", "executionPeriod")


@dataclass(frozen=True, slots=True)
class Taken:
    """An alarm with its owner.

    Parameters
    ----------
    key
        Name of its cause.
    owner, name
        Who sees to it, ``Practitioner/<id>``, and what they are called.
    taken_ms, ended_ms
        When the present owner took it, and when it was over.
    reason
        Why it was closed though its cause is there.
    """

    TYPE: ClassVar[str] = "Task"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("in-progress",))

    id: str
    key: str
    owner: str
    name: str
    taken_ms: int
    state: TakenState = "taken"
    ended_ms: int | None = None
    reason: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether somebody still sees to it."""
        return self.state == "taken"

    def list_claims(self) -> tuple[Claim, ...]:
        """An alarm has one owner."""
        return (("alarm", self.key),) if self.is_open else ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Task is an alarm that somebody has taken."""
        return find_code(record.get("code", {}), "alarm") is not None

    def to_record(self) -> Record:
        """Return the Task."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": _STATUSES[self.state],
            "intent": "order",
            "code": make_concept("alarm", self.key),
            "owner": {"reference": self.owner, "display": self.name},
            "authoredOn": to_instant(self.taken_ms),
        }
        if self.reason:
            record["statusReason"] = {"text": self.reason}
        return add_rest(add_extensions(record, extend(ended__Instant=write_ms(self.ended_ms))), self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read the Task of an alarm."""
        return cls(
            id=record["id"],
            key=str(find_code(record["code"], "alarm")),
            owner=record["owner"]["reference"],
            name=record["owner"].get("display", ""),
            taken_ms=to_ms(record["authoredOn"]),
            state=_STATES.get(record["status"], "over"),
            ended_ms=read_ms(record, "ended"),
            reason=record.get("statusReason", {}).get("text", ""),
            rest=take_rest(record, _OWN),
        )
