"""What others tell a course: that something booked for it has taken place."""

from dataclasses import replace

from oncopolis.operations.booking.views import Booking
from oncopolis.operations.courses.doing import add_done, close_mark, find_or_make_mark, want_what_was_done
from oncopolis.operations.courses.indexes import Booked
from oncopolis.operations.courses.trail import Done
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.floor import Floor


def mark_done(floor: Floor, booking: Booking, at_ms: int, source: str = "") -> Course | None:
    """Return the course of a booking that has taken place, as it is from then on.

    Parameters
    ----------
    at_ms
        When it ended, milliseconds since 1970 (UTC).
    source
        The record that says so, ``Encounter/<id>``.

    Returns
    -------
    Course or None
        None where it belongs to no course that is open, and where that was already told.
    """
    course = floor.find(Course, booking.course) if booking.course else None
    if course is None:
        return None
    way = get_way(floor, course)
    mark = find_or_make_mark(way, course, booking.step)
    if mark is None or any(source and done.source == source for done in mark.done):
        return None
    done = Done(at_ms, floor.house.to_local(at_ms).date(), booking.activity, source)
    course = add_done(way, course, mark, done, floor.house)
    mark = course.find_mark(mark.id)
    if mark is not None and mark.is_open and not mark.wanted and not _is_more_booked(floor, booking):
        course = close_mark(way, course, replace(want_what_was_done(mark), times=1))
    return course


def _is_more_booked(floor: Floor, booking: Booking) -> bool:
    """Whether anything else is booked for the same step."""
    others = floor.index(Booked).list_of(booking.course)
    return any(other.step == booking.step and other.id != booking.id for other in others)
