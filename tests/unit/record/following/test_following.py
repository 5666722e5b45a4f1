"""Followers get one message for each version that meets what they asked, in its transaction, and no other."""

from typing import Any

import pytest
from tests.records import ACT, make_observation, make_patient, make_slot, query

from oncopolis.foundation.errors import InputError
from oncopolis.record import Who
from oncopolis.record.access import EVERYTHING, Allowed, Caller
from oncopolis.record.access.deciding import Rights
from oncopolis.record.access.guarding import Guard
from oncopolis.record.following import NOTICE, Following
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.store import get_time_ms

LABORATORY = Caller(
    Who("Device", "lis"), frozenset({"program"}), scopes=("system/Subscription.c", "system/Slot.rs")
)


def make_subscription(criteria: str = "Observation?code=718-7", **changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Subscription",
        "id": "s",
        "status": "requested",
        "reason": "tell the laboratory",
        "criteria": criteria,
        "channel": {
            "type": "rest-hook",
            "endpoint": "http://127.0.0.1:9/hook",
            "payload": "application/fhir+json",
        },
        **changes,
    }


def find_allowed(caller: Caller | None) -> Allowed:
    return EVERYTHING if caller is None else Rights(caller, "read", get_time_ms())


def follow(store: Store) -> None:
    store.follow(Following(find_allowed).follow)


def write(store: Store, *resources: dict[str, Any]) -> None:
    store.submit(lambda tx: [tx.put(one).version for one in resources], ACT).result()


def list_told(store: Store) -> list[tuple[str, str, int]]:
    jobs = reversed(store.jobs.list())
    return [
        (one.payload["type"], one.payload["id"], one.payload["version"]) for one in jobs if one.kind == NOTICE
    ]


def test_each_version_that_meets_the_criteria_is_told_once(store: Store) -> None:
    follow(store)
    write(store, make_observation(id_="before"))
    write(store, make_subscription())
    current = store.get("Subscription", "s")
    assert current.version == 2
    assert b'"status":"active"' in (current.body or b"")
    write(store, make_patient(), make_observation(id_="o"), make_slot("s0"))
    write(store, make_observation("73", id_="o"))
    write(store, make_observation(id_="other") | {"code": {"text": "another"}})
    assert list_told(store) == [("Observation", "o", 1), ("Observation", "o", 2)]
    # Twice in one command: what it leaves is told.
    write(store, make_observation("74", id_="o"), make_observation("75", id_="o"))
    assert list_told(store)[2:] == [("Observation", "o", 4)]
    store.submit(lambda tx: tx.delete("Observation", "o").version, ACT).result()
    assert len(list_told(store)) == 3


def test_a_command_that_fails_tells_nobody(store: Store) -> None:
    follow(store)
    write(store, make_subscription("Slot"))

    def fail(tx: Any) -> None:
        tx.put(make_slot("s1"))
        raise InputError(code="X", where="x", got="x", expected="y", fix="z")

    with pytest.raises(InputError):
        store.submit(fail, ACT).result()
    assert list_told(store) == []


def test_subscriptions_end(store: Store) -> None:
    follow(store)
    write(store, make_subscription("Slot", end="2000-01-01T00:00:00Z"))
    write(store, make_slot("s1"))
    assert list_told(store) == []
    write(store, make_subscription("Slot"))
    write(store, make_slot("s2"))
    write(store, make_subscription("Slot", status="off"))
    write(store, make_slot("s3"))
    assert list_told(store) == [("Slot", "s2", 1)]
    write(store, make_subscription("Slot"))
    store.submit(lambda tx: tx.delete("Subscription", "s").version, ACT).result()
    write(store, make_slot("s4"))
    assert len(list_told(store)) == 1
    assert query(store, "SELECT count(*) FROM follower") == [(0,)]


def test_nobody_is_told_of_what_they_may_not_see(store: Store) -> None:
    follow(store)

    def subscribe(tx: Transaction, id_: str, criteria: str) -> int:
        tx.obey(Guard(Rights(LABORATORY, "create", tx.now_ms)))
        return tx.put(make_subscription(criteria) | {"id": id_}, is_named=False).version

    store.submit(lambda tx: subscribe(tx, "s", "Slot"), ACT).result()
    store.submit(lambda tx: subscribe(tx, "p", "Patient"), ACT).result()
    write(store, make_slot("s0"), make_patient())
    assert list_told(store) == [("Slot", "s0", 1)]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"criteria": "Observation?no-such=1"}, "no-such"),
        ({"criteria": "Nothing?code=1"}, "criteria"),
        ({"criteria": "Observation?"}, "criteria"),
        ({"criteria": "Observation?date=gexyz"}, "date"),
        ({"channel": {"type": "email", "endpoint": "mailto:x@y.z"}}, "channel.type"),
        ({"channel": {"type": "rest-hook"}}, "channel.endpoint"),
        ({"channel": {"type": "rest-hook", "endpoint": "file:///etc/passwd"}}, "channel.endpoint"),
        ({"channel": {"type": "rest-hook", "endpoint": "http://a:b@c/"}}, "channel.endpoint"),
        ({"channel": {"type": "rest-hook", "endpoint": "http://c:99999/"}}, "channel.endpoint"),
        (
            {"channel": {"type": "rest-hook", "endpoint": "http://c/", "payload": "text/plain"}},
            "channel.payload",
        ),
        (
            {"channel": {"type": "rest-hook", "endpoint": "http://c/", "header": ["Host: other"]}},
            "channel.header[0]",
        ),
        (
            {"channel": {"type": "rest-hook", "endpoint": "http://c/", "header": ["A: b\r\nC: d"]}},
            "channel.header[0]",
        ),
    ],
)
def test_what_cannot_be_served_is_refused_whole(store: Store, changes: dict[str, Any], place: str) -> None:
    follow(store)
    with pytest.raises(InputError) as refused:
        write(store, make_subscription(**changes))
    assert place in str(refused.value)
    assert store.read("Subscription", "s") is None
