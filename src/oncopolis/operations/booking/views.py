"""`Booking`: an appointment, or a wait for one, as the live centre sees it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from sys import intern
from typing import Any, ClassVar, Final, Literal, NamedTuple, Self, get_args

from oncopolis.centre.number import USUAL_PRIORITY
from oncopolis.centre.resource import Kind
from oncopolis.foundation.units import MS_PER_DAY, MS_PER_MINUTE
from oncopolis.operations.booking.slots import count_slots
from oncopolis.operations.elements import (
    PREFIX,
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
from oncopolis.operations.house import SLOT_MIN
from oncopolis.operations.views import Claim, Record

Status = Literal[
    "waitlist", "proposed", "pending", "booked", "arrived", "checked-in", "fulfilled", "noshow", "cancelled",
    "entered-in-error",
]  # fmt: skip
"""As FHIR has them; `proposed` and `pending` come from other systems only."""
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
OPEN: Final = ("waitlist", "proposed", "pending", "booked", "arrived", "checked-in")

SLOT_MS: Final = SLOT_MIN * MS_PER_MINUTE
_SLOTS_A_DAY: Final = MS_PER_DAY // SLOT_MS
_SLOTS_AN_HOUR: Final = 60 // SLOT_MIN  # structure: minutes of an hour
_REMEMBERED = 4096  # structure: days, windows and units that are kept
_UNIT = PREFIX + "unit"
_KINDS = frozenset(get_args(Kind))
"""First words of the ids of units. Several may be in a clinic or a building at once: these are not held."""
_NOTHING: Final[Mapping[str, Any]] = {}
_OWN = (
    "status", "serviceType", "priority", "start", "end", "minutesDuration", "created", "requestedPeriod",
    "cancelationReason", "supportingInformation", "participant",
)  # fmt: skip
_TYPES = {"machine": "Device", "role": "PractitionerRole"}
"""First word of a unit's id -> type of its record; of all others a Location."""


