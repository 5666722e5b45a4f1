"""How long an order has taken, against the time it may take."""

from typing import Any

from tests.courses import Walk
from tests.live import make_floor
from tests.results import URGENT, USUAL, make_result_house

from oncopolis.foundation.units import MS_PER_HOUR
from oncopolis.operations import House
from oncopolis.operations.orders import Order
from oncopolis.operations.orders.department import list_departments, list_jobs
from oncopolis.operations.orders.turnaround import find_target, read_clock


def walk_in(house: House) -> Walk:
    return Walk(make_floor(house=house))


def test_a_row_of_the_activity_comes_before_that_of_its_department() -> None:
    house = make_result_house({f"{USUAL}.outpatient": 10, f"{USUAL}.report": 3, f"{URGENT}.outpatient": 1})
    found = {
        (activity, is_urgent): target.within_ms // MS_PER_HOUR
        for activity in ("report", "board", "scan")
        for is_urgent in (False, True)
        if (target := find_target(house, activity, is_urgent=is_urgent)) is not None
    }
    assert found == {
        ("report", False): 3, ("report", True): 1, ("board", False): 10, ("board", True): 1,
    }  # fmt: skip
    assert list(list_departments(house)) == ["outpatient"]


def test_what_is_urgent_has_the_usual_time_where_no_other_is_known() -> None:
    target = find_target(make_result_house({f"{USUAL}.report": 3}), "report", is_urgent=True)
    assert target is not None
    assert target.key == f"{USUAL}.report"


def test_the_clock_of_work_in_the_patients_absence_runs_from_the_order() -> None:
    walk = walk_in(make_result_house({f"{USUAL}.report": 3}))
    made = walk.do("order", patient="p1", activity="report").answer["order"]
    asked_ms = walk.at_ms
    walk.at_ms += MS_PER_HOUR
    walk.do("take", order=made)
    clock = read_clock(walk.floor.house, walk.floor.get(Order, made))
    assert (clock.begins_ms, clock.due_ms) == (asked_ms, asked_ms + 3 * MS_PER_HOUR)
    walk.at_ms = asked_ms + 4 * MS_PER_HOUR
    (job,) = list_jobs(walk.floor, walk.at_ms, "outpatient")
    assert job.is_late
    assert job.late_ms == MS_PER_HOUR
    walk.do("result", order=made)
    (job,) = list_jobs(walk.floor, walk.at_ms + 50 * MS_PER_HOUR)
    assert (job.is_late, job.late_ms, job.is_unseen_late) == (False, MS_PER_HOUR, True)
    assert not list_jobs(walk.floor, walk.at_ms, "radiotherapy")


def test_the_clock_of_what_the_patient_comes_for_runs_from_when_somebody_takes_it() -> None:
    walk = walk_in(make_result_house({f"{USUAL}.scan": 2}))
    made = walk.do("order", patient="p1", activity="scan").answer["order"]
    assert read_clock(walk.floor.house, walk.floor.get(Order, made)).due_ms is None
    walk.at_ms += 5 * MS_PER_HOUR
    walk.do("take", order=made)
    taken = walk.floor.get(Order, made)
    assert read_clock(walk.floor.house, taken).due_ms == walk.at_ms + 2 * MS_PER_HOUR
    assert Order.from_record(taken.to_record()) == taken


def test_the_latest_comes_first_and_what_has_no_time_by_its_urgency() -> None:
    walk = walk_in(make_result_house({f"{USUAL}.report": 3, f"{URGENT}.report": 1}))
    said: tuple[dict[str, Any], ...] = (
        {},
        {"priority": 1},
        {"activity": "board"},
        {"activity": "board", "priority": 1},
    )
    for one in said:
        walk.do("order", **({"patient": "p1", "activity": "report"} | one))
    found = [(job.order.activity, job.order.is_urgent) for job in list_jobs(walk.floor, walk.at_ms)]
    assert found == [("report", True), ("report", False), ("board", True), ("board", False)]
