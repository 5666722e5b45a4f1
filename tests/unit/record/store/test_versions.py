"""Versions: gapless, one winner, nothing half."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from tests.records import ACT, count_rows, make_observation, make_patient, make_slot, query

from oncopolis.foundation.errors import InputError, NotFoundError
from oncopolis.record import GoneError, VersionConflict
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.verifying import verify

N_WRITERS, N_EACH = 8, 25


def test_a_record_is_kept_to_the_digit(store: Store) -> None:
    written = store.submit(lambda tx: tx.put(make_observation("72.50")), ACT).result()
    found = store.get("Observation", written.id)
    assert found.body == written.body
    assert found.body
    assert b'"value":72.50,' in found.body
    assert found.body.startswith(
        f'{{"resourceType":"Observation","id":"{written.id}","meta":{{"versionId":"1","lastUpdated":"20'.encode()
    )
    assert (found.version, found.method, found.erased) == (1, "create", False)


def test_what_was_in_meta_stays_and_what_is_ours_is_replaced(store: Store) -> None:
    meta = {"profile": ["urn:p"], "versionId": "77", "tag": [{"code": "t"}]}
    written = store.submit(lambda tx: tx.put({**make_patient(), "meta": meta}), ACT).result()
    assert written.body
    assert b'"meta":{"versionId":"1","lastUpdated":"' in written.body
    assert b'"profile":["urn:p"],"tag":[{"code":"t"}]}' in written.body
    assert written.body.count(b'"id":') == 1


def test_versions_are_gapless_when_many_write_one_record(store: Store) -> None:
    def write(writer: int) -> None:
        for turn in range(N_EACH):
            name = f"Writer {writer} turn {turn}"
            store.submit(lambda tx, name=name: tx.put(make_patient(family=name)), ACT).result()  # type: ignore[misc]

    with ThreadPoolExecutor(N_WRITERS) as pool:
        list(pool.map(write, range(N_WRITERS)))
    versions = store.history("Patient", "p1", limit=1000)
    assert [one.version for one in versions] == list(range(N_WRITERS * N_EACH, 0, -1))
    assert [one.method for one in versions[::-1]] == ["create"] + ["update"] * (N_WRITERS * N_EACH - 1)
    assert verify(store) == []


def test_two_writing_processes_leave_no_gap_either(open_another: Callable[[], Store]) -> None:
    stores = [open_another(), open_another()]

    def write(writer: int) -> None:
        for turn in range(N_EACH):
            name = f"Writer {writer} turn {turn}"
            stores[writer % 2].submit(
                lambda tx, name=name: tx.put(make_patient(family=name)),  # type: ignore[misc]
                ACT,
            ).result()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    versions = stores[0].history("Patient", "p1", limit=1000)
    assert [one.version for one in versions] == list(range(4 * N_EACH, 0, -1))
    assert verify(stores[1]) == []


def test_exactly_one_wins_each_version(open_another: Callable[[], Store]) -> None:
    stores = [open_another(), open_another()]
    stores[0].submit(lambda tx: tx.put(make_slot("s1")), ACT).result()
    wins: list[int] = []

    def write(writer: int) -> None:
        store = stores[writer % 2]
        for _ in range(N_EACH):
            current = store.get("Slot", "s1").version
            try:
                store.submit(lambda tx, n=current: tx.put(make_slot("s1"), expected=n), ACT).result()  # type: ignore[misc]
            except VersionConflict:
                continue
            wins.append(current)

    with ThreadPoolExecutor(N_WRITERS) as pool:
        list(pool.map(write, range(N_WRITERS)))
    last = stores[0].get("Slot", "s1").version
    assert sorted(wins) == list(range(1, last))
    stores[0].submit(lambda tx: tx.put(make_slot("s1"), expected=last), ACT).result()


def test_a_record_that_must_not_exist_is_created_once(open_another: Callable[[], Store]) -> None:
    stores = [open_another(), open_another()]

    def create(writer: int) -> bool:
        try:
            stores[writer % 2].submit(lambda tx: tx.put(make_slot("s1"), expected=None), ACT).result()
        except VersionConflict:
            return False
        return True

    with ThreadPoolExecutor(N_WRITERS) as pool:
        assert sum(pool.map(create, range(N_WRITERS))) == 1


def test_a_conditional_create_by_identifier_has_one_winner(open_another: Callable[[], Store]) -> None:
    stores = [open_another(), open_another()]

    def create(tx: Transaction) -> bool:
        if tx.find_token("Observation", "identifier", "urn:lab", "sample-1.0"):
            return False
        tx.put(make_observation("1.0"))
        return True

    with ThreadPoolExecutor(N_WRITERS) as pool:
        made = list(pool.map(lambda n: stores[n % 2].submit(create, ACT).result(), range(N_WRITERS)))
    assert sum(made) == 1
    assert stores[0].count("Observation") == 1


def test_deleting_and_bringing_back(store: Store) -> None:
    def delete(tx: Transaction) -> int:
        return tx.delete("Slot", "s1").version

    store.submit(lambda tx: tx.put(make_slot("s1")), ACT).result()
    assert store.submit(delete, ACT).result() == 2
    assert store.submit(delete, ACT).result() == 2
    found = store.read("Slot", "s1")
    assert found
    assert (found.body, found.method, found.erased) == (None, "delete", False)
    with pytest.raises(GoneError):
        store.get("Slot", "s1")
    assert query(store, "SELECT count(*) FROM index_token") == [(0,)]
    back = store.submit(lambda tx: tx.put(make_slot("s1"), expected=None), ACT).result()
    assert (back.version, back.method) == (3, "create")
    assert verify(store) == []
    with pytest.raises(NotFoundError):
        store.submit(lambda tx: tx.delete("Slot", "none"), ACT).result()
    with pytest.raises(NotFoundError):
        store.get("Slot", "none")
    assert store.read("Slot", "none") is None


def test_history_turns_its_pages(store: Store) -> None:
    for n in range(7):
        store.submit(lambda tx, n=n: tx.put(make_slot(f"s{n % 2}")), ACT).result()  # type: ignore[misc]
    store.submit(lambda tx: tx.put(make_patient()), ACT).result()
    seen, before = [], None
    while page := store.history("Slot", limit=3, before=before):
        seen += [(one.id, one.version) for one in page]
        before = page[-1].seq
    assert seen == [("s0", 4), ("s1", 3), ("s0", 3), ("s1", 2), ("s0", 2), ("s1", 1), ("s0", 1)]
    assert len(store.history()) == 8
    assert [one.id for one in store.list_current("Slot", limit=1, after="s0")] == ["s1"]
    version = store.read_version("Slot", "s0", 2)
    assert version
    assert version.version == 2
    assert store.read_version("Slot", "s0", 9) is None


def test_time_of_versions_never_goes_back(open_another: Callable[..., Store]) -> None:
    clock = iter(range(2_000_000_000_000, 0, -1_000_000))
    store = open_another(clock_ms=lambda: next(clock))
    for _ in range(4):
        store.submit(lambda tx: tx.put(make_slot("s1")), ACT).result()
    times = [one.at_ms for one in store.history("Slot", "s1")]
    assert times == [2_000_000_000_000] * 4


def test_history_since_a_moment(open_another: Callable[..., Store]) -> None:
    clock = count(1000, 1000)
    store = open_another(clock_ms=lambda: next(clock))
    for _ in range(3):
        store.submit(lambda tx: tx.put(make_slot("s1")), ACT).result()
    assert [one.at_ms for one in store.history(since_ms=2000)] == [3000, 2000]


@pytest.mark.parametrize("id_", ["", "a b", "x" * 65, 7, "ä", "a/b", "a\n"])
def test_ids_that_are_none_are_refused(store: Store, id_: object) -> None:
    with pytest.raises(InputError, match="REC-062"):
        store.submit(lambda tx: tx.put({**make_patient(), "id": id_}), ACT).result()
    assert not any(count_rows(store).values())


def test_index_rows_are_those_of_the_current_version(store: Store) -> None:
    for value in ("1.0", "2.0"):
        store.submit(lambda tx, value=value: tx.put(make_observation(value, id_="o1")), ACT).result()  # type: ignore[misc]
    assert store.find_token("Observation", "identifier", "urn:lab", "sample-1.0") == []
    assert store.find_token("Observation", "identifier", "urn:lab", "sample-2.0") == ["o1"]
    assert store.find_token("Observation", "identifier", None, "sample-2.0") == ["o1"]
    assert store.find_token("Observation", "identifier", "", "sample-2.0") == []
    assert store.find_references("Patient", "p1") == [("Observation", "o1")]
    with pytest.raises(InputError, match="REC-071"):
        store.find_token("Observation", "colour", None, "red")


def test_texts_longer_than_an_index_keeps_are_still_told_apart(store: Store) -> None:
    long = "ў" * 5000
    for n, end in enumerate("ab"):
        record = {**make_patient(f"p{n}"), "identifier": [{"system": long, "value": long + end}]}
        store.submit(lambda tx, record=record: tx.put(record), ACT).result()  # type: ignore[misc]
    assert store.find_token("Patient", "identifier", long, long + "b") == ["p1"]
    assert verify(store) == []
