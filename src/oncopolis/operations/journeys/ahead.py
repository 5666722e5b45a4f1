"""What comes after today: appointments that are made, and steps of the course for which none is made yet."""

from dataclasses import dataclass
from datetime import date

from oncopolis.operations.booking.diary import Diary
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.courses.indexes import Courses
from oncopolis.operations.floor import Floor
from oncopolis.operations.notices.naming import ELSEWHERE, NOWHERE, Place, Stop, find_place, find_stop

MOST = 12  # structure: more than a page of a phone needs


@dataclass(frozen=True, slots=True)
class Ahead:
    """Something that comes.

    Parameters
    ----------
    activity
        What it is; shown to nobody who was not told.
    start_ms
        Time of the appointment, milliseconds since 1970 (UTC); None where none is made yet.
    earliest, latest
        Days between which it is to be, where no appointment is made yet.
    """

    id: str
    activity: str
    stop: Stop
    place: Place
    start_ms: int | None = None
    earliest: date | None = None
    latest: date | None = None


def list_ahead(floor: Floor, patient: str, at_ms: int) -> list[Ahead]:
    """Return what comes, the first first: appointments from tomorrow on, then steps without one."""
    today = floor.house.to_local(at_ms).date()
    booked = [one for one in floor.index(Diary).list_of_patient(patient) if one.spot is not None]
    later = [one for one in booked if floor.house.to_local(one.start_ms).date() > today]
    made = [_read(floor, one) for one in sorted(later, key=lambda one: (one.start_ms, one.id))]
    return (made + _list_open(floor, patient, {(one.course, one.step) for one in booked}))[:MOST]


def _read(floor: Floor, booking: Booking) -> Ahead:
    stop, place = find_stop_and_place(floor, booking.activity)
    return Ahead(booking.id, booking.activity, stop, place, start_ms=booking.start_ms)


def _list_open(floor: Floor, patient: str, booked: set[tuple[str, str]]) -> list[Ahead]:
    """Steps for which somebody has to come and has no appointment yet."""
    found: list[Ahead] = []
    for course in floor.index(Courses).list_of(patient):
        for mark in course.list_open():
            wanted = next((name for name, _ in mark.list_left() if _is_contact(floor, name)), None)
            if wanted is None or (course.id, mark.id) in booked or (course.id, mark.step) in booked:
                continue
            stop, place = find_stop_and_place(floor, wanted)
            window = mark.window
            found.append(
                Ahead(
                    f"{course.id}.{mark.id}", wanted, stop, place,
                    earliest=window.earliest if window else None, latest=window.latest if window else None,
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: (one.earliest is None, one.earliest or date.min, one.id))


def find_stop_and_place(floor: Floor, activity: str) -> tuple[Stop, Place]:
    """Return what may be said of an activity: its kind, and where it is."""
    stop, card = find_stop(floor.house, activity), floor.house.cards.get(activity)
    is_here = stop not in ELSEWHERE and card is not None
    return stop, find_place(floor.house, card.department) if is_here and card is not None else NOWHERE


def _is_contact(floor: Floor, activity: str) -> bool:
    card = floor.house.cards.get(activity)
    return card is not None and card.is_contact
