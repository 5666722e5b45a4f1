"""`Operation`: one case of a theatre's list, from the plan until the patient leaves recovery; a Procedure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias, get_args

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
from oncopolis.operations.instants import read_ms
from oncopolis.operations.theatre.checklist import PHASES, Phase, list_missing
from oncopolis.operations.views import Claim, Record

Stage: TypeAlias = Literal[
    "planned", "sent", "inside", "induction", "knife", "close", "recovery", "done", "cancelled"
]
"""On the list, sent for, in the theatre, anaesthesia begun, first cut, wound closed, in recovery, left it."""
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
IN_ROOM: Final[tuple[Stage, ...]] = ("inside", "induction", "knife", "close")
AHEAD: Final[tuple[Stage, ...]] = ("planned", "sent")

_STATUSES: Final[dict[Stage, str]] = {
    "planned": "preparation", "sent": "preparation", "done": "completed", "cancelled": "not-done",
}  # fmt: skip
_REACHED: Final = PREFIX + "reached"
_TEAM: Final = PREFIX + "team-check"
_OWN = ("status", "statusReason", "code", "subject", "encounter", "location", "performedPeriod")


@dataclass(frozen=True, slots=True)
class TeamCheck:
    """A phase of the checklist as a team has gone through it.

    Parameters
    ----------
    confirmed, not_applicable
        Ids of the items.
    by
        Who recorded it, ``Practitioner/<id>``.
    """

    phase: Phase
    at_ms: int
    by: str
    confirmed: tuple[str, ...]
    not_applicable: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every item was made sure of."""
        return not list_missing(self.phase, self.confirmed, self.not_applicable)


