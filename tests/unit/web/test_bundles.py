"""Transactions and batches: order, links between entries, all or nothing."""

import base64
import json
from typing import Any

import pytest
from tests.unit.web.calling import BASE, PATCH, Client, bundle, check_refused, entry, identified, patient

from oncopolis.record.fhir.checking import check_resource
from oncopolis.record.fhir.text import parse

URN = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"
LINK = [{"other": {"reference": "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"}, "type": "seealso"}]
OTHER = "urn:uuid:88f151c0-a954-468a-88bd-5ae15c08e059"


def observation(subject: str, **members: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "status": "final", "code": {"text": "x"},
        "subject": {"reference": subject}, **members,
    }  # fmt: skip


def operations(*patch: dict[str, Any]) -> dict[str, Any]:
    data = base64.b64encode(json.dumps(patch).encode()).decode()
    return {"resourceType": "Binary", "contentType": PATCH, "data": data}


def get_ids(answer: Any) -> list[str]:
    return [
        one["response"]["location"].removeprefix(f"{BASE}/").split("/_history")[0] for one in answer["entry"]
    ]


def test_links_between_entries_become_ids_wherever_they_stand(client: Client) -> None:
    html = f'<div xmlns="http://www.w3.org/1999/xhtml"><a href="{URN}">x</a> {URN}</div>'
    sent = bundle(
        "transaction",
        entry("POST", "Observation", observation(
            URN,
            hasMember=[{"reference": OTHER}],
            identifier=[{"system": "urn:ietf:rfc:3986", "value": URN}],
            extension=[{"url": "http://x.test/e", "valueUri": URN}],
            text={"status": "additional", "div": html},
        )),
        entry("POST", "Observation", observation("Patient/local"), OTHER),
        entry("POST", "Patient", patient(id="local"), URN),
        entry("PUT", "Patient/mine", patient(id="mine", link=LINK)),
        entry("GET", "Patient/mine"),
    )  # fmt: skip
    sent["entry"][1]["resource"]["subject"]["reference"] = URN
    response = client.call("POST", "", sent)
    assert response.status_code == 200, response.text
    assert not check_resource(parse(response.content))
    answer = response.json()
    assert [one["response"]["status"] for one in answer["entry"]] == ["201 Created"] * 4 + ["200 OK"]
    first, second, subject, _ = get_ids({"entry": answer["entry"][:4]})
    assert subject != "Patient/local"
    stored = client.call("GET", f"/{first}").json()
    assert stored["subject"]["reference"] == subject
    assert stored["hasMember"][0]["reference"] == second
    assert stored["extension"][0]["valueUri"] == subject
    assert stored["identifier"][0]["value"] == URN
    assert stored["text"]["div"] == html.replace(f'"{URN}"', f'"{subject}"')
    assert client.call("GET", f"/{second}").json()["subject"]["reference"] == subject
    assert answer["entry"][4]["resource"]["link"][0]["other"]["reference"] == subject
    audited = client.call("GET", "/Patient/mine/_history").json()
    assert len(audited["entry"]) == 1


def test_addresses_of_another_server_are_links_too(client: Client) -> None:
    there = "http://elsewhere.test/fhir"
    sent = bundle(
        "transaction",
        entry("POST", "Patient", patient(id="7"), f"{there}/Patient/7"),
        entry("POST", "Observation", observation("Patient/7", id="8"), f"{there}/Observation/8"),
        entry("POST", "Observation", observation(f"{there}/Patient/7"), URN),
        entry("POST", "Observation", observation(f"{there}/Patient/unknown"), OTHER),
    )
    ids = get_ids(client.call("POST", "", sent).json())
    subjects = [client.call("GET", f"/{id_}").json()["subject"]["reference"] for id_ in ids[1:]]
    assert subjects == [ids[0], ids[0], f"{there}/Patient/unknown"]


def test_deletions_come_before_creations_and_reads_last(client: Client) -> None:
    binary = {"resourceType": "Binary", "id": "b", "contentType": "text/plain"}
    client.call("PUT", "/Binary/b", binary)
    sent = bundle(
        "transaction",
        entry("GET", "Patient?identifier=urn:test:mrn|1"),
        entry("PATCH", "Patient/p", operations({"op": "add", "path": "/active", "value": True})),
        entry("POST", "Patient", identified("1")),
        entry("DELETE", "Binary/b"),
    )
    client.call("PUT", "/Patient/p", patient(id="p"))
    # Conditions are looked up before anything is done, as those of creations are.
    check_refused(client.call("POST", "", sent), 404)
    sent["entry"][0] = entry("GET", "Patient/p")
    answer = client.call("POST", "", sent).json()
    statuses = [one["response"]["status"][:3] for one in answer["entry"]]
    assert statuses == ["200", "200", "201", "204"]
    assert answer["entry"][0]["resource"]["active"] is True
    assert client.call("GET", "/Binary/b").status_code == 410


