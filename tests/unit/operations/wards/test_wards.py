"""Beds: one patient each, free only when the last one has left and it is clean."""

from dataclasses import replace

import pytest
from tests.live import MONDAY_MS
from tests.waiting import BEDS, DAY_MS, HOUR_MS, OTHER_BEDS, Day, list_beds, make_booking, make_day

from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.orders.views import Order
from oncopolis.operations.wards.map import map_ward
from oncopolis.operations.wards.views import Bed, Stay
from oncopolis.record.store.journal import JournalLine


def make_ward() -> Day:
    return make_day(*list_beds())


def admit(day: Day, patient: str = "p1", **said: object) -> str:
    return str(day.do("admit", patient=patient, activity="stay", **said)["stay"])


def get_states(day: Day) -> list[str]:
    return [day.floor.get(Bed, bed).state for bed in (*BEDS, *OTHER_BEDS)]


def test_a_bed_is_free_only_when_the_patient_has_left_and_it_is_clean() -> None:
    day = make_ward()
    stay = admit(day)
    assert get_states(day)[0] == "occupied"
    assert set(day.floor.get(Stay, stay).list_claims()) == {("stay", "p1"), ("bed", BEDS[0])}
    day.wait(60)
    day.do("order_discharge", stay=stay, due_ms=day.at_ms + HOUR_MS)
    assert not day.do("discharge", stay=stay)["again"]
    assert day.do("discharge", stay=stay)["again"]
    for _ in range(2):
        assert get_states(day)[0] == "occupied"
        with pytest.raises(ConflictError, match="OPS-132"):
            admit(day, "p2", bed=BEDS[0])
        day.wait(30)
    day.do("left_bed", stay=stay)
    assert get_states(day)[0] == "cleaning"
    with pytest.raises(ConflictError, match="OPS-132"):
        admit(day, "p2", bed=BEDS[0])
    assert not day.do("cleaned", bed=BEDS[0])["again"]
    assert day.do("cleaned", bed=BEDS[0])["again"]
    assert get_states(day)[0] == "free"
    admit(day, "p2", bed=BEDS[0])
    assert day.lines == [
        JournalLine(
            "p1",
            "walk_in",
            "stay",
            "stay",
            "bed",
            None,
            MONDAY_MS,
            MONDAY_MS,
            MONDAY_MS + 2 * HOUR_MS,
            "done",
        )
    ]


def test_admitted_again_they_are_admitted_and_nobody_twice() -> None:
    day = make_ward()
    stay = admit(day)
    assert day.do("admit", stay=stay) == {"stay": stay, "bed": BEDS[0], "findings": []}
    with pytest.raises(ConflictError, match="OPS-136"):
        admit(day)


def test_whom_and_what_for_has_to_be_said() -> None:
    day = make_ward()
    with pytest.raises(InputError, match="OPS-135"):
        day.do("admit", patient="p1")
    with pytest.raises(NotFoundError, match="OPS-134"):
        day.do("admit", patient="p1", activity="consult")
    with pytest.raises(ConflictError, match="OPS-131"):
        day.do("admit", stay=_end(day, admit(day)))


def _end(day: Day, stay: str) -> str:
    left = next(
        view for view in day.decide("left_bed", stay=stay, reason="went").puts if isinstance(view, Stay)
    )
    day.do("left_bed", stay=stay, reason="went")
    day.floor._fetch = lambda type_, _id: left.to_record() if type_ == "Encounter" else None
    return stay


def test_a_full_ward_overflows_and_says_so_and_then_refuses() -> None:
    day = make_ward()
    for i in range(4):
        admit(day, f"p{i}")
    answer = day.do("admit", patient="p4", activity="stay")
    assert (answer["bed"], answer["findings"]) == (OTHER_BEDS[0], ["ward-overflow"])
    admit(day, "p5")
    with pytest.raises(ConflictError, match="OPS-133"):
        admit(day, "p6")


def test_a_bed_is_held_for_one() -> None:
    day = make_day(
        *list_beds(), make_booking("b1", "p1", MONDAY_MS + DAY_MS, activity="stay", pathway="care")
    )
    held = day.do("reserve_bed", booking="b1", bed=BEDS[1])
    stay = day.floor.get(Stay, held["stay"])
    assert (stay.state, stay.expected_ms, list(stay.list_claims())) == (
        "planned", MONDAY_MS + DAY_MS, [("bed", BEDS[1])],
    )  # fmt: skip
    assert get_states(day)[1] == "reserved"
    with pytest.raises(ConflictError, match="OPS-132"):
        admit(day, "p2", bed=BEDS[1])
    assert day.do("reserve_bed", stay=stay.id, bed=BEDS[1])["bed"] == BEDS[1]
    day.do("reserve_bed", stay=stay.id, bed=BEDS[2])
    assert get_states(day)[1:3] == ["free", "reserved"]
    day.at_ms += DAY_MS
    assert day.do("admit", stay=stay.id)["bed"] == BEDS[2]
    assert day.floor.get(Booking, "b1").status == "arrived"
    day.do("discharge", stay=stay.id)
    day.do("left_bed", stay=stay.id)
    assert not list(day.floor.list(Booking))
    assert [(line.pathway, line.planned_ms) for line in day.lines] == [("care", MONDAY_MS + DAY_MS)]


