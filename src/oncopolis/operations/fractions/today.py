"""A treatment machine today: who was treated, who is, who is still to come, who is late or did not come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.booking import find_outages, get_diary
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.floor import Floor
from oncopolis.operations.radiation import is_fraction, list_machines

TurnState: TypeAlias = Literal["done", "under_way", "here", "late", "to_come", "missed"]
"""Treated; being treated; in the house; should be here; later today; did not come, or was not treated."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One fraction on a machine today.

    Parameters
    ----------
    planned_ms, start_ms, end_ms
        Milliseconds since 1970 (UTC); None where that is not known, or has not been.
    late_ms
        By how much it begins, or began, too late.
    """

    patient: str
    activity: str
    state: TurnState
    planned_ms: int | None
    start_ms: int | None = None
    end_ms: int | None = None
    late_ms: int = 0


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine with its day, in the order of the clock.

    Parameters
    ----------
    unit
        Its name; empty for turns of which nobody knows the machine.
    down_since_ms
        Since when it is out of order; None if it is not.
    """

    unit: str
    down_since_ms: int | None
    turns: tuple[Turn, ...]

    def count(self, *states: TurnState) -> int:
        """How many turns are so."""
        return sum(turn.state in states for turn in self.turns)


def list_day(
    floor: Floor, today: date, now_ms: int, ended: Iterable[Contact], missed: Iterable[Booking]
) -> list[Machine]:
    """Return every treatment machine with its fractions of a day.

    Parameters
    ----------
    ended, missed
        Contacts of the day that are over, and appointments to which nobody came or that were given up.
    """
    machines = list_machines(floor.house)
    turns: dict[str, list[Turn]] = {unit: [] for unit in (*machines, "")}
    for contact in (*ended, *_list_here(floor).values()):
        booking = None if contact.booking is None else floor.find(Booking, contact.booking)
        own = next((one for one in (*contact.units, contact.room) if one in machines), None)
        turns[own or _find_unit(booking, machines)].append(_read_contact(contact, now_ms))
    diary = get_diary(floor)
    expected = (one for unit in machines for one in diary.list_of_unit(unit, today, today))
    for booking in (*missed, *(one for one in expected if one.status == "booked")):
        if is_fraction(floor.house, booking.activity):
            turns[_find_unit(booking, machines)].append(_read_booking(booking, now_ms))
    outages = find_outages(floor).of
    found = [
        Machine(unit, outages[unit].since_ms if unit in outages else None, tuple(_sort(of)))
        for unit, of in turns.items()
    ]
    return [one for one in found if one.unit or one.turns]


def _list_here(floor: Floor) -> dict[str, Contact]:
    return {
        contact.id: contact
        for contacts in floor.index(Queues).of_area.values()
        for contact in contacts.values()
        if is_fraction(floor.house, contact.activity)
    }


def _find_unit(booking: Booking | None, machines: Sequence[str]) -> str:
    held = () if booking is None or booking.spot is None else booking.spot.units
    return next((one.unit for one in held if one.unit in machines), "")


def _read_contact(contact: Contact, now_ms: int) -> Turn:
    planned_ms = contact.planned_ms
    state: TurnState = "under_way" if contact.state == "served" else "here"
    if contact.end is not None:
        state = "done" if contact.end == "done" else "missed"
    late_ms = 0 if planned_ms is None or state == "missed" else (contact.start_ms or now_ms) - planned_ms
    return Turn(
        contact.patient, contact.activity, state, planned_ms, contact.start_ms, contact.end_ms,
        max(late_ms, 0),
    )  # fmt: skip


def _read_booking(booking: Booking, now_ms: int) -> Turn:
    late_ms = now_ms - booking.start_ms
    if booking.status != "booked":
        return Turn(booking.patient, booking.activity, "missed", booking.start_ms)
    state: TurnState = "late" if late_ms > 0 else "to_come"
    return Turn(booking.patient, booking.activity, state, booking.start_ms, late_ms=max(late_ms, 0))


def _sort(turns: Iterable[Turn]) -> list[Turn]:
    return sorted(turns, key=lambda one: (one.planned_ms or one.start_ms or one.end_ms or 0, one.patient))
