"""Calling: the order is fair, and whoever leaves it has a reason."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.live import MONDAY_MS
from tests.waiting import HOUR_MS, LINAC, MINUTE_MS, ROOMS, Day, make_booking, make_day

from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.booking.units import Down, Room
from oncopolis.operations.notices import Notice

AREA = "outpatient"


def call(day: Day, room: str = ROOMS[0], **said: object) -> str:
    return str(day.do("call", area=AREA, room=room, **said)["contact"])


def test_the_urgent_then_the_appointment_then_the_coming() -> None:
    booked = [
        make_booking("late", "p1", MONDAY_MS - HOUR_MS),
        make_booking("second", "p2", MONDAY_MS + 20 * MINUTE_MS),
        make_booking("first", "p3", MONDAY_MS + 10 * MINUTE_MS),
    ]
    day = make_day(*booked)
    names = {day.do("check_in", booking=one.id)["contact"]: one.id for one in booked}
    day.wait(15)
    names[day.check_in("p4").id] = "walked in"
    names[day.check_in("p5", priority=1).id] = "urgent"
    assert [names[call(day)] for _ in names] == ["urgent", "late", "first", "walked in", "second"]
    with pytest.raises(NotFoundError, match="OPS-115"):
        call(day)


def test_whoever_is_still_on_the_way_is_not_called() -> None:
    day = make_day()
    contact = day.check_in("p1")
    day.floor.put(replace(contact, asked_ms=day.at_ms + 5 * MINUTE_MS))
    with pytest.raises(NotFoundError, match="OPS-115"):
        call(day)
    day.wait(5)
    assert call(day) == contact.id


def test_only_those_who_wait_for_what_is_done_there() -> None:
    day = make_day()
    first = day.check_in("p1")
    with pytest.raises(NotFoundError, match="OPS-115"):
        call(day, activities=["operation"])
    assert call(day, activities=["consult"]) == first.id


def test_who_is_booked_with_one_doctor_is_not_called_by_another() -> None:
    booking = make_booking("b1", "p1", MONDAY_MS, units=("role.doctor.2", ROOMS[0]))
    day = make_day(booking)
    booked = day.do("check_in", booking="b1")["contact"]
    day.wait(1)
    other = day.check_in("p2").id
    assert call(day, ROOMS[1], posts=["role.doctor.1"]) == other
    assert call(day, ROOMS[1], posts=["role.doctor.2"]) == booked


def test_out_of_turn_needs_a_reason_that_is_kept() -> None:
    day = make_day()
    day.check_in("p1")
    day.wait(1)
    second = day.check_in("p2").id
    with pytest.raises(InputError, match="OPS-117"):
        call(day, contact=second)
    assert call(day, contact=second, reason="in pain") == second
    assert day.get(second).out_of_turn == "in pain"
    assert day.do("call", area=AREA, room=ROOMS[0], contact=second)["contact"] == second


def test_the_first_needs_no_reason() -> None:
    day = make_day()
    first = day.check_in("p1").id
    assert call(day, contact=first) == first


def test_a_room_that_is_down_or_no_room_is_refused() -> None:
    day = make_day(Room(ROOMS[1], Down("r1", MONDAY_MS, MONDAY_MS + HOUR_MS, "water")))
    day.check_in("p1")
    with pytest.raises(ConflictError, match="OPS-111"):
        call(day, ROOMS[1])
    with pytest.raises(InputError, match="OPS-113"):
        call(day, "role.doctor.1")
    with pytest.raises(NotFoundError, match="OPS-003"):
        call(day, "room.nowhere.1")


def test_areas_are_those_of_the_definition_and_of_the_contact() -> None:
    day = make_day()
    contact = day.check_in("p1").id
    with pytest.raises(NotFoundError, match="OPS-114"):
        day.do("call", area="nowhere", room=ROOMS[0])
    with pytest.raises(ConflictError, match="OPS-116"):
        day.do("call", area="radiotherapy", room=LINAC, contact=contact)


def test_calling_again_starts_the_time_to_answer_anew() -> None:
    day = make_day()
    contact = day.check_in("p1").id
    with pytest.raises(ConflictError, match="OPS-110"):
        day.do("recall", contact=contact)
    call(day)
    day.wait(9)
    day.do("recall", contact=contact)
    day.wait(9)
    with pytest.raises(ConflictError, match="OPS-120"):
        day.do("no_show", contact=contact)
    day.wait(1)
    day.do("no_show", contact=contact)
    assert [line.outcome for line in day.lines] == ["no_show"]


def test_a_transfer_keeps_the_time_waited() -> None:
    day = make_day()
    contact = day.check_in("p1")
    day.wait(30)
    other = day.check_in("p2", "fraction")
    day.do("call", area=AREA, room=ROOMS[0])
    answer = day.do("transfer", contact=contact.id, area="radiotherapy", activity="fraction")
    moved = day.get(contact.id)
    assert answer["before"] == 0
    assert (moved.state, moved.area, moved.activity, moved.room) == (
        "waiting",
        "radiotherapy",
        "fraction",
        None,
    )
    assert (moved.asked_ms, moved.order_ms) == (contact.asked_ms, contact.order_ms)
    assert day.do("call", area="radiotherapy", room=LINAC)["contact"] == moved.id
    with pytest.raises(NotFoundError, match="OPS-114"):
        day.do("transfer", contact=other.id, area="nowhere")


def test_whoever_steps_out_is_not_called_and_keeps_the_place() -> None:
    day = make_day()
    first = day.check_in("p1").id
    day.wait(1)
    second = day.check_in("p2").id
    day.do("step_out", contact=first)
    assert day.do("step_out", contact=first)["again"]
    assert call(day) == second
    with pytest.raises(NotFoundError, match="OPS-115"):
        call(day)
    with pytest.raises(ConflictError, match="OPS-110"):
        call(day, contact=first)
    day.wait(20)
    third = day.check_in("p3").id
    assert not day.do("return", contact=first)["again"]
    assert day.do("return", contact=first)["again"]
    assert [call(day), call(day)] == [first, third]


def test_triage_changes_the_rank_with_a_reason() -> None:
    day = make_day()
    day.check_in("p1")
    second = day.check_in("p2").id
    assert not day.do("triage", contact=second, priority=1, reason="fever")["again"]
    assert day.do("triage", contact=second, priority=1, reason="fever")["again"]
    assert call(day) == second
    assert day.get(second).out_of_turn == "fever"


@pytest.mark.parametrize(
    "do",
    [
        lambda day, id_: day.do("step_out", contact=id_),
        lambda day, id_: day.do("return", contact=id_),
        lambda day, id_: day.do("transfer", contact=id_, area=AREA),
        lambda day, id_: day.do("triage", contact=id_, priority=0, reason="fever"),
        lambda day, id_: day.do("recall", contact=id_),
        lambda day, id_: day.do("call", area=AREA, room=ROOMS[1], contact=id_),
    ],
)
def test_who_is_being_served_is_out_of_the_queue(do: Callable[[Day, str], object]) -> None:
    day = make_day()
    contact = day.check_in("p1").id
    day.serve(contact)
    with pytest.raises(ConflictError, match="OPS-110"):
        do(day, contact)


def test_who_checked_in_with_a_phone_is_told_to_come() -> None:
    day = make_day()
    for id_, patient, channel in (("b1", "p1", "phone"), ("b2", "p2", "kiosk")):
        day.floor.put(make_booking(id_, patient, day.at_ms, language="ru"))
        day.do("check_in", booking=id_, channel=channel)
    told = {}
    for patient in ("p1", "p2"):
        [contact] = [one for one in day.floor.list(Contact) if one.patient == patient]
        decision = day.decide("call", area="outpatient", room=ROOMS[0], contact=contact.id, reason="test")
        day.floor.put(*decision.puts)
        told[patient] = [one for one in decision.puts if isinstance(one, Notice)]
    assert told["p2"] == []
    [notice] = told["p1"]
    assert (notice.kind, notice.language, notice.place.number) == ("come", "ru", 1)
    assert notice.words.startswith("Пожалуйста, подойдите сейчас")
    [contact] = [one for one in day.floor.list(Contact) if one.patient == "p2"]
    again = day.decide("recall", contact=contact.id)
    assert [one.kind for one in again.puts if isinstance(one, Notice)] == ["come"]


def test_a_later_check_in_with_a_phone_counts_and_is_kept() -> None:
    day = make_day()
    day.check_in("p1", "fraction")
    day.floor.put(make_booking("b1", "p1", day.at_ms))
    day.do("check_in", booking="b1", channel="phone")
    [visit] = day.floor.list(Visit)
    assert visit.is_by_phone
    assert Visit.from_record(visit.to_record()) == visit
