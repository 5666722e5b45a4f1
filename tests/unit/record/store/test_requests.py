"""Idempotency keys: each caller's own, remembered for a month, then forgotten, in copies too."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.copies import read_rows
from tests.records import ACT, make_keys, make_slot, query

from oncopolis.foundation.errors import ConflictError
from oncopolis.record import Act, Who
from oncopolis.record.care.restoring import restore
from oncopolis.record.care.shipping import Shipper
from oncopolis.record.store import Store, open_store, requests
from oncopolis.record.store.requests import FORGET_EVERY_MS, KEPT_MS
from oncopolis.record.store.schema import prepare
from oncopolis.record.store.session import Session
from oncopolis.record.store.store import find_database

OTHER = Act("U", "update", Who("Practitioner", "dr-2"), "request-2")
NAMESAKE = Act("U", "update", Who("Patient", "dr-1"), "request-3")


def write(store: Store, key: str, act: Act = ACT, fingerprint: str = "") -> int:
    command = store.submit(lambda tx: tx.put(make_slot("s1")).version, act, key=key, fingerprint=fingerprint)
    made = command.result()
    store.submit_unseen(lambda _: None).result()  # after this, what was to be forgotten is
    return made


def count(store: Store) -> int:
    return int(query(store, "SELECT count(*) FROM request")[0][0])


def test_a_key_is_its_callers_own(store: Store) -> None:
    assert [write(store, "k", act) for act in (ACT, OTHER, NAMESAKE)] == [1, 2, 3]
    assert [write(store, "k", act) for act in (ACT, OTHER, NAMESAKE)] == [1, 2, 3]
    with pytest.raises(ConflictError, match="REC-065"):
        write(store, "k", OTHER, "another")
    assert write(store, "k2", OTHER, "another") == 4


def test_keys_are_forgotten_after_a_month_and_not_before(open_another: Callable[..., Store]) -> None:
    now = [KEPT_MS]
    store = open_another(clock_ms=lambda: now[0])
    assert [write(store, f"k{n}") for n in range(3)] == [1, 2, 3]
    now[0] += KEPT_MS
    assert write(store, "k0") == 1  # it is just as old as is remembered
    assert count(store) == 3
    now[0] += FORGET_EVERY_MS
    assert write(store, "late") == 4
    assert query(store, "SELECT key FROM request") == [("late",)]
    assert write(store, "k0") == 5


def test_many_are_forgotten_by_pages_and_none_of_what_follows(
    open_another: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "_PAGE", 2)
    now = [KEPT_MS]
    store = open_another(clock_ms=lambda: now[0], kept_ms=1000)
    for n in range(5):
        write(store, f"k{n}")
    now[0] += FORGET_EVERY_MS
    for n in range(3):
        write(store, f"new{n}")
    assert {key for (key,) in query(store, "SELECT key FROM request")} == {"new0", "new1", "new2"}


def test_what_is_forgotten_goes_from_the_copy_too(tmp_path: Path) -> None:
    keys, now = make_keys(tmp_path), [KEPT_MS]
    url = f"sqlite:///{tmp_path / 'record.db'}"
    with (
        open_store(url, keys=keys, clock_ms=lambda: now[0]) as store,
        Shipper(url, keys, tmp_path / "second") as shipper,
    ):
        for step in range(6):
            if step in (2, 4):
                now[0] += KEPT_MS + FORGET_EVERY_MS + 1
            if step == 4:  # all of them: numbers begin where they were
                store.submit_unseen(lambda tx: tx.session.query("DELETE FROM request")).result()
            else:
                write(store, f"k{step}")
            shipper.ship()
            restored = f"sqlite:///{tmp_path / f'{step}.db'}"
            assert restore(tmp_path / "second", keys, restored).inspection.findings == ()
            assert read_rows(restored) == read_rows(url)
        assert query(store, "SELECT id, key FROM request") == [(5, "k5")]


def test_keys_of_before_are_still_known_whoever_repeats_them(empty_url: str) -> None:
    database = find_database(empty_url)
    session = database.open_writer()
    prepare(database, session, lambda _: None, reindex=_nothing, head="0004")
    insert = "INSERT INTO request (key, fingerprint, at_ms, result) VALUES (?, '', ?, ?)"
    for n in range(3):
        session.query(insert, (f"k{n}", KEPT_MS - n, f"{n}"))
    session.close()
    with open_store(empty_url, clock_ms=lambda: KEPT_MS) as store:
        assert [write(store, f"k{n}", act) for n, act in enumerate((ACT, OTHER, NAMESAKE))] == [0, 1, 2]
        assert query(store, "SELECT id, key FROM request ORDER BY id") == [(1, "k2"), (2, "k1"), (3, "k0")]
        assert store.read("Slot", "s1") is None


def _nothing(_: Session) -> None: ...
