"""What acts of booking have in common: a wish made ready, a time found for it, a booking made of it."""

from dataclasses import replace
from typing import Any

from oncopolis.operations.booking.agenda import Agenda
from oncopolis.operations.booking.asking import Days, Purpose
from oncopolis.operations.booking.booker import BOOKER
from oncopolis.operations.booking.finding import check_spot
from oncopolis.operations.booking.refusing import refuse_spot, refuse_window
from oncopolis.operations.booking.views import Booking, Spot, Window, make_window
from oncopolis.operations.booking.wanting import Wanted
from oncopolis.operations.deciding import Decision, Moment
from oncopolis.operations.house import SLOT_MIN
from oncopolis.operations.notices import tell
from oncopolis.operations.notices.views import Kind


def find_window(agenda: Agenda, asked: Days) -> Window:
    """Return the days that are meant, from today on where none are said."""
    earliest = asked.earliest or agenda.today
    return make_window(earliest, max(asked.target or earliest, earliest), asked.latest)


def make_wanted(agenda: Agenda, patient: str, purpose: Purpose, days: Days, priority: int) -> Wanted:
    """Return what a time is looked for; units that are wished for have to be there."""
    for unit in days.units:
        agenda.house.get_unit(unit)
    return Wanted(
        patient,
        purpose.activity,
        agenda.openings.count_slots(purpose.activity, purpose.minutes),
        find_window(agenda, days),
        priority,
        days.part,
        units=days.units,
    )


def want_again(agenda: Agenda, booking: Booking, window: Window | None = None) -> Wanted:
    """Return what is looked for once more: familiar units if possible, no day of its series twice."""
    others = agenda.list_of_patient(booking.patient) if booking.series else ()
    without = frozenset(
        agenda.house.to_minute(other.start_ms)[0].toordinal()
        for other in others
        if other.series == booking.series and other.id != booking.id and other.spot is not None
    )
    today = Window(agenda.today, agenda.today)
    return Wanted(
        booking.patient,
        booking.activity,
        max(booking.minutes // SLOT_MIN, 1),
        window or booking.window or today,
        booking.priority,
        units=_list_familiar(agenda, booking),
        without=without,
    )


def _list_familiar(agenda: Agenda, booking: Booking) -> tuple[str, ...]:
    """Return what a patient knows of an appointment: its machine, else its people. Rooms are all alike."""
    units = [] if booking.spot is None else [held.unit for held in booking.spot.units]
    kinds = {unit: card.kind for unit in units if (card := agenda.house.units.get(unit)) is not None}
    familiar = "machine" if "machine" in kinds.values() else "role"
    return tuple(unit for unit, kind in kinds.items() if kind == familiar)


def find_time(agenda: Agenda, wanted: Wanted, start_ms: int | None) -> Spot:
    """Return the stated time, or the first that is feasible; a refusal says why there is none."""
    if start_ms is not None:
        return check_spot(agenda, wanted, start_ms) or refuse_spot(agenda, wanted, start_ms)
    spot = BOOKER.find(agenda, wanted)
    if spot is None:
        wider = replace(wanted, window=replace(wanted.window, latest=None))
        refuse_window(agenda, wanted, BOOKER.find(agenda, wider))
    return spot


def make_booking(
    moment: Moment, wanted: Wanted, purpose: Purpose, spot: Spot | None, language: str, **more: Any
) -> Booking:
    """Return a booking of what was wanted; without a time it waits for one."""
    return Booking(
        id=moment.make_id(),
        patient=wanted.patient,
        activity=wanted.activity,
        status="waitlist" if spot is None else "booked",
        minutes=wanted.n_slots * SLOT_MIN,
        asked_ms=moment.at_ms,
        priority=wanted.priority,
        spot=spot,
        course=purpose.course,
        pathway=purpose.pathway,
        step=purpose.step,
        window=wanted.window,
        language=language,
        **more,
    )


def tell_of(moment: Moment, booking: Booking, kind: Kind, before: Spot | None = None) -> Decision:
    """Tell a patient of an appointment they come for, or lost the time of; nothing of one that had none."""
    spot = booking.spot or before
    return Decision() if spot is None else _tell(moment, booking, kind, spot, before)


def tell_offer(moment: Moment, waiting: Booking, spot: Spot) -> Decision:
    """Tell somebody who waits of a time they may have."""
    return _tell(moment, waiting, "offered", spot, None)


def _tell(moment: Moment, booking: Booking, kind: Kind, spot: Spot, before: Spot | None) -> Decision:
    card = moment.house.cards.get(booking.activity)
    if card is not None and not card.is_contact:
        return Decision()
    return tell(
        moment,
        booking.patient,
        kind,
        language=booking.language,
        activity=booking.activity,
        unit=spot.units[0].unit if spot.units else "",
        start_ms=spot.start_ms,
        before_ms=None if before is None else before.start_ms,
        booking=booking.id,
    )


def show(booking: Booking) -> dict[str, Any]:
    """Return what is answered about a booking."""
    spot = booking.spot
    return {
        "booking": booking.id,
        "status": booking.status,
        "start_ms": None if spot is None else spot.start_ms,
        "units": [] if spot is None else [held.unit for held in spot.units],
    }
