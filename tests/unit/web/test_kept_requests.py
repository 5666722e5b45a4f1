"""What outlives a patient's key tells nothing of them: requests that are remembered, audit, messages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.records import ACT, make_keys, query
from tests.unit.web.calling import Client, bundle, entry, identified

from oncopolis.record.store import Store, open_store

SECRET = "Qodirova-Sevara"
PATIENT = identified("77", id="p1", name=[{"family": SECRET}])
OTHER = identified("78", name=[{"family": SECRET}])
PATCH = [{"op": "add", "path": "/name/0/given", "value": [SECRET]}]
WRITES = {
    "create": ("POST", "/Patient", OTHER, {}),
    "create where": ("POST", "/Patient", OTHER, {"if_none_exist": "identifier=urn:test:mrn|78"}),
    "update": ("PUT", "/Patient/p1", PATIENT, {}),
    "update where": ("PUT", "/Patient?identifier=urn:test:mrn|77", PATIENT, {}),
    "patch": ("PATCH", "/Patient/p1", PATCH, {}),
    "batch": (
        "POST",
        "",
        bundle("batch", entry("PUT", "Patient/p1", PATIENT)),
        {"prefer": "return=representation"},
    ),
    "transaction": (
        "POST",
        "",
        bundle("transaction", entry("PUT", "Patient/p1", PATIENT), entry("GET", "Patient/p2")),
        {"prefer": "return=representation"},
    ),
}


@pytest.fixture
def sealed(database_url: str, tmp_path: Path) -> Iterator[Store]:
    with open_store(database_url, keys=make_keys(tmp_path)) as store:
        yield store


@pytest.mark.parametrize("write", WRITES)
def test_what_is_remembered_of_a_write_tells_nothing_of_the_patient(sealed: Store, write: str) -> None:
    client = Client(sealed)
    client.call("PUT", "/Patient/p1", PATIENT)
    client.call("PUT", "/Patient/p2", identified("76", id="p2", name=[{"family": SECRET}]))
    method, path, body, headers = WRITES[write]
    first = client.call(method, path, body, idempotency_key="k", **headers)
    assert first.status_code in (200, 201), first.text
    assert SECRET in first.text
    assert SECRET in client.call("GET", f"/Patient?family={SECRET}").text
    n_versions = client.count_versions()
    again = client.call(method, path, body, idempotency_key="k", **headers)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert client.count_versions() == n_versions
    assert query(sealed, "SELECT count(*) FROM request") == [(1,)]
    kept = [
        *query(sealed, "SELECT key, fingerprint, result FROM request"),
        *query(sealed, "SELECT entry FROM audit"),
        *query(sealed, "SELECT payload, error FROM outbox"),
        *query(sealed, "SELECT body FROM version"),
    ]
    assert SECRET not in repr([bytes(v) if isinstance(v, memoryview) else v for row in kept for v in row])


def test_the_answer_to_a_repeated_request_is_erased_with_the_patient(sealed: Store) -> None:
    client = Client(sealed)
    assert SECRET in client.call("PUT", "/Patient/p1", PATIENT, idempotency_key="k").text
    sealed.erase("p1", ACT).result()
    again = client.call("PUT", "/Patient/p1", PATIENT, idempotency_key="k")
    assert (again.status_code, again.content) == (201, b"")
