"""Retention: due are those whose last entry is old enough, and a named person releases them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.databases import cluster, database_url
from tests.records import make_keys

from oncopolis.foundation.errors import ConflictError, InputError
from oncopolis.record.access.law import get_law
from oncopolis.record.care.inspecting import inspect
from oncopolis.record.care.retaining import Rule, find_rule, list_due, release
from oncopolis.record.store import Store, open_store
from oncopolis.record.store.keys import Keys
from oncopolis.record.types import Act, Who

__all__ = ["cluster", "database_url"]

YEAR_MS = 31_557_600_000
NOW_MS = 1_800_000_000_000
RULE = Rule(10, "a test")
ACT = Act("C", "create", Who("Device", "test"), "test")


class Clock:
    now_ms = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return make_keys(tmp_path)


@pytest.fixture
def store(database_url: str, keys: Keys, clock: Clock) -> Iterator[Store]:
    with open_store(database_url, keys=keys, clock_ms=clock) as opened:
        for patient, years in (("old", 12), ("seen", 12), ("new", 9), ("merged", 30), ("left", 25)):
            clock.now_ms = NOW_MS - years * YEAR_MS
            put(opened, {"resourceType": "Patient", "id": patient})
        put(opened, make_condition("old"))
        clock.now_ms = NOW_MS - 3 * YEAR_MS
        put(opened, make_condition("seen"))
        clock.now_ms = NOW_MS - 11 * YEAR_MS
        for loser, survivor in (("merged", "new"), ("left", "old")):
            link = [{"other": {"reference": f"Patient/{survivor}"}, "type": "replaced-by"}]
            put(opened, {"resourceType": "Patient", "id": loser, "active": False, "link": link})
        clock.now_ms = NOW_MS
        yield opened


def put(store: Store, resource: dict[str, object]) -> None:
    store.submit(lambda transaction: transaction.put(resource).id, ACT).result()


def make_condition(patient: str) -> dict[str, object]:
    return {"resourceType": "Condition", "id": f"k-{patient}", "subject": {"reference": f"Patient/{patient}"}}


def list_now(store: Store) -> list[tuple[str, int]]:
    due = store.ask(lambda reading: list_due(reading.session, RULE, NOW_MS))
    return [(one.patient, one.n_records) for one in due]


def test_due_is_whose_last_entry_is_old_and_whoever_was_merged_goes_with_them(store: Store) -> None:
    assert list_now(store) == [("old", 3)]


def test_who_releases_is_in_the_audit_and_the_chain_stays_whole(
    store: Store, database_url: str, keys: Keys
) -> None:
    assert release(store, ["old"], RULE, " Dr Kim ") == {"old": 3}
    assert list_now(store) == []
    for type_, id_ in (("Patient", "old"), ("Condition", "k-old"), ("Patient", "left")):
        version = store.read(type_, id_)
        assert version is not None
        assert version.erased
    assert store.get("Patient", "new").body
    entries = store.ask(lambda r: r.session.query("SELECT entry FROM audit ORDER BY seq DESC LIMIT 1"))
    told = json.loads(entries[0][0])
    assert told["who"] == ["Person", "Dr Kim", "Dr Kim"]
    assert told["reason"] == "10 years: a test"
    assert inspect(database_url, keys).findings == ()


@pytest.mark.parametrize(
    ("patient", "by", "code"),
    [
        ("new", "Dr Kim", "REC-351"),
        ("seen", "Dr Kim", "REC-351"),
        ("nobody", "Dr Kim", "REC-351"),
        ("old", "", "REC-352"),
        ("old", "x" * 201, "REC-352"),
    ],
)
def test_nobody_is_erased_before_their_time_or_by_nobody(
    store: Store, patient: str, by: str, code: str
) -> None:
    with pytest.raises((ConflictError, InputError), match=code):
        release(store, [patient], RULE, by)
    assert list_now(store) == [("old", 3)]


def test_the_rule_is_the_law_or_the_longer_one_of_the_centre() -> None:
    assert get_law("KOR") == get_law("KR")
    assert find_rule("KOR", None).years == 10
    assert find_rule("RUS", 30).years == 30
    assert find_rule("UZB", 25).years == 25
    assert find_rule("FRA", 20).years == 20
    assert "recalled" in find_rule("KOR", None).reason
    for country, years in (("UZB", None), ("FRA", None), ("RUS", 24)):
        with pytest.raises(InputError, match="REC-350"):
            find_rule(country, years)
