"""Verification finds each kind of tampering, and nothing where there is none."""

import json
from hashlib import sha256

import pytest
from tests.records import ACT, make_observation, make_slot, query

from oncopolis.record import Act, Who
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.auditing import START, compute_hash
from oncopolis.record.store.verifying import verify


@pytest.fixture
def filled(store: Store) -> Store:
    for n in range(4):
        store.submit(lambda tx, n=n: tx.put(make_slot(f"s{n % 2}")), ACT).result()  # type: ignore[misc]
    store.submit(lambda tx: tx.put(make_observation(id_="o1")), ACT).result()
    store.submit(lambda tx: tx.claim("slot", "a", "Slot/s1"), ACT).result()
    store.note(Act("R", "read", Who("Practitioner", "dr-2"), "r2"), [store.get("Slot", "s1")]).result()
    store.submit(lambda tx: tx.delete("Slot", "s0"), ACT).result()
    return store


def _tamper(store: Store, sql: str) -> set[str]:
    before = query(store, "SELECT count(*) FROM audit")
    store.submit_unseen(lambda tx: tx.session.query(sql)).result()
    assert query(store, "SELECT count(*) FROM audit")[0][0] <= before[0][0]
    return {finding.rule for finding in verify(store)}


def test_nothing_is_found_where_nothing_is_wrong(filled: Store) -> None:
    assert verify(filled) == []


def test_who_did_what_is_in_the_audit(filled: Store) -> None:
    entries = [json.loads(row[0]) for row in query(filled, "SELECT entry FROM audit ORDER BY chain, seq")]
    assert entries[0]["who"] == ["Practitioner", "dr-1", "Dr Kim"]
    assert entries[0]["purpose"] == "TREAT"
    assert entries[-2]["action"] == "R"
    assert entries[-2]["versions"] == [["Slot", "s1", 2, None]]
    (type_, id_, version, digest) = entries[-1]["versions"][0]
    assert (type_, id_, version, len(digest)) == ("Slot", "s0", 3, 64)
    assert [entry.get("form") for entry in entries[-2:]] == [None, 2]


@pytest.mark.parametrize(
    ("sql", "rules"),
    [
        ("DELETE FROM audit WHERE seq = 6", {"audit-gapless"}),
        ("DELETE FROM audit WHERE seq = 2", {"audit-gapless", "version-audited"}),
        ("UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 6", {"audit-unchanged"}),
        ("UPDATE audit SET entry = 'x' WHERE seq = 1", {"audit-unchanged", "version-audited"}),
        ("UPDATE audit SET prev = hash WHERE seq = 6", {"audit-linked", "audit-unchanged"}),
        (
            "UPDATE version SET version = 9 WHERE seq = 4",
            {"versions-gapless", "version-audited", "version-there"},
        ),
        ("UPDATE version SET method = 'patch', body = NULL WHERE seq = 1", {"version-unchanged"}),
        ("UPDATE version SET method = 'patch' WHERE seq = 1", {"version-unchanged"}),
        ("UPDATE version SET at_ms = at_ms + 1 WHERE seq = 1", {"version-unchanged"}),
        ("DELETE FROM index_token", {"index-current"}),
        ("UPDATE index_reference SET id = 'p2' WHERE id = 'p1'", {"index-current"}),
        ("UPDATE claim SET holder = 'Slot/s0'", {"claim-held"}),
        ("UPDATE claim SET holder = 'nobody'", {"claim-held"}),
        ("DELETE FROM version WHERE version = 1 AND body IS NOT NULL AND key_id IS NULL", None),
    ],
)
def test_tampering_is_found(filled: Store, sql: str, rules: set[str] | None) -> None:
    found = _tamper(filled, sql)
    assert found == (rules or {"versions-gapless", "version-there"})


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM index_token",
        "DELETE FROM index_token WHERE n = 1",
        "UPDATE index_token SET n = n + 40 WHERE n < 3",
        "UPDATE index_quantity SET low = 1",
    ],
)
def test_the_next_version_mends_index_rows(store: Store, sql: str) -> None:
    store.submit(lambda tx: tx.put(make_observation(id_="o1")), ACT).result()
    assert _tamper(store, sql) == {"index-current"}
    store.submit(lambda tx: tx.put(make_observation(id_="o1")), ACT).result()
    assert verify(store) == []


def test_entries_in_another_order_are_found(filled: Store) -> None:
    def swap(tx: Transaction) -> None:
        for before, after in ((3, 900), (4, 3), (900, 4)):
            tx.session.query("UPDATE audit SET seq = ? WHERE seq = ?", (after, before))

    filled.submit_unseen(swap).result()
    found = {(finding.rule, finding.where.rpartition(" ")[2]) for finding in verify(filled)}
    assert {("audit-unchanged", "3"), ("audit-unchanged", "4"), ("audit-linked", "3")} <= found
    assert {number for _, number in found} <= {"3", "4", "5"}


def test_entries_of_the_form_before_are_verified_by_it(store: Store) -> None:
    def write_as_before(tx: Transaction) -> None:
        body = tx.put(make_slot("old")).body
        assert body is not None
        gone = tx.delete("Slot", "old")
        versions = [["Slot", "old", 1, sha256(body).hexdigest()], ["Slot", "old", gone.version, ""]]
        entry = json.dumps({"who": ["Device", "x", ""], "versions": versions})
        hash_ = compute_hash(START, 1, 1, tx.now_ms, entry)
        tx.session.query(
            "INSERT INTO audit (chain, seq, at_ms, entry, prev, hash, agent) VALUES (1, 1, ?, ?, ?, ?, ?)",
            (tx.now_ms, entry, START, hash_, "Device/x"),
        )

    store.submit_unseen(write_as_before).result()
    assert verify(store) == []
    assert _tamper(store, "UPDATE version SET method = 'patch' WHERE version = 1") == set()
    assert _tamper(store, "UPDATE version SET body = NULL WHERE version = 1") == {"version-unchanged"}
