"""A database from before the access policy: whose records they are is found out when it is opened."""

from pathlib import Path
from typing import Any

import pytest
from tests.databases import cluster, database_url
from tests.records import ACT, make_keys, make_observation, make_patient, make_slot, query

from oncopolis.record.store import Store, open_store
from oncopolis.record.store.schema import prepare
from oncopolis.record.store.store import find_database
from oncopolis.record.store.verifying import verify

__all__ = ["cluster", "database_url"]

BEFORE = "0002"
TABLES = {
    "patient_key": "id, patient, wrapped, destroyed_ms",
    "resource": "rk, type, id, version, deleted",
    "version": "seq, rk, version, at_ms, method, key_id, body",
    "audit": "chain, seq, at_ms, entry, prev, hash",
    "index_reference": "parameter, type, id, url, rk, n",
    "index_token": "parameter, system, code, rk, n",
}
WHOSE = "SELECT type, id, patient FROM resource ORDER BY type, id"
AGENTS = "SELECT chain, seq, agent FROM audit ORDER BY chain, seq"
TIES = "SELECT parameter, patient, type, id, rk FROM index_tie ORDER BY rk, n"
TOLD = "SELECT patient, chain, seq FROM audit_patient ORDER BY patient, chain, seq"


@pytest.fixture
def older_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Another, empty database of the same kind."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'older.db'}"
    return str(request.getfixturevalue("cluster").add_schema())


def fill(store: Store) -> None:
    task: dict[str, Any] = {"resourceType": "Task", "id": "t", "status": "requested", "intent": "order"}
    both = make_observation("7", id_="two", patient="p2") | {"performer": [{"reference": "Patient/p1"}]}
    for one in (
        make_patient(),
        make_patient("p2"),
        make_observation(id_="o"),
        both,
        make_slot("s"),
        task | {"for": {"reference": "Patient/p2"}},
        make_visit("open", "in-progress"),
        make_visit("over", "finished"),
    ):
        store.submit(lambda tx, one=one: tx.put(one), ACT).result()  # type: ignore[misc]
    store.submit(lambda tx: tx.delete("Observation", "o"), ACT).result()
    store.note(ACT, store.history(limit=3)).result()


def make_visit(id_: str, status: str) -> dict[str, Any]:
    """A visit of p1 in a room of clinic c, with somebody of the house and somebody from elsewhere."""
    return {
        "resourceType": "Encounter",
        "id": id_,
        "status": status,
        "class": {"code": "AMB"},
        "subject": {"reference": "Patient/p1"},
        "serviceProvider": {"reference": "Organization/c"},
        "participant": [
            {"individual": {"reference": "Practitioner/d"}},
            {"individual": {"reference": "https://elsewhere.example/fhir/Practitioner/d"}},
        ],
        "location": [{"location": {"reference": "Location/room"}}],
    }


@pytest.mark.parametrize("is_sealed", [True, False])
def test_an_older_database_is_filled_in(
    database_url: str, older_url: str, tmp_path: Path, is_sealed: bool
) -> None:
    keys = make_keys(tmp_path) if is_sealed else None
    with open_store(database_url, keys=keys) as store:
        fill(store)
        rows = {table: query(store, f"SELECT {columns} FROM {table}") for table, columns in TABLES.items()}
        whose, agents, told, ties = (query(store, sql) for sql in (WHOSE, AGENTS, TOLD, TIES))
    assert ("Observation", "two", "p2") in whose
    assert ("Slot", "s", None) in whose
    assert sorted(row[1:4] for row in ties) == [
        ("p1", "Location", "room"), ("p1", "Organization", "c"), ("p1", "Practitioner", "d"),
    ]  # fmt: skip
    database = find_database(older_url)
    session = database.open_writer()
    prepare(database, session, lambda _line: None, reindex=lambda _session: None, head=BEFORE)
    session.begin()
    for table, columns in TABLES.items():
        session.insert(table, columns.split(", "), rows[table])
    session.commit()
    session.close()
    with open_store(older_url, keys=keys) as store:
        # Without a key nothing tells any more whose a deleted record was.
        known = whose if is_sealed else [(*row[:2], None) if row[1] == "o" else row for row in whose]
        assert query(store, WHOSE) == known
        assert query(store, AGENTS) == agents
        assert query(store, TIES) == ties
        rules = {finding.rule for finding in verify(store)}
        assert not {"audit-unchanged", "patient-current"} & rules
        if is_sealed:
            assert query(store, TOLD) == told
            assert "audit-findable" not in rules
