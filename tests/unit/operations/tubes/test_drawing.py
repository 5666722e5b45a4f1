"""A tube belongs to its patient and its order, and its label to one tube."""

from dataclasses import replace
from typing import Any

import pytest
from tests.courses import get_course_house
from tests.live import MONDAY_MS, make_moment

from oncopolis.foundation import ConflictError
from oncopolis.operations import ACTS, Decision, Floor, fold
from oncopolis.operations.loop import Check, write_code
from oncopolis.operations.orders import Order
from oncopolis.operations.tubes import list_to_draw

ORDER = Order("o", "p1", "report", "pathologist", MONDAY_MS, "Practitioner/doctor")
BAND, TUBE = write_code("patient", "p1"), write_code("container", "T-1")


def draw(floor: Floor, order: str = "o", **said: Any) -> Decision:
    asked = {"order": order, "patient_code": BAND, "tube_code": TUBE, **said}
    decision = ACTS["draw_tube"].decide(floor, ACTS["draw_tube"].asked.model_validate(asked), make_moment())
    fold(floor, decision)
    return decision


def make_ward(*orders: Order, department: str = "laboratory") -> Floor:
    known = get_course_house()
    house = replace(known)
    report = replace(known.cards["report"], department=department)
    vars(house)["cards"] = {**known.cards, "report": report}
    floor = Floor(house)
    floor.put(*orders)
    return floor


def test_the_right_tube_is_with_its_order() -> None:
    floor = make_ward(ORDER)
    assert [one.id for one in list_to_draw(floor, "p1")] == ["o"]
    decision = draw(floor)
    (specimen,) = [one for one in decision.records if one["resourceType"] == "Specimen"]
    assert specimen["request"] == [{"reference": "ServiceRequest/o"}]
    assert specimen["subject"] == {"reference": "Patient/p1"}
    known = floor.get(Order, "o")
    assert (known.state, known.tubes, known.drawn_ms) == ("ordered", ("T-1",), make_moment().at_ms)
    assert Order.from_record(known.to_record()) == known
    assert not list(floor.list(Check))


@pytest.mark.parametrize(
    ("said", "stopped"),
    [
        ({"patient_code": write_code("patient", "p2")}, ["specimen.patient"]),
        ({"tube_code": write_code("bag", "T-1")}, ["specimen.unused"]),
        ({"tube_code": TUBE[:-1]}, ["specimen.readable"]),
        ({"patient_code": TUBE}, ["specimen.patient"]),
    ],
)
def test_another_patient_and_no_label_are_stopped(said: dict[str, str], stopped: list[str]) -> None:
    floor = make_ward(ORDER)
    decision = draw(floor, **said)
    assert decision.answer["stopped"] == stopped
    assert floor.get(Order, "o").drawn_ms is None
    assert not [one for one in decision.records if one["resourceType"] == "Specimen"]


def test_a_label_is_on_one_tube() -> None:
    other = Order("second", "p1", "report", "pathologist", MONDAY_MS, "Practitioner/doctor")
    floor = make_ward(ORDER, other)
    draw(floor)
    assert draw(floor, "second").answer["stopped"] == ["specimen.unused"]
    assert draw(floor).answer["stopped"] == ["specimen.unused"]
    assert draw(floor, tube_code=write_code("container", "T-2")).answer["passed"]
    assert floor.get(Order, "o").tubes == ("T-1", "T-2")
    assert list(floor.get(Order, "o").list_claims()) == [("label", "T-1"), ("label", "T-2")]


def test_nothing_is_drawn_for_work_on_tissue() -> None:
    assert not list_to_draw(make_ward(ORDER, department="pathology"), "p1")


def test_nothing_is_drawn_for_what_has_a_result() -> None:
    floor = make_ward(Order("o", "p1", "report", "x", MONDAY_MS, "Practitioner/doctor", state="resulted"))
    assert not list_to_draw(floor, "p1")
    with pytest.raises(ConflictError, match="OPS-184"):
        draw(floor)
