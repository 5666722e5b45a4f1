"""References to our own address are stored relative, whichever way they are written, and so are found."""

from typing import Any

import pytest
from tests.unit.web.calling import BASE, Client, bundle, entry, patient

OWN = f"{BASE}/Patient/p1"
STAY = (
    "https://elsewhere.example/fhir/Patient/p1",
    f"{BASE}X/Patient/p1",
    f"{BASE}/Patient?identifier=x",
    f"{BASE}/",
    "#inner",
    "urn:oid:1.2.3",
)


def observation(reference: str = OWN, **members: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "pulse"},
        "subject": {"reference": reference},
        **members,
    }


@pytest.fixture
def known(client: Client) -> Client:
    assert client.call("PUT", "/Patient/p1", patient(id="p1")).status_code == 201
    return client


def read(client: Client, id_: str) -> str:
    return str(client.call("GET", f"/Observation/{id_}").json()["subject"]["reference"])


IDENTIFIED: dict[str, Any] = {"identifier": [{"system": "urn:lab", "value": "1"}]}
PATCHES = {
    "text": {"op": "replace", "path": "/subject/reference", "value": OWN},
    "object": {"op": "replace", "path": "/subject", "value": {"reference": OWN}},
}
WRITES = {
    "create": ("POST", "/Observation", observation()),
    "update": ("PUT", "/Observation/o1", observation(id="o1")),
    "update where": ("PUT", "/Observation?identifier=urn:lab|1", observation(**IDENTIFIED)),
    "batch create": ("POST", "", bundle("batch", entry("POST", "Observation", observation()))),
    "batch update": ("POST", "", bundle("batch", entry("PUT", "Observation/o1", observation(id="o1")))),
    "transaction": (
        "POST",
        "",
        bundle("transaction", entry("POST", "Observation", observation(), "urn:uuid:" + "0" * 36)),
    ),
}


@pytest.mark.parametrize("write", WRITES)
def test_each_write_stores_it_relative(known: Client, write: str) -> None:
    method, path, body = WRITES[write]
    answer = known.call(method, path, body)
    assert answer.status_code in (200, 201), answer.text
    found = known.call("GET", "/Observation?subject=Patient/p1").json()["entry"]
    assert [one["resource"]["subject"]["reference"] for one in found] == ["Patient/p1"]


def test_a_conditional_create_does_so_too(known: Client) -> None:
    made = known.call(
        "POST", "/Observation", observation(**IDENTIFIED), if_none_exist="identifier=urn:lab|1"
    ).json()
    assert made["subject"]["reference"] == "Patient/p1"


@pytest.mark.parametrize("kind", PATCHES)
def test_a_patch_does_so_too(known: Client, kind: str) -> None:
    known.call("PUT", "/Observation/o1", observation("Patient/p2", id="o1"))
    answer = known.call("PATCH", "/Observation/o1", [PATCHES[kind]])
    assert answer.status_code == 200, answer.text
    assert read(known, "o1") == "Patient/p1"


def test_versions_and_parts_are_kept_and_escaped_slashes_seen(known: Client) -> None:
    known.call("PUT", "/Observation/o1", observation(f"{OWN}/_history/1", id="o1"))
    assert read(known, "o1") == "Patient/p1/_history/1"
    escaped = OWN.replace("/", "\\/")
    body = b'{"resourceType":"Observation","id":"o2","status":"final","code":{"text":"x"},'
    known.call("PUT", "/Observation/o2", body + f'"subject":{{"reference":"{escaped}"}}}}'.encode())
    assert read(known, "o2") == "Patient/p1"


@pytest.mark.parametrize("reference", STAY)
def test_what_is_not_ours_stays(known: Client, reference: str) -> None:
    noted = observation(reference, id="o1", note=[{"text": OWN}])
    assert known.call("PUT", "/Observation/o1", noted).status_code == 201
    got = known.call("GET", "/Observation/o1").json()
    assert (got["subject"]["reference"], got["note"][0]["text"]) == (reference, OWN)
