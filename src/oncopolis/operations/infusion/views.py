"""`Treatment`: a day of a cycle as it was ordered outside, until it is given or put off. A Task."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

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
from oncopolis.operations.infusion.limits import Limit, Value
from oncopolis.operations.infusion.parts import read_parts, write_parts
from oncopolis.operations.instants import read_ms, write_ms
from oncopolis.operations.views import Claim, Record, View

TreatmentState: TypeAlias = Literal["ordered", "confirmed", "cleared", "seated", "done", "put_off"]
"""Waits for values and confirmation; one has confirmed; a second has; in the chair; over; not today."""

_STATUSES: Final[dict[TreatmentState, str]] = {
    "ordered": "accepted", "confirmed": "accepted", "cleared": "ready", "seated": "in-progress",
    "done": "completed", "put_off": "cancelled",
}  # fmt: skip
_OWN = (
    "status", "statusReason", "intent", "code", "description", "for", "authoredOn", "basedOn",
    "groupIdentifier", "encounter", "location",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One medicine of an order. Numbers are decimal texts, as they were ordered.

    Parameters
    ----------
    request
        Id of the MedicationRequest.
    code, name
        Of the medicine: ATC or whatever the orderer uses, and what it is called.
    minutes
        How long it runs.
    so_far, most
        Cumulative dose before this one, and the most that the orderer lets it be; empty if there is none.
    """

    request: str
    code: str
    name: str
    dose: str
    unit: str
    route: str
    minutes: int
    so_far: str = ""
    most: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A reaction, or a medicine that went beside the vein."""

    kind: Literal["reaction", "extravasation"]
    at_ms: int
    by: str
    words: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Treatment:
    """One day of one cycle of one patient.

    Parameters
    ----------
    order
        Number that the system gave the order which it comes from.
    on
        Day for which it was ordered.
    signed_by, signed_ms
        Who has signed the order outside, and when (milliseconds since 1970, UTC).
    lines, limits
        What was ordered, and what the laboratory has to say before.
    no_limits
        Why there are none.
    confirmed_by, checked_by
        Who has confirmed allergies and cumulative doses, and who has checked it a second time.
    despite
        Why it was confirmed despite an allergy or a cumulative dose.
    chair, contact
        Where they sit, and Encounter in which it is done; empty if not yet.
    given
        Requests of which all was given, or that were stopped.
    reason
        Why it is not today.
    """

    TYPE: ClassVar[str] = "Task"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("accepted", "ready", "in-progress"))

    id: str
    patient: str
    order: str
    regimen: str
    cycle: int
    day: int
    on: date
    came_ms: int
    signed_by: str
    signed_ms: int
    lines: tuple[OrderLine, ...]
    limits: tuple[Limit, ...] = ()
    no_limits: str = ""
    values: tuple[Value, ...] = ()
    state: TreatmentState = "ordered"
    confirmed_by: str = ""
    checked_by: str = ""
    despite: str = ""
    chair: str = ""
    contact: str = ""
    seated_ms: int | None = None
    given: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    reason: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be given, or is being given."""
        return self.state not in ("done", "put_off")

    @property
    def key(self) -> str:
        """What is the same for one day of one cycle of one order."""
        return f"{self.order}|{self.cycle}|{self.day}"

    def find_line(self, request: str) -> OrderLine | None:
        """Return the line of a request; None if it has none."""
        return next((one for one in self.lines if one.request == request), None)

    def list_claims(self) -> Iterator[Claim]:
        """Yield that an order is treated once, and its chair."""
        yield "treatment", self.key
        if self.state == "seated":
            yield "chair", self.chair

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Task is a day of treatment."""
        return find_code(record.get("code", {}), "treatment") == "infusion"

    def to_record(self) -> Record:
        """Return the Task."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": _STATUSES[self.state],
            "intent": "order",
            "code": make_concept("treatment", "infusion"),
            "description": self.regimen,
            "groupIdentifier": {"value": self.order},
            "for": make_reference("Patient", self.patient),
            "authoredOn": to_instant(self.came_ms),
            "basedOn": [make_reference("MedicationRequest", line.request) for line in self.lines],
        }
        if self.contact:
            record["encounter"] = make_reference("Encounter", self.contact)
        if self.chair:
            record["location"] = make_reference("Location", self.chair)
        if self.reason:
            record["statusReason"] = {"text": self.reason}
        made = extend(
            treatment_state__Code=self.state,
            cycle__PositiveInt=self.cycle,
            day__PositiveInt=self.day,
            on__Date=self.on.isoformat(),
            signed_by__String=self.signed_by,
            signed__Instant=to_instant(self.signed_ms),
            no_limits__String=self.no_limits or None,
            confirmed_by__String=self.confirmed_by or None,
            checked_by__String=self.checked_by or None,
            despite__String=self.despite or None,
            seated__Instant=write_ms(self.seated_ms),
            given__String=self.given,
        )
        made += write_parts("line", self.lines) + write_parts("limit", self.limits)
        made += write_parts("value", self.values) + write_parts("event", self.events)
        return add_rest(add_extensions(record, made), self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a Task that is a day of treatment."""
        state: TreatmentState = find_extended(record, "treatment-state", "ordered")
        if record["status"] not in cls.OPEN[1] and state not in ("done", "put_off"):
            state = "done" if record["status"] == "completed" else "put_off"
        return cls(
            id=record["id"],
            patient=get_referred(record["for"], "Patient"),
            order=record["groupIdentifier"]["value"],
            regimen=record.get("description", ""),
            cycle=find_extended(record, "cycle"),
            day=find_extended(record, "day"),
            on=date.fromisoformat(find_extended(record, "on")),
            came_ms=to_ms(record["authoredOn"]),
            signed_by=find_extended(record, "signed-by", ""),
            signed_ms=read_ms(record, "signed") or 0,
            lines=read_parts(OrderLine, record, "line"),
            limits=read_parts(Limit, record, "limit"),
            no_limits=find_extended(record, "no-limits", ""),
            values=read_parts(Value, record, "value"),
            state=state,
            confirmed_by=find_extended(record, "confirmed-by", ""),
            checked_by=find_extended(record, "checked-by", ""),
            despite=find_extended(record, "despite", ""),
            chair=get_referred(record.get("location"), "Location"),
            contact=get_referred(record.get("encounter"), "Encounter"),
            seated_ms=read_ms(record, "seated"),
            given=list_extended(record, "given"),
            events=read_parts(Event, record, "event"),
            reason=record.get("statusReason", {}).get("text", ""),
            rest=take_rest(record, _OWN),
        )


class Treatments:
    """Treatments that are not over, by what is the same for one day of one cycle of one order."""

    KIND: ClassVar[type[View]] = Treatment

    def __init__(self) -> None:
        self.of_key: dict[str, Treatment] = {}
        self.of_chair: dict[str, Treatment] = {}

    def change(self, before: Treatment | None, after: Treatment | None) -> None:
        """A treatment came, goes on or is over."""
        if before is not None:
            self.of_key.pop(before.key, None)
            if before.state == "seated":
                self.of_chair.pop(before.chair, None)
        if after is not None:
            self.of_key[after.key] = after
            if after.state == "seated":
                self.of_chair[after.chair] = after
