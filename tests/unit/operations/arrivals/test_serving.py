"""Serving: what it takes is free and works, what it ends is written down, and what is next is opened."""

import pytest
from tests.live import MONDAY_MS
from tests.waiting import DAY_MS, HOUR_MS, LINAC, MINUTE_MS, ROOMS, list_beds, make_booking, make_day

from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.booking.units import Down, Machine
from oncopolis.operations.booking.views import Booking
from oncopolis.record.store.journal import JournalLine

AREA = "outpatient"


def test_a_contact_holds_its_room_until_it_is_over_and_leaves_one_line() -> None:
    booking = make_booking("b1", "p1", MONDAY_MS + 10 * MINUTE_MS, pathway="care", step="visit")
    day = make_day(booking)
    contact = day.do("check_in", booking="b1")["contact"]
    day.wait(12)
    day.serve(contact)
    assert set(day.get(contact).list_claims()) == {("served", "p1"), ("use", ROOMS[0])}
    day.wait(25)
    answer = day.do("finish", contact=contact)
    assert answer == {"contact": contact, "next": None, "again": False}
    start_ms = MONDAY_MS + 12 * MINUTE_MS
    assert day.lines == [
        JournalLine(
            "p1", "care", "visit", "consult", "consult_room", MONDAY_MS + 10 * MINUTE_MS, MONDAY_MS, start_ms,
            start_ms + 25 * MINUTE_MS, "done",
        )
    ]  # fmt: skip
    assert day.floor.to_state().get("Visit") in (None, {})
    assert not list(day.floor.list(Contact))
    assert not list(day.floor.list(Booking))


def test_started_again_it_is_started() -> None:
    day = make_day()
    contact = day.check_in("p1").id
    day.serve(contact)
    day.wait(1)
    before = day.floor.to_state()
    assert day.do("start", contact=contact)["again"]
    assert day.floor.to_state() == before


def test_finished_again_it_is_finished() -> None:
    day = make_day()
    contact = day.check_in("p1").id
    day.serve(contact)
    done = next(view for view in day.decide("finish", contact=contact).puts if isinstance(view, Contact))
    day.do("finish", contact=contact)
    with pytest.raises(NotFoundError, match="OPS-001"):
        day.do("finish", contact=contact)
    day.floor._fetch = lambda _type, _id: done.to_record()
    assert day.do("finish", contact=contact)["again"]


def test_a_room_in_use_is_refused() -> None:
    day = make_day()
    first, second = day.check_in("p1").id, day.check_in("p2").id
    day.serve(first)
    day.do("call", area=AREA, room=ROOMS[0])
    with pytest.raises(ConflictError, match="OPS-112"):
        day.do("start", contact=second)
    day.do("start", contact=second, units=[ROOMS[1]])
    assert day.get(second).units == (ROOMS[1],)


def test_a_machine_that_is_down_is_refused() -> None:
    down = Machine(LINAC, Down("r1", MONDAY_MS, MONDAY_MS + HOUR_MS, "fault"))
    booking = make_booking("b1", "p1", MONDAY_MS, activity="fraction", units=(LINAC,))
    day = make_day(down, booking)
    contact = day.do("check_in", booking="b1")["contact"]
    with pytest.raises(ConflictError, match="OPS-111"):
        day.do("start", contact=contact)
    day.floor.put(Machine(LINAC))
    day.do("start", contact=contact)
    assert day.get(contact).units == (LINAC,)


def test_another_machine_of_the_kind_stands_for_the_booked_one() -> None:
    booking = make_booking("b1", "p1", MONDAY_MS, activity="fraction", units=(LINAC,))
    day = make_day(booking)
    contact = day.do("check_in", booking="b1")["contact"]
    day.serve(contact, "machine.linac.2")
    assert day.get(contact).units == ("machine.linac.2",)


def test_nobody_is_served_in_two_places() -> None:
    day = make_day()
    first, second = day.check_in("p1").id, day.check_in("p1", "operation").id
    day.serve(first)
    with pytest.raises(ConflictError, match="OPS-118"):
        day.do("start", contact=second, units=["room.theatre.1"])


def test_somewhere_is_needed_and_who_is_away_comes_back_first() -> None:
    day = make_day()
    contact = day.check_in("p1").id
    with pytest.raises(InputError, match="OPS-119"):
        day.do("start", contact=contact)
    day.do("step_out", contact=contact)
    with pytest.raises(ConflictError, match="OPS-110"):
        day.do("start", contact=contact, units=[ROOMS[0]])
    with pytest.raises(ConflictError, match="OPS-110"):
        day.do("finish", contact=contact)


def test_the_next_appointment_is_waited_for_after_the_walk() -> None:
    soon = make_booking("b2", "p1", MONDAY_MS + 90 * MINUTE_MS, activity="fraction", units=(LINAC,))
    day = make_day(make_booking("b1", "p1", MONDAY_MS), soon)
    contact = day.do("check_in", booking="b1")["contact"]
    day.serve(contact)
    day.wait(30)
    following = day.get(day.do("finish", contact=contact)["next"])
    assert (following.booking, following.area, following.state) == ("b2", "radiotherapy", "waiting")
    assert following.asked_ms == day.at_ms + 6 * MINUTE_MS
    assert len(list(day.floor.list(Visit))) == 1
    day.wait(10)
    day.serve(following.id, LINAC)
    day.do("finish", contact=following.id)
    assert not list(day.floor.list(Visit))


def test_what_is_later_today_keeps_the_visit_open_and_what_is_tomorrow_does_not() -> None:
    later = make_booking("b2", "p1", MONDAY_MS + 5 * HOUR_MS)
    day = make_day(later, make_booking("b3", "p2", MONDAY_MS + DAY_MS))
    first, other = day.check_in("p1").id, day.check_in("p2").id
    for contact, room in ((first, ROOMS[0]), (other, ROOMS[1])):
        day.serve(contact, room)
        assert day.do("finish", contact=contact)["next"] is None
    assert [visit.patient for visit in day.floor.list(Visit)] == ["p1"]


def test_more_to_be_done_keeps_the_visit_open() -> None:
    day = make_day()
    contact = day.check_in("p1")
    day.serve(contact.id)
    day.do("finish", contact=contact.id, more=True)
    assert [visit.id for visit in day.floor.list(Visit)] == [contact.visit]
    assert day.check_in("p1", "fraction").visit == contact.visit


def test_whoever_waits_elsewhere_too_goes_on_there() -> None:
    day = make_day()
    first, second = day.check_in("p1"), day.check_in("p1", "fraction")
    day.serve(first.id)
    day.do("finish", contact=first.id)
    assert day.get(second.id).state == "waiting"
    assert list(day.floor.list(Visit))


def test_clocks_that_go_back_make_no_negative_times() -> None:
    day = make_day()
    contact = day.check_in("p1").id
    day.wait(-30)
    day.serve(contact)
    day.wait(-30)
    day.do("finish", contact=contact)
    (line,) = day.lines
    assert line.asked_ms == line.start_ms == line.end_ms == MONDAY_MS


def test_somebody_from_a_ward_goes_back_without_a_visit() -> None:
    day = make_day(*list_beds())
    day.do("admit", patient="p1", activity="stay")
    contact = day.check_in("p1", "fraction").id
    day.serve(contact, LINAC)
    day.do("finish", contact=contact)
    assert [line.activity for line in day.lines] == ["fraction"]
