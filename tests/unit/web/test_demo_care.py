"""What a demonstration adds to wards, results and courses of fractions."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.live import MONDAY_MS, SOMEBODY, do, open_live
from tests.results import USUAL, make_result_house

from oncopolis.foundation.units import MS_PER_DAY
from oncopolis.operations import ACTS, VIEWS, Live
from oncopolis.operations.booking.views import Booking, Held, Spot
from oncopolis.operations.fractions import list_integrity
from oncopolis.operations.loop import Parked
from oncopolis.operations.nursing import NursingTask
from oncopolis.operations.nursing.trends import read_trends
from oncopolis.operations.orders.critical import get_audience, list_critical
from oncopolis.operations.things import list_near
from oncopolis.record import Act
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store import Transaction, open_store
from oncopolis.web.definition import apply_differences, find_differences, make_records
from oncopolis.web.demo.caring import TOGETHER, Caring
from oncopolis.web.demo.marking import TAG

N = 14
MADE = Act("C", "create", SOMEBODY, "request")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    house = make_result_house({f"{USUAL}.outpatient": 4})
    with open_store(f"sqlite:///{tmp_path / 'demo.db'}?synchronous=OFF", clock_ms=lambda: MONDAY_MS) as store:
        apply_differences(store, find_differences(store, make_records(house.equipped)))
        live = open_live(store, VIEWS, house)
        for i in range(N):
            patient = {"resourceType": "Patient", "id": f"p{i}"}
            store.submit(partial(put, patient), MADE).result()
        yield live


def put(record: dict[str, Any], transaction: Transaction) -> None:
    transaction.put(record)


def test_beds_results_and_courses_are_alive(live: Live) -> None:
    stays = [do(live, ACTS["admit"], {"patient": f"p{i}", "activity": "stay"})["stay"] for i in range(3)]
    for i in range(6):
        course = do(live, ACTS["start_course"], {"patient": f"p{i}", "pathway": "care"})["course"]
        spot = Spot(MONDAY_MS + i * 3_600_000, (Held("machine.linac.1"),))
        booked = Booking(f"b{i}", f"p{i}", "fraction", "booked", 15, MONDAY_MS, course=course, spot=spot)
        live.store.submit(partial(put, booked.to_record()), MADE).result()
    caring = Caring(live, lambda: MONDAY_MS)
    caring.care()
    trends = read_trends(live.store, ["p0"], MONDAY_MS)["p0"]
    assert len(trends["pulse"]) == len(trends["systolic"]) > 5
    version = live.store.list_current("Observation")[0]
    assert TAG in (find_resource(version) or {})["meta"]["tag"]
    assert len(live.ask(list_critical)) == 3
    do(live, ACTS["raise_results"], {})
    do(live, ACTS["raise_results"], {})
    assert {get_audience(one) for one in live.ask(list_critical)} == {"requester", "department", "command"}
    assert len(live.ask(lambda floor: list(floor.list(Parked)))) == 3 + 1
    assert len(live.ask(lambda floor: list_near(floor, "infusion_pump", "outpatient"))) == 24
    today = live.house.to_local(MONDAY_MS).date()
    courses = live.ask(lambda floor: list_integrity(floor, today))
    assert len(courses) == 6
    before = live.store.count("Observation")
    caring.care()
    assert live.store.count("Observation") == before
    assert len(stays) <= TOGETHER


def test_a_ward_has_few_late_tasks(live: Live) -> None:
    for i in range(N):
        do(live, ACTS["admit"], {"patient": f"p{i}", "activity": "stay"})
    do(live, ACTS["lay_tasks"], {})
    now_ms = MONDAY_MS + MS_PER_DAY
    do(live, ACTS["lay_tasks"], {}, at_ms=now_ms)

    def count_late() -> int:
        return live.ask(lambda floor: sum(one.due_ms <= now_ms for one in floor.list(NursingTask)))

    n_before = count_late()
    caring = Caring(live, lambda: now_ms)
    for _ in range(3):
        caring.care()
    assert n_before > 2 * N
    assert count_late() < N / 2
