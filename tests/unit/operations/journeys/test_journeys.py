"""What a patient's page is made of: today's stops in order, and what comes after."""

from datetime import date
from typing import Any

from tests.live import MONDAY_MS
from tests.waiting import DAY_MS, LINAC, MINUTE_MS, Day, make_booking, make_day

from oncopolis.operations.booking.views import Window
from oncopolis.operations.courses import Course
from oncopolis.operations.courses.trail import Mark
from oncopolis.operations.journeys import Interval, Today, find_today, list_ahead, list_areas

MORNING = MONDAY_MS + 30 * MINUTE_MS


def foretell(_floor: Any, contact: str, _at_ms: int) -> Interval | None:
    return (1.0, 2.0, 3.0) if contact else None


def look(day: Day, patient: str = "p1") -> Today:
    return find_today(day.floor, patient, day.at_ms, foretell)


def make_course(*marks: Mark, patient: str = "p1", **more: Any) -> Course:
    return Course(
        "c1", patient, "way", "care", 1, "Care", MONDAY_MS, "Practitioner/x", date(2027, 3, 1), "visit",
        marks=marks, **more,
    )  # fmt: skip


def make_mark(id_: str, activity: str, first: int = 0, last: int = 0) -> Mark:
    window = Window(date(2027, 3, first), date(2027, 3, first), date(2027, 3, last)) if first else None
    return Mark(id_, id_, id_, window, wanted=((activity, 1),))


def test_what_is_booked_is_in_the_order_of_its_time_with_the_way_between() -> None:
    later = make_booking("b2", "p1", MORNING + 120 * MINUTE_MS, activity="fraction", units=(LINAC,))
    day = make_day(make_booking("b1", "p1", MORNING, units=("room.consult-room.2",)), later,
                   make_booking("b3", "p1", MORNING + DAY_MS), make_booking("b4", "p2", MORNING))  # fmt: skip
    today = look(day)
    assert [(leg.id, leg.stop, leg.state, leg.walk_min) for leg in today.legs] == [
        ("b1", "consultation", "booked", None),
        ("b2", "treatment", "booked", 6.0),
    ]
    assert (today.number, today.legs[0].place.spot, today.legs[0].place.number) == ("", "room", 2)
    assert look(day, "p9") == Today("", ())


def test_a_phone_may_check_in_from_a_while_before_the_time() -> None:
    day = make_day(make_booking("b1", "p1", MORNING + 200 * MINUTE_MS))
    assert [leg.may_check_in for leg in look(day).legs] == [False]
    day.wait(190)
    assert [leg.may_check_in for leg in look(day).legs] == [True]


def test_who_waits_sees_how_many_are_before_until_they_are_called() -> None:
    day = make_day(make_booking("b1", "p1", MORNING))
    first = day.check_in("p2")
    contact = day.do("check_in", booking="b1")["contact"]
    [leg] = look(day).legs
    assert (leg.id, leg.state, leg.before, leg.wait) == (contact, "waiting", 1, (1.0, 2.0, 3.0))
    assert list_areas(day.floor, "p1") == ("outpatient",)
    assert look(day).number == day.get(contact).number
    day.serve(first.id)
    assert look(day).legs[0].before == 0
    day.do("call", area="outpatient", room="room.consult-room.3", contact=contact, reason="for the test")
    [leg] = look(day).legs
    assert (leg.state, leg.before, leg.wait, leg.place.number) == ("called", None, None, 3)
    assert list_areas(day.floor, "p1") == ()


def test_what_is_under_way_stands_before_what_waits_and_what_is_booked() -> None:
    day = make_day(make_booking("b1", "p1", MORNING), make_booking("b2", "p1", MORNING - 10 * MINUTE_MS))
    contact = day.do("check_in", booking="b1")["contact"]
    day.serve(contact)
    assert [leg.state for leg in look(day).legs] == ["served", "booked"]


def test_appointments_of_later_days_come_first_then_steps_without_one() -> None:
    booked = make_booking("b2", "p1", MORNING + 3 * DAY_MS, course="c1", step="beam")
    course = make_course(
        make_mark("beam", "fraction", 4, 5), make_mark("talk", "consult", 20, 24),
        make_mark("soon", "consult", 8, 8), make_mark("paper", "nothing of ours", 2, 3),
    )  # fmt: skip
    day = make_day(
        booked, make_booking("b1", "p1", MORNING), course, make_booking("b9", "p2", MORNING + DAY_MS)
    )
    ahead = list_ahead(day.floor, "p1", day.at_ms)
    assert [(one.id, one.stop, one.start_ms) for one in ahead] == [
        ("b2", "consultation", MORNING + 3 * DAY_MS),
        ("c1.soon", "consultation", None),
        ("c1.talk", "consultation", None),
    ]
    assert (ahead[2].earliest, ahead[2].latest) == (date(2027, 3, 20), date(2027, 3, 24))
    day.floor.drop(Course, "c1")
    assert [one.id for one in list_ahead(day.floor, "p1", day.at_ms)] == ["b2"]


def test_nobody_is_sent_anywhere_for_a_call() -> None:

    day = make_day(make_booking("b1", "p1", MORNING, activity="remote_contact"))
    [leg] = look(day).legs
    assert (leg.stop, leg.may_check_in, leg.walk_min) == ("call", False, None)
    assert leg.place.building is None
