"""Why a time cannot be had: told with the place and what to do."""

from datetime import timedelta
from typing import NoReturn

from oncopolis.foundation import ConflictError, InputError
from oncopolis.operations.booking.agenda import Agenda
from oncopolis.operations.booking.finding import find_absent, find_horizon, find_open, is_given_out
from oncopolis.operations.booking.views import SLOT_MS, Booking, Spot
from oncopolis.operations.booking.wanting import Wanted
from oncopolis.operations.house import SLOT_MIN


def refuse_spot(agenda: Agenda, wanted: Wanted, start_ms: int) -> NoReturn:
    """Say why a stated time cannot be had."""
    house = agenda.house
    local = house.to_local(start_ms)
    day, minute = house.to_minute(start_ms)
    slot, where = minute // SLOT_MIN, f"{wanted.activity} on {local:%Y-%m-%d %H:%M}"
    if day < agenda.today or (day == agenda.today and slot < agenda.first_slot):
        raise InputError(
            code="OPS-040", where=where, got="a time that has passed", expected="a time to come",
            fix="choose a later one",
        )  # fmt: skip
    if start_ms % SLOT_MS:
        raise InputError(
            code="OPS-041", where=where, got=f"minute {minute % 60}",  # structure: minutes of an hour
            expected=f"a multiple of {SLOT_MIN} minutes", fix="choose the time before or after it",
        )  # fmt: skip
    horizon = find_horizon(agenda, wanted.activity)
    if day > agenda.today + timedelta(days=horizon):
        raise InputError(
            code="OPS-042", where=where, got=f"{(day - agenda.today).days} days ahead",
            expected=f"at most {horizon}", fix="book it later, or put the patient on the waiting list",
        )  # fmt: skip
    if not find_open(agenda, wanted, day) >> slot & 1:
        raise ConflictError(
            code="OPS-043", where=where, got="closed, or out of order, then or before its end",
            expected="a time within opening hours", fix="choose another time",
        )  # fmt: skip
    if not find_absent(agenda, wanted, day) >> slot & 1:
        raise ConflictError(
            code="OPS-044", where=where, got="another appointment of the patient then, or no time to walk",
            expected="a time at which the patient is free", fix="choose another time, or move the other one",
        )  # fmt: skip
    if is_given_out(agenda, wanted, day):
        raise ConflictError(
            code="OPS-045", where=where, got="a day of which the rest is kept or beyond what is given out",
            expected="a day with time to give out", fix="choose another day, or book it as urgent",
        )  # fmt: skip
    raise ConflictError(
        code="OPS-046", where=where, got="everything taken", expected="a free time",
        fix="take the first free time, or put the patient on the waiting list",
    )  # fmt: skip


def refuse_window(agenda: Agenda, wanted: Wanted, later: Spot | None) -> NoReturn:
    """Say that there is no time in a window, and when the first one is."""
    window = wanted.window
    first = "none as far ahead as can be booked" if later is None else (
        f"the first is on {agenda.house.to_local(later.start_ms):%Y-%m-%d %H:%M}"
    )  # fmt: skip
    raise ConflictError(
        code="OPS-047",
        where=f"{wanted.activity} from {window.earliest} to {window.latest or 'any day'}",
        got="no free time",
        expected=f"a later window: {first}",
        fix="allow later days, or put the patient on the waiting list",
    )


def refuse_series(wanted: Wanted, n: int) -> NoReturn:
    """Say that a series cannot be had without a gap."""
    raise ConflictError(
        code="OPS-048",
        where=f"{wanted.activity}, {n} times from {wanted.window.earliest}",
        got="no days without a gap",
        expected="a series whose turns all have a time",
        fix="allow a later begin, or book its turns one by one",
    )


def refuse_trip(stops: int, wanted: Wanted) -> NoReturn:
    """Say that there is no day for all stops."""
    window = wanted.window
    raise ConflictError(
        code="OPS-049",
        where=f"{stops} appointments on one day from {window.earliest} to {window.latest or 'any day'}",
        got="no such day",
        expected="a day on which all of them have a time",
        fix="allow later days, or book some of them on another day",
    )


def check_can_change(booking: Booking) -> None:
    """Refuse to change an appointment somebody is there for, or that is over."""
    if booking.status not in ("booked", "pending", "proposed", "waitlist"):
        raise ConflictError(
            code="OPS-050", where=f"Appointment/{booking.id}", got=booking.status,
            expected="one that is still to come", fix="look at it again: it is over, or the patient is here",
        )  # fmt: skip


def check_waits(booking: Booking) -> None:
    """Refuse to offer a time to somebody who has one."""
    if booking.status != "waitlist":
        raise ConflictError(
            code="OPS-051", where=f"Appointment/{booking.id}", got=booking.status,
            expected="one on the waiting list",
            fix="move it instead, if it is still to come",
        )  # fmt: skip


def check_offered(booking: Booking) -> Spot:
    """Return what was offered; refuse where nothing is."""
    check_waits(booking)
    if booking.offer is None:
        raise ConflictError(
            code="OPS-052", where=f"Appointment/{booking.id}", got="no offer",
            expected="a time that was offered",
            fix="offer one first: it was taken back, or never made",
        )  # fmt: skip
    return booking.offer


def refuse_offer(agenda: Agenda, booking: Booking, spot: Spot) -> NoReturn:
    """Say that what was offered is taken by now."""
    raise ConflictError(
        code="OPS-053", where=f"Appointment/{booking.id}",
        got=f"a time that is taken by now: {agenda.house.to_local(spot.start_ms):%Y-%m-%d %H:%M}",
        expected="a free time", fix="stay on the waiting list: another one will be offered",
    )  # fmt: skip
