"""`Stay` and `Bed`: somebody in the house overnight as an Encounter, and where they lie as a Location."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

from oncopolis.centre.journal import Outcome
from oncopolis.operations.elements import (
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
from oncopolis.operations.wards.lying import Lying, read_lying, write_lying

CLASS_SYSTEM: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
BED_SYSTEM: Final = "http://terminology.hl7.org/CodeSystem/v2-0116"

StayState: TypeAlias = Literal["planned", "admitted", "discharged"]
"""Not over: will come, is here, is discharged and has not left the bed yet."""
BedState: TypeAlias = Literal["free", "reserved", "occupied", "isolation", "cleaning", "closed"]

_STAY_SAYS: Final = ("status", "class", "type", "subject", "appointment", "period", "location")
_BED_SAYS: Final = ("operationalStatus",)
_CODES: Final[dict[BedState, str]] = {
    "free": "U", "reserved": "U", "occupied": "O", "isolation": "I", "cleaning": "H", "closed": "C",
}  # fmt: skip
_CONTAMINATED: Final = "K"
_DIRTY: Final = ("occupied", "isolation", "cleaning")
_STATES: Final[dict[str, BedState]] = {
    "U": "free", "O": "occupied", "I": "isolation", "H": "cleaning", "C": "closed", _CONTAMINATED: "cleaning",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay.

    Parameters
    ----------
    ward
        Resource whose beds it is for.
    beds
        Beds in order, the last one that of now.
    reserved
        Bed that is held for them and they are not in yet.
    expected_ms
        When they are to come.
    asked_ms, came_ms
        When they were there and ready, and when they were in a bed.
    due_ms
        When they are to go; None as long as no discharge was ordered.
    left_ms
        When they left the bed for good. All in milliseconds since 1970 (UTC).
    sex
        ``female`` or ``male``, for who shares a room; None if it is not known.
    isolation, isolated_ms
        Why they must be alone in a room: a code; and since when.
    despite
        Why a rule was overruled, last.
    going_on
        Orders that are not over and go on after the discharge.
    end
        How it ended; None while it has not.
    """

    TYPE: ClassVar[str] = "Encounter"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("planned", "in-progress"))

    id: str
    patient: str
    ward: str
    activity: str
    state: StayState = "planned"
    beds: tuple[Lying, ...] = ()
    reserved: str | None = None
    planned: bool = False
    booking: str | None = None
    pathway: str = ""
    step: str = ""
    expected_ms: int | None = None
    asked_ms: int | None = None
    came_ms: int | None = None
    due_ms: int | None = None
    left_ms: int | None = None
    sex: str | None = None
    isolation: str | None = None
    isolated_ms: int | None = None
    despite: str | None = None
    going_on: tuple[str, ...] = ()
    end: Outcome | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.end is None

    @property
    def bed(self) -> str | None:
        """Bed they lie in."""
        return self.beds[-1].bed if self.beds and self.beds[-1].to_ms is None else None

    def list_claims(self) -> Iterator[Claim]:
        """Nobody is in the house twice, and no bed has two patients."""
        if self.end is not None:
            return
        if self.state != "planned":
            yield "stay", self.patient
        for bed in (self.bed, self.reserved):
            if bed is not None:
                yield "bed", bed

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether it is an inpatient encounter of the live centre's."""
        is_inpatient = record.get("class", {}).get("code") == "IMP" and "partOf" not in record
        return is_inpatient and find_extended(record, "ward") is not None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read it."""
        period = record.get("period", {})
        beds = [one for one in record.get("location", ()) if one.get("status") != "reserved"]
        held = [one for one in record.get("location", ()) if one.get("status") == "reserved"]
        appointment = next(iter(record.get("appointment", ())), None)
        return cls(
            id=record["id"],
            patient=get_referred(record["subject"], "Patient"),
            ward=find_extended(record, "ward", ""),
            activity=get_code(record.get("type", ()), "activity"),
            state=_read_state(record),
            beds=tuple(map(read_lying, beds)),
            reserved=next((get_referred(one["location"], "Location") for one in held), None),
            planned=find_extended(record, "planned-stay", False),
            booking=get_referred(appointment, "Appointment") or None,
            pathway=find_extended(record, "pathway", ""),
            step=find_extended(record, "step", ""),
            expected_ms=read_ms(record, "expected"),
            asked_ms=read_ms(record, "asked"),
            came_ms=to_ms(period["start"]) if "start" in period else None,
            due_ms=read_ms(record, "due"),
            left_ms=to_ms(period["end"]) if "end" in period else None,
            sex=find_extended(record, "sex"),
            isolation=find_extended(record, "isolation"),
            isolated_ms=read_ms(record, "isolated"),
            despite=find_extended(record, "despite"),
            going_on=list_extended(record, "going-on"),
            end=_read_end(record),
            rest=take_rest(record, _STAY_SAYS),
        )

    def to_record(self) -> Record:
        """Write it."""
        said: Record = {
            "resourceType": "Encounter",
            "id": self.id,
            "extension": extend(
                ward__String=self.ward,
                planned_stay__Boolean=self.planned or None,
                pathway__String=self.pathway or None,
                step__String=self.step or None,
                expected__Instant=write_ms(self.expected_ms),
                asked__Instant=write_ms(self.asked_ms),
                due__Instant=write_ms(self.due_ms),
                sex__Code=self.sex,
                isolation__Code=self.isolation,
                isolated__Instant=write_ms(self.isolated_ms),
                despite__String=self.despite,
                going_on__String=self.going_on,
                state__Code=self.state,
                outcome__Code=self.end,
            ),
            "status": self._write_status(),
            "class": {"system": CLASS_SYSTEM, "code": "IMP"},
            "type": [make_concept("activity", self.activity)],
            "subject": make_reference("Patient", self.patient),
        }
        if self.booking is not None:
            said["appointment"] = [make_reference("Appointment", self.booking)]
        edges = {"start": self.came_ms, "end": self.left_ms}
        period = {name: to_instant(at_ms) for name, at_ms in edges.items() if at_ms is not None}
        if period:
            said["period"] = period
        places = [write_lying(one) for one in self.beds]
        if self.reserved is not None:
            places.append({"location": make_reference("Location", self.reserved), "status": "reserved"})
        if places:
            said["location"] = places
        return add_rest(said, self.rest)

    def _write_status(self) -> str:
        if self.end is not None:
            return "cancelled" if self.came_ms is None else "finished"
        return "planned" if self.state == "planned" else "in-progress"


@dataclass(frozen=True, slots=True)
class Bed:
    """One bed.

    Parameters
    ----------
    id
        Name of the unit.
    ward
        Resource it is one of.
    stay
        Who lies in it, or for whom it is held.
    dirty
        Whether it has to be cleaned before somebody else may have it.
    contaminated
        Whether an isolated patient was the last in it.
    reason
        Why it is closed.
    room
        Room it stands in; None where the centre has not said so: then nobody else is in it.
    """

    TYPE: ClassVar[str] = "Location"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("active", "suspended"))

    id: str
    ward: str
    state: BedState = "free"
    stay: str | None = None
    dirty: bool = False
    contaminated: bool = False
    reason: str | None = None
    room: str | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Beds stay."""
        return True

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing: a bed is held by the stay that has it."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether it is a bed of the definition."""
        codings = record.get("physicalType", {}).get("coding", ())
        return any(coding.get("code") == "bd" for coding in codings) and bool(_read_ward(record))

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read it; one of which nothing was said yet is free."""
        code = record.get("operationalStatus", {}).get("code", "U")
        stay = find_extended(record, "stay")
        state = _STATES.get(code, "closed")
        return cls(
            id=record["id"],
            ward=_read_ward(record),
            state="reserved" if state == "free" and stay is not None else state,
            stay=stay,
            dirty=find_extended(record, "dirty", state in _DIRTY),
            contaminated=code == _CONTAMINATED or find_extended(record, "contaminated", False),
            reason=find_extended(record, "closed-because"),
            room=find_extended(record, "room"),
            rest=take_rest(record, _BED_SAYS),
        )

    def to_record(self) -> Record:
        """Write it."""
        is_contaminated = self.contaminated and self.state == "cleaning"
        extensions = extend(
            stay__String=self.stay,
            dirty__Boolean=self.dirty or None,
            contaminated__Boolean=self.contaminated or None,
            closed_because__String=self.reason,
            room__String=self.room,
        )
        said: Record = {
            "resourceType": "Location",
            "id": self.id,
            "operationalStatus": {
                "system": BED_SYSTEM,
                "code": _CONTAMINATED if is_contaminated else _CODES[self.state],
            },
        }
        if extensions:
            said["extension"] = extensions
        return add_rest(said, self.rest)


def _read_state(record: Mapping[str, Any]) -> StayState:
    state: StayState = find_extended(
        record, "state", "planned" if record["status"] == "planned" else "admitted"
    )
    return state


def _read_end(record: Mapping[str, Any]) -> Outcome | None:
    if record["status"] in Stay.OPEN[1]:
        return None
    end: Outcome = find_extended(record, "outcome", "done" if record["status"] == "finished" else "cancelled")
    return end


def _read_ward(record: Mapping[str, Any]) -> str:
    return get_code(record.get("type", ()), "resource")