class Held(NamedTuple):
    """A unit that is held, in the layer of the first who may have it (0) or of what is booked beyond (1)."""

    unit: str
    layer: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Days between which somebody should come."""

    earliest: date
    target: date
    latest: date | None = None


@lru_cache(maxsize=_REMEMBERED)
def make_window(earliest: date, target: date, latest: date | None) -> Window:
    """Return a window; equal ones are one object, since hundreds of thousands of bookings have one."""
    return Window(earliest, target, latest)


@lru_cache(maxsize=_REMEMBERED)
def make_held(unit: str, layer: int = 0) -> Held:
    """Return a unit that is held; equal ones are one object."""
    return Held(intern(unit), layer)


@dataclass(frozen=True, slots=True)
class Spot:
    """A time with the units that are held then."""

    start_ms: int
    units: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """Where an appointment was before a breakdown moved it; `cause` is the id of its report."""

    spot: Spot
    cause: str


@dataclass(frozen=True, slots=True)
class Booking:
    """One appointment.

    Parameters
    ----------
    minutes
        How long its units are held.
    spot
        When and with what; None while it waits for a time.
    course, pathway, step
        CarePlan it belongs to, its pathway and the step of that; empty if none.
    series, turn
        Name of the series it belongs to and its number there, from 1; empty and 0 if none.
    asked_ms
        When it was asked for, milliseconds since 1970 (UTC): who waits longer comes first.
    reason
        Why it waits, or why it was cancelled: a code.
    language
        Language the patient wishes to be spoken to in; empty if none was said.
    offer
        What somebody who waits was offered; it is not held for them.
    rest
        What its record says beside.
    """

    TYPE: ClassVar[str] = "Appointment"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", OPEN)
    BEGIN: ClassVar[str] = "date"

    id: str
    patient: str
    activity: str
    status: Status
    minutes: int
    asked_ms: int
    priority: int = USUAL_PRIORITY
    spot: Spot | None = None
    course: str = ""
    pathway: str = ""
    step: str = ""
    series: str = ""
    turn: int = 0
    window: Window | None = None
    reason: str = ""
    language: str = ""
    moved: Moved | None = None
    offer: Spot | None = None
    rest: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    @property
    def is_open(self) -> bool:
        """Whether somebody may still come for it."""
        return self.status in OPEN

    @property
    def start_ms(self) -> int:
        """When it begins, milliseconds since 1970 (UTC); of one that has a time."""
        assert self.spot is not None
        return self.spot.start_ms

    @property
    def end_ms(self) -> int:
        """When it ends; of one that has a time."""
        return self.start_ms + self.minutes * MS_PER_MINUTE

    def list_claims(self) -> Iterator[Claim]:
        """Yield the five minutes of each unit; in UTC, which has no hour twice."""
        if self.spot is None:
            return
        first = self.spot.start_ms // SLOT_MS
        end = first + count_slots(self.minutes + self.spot.start_ms % SLOT_MS / MS_PER_MINUTE)
        moments = [_name(slot) for slot in range(first, end)]
        for unit, layer in self.spot.units:
            for moment in moments:
                yield "slot", f"{unit}|{moment}|{layer}"

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether an Appointment is of a patient."""
        for one in record.get("participant", ()):
            kind, _, id_ = one.get("actor", _NOTHING).get("reference", "").rpartition("/")
            if kind == "Patient" and id_:
                return True
        return False

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read an Appointment, whoever wrote it."""
        said, (patient, held, foreign) = _read_extensions(record), _read_participants(record["participant"])
        start_ms = to_ms(record["start"]) if "start" in record else None
        reason = find_code(record.get("cancelationReason", _NOTHING), "cancel-reason")
        course, about = _read_about(record.get("supportingInformation", ()))
        rest = take_rest(record, _OWN)
        if foreign:
            rest["participant"] = foreign
        if about:
            rest["supportingInformation"] = about
        status = record["status"]
        moved = _read_spot(said, "moved-from", "moved-unit")
        return cls(
            id=record["id"],
            patient=intern(patient),
            activity=intern(get_code(record.get("serviceType", ()), "activity")),
            status=STATUSES[STATUSES.index(status)] if status in STATUSES else "pending",
            minutes=_read_minutes(record, start_ms),
            asked_ms=to_ms(record["created"]) if "created" in record else 0,
            priority=record.get("priority", USUAL_PRIORITY),
            spot=None if start_ms is None else Spot(start_ms, held),
            course=intern(course),
            pathway=intern(_get_first(said, "pathway")),
            step=intern(_get_first(said, "step")),
            series=intern(_get_first(said, "series")),
            turn=said.get("turn", (0,))[0],
            window=_read_window(record, said),
            reason=reason or _get_first(said, "waits-because"),
            language=intern(_get_first(said, "language")),
            moved=None if moved is None else Moved(moved, _get_first(said, "moved-by")),
            offer=_read_spot(said, "offered", "offered-unit"),
            rest=rest or _NOTHING,
        )

    def to_record(self) -> Record:
        """Return the Appointment."""
        rest = dict(self.rest)
        record: Record = {"resourceType": self.TYPE, "id": self.id, "status": self.status}
        if self.status == "cancelled" and self.reason:
            record["cancelationReason"] = make_concept("cancel-reason", self.reason)
        if self.activity:
            record["serviceType"] = [make_concept("activity", self.activity)]
        record["priority"] = self.priority
        about = [make_reference("CarePlan", self.course)] if self.course else []
        if about := [*about, *rest.pop("supportingInformation", ())]:
            record["supportingInformation"] = about
        if self.spot is not None:
            record |= {"start": to_instant(self.start_ms), "end": to_instant(self.end_ms)}
        if self.minutes:
            record["minutesDuration"] = self.minutes
        record["created"] = to_instant(self.asked_ms)
        record["participant"] = [*self._list_participants(), *rest.pop("participant", ())]
        if self.window is not None:
            record["requestedPeriod"] = [_write_period(self.window)]
        return add_rest(add_extensions(record, self._list_extensions()), rest)

    def _list_participants(self) -> Iterator[Record]:
        yield {"actor": make_reference("Patient", self.patient), "status": "accepted"}
        for unit, layer in self.spot.units if self.spot is not None else ():
            actor = _refer(unit) | {"identifier": {"system": _UNIT, "value": unit}}
            layers = extend(layer__UnsignedInt=layer or None)
            yield add_extensions({"actor": actor, "status": "accepted"}, layers)

    def _list_extensions(self) -> list[Record]:
        moved, offer, window = self.moved, self.offer, self.window
        return extend(
            pathway__Code=self.pathway or None,
            step__String=self.step or None,
            series__String=self.series or None,
            turn__PositiveInt=self.turn or None,
            target__Date=None if window is None else window.target.isoformat(),
            waits_because__Code=self.reason or None if self.status != "cancelled" else None,
            language__Code=self.language or None,
            moved_from__Instant=None if moved is None else to_instant(moved.spot.start_ms),
            moved_unit__String=() if moved is None else _write_units(moved.spot),
            moved_by__String=None if moved is None else moved.cause,
            offered__Instant=None if offer is None else to_instant(offer.start_ms),
            offered_unit__String=() if offer is None else _write_units(offer),
        )


@lru_cache(maxsize=_REMEMBERED)
def _name_day(day: int) -> str:
    return (
        datetime.fromtimestamp(day * MS_PER_DAY // 1000, UTC).date().isoformat()
    )  # structure: ms of a second


def _name(slot: int) -> str:
    """Return the moment a slot begins, counted from 1970."""
    day, of_day = divmod(slot, _SLOTS_A_DAY)
    hour, of_hour = divmod(of_day, _SLOTS_AN_HOUR)
    return f"{_name_day(day)}T{hour:02}:{of_hour * SLOT_MIN:02}Z"


def _read_minutes(record: Mapping[str, Any], start_ms: int | None) -> int:
    """Return how long it takes: as it says, else until its end."""
    length = 0
    if "minutesDuration" in record:
        length = record["minutesDuration"]
    elif start_ms is not None and "end" in record:
        length = (to_ms(record["end"]) - start_ms) // MS_PER_MINUTE
    return length or SLOT_MIN


def _read_participants(participants: Iterable[Record]) -> tuple[str, tuple[Held, ...], list[Record]]:
    """Return the patient, the units, and the others, who are none of ours."""
    patient, held, foreign = "", [], []
    for one in participants:
        actor = one.get("actor", _NOTHING)
        identifier = actor.get("identifier", _NOTHING)
        kind, _, id_ = actor.get("reference", "").rpartition("/")
        if identifier.get("system") == _UNIT:
            held.append(make_held(identifier["value"], find_extended(one, "layer", 0)))
        elif kind == "Patient":
            patient = patient or id_
        elif kind in ("Device", "Location") and id_.partition(".")[0] in _KINDS:
            held.append(make_held(id_))
        else:
            foreign.append(one)
    return patient, tuple(held), foreign


def _read_about(about: Iterable[Record]) -> tuple[str, list[Record]]:
    """Return the course, and what else it is about."""
    course, others = "", []
    for one in about:
        id_ = get_referred(one, "CarePlan")
        if id_ and not course:
            course = id_
        else:
            others.append(one)
    return course, others


def _refer(unit: str) -> Record:
    type_ = _TYPES.get(unit.partition(".")[0], "Location")
    # The posts of a role share one record.
    return make_reference(type_, unit.rpartition(".")[0] if type_ == "PractitionerRole" else unit)


def _write_units(spot: Spot) -> tuple[str, ...]:
    return tuple(f"{unit}|{layer}" for unit, layer in spot.units)


def _read_extensions(record: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """Return the values of our extensions by name."""
    said: dict[str, tuple[Any, ...]] = {}
    for one in record.get("extension", ()):
        url = one.get("url", "")
        if url.startswith(PREFIX):
            name = url[len(PREFIX) :]
            for key, value in one.items():
                if key.startswith("value"):
                    said[name] = (*said[name], value) if name in said else (value,)
    return said


def _get_first(said: Mapping[str, tuple[Any, ...]], name: str) -> str:
    return str(said[name][0]) if name in said else ""


def _read_spot(said: Mapping[str, tuple[Any, ...]], instant: str, units: str) -> Spot | None:
    if instant not in said:
        return None
    pairs = (str(one).rpartition("|") for one in said.get(units, ()))
    return Spot(to_ms(said[instant][0]), tuple(make_held(unit, int(layer)) for unit, _, layer in pairs))


def _write_period(window: Window) -> Record:
    period = {"start": window.earliest.isoformat()}
    return period if window.latest is None else period | {"end": window.latest.isoformat()}


def _read_window(record: Mapping[str, Any], said: Mapping[str, tuple[Any, ...]]) -> Window | None:
    period: Mapping[str, str] = next(iter(record.get("requestedPeriod", ())), {})
    if "start" not in period:
        return None
    earliest = _read_day(period["start"])
    target = said.get("target")
    latest = _read_day(period["end"]) if "end" in period else None
    return make_window(earliest, earliest if target is None else _read_day(target[0]), latest)


@lru_cache(maxsize=_REMEMBERED)
def _read_day(text: str) -> date:
    return date.fromisoformat(text[: len("2027-03-01")])
