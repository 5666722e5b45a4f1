"""Courses, orders and cases over a store: what is done is there again after a start, as FHIR has it."""

from typing import Any

import pytest
from tests.courses import DOCTOR, get_course_house
from tests.live import MONDAY_MS, do, open_live
from tests.records import count_rows
from tests.unit.web.ward import staff

from oncopolis.foundation import ConflictError, ForbiddenError, NotFoundError
from oncopolis.operations import ACTS, VIEWS, Live
from oncopolis.operations.board import Case
from oncopolis.operations.courses import Course, Post
from oncopolis.operations.courses.way_record import Way
from oncopolis.operations.orders import Order
from oncopolis.record import Act, Who
from oncopolis.record.access import Caller
from oncopolis.record.access.deciding import Rights
from oncopolis.record.approval import ID
from oncopolis.record.fhir.text import parse
from oncopolis.record.fhir.validating import validate
from oncopolis.record.store import Store
from oncopolis.web.mode import write_approval

BY = Act("U", "update", Who("Person", "x", "x"), "request")


@pytest.fixture
def live(store: Store) -> Live:
    """The clinic with a patient, one merged into them, and a doctor."""
    gone = {"type": "replaced-by", "other": {"reference": "Patient/p1"}}
    records: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": "p1", "active": True},
        {"resourceType": "Patient", "id": "p2", "active": False, "link": [gone]},
        {"resourceType": "Practitioner", "id": "somebody"},
        DOCTOR.to_record(),
    ]
    store.submit(lambda transaction: [transaction.put(record) for record in records], BY).result()
    return open_live(store, VIEWS, get_course_house())


def act(live: Live, name: str, **said: Any) -> dict[str, Any]:
    return do(live, ACTS[name], said)


def read(live: Live, type_: str, id_: str) -> dict[str, Any]:
    found = live.store.read(type_, id_)
    assert found is not None
    assert found.body is not None
    return parse(found.body)


def test_what_was_done_is_there_again_after_a_start(live: Live) -> None:
    course = act(live, "start_course", patient="p1", pathway="care")["course"]
    act(live, "finish_step", course=course, step="visit")
    order = act(live, "order", patient="p1", activity="report", course=course, step="report")["order"]
    act(live, "take", order=order)
    case = act(live, "put_on_agenda", course=course, board="board", day="2027-03-02")["case"]
    act(live, "postpone", case=case, day="2027-03-03", reason="no report")
    before = live.ask(lambda floor: floor.to_state())
    again = open_live(live.store, VIEWS, get_course_house())
    after = again.ask(lambda floor: floor.to_state())
    for kind in (Course, Order, Case, Post):
        assert before[kind.__name__] == after[kind.__name__], kind
    act(again, "result", order=order)
    act(again, "acknowledge", order=order)
    present = [{"practitioner": "somebody", "role": "doctor"}]
    answer = {"step": "board", "part": "branch", "to": "operation", "reasons": ["operable"], "despite": "x"}
    act(again, "decide_case", case=case, present=present, answers=[answer], summary="operate")
    act(again, "end_course", course=course, reason="moved away", cancels=True)
    assert not again.ask(lambda floor: [one for kind in (Course, Order, Case) for one in floor.list(kind)])
    written = [
        read(again, *name)
        for name in (
            ("CarePlan", course), ("EpisodeOfCare", course), ("ServiceRequest", order), ("Task", order),
            ("Task", case), ("PractitionerRole", DOCTOR.id),
        )
    ]  # fmt: skip
    statuses = [record.get("status") for record in written[:-1]]
    assert statuses == ["revoked", "cancelled", "completed", "completed", "completed"]
    for record in written:
        errors = [one for one in validate(record) if one.severity == "error"]
        assert not errors, errors[0]