def test_an_admission_that_is_given_up_gives_its_bed_back() -> None:
    day = make_ward()
    stay = day.do("reserve_bed", patient="p1", activity="stay")["stay"]
    day.do("cancel_admission", stay=stay)
    assert get_states(day)[0] == "free"
    assert not list(day.floor.list(Stay))
    with pytest.raises(ConflictError, match="OPS-131"):
        day.do("cancel_admission", stay=admit(day))


def test_a_move_leaves_a_bed_to_be_cleaned_and_the_history() -> None:
    day = make_ward()
    stay = admit(day)
    with pytest.raises(ConflictError, match="OPS-132"):
        day.do("transfer_bed", stay=stay, bed=OTHER_BEDS[0]) if admit(day, "p2", bed=OTHER_BEDS[0]) else None
    day.wait(60)
    day.do("transfer_bed", stay=stay, bed=BEDS[2])
    assert day.do("transfer_bed", stay=stay, bed=BEDS[2])["bed"] == BEDS[2]
    assert get_states(day)[:3] == ["cleaning", "free", "occupied"]
    lain = day.floor.get(Stay, stay).beds
    assert [(one.bed, one.from_ms, one.to_ms) for one in lain] == [
        (BEDS[0], MONDAY_MS, MONDAY_MS + HOUR_MS), (BEDS[2], MONDAY_MS + HOUR_MS, None),
    ]  # fmt: skip
    day.do("transfer_bed", stay=stay, ward="side_bed", bed=OTHER_BEDS[1])
    assert day.floor.get(Stay, stay).ward == "side_bed"
    with pytest.raises(InputError, match="OPS-137"):
        day.do("transfer_bed", stay=stay, ward="linac")
    planned = day.do("reserve_bed", patient="p9", activity="stay")["stay"]
    with pytest.raises(ConflictError, match="OPS-131"):
        day.do("transfer_bed", stay=planned)


def test_a_bed_held_for_a_move_is_taken_or_given_back() -> None:
    day = make_ward()
    stay = admit(day)
    day.do("reserve_bed", stay=stay, bed=BEDS[3])
    assert set(day.floor.get(Stay, stay).list_claims()) == {
        ("stay", "p1"), ("bed", BEDS[0]), ("bed", BEDS[3]),
    }  # fmt: skip
    day.do("transfer_bed", stay=stay)
    assert get_states(day)[:4] == ["cleaning", "free", "free", "occupied"]
    day.do("reserve_bed", stay=stay, bed=BEDS[1])
    day.do("discharge", stay=stay)
    day.do("left_bed", stay=stay)
    assert get_states(day)[:4] == ["cleaning", "free", "free", "cleaning"]


def test_women_and_men_share_a_room_only_for_a_reason() -> None:
    day = make_ward()
    admit(day, "p1", sex="female", bed=OTHER_BEDS[0])
    with pytest.raises(ConflictError, match="OPS-130"):
        admit(day, "p2", sex="male", bed=OTHER_BEDS[1])
    answer = day.do("admit", patient="p2", activity="stay", sex="male", bed=OTHER_BEDS[1], reason="a couple")
    assert answer["findings"] == ["ward-overflow", "room-sex"]
    assert day.floor.get(Stay, answer["stay"]).despite == "a couple"


def test_women_share_a_room_and_the_first_free_bed_breaks_no_rule() -> None:
    day = make_ward()
    for i in range(4):
        admit(day, f"p{i}")
    admit(day, "p4", sex="female")
    with pytest.raises(ConflictError, match="OPS-133"):
        admit(day, "p5", sex="male")
    assert day.do("admit", patient="p6", activity="stay", sex="female")["bed"] == OTHER_BEDS[1]


