"""Readings, alarms and exposed specimens in the record, on each kind of database."""

from collections.abc import Iterator
from dataclasses import replace
from math import isnan, nan
from typing import Any

import pytest
from tests.banks import ANNA, BEK, NOON_MS, act, keep, make_room, make_tissue
from tests.databases import cluster, database_url

from oncopolis.biobank import Bank
from oncopolis.biobank.watching.alarms import TankAlarm
from oncopolis.foundation import ConflictError, NotFoundError
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.exposure import Exposed, list_exposed
from oncopolis.record.biobank.readings import Hour, Said, add_readings, list_hours, list_readings, thin
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store, open_store

__all__ = ["cluster", "database_url"]
HOUR = 3_600_000
MIN = 60_000


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with open_store(database_url) as store:
        yield store


def test_old_readings_become_a_line_an_hour(store: Store) -> None:
    first = NOON_MS // HOUR * HOUR
    said = [
        Said("T01", "temperature", first, -180.0, False),
        Said("T01", "temperature", first + 1, -170.0, False),
        Said("T01", "temperature", first + 2, nan, True),
        Said("T02", "temperature", first + 3, 400.0, True),
        Said("T01", "temperature", first + HOUR, -150.0, False),
    ]
    store.submit_unseen(lambda tx: add_readings(tx.session, said)).result()
    one = store.ask(lambda look: list_readings(look.session, "T01", "temperature", first, first + HOUR))
    assert one[:2] == said[:2]
    assert isnan(one[2].value)
    assert one[2].is_doubted
    assert store.submit_unseen(lambda tx: thin(tx.session, first + HOUR + 5)).result() == 4
    late = [Said("T01", "temperature", first + 9, -160.0, False)]
    store.submit_unseen(lambda tx: add_readings(tx.session, late)).result()
    assert store.submit_unseen(lambda tx: thin(tx.session, first + HOUR)).result() == 1
    hours = store.ask(lambda look: list_hours(look.session, "T01", "temperature"))
    assert hours == [Hour(first, 4, 1, -180.0, -170.0, -160.0)]
    assert store.ask(lambda look: list_hours(look.session, "T02", "temperature")) == [
        Hour(first, 1, 1, None, None, None)
    ]
    left = store.ask(lambda look: list_readings(look.session, "T01", "temperature", 0, 2 * first))
    assert left == said[4:]


def test_exposed_are_those_who_were_there_for_as_long_as_they_were(bank: Bank) -> None:
    """1 stays; 2 leaves after 10 min; 3 comes after 20; 4's rack is carried in after 30; 5 is elsewhere."""
    store, t1_box, t2_box = bank.store, 102, 202
    told = [Event("added", container=one.id, told={"parent": one.parent}) for one in make_room()]
    keep(store, [], *told, at_ms=NOON_MS - 9 * HOUR)
    first = [
        make_tissue(1, t1_box, 0), make_tissue(2, t1_box, 1), make_tissue(3, t2_box, 0),
        make_tissue(4, 203, 0), make_tissue(5, t2_box, 1),
    ]  # fmt: skip
    keep(
        store, first, *(Event("stored", one.id, told={"box": one.box}) for one in first),
        at_ms=NOON_MS - 8 * HOUR,
    )  # fmt: skip

    def do(name: str, after_min: int, /, **said: Any) -> None:
        bank.perform(name, said, act(ANNA), at_ms=NOON_MS + after_min * MIN).result()

    do("bank_take", 10, barcodes=["S00002"])
    do("bank_place", 20, barcode="S00003", box="T1-B1", position="B1")
    do("bank_move_container", 30, name="T2-B2", parent="T1-R1")
    found = store.ask(lambda look: list_exposed(look.session, 100, NOON_MS, NOON_MS + HOUR))
    assert found == [
        Exposed(1, "S00001", NOON_MS, NOON_MS + HOUR),
        Exposed(2, "S00002", NOON_MS, NOON_MS + 10 * MIN),
        Exposed(3, "S00003", NOON_MS + 20 * MIN, NOON_MS + HOUR),
        Exposed(4, "S00004", NOON_MS + 30 * MIN, NOON_MS + HOUR),
    ]
    before = store.ask(lambda look: list_exposed(look.session, 200, NOON_MS, NOON_MS + 5 * MIN))
    assert [one.specimen for one in before] == [3, 4, 5]
    assert not store.ask(lambda look: list_exposed(look.session, 100, NOON_MS - 9 * HOUR, NOON_MS - 8 * HOUR))


