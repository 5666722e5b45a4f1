"""Results that others write into the record find their order, or wait on the list of somebody."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.courses import get_course_house
from tests.live import MONDAY_MS, SOMEBODY, do, open_live

from oncopolis.foundation import ConflictError
from oncopolis.operations import ACTS, VIEWS, Live
from oncopolis.operations.elements import to_instant
from oncopolis.operations.loop import Parked
from oncopolis.operations.orders import Order
from oncopolis.record import Act
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store import Transaction, open_store

HOUR_MS = 3_600_000
ANALYSER = Act("C", "create", SOMEBODY, "request")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with open_store(f"sqlite:///{tmp_path / 'record.db'}", clock_ms=lambda: MONDAY_MS) as store:
        for id_ in ("p1", "p2"):
            store.submit(partial(put, {"resourceType": "Patient", "id": id_}), ANALYSER).result()
        yield open_live(store, VIEWS, get_course_house())


def put(record: dict[str, Any], transaction: Transaction) -> None:
    transaction.put(record)


def order(live: Live, patient: str = "p1") -> str:
    return str(do(live, ACTS["order"], {"patient": patient, "activity": "report"})["order"])


def send(live: Live, id_: str = "r1", based_on: str = "", patient: str = "p1", **more: Any) -> None:
    """Write a report as another system does."""
    record: dict[str, Any] = {
        "resourceType": "DiagnosticReport", "id": id_, "status": "final",
        "code": {"text": "Full blood count"},
        "issued": to_instant(MONDAY_MS), **more,
    }  # fmt: skip
    if based_on:
        record["basedOn"] = [{"reference": f"ServiceRequest/{based_on}"}]
    if patient:
        record["subject"] = {"reference": f"Patient/{patient}"}
    live.store.submit(lambda tx: tx.put(record), ANALYSER).result()


def observe(live: Live, flag: str = "") -> dict[str, Any]:
    """Write an observation; what a report says of it."""
    record: dict[str, Any] = {
        "resourceType": "Observation", "id": "o1", "status": "final", "code": {"text": "Potassium"},
        "valueQuantity": {"value": 7.1, "unit": "mmol/l"},
    }  # fmt: skip
    if flag:
        record["interpretation"] = [{"coding": [{"code": flag}]}]
    live.store.submit(lambda tx: tx.put(record), ANALYSER).result()
    return {"result": [{"reference": "Observation/o1"}]}


def list_parked(live: Live) -> list[tuple[str, str]]:
    return live.ask(lambda floor: [(one.why, one.about) for one in floor.list(Parked)])


def get(live: Live, id_: str) -> Order:
    return live.ask(lambda floor: floor.get(Order, id_))


def test_a_result_with_its_order_is_there_to_be_seen(live: Live) -> None:
    made = order(live)
    send(live, based_on=made, **observe(live, flag="H"))
    known = get(live, made)
    assert (known.state, known.report, known.critical) == ("resulted", "r1", "")
    assert known == Order.from_record(find_resource(live.store.read("ServiceRequest", made)) or {})
    assert (find_resource(live.store.read("Task", made)) or {})["status"] == "completed"
    assert not list_parked(live)


@pytest.mark.parametrize("flag", ["HH", "LL", "AA"])
def test_what_the_laboratory_flags_as_critical_cannot_wait(live: Live, flag: str) -> None:
    made = order(live)
    send(live, based_on=made, **observe(live, flag))
    assert get(live, made).critical == "Potassium 7.1 mmol/l"


def test_a_result_without_an_order_waits_on_the_list_of_somebody(live: Live) -> None:
    send(live)
    assert list_parked(live) == [("unknown", "DiagnosticReport/r1")]
    send(live, "r2", based_on="nowhere")
    assert list_parked(live)[1] == ("unknown", "DiagnosticReport/r2")
    (parked, _) = live.ask(lambda floor: list(floor.list(Parked)))
    assert (parked.owner, parked.patient) == ("laboratory", "p1")
    assert Parked.from_record(find_resource(live.store.read("Task", parked.id)) or {}) == parked


def test_a_result_that_cannot_be_believed_is_not_put_to_its_order(live: Live) -> None:
    made = order(live)
    send(live, "other", based_on=made, patient="p2")
    send(live, "ahead", based_on=made, issued=to_instant(MONDAY_MS + HOUR_MS))
    send(live, "behind", based_on=made, issued=to_instant(MONDAY_MS - HOUR_MS))
    assert [why for why, _ in list_parked(live)] == ["other_patient", "clock", "clock"]
    assert get(live, made).state == "ordered"
    do(live, ACTS["result"], {"order": made})
    send(live, "second", based_on=made)
    assert list_parked(live)[3] == ("over", "DiagnosticReport/second")


def test_what_is_no_news_waits_for_nobody(live: Live) -> None:
    send(live, "early", status="preliminary")
    send(live, "old", issued=to_instant(MONDAY_MS - 31 * 24 * HOUR_MS))
    live.store.submit(
        lambda tx: tx.put({
            "resourceType": "ServiceRequest", "id": "theirs", "status": "active", "intent": "order",
            "subject": {"reference": "Patient/p1"},
        }),
        ANALYSER,
    ).result()  # fmt: skip
    send(live, "known", based_on="theirs")
    assert not list_parked(live)
    send(live)
    send(live, conclusion="told again")
    assert len(list_parked(live)) == 1


def test_a_result_that_was_corrected_after_it_was_seen_has_to_be_seen_again(live: Live) -> None:
    made = order(live)
    send(live, based_on=made)
    do(live, ACTS["acknowledge"], {"order": made}, at_ms=MONDAY_MS + 1)
    send(live, based_on=made, note="an address was written into it")
    assert get(live, made).state == "seen"
    send(live, based_on=made, status="corrected", issued=to_instant(MONDAY_MS + 60_000))
    assert get(live, made).state == "resulted"


def test_somebody_finds_the_order_of_a_result_that_waited(live: Live) -> None:
    made, others = order(live), order(live, "p2")
    send(live, **observe(live, "LL"))
    ((parked,),) = (live.ask(lambda floor: [one.id for one in floor.list(Parked)]),)
    with pytest.raises(ConflictError, match="OPS-421"):
        do(live, ACTS["match_report"], {"parked": parked, "order": others})
    do(live, ACTS["match_report"], {"parked": parked, "order": made})
    known = get(live, made)
    assert (known.state, known.report, known.critical) == ("resulted", "r1", "Potassium 7.1 mmol/l")
    assert not list_parked(live)
    report = find_resource(live.store.read("DiagnosticReport", "r1")) or {}
    assert report["basedOn"] == [{"reference": f"ServiceRequest/{made}"}]
    with pytest.raises(ConflictError, match="OPS-420"):
        do(live, ACTS["match_report"], {"parked": parked, "order": made})


def test_a_result_of_nobody_is_put_to_no_order(live: Live) -> None:
    made = order(live)
    send(live, patient="")
    ((parked,),) = (live.ask(lambda floor: [one.id for one in floor.list(Parked)]),)
    with pytest.raises(ConflictError, match="OPS-421"):
        do(live, ACTS["match_report"], {"parked": parked, "order": made})
