"""Today's stops of a patient in order: where, how far to walk, how many are before, how long it may take."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.operations.arrivals.indexes import Expected, Inside, Queues
from oncopolis.operations.arrivals.rules import get_rules
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.floor import Floor
from oncopolis.operations.notices.naming import ELSEWHERE, NOWHERE, Place, Stop, find_place, find_stop
from oncopolis.operations.theatre import Operations

Interval: TypeAlias = tuple[float, float, float]
"""Low, middle and high end of a wait, minutes."""
Forecast: TypeAlias = Callable[[Floor, str, int], Interval | None]
"""Floor, contact and moment -> how much longer it may take until it is called; None if nobody can say."""
State: TypeAlias = Literal["booked", "waiting", "called", "served", "away"]

_ORDER: Final[tuple[State, ...]] = ("served", "called", "waiting", "away", "booked")


@dataclass(frozen=True, slots=True)
class Leg:
    """One stop of today.

    Parameters
    ----------
    activity
        What it is; shown to nobody who was not told.
    stop, place
        What may be said of it.
    state
        ``booked`` before they have checked in for it.
    planned_ms
        Time of the appointment, milliseconds since 1970 (UTC).
    walk_min
        Minutes from the stop before; None where that is not known.
    before
        How many are called first; None unless it waits.
    wait
        How much longer it may take until it is called.
    may_check_in
        Whether the phone may check in for it now.
    expected_ms
        When it is expected to begin, if that is another time than planned.
    """

    id: str
    activity: str
    stop: Stop
    place: Place
    state: State
    planned_ms: int | None
    walk_min: float | None = None
    before: int | None = None
    wait: Interval | None = None
    may_check_in: bool = False
    expected_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """A patient's day as it is now.

    Parameters
    ----------
    number
        What boards call them by; empty if they are not inside.
    """

    number: str
    legs: tuple[Leg, ...]


def find_today(floor: Floor, patient: str, at_ms: int, forecast: Forecast) -> Today:
    """Return a patient's day: what is under way first, then what waits, then what is booked."""
    visit = floor.index(Inside).of_patient.get(patient)
    contacts = floor.index(Queues).list_of_visit(visit.id) if visit is not None else ()
    found = [(_read_contact(floor, one, at_ms, forecast), one.area) for one in contacts]
    found += [
        (_read_booking(floor, one, at_ms), _find_department(floor, one))
        for one in _list_booked(floor, patient, at_ms)
    ]
    found.sort(key=lambda pair: (_ORDER.index(pair[0].state), pair[0].planned_ms or 0, pair[0].id))
    number = contacts[0].number if contacts else visit.number if visit is not None else ""
    origin = visit.area if visit is not None else ""
    return Today(number, tuple(_walk(floor, found, origin)))


def list_areas(floor: Floor, patient: str) -> tuple[str, ...]:
    """Return the areas in whose queues somebody stands: what happens there changes their page."""
    visit = floor.index(Inside).of_patient.get(patient)
    contacts = floor.index(Queues).list_of_visit(visit.id) if visit is not None else ()
    return tuple(dict.fromkeys(one.area for one in contacts if one.state == "waiting"))


def _list_booked(floor: Floor, patient: str, at_ms: int) -> list[Booking]:
    first_ms = floor.house.to_ms(floor.house.to_local(at_ms).date())
    return floor.index(Expected).list_of_patient(patient, first_ms, first_ms + MS_PER_DAY)


def _read_contact(floor: Floor, contact: Contact, at_ms: int, forecast: Forecast) -> Leg:
    queues, is_waiting = floor.index(Queues), contact.state == "waiting"
    stop = find_stop(floor.house, contact.activity)
    return Leg(
        contact.id, contact.activity, stop, find_place(floor.house, contact.area, contact.room or ""),
        contact.state, contact.planned_ms,
        expected_ms=None if contact.start_ms is not None else _find_expected(floor, contact.booking),
        before=bisect_left(queues.waiting[contact.area], contact.rank) if is_waiting else None,
        wait=forecast(floor, contact.id, at_ms) if is_waiting else None,
    )  # fmt: skip


def _read_booking(floor: Floor, booking: Booking, at_ms: int) -> Leg:
    stop = find_stop(floor.house, booking.activity)
    units = booking.spot.units if booking.spot is not None else ()
    rooms = (unit for unit, _ in units if floor.house.get_unit(unit).kind != "role")
    place = find_place(floor.house, _find_department(floor, booking), next(rooms, ""))
    is_here = stop not in ELSEWHERE
    may = is_here and at_ms >= booking.start_ms - get_rules(floor.house).early_ms
    return Leg(
        booking.id, booking.activity, stop, place if is_here else NOWHERE, "booked", booking.start_ms,
        may_check_in=may, expected_ms=_find_expected(floor, booking.id),
    )  # fmt: skip


def _find_expected(floor: Floor, booking: str | None) -> int | None:
    """Return when an operation is expected to begin; None if it is as planned, or none is known."""
    known = floor.index(Operations).of_booking.get(booking or "")
    return None if known is None or known.expected_ms == known.planned_ms else known.expected_ms


def _find_department(floor: Floor, booking: Booking) -> str:
    card = floor.house.cards.get(booking.activity)
    return card.department if card is not None else ""


def _walk(floor: Floor, found: list[tuple[Leg, str]], origin: str) -> Iterator[Leg]:
    """Yield the stops with the way from each to the next."""
    before = origin
    for leg, department in found:
        if leg.place == NOWHERE:
            yield leg
            continue
        minutes = floor.house.get_walk_min(before, department) if before else None
        yield replace(leg, walk_min=minutes)
        before = department
