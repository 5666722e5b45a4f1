"""`Diary`: everything that is booked, by unit and day and by patient."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import ClassVar, Final, TypeAlias, TypeVar

from oncopolis.operations.booking.openings import Openings
from oncopolis.operations.booking.pool import Pool
from oncopolis.operations.booking.slots import N_SLOTS, count_slots, make_mask
from oncopolis.operations.booking.views import Booking, Spot
from oncopolis.operations.house import SLOT_MIN, House
from oncopolis.operations.later import Later
from oncopolis.operations.views import View

K = TypeVar("K")
Place: TypeAlias = tuple[str, int]
"""Resource, and ordinal of a local day."""
_NOBODY: Final[Mapping[str, Booking]] = {}


class Diary:
    """Open bookings of a floor, looked up by other means than their id; make it with `get_diary`."""

    KIND: ClassVar[type[View]] = Booking

    def __init__(self) -> None:
        self.later: Later | None = None
        self.openings: Openings | None = None
        self._pools: dict[Place, Pool] = {}
        self._by_patient: dict[str, tuple[Booking, ...]] = {}
        self._by_place: dict[Place, dict[str, Booking]] = {}
        self._waiting: dict[str, dict[str, Booking]] = {}
        self._moved: dict[str, dict[str, Booking]] = {}

    def settle(self, house: House) -> Openings:
        """Reckon with the hours of a house from now on."""
        if self.openings is None:
            self.openings = Openings(house)
            for of_patient in self._by_patient.values():
                for booking in of_patient:
                    self._count(booking, is_taken=True)
        return self.openings

    def change(self, before: Booking | None, after: Booking | None) -> None:
        """A booking came, was replaced or went."""
        if before is not None:
            self._lose(before)
        if after is not None:
            self._gain(after)

    def get_pool(self, place: Place) -> Pool:
        """Return a resource on a day."""
        if self.later is not None:
            self._bring(place[1], place[1])
        return self._get_pool(place)

    def _get_pool(self, place: Place) -> Pool:
        pool = self._pools.get(place)
        if pool is None:
            assert self.openings is not None
            pool = self._pools[place] = make_pool(self.openings, place)
        return pool

    def _bring(self, first: int, last: int) -> None:
        """Have what begins from a local day to another, which are counted as ordinals."""
        assert self.openings is not None
        if self.later is not None:
            house = self.openings.house
            end_ms = house.to_ms(date.fromordinal(last + 1))
            self.later.bring_days(house.to_ms(date.fromordinal(first)), end_ms)

    def list_of_patient(self, patient: str) -> Collection[Booking]:
        """Return what somebody has booked or waits for."""
        if self.later is not None:
            self.later.bring_patient(patient)
        return self._by_patient.get(patient, ())

    def list_waiting(self, activity: str) -> Collection[Booking]:
        """Return who waits for a time of an activity."""
        return self._waiting.get(activity, _NOBODY).values()

    def list_moved(self, cause: str) -> Collection[Booking]:
        """Return what a breakdown moved."""
        if self.later is not None:
            self.later.bring_all()
        return self._moved.get(cause, _NOBODY).values()

    def list_of_unit(self, unit: str, first: date, last: date) -> Iterator[Booking]:
        """Yield what is booked on a unit from a local day to another."""
        assert self.openings is not None
        resource = self.openings.house.get_unit(unit).resource
        self._bring(first.toordinal(), last.toordinal())
        for day in range(first.toordinal(), last.toordinal() + 1):
            for booking in self._by_place.get((resource, day), _NOBODY).values():
                if booking.spot is not None and any(held.unit == unit for held in booking.spot.units):
                    yield booking

    def _gain(self, booking: Booking) -> None:
        self._by_patient[booking.patient] = (*self._by_patient.get(booking.patient, ()), booking)
        if booking.status == "waitlist":
            self._waiting.setdefault(booking.activity, {})[booking.id] = booking
        if booking.moved is not None:
            self._moved.setdefault(booking.moved.cause, {})[booking.id] = booking
        if self.openings is not None:
            self._count(booking, is_taken=True)

    def _lose(self, booking: Booking) -> None:
        others = tuple(one for one in self._by_patient.pop(booking.patient) if one.id != booking.id)
        if others:
            self._by_patient[booking.patient] = others
        _drop(self._waiting, booking.activity, booking.id)
        if booking.moved is not None:
            _drop(self._moved, booking.moved.cause, booking.id)
        if self.openings is not None:
            self._count(booking, is_taken=False)

    def _count(self, booking: Booking, *, is_taken: bool) -> None:
        assert self.openings is not None
        if booking.spot is None or not booking.spot.units:
            return
        day, mask = find_mask(self.openings.house, booking.spot, booking.minutes)
        for unit, layer in booking.spot.units:
            found = locate(self.openings, unit, day)
            if found is None:
                continue
            place, at = found
            if is_taken:
                self._get_pool(place).take(at, layer, mask)
                self._by_place.setdefault(place, {})[booking.id] = booking
            else:
                self._get_pool(place).give(at, layer, mask)
                _drop(self._by_place, place, booking.id)


def make_pool(openings: Openings, place: Place) -> Pool:
    """Return a resource on a day, with nothing booked."""
    resource, ordinal = place
    day = date.fromordinal(ordinal)
    n_open = openings.count_open(resource, day)
    return Pool(openings.list_masks(resource, day), n_open, openings.rules[resource])


def locate(openings: Openings, unit: str, day: date) -> tuple[Place, int] | None:
    """Return the pool of a unit and its place there; None if its time is not given out here."""
    card = openings.house.units.get(unit)
    if card is None or card.resource not in openings.rules:
        return None
    return (card.resource, day.toordinal()), card.number - 1


def find_mask(house: House, spot: Spot, minutes: int) -> tuple[date, int]:
    """Return the local day of a time and the slots it covers, those begun included."""
    day, minute = house.to_minute(spot.start_ms)
    first = minute // SLOT_MIN
    return day, make_mask(first, min(first + count_slots(minutes + minute % SLOT_MIN), N_SLOTS))


def _drop(table: dict[K, dict[str, Booking]], key: K, id_: str) -> None:
    """Take a booking out of a table, and its entry with the last one."""
    entry = table.get(key)
    if entry is not None and entry.pop(id_, None) is not None and not entry:
        del table[key]