def raise_one(bank: Bank, rule: str = "too-warm") -> TankAlarm:
    alarm = TankAlarm(
        "a1", f"{rule}:T1", rule, "T1", NOON_MS, NOON_MS + 5 * MIN, 30 * MIN, 60 * MIN  # type: ignore[arg-type]
    )  # fmt: skip
    bank.store.submit(lambda tx: tx.put(alarm.to_record()), act(ANNA)).result()
    return alarm


def read_one(bank: Bank, id_: str = "a1") -> TankAlarm:
    return TankAlarm.from_record(parse(bank.store.get("Task", id_).body or b""))


def test_an_alarm_is_owned_put_off_and_taken_over(bank: Bank) -> None:
    raise_one(bank, "level-low")
    with pytest.raises(ConflictError, match="BIO-131"):
        bank.perform("bank_put_off_alarm", {"alarm": "a1", "minutes": 20}, act(ANNA)).result()
    bank.perform("bank_own_alarm", {"alarm": "a1"}, act(ANNA), at_ms=NOON_MS + MIN).result()
    owned = read_one(bank)
    assert (owned.owner, owned.name, owned.next_ms) == ("Practitioner/anna", "Anna", NOON_MS + 31 * MIN)
    said = {"alarm": "a1", "minutes": 60}
    bank.perform("bank_put_off_alarm", said, act(ANNA), at_ms=NOON_MS + MIN).result()
    assert read_one(bank).next_ms == NOON_MS + 61 * MIN
    bank.perform("bank_own_alarm", {"alarm": "a1"}, act(BEK), at_ms=NOON_MS + 2 * MIN).result()
    assert read_one(bank).owner == "Practitioner/bek"
    assert bank.store.get("Task", "a1").version == 4


def test_what_harms_somebody_soon_cannot_be_put_off(bank: Bank) -> None:
    raise_one(bank)
    bank.perform("bank_own_alarm", {"alarm": "a1"}, act(ANNA)).result()
    with pytest.raises(ConflictError, match="BIO-132"):
        bank.perform("bank_put_off_alarm", {"alarm": "a1", "minutes": 1}, act(ANNA)).result()


def test_an_alarm_that_is_not_there_or_over_is_refused(bank: Bank) -> None:
    with pytest.raises(NotFoundError, match="BIO-130"):
        bank.perform("bank_own_alarm", {"alarm": "none"}, act(ANNA)).result()


def test_a_tank_is_used_again_after_an_inspection_without_alarm(bank: Bank) -> None:
    bank.perform("bank_close_container", {"name": "T1", "is_closed": True}, act(ANNA)).result()
    with pytest.raises(ConflictError, match=r"container T1: got a tank that nobody has inspected.*BIO-221"):
        bank.perform("bank_close_container", {"name": "T1", "is_closed": False}, act(ANNA)).result()
    alarm = raise_one(bank)
    said = {"tank": "T1", "inspection": "vacuum holds, no frost"}
    with pytest.raises(ConflictError, match=r"container T1: got an alarm, too-warm:T1.*BIO-222"):
        bank.perform("bank_open_tank", said, act(ANNA)).result()
    over = replace(alarm, ended_ms=NOON_MS)
    bank.store.submit(lambda tx: tx.put(over.to_record()), act(ANNA)).result()
    bank.perform("bank_open_tank", said, act(ANNA)).result()
    tank = bank.ask(lambda books: books.find_container("T1"))
    assert tank is not None
    assert tank.state == "used"
    with pytest.raises(ConflictError, match=r"one in use.*BIO-222"):
        bank.perform("bank_open_tank", said, act(ANNA)).result()


def test_a_drill_is_marked(bank: Bank) -> None:
    made = bank.perform("bank_drill", {"subject": "T1"}, act(ANNA), at_ms=NOON_MS).result()["made"]
    drill = read_one(bank, made[0])
    assert (drill.is_drill, drill.key, drill.next_ms) == (True, "drill:T1", NOON_MS + 5 * MIN)
