"""Ends: not coming, not answering, walking out, and the end of the day; each visit ends once."""

from datetime import date

import pytest
from tests.live import MONDAY_MS
from tests.waiting import DAY_MS, HOUR_MS, LINAC, MINUTE_MS, ROOMS, list_beds, make_booking, make_day

from oncopolis.foundation import ConflictError, InputError
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.booking.views import Booking

AREA = "outpatient"


def test_no_answer_ends_the_contact_and_the_visit_with_it() -> None:
    day = make_day(make_booking("b1", "p1", MONDAY_MS))
    contact = day.do("check_in", booking="b1")["contact"]
    with pytest.raises(ConflictError, match="OPS-110"):
        day.do("no_show", contact=contact)
    day.do("call", area=AREA, room=ROOMS[0])
    day.wait(9)
    with pytest.raises(ConflictError, match="OPS-120"):
        day.do("no_show", contact=contact)
    day.wait(1)
    ended = day.decide("no_show", contact=contact)
    assert {
        type(view): getattr(view, "end", None) for view in ended.puts if not isinstance(view, Booking)
    } == {
        Contact: "no_show",
        Visit: "gave_up",
    }
    day.do("no_show", contact=contact)
    assert [(line.outcome, line.start_ms, line.end_ms) for line in day.lines] == [
        ("no_show", None, MONDAY_MS + 10 * MINUTE_MS)
    ]
    assert not list(day.floor.list(Booking))


def test_no_answer_leaves_what_is_waited_for_elsewhere() -> None:
    day = make_day()
    first, second = day.check_in("p1"), day.check_in("p1", "fraction")
    day.do("call", area=AREA, room=ROOMS[0])
    day.wait(10)
    day.do("no_show", contact=first.id)
    assert [visit.id for visit in day.floor.list(Visit)] == [second.visit]


def test_walking_out_ends_everything_and_frees_the_room() -> None:
    day = make_day(make_booking("b1", "p1", MONDAY_MS))
    contact = day.do("check_in", booking="b1")["contact"]
    day.serve(contact)
    visit = day.get(contact).visit
    day.wait(5)
    assert not day.do("leave", visit=visit, reason="bus")["again"]
    assert [(line.outcome, line.start_ms) for line in day.lines] == [("gave_up", MONDAY_MS)]
    assert not list(day.floor.list(Visit))
    other = day.check_in("p2").id
    day.serve(other)


def test_leaving_with_everything_done_is_no_walking_out() -> None:
    day = make_day()
    contact = day.check_in("p1")
    day.serve(contact.id)
    day.do("finish", contact=contact.id, more=True)
    (left,) = day.decide("leave", visit=contact.visit).puts
    assert isinstance(left, Visit)
    assert left.end == "done"
    day.floor._fetch = lambda _type, _id: left.to_record()
    day.floor.put(left)
    assert day.do("leave", visit=contact.visit)["again"]


def test_nobody_is_expected_for_ever() -> None:
    booked = [make_booking(f"b{i}", f"p{i}", MONDAY_MS + i * HOUR_MS, pathway="care") for i in range(3)]
    day = make_day(*booked)
    day.wait(60)
    assert day.do("close_no_shows")["closed"] == 0
    day.wait(61)
    assert day.do("close_no_shows", at_most=1)["closed"] == 1
    assert day.do("close_no_shows")["closed"] == 1
    assert [booking.id for booking in day.floor.list(Booking)] == ["b2"]
    assert [(line.case, line.outcome, line.planned_ms, line.asked_ms) for line in day.lines] == [
        ("p0", "no_show", MONDAY_MS, None),
        ("p1", "no_show", MONDAY_MS + HOUR_MS, None),
    ]


def test_whoever_is_inside_is_still_expected() -> None:
    day = make_day(make_booking("b1", "p1", MONDAY_MS))
    day.check_in("p1", "fraction")
    day.wait(3 * 60)
    assert day.do("close_no_shows")["closed"] == 0


def test_a_day_is_closed_with_one_end_for_every_visit() -> None:
    day = make_day(make_booking("b1", "p2", MONDAY_MS), *list_beds())
    served, waiting = day.check_in("p1"), day.do("check_in", booking="b1")["contact"]
    day.serve(served.id)
    third = day.check_in("p3")
    day.serve(third.id, ROOMS[1])
    day.do("finish", contact=third.id, more=True)
    day.wait(60)
    assert day.do("close_day") == {"closed": 0, "left": 0}
    with pytest.raises(InputError, match="OPS-121"):
        day.do("close_day", day="2027-03-02")
    day.at_ms += DAY_MS
    later = day.check_in("p4")
    assert day.do("close_day", at_most=1) == {"closed": 1, "left": 2}
    decision = day.decide("close_day")
    assert {view.patient: view.end for view in decision.puts if isinstance(view, Visit)} == {
        "p2": "sent_home",
        "p3": "done",
    }
    assert day.do("close_day") == {"closed": 2, "left": 0}
    assert [(line.case, line.outcome) for line in day.lines] == [
        ("p3", "done"), ("p1", "done"), ("p2", "sent_home"),
    ]  # fmt: skip
    assert [visit.patient for visit in day.floor.list(Visit)] == ["p4"]
    assert day.floor.find(Contact, waiting) is None
    assert day.do("close_day", day=date(2027, 3, 2))["closed"] == 1
    assert day.floor.find(Contact, later.id) is None


def test_who_waits_from_a_ward_is_sent_back_when_the_day_is_closed() -> None:
    day = make_day(*list_beds())
    day.do("admit", patient="p1", activity="stay")
    waiting, served = day.check_in("p1", "fraction"), day.check_in("p1", "consult")
    day.serve(served.id, ROOMS[0])
    day.at_ms += DAY_MS
    day.do("close_day")
    assert {line.activity: line.outcome for line in day.lines} == {"fraction": "sent_home", "consult": "done"}
    assert day.floor.find(Contact, waiting.id) is None


def test_a_machine_is_free_again_when_the_day_is_closed() -> None:
    day = make_day()
    contact = day.check_in("p1", "fraction")
    day.serve(contact.id, LINAC)
    day.at_ms += DAY_MS
    day.do("close_day")
    day.serve(day.check_in("p2", "fraction").id, LINAC)


def test_who_leaves_the_bed_for_good_waits_nowhere_any_more() -> None:
    day = make_day(*list_beds(), make_booking("b1", "p1", MONDAY_MS, activity="fraction"))
    stay = day.do("admit", patient="p1", activity="stay")["stay"]
    waiting, served = day.do("check_in", booking="b1")["contact"], day.check_in("p1", "consult")
    day.serve(served.id, ROOMS[0])
    day.do("discharge", stay=stay)
    with pytest.raises(ConflictError, match="OPS-118"):
        day.do("left_bed", stay=stay)
    day.do("finish", contact=served.id)
    day.do("left_bed", stay=stay)
    assert {line.activity: line.outcome for line in day.lines} == {
        "consult": "done", "stay": "done", "fraction": "cancelled",
    }  # fmt: skip
    assert day.floor.find(Contact, waiting) is None
    assert not list(day.floor.list(Booking))
