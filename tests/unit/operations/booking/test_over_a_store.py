"""Bookings over a real store: as many as there is room for, claims as they say, nobody who is gone."""

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from tests.booked import ALL, MONDAY, at, get_booked_house
from tests.live import do, open_live, wish
from tests.records import query
from tests.unit.record.store.conftest import OpenStore

from oncopolis.foundation import ConflictError, NotFoundError, OncopolisError
from oncopolis.operations import Live
from oncopolis.operations.booking import Booking, Machine, Room
from oncopolis.operations.notices import Notice
from oncopolis.record import Act, Who
from oncopolis.record.store import Store, Transaction

EARLY = at("7:00")
KINDS = (Machine, Room, Booking, Notice)
LINAC = {
    "resourceType": "Device", "id": "machine.linac.1", "status": "active",
    "type": {"coding": [{"system": "urn:oncopolis:resource", "code": "linac"}]},
}  # fmt: skip


def put(store: Store, *records: dict[str, Any]) -> None:
    def command(transaction: Transaction) -> None:
        for record in records:
            transaction.put(record)

    store.submit(command, Act("C", "create", Who("Practitioner", "p"), "r")).result()


def register(store: Store, *ids: str, **more: Any) -> None:
    put(store, *({"resourceType": "Patient", "id": id_} | more for id_ in ids))


def open_booked(store: Store) -> Live:
    return open_live(store, KINDS, get_booked_house())


@pytest.mark.slow
def test_a_thousand_at_once_get_the_hundred_times_there_are(store: Store, open_another: OpenStore) -> None:
    """One theatre, four operations a day, 25 days it is open on."""
    register(store, *(f"p{n}" for n in range(1000)))
    live = open_booked(store)
    window = {"activity": "operation", "earliest": str(MONDAY), "latest": "2027-04-05"}

    def ask(n: int) -> Future[dict[str, Any]]:
        return live.perform(wish(ALL["book"], window | {"patient": f"p{n}"}, EARLY))

    with ThreadPoolExecutor(8) as many:
        futures = list(many.map(ask, range(1000)))
    outcomes = Counter(_get_outcome(future) for future in futures)
    assert outcomes == {"booked": 100, "OPS-047": 900}
    booked = live.ask(lambda floor: {one.id: one for one in floor.list(Booking)})
    assert len(booked) == len({one.patient for one in booked.values()}) == 100
    wanted = {(*claim, f"Appointment/{one.id}") for one in booked.values() for claim in one.list_claims()}
    assert set(query(store, "SELECT kind, key, holder FROM claim")) == wanted
    assert len(wanted) == 100 * 2 * 24
    again = open_booked(open_another())
    assert again.ask(lambda floor: {one.id: one for one in floor.list(Booking)}) == booked


def _get_outcome(future: Future[dict[str, Any]]) -> str:
    try:
        future.result()
    except OncopolisError as error:
        return error.code
    return "booked"


def test_an_act_that_is_sent_twice_is_done_once(store: Store) -> None:
    register(store, "me")
    live = open_booked(store)
    said = {"patient": "me", "activity": "consult"}
    first, second = (do(live, ALL["book"], said, EARLY, key="k") for _ in range(2))
    assert first == second
    assert live.ask(lambda floor: len(list(floor.list(Booking)))) == 1


def test_a_time_that_another_process_took_is_passed_over_or_refused_as_taken(
    store: Store, open_another: OpenStore
) -> None:
    register(store, "me", "you")
    here, other_store = open_booked(store), open_another()
    there = open_booked(other_store)
    said = {"activity": "operation"}
    taken = do(there, ALL["book"], said | {"patient": "you"}, EARLY)
    with pytest.raises(ConflictError, match="OPS-046"):
        do(here, ALL["book"], said | {"patient": "me", "start_ms": taken["start_ms"]}, EARLY)
    for later in range(1, 4):
        taken = do(there, ALL["book"], said | {"patient": "you", "earliest": f"2027-03-0{later + 1}"}, EARLY)
    found = do(here, ALL["book"], said | {"patient": "me"}, EARLY)
    assert found["status"] == "booked"
    assert len(found["made"]) == len(set(found["made"]))
    reader = open_booked(open_another())
    starts = {one.patient: one.start_ms for one in reader.ask(lambda floor: list(floor.list(Booking)))}
    assert starts["me"] == found["start_ms"]
    held = query(store, "SELECT holder, count(*) FROM claim GROUP BY holder")
    claims = {
        f"Appointment/{one.id}": len(list(one.list_claims()))
        for one in reader.ask(lambda floor: list(floor.list(Booking)))
    }
    assert dict(held) == claims


def test_nobody_is_booked_for_who_is_unknown_merged_dead_or_out_of_use(store: Store) -> None:
    link = [{"other": {"reference": "Patient/alive"}, "type": "replaced-by"}]
    register(store, "alive")
    register(store, "merged", link=link, active=False)
    register(store, "dead", deceasedDateTime="2027-01-01")
    register(store, "gone", deceasedBoolean=True)
    register(store, "unused", active=False)
    live = open_booked(store)
    codes = {
        "nobody": "OPS-054",
        "merged": "OPS-055",
        "dead": "OPS-056",
        "gone": "OPS-056",
        "unused": "OPS-057",
    }
    for patient, code in codes.items():
        for name, more in (("book", {}), ("await", {"reason": "full"})):
            with pytest.raises((ConflictError, NotFoundError), match=code):
                do(live, ALL[name], {"patient": patient, "activity": "consult"} | more, EARLY)
    assert do(live, ALL["book"], {"patient": "alive", "activity": "consult"}, EARLY)["status"] == "booked"


def test_a_breakdown_and_its_undo_are_one_transaction_each(store: Store) -> None:
    register(store, "me", "you")
    put(store, LINAC)
    live = open_booked(store)
    for patient in ("me", "you"):
        do(live, ALL["book"], {"patient": patient, "activity": "fraction"}, EARLY)
    before = live.ask(lambda floor: {one.id: one for one in floor.list(Booking)})
    claims = set(query(store, "SELECT kind, key, holder FROM claim"))
    down = {"unit": "machine.linac.1", "reason": "fault", "until_ms": at("18:00")}
    answer = do(live, ALL["report_down"], down, EARLY)
    assert len(answer["moved"]) == 1  # The other one is on the other linac.
    held = {key for _, key, _ in query(store, "SELECT kind, key, holder FROM claim")}
    assert not any("machine.linac.1|2027-03-01" in key for key in held)
    do(live, ALL["undo_down"], {"report": answer["report"]}, EARLY)
    assert live.ask(lambda floor: {one.id: one for one in floor.list(Booking)}) == before
    assert set(query(store, "SELECT kind, key, holder FROM claim")) == claims
