"""A theatre's day: stages in order, what has to be made sure of, delays that reach those who come after."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.live import MONDAY_MS, do, make_floor, open_live
from tests.units import BAY, MINUTE_MS, OTHER, THEATRE, act, at, band, book_theatre, door, get_unit_house

from oncopolis.foundation import ConflictError, InputError, OncopolisError
from oncopolis.operations import ACTS, VIEWS, Floor
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.loop import Check, write_code
from oncopolis.operations.theatre import ACTS as OF_THEATRE
from oncopolis.operations.theatre import Operation, Operations, list_cases, list_recovery, list_theatres
from oncopolis.operations.theatre.checklist import PHASES, get_checklist, list_missing
from oncopolis.operations.theatre.views import STAGES, TeamCheck
from oncopolis.operations.wards import Bed, Stay
from oncopolis.operations.wards.lying import Lying
from oncopolis.record import Act as Audited
from oncopolis.record import Who
from oncopolis.record.store import Store

BED = "bed.bed.1"
FIRST, NEXT, LAST = (
    book_theatre("b1", "p1", 30), book_theatre("b2", "p2", 150), book_theatre("b3", "p3", 300),
)  # fmt: skip
STAY = Stay(
    "s2", "p2", "bed", "stay", "admitted", (Lying(BED, MONDAY_MS),), asked_ms=MONDAY_MS, came_ms=MONDAY_MS
)


def make(*more: Any) -> Floor:
    bed = Bed(BED, "bed", "occupied", "s2")
    return make_floor(FIRST, NEXT, LAST, STAY, bed, *more, house=get_unit_house())


def check(floor: Floor, minute: int, id_: str, phase: str) -> None:
    items = [item.id for item in get_checklist()[phase]]  # type: ignore[index]
    answer = act(floor, at(minute), "check_team", operation=id_, phase=phase, confirmed=items).answer
    assert not answer["missing"]


def bring(floor: Floor, minute: int, booking: str = "b1", patient: str = "p1", room: str = THEATRE) -> str:
    """Send for somebody and let them in; the id of the operation."""
    id_ = str(act(floor, at(minute), "send_for", booking=booking).answer["operation"])
    entered = act(
        floor, at(minute), "enter_theatre", operation=id_, patient_code=band(patient), place_code=door(room)
    )
    assert entered.answer["passed"]
    return id_


def operate(floor: Floor, minute: int, id_: str) -> None:
    check(floor, minute, id_, "sign_in")
    act(floor, at(minute), "begin_induction", operation=id_)
    check(floor, minute, id_, "time_out")
    act(floor, at(minute), "first_incision", operation=id_)


def tell_expected(floor: Floor, minute: int, room: str = THEATRE) -> list[int]:
    """Minutes after eight at which the cases of a theatre are expected."""
    cases = list_cases(floor, room, at(minute).at_ms)
    return [(case.expected_ms - MONDAY_MS) // MINUTE_MS for case in cases]


def test_theatres_and_recovery_follow_from_the_definition() -> None:
    house = get_unit_house()
    assert list_theatres(house)[:2] == (THEATRE, OTHER)
    assert BAY in list_recovery(house)
    assert not any(place.startswith("place.chair") for place in list_recovery(house))


def test_the_list_of_a_day_is_what_is_booked() -> None:
    assert tell_expected(make(), 0) == [30, 150, 300]


def test_a_whole_case_with_its_journal() -> None:
    floor = make()
    id_ = bring(floor, 35)
    contact = floor.get(Contact, floor.get(Operation, id_).contact)
    assert (contact.state, contact.units) == ("served", (THEATRE,))
    operate(floor, 50, id_)
    act(floor, at(120), "close_wound", operation=id_)
    check(floor, 121, id_, "sign_out")
    left = act(floor, at(125), "to_recovery", operation=id_, place=BAY)
    assert [line.activity for line in left.lines] == ["operation", None]
    assert left.lines[0].start_ms == at(35).at_ms
    assert floor.find(Contact, contact.id) is None
    assert floor.index(Operations).of_place[BAY].id == id_
    done = act(floor, at(190), "leave_recovery", operation=id_)
    assert [line.activity for line in done.lines] == [None, "recovery"]
    assert floor.find(Operation, id_) is None


def test_a_wrong_wristband_is_stopped_at_the_door() -> None:
    floor = make()
    id_ = act(floor, at(30), "send_for", booking="b1").answer["operation"]
    wrong = act(
        floor, at(31), "enter_theatre", operation=id_, patient_code=band("p2"), place_code=door(THEATRE)
    )
    assert wrong.answer["stopped"] == ["theatre.patient"]
    assert floor.get(Operation, str(id_)).stage == "sent"
    assert next(floor.list(Check)).patient == "p1"


def test_another_theatre_needs_a_second_person_and_moves_the_case() -> None:
    floor = make()
    id_ = act(floor, at(30), "send_for", booking="b1").answer["operation"]
    said = {"operation": id_, "patient_code": band("p1"), "place_code": door(OTHER)}
    stopped = act(floor, at(31), "enter_theatre", **said).answer
    assert stopped["stopped"] == ["theatre.place"]
    act(floor, at(32), "override_check", check=stopped["check"], reason="lamp broken")
    act(floor, at(33, who=Who("Practitioner", "second")), "confirm_override", check=stopped["check"])
    assert act(floor, at(34), "enter_theatre", despite=stopped["check"], **said).answer["stage"] == "inside"
    assert floor.get(Operation, str(id_)).room == OTHER
    assert next(floor.list(Contact)).units == (OTHER,)


@pytest.mark.parametrize("phase", PHASES)
def test_nothing_goes_on_before_the_whole_checklist(phase: str) -> None:
    floor = make()
    id_ = bring(floor, 30)
    follows = {"sign_in": "begin_induction", "time_out": "first_incision", "sign_out": "to_recovery"}
    for one in PHASES:
        if one == "sign_out":
            act(floor, at(60), "close_wound", operation=id_)
        if one == phase:
            break
        check(floor, 40, id_, one)
        act(floor, at(41), follows[one], operation=id_)
    said = {"operation": id_, "place": BAY} if phase == "sign_out" else {"operation": id_}
    with pytest.raises(ConflictError, match="OPS-255"):
        act(floor, at(61), follows[phase], **said)
    items = [item.id for item in get_checklist()[phase]]  # type: ignore[index]
    half = act(floor, at(62), "check_team", operation=id_, phase=phase, confirmed=items[1:])
    assert half.answer["missing"] == (items[0],)
    assert half.answer["stopped"] == ["team.incomplete"]
    with pytest.raises(ConflictError, match="OPS-255"):
        act(floor, at(63), follows[phase], **said)
    check(floor, 64, id_, phase)
    act(floor, at(65), follows[phase], **said)


def test_items_that_always_apply_cannot_be_left_out() -> None:
    for phase, items in get_checklist().items():
        every = tuple(item.id for item in items)
        assert set(list_missing(phase, (), every)) == {item.id for item in items if not item.may_not_apply}
    assert sum(len(items) for items in get_checklist().values()) == 19


def test_stages_have_one_order() -> None:
    floor = make()
    id_ = bring(floor, 30)
    for name in ("send_for", "first_incision", "close_wound", "leave_recovery", "cancel_operation"):
        said = {"reason": "x"} if name == "cancel_operation" else {}
        with pytest.raises(ConflictError, match="OPS-252"):
            act(floor, at(31), name, operation=id_, **said)


def test_a_theatre_has_one_patient() -> None:
    floor = make()
    bring(floor, 30)
    second = act(floor, at(40), "send_for", booking="b2").answer["operation"]
    with pytest.raises(ConflictError, match="OPS-112"):
        act(
            floor,
            at(41),
            "enter_theatre",
            operation=second,
            patient_code=band("p2"),
            place_code=door(THEATRE),
        )


def test_a_place_in_recovery_is_given_once() -> None:
    floor = make(replace(DONE, id="x", stage="recovery", recovery=BAY))
    id_ = bring(floor, 30)
    operate(floor, 40, id_)
    act(floor, at(50), "close_wound", operation=id_)
    check(floor, 51, id_, "sign_out")
    for place in (BAY, THEATRE):
        with pytest.raises(ConflictError, match="OPS-256"):
            act(floor, at(52), "to_recovery", operation=id_, place=place)


def test_a_delay_is_passed_on_to_the_following_cases_and_their_ward() -> None:
    floor = make()
    id_ = bring(floor, 30)
    told = act(floor, at(60), "delay_operation", operation=id_, minutes=45, reason="bleeding")
    assert told.answer["passed_on"] == 2
    assert tell_expected(floor, 60) == [30, 195, 315]
    second = floor.index(Operations).of_booking["b2"]
    assert (second.ward, second.patient) == ("bed", "p2")


def test_who_begins_late_makes_the_others_late_and_who_is_quick_does_not() -> None:
    floor = make()
    bring(floor, 90)
    assert tell_expected(floor, 90) == [90, 210, 330]
    quick = make()
    id_ = bring(quick, 30)
    operate(quick, 40, id_)
    act(quick, at(60), "close_wound", operation=id_)
    check(quick, 61, id_, "sign_out")
    act(quick, at(65), "to_recovery", operation=id_, place=BAY)
    assert tell_expected(quick, 65) == [30, 150, 300]


def test_a_case_that_is_over_time_pushes_the_others_as_time_goes_by() -> None:
    floor = make()
    bring(floor, 30)
    assert tell_expected(floor, 200)[1:] == [200, 320]


def test_an_emergency_is_put_in_and_a_case_is_taken_off() -> None:
    floor = make()
    made = act(floor, at(20), "plan_operation", patient="p9", activity="operation", room=THEATRE)
    assert tell_expected(floor, 20) == [20, 140, 260, 380]
    act(floor, at(21), "cancel_operation", operation=made.answer["operation"], reason="died")
    assert tell_expected(floor, 21) == [30, 150, 300]
    act(floor, at(22), "cancel_operation", booking="b2", reason="has a fever")
    assert floor.find(Booking, "b2") is None
    assert tell_expected(floor, 22) == [30, 300]
    sent = act(floor, at(23), "plan_operation", patient="p8", activity="operation", room=OTHER).answer[
        "operation"
    ]
    act(floor, at(24), "send_for", operation=sent)
    assert next(floor.list(Contact)).room == OTHER


def test_an_appointment_that_a_late_case_brought_onto_a_list_is_planned_elsewhere() -> None:
    floor = make()
    id_ = bring(floor, 30)
    act(floor, at(60), "delay_operation", operation=id_, minutes=45, reason="bleeding")
    known = floor.index(Operations).of_booking["b2"]
    assert tell_expected(floor, 61) == [30, 195, 315]
    said = {"activity": "operation", "room": OTHER, "booking": "b2", "start_ms": at(150).at_ms}
    planned = act(floor, at(61), "plan_operation", patient="p2", **said)
    assert planned.answer["operation"] == known.id
    after = floor.get(Operation, known.id)
    assert (after.room, after.planned_ms, after.expected_ms) == (OTHER, at(150).at_ms, at(150).at_ms)
    assert tell_expected(floor, 61) == [30, 300]
    with pytest.raises(ConflictError, match="OPS-258"):
        act(floor, at(62), "plan_operation", patient="p3", **said)
    act(floor, at(63), "send_for", operation=known.id)
    with pytest.raises(ConflictError, match="OPS-258"):
        act(floor, at(64), "plan_operation", patient="p2", **said)


@pytest.mark.parametrize("said", [{}, {"operation": "x", "booking": "b1"}])
def test_one_case_is_named(said: dict[str, str]) -> None:
    with pytest.raises(InputError, match="OPS-250"):
        act(make(), at(0), "send_for", **said)


def test_what_is_no_operation_is_on_no_list() -> None:
    floor = make(replace(FIRST, id="b9", patient="p9", activity="consult", spot=None, status="waitlist"))
    with pytest.raises(ConflictError, match="OPS-251"):
        act(floor, at(0), "send_for", booking="b9")
    with pytest.raises(InputError, match="OPS-253"):
        act(floor, at(0), "plan_operation", patient="p9", activity="consult", room=THEATRE)


def test_a_specimen_has_its_times_and_its_own_container() -> None:
    floor = make()
    id_ = bring(floor, 30)
    operate(floor, 40, id_)
    said = {
        "operation": id_,
        "patient_code": band("p1"),
        "container_code": write_code("container", "c1"),
        "what": "left",
    }
    taken = act(floor, at(70), "take_specimen", clamped_ms=at(60).at_ms, taken_ms=at(68).at_ms, **said)
    (record,) = taken.records
    assert record["collection"]["collectedDateTime"] == "2027-03-01T04:08:00.000Z"
    assert record["collection"]["extension"][0]["valueInstant"] == "2027-03-01T04:00:00.000Z"
    again = act(floor, at(71), "take_specimen", **said)
    assert again.answer["stopped"] == ["specimen.unused"]
    said["container_code"] = write_code("container", "c2")
    assert act(floor, at(72), "take_specimen", **(said | {"patient_code": band("p2")})).answer["stopped"]


@pytest.mark.parametrize(
    ("clamped", "taken", "code"), [(None, 130, "OPS-245"), (60, 59, "OPS-257"), (35, 60, "OPS-257")]
)
def test_times_that_cannot_be_are_refused(clamped: int | None, taken: int, code: str) -> None:
    """Among them those of a clock that is an hour ahead."""
    floor = make()
    id_ = bring(floor, 30)
    operate(floor, 40, id_)
    told = {"taken_ms": at(taken).at_ms} | ({} if clamped is None else {"clamped_ms": at(clamped).at_ms})
    with pytest.raises(InputError, match=code):
        act(floor, at(70), "take_specimen", operation=id_, patient_code=band("p1"), what="x",
            container_code=write_code("container", "c"), **told)  # fmt: skip


def test_implants_are_planned_in_date_and_used_once() -> None:
    gtin, other = "09506000134352", "09506000134376"
    floor = make()
    case = act(
        floor, at(0), "plan_operation", patient="p9", activity="operation", room=OTHER, implants=[gtin]
    )
    id_ = str(case.answer["operation"])
    act(floor, at(1), "send_for", operation=id_)
    act(floor, at(2), "enter_theatre", operation=id_, patient_code=band("p9"), place_code=door(OTHER))
    said: dict[str, Any] = {"operation": id_, "patient_code": band("p9")}
    used = act(floor, at(3), "use_implant", package_code=f"01{gtin}1728033121S1", **said)
    assert used.records[0]["udiCarrier"][0]["deviceIdentifier"] == gtin
    for code, stopped in (
        (f"01{gtin}1728033121S1", "implant.unused"), (f"01{gtin}1726033121S2", "implant.expiry"),
        (f"01{other}1728033121S3", "implant.planned"), (f"01{gtin}17", "implant.readable"),
        (door(OTHER), "implant.thing"),
    ):  # fmt: skip
        assert stopped in act(floor, at(4), "use_implant", package_code=code, **said).answer["stopped"]


DONE = Operation(
    "o", "p", "operation", THEATRE, MONDAY_MS, 120, MONDAY_MS, "done", 15, "b", "c", "bed", BAY,
    (("sent", MONDAY_MS), ("knife", MONDAY_MS + 1), ("close", MONDAY_MS + 2)),
    (TeamCheck("time_out", MONDAY_MS, "Practitioner/a", ("introduced",), ("imaging",)),),
    ("l",), ("g",), "late",
)  # fmt: skip


@pytest.mark.parametrize("stage", STAGES)
def test_records_say_what_views_say(stage: Any) -> None:
    for view in (
        replace(DONE, stage=stage),
        Operation("o", "p", "operation", THEATRE, 1_000, 1, 2_000, stage=stage),
    ):
        record = view.to_record()
        assert Operation.is_mine(record)
        assert Operation.from_record(record) == view
        assert Operation.from_record(record).to_record() == record
    foreign = {**DONE.to_record(), "note": [{"text": "x"}], "status": "completed"}
    assert Operation.from_record(foreign).to_record() == {**foreign, "extension": foreign["extension"]}


STEPS = st.lists(
    st.tuples(
        st.sampled_from([one.name for one in OF_THEATRE]),
        st.sampled_from(["b1", "b2", "b3"]),
        st.integers(min_value=1, max_value=90),
    ),
    max_size=40,
)


def make_check(phase: Any) -> dict[str, Any]:
    return {"phase": phase, "confirmed": [item.id for item in get_checklist()[phase]]}


@given(steps=STEPS)
@settings(max_examples=60, deadline=None)
def test_whatever_is_tried_no_theatre_has_two_and_nobody_is_expected_before_their_time(steps: Any) -> None:
    floor, minute = make(), 0
    for name, booking, wait in steps:
        minute += wait
        patient = booking.replace("b", "p")
        said: dict[str, Any] = {
            "plan_operation": {"patient": "p9", "activity": "operation", "room": OTHER},
            "enter_theatre": {"patient_code": band(patient), "place_code": door(THEATRE)},
            "check_team": make_check(PHASES[wait % 3]),
            "to_recovery": {"place": BAY},
            "delay_operation": {"minutes": wait, "reason": "x"},
            "cancel_operation": {"reason": "x"},
            "take_specimen": {
                "patient_code": band(patient), "what": "x",
                "container_code": write_code("container", f"c{minute}"),
            },
            "use_implant": {"patient_code": band(patient), "package_code": "0109506000134352"},
        }.get(name, {})  # fmt: skip
        named = {} if name == "plan_operation" else {"booking": booking}
        try:
            act(floor, at(minute), name, **named, **said)
        except OncopolisError:
            continue
        rooms = [one.room for one in floor.list(Operation) if one.is_in_room]
        assert len(rooms) == len(set(rooms))
        held = [claim for view in floor.list(Operation) for claim in view.list_claims()]
        held += [claim for contact in floor.list(Contact) for claim in contact.list_claims()]
        assert len(held) == len(set(held))
        for one in floor.list(Operation):
            assert one.expected_ms >= one.planned_ms or one.stage not in ("planned", "sent")
            moments = [at_ms for _, at_ms in one.reached]
            assert moments == sorted(moments)


def test_over_a_store(store: Store) -> None:
    live = open_live(store, VIEWS, get_unit_house())
    made = Audited("C", "made for a test", Who("Person", "test"), "test")
    for id_ in ("p1", "p2", "p3"):
        store.submit(lambda tx, id_=id_: tx.put({"resourceType": "Patient", "id": id_}), made).result()  # type: ignore[misc]
    for booking in (FIRST, NEXT, LAST):
        store.submit(lambda tx, one=booking: tx.put(one.to_record()), made).result()  # type: ignore[misc]
    id_ = do(live, ACTS["send_for"], {"booking": "b1"}, at(60).at_ms)["operation"]
    said = {"operation": id_, "patient_code": band("p2"), "place_code": door(THEATRE)}
    assert do(live, ACTS["enter_theatre"], said, at(60).at_ms)["stopped"] == ["theatre.patient"]
    said["patient_code"] = band("p1")
    assert do(live, ACTS["enter_theatre"], said, at(90).at_ms)["passed_on"] == 2
    again = open_live(store, VIEWS, get_unit_house())
    assert again.ask(Floor.to_state) == live.ask(Floor.to_state)
    assert again.ask(lambda floor: {one.stage for one in floor.list(Operation)}) == {"inside", "planned"}
    assert live.ask(lambda floor: len(list(floor.list(Visit)))) == 1
