"""Commands: all or nothing, once, claims, and what is told when they fail."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from tests.records import ACT, count_rows, make_observation, make_patient, make_slot, query

from oncopolis.foundation.errors import ConflictError, InputError
from oncopolis.record import VersionConflict
from oncopolis.record.errors import ClaimHeld
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.verifying import verify

N_SLOTS, N_TRIES = 100, 1000


def test_of_a_thousand_claims_on_a_hundred_slots_a_hundred_win(
    open_another: Callable[[], Store],
) -> None:
    stores = [open_another(), open_another()]

    def book(n: int) -> Callable[[Transaction], str]:
        def command(tx: Transaction) -> str:
            slot = f"s{n % N_SLOTS}"
            booked = tx.put({**make_slot(slot), "comment": f"try {n}"})
            tx.send("notice", {"slot": slot})
            tx.claim("slot", slot, f"Appointment/a{n}")
            return booked.id

        return command

    def try_it(n: int) -> Future[str]:
        return stores[n % 2].submit(book(n), ACT)

    with ThreadPoolExecutor(16) as pool:
        futures = list(pool.map(try_it, range(N_TRIES)))
    errors = [future.exception(60) for future in futures]
    assert sum(error is None for error in errors) == N_SLOTS
    assert {
        str(error.code) if isinstance(error, ConflictError) else repr(error) for error in errors if error
    } == {"REC-057"}
    rows = count_rows(stores[0])
    assert {
        name: rows[name] for name in ("resource", "version", "claim", "audit", "outbox")
    } == dict.fromkeys(("resource", "version", "claim", "audit", "outbox"), N_SLOTS)
    winners = query(stores[0], "SELECT key, holder FROM claim")
    for slot, holder in winners:
        body = stores[0].get("Slot", slot).body
        assert body
        assert f'"comment":"try {holder.removeprefix("Appointment/a")}"'.encode() in body


def test_a_claim_says_who_holds_it_and_is_given_back_by_its_holder_only(store: Store) -> None:
    def do(command: Callable[[Transaction], Any]) -> Any:
        return store.submit(command, ACT).result()

    do(lambda tx: tx.claim("bed", "b1", "Encounter/e1"))
    do(lambda tx: tx.claim("bed", "b1", "Encounter/e1"))
    with pytest.raises(ConflictError, match="Encounter/e1 holds it"):
        do(lambda tx: tx.claim("bed", "b1", "Encounter/e2"))
    assert not do(lambda tx: tx.release("bed", "b1", "Encounter/e2"))
    assert do(lambda tx: tx.list_claims("Encounter/e1")) == [("bed", "b1")]
    assert do(lambda tx: tx.release("bed", "b1", "Encounter/e1"))
    do(lambda tx: tx.claim("bed", "b1", "Encounter/e2"))


def _make_claims(numbers: range, holder: str) -> list[tuple[str, str, str]]:
    return [("place", f"{number}", holder) for number in numbers]


def test_many_claims_are_taken_all_or_none(store: Store) -> None:
    def do(command: Callable[[Transaction], Any]) -> Any:
        return store.submit(command, ACT).result()

    do(lambda tx: tx.claim_all(_make_claims(range(450), "Encounter/e1")))
    do(lambda tx: tx.claim_all([*_make_claims(range(440, 460), "Encounter/e1")] * 2))
    assert len(do(lambda tx: tx.list_claims("Encounter/e1"))) == 460

    def try_two(tx: Transaction) -> None:
        with pytest.raises(ConflictError, match=r"place 459.*Encounter/e1 holds it") as raised:
            tx.claim_all(_make_claims(range(900, 300, -1), "Encounter/e2"))
        assert raised.value.code == "REC-057"
        tx.claim("place", "900", "Encounter/e2")

    do(try_two)
    assert do(lambda tx: tx.list_claims("Encounter/e2")) == [("place", "900")]
    assert do(lambda tx: tx.release_all(_make_claims(range(1000), "Encounter/e2"))) == 1
    assert do(lambda tx: tx.release_all(_make_claims(range(450, 1000), "Encounter/e1"))) == 10
    assert len(do(lambda tx: tx.list_claims("Encounter/e1"))) == 450
    do(lambda tx: tx.claim_all([]))
    assert do(lambda tx: tx.release_all([])) == 0


def test_one_place_for_two_holders_at_once_is_refused(store: Store) -> None:
    claims = [("bed", "b1", "Encounter/e2"), ("bed", "b1", "Encounter/e1")]
    with pytest.raises(ConflictError, match="Encounter/e1 holds it"):
        store.submit(lambda tx: tx.claim_all(claims), ACT).result()
    assert query(store, "SELECT * FROM claim") == []


def test_of_many_who_claim_the_same_places_in_any_order_one_wins(open_another: Callable[[], Store]) -> None:
    stores = [open_another(), open_another()]

    def try_it(n: int) -> Future[None]:
        places = _make_claims(range(20), f"Encounter/e{n}")[:: 1 - 2 * (n % 2)]
        return stores[n % 2].submit(lambda tx: tx.claim_all(places), ACT)

    with ThreadPoolExecutor(8) as pool:
        errors = [future.exception(60) for future in list(pool.map(try_it, range(40)))]
    assert sum(error is None for error in errors) == 1
    assert {error.code for error in errors if isinstance(error, ConflictError)} == {"REC-057"}
    assert query(stores[0], "SELECT count(*), count(DISTINCT holder) FROM claim") == [(20, 1)]


def _fail_after_everything(tx: Transaction) -> None:
    tx.put(make_observation(id_="o1", patient="new"))
    tx.put(make_patient("p9"))
    tx.delete("Slot", "s1")
    tx.send("notice", {"a": 1}, key="once")
    tx.claim("slot", "free", "Slot/s1")
    assert tx.find_token("Observation", "identifier", "urn:lab", "sample-72.50") == ["o1"]
    assert tx.find_references("Patient", "new") == [("Observation", "o1")]
    tx.claim("slot", "taken", "Slot/s2")


def test_a_command_that_fails_leaves_no_trace(store: Store) -> None:
    def prepare(tx: Transaction) -> None:
        tx.put(make_slot("s1"))
        tx.claim("slot", "taken", "Slot/s1")

    store.submit(prepare, ACT).result()
    before = count_rows(store)
    rows = query(store, "SELECT * FROM index_token ORDER BY rk, n")
    for key in (None, "k1"):
        with pytest.raises(ConflictError, match="REC-057"):
            store.submit(_fail_after_everything, ACT, key=key).result()
    assert count_rows(store) == before
    assert query(store, "SELECT * FROM index_token ORDER BY rk, n") == rows
    assert verify(store) == []
    assert store.submit(lambda tx: tx.put(make_slot("s1")), ACT).result().version == 2


def _submit_together(store: Store, commands: list[Callable[[Transaction], Any]]) -> list[Future[Any]]:
    """Have commands written in one batch, by holding the writer up until all wait."""
    gate = Event()
    held = store.submit(lambda tx: gate.wait(30), ACT)
    futures = [store.submit(command, ACT) for command in commands]
    gate.set()
    held.result()
    return futures


def test_a_failing_command_takes_nothing_of_its_batch_along(store: Store) -> None:
    store.submit(lambda tx: tx.put(make_slot("s1")), ACT).result()
    store.submit(lambda tx: tx.claim("slot", "taken", "Slot/s1"), ACT).result()

    def read_then_fail(tx: Transaction) -> None:
        assert tx.find_token("Patient", "identifier", None, "x") == []
        tx.put(make_slot("s1", "busy"))
        raise ValueError("no")

    futures = _submit_together(
        store,
        [
            lambda tx: tx.put(make_observation(id_="o1")),
            lambda tx: tx.put(make_slot("s1", "busy")),
            read_then_fail,
            lambda tx: tx.put(make_observation("1.0", id_="o2")),
            _fail_after_everything,
            lambda tx: tx.put(make_slot("s1", "entered-in-error")),
            lambda tx: tx.read("Slot", "s1"),
        ],
    )
    errors = [future.exception() for future in futures]
    assert [type(error) for error in errors if error] == [ValueError, VersionConflict] or [
        type(error) for error in errors if error
    ] == [ValueError, ClaimHeld]
    assert [n for n, error in enumerate(errors) if error] == [2, 4]
    assert futures[6].result().version == 3
    assert store.find_token("Observation", "identifier", "urn:lab", "sample-1.0") == ["o2"]
    assert [one.version for one in store.history("Slot", "s1")] == [3, 2, 1]
    assert query(store, "SELECT max(seq), count(*) FROM audit") == [(8, 8)]
    assert verify(store) == []


def test_a_command_may_try_another_slot_when_one_is_taken(store: Store) -> None:
    def book(tx: Transaction) -> str:
        for slot in ("a", "b"):
            try:
                tx.claim("slot", slot, tx.put(make_slot(f"for-{slot}")).id)
            except ConflictError:
                continue
            return slot
        raise AssertionError

    store.submit(lambda tx: tx.claim("slot", "a", "Slot/x"), ACT).result()
    assert store.submit(book, ACT).result() == "b"


def test_a_repeated_key_does_nothing_twice_and_gives_the_same(store: Store) -> None:
    ran = []

    def create(tx: Transaction) -> dict[str, Any]:
        ran.append(1)
        return {"id": tx.put(make_observation()).id, "places": (1, 2)}

    futures = [store.submit(create, ACT, key="k1") for _ in range(20)]
    results = [future.result() for future in futures]
    assert results == [results[0]] * 20
    assert len(ran) == 1
    assert store.count("Observation") == 1
    assert count_rows(store)["audit"] == 1
    with pytest.raises(ConflictError, match="REC-065"):
        store.submit(create, ACT, key="k1", fingerprint="other").result()


def test_a_key_is_used_once_by_two_processes(open_another: Callable[[], Store]) -> None:
    stores = [open_another(), open_another()]

    def create(n: int) -> str:
        return stores[n % 2].submit(lambda tx: tx.put(make_observation()).id, ACT, key="k1").result()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(create, range(8)))) == 1
    assert stores[0].count("Observation") == 1


def test_a_key_of_a_command_that_failed_may_be_used_again(store: Store) -> None:
    with pytest.raises(VersionConflict):
        store.submit(lambda tx: tx.put(make_slot("s1"), expected=4).id, ACT, key="k1").result()
    assert store.submit(lambda tx: tx.put(make_slot("s1")).id, ACT, key="k1").result() == "s1"
    with pytest.raises(InputError, match="REC-066"):
        store.submit(lambda tx: tx.put(make_slot("s2")), ACT, key="k2").result()
    assert store.read("Slot", "s2") is None


def test_a_cancelled_command_is_not_run(store: Store) -> None:
    gate = Event()
    held = store.submit(lambda tx: gate.wait(30), ACT)
    cancelled = store.submit(lambda tx: tx.put(make_slot("s1")), ACT)
    assert cancelled.cancel()
    gate.set()
    held.result()
    store.submit(lambda tx: None, ACT).result()
    assert store.read("Slot", "s1") is None


def test_closing_finishes_what_was_submitted(open_another: Callable[[], Store]) -> None:
    store = open_another()
    futures = [
        store.submit(lambda tx, n=n: tx.put(make_slot(f"s{n}")), ACT)  # type: ignore[misc]
        for n in range(300)
    ]
    store.close()
    store.close()
    assert all(future.done() and future.exception() is None for future in futures)
    with pytest.raises(ConflictError, match="REC-064"):
        store.submit(lambda tx: None, ACT)
    again = open_another()
    assert again.count("Slot") == 300
    assert verify(again) == []


def test_a_follower_adds_to_each_command_in_its_transaction(store: Store) -> None:
    def follow(tx: Transaction, _act: object) -> None:
        for one in tx.touched:
            if one.id == "s2":
                raise InputError(code="X", where="s2", got="s2", expected="another", fix="none")
            tx.send("notice", {"slot": one.id, "version": one.version}, key=f"{one.id}/{one.version}")

    store.follow(follow)
    store.submit(lambda tx: tx.put(make_slot("s1")).id, ACT, key="k").result()
    store.submit(lambda tx: tx.put(make_slot("s1")).id, ACT, key="k").result()
    with pytest.raises(InputError):
        store.submit(lambda tx: tx.put(make_slot("s2")).id, ACT).result()
    assert [job.payload for job in store.jobs.list()] == [{"slot": "s1", "version": 1}]
    assert store.read("Slot", "s2") is None
    found = store.ask(lambda reading: reading.read_version("Slot", "s1", 1))
    seen = store.submit(lambda tx: tx.read_version("Slot", "s1", 1), ACT).result()
    assert found == seen
