"""A course together with what others do: appointments, visits, nobody coming, a course that ends."""

from tests.courses import Walk

from oncopolis.operations.booking import Booking
from oncopolis.operations.courses import Course, list_work

HOUR_MS, MINUTE_MS = 3_600_000, 60_000


def book(walk: Walk, course: Course) -> Booking:
    """The first visit, an hour from now."""
    pick = {"step": "visit", "activity": "consult", "start_ms": walk.at_ms + HOUR_MS}
    decision = walk.do("confirm_course", course=course.id, picks=[pick])
    return next(view for view in decision.puts if isinstance(view, Booking))


def test_a_visit_marks_its_step() -> None:
    walk = Walk()
    course = walk.start()
    booking = book(walk, course)
    assert booking.spot is not None
    room = booking.spot.units[0].unit
    walk.at_ms += HOUR_MS - 10 * MINUTE_MS
    contact = walk.do("check_in", booking=booking.id).answer["contact"]
    walk.do("call", contact=contact, area="outpatient", room=room)
    walk.do("start", contact=contact, units=[room])
    walk.at_ms += 30 * MINUTE_MS
    decision = walk.do("finish", contact=contact)
    (line,) = decision.lines
    assert (line.pathway, line.step, line.activity, line.outcome) == ("care", "visit", "consult", "done")
    course = walk.get(course)
    assert course.at == "report"
    (done,) = course.marks[0].done
    assert (done.activity, done.source, done.at_ms) == ("consult", f"Encounter/{contact}", walk.at_ms)


def test_who_does_not_come_is_to_be_booked_again() -> None:
    walk = Walk()
    course = walk.start()
    book(walk, course)
    assert [item.kind for item in list_work(walk.floor, walk.moment().day)] == ["do"]
    walk.pass_days(1)
    walk.do("close_no_shows")
    assert walk.get(course).at == "visit"
    (item,) = list_work(walk.floor, walk.moment().day)
    assert (item.kind, item.count_days_left(walk.moment().day)) == ("book", -1)


def test_two_courses_of_one_patient_keep_out_of_each_others_way() -> None:
    walk = Walk()
    one = book(walk, walk.start())
    other = walk.start(pathway="other")
    said = walk.do("propose_course", course=other.id).answer["proposal"][0]
    starts = [stop["start_ms"] for stop in said["stops"]]
    assert starts
    assert all(abs(start - one.start_ms) >= 30 * MINUTE_MS for start in starts)


def test_with_a_course_its_appointments_go_and_those_of_another_stay() -> None:
    walk = Walk()
    first, second = walk.start(), walk.start(pathway="other")
    kept = book(walk, second)
    walk.at_ms += 2 * HOUR_MS
    gone = book(walk, first)
    walk.do("end_course", course=first.id, reason="wish of the patient", cancels=True)
    assert walk.floor.find(Booking, gone.id) is None
    assert walk.floor.find(Booking, kept.id) == kept
    assert walk.get(second).is_open


def test_a_clock_that_is_behind_ends_no_course_before_it_began() -> None:
    walk = Walk()
    course = walk.start(pathway="late")
    walk.at_ms -= HOUR_MS
    (ended,) = walk.do("end_course", course=course.id, reason="mistake", cancels=True).puts
    assert isinstance(ended, Course)
    assert ended.ended_ms == course.started_ms