def test_conditions_in_a_transaction(client: Client) -> None:
    known = client.call("POST", "/Patient", identified("1")).json()["id"]
    sent = bundle(
        "transaction",
        entry("POST", "Patient", identified("1"), URN, ifNoneExist="identifier=urn:test:mrn|1"),
        entry("POST", "Observation", observation(URN), OTHER),
        entry("POST", "Observation", observation("Patient?identifier=urn:test:mrn|1")),
        entry("PUT", "Patient?identifier=2", identified("2")),
        entry("PUT", f"Patient/{known}", identified("1", id=known, active=True), ifMatch='W/"1"'),
    )
    response = client.call("POST", "", sent, prefer="return=representation")
    assert response.status_code == 200, response.text
    answer = response.json()
    statuses = [one["response"]["status"][:3] for one in answer["entry"]]
    assert statuses == ["200", "201", "201", "201", "200"]
    for place in (1, 2):
        assert answer["entry"][place]["resource"]["subject"]["reference"] == f"Patient/{known}"
    before = client.count_versions()
    check_refused(client.call("POST", "", sent), 412)
    assert client.count_versions() == before


def test_what_is_meant_by_a_search_is_patched_and_deleted_in_a_transaction(client: Client) -> None:
    known = client.call("POST", "/Patient", identified("1")).json()["id"]
    client.call(
        "PUT", "/ValueSet/v", {"resourceType": "ValueSet", "id": "v", "status": "draft", "url": "urn:v"}
    )
    change = operations({"op": "add", "path": "/active", "value": True})
    sent = bundle(
        "transaction",
        entry("PATCH", "Patient?identifier=urn:test:mrn|1", change),
        entry("DELETE", "ValueSet?url=urn:v"),
    )
    answer = client.call("POST", "", sent).json()
    assert [one["response"]["status"][:3] for one in answer["entry"]] == ["200", "204"]
    assert client.call("GET", f"/Patient/{known}").json()["active"] is True
    assert client.call("GET", "/ValueSet/v").status_code == 410
    before = client.count_versions()
    check_refused(client.call("POST", "", sent), 404, where="ValueSet?url=urn:v")
    assert client.count_versions() == before


def test_the_same_key_does_a_transaction_once(client: Client) -> None:
    sent = bundle(
        "transaction", entry("POST", "Patient", patient(), URN), entry("POST", "Patient", patient(), OTHER)
    )
    first = client.call("POST", "", sent, idempotency_key="k")
    assert client.call("POST", "", sent, idempotency_key="k").content == first.content
    assert client.count_versions() == 2
    batch = bundle("batch", *sent["entry"])
    first = client.call("POST", "", batch, idempotency_key="l")
    assert client.call("POST", "", batch, idempotency_key="l").content == first.content
    assert client.count_versions() == 4


GOOD = entry("POST", "Patient", patient(), URN)


