"""Operations: how they are routed and told, and `$validate` of what is sent and stored."""

from typing import Any

import pytest
from tests.unit.web.calling import Client, bundle, check_refused, entry, patient

from oncopolis.record.store import Store
from oncopolis.web.fhir.operations import OPERATIONS

NO_NARRATIVE = [("warning", "invariant")]
CANCER_PATIENT = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-cancer-patient"


def find_issues(client: Client, path: str, body: Any = None, method: str = "POST") -> list[tuple[str, str]]:
    response = client.call(method, path, body)
    assert response.status_code == 200, response.text
    outcome = response.json()
    assert outcome["resourceType"] == "OperationOutcome"
    return [(issue["severity"], issue["code"]) for issue in outcome["issue"]]


def wrap(resource: Any = None, **texts: str) -> dict[str, Any]:
    given = [{"name": name, "valueCode": value} for name, value in texts.items()]
    return with_parameter(*given, *([{"name": "resource", "resource": resource}] if resource else []))


def with_parameter(*parameters: Any) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(parameters)}


def test_the_capability_statement_lists_the_table(client: Client) -> None:
    rest = client.call("GET", "/metadata").json()["rest"][0]
    told = {(one["type"], op["name"]) for one in rest["resource"] for op in one.get("operation", ())}
    told |= {("", op["name"]) for op in rest.get("operation", ())}
    types = [one["type"] for one in rest["resource"]]
    expected = {
        (type_, one.name)
        for one in OPERATIONS
        for type_ in types
        if {"type", "instance"} & set(one.at) and (one.types is None or type_ in one.types)
    } | {("", one.name) for one in OPERATIONS if "system" in one.at}
    assert told == expected


def test_an_address_that_is_none_is_not_taken_for_another(client: Client) -> None:
    client.call("PUT", "/Patient/p1", patient(id="p1"))
    for path in (
        "/$nothing",
        "/Patient/$nothing",
        "/Patient/p1/$nothing",
        "/Patient/p1/history",
        "/$validate",
    ):
        check_refused(client.call("GET", path), 404)
    check_refused(client.call("DELETE", "/Patient/p1/$validate"), 405)


@pytest.mark.parametrize("wrapped", [False, True])
def test_what_is_sent_is_validated_and_not_stored(client: Client, wrapped: bool) -> None:
    before = client.count_versions()
    sound, broken = patient(gender="female"), patient(gender="unheard-of", colour="red")
    assert find_issues(client, "/Patient/$validate", wrap(sound) if wrapped else sound) == NO_NARRATIVE
    found = find_issues(client, "/Patient/$validate", wrap(broken) if wrapped else broken)
    assert {("error", "code-invalid"), ("error", "structure")} <= set(found)
    assert client.count_versions() == before


def test_a_stored_record_is_validated_and_the_reading_is_in_the_audit(client: Client, store: Store) -> None:
    client.call("PUT", "/Patient/p1", patient(id="p1"))
    rows = "SELECT count(*) FROM audit"
    before = store.ask(lambda reading: reading.session.query(rows))[0][0]
    assert find_issues(client, "/Patient/p1/$validate", method="GET") == NO_NARRATIVE
    assert store.ask(lambda reading: reading.session.query(rows))[0][0] > before
    check_refused(client.call("GET", "/Patient/p2/$validate"), 404)


def test_modes_are_told_apart(client: Client) -> None:
    client.call("PUT", "/Patient/p1", patient(id="p1"))
    client.call("PUT", "/ValueSet/v1", {"resourceType": "ValueSet", "id": "v1", "status": "draft"})
    assert find_issues(client, "/Patient/p1/$validate", wrap(mode="delete")) == [("error", "business-rule")]
    assert find_issues(client, "/ValueSet/v1/$validate?mode=delete") == [("information", "informational")]
    check_refused(client.call("POST", "/Patient/$validate?mode=delete", wrap()), 400, where="mode")
    check_refused(client.call("POST", "/Patient/$validate?mode=update", patient()), 400, where="mode")
    check_refused(client.call("POST", "/Patient/$validate", wrap(mode="create")), 400, where="body")
    check_refused(client.call("POST", "/Patient/p1/$validate?mode=update", patient(id="p2")), 400)
    check_refused(client.call("POST", "/Patient/$validate?mode=undo", patient()), 400, where="mode")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/Patient/$validate", None),
        ("/Patient/$validate", {"resourceType": "Slot"}),
        ("/Patient/$validate", wrap(patient(), colour="red")),
        ("/Patient/$validate?mode=create", wrap(patient(), mode="create")),
        (
            "/Patient/$validate",
            {"resourceType": "Parameters", "parameter": [{"name": "mode", "valueInteger": 1}]},
        ),
        ("/Patient/$validate", {"resourceType": "Parameters", "parameter": ["mode"]}),
        ("/Patient/$validate", b"{"),
    ],
)
def test_what_cannot_be_validated_is_refused(client: Client, path: str, body: Any) -> None:
    check_refused(client.call("POST", path, body), 400)


def test_a_profile_is_checked_on_request(client: Client) -> None:
    client.call("PUT", "/Patient/p1", patient(id="p1", meta={"profile": [CANCER_PATIENT]}))
    assert ("error", "required") in find_issues(client, "/Patient/p1/$validate", method="GET")
    query = f"?mode=profile&profile={CANCER_PATIENT}"
    assert ("error", "required") in find_issues(client, f"/Patient/$validate{query}", patient())
    wanted = wrap(patient(), mode="profile", profile=CANCER_PATIENT)
    assert ("error", "required") in find_issues(client, "/Patient/$validate", wanted)
    check_refused(client.call("POST", "/Patient/$validate?mode=profile", patient()), 400, where="profile")
    check_refused(client.call("POST", "/Patient/$validate?profile=urn:x", patient()), 400, where="profile")


def test_what_is_not_told_is_counted(client: Client) -> None:
    names = [{"period": {"start": "2021", "end": "2020"}} for _ in range(150)]
    outcome = client.call("POST", "/Patient/$validate", patient(name=names)).json()
    assert [issue["severity"] for issue in outcome["issue"]] == ["error"] * 100 + ["information"]
    assert outcome["issue"][-1]["diagnostics"].startswith("51 more")


def test_a_batch_validates_too(client: Client) -> None:
    answered = client.call("POST", "", bundle("batch", entry("POST", "Patient/$validate", patient())))
    (one,) = answered.json()["entry"]
    assert one["response"]["status"] == "200 OK"
    assert one["resource"]["resourceType"] == "OperationOutcome"
    in_transaction = bundle("transaction", entry("POST", "Patient/$validate", patient()))
    assert client.call("POST", "", in_transaction).status_code >= 400
