"""The list of a theatre on a day: its cases in order, and when each is expected to begin."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import ClassVar, Final

from oncopolis.foundation.units import MINUTES_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE
from oncopolis.operations.booking import get_diary
from oncopolis.operations.booking.views import SLOT_MS, Booking
from oncopolis.operations.deciding import Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import House
from oncopolis.operations.notices.naming import find_stop
from oncopolis.operations.theatre.views import AHEAD, Operation
from oncopolis.operations.views import View
from oncopolis.operations.wards.indexes import Stays

AHEAD_MS: Final = 12 * MS_PER_HOUR  # structure: default of a setting: half a day
"""How far ahead a list goes, at least."""
_BOOKED: Final = ("booked", "arrived", "checked-in")


class Operations:
    """Operations that are not over.

    Attributes
    ----------
    of_booking
        Appointment -> the operation it has become.
    of_room
        Theatre -> operations by id.
    of_patient
        Patient -> their operations by id.
    of_place
        Place in recovery -> who lies there.
    """

    KIND: ClassVar[type[View]] = Operation

    def __init__(self) -> None:
        self.of_booking: dict[str, Operation] = {}
        self.of_room: defaultdict[str, dict[str, Operation]] = defaultdict(dict)
        self.of_patient: defaultdict[str, dict[str, Operation]] = defaultdict(dict)
        self.of_place: dict[str, Operation] = {}

    def change(self, before: Operation | None, after: Operation | None) -> None:
        """An operation was planned, goes on or is over."""
        if before is not None:
            self.of_booking.pop(before.booking, None)
            self.of_room[before.room].pop(before.id, None)
            self.of_patient[before.patient].pop(before.id, None)
            if not self.of_patient[before.patient]:
                del self.of_patient[before.patient]
            if before.stage == "recovery":
                self.of_place.pop(before.recovery, None)
        if after is not None:
            if after.booking:
                self.of_booking[after.booking] = after
            self.of_room[after.room][after.id] = after
            self.of_patient[after.patient][after.id] = after
            if after.stage == "recovery":
                self.of_place[after.recovery] = after

    def list_of(self, patient: str) -> tuple[Operation, ...]:
        """Return the operations of a patient, the first first."""
        found = self.of_patient[patient].values() if patient in self.of_patient else ()
        return tuple(sorted(found, key=lambda one: (one.expected_ms, one.id)))


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a theatre's list: an operation, or an appointment that has not become one yet.

    Parameters
    ----------
    expected_ms
        When it is expected to begin, or began; milliseconds since 1970 (UTC).
    """

    operation: Operation | None
    booking: Booking | None
    expected_ms: int

    @property
    def planned_ms(self) -> int:
        """When it was to begin."""
        if self.operation is not None:
            return self.operation.planned_ms
        assert self.booking is not None
        return self.booking.start_ms

    def find_start_ms(self, now_ms: int) -> int:
        """Return when it began, or begins: who has not been sent for by now begins now at the earliest."""
        if self.operation is not None and self.operation.reached:
            return self.expected_ms
        return max(self.expected_ms, now_ms)


def list_theatres(house: House) -> tuple[str, ...]:
    """Return the theatres: rooms that are held by activities which are operations."""
    resources = house.centre.resources
    held = {
        resource: None
        for card in house.cards.values()
        if find_stop(house, card.id) == "operation"
        for resource in card.holds
        if resources[resource].kind == "room" and resources[resource].department == card.department
    }
    return tuple(unit for resource in held for unit in house.units_of[resource])


def list_recovery(house: House) -> tuple[str, ...]:
    """Return the places of the departments of the theatres, in which patients wake up."""
    departments = {house.get_unit(room).department for room in list_theatres(house)}
    return tuple(
        unit.id for unit in house.units.values() if unit.kind == "place" and unit.department in departments
    )


def list_cases(floor: Floor, room: str, at_ms: int) -> list[Case]:
    """Return the list of a theatre at a moment, in order: of its day, and of half a day ahead at least."""
    house = floor.house
    day = house.to_local(at_ms).date()
    first_ms, until_ms = house.to_ms(day), max(house.to_ms(day, MINUTES_PER_DAY), at_ms + AHEAD_MS)
    operations = floor.index(Operations)
    here = operations.of_room[room].values() if room in operations.of_room else ()
    own = [one for one in here if one.is_in_room or first_ms <= one.planned_ms < until_ms]
    waiting = [
        booking
        for booking in get_diary(floor).list_of_unit(room, day, house.to_local(until_ms).date())
        if first_ms <= booking.start_ms < until_ms
        and booking.id not in operations.of_booking and booking.status in _BOOKED
        and find_stop(floor.house, booking.activity) == "operation"
    ]  # fmt: skip
    return list(_foresee(floor.house, own, waiting, at_ms))


