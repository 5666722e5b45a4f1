"""Fractions of today that are over: kept as they end, and read from the record once a server begins."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import ClassVar, Final, TypeVar

from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.elements import PREFIX, to_instant
from oncopolis.operations.floor import Floor
from oncopolis.operations.performing import Live
from oncopolis.operations.radiation import list_fractions
from oncopolis.operations.views import View
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.search import Found, Question, read_question, search
from oncopolis.record.store.reading import Reading

V = TypeVar("V", Contact, Booking)
_PAGE: Final = "1000"
"""Records of one question."""


class _Ended:
    """What is over of one kind, of a day and of some activities; nothing until `begin` was called."""

    def __init__(self) -> None:
        self.activities: frozenset[str] = frozenset()
        self.day: date | None = None
        self.loaded: date | None = None
        self.of: dict[str, Contact | Booking] = {}

    def change(self, before: View | None, after: View | None) -> None:
        """What goes on is of no interest here."""

    def end(self, view: Contact | Booking) -> None:
        """Something is over."""
        if view.activity in self.activities:
            self.of[view.id] = view

    def begin(self, day: date, activities: frozenset[str]) -> None:
        """Keep what ends from now on, of a day that begins."""
        if self.day != day:
            self.day, self.activities, self.of = day, activities, {}


class EndedContacts(_Ended):
    """Fractions that were given, or broken off."""

    KIND: ClassVar[type[View]] = Contact


class EndedBookings(_Ended):
    """Appointments for fractions that nobody came to, or that were given up."""

    KIND: ClassVar[type[View]] = Booking


def read_ended(live: Live, today: date) -> tuple[list[Contact], list[Booking]]:
    """Return what is over of a day's fractions, contacts and appointments."""
    activities = frozenset(list_fractions(live.house))

    def begin(floor: Floor) -> bool:
        kept = floor.index(EndedContacts), floor.index(EndedBookings)
        for one in kept:
            one.begin(today, activities)
        return all(one.loaded == today for one in kept)

    if activities and not live.ask(begin):
        codes = ",".join(f"{PREFIX}activity|{activity}" for activity in sorted(activities))
        dates = _list_dates(live, today)
        contacts = _search(live, Contact, (("type", codes), *dates, ("status", "finished,cancelled")))
        bookings = _search(live, Booking, (("service-type", codes), *dates, ("status", "noshow,cancelled")))
        live.ask(partial(_load, today=today, contacts=list(contacts), bookings=list(bookings)))
    return live.ask(partial(_list, today=today))


def _list_dates(live: Live, today: date) -> tuple[tuple[str, str], ...]:
    begin_ms = live.house.to_ms(today)
    return ("date", f"ge{to_instant(begin_ms)}"), ("date", f"lt{to_instant(begin_ms + MS_PER_DAY)}")


def _search(live: Live, kind: type[V], pairs: Sequence[tuple[str, str]]) -> Iterator[V]:
    cursor: tuple[tuple[str, str], ...] = ()
    while True:
        question = read_question((kind.TYPE,), (*pairs, ("_count", _PAGE), *cursor))
        found = live.store.ask(partial(_ask, question))
        for version in found.matches:
            record = find_resource(version)
            if record is not None and kind.is_mine(record):
                yield kind.from_record(record)
        if found.next is None:
            return
        cursor = (("_cursor", found.next),)


def _ask(question: Question, reading: Reading) -> Found:
    return search(reading, question)


def _load(floor: Floor, today: date, contacts: Iterable[Contact], bookings: Iterable[Booking]) -> None:
    for index, views in ((floor.index(EndedContacts), contacts), (floor.index(EndedBookings), bookings)):
        index.of = {view.id: view for view in views} | index.of
        index.loaded = today


def _list(floor: Floor, today: date) -> tuple[list[Contact], list[Booking]]:
    house = floor.house

    def is_today(at_ms: int | None) -> bool:
        return at_ms is not None and house.to_local(at_ms).date() == today

    contacts = [one for one in floor.index(EndedContacts).of.values() if isinstance(one, Contact)]
    bookings = [one for one in floor.index(EndedBookings).of.values() if isinstance(one, Booking)]
    return [one for one in contacts if is_today(one.end_ms)], [
        one for one in bookings
        if one.status in ("noshow", "cancelled") and one.spot is not None and is_today(one.start_ms)
    ]  # fmt: skip
