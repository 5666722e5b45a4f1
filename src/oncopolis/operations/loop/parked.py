"""`Parked`: what came from outside and cannot be used as it is. Its record is a Task of a role."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias, cast, get_args

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

ParkedKind: TypeAlias = Literal["regimen", "values", "report", "signs", "sightings"]
"""An order of treatment; results of a laboratory for one; a result that belongs to no order here; vital
signs; where things with tags were seen."""
Why: TypeAlias = Literal[
    "unsigned", "intrathecal", "no_limits", "unknown", "unlike", "clock", "other_patient", "over", "area",
    "garbage", "flood",
]  # fmt: skip
"""Nobody has signed it; a route that kills; it names no limits; nobody knows what it is about; its lines do
not belong together; its time is not ours; it is about another patient; what it belongs to is over, or has
another result already; there is no such department; it cannot be read; there was no room for all of it."""
_KINDS: Final = get_args(ParkedKind)
_OWN = (
    "status", "businessStatus", "statusReason", "intent", "code", "focus", "for", "authoredOn", "input",
    "performerType",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parked:
    """One thing that waits for somebody.

    Parameters
    ----------
    owner
        Role of the access policy on whose list it is.
    came_ms
        Milliseconds since 1970 (UTC).
    content
        All of what came, as JSON: nothing of it is lost.
    patient
        Whom it says it is about; empty if that is not known here.
    about
        Record that waits, ``Type/id``; empty where nothing but ``content`` was kept.
    note, settled_by, settled_ms
        What was done about it, by whom and when; empty while it waits.
    """

    TYPE: ClassVar[str] = "Task"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("received",))

    id: str
    kind: ParkedKind
    why: Why
    owner: str
    came_ms: int
    content: str
    patient: str = ""
    about: str = ""
    note: str = ""
    settled_by: str = ""
    settled_ms: int | None = None
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether it waits."""
        return self.settled_ms is None

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Task is something that was parked."""
        return find_code(record.get("code", {}), "parked") in _KINDS

    def to_record(self) -> Record:
        """Return the Task."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": "received" if self.is_open else "completed",
            "businessStatus": make_concept("parked-because", self.why),
            "intent": "order",
            "code": make_concept("parked", self.kind),
            "authoredOn": to_instant(self.came_ms),
            "performerType": [make_concept("role", self.owner)],
            "input": [{"type": make_concept("parked", "content"), "valueString": self.content}],
        }
        if self.patient:
            record["for"] = make_reference("Patient", self.patient)
        if self.about:
            record["focus"] = {"reference": self.about}
        if self.note:
            record["statusReason"] = {"text": self.note}
        made = extend(settled_by__String=self.settled_by or None, settled__Instant=write_ms(self.settled_ms))
        return add_rest(add_extensions(record, made), self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a Task that is something that was parked."""
        came_ms = to_ms(record["authoredOn"])
        settled_ms = read_ms(record, "settled")
        if settled_ms is None and record["status"] not in cls.OPEN[1]:
            settled_ms = came_ms  # Another system has closed it, and does not say when.
        return cls(
            id=record["id"],
            kind=cast("ParkedKind", find_code(record["code"], "parked")),
            why=cast("Why", find_code(record.get("businessStatus", {}), "parked-because") or "unknown"),
            owner=str(find_code(next(iter(record.get("performerType", ())), {}), "role") or ""),
            came_ms=came_ms,
            content=record["input"][0]["valueString"],
            patient=get_referred(record.get("for"), "Patient"),
            about=record.get("focus", {}).get("reference", ""),
            note=record.get("statusReason", {}).get("text", ""),
            settled_by=find_extended(record, "settled-by", ""),
            settled_ms=settled_ms,
            rest=take_rest(record, _OWN),
        )


def write_content(said: Any) -> str:
    """Return what came as JSON."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
