"""Breakdowns: who is moved where, who waits, who is told, and how it is undone."""

from datetime import timedelta
from typing import Any

import pytest
from tests.booked import MONDAY, act, at, fill, get_booked_house, perform, tell
from tests.live import make_floor

from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.operations import Floor
from oncopolis.operations.booking import Booking, Held, Machine, Room, Spot
from oncopolis.operations.notices import Notice

EARLY = at("7:00")
LINAC = "machine.linac.1"


@pytest.fixture
def floor() -> Floor:
    floor = make_floor(house=get_booked_house())
    floor.put(*(Machine(f"machine.linac.{n}") for n in (1, 2)), Room("room.theatre.1"))
    return floor


def report(floor: Floor, unit: str = LINAC, until: int = at("18:00"), now: int = EARLY, **more: Any) -> Any:
    return perform(floor, "report_down", now, unit=unit, reason="fault", until_ms=until, **more)


def get(floor: Floor, id_: str) -> Booking:
    return floor.get(Booking, id_)


def test_who_is_booked_goes_to_another_machine_on_the_same_day_and_is_told(floor: Floor) -> None:
    booked = fill(floor, "fraction", 4, EARLY)
    hit = [one["booking"] for one in booked if LINAC in one["units"]]
    decision = report(floor)
    assert [one["booking"] for one in decision.answer["moved"]] == hit
    assert decision.answer["waiting"] == []
    for id_ in hit:
        moved = get(floor, id_)
        assert moved.spot is not None
        assert "machine.linac.2" in {held.unit for held in moved.spot.units}
        assert tell(moved.start_ms).startswith("03-01")
    notices = [view for view in decision.puts if isinstance(view, Notice)]
    assert {(one.kind, one.booking) for one in notices} == {("moved", id_) for id_ in hit}
    down = floor.get(Machine, LINAC).down
    assert down is not None
    assert (down.reason, down.since_ms, down.until_ms) == ("fault", EARLY, at("18:00"))


def test_only_those_booked_while_it_is_out_of_order_are_moved(floor: Floor) -> None:
    for time in ("8:00", "10:00", "14:00"):
        floor.put(Booking(time, time, "fraction", "booked", 15, 0, spot=Spot(at(time), (Held(LINAC),))))
    answer = report(floor, until=at("14:00"), now=at("9:00")).answer
    assert [one["booking"] for one in answer["moved"]] == ["10:00"]


def test_who_is_here_already_is_told_to_the_clinic(floor: Floor) -> None:
    floor.put(Booking("b", "me", "fraction", "arrived", 15, 0, spot=Spot(at("9:00"), (Held(LINAC),))))
    answer = report(floor, now=at("8:50")).answer
    assert (answer["inside"], answer["moved"]) == (["b"], [])


def test_the_urgent_go_first_then_turns_of_series_then_the_others(floor: Floor) -> None:
    theatre = (Held("room.theatre.1"),)
    for hour, id_, more in (
        (8, "plain", {}), (10, "turn", {"series": "s", "turn": 1}), (13, "urgent", {"priority": 1}),
    ):  # fmt: skip
        floor.put(
            Booking(id_, id_, "operation", "booked", 120, 0, spot=Spot(at(f"{hour}:00"), theatre), **more)
        )
    # Tuesday and Wednesday have time for one of them each.
    for day in (MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)):
        floor.put(Booking(f"{day}", "x", "operation", "booked", 480, 0, spot=Spot(at("10:00", day), theatre)))
    answer = report(floor, "room.theatre.1").answer
    assert [(one["booking"], tell(one["to_ms"])[:5]) for one in answer["moved"]] == [
        ("urgent", "03-02"), ("turn", "03-03"), ("plain", "03-04"),
    ]  # fmt: skip


def test_a_turn_that_finds_no_time_on_its_day_goes_after_the_others_and_the_gap_is_counted(
    floor: Floor,
) -> None:
    series = act(floor, "book_series", EARLY, patient="me", activity="fraction", n=3, workdays=True)
    report(floor, "machine.linac.2", at("18:00"))
    answer = report(floor, "machine.linac.1", at("18:00")).answer
    first = get(floor, series["bookings"][0]["booking"])
    assert tell(first.start_ms).startswith("03-04")
    assert answer["gaps"] == {first.series: 1}
    assert len({get_booked_house().to_minute(one.start_ms)[0] for one in floor.list(Booking)}) == 3


def test_who_cannot_be_moved_waits_with_the_reason_and_is_offered_a_time_when_it_is_back(
    floor: Floor,
) -> None:
    (booked,) = fill(floor, "operation", 1, EARLY, latest=str(MONDAY))
    decision = report(floor, "room.theatre.1")
    assert decision.answer["waiting"] == [booked["booking"]]
    waiting = get(floor, booked["booking"])
    assert (waiting.status, waiting.reason, waiting.spot) == ("waitlist", "breakdown", None)
    (notice,) = [view for view in decision.puts if isinstance(view, Notice)]
    assert (notice.kind, notice.start_ms) == ("down", booked["start_ms"])
    up = act(floor, "report_up", at("9:00"), unit="room.theatre.1")
    assert up["offered"] == [booked["booking"]]
    assert floor.get(Room, "room.theatre.1").down is None
    taken = act(floor, "accept", at("9:00"), booking=booked["booking"])
    assert tell(taken["start_ms"]) == "03-01 09:00"


