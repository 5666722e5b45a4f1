"""`$everything`: all that is kept about one patient and whom it speaks of, and nothing of others."""

from typing import Any

import httpx
import pytest
from tests.unit.web.calling import BASE, Client, bundle, check_refused, entry


def put(resource: dict[str, Any]) -> dict[str, Any]:
    return entry("PUT", f"{resource['resourceType']}/{resource['id']}", resource)


def observe(id_: str, patient: str, day: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "code": {"text": "x"},
        "subject": {"reference": f"Patient/{patient}"},
        "performer": [{"reference": "Practitioner/dr"}],
        "effectiveDateTime": day,
    }


@pytest.fixture
def filled(client: Client) -> Client:
    resources: list[dict[str, Any]] = [
        {"resourceType": "Organization", "id": "clinic", "name": "Clinic"},
        {"resourceType": "Practitioner", "id": "dr", "name": [{"family": "Kim"}]},
        {"resourceType": "Practitioner", "id": "unknown", "name": [{"family": "Lee"}]},
        {
            "resourceType": "Patient", "id": "a",
            "managingOrganization": {"reference": "Organization/clinic"},
            "link": [{"other": {"reference": "Patient/b"}, "type": "seealso"}],
        },
        {"resourceType": "Patient", "id": "b"},
        *(observe(f"a{day}", "a", f"2026-01-{day:02}") for day in range(1, 6)),
        observe("b1", "b", "2026-01-01"),
        {
            "resourceType": "AllergyIntolerance", "id": "al", "patient": {"reference": "Patient/a"},
            "verificationStatus": {"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
                "code": "confirmed",
            }]},
            "clinicalStatus": {"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
                "code": "active",
            }]},
        },
    ]  # fmt: skip
    answer = client.call("POST", "", bundle("transaction", *(put(one) for one in resources)))
    assert answer.status_code == 200, answer.text
    return client


def name(answer: httpx.Response, mode: str | None = None) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {
        f"{one['resource']['resourceType']}/{one['resource']['id']}"
        for one in answer.json().get("entry", ())
        if mode in (None, one["search"]["mode"])
    }


OWN = {"Patient/a", "AllergyIntolerance/al", *(f"Observation/a{day}" for day in range(1, 6))}


def test_all_that_is_the_patients_and_whom_it_speaks_of(filled: Client) -> None:
    answer = filled.call("GET", "/Patient/a/$everything")
    assert name(answer, "match") == OWN
    assert name(answer, "include") == {"Practitioner/dr", "Organization/clinic"}
    assert answer.json()["total"] == len(OWN)
    seen = name(filled.call("POST", "/Patient/a/$everything", {"resourceType": "Parameters"}))
    assert seen == name(answer)


def test_pages_follow_one_another(filled: Client) -> None:
    url, found = "/Patient/a/$everything?_count=3", set[str]()
    n_pages = 0
    while url:
        answer = filled.call("GET", url)
        page = name(answer, "match")
        assert not page & found
        found |= page
        n_pages += 1
        links = {link["relation"]: link["url"] for link in answer.json()["link"]}
        url = links.get("next", "").removeprefix(BASE)
    assert (found, n_pages) == (OWN, 3)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("_type=Observation", {one for one in OWN if one.startswith("Observation")}),
        ("start=2026-01-04", {"Patient/a", "AllergyIntolerance/al", "Observation/a4", "Observation/a5"}),
        ("start=2026-01-02&end=2026-01-02", {"Patient/a", "AllergyIntolerance/al", "Observation/a2"}),
        ("end=2025-12-31&_type=Observation", set()),
        ("end=2025-12-31&_type=Patient", {"Patient/a"}),
        ("_since=2999-01-01", set()),
        ("_since=2020-01-01", OWN),
    ],
)
def test_only_some_of_it(filled: Client, query: str, expected: set[str]) -> None:
    assert name(filled.call("GET", f"/Patient/a/$everything?{query}"), "match") == expected


@pytest.mark.parametrize(
    ("query", "where"),
    [("start=soon", "start"), ("_since=x", "_lastUpdated"), ("_type=Nothing", "_type"), ("name=x", "URL")],
)
def test_what_is_not_understood_is_refused(filled: Client, query: str, where: str) -> None:
    check_refused(filled.call("GET", f"/Patient/a/$everything?{query}"), 400, where=where)


def test_a_patient_who_is_not_there(filled: Client) -> None:
    check_refused(filled.call("GET", "/Patient/nobody/$everything"), 404)
    check_refused(filled.call("GET", "/Practitioner/dr/$everything"), 404)
