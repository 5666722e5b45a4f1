"""Queues and wards over a real store: what is done is in the record, and of many at once nobody is lost."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from tests.live import MONDAY_MS, do, open_live, wish
from tests.records import ACT, make_patient
from tests.waiting import ACTS, BEDS, KINDS, MINUTE_MS, ROOMS, get_clinic, make_booking

from oncopolis.foundation import ConflictError, NotFoundError
from oncopolis.operations import Floor, Live
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.wards.views import Bed, Stay
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.journal import list_lines

LOCATION = {
    "resourceType": "Location", "status": "active", "name": "bed", "mode": "instance",
    "physicalType": {"coding": [{"code": "bd"}]},
    "type": [{"coding": [{"system": "urn:oncopolis:resource", "code": "bed"}]}],
}  # fmt: skip


def get_any(kind: Any, id_: str, floor: Floor) -> Any:
    return floor.get(kind, id_)


def open_clinic(store: Store, *records: dict[str, Any], n: int = 20) -> Live:
    """The clinic with these records and so many patients, p0 and on."""

    def put(transaction: Transaction) -> None:
        for record in (*records, *(make_patient(f"p{i}") for i in range(n))):
            transaction.put(record)

    store.submit(put, ACT).result()
    return open_live(store, KINDS, get_clinic())


def act(live: Live, name: str, minutes: float = 0, **said: Any) -> dict[str, Any]:
    return do(live, ACTS[name], said, MONDAY_MS + round(minutes * MINUTE_MS))


def read_state(live: Live) -> Any:
    return live.ask(lambda floor: floor.to_state())


def test_two_hundred_check_ins_at_once(store: Store) -> None:
    """Every one of them is answered, twice the same for those who tap twice, with a number of their own."""
    live = open_clinic(
        store, *(make_booking(f"b{i}", f"p{i}", MONDAY_MS).to_record() for i in range(100)), n=200
    )

    def tap(i: int) -> dict[str, Any]:
        said = (
            {"booking": f"b{i}", "channel": "kiosk"}
            if i < 100
            else {"patient": f"p{i}", "activity": "consult"}
        )
        return live.perform(wish(ACTS["check_in"], said)).result()

    with ThreadPoolExecutor(16) as many:
        answers = list(many.map(tap, [*range(200), *range(0, 200, 4)]))
    first, again = answers[:200], answers[200:]
    assert len({answer["number"] for answer in first}) == 200
    assert len({answer["visit"] for answer in first}) == 200
    assert [one["contact"] for one in again] == [first[i]["contact"] for i in range(0, 200, 4)]
    assert sum(answer["again"] for answer in answers) == 50
    assert live.ask(lambda floor: len(floor.index(Queues).waiting["outpatient"])) == 200
    before = read_state(live)
    live._forget()
    assert read_state(live) == before


def test_a_visit_from_the_door_to_the_journal(store: Store) -> None:
    live = open_clinic(store, make_booking("b1", "p1", MONDAY_MS + 10 * MINUTE_MS).to_record())
    checked = act(live, "check_in", booking="b1")
    called = act(live, "call", 12, area="outpatient", room=ROOMS[0])
    act(live, "start", 13, contact=called["contact"])
    before = read_state(live)
    live._forget()
    assert read_state(live) == before
    assert sorted(store.submit(lambda t: t.list_claims(f"Encounter/{checked['contact']}"), ACT).result()) == [
        ("served", "p1"), ("use", ROOMS[0]),
    ]  # fmt: skip
    act(live, "finish", 40, contact=called["contact"])
    lines = [line for _, line in store.ask(list_lines)]
    assert [(line.case, line.outcome, (line.end_ms - MONDAY_MS) // MINUTE_MS) for line in lines] == [
        ("p1", "done", 40)
    ]
    assert act(live, "finish", 41, contact=called["contact"])["again"]
    assert store.submit(lambda t: t.list_claims(f"Encounter/{checked['contact']}"), ACT).result() == []
    assert store.submit(lambda t: t.list_claims(f"Encounter/{checked['visit']}"), ACT).result() == []
    for kind, id_ in ((Visit, checked["visit"]), (Contact, checked["contact"])):
        found = live.ask(partial(get_any, kind, id_))
        assert found.end == "done"
    assert live.ask(lambda floor: floor.find(Visit, checked["visit"])) is None


def test_a_bed_is_one_patients_whoever_is_faster(store: Store) -> None:
    live = open_clinic(store, *(LOCATION | {"id": bed} for bed in BEDS))

    def admit(i: int) -> str:
        said = {"patient": f"p{i}", "activity": "stay", "bed": BEDS[i % 2]}
        try:
            return str(live.perform(wish(ACTS["admit"], said)).result()["stay"])
        except ConflictError:
            return ""

    with ThreadPoolExecutor(8) as many:
        stays = [stay for stay in many.map(admit, range(20)) if stay]
    assert len(stays) == 2
    act(live, "discharge", 10, stay=stays[0])
    act(live, "left_bed", 20, stay=stays[0])
    before = read_state(live)
    live._forget()
    assert read_state(live) == before
    states = live.ask(lambda floor: sorted(bed.state for bed in floor.list(Bed)))
    assert states == ["cleaning", "free", "free", "occupied"]
    kept = live.ask(lambda floor: floor.get(Bed, BEDS[0]).to_record())
    assert (kept["name"], kept["mode"], kept["physicalType"]) == ("bed", "instance", LOCATION["physicalType"])
    assert len(list(live.ask(lambda floor: list(floor.list(Stay))))) == 1


def test_nobody_waits_or_lies_who_is_not_registered(store: Store) -> None:
    live = open_clinic(store, LOCATION | {"id": BEDS[0]})
    for name, activity in (("check_in", "consult"), ("admit", "stay")):
        with pytest.raises(NotFoundError, match="OPS-054"):
            act(live, name, patient="nobody", activity=activity)


def test_who_erases_a_visit_by_hand_takes_it_off_the_floor(store: Store) -> None:
    live = open_clinic(store)
    checked = act(live, "check_in", patient="p1", activity="consult")
    record = live.ask(lambda floor: floor.get(Contact, checked["contact"]).to_record())
    ended = record | {"status": "entered-in-error"}
    store.submit(lambda transaction: transaction.put(ended), ACT).result()
    assert live.ask(lambda floor: floor.find(Contact, checked["contact"])) is None
    assert live.ask(lambda floor: floor.index(Queues).waiting["outpatient"]) == []
