"""mCODE bundles in and out, and the notification of a registry, over the store."""

import asyncio
from typing import Any

import pytest
from tests.records import ACT
from tests.unit.record.fhir.validating.mcode import get_example
from tests.unit.web.calling import BASE, Client, bundle, check_refused, entry, patient

from oncopolis.foundation import NotFoundError
from oncopolis.record.fhir.text import parse
from oncopolis.record.fhir.validating import validate
from oncopolis.record.store import Store
from oncopolis.web.fhir import gathering
from oncopolis.web.fhir.cancer import PATIENT_BUNDLE
from oncopolis.web.fhir.exchange import Asked

JENNY = "Patient/cancer-patient-jenny-m"
AUDITED = "SELECT count(*) FROM audit"
SOURCE = "Bundle-mcode-patient-bundle-jenny-m"


def send(client: Client) -> list[dict[str, Any]]:
    """Post the bundle of a patient as a transaction; what it refers to and lacks comes along."""
    resources = [one["resource"] for one in get_example(SOURCE)["entry"]]
    here = {f"{one['resourceType']}/{one['id']}" for one in resources}
    wanted = sorted(set(_list_references(resources)) - here)
    lacking = [_make(*name.split("/")) for name in wanted]
    entries = [entry("PUT", f"{one['resourceType']}/{one['id']}", one) for one in (*resources, *lacking)]
    answered = client.call("POST", "", _plain(bundle("transaction", *entries)))
    assert answered.status_code == 200, answered.text
    return resources


def _plain(resource: dict[str, Any]) -> bytes:
    from oncopolis.record.fhir.text import to_text

    return to_text(resource)


def _list_references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [one for item in value.values() for one in _list_references(item)]
    return [one for item in value for one in _list_references(item)] if isinstance(value, list) else []


def _make(type_: str, id_: str) -> dict[str, Any]:
    subject = {"reference": JENNY}
    members: dict[str, Any] = {
        "Specimen": {"subject": subject},
        "Condition": {"subject": subject},
        "Observation": {"status": "final", "code": {"text": "x"}, "subject": subject},
        "BodyStructure": {"patient": subject},
        "Practitioner": {},
        "Organization": {"name": "x"},
    }
    return {"resourceType": type_, "id": id_, **members[type_]}


def read_bundle(client: Client, path: str) -> dict[str, Any]:
    response = client.call("GET", f"/{path}")
    assert response.status_code == 200, response.text
    return parse(response.content)


def test_an_mcode_bundle_goes_in_and_comes_out(client: Client, store: Store) -> None:
    resources = send(client)
    before = store.ask(lambda reading: reading.session.query(AUDITED))[0][0]
    found = read_bundle(client, f"{JENNY}/$mcode-everything")
    assert (found["type"], found["meta"]["profile"]) == ("collection", [PATIENT_BUNDLE])
    assert not [remark for remark in validate(found) if remark.severity == "error"]
    names = [f"{one['resource']['resourceType']}/{one['resource']['id']}" for one in found["entry"]]
    claiming = {
        f"{one['resourceType']}/{one['id']}"
        for one in resources
        if any("/us/mcode/" in url for url in one.get("meta", {}).get("profile", ()))
    }
    assert names[0] == JENNY
    assert set(names) == claiming
    assert store.ask(lambda reading: reading.session.query(AUDITED))[0][0] == before + 1


def test_a_collection_is_kept_as_it_is(client: Client) -> None:
    sent = get_example(SOURCE)
    made = client.call("POST", "/Bundle", _plain(sent))
    assert made.status_code == 201
    kept = read_bundle(client, f"Bundle/{made.json()['id']}")
    assert kept["entry"] == sent["entry"]


def test_a_time_bounds_what_comes_out(client: Client) -> None:
    send(client)

    def list_names(query: str) -> set[str]:
        found = read_bundle(client, f"{JENNY}/$mcode-everything{query}")
        return {one["resource"]["id"] for one in found["entry"]}

    everything = list_names("")
    early, late = list_names("?end=2018-03-31"), list_names("?start=2018-04-01")
    assert "tnm-clinical-stage-group-jenny-m" in early - late
    assert "cancer-disease-status-jenny-m" in late - early
    assert early | late == everything
    assert "cancer-disease-status-jenny-m" in list_names("?start=2018-11-01&end=2018-11-01")


