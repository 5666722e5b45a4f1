"""Changing what is booked: another time, or none."""

from dataclasses import replace

from oncopolis.operations.booking.agenda import Agenda, make_agenda
from oncopolis.operations.booking.asking import Cancel, Move
from oncopolis.operations.booking.making import find_time, find_window, show, tell_of, want_again
from oncopolis.operations.booking.offering import offer_freed
from oncopolis.operations.booking.refusing import check_can_change
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.deciding import Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.lines import make_line
from oncopolis.record.store.journal import JournalLine


def move(floor: Floor, asked: Move, moment: Moment) -> Decision:
    """Give an appointment another time; whoever waits is offered what it frees."""
    before = floor.get(Booking, asked.booking)
    check_can_change(before)
    agenda = make_agenda(floor, moment.at_ms)
    is_said = asked.earliest or asked.target or asked.latest
    wanted = want_again(agenda, before, find_window(agenda, asked) if is_said else None)
    wanted = replace(wanted, part=asked.part, units=asked.units or wanted.units)
    agenda.give(before)
    spot = find_time(agenda, wanted, asked.start_ms)
    after = replace(
        before, status="booked", spot=spot, window=wanted.window, moved=None, offer=None, reason=""
    )
    agenda.take(after)
    told = tell_of(moment, after, "moved" if before.spot is not None else "booked", before.spot)
    return Decision(puts=(after,), answer=show(after)) + told + offer_freed(agenda, moment, [before])


def cancel(floor: Floor, asked: Cancel, moment: Moment) -> Decision:
    """Give up an appointment; whoever waits is offered what it frees."""
    first = floor.get(Booking, asked.booking)
    check_can_change(first)
    agenda = make_agenda(floor, moment.at_ms)
    given_up = [first, *(_list_rest(agenda, first) if asked.rest else ())]
    for booking in given_up:
        agenda.give(booking)
    decision = give_up(moment, given_up, asked.reason)
    if asked.reason != "died":
        decision += tell_of(moment, first, "cancelled")
    return decision + offer_freed(agenda, moment, given_up)


def give_up(moment: Moment, bookings: list[Booking], reason: str) -> Decision:
    """Return what cancels bookings, with a line of the journal for each that had a time."""
    return Decision(
        puts=tuple(replace(booking, status="cancelled", reason=reason, offer=None) for booking in bookings),
        lines=tuple(_write_line(moment, booking) for booking in bookings if booking.spot is not None),
        answer={"cancelled": [booking.id for booking in bookings]},
    )


def _list_rest(agenda: Agenda, first: Booking) -> list[Booking]:
    """Return the later turns of a series that are still to come."""
    return [
        booking
        for booking in agenda.list_of_patient(first.patient)
        if booking.series and booking.series == first.series and booking.turn > first.turn
        and booking.status in ("booked", "waitlist")
    ]  # fmt: skip


def _write_line(moment: Moment, booking: Booking) -> JournalLine:
    units = [moment.house.units.get(held.unit) for held in booking.spot.units] if booking.spot else []
    return make_line(
        booking.patient,
        booking.activity,
        moment.at_ms,
        "cancelled",
        pathway=booking.pathway,
        step=booking.step,
        planned_ms=booking.start_ms,
        resource=next((unit.resource for unit in units if unit is not None), None),
    )