@dataclass(frozen=True, slots=True)
class Operation:
    """One case.

    Parameters
    ----------
    room
        Theatre: a unit.
    planned_ms
        When it was to begin, milliseconds since 1970 (UTC).
    minutes
        How long the theatre is held.
    expected_ms
        When it is expected to begin, by what goes on before it; when it began once it has.
    extra_min
        Minutes that somebody has said it takes longer, or begins later.
    booking, contact
        Appointment it comes from, and Encounter in which it is done; empty if none (yet).
    ward
        Ward on which the patient lies, or is to lie; empty if none.
    recovery
        Place in recovery: a unit.
    reached
        When each stage was reached.
    checks
        Phases of the checklist, the last of each counts.
    labels
        Codes of specimens taken and implants used: nothing else gets one of these.
    implants
        GTINs of the implants that are planned; empty if nobody said.
    reason
        Why it is late, last, or was cancelled.
    """

    TYPE: ClassVar[str] = "Procedure"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("preparation", "in-progress"))

    id: str
    patient: str
    activity: str
    room: str
    planned_ms: int
    minutes: int
    expected_ms: int
    stage: Stage = "planned"
    extra_min: int = 0
    booking: str = ""
    contact: str = ""
    ward: str = ""
    recovery: str = ""
    reached: tuple[tuple[Stage, int], ...] = ()
    checks: tuple[TeamCheck, ...] = ()
    labels: tuple[str, ...] = ()
    implants: tuple[str, ...] = ()
    reason: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether the patient is to come or has not left recovery."""
        return self.stage not in ("done", "cancelled")

    @property
    def is_in_room(self) -> bool:
        """Whether the patient is in the theatre."""
        return self.stage in IN_ROOM

    def find_ms(self, stage: Stage) -> int | None:
        """Return when a stage was reached; None if it was not."""
        return next((at_ms for known, at_ms in reversed(self.reached) if known == stage), None)

    def find_check(self, phase: Phase) -> TeamCheck | None:
        """Return a phase of the checklist as it was gone through last."""
        return next((one for one in reversed(self.checks) if one.phase == phase), None)

    def list_claims(self) -> Iterator[Claim]:
        """Yield its appointment, its place in recovery, and the labels it has given out."""
        if self.booking:
            yield "operation", self.booking
        if self.stage == "recovery":
            yield "use", self.recovery
        yield from (("label", label) for label in self.labels)

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Procedure is a case of a theatre's list."""
        return find_extended(record, "theatre") is not None and bool(
            find_code(record.get("code", {}), "activity")
        )

    def to_record(self) -> Record:
        """Return the Procedure."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": _STATUSES.get(self.stage, "in-progress"),
            "code": make_concept("activity", self.activity),
            "subject": make_reference("Patient", self.patient),
            "location": make_reference("Location", self.room),
        }
        if self.contact:
            record["encounter"] = make_reference("Encounter", self.contact)
        if self.reason:
            record["statusReason"] = {"text": self.reason}
        edges = {"start": self.find_ms("knife"), "end": self.find_ms("close")}
        period = {name: to_instant(at_ms) for name, at_ms in edges.items() if at_ms is not None}
        if period:
            record["performedPeriod"] = period
        made = extend(
            theatre__String=self.room,
            stage__Code=self.stage,
            planned__Instant=to_instant(self.planned_ms),
            expected__Instant=to_instant(self.expected_ms),
            minutes__PositiveInt=self.minutes,
            extra_minutes__UnsignedInt=self.extra_min or None,
            appointment__Reference=make_reference("Appointment", self.booking) if self.booking else None,
            ward__String=self.ward or None,
            recovery__String=self.recovery or None,
            label__String=self.labels,
            planned_implant__String=self.implants,
        )
        made += [{"url": _REACHED, "extension": extend(stage__Code=one, at__Instant=to_instant(at_ms))}
                 for one, at_ms in self.reached]  # fmt: skip
        made += [{"url": _TEAM, "extension": _write_check(one)} for one in self.checks]
        return add_rest(add_extensions(record, made), self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a Procedure that is a case of a theatre's list."""
        parts = record.get("extension", ())
        stage: Stage = find_extended(record, "stage", "planned")
        if record["status"] not in cls.OPEN[1] and stage not in ("done", "cancelled"):
            stage = "done" if record["status"] == "completed" else "cancelled"
        planned_ms = read_ms(record, "planned") or 0
        return cls(
            id=record["id"],
            patient=get_referred(record["subject"], "Patient"),
            activity=str(find_code(record["code"], "activity")),
            room=find_extended(record, "theatre"),
            planned_ms=planned_ms,
            minutes=find_extended(record, "minutes", 1),
            expected_ms=read_ms(record, "expected") or planned_ms,
            stage=stage,
            extra_min=find_extended(record, "extra-minutes", 0),
            booking=get_referred(find_extended(record, "appointment"), "Appointment"),
            contact=get_referred(record.get("encounter"), "Encounter"),
            ward=find_extended(record, "ward", ""),
            recovery=find_extended(record, "recovery", ""),
            reached=tuple(
                (find_extended(one, "stage"), to_ms(find_extended(one, "at")))
                for one in parts
                if one.get("url") == _REACHED
            ),
            checks=tuple(_read_check(one) for one in parts if one.get("url") == _TEAM),
            labels=list_extended(record, "label"),
            implants=list_extended(record, "planned-implant"),
            reason=record.get("statusReason", {}).get("text", ""),
            rest=take_rest(record, _OWN),
        )


def _write_check(check: TeamCheck) -> list[Record]:
    return extend(
        phase__Code=check.phase, at__Instant=to_instant(check.at_ms), by__String=check.by,
        confirmed__Code=check.confirmed, not_applicable__Code=check.not_applicable,
    )  # fmt: skip


def _read_check(part: Mapping[str, Any]) -> TeamCheck:
    phase = find_extended(part, "phase")
    assert phase in PHASES
    return TeamCheck(
        phase, to_ms(find_extended(part, "at")), find_extended(part, "by", ""),
        list_extended(part, "confirmed"), list_extended(part, "not-applicable"),
    )  # fmt: skip
