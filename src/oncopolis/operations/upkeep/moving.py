"""What a breakdown moves: who comes first, and where everybody goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from oncopolis.centre.number import USUAL_PRIORITY
from oncopolis.operations.booking.agenda import Agenda
from oncopolis.operations.booking.booker import BOOKER
from oncopolis.operations.booking.diary import find_mask
from oncopolis.operations.booking.finding import fits
from oncopolis.operations.booking.making import want_again
from oncopolis.operations.booking.slots import find_first
from oncopolis.operations.booking.views import Booking, Moved, Window


@dataclass(frozen=True, slots=True)
class Shift:
    """A booking before and after; after, it may wait for a time."""

    before: Booking
    after: Booking


def move_away(agenda: Agenda, affected: Iterable[Booking], report: str) -> list[Shift]:
    """Find other times or units for bookings whose unit is out of order in the agenda.

    The urgent come first, then the turns of series (their gap harms), then the others, each by their time.
    """
    order = sorted(affected, key=_rank)
    for booking in order:
        agenda.give(booking)
    return [_move(agenda, booking, report) for booking in order]


def _rank(booking: Booking) -> tuple[bool, bool, int, str]:
    return booking.priority >= USUAL_PRIORITY, not booking.series, booking.start_ms, booking.id


def _move(agenda: Agenda, before: Booking, report: str) -> Shift:
    """Move one: on its day at about its time if possible, else to the first day on which it can be.

    What another system booked for something the definition does not know waits.
    """
    assert before.spot is not None
    day, mask = find_mask(agenda.house, before.spot, before.minutes)
    latest = None if before.window is None else before.window.latest
    window = Window(day, day, None if latest is None else max(latest, day))
    wanted = replace(want_again(agenda, before, window), about=find_first(mask))
    # On its day anybody and any machine will do.
    same_day = replace(wanted, window=Window(day, day, day), units=())
    is_known = before.activity in agenda.openings.needs
    spot = (BOOKER.find(agenda, same_day) or BOOKER.find(agenda, wanted)) if is_known else None
    # What was moved twice by one report goes back to where it was first.
    is_again = before.moved is not None and before.moved.cause == report
    moved = before.moved if is_again else Moved(before.spot, report)
    if spot is None:
        after = replace(before, status="waitlist", spot=None, reason="breakdown", moved=moved)
    else:
        after = replace(before, spot=spot, moved=moved)
    agenda.take(after)
    return Shift(before, after)


def count_gaps(agenda: Agenda, shifts: Sequence[Shift]) -> dict[str, int]:
    """Return the days that series lost: series -> days of its turns on which there is none any more."""
    lost: dict[str, set[int]] = {}
    for shift in shifts:
        if shift.before.series:
            day = agenda.house.to_minute(shift.before.start_ms)[0].toordinal()
            lost.setdefault(shift.before.series, set()).add(day)
    for shift in shifts:
        series = shift.before.series
        for other in agenda.list_of_patient(shift.before.patient) if series else ():
            if other.series == series and other.spot is not None:
                lost[series].discard(agenda.house.to_minute(other.start_ms)[0].toordinal())
    return {series: len(days) for series, days in lost.items() if days}


def bring_back(agenda: Agenda, moved: Sequence[Booking], now_ms: int) -> tuple[list[Shift], list[Booking]]:
    """Return what can be where it was before a breakdown, and what cannot."""
    shifts = [Shift(booking, _restore(booking)) for booking in sorted(moved, key=lambda one: one.id)]
    if _take_all(agenda, shifts, now_ms):
        return shifts, []
    done: list[Shift] = []
    left = shifts
    while True:
        back = [shift for shift in left if _take_all(agenda, [shift], now_ms)]
        if not back:
            return done, [shift.before for shift in left]
        done += back
        left = [shift for shift in left if shift not in back]


def _restore(booking: Booking) -> Booking:
    assert booking.moved is not None
    return replace(booking, status="booked", spot=booking.moved.spot, moved=None, offer=None, reason="")


def _take_all(agenda: Agenda, shifts: Sequence[Shift], now_ms: int) -> bool:
    """Let all be where they were; if one cannot, nothing is changed."""
    for shift in shifts:
        agenda.give(shift.before)
    taken: list[Booking] = []
    for shift in shifts:
        if shift.after.start_ms < now_ms or not fits(agenda, shift.after):
            for booking in taken:
                agenda.give(booking)
            for other in shifts:
                agenda.take(other.before)
            return False
        agenda.take(shift.after)
        taken.append(shift.after)
    return True