def test_isolation_needs_a_room_and_a_cleaning_of_its_own() -> None:
    day = make_ward()
    first = admit(day, "p1", bed=OTHER_BEDS[0])
    with pytest.raises(ConflictError, match="OPS-130"):
        admit(day, "p2", bed=OTHER_BEDS[1], isolation="mrsa")
    second = admit(day, "p2", bed=BEDS[0], isolation="mrsa")
    assert get_states(day)[0] == "isolation"
    day.do("isolate", stay=second)
    assert get_states(day)[0] == "occupied"
    assert day.floor.get(Bed, BEDS[0]).contaminated
    admit(day, "p3", bed=OTHER_BEDS[1])
    assert day.do("isolate", stay=first, isolation="mrsa")["findings"] == ["ward-overflow", "room-isolation"]
    day.do("left_bed", stay=second, reason="went")
    left = day.floor.get(Bed, BEDS[0])
    assert (left.state, left.contaminated) == ("cleaning", True)
    assert left.to_record()["operationalStatus"]["code"] == "K"
    day.do("cleaned", bed=BEDS[0])
    assert not day.floor.get(Bed, BEDS[0]).contaminated


def test_who_goes_without_a_discharge_says_why() -> None:
    day = make_ward()
    stay = admit(day)
    with pytest.raises(ConflictError, match="OPS-138"):
        day.do("left_bed", stay=stay)
    day.do("left_bed", stay=stay, reason="against advice")
    assert [line.outcome for line in day.lines] == ["gave_up"]


def test_only_who_is_here_is_discharged() -> None:
    day = make_ward()
    planned = day.do("reserve_bed", patient="p1", activity="stay")["stay"]
    for act in ("discharge", "order_discharge", "left_bed"):
        with pytest.raises(ConflictError, match="OPS-131"):
            day.do(act, stay=planned)


def test_a_discharge_forgets_no_order() -> None:
    day = make_ward()
    stay = admit(day)
    order = Order("o1", "p1", "fraction", "radiographer", MONDAY_MS, "Practitioner/x")
    day.floor.put(order, Order("o2", "p2", "fraction", "radiographer", MONDAY_MS, "Practitioner/x"))
    for said in ({}, {"reason": "later"}, {"going_on": ["o1"]}, {"going_on": ["o2"], "reason": "later"}):
        with pytest.raises(ConflictError, match="OPS-139"):
            day.do("discharge", stay=stay, **said)
    day.do("discharge", stay=stay, going_on=["o1"], reason="the result goes to the general practitioner")
    assert day.floor.get(Stay, stay).going_on == ("o1",)
    other = admit(day, "p3")
    day.do("discharge", stay=other)


def test_closed_beds_are_nobodys() -> None:
    day = make_ward()
    day.do("close_bed", bed=BEDS[0], reason="broken")
    assert day.do("close_bed", bed=BEDS[0], reason="broken")["again"]
    stay = admit(day)
    assert get_states(day)[:2] == ["closed", "occupied"]
    with pytest.raises(ConflictError, match="OPS-132"):
        day.do("close_bed", bed=BEDS[1], reason="broken")
    with pytest.raises(ConflictError, match="OPS-132"):
        day.do("open_bed", bed=BEDS[1])
    with pytest.raises(ConflictError, match="OPS-132"):
        day.do("cleaned", bed=BEDS[1])
    day.do("open_bed", bed=BEDS[0])
    assert day.do("open_bed", bed=BEDS[0])["again"]
    day.do("left_bed", stay=stay, reason="went")
    day.do("close_bed", bed=BEDS[1], reason="broken")
    day.do("open_bed", bed=BEDS[1])
    assert get_states(day)[:2] == ["free", "cleaning"]
    day.do("close_bed", bed=BEDS[1], reason="broken")
    day.do("cleaned", bed=BEDS[1])
    day.do("open_bed", bed=BEDS[1])
    assert get_states(day)[1] == "free"


def test_the_map_shows_every_bed_once_with_what_is_wrong_in_its_room() -> None:
    day = make_ward()
    first = admit(day, "p1", sex="female", bed=OTHER_BEDS[0])
    admit(day, "p2", sex="male", bed=OTHER_BEDS[1], reason="a couple")
    places = map_ward(day.floor, "side_bed")
    assert [place.bed.id for place in places] == list(OTHER_BEDS)
    assert [place.stay.patient for place in places if place.stay] == ["p1", "p2"]
    assert [place.findings for place in places] == [("room-sex",), ("room-sex",)]
    day.do("left_bed", stay=first, reason="went")
    assert [(place.bed.state, place.findings) for place in map_ward(day.floor, "side_bed")] == [
        ("cleaning", ()), ("occupied", ()),
    ]  # fmt: skip
    assert [place.bed.id for place in map_ward(day.floor, "bed")] == list(BEDS)


def test_the_map_goes_from_room_to_room_by_their_numbers() -> None:
    day = make_ward()
    rooms = {OTHER_BEDS[0]: "room.2", OTHER_BEDS[1]: "room.10"}
    day.floor.put(*(replace(day.floor.get(Bed, bed), room=room) for bed, room in rooms.items()))
    assert [place.bed.id for place in map_ward(day.floor, "side_bed")] == list(OTHER_BEDS)