@pytest.mark.parametrize(
    ("bad", "status", "where", "says"),
    [
        (
            entry("POST", "Patient", {"resourceType": "Patient", "x": 1}),
            400,
            "Bundle.entry[1].resource.x",
            "",
        ),
        (
            entry("POST", "Observation", observation(OTHER)),
            400,
            "Bundle.entry[1].resource.subject.reference",
            "",
        ),
        (
            entry("POST", "Observation", observation("Patient/nobody")),
            400,
            "entry[1].resource.subject",
            "ours",
        ),
        (
            entry("POST", "Observation", observation("Patient?identifier=nobody")),
            412,
            "nobody",
            "exactly one",
        ),
        (
            entry("POST", "Observation", observation("Patient?nombre=nobody")),
            400,
            "Patient?nombre",
            "'nombre'",
        ),
        (entry("POST", "Patient", patient(), URN), 400, "Bundle.entry[1]", "it once"),
        (entry("POST", "Person", patient()), 400, "Bundle.entry[1].resource.resourceType", "URL"),
        (entry("POST", "Patient"), 400, "Bundle.entry[1].resource", "POST"),
        (entry("POST", "Patient/1", patient()), 400, "Bundle.entry[1].request.url", "Type with"),
        (entry("PUT", "Patient/1", patient(id="2")), 400, "Bundle.entry[1].resource.id", "URL"),
        (entry("PUT", "Patient/1", patient(id="1"), ifMatch='W/"3"'), 412, "", ""),
        (entry("PUT", "Patient/1", patient(id="1"), ifMatch="3"), 400, "If-Match", ""),
        (entry("PUT", "Pacient/1", patient(id="1")), 400, "Bundle.entry[1].request.url", "resource type"),
        (entry("PUT", "Patient/a_b", patient(id="1")), 400, "Bundle.entry[1].request.url", "an id"),
        (
            entry("PUT", "http://elsewhere.test/Patient/1", patient(id="1")),
            400,
            "entry[1].request.url",
            "ours",
        ),
        (entry("PATCH", "Patient/nobody", operations()), 404, "Patient/nobody", ""),
        (entry("PATCH", "Patient/nobody", patient()), 400, "Bundle.entry[1].resource", "Binary"),
        (entry("DELETE", "Patient/1"), 405, "Patient.active", ""),
        (entry("DELETE", "Patient?identifier=1"), 405, "Patient.active", ""),
        (entry("DELETE", "Binary?nombre=1"), 400, "nombre", ""),
        (entry("PATCH", "Patient?identifier=nobody", operations()), 404, "identifier=nobody", ""),
        (entry("DELETE", "Binary/nobody"), 404, "Binary/nobody", ""),
        (entry("GET", "Patient/nobody"), 404, "Patient/nobody", ""),
        (entry("GET", "Patient/1/_history/1"), 400, "Bundle.entry[1].request.url", "batch"),
        ({"resource": patient()}, 400, "Bundle.entry[1].request", "method"),
        ({"request": {"method": "BURN", "url": "Patient"}}, 400, "Bundle.entry[1].request.method", ""),
        ({"request": {"method": "GET"}}, 400, "Bundle.entry[1].request.url", ""),
        ({"request": "GET"}, 400, "Bundle.entry[1].request", ""),
        (7, 400, "Bundle.entry[1]", ""),
    ],
)
def test_a_transaction_with_one_bad_entry_leaves_nothing(
    client: Client, bad: Any, status: int, where: str, says: str
) -> None:
    response = client.call("POST", "", bundle("transaction", GOOD, bad))
    check_refused(response, status, where=where, says=says)
    assert client.count_versions() == 0


def test_two_changes_of_one_record_are_refused(client: Client) -> None:
    client.call("POST", "/Patient", identified("1", id="x"))
    id_ = client.call("GET", "/Patient").json()["entry"][0]["resource"]["id"]
    sent = bundle(
        "transaction",
        entry("PUT", f"Patient/{id_}", identified("1", id=id_)),
        entry("PUT", "Patient?identifier=1", identified("1", active=True)),
    )
    check_refused(client.call("POST", "", sent), 400, where="Bundle.entry[1].request", says="once")
    assert client.count_versions() == 1


def test_entries_of_a_batch_stand_for_themselves(client: Client) -> None:
    sent = bundle(
        "batch",
        entry("GET", "Patient/p"),
        entry("POST", "Patient", {"resourceType": "Patient", "x": 1}),
        entry("PUT", "Patient/p", patient(id="p")),
        entry("POST", "Observation", observation(URN)),
        entry("GET", "metadata"),
        entry("POST", "/", bundle("batch")),
        entry("GET", "Patient?_count=1"),
        entry("DELETE", "Patient/p"),
        entry("GET", "Patient/p/_history/1"),
        entry("PATCH", "Patient/p", operations({"op": "add", "path": "/active", "value": True})),
    )
    response = client.call("POST", "", sent)
    assert not check_resource(parse(response.content))
    answer = response.json()
    statuses = [one["response"]["status"][:3] for one in answer["entry"]]
    assert statuses == ["200", "400", "201", "201", "200", "400", "200", "405", "200", "200"]
    fault = answer["entry"][1]["response"]["outcome"]["issue"][0]
    assert fault["expression"] == ["Bundle.entry[1].resource.x"]
    assert "resource" not in answer["entry"][2]
    # Alike ones are done side by side: which of update and patch came first is nobody's promise.
    assert client.call("GET", "/Patient/p").status_code == 200


@pytest.mark.parametrize("kind", ["transaction", "batch"])
@pytest.mark.parametrize("entries", [None, []])
def test_bundles_of_nothing(client: Client, kind: str, entries: Any) -> None:
    sent: dict[str, Any] = {"resourceType": "Bundle", "type": kind}
    if entries is not None:
        sent["entry"] = entries
    response = client.call("POST", "", sent)
    if entries is None:
        assert (response.status_code, response.json()["type"]) == (200, f"{kind}-response")
    else:
        check_refused(response, 400, where="Bundle.entry")