@pytest.mark.parametrize(("kind", "type_"), [(Order, "ServiceRequest"), (Case, "Task")])
def test_what_others_added_to_a_record_stays(live: Live, kind: Any, type_: str) -> None:
    course = act(live, "start_course", patient="p1", pathway="care")["course"]
    if kind is Order:
        id_ = act(live, "order", patient="p1", activity="scan", priority=2, by_day="2027-04-01")["order"]
    else:
        id_ = act(live, "put_on_agenda", course=course, board="board", day="2027-03-02")["case"]
    record = read(live, type_, id_) | {"note": [{"text": "seen by another system"}]}
    live.store.submit(lambda transaction: transaction.put(record), BY).result()
    view = live.ask(lambda floor: floor.get(kind, id_))
    assert view.to_record()["note"] == record["note"]
    assert kind.from_record(view.to_record()) == view


def test_a_way_is_written_once(live: Live) -> None:
    record = {"resourceType": "Patient", "id": "p3"}
    live.store.submit(lambda transaction: transaction.put(record), BY).result()
    for patient in ("p1", "p3"):
        act(live, "start_course", patient=patient, pathway="late")
    way = live.ask(lambda floor: next(iter(floor.list(Course))).way)
    found = live.store.read("PlanDefinition", way)
    assert found is not None
    assert found.version == 1
    assert Way.from_record(read(live, "PlanDefinition", way)).id == way


def test_nobody_starts_who_is_not_there_or_was_merged(live: Live) -> None:
    before = count_rows(live.store)
    with pytest.raises(NotFoundError) as unknown:
        act(live, "start_course", patient="nobody", pathway="care")
    assert unknown.value.code == "OPS-054"
    with pytest.raises(ConflictError, match="p1") as merged:
        act(live, "order", patient="p2", activity="scan")
    assert merged.value.code == "OPS-055"
    assert count_rows(live.store) == before
    assert not live.ask(lambda floor: list(floor.list(Course)))


def test_what_the_centre_approves_holds_at_once(live: Live) -> None:
    write_approval(live.store, "Dr Kim", is_approved=True)
    assert read(live, "Basic", ID)
    with pytest.raises(ForbiddenError) as refused:
        act(live, "start_course", patient="p1", pathway="care")
    assert refused.value.code == "OPS-070"
    assert not act(live, "start_course", patient="p1", pathway="late")["draft"]
    write_approval(live.store, "Dr Kim", is_approved=False)
    assert act(live, "start_course", patient="p1", pathway="care")["draft"]


def test_a_doctor_who_left_decides_no_more(live: Live) -> None:
    course = act(live, "start_course", patient="p1", pathway="care")["course"]
    said = {"course": course, "step": "radiotherapy", "to": "do", "reasons": ["x"], "at_hand": ["margins"]}
    act(live, "decide_branch", **said)
    left = DOCTOR.to_record() | {"active": False}
    live.store.submit(lambda transaction: transaction.put(left), BY).result()
    with pytest.raises(ForbiddenError) as refused:
        act(live, "decide_branch", **said)
    assert refused.value.code == "OPS-076"


def test_the_same_wish_is_done_once(live: Live) -> None:
    said = {"patient": "p1", "pathway": "care"}
    first = do(live, ACTS["start_course"], said, key="k1", fingerprint="f")
    again = do(live, ACTS["start_course"], said, key="k1", fingerprint="f")
    assert first["course"] == again["course"]
    assert first["at_ms"] == MONDAY_MS


def test_staff_see_the_patient_while_the_course_lasts(live: Live) -> None:
    def look(caller: Caller) -> set[str]:
        rights = Rights(caller, "search", MONDAY_MS, "withheld", None)
        return {one.id for one in live.store.list_current("CarePlan", limit=10, allowed=rights)}

    nurse, stranger = staff("nurse", clinics=("centre",)), staff("nurse", clinics=("elsewhere",))
    course = act(live, "start_course", patient="p1", pathway="care")["course"]
    assert look(nurse) == {course}
    assert look(stranger) == set()
    act(live, "end_course", course=course, reason="moved away", cancels=True)
    assert look(nurse) == set()
