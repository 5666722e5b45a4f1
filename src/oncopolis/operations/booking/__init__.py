"""Appointments: what is free, how a time is found, and what can be done about it."""

from typing import Any

from oncopolis.operations.booking.acts import book, book_series, book_trip
from oncopolis.operations.booking.agenda import Agenda, get_diary, make_agenda
from oncopolis.operations.booking.asking import Answer, Await, Book, BookSeries, BookTrip, Cancel, Move, Offer
from oncopolis.operations.booking.booker import BOOKER, Booker
from oncopolis.operations.booking.changing import cancel, give_up, move
from oncopolis.operations.booking.diary import Diary
from oncopolis.operations.booking.finding import find_mask_on, find_on, make_spot
from oncopolis.operations.booking.offering import offer_freed
from oncopolis.operations.booking.series import Rhythm
from oncopolis.operations.booking.units import Down, Machine, Room, find_outages
from oncopolis.operations.booking.views import Booking, Held, Spot, Window
from oncopolis.operations.booking.waiting import accept, await_time, decline, offer
from oncopolis.operations.booking.wanting import Wanted
from oncopolis.operations.deciding import Act

_WRITES = ("Appointment", "Communication")

ACTS: tuple[Act[Any], ...] = (
    Act("book", Book, book, _WRITES),
    Act("book_series", BookSeries, book_series, _WRITES),
    Act("book_trip", BookTrip, book_trip, _WRITES),
    Act("move", Move, move, _WRITES),
    Act("cancel", Cancel, cancel, _WRITES),
    Act("await", Await, await_time, _WRITES),
    Act("offer", Offer, offer, _WRITES),
    Act("accept", Answer, accept, _WRITES),
    Act("decline", Answer, decline, _WRITES),
)
"""Everything that can be done about appointments."""

__all__ = [
    "ACTS",
    "BOOKER",
    "Agenda",
    "Booker",
    "Booking",
    "Diary",
    "Down",
    "Held",
    "Machine",
    "Rhythm",
    "Room",
    "Spot",
    "Wanted",
    "Window",
    "find_mask_on",
    "find_on",
    "find_outages",
    "get_diary",
    "give_up",
    "make_agenda",
    "make_spot",
    "offer_freed",
]