def test_a_notification_is_a_sound_document(client: Client) -> None:
    send(client)
    found = read_bundle(client, f"{JENNY}/$cancer-notification")
    assert not [remark for remark in validate(found) if remark.severity == "error"]
    composition = found["entry"][0]["resource"]
    titles = [one["title"] for one in composition["section"]]
    assert titles == ["Person", "Tumour", "Stage", "Treatment", "Follow-up", "Source", "To be mended"]
    assert "<td>cT3</td>" in composition["section"][2]["text"]["div"]
    assert "basis" in composition["section"][-1]["text"]["div"]
    again = read_bundle(client, f"{JENNY}/$cancer-notification")
    assert again["identifier"] == found["identifier"]


@pytest.mark.parametrize("name", ["$mcode-everything", "$cancer-notification"])
def test_who_is_not_there_is_refused(client: Client, name: str) -> None:
    check_refused(client.call("GET", f"/Patient/nobody/{name}"), 404)
    client.call("PUT", "/Patient/p1", patient(id="p1"))
    check_refused(client.call("GET", f"/Patient/p1/{name}?colour=red"), 400, says="colour")
    check_refused(client.call("GET", f"/Practitioner/p1/{name}"), 404)
    check_refused(client.call("GET", "/Patient/p1/$mcode-everything?start=soon"), 400, says="start")


def test_a_patient_without_cancer_has_nothing_to_notify(client: Client) -> None:
    client.call("PUT", "/Patient/p1", patient(id="p1"))
    check_refused(client.call("GET", "/Patient/p1/$cancer-notification"), 404, says="no primary cancer")
    alone = read_bundle(client, "Patient/p1/$mcode-everything")
    assert [one["resource"]["id"] for one in alone["entry"]] == ["p1"]


class _NoObservations:
    """Somebody who may see everything but observations."""

    def restrict(self, type_: str, alias: str) -> tuple[str, tuple[Any, ...]]:
        return (f"{alias}.type <> ?", ("Observation",))


class _Nothing:
    def restrict(self, type_: str, alias: str) -> tuple[str, tuple[Any, ...]]:
        return "1 = 0", ()


def test_only_what_the_caller_may_see_is_gathered(client: Client, store: Store) -> None:
    send(client)
    asked = Asked("GET", tuple(f"{JENNY}/$mcode-everything".split("/")), "", {}, b"", BASE, ACT.who, "r1")
    seen = asyncio.run(gathering.gather(store, asked._replace(allowed=_NoObservations())))
    types = {one["resourceType"] for one in seen.resources}
    assert "Observation" not in types
    assert {"Patient", "Condition", "Procedure"} <= types
    with pytest.raises(NotFoundError):
        asyncio.run(gathering.gather(store, asked._replace(allowed=_Nothing())))


def test_all_pages_of_a_patient_are_gathered(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    send(client)
    whole = read_bundle(client, f"{JENNY}/$mcode-everything")
    monkeypatch.setattr(gathering, "_PAGE", 7)
    assert {one["fullUrl"] for one in read_bundle(client, f"{JENNY}/$mcode-everything")["entry"]} == {
        one["fullUrl"] for one in whole["entry"]
    }
    monkeypatch.setattr(gathering, "MOST", 5)
    check_refused(client.call("GET", f"/{JENNY}/$mcode-everything"), 400, says="more than 5")


@pytest.mark.parametrize("stored", ["30211975910033", "3 021197-591 0033"])
def test_a_national_number_is_found_in_any_spelling(client: Client, stored: str) -> None:
    system = "https://dhp.uz/fhir/core/sid/pid/uz/ni"
    identifier = [{"system": system, "value": stored}, {"system": "urn:hospital", "value": "1-2"}]
    client.call("PUT", "/Patient/p1", patient(id="p1", identifier=identifier))
    client.call(
        "PUT", "/Patient/p2", patient(id="p2", identifier=[{"system": system, "value": "42410540220011"}])
    )

    def list_found(value: str) -> list[str]:
        found = client.call("GET", f"/Patient?identifier={value}").json()
        return [one["resource"]["id"] for one in found.get("entry", ())]

    for spelling in ("30211975910033", "302-1197-591-0033", "3 0211975910033"):
        assert list_found(f"{system}|{spelling}") == ["p1"]
    assert list_found("30211975910033") == ["p1"]
    assert list_found(stored) == ["p1"]
    assert list_found("urn:hospital|12") == []
    assert list_found(f"{system}|30211975910034") == []
    again = client.call("POST", "/Patient", patient(), if_none_exist=f"identifier={system}|302-1197-591-0033")
    assert again.status_code == 200
