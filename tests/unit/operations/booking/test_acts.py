"""Booking, moving, cancelling, and the waiting list."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from tests.booked import MONDAY, act, at, fill, get_booked_house, perform, tell
from tests.live import make_floor

from oncopolis.foundation import ConflictError, NotFoundError
from oncopolis.operations import Floor
from oncopolis.operations.booking import Booking, Spot
from oncopolis.operations.notices import Notice

EARLY = at("7:00")
ME: dict[str, Any] = {"patient": "me", "activity": "consult"}


@pytest.fixture
def floor() -> Floor:
    return make_floor(house=get_booked_house())


def get(floor: Floor, id_: str) -> Booking:
    return floor.get(Booking, id_)


def test_an_appointment_is_booked_with_what_was_said_and_the_patient_is_told(floor: Floor) -> None:
    said = ME | {"course": "c1", "pathway": "care", "step": "visit", "priority": 3, "language": "uz"}
    decision = perform(floor, "book", EARLY, **said, minutes=45)
    booking = get(floor, decision.answer["booking"])
    assert (booking.minutes, booking.priority, booking.course, booking.step) == (45, 3, "c1", "visit")
    assert decision.answer["start_ms"] == booking.start_ms == at("8:00")
    (notice,) = [view for view in decision.puts if isinstance(view, Notice)]
    assert (notice.kind, notice.patient, notice.language, notice.booking) == (
        "booked",
        "me",
        "uz",
        booking.id,
    )
    assert not [view for view in perform(floor, "book", EARLY, patient="me", activity="report").puts
                if isinstance(view, Notice)]  # fmt: skip


def test_a_stated_time_is_booked_or_refused(floor: Floor) -> None:
    assert act(floor, "book", EARLY, **ME, start_ms=at("10:00"))["start_ms"] == at("10:00")
    fill(floor, "consult", 2, EARLY, start_ms=at("10:00"))
    with pytest.raises(ConflictError, match="OPS-046"):
        act(floor, "book", EARLY, patient="you", activity="consult", start_ms=at("10:00"))
    with pytest.raises(ConflictError, match="OPS-044"):
        act(floor, "book", EARLY, **ME, start_ms=at("10:15"))


def test_what_is_asked_is_checked_before() -> None:
    for wrong in ({"minutes": 0}, {"priority": 10}, {"patient": "a b"}, {"part": "night"}, {"unknown": 1}):
        with pytest.raises(ValidationError):
            act(make_floor(house=get_booked_house()), "book", EARLY, **(ME | wrong))


def test_an_appointment_is_moved_with_its_units_if_they_are_free(floor: Floor) -> None:
    booked = act(floor, "book", EARLY, **ME, units=["role.doctor.2"])
    moved = perform(floor, "move", EARLY, booking=booked["booking"], start_ms=at("8:15"))
    assert moved.answer["start_ms"] == at("8:15")  # Its own time is no obstacle.
    assert "role.doctor.2" in moved.answer["units"]
    assert [view.kind for view in moved.puts if isinstance(view, Notice)] == ["moved"]
    later = act(floor, "move", EARLY, booking=booked["booking"], earliest="2027-03-08", part="afternoon")
    assert tell(later["start_ms"]) == "03-08 13:00"
    assert len(list(floor.list(Booking))) == 1


@pytest.mark.parametrize("status", ["arrived", "checked-in"])
def test_who_is_here_is_neither_moved_nor_cancelled(floor: Floor, status: Any) -> None:
    floor.put(Booking("b", "me", "consult", status, 30, 0, spot=Spot(at("8:00"))))
    for name, said in (("move", {}), ("cancel", {"reason": "ill"})):
        with pytest.raises(ConflictError, match="OPS-050"):
            act(floor, name, EARLY, booking="b", **said)
    with pytest.raises(NotFoundError, match="OPS-001"):
        act(floor, "cancel", EARLY, booking="nothing", reason="ill")


def test_a_turn_is_not_moved_to_a_day_of_another(floor: Floor) -> None:
    series = act(floor, "book_series", EARLY, patient="me", activity="fraction", n=3, workdays=True)
    first = series["bookings"][0]["booking"]
    moved = act(floor, "move", EARLY, booking=first, earliest=str(MONDAY + timedelta(days=1)))
    assert tell(moved["start_ms"]).startswith("03-04")


def test_cancelling_writes_a_line_and_frees_the_time(floor: Floor) -> None:
    booked = act(floor, "book", EARLY, **ME, pathway="care", step="visit")
    gone = perform(floor, "cancel", at("7:30"), booking=booked["booking"], reason="ill")
    (line,) = gone.lines
    assert (line.case, line.pathway, line.step, line.outcome) == ("me", "care", "visit", "cancelled")
    assert (line.planned_ms, line.end_ms, line.resource) == (at("8:00"), at("7:30"), "consult_room")
    assert list(floor.list(Booking)) == []
    assert [view.kind for view in gone.puts if isinstance(view, Notice)] == ["cancelled"]
    again = act(floor, "book", EARLY, **ME)
    silent = perform(floor, "cancel", EARLY, booking=again["booking"], reason="died")
    assert not [view for view in silent.puts if isinstance(view, Notice)]
    silent = perform(floor, "cancel", EARLY, booking=wait(floor, "me"), reason="patient")
    assert silent.lines == ()
    assert not [view for view in silent.puts if isinstance(view, Notice)]


def test_the_rest_of_a_series_is_cancelled_with_a_turn(floor: Floor) -> None:
    series = act(floor, "book_series", EARLY, patient="me", activity="fraction", n=5, workdays=True)
    ids = [one["booking"] for one in series["bookings"]]
    gone = act(floor, "cancel", EARLY, booking=ids[2], reason="course", rest=True)
    assert gone["cancelled"] == ids[2:]
    assert {one.id for one in floor.list(Booking)} == set(ids[:2])


def wait(floor: Floor, patient: str, **more: Any) -> str:
    said = {"patient": patient, "activity": "operation", "reason": "full", "latest": str(MONDAY)} | more
    return str(act(floor, "await", EARLY + len(list(floor.list(Booking))), **said)["booking"])


def test_what_is_freed_is_offered_by_rank_and_to_who_waits_longest(floor: Floor) -> None:
    booked = fill(floor, "operation", 4, EARLY)
    later = wait(floor, "later", earliest=str(MONDAY + timedelta(days=1)), latest=None)
    known = wait(floor, "unready", reason="result")
    first, urgent = wait(floor, "first"), wait(floor, "urgent", priority=2)
    gone = act(floor, "cancel", EARLY, booking=booked[1]["booking"], reason="patient")
    assert gone["offered"] == [urgent]
    assert get(floor, urgent).offer is not None
    passed = act(floor, "decline", EARLY, booking=urgent)
    assert passed["offered"] == [first]
    assert get(floor, urgent).offer is None
    taken = perform(floor, "accept", EARLY, booking=first)
    assert taken.answer["start_ms"] == booked[1]["start_ms"]
    assert (get(floor, first).status, get(floor, first).reason, get(floor, first).offer) == (
        "booked",
        "",
        None,
    )
    assert [view.kind for view in taken.puts if isinstance(view, Notice)] == ["booked"]
    assert get(floor, later).offer is get(floor, known).offer is None


def test_moving_away_frees_a_time_too(floor: Floor) -> None:
    booked = fill(floor, "operation", 4, EARLY)
    waiting = wait(floor, "me")
    moved = act(floor, "move", EARLY, booking=booked[0]["booking"], earliest=str(MONDAY + timedelta(days=1)))
    assert moved["offered"] == [waiting]


def test_an_offer_holds_nothing(floor: Floor) -> None:
    booked = fill(floor, "operation", 4, EARLY)
    waiting = wait(floor, "me")
    act(floor, "cancel", EARLY, booking=booked[0]["booking"], reason="patient")
    act(floor, "book", EARLY, patient="quick", activity="operation", start_ms=booked[0]["start_ms"])
    with pytest.raises(ConflictError, match="OPS-053"):
        act(floor, "accept", EARLY, booking=waiting)
    assert get(floor, waiting).status == "waitlist"


def test_only_who_waits_is_offered_something_and_only_what_was_offered_is_taken(floor: Floor) -> None:
    booked = act(floor, "book", EARLY, **ME)["booking"]
    with pytest.raises(ConflictError, match="OPS-051"):
        act(floor, "offer", EARLY, booking=booked)
    waiting = wait(floor, "you")
    with pytest.raises(ConflictError, match="OPS-052"):
        act(floor, "accept", EARLY, booking=waiting)
    act(floor, "offer", EARLY, booking=waiting)
    assert tell(act(floor, "accept", EARLY, booking=waiting)["start_ms"]) == "03-01 08:00"


def test_who_is_offered_a_time_is_told_in_neutral_words(floor: Floor) -> None:
    waiting = act(floor, "await", EARLY, **ME, reason="wish", language="uz")["booking"]
    offered = perform(floor, "offer", EARLY, booking=waiting, start_ms=at("10:00"))
    [notice] = [view for view in offered.puts if isinstance(view, Notice)]
    assert (notice.kind, notice.patient, notice.start_ms) == ("offered", "me", at("10:00"))
    assert "10:00" in notice.words
    assert "band qilib qo‘yilmagan" in notice.words
    [message] = offered.sends
    assert message.payload == {"notice": notice.id}


def test_who_is_offered_what_another_gave_up_is_told(floor: Floor) -> None:
    booked = act(floor, "book", EARLY, patient="other", activity="consult")["booking"]
    waiting = act(floor, "await", EARLY, **ME, reason="full")["booking"]
    gone = perform(floor, "cancel", EARLY, booking=booked, reason="patient")
    assert gone.answer["offered"] == [waiting]
    told = {view.patient: view.kind for view in gone.puts if isinstance(view, Notice)}
    assert told == {"other": "cancelled", "me": "offered"}
