"""Booking: one appointment, a series, a trip."""

from collections.abc import Sequence

from oncopolis.operations.booking.agenda import make_agenda
from oncopolis.operations.booking.asking import Book, BookSeries, BookTrip
from oncopolis.operations.booking.booker import BOOKER
from oncopolis.operations.booking.making import find_time, make_booking, make_wanted, show, tell_of
from oncopolis.operations.booking.patients import check_patient
from oncopolis.operations.booking.refusing import refuse_series, refuse_trip
from oncopolis.operations.booking.series import Rhythm
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.deciding import Decision, Moment
from oncopolis.operations.floor import Floor


def book(floor: Floor, asked: Book, moment: Moment) -> Decision:
    """Book an appointment at a stated time, or at the first that is feasible."""
    check_patient(floor, asked.patient)
    agenda = make_agenda(floor, moment.at_ms)
    wanted = make_wanted(agenda, asked.patient, asked, asked, asked.priority)
    spot = find_time(agenda, wanted, asked.start_ms)
    booking = make_booking(moment, wanted, asked, spot, asked.language)
    return Decision(puts=(booking,), answer=show(booking)) + tell_of(moment, booking, "booked")


def book_series(floor: Floor, asked: BookSeries, moment: Moment) -> Decision:
    """Book all turns of a series, on the same machine and at about the same time."""
    check_patient(floor, asked.patient)
    agenda = make_agenda(floor, moment.at_ms)
    wanted = make_wanted(agenda, asked.patient, asked, asked, asked.priority)
    rhythm = Rhythm(asked.n, asked.every_days, asked.workdays)
    spots = BOOKER.find_series(agenda, wanted, rhythm)
    if spots is None:
        refuse_series(wanted, asked.n)
    name = moment.make_id()
    return _book_all(
        moment,
        [
            make_booking(moment, wanted, asked, spot, asked.language, series=name, turn=turn)
            for turn, spot in enumerate(spots, 1)
        ],
        series=name,
    )


def book_trip(floor: Floor, asked: BookTrip, moment: Moment) -> Decision:
    """Book several appointments on one day, in the order with the least waiting and walking."""
    check_patient(floor, asked.patient)
    agenda = make_agenda(floor, moment.at_ms)
    stops = [make_wanted(agenda, asked.patient, stop, asked, asked.priority) for stop in asked.stops]
    spots = BOOKER.find_trip(agenda, stops, is_in_order=asked.in_order)
    if spots is None:
        refuse_trip(len(stops), stops[0])
    return _book_all(
        moment,
        [
            make_booking(moment, wanted, stop, spot, asked.language)
            for wanted, stop, spot in zip(stops, asked.stops, spots, strict=True)
        ],
    )


def _book_all(moment: Moment, bookings: Sequence[Booking], **answer: str) -> Decision:
    """Return what books several; the patient is told of the first to come."""
    first = min(bookings, key=lambda booking: booking.start_ms)
    decision = Decision(puts=tuple(bookings), answer={"bookings": [show(one) for one in bookings], **answer})
    return decision + tell_of(moment, first, "booked")
