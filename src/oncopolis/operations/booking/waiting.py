"""The waiting list: who waits is offered a time, and takes it or not."""

from dataclasses import replace

from oncopolis.operations.booking.agenda import make_agenda
from oncopolis.operations.booking.asking import Answer, Await, Offer
from oncopolis.operations.booking.finding import check_spot
from oncopolis.operations.booking.making import (
    find_time,
    make_booking,
    make_wanted,
    show,
    tell_of,
    tell_offer,
    want_again,
)
from oncopolis.operations.booking.offering import offer_freed
from oncopolis.operations.booking.patients import check_patient
from oncopolis.operations.booking.refusing import check_offered, check_waits, refuse_offer
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.deciding import Decision, Moment
from oncopolis.operations.floor import Floor


def await_time(floor: Floor, asked: Await, moment: Moment) -> Decision:
    """Put somebody on the waiting list."""
    check_patient(floor, asked.patient)
    agenda = make_agenda(floor, moment.at_ms)
    wanted = make_wanted(agenda, asked.patient, asked, asked, asked.priority)
    booking = make_booking(moment, wanted, asked, None, asked.language, reason=asked.reason)
    return Decision(puts=(booking,), answer=show(booking))


def offer(floor: Floor, asked: Offer, moment: Moment) -> Decision:
    """Offer a time to somebody who waits, and tell them; it is not held for them."""
    waiting = floor.get(Booking, asked.booking)
    check_waits(waiting)
    agenda = make_agenda(floor, moment.at_ms)
    spot = find_time(agenda, want_again(agenda, waiting), asked.start_ms)
    answer = {"booking": waiting.id, "start_ms": spot.start_ms}
    return Decision(puts=(replace(waiting, offer=spot),), answer=answer) + tell_offer(moment, waiting, spot)


def accept(floor: Floor, asked: Answer, moment: Moment) -> Decision:
    """Take a time that was offered, if it is still free."""
    waiting = floor.get(Booking, asked.booking)
    offered = check_offered(waiting)
    agenda = make_agenda(floor, moment.at_ms)
    wanted = replace(want_again(agenda, waiting), units=tuple(held.unit for held in offered.units))
    spot = check_spot(agenda, wanted, offered.start_ms) or refuse_offer(agenda, waiting, offered)
    booked = replace(waiting, status="booked", spot=spot, offer=None, reason="")
    return Decision(puts=(booked,), answer=show(booked)) + tell_of(moment, booked, "booked")


def decline(floor: Floor, asked: Answer, moment: Moment) -> Decision:
    """Leave a time that was offered to the next who waits, and wait on."""
    waiting = floor.get(Booking, asked.booking)
    offered = check_offered(waiting)
    agenda = make_agenda(floor, moment.at_ms)
    next_one = offer_freed(agenda, moment, [replace(waiting, spot=offered)], frozenset({waiting.id}))
    return Decision(puts=(replace(waiting, offer=None),), answer=show(waiting)) + next_one
