"""`Machine` and `Room`: units that can be out of order, as the live centre sees them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar, Final, Self

from oncopolis.operations.elements import (
    add_extensions,
    add_rest,
    extend,
    find_extended,
    take_rest,
    to_instant,
    to_ms,
)
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import UnitCard
from oncopolis.operations.views import Claim, Record, View

_NOTHING: Final[Mapping[str, Any]] = {}
_BED = "bd"
_RESOURCE = "urn:oncopolis:resource"
"""System of the definition's resources in the type of a Device or Location."""
_NOT_READY: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/device-status-reason",
    "code": "not-ready",
}
_CLOSED: Final = {"system": "http://terminology.hl7.org/CodeSystem/v2-0116", "code": "C"}


@dataclass(frozen=True, slots=True)
class Down:
    """Out of order.

    Parameters
    ----------
    report
        Id of the report, by which is found what it moved.
    since_ms, until_ms
        From when, and when it is expected back: milliseconds since 1970 (UTC).
    reason
        A code.
    """

    report: str
    since_ms: int
    until_ms: int
    reason: str


@dataclass(frozen=True, slots=True)
class Check:
    """A check of quality: when (milliseconds since 1970, UTC), by whom (``Practitioner/id``), its end."""

    at_ms: int
    by: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A machine or a room; `down` is None while it is in order.

    Parameters
    ----------
    checked, calibrated
        The last check of the day and the last calibration; None if there is none here.
    """

    TYPE: ClassVar[str]
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("active",))
    STATE: ClassVar[tuple[str, Any]]
    """Element of FHIR that says it cannot be used, and what it then says."""

    id: str
    down: Down | None = None
    rest: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    checked: Check | None = None
    calibrated: Check | None = None

    @property
    def is_open(self) -> bool:
        """Always: what the definition has no more is not active, and not read."""
        return True

    def list_claims(self) -> Iterable[Claim]:
        """Nothing."""
        return ()

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read its record."""
        report = find_extended(record, "down-report")
        down = None
        if report is not None:
            down = Down(
                report,
                to_ms(find_extended(record, "down-since")),
                to_ms(find_extended(record, "down-until")),
                find_extended(record, "down-reason"),
            )
        rest = take_rest(record, (cls.STATE[0],) if down else ())
        checks = (_read_check(record, name) for name in ("checked", "calibrated"))
        return cls(record["id"], down, rest, *checks)

    def to_record(self) -> Record:
        """Return its record."""
        record: Record = {"resourceType": self.TYPE, "id": self.id}
        extensions: list[Record] = []
        down = self.down
        if down is not None:
            record[self.STATE[0]] = self.STATE[1]
            extensions += extend(
                down_report__String=down.report,
                down_since__Instant=to_instant(down.since_ms),
                down_until__Instant=to_instant(down.until_ms),
                down_reason__Code=down.reason,
            )
        extensions += _write_check(self.checked, "checked")
        extensions += _write_check(self.calibrated, "calibrated")
        return add_rest(add_extensions(record, extensions), self.rest)


class Machine(Unit):
    """A machine: a Device of the definition."""

    __slots__ = ()
    TYPE = "Device"
    STATE = ("statusReason", [{"coding": [_NOT_READY]}])

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Device follows from the definition."""
        return _follows(record.get("type", {}))


class Room(Unit):
    """A room or a place: a Location of the definition that is no bed."""

    __slots__ = ()
    TYPE = "Location"
    STATE = ("operationalStatus", _CLOSED)

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Location follows from the definition and is no bed."""
        codings = record.get("physicalType", {}).get("coding", ())
        is_bed = any(coding.get("code") == _BED for coding in codings)
        return not is_bed and any(map(_follows, record.get("type", ())))


def _read_check(record: Mapping[str, Any], name: str) -> Check | None:
    at = find_extended(record, name)
    if at is None:
        return None
    by, passed = (
        find_extended(record, f"{name}-by", ""),
        find_extended(record, f"{name}-passed", otherwise=True),
    )
    return Check(to_ms(at), by, passed)


def _write_check(check: Check | None, name: str) -> list[Record]:
    if check is None:
        return []
    return extend(
        **{
            f"{name}__Instant": to_instant(check.at_ms),
            f"{name}_by__String": check.by or None,
            f"{name}_passed__Boolean": check.passed,
        }
    )


def _follows(concept: Mapping[str, Any]) -> bool:
    return any(coding.get("system") == _RESOURCE for coding in concept.get("coding", ()))


def find_kind(card: UnitCard) -> type[Machine | Room] | None:
    """Return what sees a unit; None for beds and posts, which are others'."""
    if card.kind == "machine":
        return Machine
    return Room if card.kind in ("room", "place") else None


_STATES = count(1)


class Downs:
    """Which units of a kind are out of order."""

    KIND: ClassVar[type[View]]

    def __init__(self) -> None:
        self.of: dict[str, Down] = {}
        self.state = next(_STATES)
        """Another number whenever something has changed."""

    def change(self, before: Unit | None, after: Unit | None) -> None:
        """A unit came, was replaced or went."""
        was = None if before is None else before.down
        now = None if after is None else after.down
        if was == now:
            return
        self.state = next(_STATES)
        if before is not None:
            self.of.pop(before.id, None)
        if after is not None and now is not None:
            self.of[after.id] = now


class MachineDowns(Downs):
    """Which machines are out of order."""

    KIND: ClassVar[type[View]] = Machine


class RoomDowns(Downs):
    """Which rooms and places are out of order."""

    KIND: ClassVar[type[View]] = Room


@dataclass(frozen=True, slots=True)
class Outages:
    """All units that are out of order; `state` is another number for another set of them."""

    of: Mapping[str, Down]
    state: int

    def with_down(self, unit: str, down: Down | None) -> "Outages":
        """Return these with one unit put out of order, or back in order."""
        others = {other: known for other, known in self.of.items() if other != unit}
        return Outages(others if down is None else others | {unit: down}, next(_STATES))


def find_outages(floor: Floor) -> Outages:
    """Return the units that are out of order on a floor."""
    machines, rooms = floor.index(MachineDowns), floor.index(RoomDowns)
    return Outages({**machines.of, **rooms.of}, max(machines.state, rooms.state))
