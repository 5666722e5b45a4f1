"""Orders are asked for, taken, answered and seen, each by a named person; none is forgotten."""

from datetime import timedelta

import pytest
from tests.clinic import Data
from tests.courses import PROGRAM, Walk

from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.operations.orders import Order, count_days_left, list_open_orders, list_orders
from oncopolis.record import Who

NURSE = Who("Practitioner", "nurse-1", "A nurse")


def order(walk: Walk, **said: Data | str | int | None) -> Order:
    decision = walk.do("order", **({"patient": "p1", "activity": "report"} | said))
    return walk.floor.get(Order, str(decision.answer["order"]))


def test_an_order_is_a_task_on_the_list_of_the_role_that_does_it() -> None:
    walk = Walk()
    decision = walk.do("order", patient="p1", activity="scan", question="spread?", priority=1)
    (made,) = decision.puts
    (task,) = decision.records
    assert isinstance(made, Order)
    assert (made.owner, made.state, made.asked_by) == ("radiographer", "ordered", "Practitioner/somebody")
    assert (task["id"], task["status"], task["priority"]) == (made.id, "requested", "urgent")
    assert task["basedOn"] == [{"reference": f"ServiceRequest/{made.id}"}]
    assert list_orders(walk.floor, "radiographer") == [made]
    assert list_orders(walk.floor, "doctor") == []


def test_it_goes_from_hand_to_hand() -> None:
    walk = Walk()
    made = order(walk)
    taken = walk.do("take", order=made.id)
    assert taken.records[0]["status"] == "in-progress"
    assert taken.records[0]["owner"] == {"reference": "Practitioner/somebody"}
    assert not walk.do("take", order=made.id).puts
    with pytest.raises(ConflictError) as refused:
        walk.do_as(NURSE, "take", order=made.id)
    assert refused.value.code == "OPS-184"
    decision = walk.do("result", order=made.id, observations=["o1"], studies=["s1"])
    report = next(one for one in decision.records if one["resourceType"] == "DiagnosticReport")
    assert (report["status"], report["result"]) == ("final", [{"reference": "Observation/o1"}])
    assert not {"conclusion", "conclusionCode"} & report.keys()
    assert walk.floor.get(Order, made.id).report == report["id"]
    done = walk.do("acknowledge", order=made.id)
    assert done.puts[0].to_record()["status"] == "completed"
    assert walk.floor.find(Order, made.id) is None


def test_a_result_is_given_once_and_seen_only_if_it_is_there() -> None:
    walk = Walk()
    made = order(walk)
    with pytest.raises(ConflictError) as unseen:
        walk.do("acknowledge", order=made.id)
    assert unseen.value.code == "OPS-184"
    walk.do("result", order=made.id)
    for act, said in (("result", {}), ("revoke", {"reason": "late"}), ("take", {})):
        with pytest.raises(ConflictError):
            walk.do(act, order=made.id, **said)


def test_an_order_is_revoked_with_a_reason() -> None:
    walk = Walk()
    made = order(walk)
    with pytest.raises(InputError) as silent:
        walk.do("revoke", order=made.id, reason="")
    assert silent.value.code == "OPS-085"
    decision = walk.do("revoke", order=made.id, reason="done elsewhere")
    assert decision.puts[0].to_record()["status"] == "revoked"
    assert decision.records[0]["status"] == "cancelled"
    assert list_open_orders(walk.floor, "p1") == []


def test_a_program_names_who_orders() -> None:
    walk = Walk()
    with pytest.raises(InputError) as unnamed:
        walk.do_as(PROGRAM, "order", patient="p1", activity="report")
    assert unnamed.value.code == "OPS-073"
    assert walk.do_as(PROGRAM, "order", patient="p1", activity="report", by="somebody").puts


def test_only_activities_and_roles_of_the_definition_are_ordered() -> None:
    walk = Walk()
    with pytest.raises(NotFoundError):
        order(walk, activity="two_tablets")
    with pytest.raises(InputError) as refused:
        order(walk, owner="linac")
    assert refused.value.code == "OPS-183"
    assert order(walk, owner="nurse").owner == "nurse"


def test_a_step_waits_for_what_is_ordered_and_is_done_with_its_result() -> None:
    walk = Walk()
    course = walk.start()
    walk.do("finish_step", course=course.id, step="visit")
    made = order(walk, course=course.id, step="report")
    assert walk.get(course).marks[-1].wanted == (("report", 1),)
    decision = walk.do("result", order=made.id)
    assert walk.get(course).at == "board"
    (line,) = decision.lines
    assert (line.step, line.activity, line.asked_ms) == ("report", "report", made.asked_ms)


def test_what_the_patient_comes_for_is_done_by_the_visit_and_not_by_the_result() -> None:
    walk = Walk()
    course = walk.start(at="imaging")
    made = order(walk, activity="scan", course=course.id, step="imaging")
    walk.do("result", order=made.id)
    assert walk.get(course).at == "imaging"


def test_what_is_revoked_is_waited_for_no_more() -> None:
    walk = Walk()
    course = walk.start(at="imaging")
    made = order(walk, activity="scan", course=course.id, step="imaging")
    assert walk.get(course).marks[0].wanted == (("scan", 1),)
    walk.do("revoke", order=made.id, reason="no benefit")
    assert walk.get(course).marks[0].wanted == ()


def test_an_order_is_for_the_patient_of_its_course() -> None:
    walk = Walk()
    course = walk.start()
    with pytest.raises(InputError) as refused:
        order(walk, patient="p2", course=course.id)
    assert refused.value.code == "OPS-077"


def test_what_is_open_for_a_patient_is_listed_until_its_result_is_seen() -> None:
    walk = Walk()
    usual, urgent = order(walk), order(walk, priority=1)
    order(walk, patient="p2")
    assert list_open_orders(walk.floor, "p1") == [urgent, usual]
    walk.do("result", order=urgent.id)
    assert [one.id for one in list_open_orders(walk.floor, "p1")] == [urgent.id, usual.id]
    walk.do("acknowledge", order=urgent.id)
    assert list_open_orders(walk.floor, "p1") == [usual]


def test_days_left_are_counted_to_the_day_it_is_wished_for() -> None:
    walk = Walk()
    today = walk.moment().day
    made = order(walk, by_day=(today + timedelta(days=3)).isoformat())
    assert count_days_left(made, today) == 3
    assert count_days_left(made, today + timedelta(days=5)) == -2
    assert count_days_left(order(walk), today) is None
