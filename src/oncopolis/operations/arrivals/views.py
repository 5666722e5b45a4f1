"""`Visit` and `Contact`: one person on one day, and one activity of it, as Encounters."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

from oncopolis.centre.journal import Outcome
from oncopolis.centre.number import USUAL_PRIORITY
from oncopolis.operations.elements import (
    PREFIX,
    add_rest,
    extend,
    find_extended,
    get_code,
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

CLASS_SYSTEM: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
OPEN_STATUSES: Final = ("arrived", "triaged", "in-progress", "onleave")

State: TypeAlias = Literal["waiting", "called", "served", "away"]
"""Of a contact that is not over: waits, was called to a room, is being served, stepped out for a while."""

_STATUS_OF: Final[dict[State, str]] = dict(
    zip(("waiting", "called", "served", "away"), OPEN_STATUSES, strict=True)
)
_STATE_OF: Final = {status: state for state, status in _STATUS_OF.items()}
_PLACES: Final = ("room.", "bed.", "place.")
"""How the units begin whose records are Locations."""
_VISIT_SAYS: Final = frozenset({"identifier", "status", "class", "subject", "period"})
_CONTACT_SAYS: Final = _VISIT_SAYS | {"type", "serviceType", "priority", "appointment", "location", "partOf"}


@dataclass(frozen=True, slots=True)
class Visit:
    """One person on one day.

    Parameters
    ----------
    day
        Day of the centre's calendar.
    number
        What boards call them by: of nobody else who is inside.
    area
        Department they came to first.
    came_ms, left_ms
        Milliseconds since 1970 (UTC).
    end
        How it ended; None while they are here.
    is_by_phone
        Whether they checked in with their phone: calls are told to it, too.
    """

    TYPE: ClassVar[str] = "Encounter"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", OPEN_STATUSES)

    id: str
    patient: str
    day: date
    number: str
    area: str
    came_ms: int
    left_ms: int | None = None
    end: Outcome | None = None
    is_by_phone: bool = False
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether they are here."""
        return self.end is None

    def list_claims(self) -> Iterable[Claim]:
        """Nobody is inside twice."""
        return (("inside", self.patient),) if self.end is None else ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether it is an ambulatory encounter of the live centre's that is not part of another."""
        return "partOf" not in record and _find_number(record, "visit") is not None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read it."""
        period = record["period"]
        came_ms = to_ms(period["start"])
        return cls(
            id=record["id"],
            patient=get_referred(record["subject"], "Patient"),
            day=date.fromisoformat(find_extended(record, "day")),
            number=_find_number(record, "visit") or "",
            area=find_extended(record, "area", ""),
            came_ms=came_ms,
            left_ms=to_ms(period["end"]) if "end" in period else None,
            end=_read_end(record),
            is_by_phone=find_extended(record, "by-phone", otherwise=False),
            rest=take_rest(record, _VISIT_SAYS),
        )

    def to_record(self) -> Record:
        """Write it."""
        status = "in-progress" if self.end is None else "cancelled" if self.end == "cancelled" else "finished"
        said: Record = {
            "resourceType": "Encounter",
            "id": self.id,
            "extension": extend(
                day__String=self.day.isoformat(),
                area__String=self.area,
                outcome__Code=self.end,
                by_phone__Boolean=self.is_by_phone or None,
            ),
            "identifier": [{"system": f"{PREFIX}visit", "value": self.number}],
            "status": status,
            "class": {"system": CLASS_SYSTEM, "code": "AMB"},
            "subject": make_reference("Patient", self.patient),
            "period": write_period(self.came_ms, self.left_ms),
        }
        return add_rest(said, self.rest)


@dataclass(frozen=True, slots=True)
class Contact:
    """One activity of a visit, or of a stay: from being there and ready until it is over.

    Parameters
    ----------
    visit
        Encounter it is part of.
    area
        Department in whose queue it stands.
    number
        What boards call.
    order_ms
        Time by which it stands in the queue: of the appointment, else of coming.
    asked_ms
        When the patient was there and ready.
    planned_ms
        Time of the appointment.
    called_ms
        When it was last called.
    room
        Unit it was called to.
    units
        Rooms, places and machines that it alone holds while it is served.
    posts
        Posts it was booked with.
    out_of_turn
        Why it was called before others.
    end
        How it ended; None while it has not.
    """

    TYPE: ClassVar[str] = "Encounter"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", OPEN_STATUSES)

    id: str
    patient: str
    visit: str
    activity: str
    area: str
    number: str
    priority: int
    order_ms: int
    asked_ms: int
    state: State = "waiting"
    planned_ms: int | None = None
    booking: str | None = None
    pathway: str = ""
    step: str = ""
    posts: tuple[str, ...] = ()
    called_ms: int | None = None
    room: str | None = None
    units: tuple[str, ...] = ()
    out_of_turn: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    end: Outcome | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.end is None

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """Who is first: by priority, appointment or coming, and when they were there."""
        return self.priority, self.order_ms, self.asked_ms, self.id

    def list_claims(self) -> Iterator[Claim]:
        """Nobody is served in two places, and no room, place or machine has two patients."""
        if self.state == "served" and self.end is None:
            yield "served", self.patient
            yield from (("use", unit) for unit in self.units)

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether it is a contact of the live centre's."""
        return "partOf" in record and _find_number(record, "contact") is not None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read it."""
        period = record["period"]
        asked_ms = to_ms(period["start"])
        appointment = next(iter(record.get("appointment", ())), None)
        return cls(
            id=record["id"],
            patient=get_referred(record["subject"], "Patient"),
            visit=get_referred(record["partOf"], "Encounter"),
            activity=get_code(record.get("type", ()), "activity"),
            area=get_code((record.get("serviceType", {}),), "department"),
            number=_find_number(record, "contact") or "",
            priority=int(get_code((record.get("priority", {}),), "priority") or USUAL_PRIORITY),
            order_ms=read_ms(record, "order") or asked_ms,
            asked_ms=asked_ms,
            state=_STATE_OF.get(record["status"]) or find_extended(record, "state", "waiting"),
            planned_ms=read_ms(record, "planned"),
            booking=get_referred(appointment, "Appointment") or None,
            pathway=find_extended(record, "pathway", ""),
            step=find_extended(record, "step", ""),
            posts=list_extended(record, "post"),
            called_ms=read_ms(record, "called"),
            room=find_extended(record, "room"),
            units=list_extended(record, "unit"),
            out_of_turn=find_extended(record, "out-of-turn"),
            start_ms=read_ms(record, "start"),
            end_ms=to_ms(period["end"]) if "end" in period else None,
            end=_read_end(record),
            rest=take_rest(record, _CONTACT_SAYS),
        )

    def to_record(self) -> Record:
        """Write it."""
        is_over = self.end is not None
        said: Record = {
            "resourceType": "Encounter",
            "id": self.id,
            "extension": extend(
                pathway__String=self.pathway or None,
                step__String=self.step or None,
                room__String=self.room,
                unit__String=self.units,
                post__String=self.posts,
                out_of_turn__String=self.out_of_turn,
                outcome__Code=self.end,
                state__Code=self.state if is_over else None,
                order__Instant=to_instant(self.order_ms),
                planned__Instant=write_ms(self.planned_ms),
                called__Instant=write_ms(self.called_ms),
                start__Instant=write_ms(self.start_ms),
            ),
            "identifier": [{"system": f"{PREFIX}contact", "value": self.number}],
            "status": _write_status(self.state, self.end),
            "class": {"system": CLASS_SYSTEM, "code": "AMB"},
            "type": [make_concept("activity", self.activity)],
            "serviceType": make_concept("department", self.area),
            "priority": make_concept("priority", str(self.priority)),
            "subject": make_reference("Patient", self.patient),
            "period": write_period(self.asked_ms, self.end_ms),
            "partOf": make_reference("Encounter", self.visit),
        }
        if self.booking is not None:
            said["appointment"] = [make_reference("Appointment", self.booking)]
        places = [unit for unit in (self.units or (self.room,)) if unit and unit.startswith(_PLACES)]
        if places:
            said["location"] = [{"location": make_reference("Location", place)} for place in places]
        return add_rest(said, self.rest)


def _write_status(state: State, end: Outcome | None) -> str:
    if end is None:
        return _STATUS_OF[state]
    return "finished" if end == "done" else "cancelled"


def write_period(first_ms: int, last_ms: int | None) -> Record:
    """Return a period that may not be over."""
    period = {"start": to_instant(first_ms)}
    return period if last_ms is None else period | {"end": to_instant(last_ms)}


def _find_number(record: Mapping[str, Any], name: str) -> str | None:
    system = PREFIX + name
    found = (one.get("value") for one in record.get("identifier", ()) if one.get("system") == system)
    return next(found, None)


def _read_end(record: Mapping[str, Any]) -> Outcome | None:
    """Return how an encounter ended: as it says, else by a status that somebody else has given it."""
    if record["status"] in OPEN_STATUSES:
        return None
    otherwise = "done" if record["status"] == "finished" else "cancelled"
    found: Outcome = find_extended(record, "outcome", otherwise)
    return found