def test_what_another_system_booked_for_something_unknown_waits_and_comes_back(floor: Floor) -> None:
    foreign = Booking("b", "me", "", "booked", 15, 0, spot=Spot(at("9:00"), (Held(LINAC),)))
    floor.put(foreign)
    answer = report(floor).answer
    assert answer["waiting"] == ["b"]
    other = make_floor(*floor.list(Booking), *floor.list(Machine), house=get_booked_house())
    assert act(other, "report_up", EARLY, unit=LINAC)["offered"] == []
    assert act(floor, "undo_down", EARLY, report=answer["report"])["back"] == ["b"]
    assert get(floor, "b") == foreign


def test_saying_anew_when_it_is_back_moves_who_is_booked_by_then(floor: Floor) -> None:
    first = report(floor, until=at("10:00")).answer["report"]
    fill(floor, "fraction", 1, EARLY, start_ms=at("11:00"))
    floor.put(Booking("b", "me", "fraction", "booked", 15, 0, spot=Spot(at("12:00"), (Held(LINAC),))))
    again = report(floor, until=at("13:00")).answer
    assert again["report"] == first
    assert "b" in [one["booking"] for one in again["moved"]]


def test_one_tap_brings_everything_back(floor: Floor) -> None:
    booked = fill(floor, "fraction", 8, EARLY)
    before = {one.id: one for one in floor.list(Booking)}
    decision = report(floor)
    assert {one.id: one for one in floor.list(Booking)} != before
    undone = perform(floor, "undo_down", EARLY + 60_000, report=decision.answer["report"])
    assert {one.id: one for one in floor.list(Booking)} == before
    assert undone.answer["stay"] == []
    assert set(undone.answer["back"]) == {one["booking"] for one in booked if LINAC in one["units"]}
    assert floor.get(Machine, LINAC).down is None
    # Nobody was told yet: what would have been told is taken back.
    assert {view.state for view in undone.puts if isinstance(view, Notice)} == {"withdrawn"}
    with pytest.raises(NotFoundError, match="OPS-153"):
        act(floor, "undo_down", EARLY, report=decision.answer["report"])


def test_who_was_told_is_told_again_when_it_is_undone(floor: Floor) -> None:
    fill(floor, "fraction", 1, EARLY)
    decision = report(floor)
    for view in decision.puts:
        if isinstance(view, Notice):
            floor.drop(Notice, view.id)
    undone = perform(floor, "undo_down", EARLY, report=decision.answer["report"])
    (notice,) = [view for view in undone.puts if isinstance(view, Notice)]
    assert (notice.kind, notice.start_ms, notice.state) == ("moved", at("8:00"), "unsent")


def test_what_is_taken_meanwhile_or_past_stays_where_it_was_moved(floor: Floor) -> None:
    (one,) = fill(floor, "operation", 1, EARLY)
    decision = report(floor, "room.theatre.1")
    act(floor, "report_up", EARLY, unit="room.theatre.1")
    act(floor, "book", EARLY, patient="quick", activity="operation", start_ms=one["start_ms"])
    undone = act(floor, "undo_down", EARLY, report=decision.answer["report"])
    assert undone == {"back": [], "stay": [one["booking"]]}
    assert tell(get(floor, one["booking"]).start_ms).startswith("03-02")
    other = make_floor(*floor.list(Booking), house=get_booked_house())
    assert act(other, "undo_down", at("12:00"), report=decision.answer["report"])["back"] == []


def test_what_was_moved_by_hand_since_is_left_alone(floor: Floor) -> None:
    (one,) = fill(floor, "fraction", 1, EARLY)
    decision = report(floor)
    day = MONDAY + timedelta(days=2)
    act(floor, "move", EARLY, booking=one["booking"], earliest=str(day))
    assert act(floor, "undo_down", EARLY, report=decision.answer["report"]) == {"back": [], "stay": []}
    assert tell(get(floor, one["booking"]).start_ms).startswith("03-03")


def test_what_cannot_be_reported_is_refused(floor: Floor) -> None:
    with pytest.raises(InputError, match="OPS-150"):
        report(floor, "role.doctor.1")
    with pytest.raises(InputError, match="OPS-150"):
        report(floor, "bed.bed.1")
    with pytest.raises(InputError, match="OPS-151"):
        report(floor, until=EARLY)
    with pytest.raises(NotFoundError, match="OPS-003"):
        report(floor, "machine.cyclotron.1")
    with pytest.raises(ConflictError, match="OPS-152"):
        act(floor, "report_up", EARLY, unit=LINAC)