def _foresee(
    house: House, own: Iterable[Operation], waiting: Iterable[Booking], at_ms: int
) -> Iterator[Case]:
    """Yield cases in order, what is under way first; each waits until the one before has left it clean."""
    lines: list[tuple[tuple[bool, int, str], Operation | None, Booking | None]] = [
        ((one.stage in AHEAD, one.planned_ms, one.id), one, None) for one in own
    ]
    lines += [((True, one.start_ms, one.id), None, one) for one in waiting]
    ready_ms = 0
    for _, operation, booking in sorted(lines, key=lambda line: line[0]):
        if operation is not None and operation.stage not in AHEAD:
            ready_ms = max(ready_ms, _find_end_ms(house, operation, at_ms))
            yield Case(operation, None, operation.expected_ms)
            continue
        planned_ms, minutes, extra_min = (
            (operation.planned_ms, operation.minutes, operation.extra_min)
            if operation is not None
            else (booking.start_ms, booking.minutes, 0)  # type: ignore[union-attr]
        )
        expected_ms = max(planned_ms + extra_min * MS_PER_MINUTE, ceil(ready_ms / SLOT_MS) * SLOT_MS)
        ready_ms = expected_ms + minutes * MS_PER_MINUTE
        yield Case(operation, booking, expected_ms)


def _find_end_ms(house: House, operation: Operation, at_ms: int) -> int:
    """Return when the theatre is free again after an operation that has begun."""
    card = house.cards.get(operation.activity)
    after_ms = 0 if card is None else card.after_min * MS_PER_MINUTE
    left_ms = operation.find_ms("recovery")
    if left_ms is not None:
        return left_ms + after_ms
    begun_ms = operation.find_ms("inside") or operation.expected_ms
    planned_end_ms = begun_ms + (operation.minutes + operation.extra_min) * MS_PER_MINUTE
    return max(planned_end_ms, at_ms + after_ms)


def pass_on(floor: Floor, changed: Operation, moment: Moment) -> tuple[Operation, ...]:
    """Return the operations of a theatre that are expected at another time since one has changed.

    Appointments that are moved by it become operations of the list, so that their patients can be told.
    """
    known = list_cases(floor, changed.room, moment.at_ms)
    own = [case.operation for case in known if case.operation is not None and case.operation.id != changed.id]
    booked = [case.booking for case in known if case.booking is not None]
    waiting = [booking for booking in booked if booking.id != changed.booking]
    own += [changed] if changed.is_open else []
    found: list[Operation] = []
    for case in _foresee(floor.house, own, waiting, moment.at_ms):
        before = case.operation
        if before is None:
            assert case.booking is not None
            if case.expected_ms != case.booking.start_ms:
                made = make_operation(floor, case.booking, changed.room, moment.make_id())
                found.append(replace(made, expected_ms=case.expected_ms))
        elif case.expected_ms != before.expected_ms or before.id == changed.id:
            found.append(replace(before, expected_ms=case.expected_ms))
    return tuple(found) if changed.is_open else (*found, changed)


def make_operation(floor: Floor, booking: Booking, room: str, id_: str) -> Operation:
    """Return the operation that an appointment becomes."""
    return Operation(
        id_, booking.patient, booking.activity, room, booking.start_ms, booking.minutes, booking.start_ms,
        booking=booking.id, ward=find_ward(floor, booking.patient),
    )  # fmt: skip


def find_ward(floor: Floor, patient: str) -> str:
    """Return the ward on which somebody lies or is expected; empty if there is none."""
    stays = floor.index(Stays)
    stay = stays.of_patient.get(patient)
    if stay is None and patient in stays.planned_of:
        stay = next(iter(stays.planned_of[patient].values()), None)
    return "" if stay is None else stay.ward


def find_room(floor: Floor, booking: Booking) -> str | None:
    """Return the theatre an appointment holds; None if it holds none."""
    theatres = list_theatres(floor.house)
    units: Mapping[str, int] = dict(booking.spot.units) if booking.spot is not None else {}
    return next((unit for unit in units if unit in theatres), None)
