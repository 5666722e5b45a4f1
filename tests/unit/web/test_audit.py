"""The house's audit as AuditEvents: found by everything it is searched by, seen only by whom it concerns."""

from base64 import b64decode
from typing import Any

import pytest
from tests.records import query
from tests.unit.web.calling import bundle, check_refused, entry
from tests.unit.web.ward import Ward, condition, furnish, make, person, program, put, ref, staff, told

from oncopolis.record.fhir.checking import check_resource
from oncopolis.record.store import Store
from oncopolis.record.store.verifying import verify

DOCTOR = staff("physician")
OFFICER = staff("data_protection_officer", id_="dpo", clinics=())
BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."


@pytest.fixture
def ward(store: Store) -> Ward:
    furnish(store)
    made = Ward(store)
    made.status(DOCTOR, "/Condition/c-p1", x_purpose_of_use="TREAT")
    made.status(DOCTOR, "/Condition/c-p2")
    made.call(DOCTOR, "GET", "/Condition?code=C50.9&_count=5")
    fresh = condition("", "p1", "J00")
    del fresh["id"]
    made.call(DOCTOR, "POST", "/Condition", fresh)
    made.call(staff("registrar", id_="desk"), "PUT", "/Patient/p2", make("Patient", "p2", active=True))
    return made


def list_events(ward: Ward, path: str, caller: Any = OFFICER) -> list[dict[str, Any]]:
    answer = ward.call(caller, "GET", path)
    assert answer.status_code == 200, answer.text
    return [one["resource"] for one in answer.json().get("entry", ())]


def summarise(events: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one["action"], one["subtype"][0].get("code", ""), one["outcome"]) for one in events]


def test_events_follow_balp(ward: Ward) -> None:
    events = list_events(ward, "/AuditEvent?agent=Practitioner/dr-a")
    assert summarise(events) == [
        ("C", "create", "0"),
        ("E", "search", "0"),
        ("R", "read", "4"),
        ("R", "read", "0"),
    ]
    assert all(check_resource(one) == [] for one in events)
    created, searched, refused, read = events
    assert created["meta"]["profile"] == [f"{BALP}PatientCreate"]
    assert searched["meta"]["profile"] == [f"{BALP}PatientQuery"]
    assert read["meta"]["profile"] == [f"{BALP}PatientRead"]
    assert "profile" not in refused["meta"]
    assert refused["outcomeDesc"] == "REC-114"
    user, client, server = read["agent"]
    assert user["who"] == ref("Practitioner", "dr-a")
    assert user["requestor"]
    assert user["purposeOfUse"][0]["coding"][0]["code"] == "TREAT"
    assert [one["type"]["coding"][0]["code"] for one in (client, server)] == ["110152", "110153"]
    assert client["network"]["address"] == "127.0.0.1"
    assert [one["type"]["coding"][0]["code"] for one in created["agent"][1:]] == ["110153", "110152"]
    assert [one["what"] for one in read["entity"][:2]] == [
        ref("Patient", "p1"),
        {"reference": "Condition/c-p1/_history/1"},
    ]
    roles = [one["role"]["code"] for one in searched["entity"] if "role" in one]
    assert roles == ["1", "4", "24"]
    assert read["entity"][-1]["what"]["identifier"]["value"]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("patient=p2&outcome=4", [("R", "read", "4")]),
        ("patient=Patient/p2&action=U", [("U", "update", "0")]),
        ("entity=Condition/c-p1&subtype=read", [("R", "read", "0")]),
        ("agent=Practitioner/desk", [("U", "update", "0")]),
        ("agent=Practitioner/desk&date=ge2020-01-01&date=lt2200-01-01", [("U", "update", "0")]),
        ("agent=Practitioner/desk&date=lt2020", []),
        ("agent=Practitioner/nobody", []),
        ("entity=Condition/c_p1", None),
    ],
)
def test_events_are_found(ward: Ward, search: str, expected: list[tuple[str, str, str]] | None) -> None:
    if expected is None:
        check_refused(ward.call(OFFICER, "GET", f"/AuditEvent?{search}"), 400, says="REC-249")
    else:
        assert summarise(list_events(ward, f"/AuditEvent?{search}")) == expected


def test_pages_hold_every_event_once_and_lead_to_stored_ones(ward: Ward) -> None:
    stored = {
        "resourceType": "AuditEvent",
        "id": "theirs",
        "type": {"system": "urn:x", "code": "y"},
        "recorded": "2026-01-01T00:00:00Z",
        "outcome": "0",
        "agent": [{"requestor": True}],
        "source": {"observer": {"display": "lab"}},
    }
    put(ward.store, stored)
    seen: list[str] = []
    path: str | None = "/AuditEvent?_count=3"
    before = query(ward.store, "SELECT count(*) FROM audit")[0][0]
    while path:
        answer = ward.call(OFFICER, "GET", path).json()
        seen += [one["resource"]["id"] for one in answer.get("entry", ())]
        links = {one["relation"]: one["url"] for one in answer["link"]}
        path = links["next"].partition("/fhir")[2] if "next" in links else None
    assert len(seen) == len(set(seen)) == before + 1
    assert seen[-1] == "theirs"
    assert list_events(ward, f"/AuditEvent?_id={seen[0]}")[0]["id"] == seen[0]
    assert ward.call(OFFICER, "GET", f"/AuditEvent/{seen[0]}").json()["id"] == seen[0]
    assert ward.call(OFFICER, "GET", "/AuditEvent/theirs").json()["id"] == "theirs"
    for search in ("_id=theirs", "type=y", "date=2026-01-01&outcome=0"):
        assert [one["id"] for one in list_events(ward, f"/AuditEvent?{search}")] == ["theirs"]


def test_a_patient_sees_who_looked_and_nothing_of_others(ward: Ward) -> None:
    put(ward.store, told("t", "p1", "Patient/p1"))
    log = list_events(ward, "/Patient/p1/$access-log", person("p1"))
    assert ("R", "read", "0") in summarise(log)
    assert {one["agent"][0]["who"].get("reference") for one in log} == {
        "Practitioner/dr-a",
        "Device/oncopolis",
    }
    text = ward.call(person("p1"), "GET", "/AuditEvent").text
    assert "Patient/p2" not in text
    assert "c-p2" not in text
    assert "Condition/c-p1" in text
    check_refused(ward.call(person("p1"), "GET", "/Patient/p2/$access-log"), 404)
    others = list_events(ward, "/AuditEvent?patient=p2")
    for one in others:
        if all("p1" not in str(entity.get("what")) for entity in one["entity"]):
            check_refused(ward.call(person("p1"), "GET", f"/AuditEvent/{one['id']}"), 404)


def test_a_search_that_shows_nothing_is_in_the_log_of_whom_it_asked_for(ward: Ward) -> None:
    assert ward.find(DOCTOR, "/Condition?patient=p2&code=C50.9") == set()
    (event,) = list_events(ward, "/AuditEvent?patient=p2&subtype=search")
    assert event["agent"][0]["who"] == ref("Practitioner", "dr-a")
    queries = [one["query"] for one in event["entity"] if "query" in one]
    assert [b64decode(text) for text in queries] == [b"Condition?patient&code"]


def test_the_program_through_which_somebody_acts_is_named(ward: Ward) -> None:
    ward.status(staff("physician", id_="dr-c", scopes=("user/*.rs",), client="app-7"), "/Condition/c-p1")
    (event,) = list_events(ward, "/AuditEvent?agent=Practitioner/dr-c")
    assert [one["who"].get("identifier", {}).get("value") for one in event["agent"]] == [None, "app-7", None]


def test_what_a_transaction_reads_is_in_the_log(ward: Ward) -> None:
    answer = ward.call(DOCTOR, "POST", "", bundle("transaction", entry("GET", "Condition/c-p1")))
    assert answer.status_code == 200
    log = list_events(ward, "/AuditEvent?patient=p1&subtype=read&agent=Practitioner/dr-a")
    assert len(log) == 2


def test_before_the_diagnosis_is_told_the_log_names_no_record(ward: Ward) -> None:
    text = ward.call(person("p1"), "GET", "/Patient/p1/$access-log").text
    assert "Practitioner/dr-a" in text
    assert "Condition/" not in text


def test_others_see_no_audit(ward: Ward) -> None:
    for caller in (DOCTOR, staff("administrator", id_="adm")):
        check_refused(ward.call(caller, "GET", "/AuditEvent"), 403)
        check_refused(ward.call(caller, "GET", "/Patient/p1/$access-log"), 403)
    assert list_events(ward, "/AuditEvent", program("system/AuditEvent.rs"))
    check_refused(ward.call(OFFICER, "GET", "/AuditEvent/house-1-999999"), 404)
    check_refused(ward.call(OFFICER, "GET", "/AuditEvent/house-x"), 404)


def test_looking_at_the_audit_is_in_the_audit(ward: Ward) -> None:
    list_events(ward, "/Patient/p1/$access-log")
    (last,) = list_events(ward, "/AuditEvent?agent=Practitioner/dpo")[:1]
    assert summarise([last]) == [("E", "search", "0")]


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("UPDATE audit SET agent = 'Practitioner/other' WHERE seq = 2", "audit-findable"),
        ("DELETE FROM audit_patient WHERE patient = 'p1'", "audit-findable"),
        ("INSERT INTO audit_patient (patient, chain, seq) SELECT 'px', chain, seq FROM audit WHERE seq = 2",
         "audit-findable"),
        ("UPDATE resource SET patient = 'p2' WHERE id = 'c-p1'", "patient-current"),
        ("UPDATE audit SET entry = replace(entry, 'dr-a', 'dr-b')", "audit-unchanged"),
        ("DELETE FROM audit WHERE seq = 2", "audit-gapless"),
    ],
)  # fmt: skip
def test_what_is_changed_behind_the_houses_back_is_found(ward: Ward, sql: str, rule: str) -> None:
    assert verify(ward.store) == []
    ward.store.submit_unseen(lambda transaction: transaction.session.query(sql)).result()
    assert rule in {finding.rule for finding in verify(ward.store)}


def test_reordered_entries_are_found(ward: Ward) -> None:
    def swap(transaction: Any) -> None:
        session = transaction.session
        for old, new in ((2, 9_002), (3, 2), (9_002, 3)):
            session.query("UPDATE audit SET seq = ? WHERE seq = ?", (new, old))

    ward.store.submit_unseen(swap).result()
    assert {"audit-linked", "audit-unchanged"} <= {finding.rule for finding in verify(ward.store)}
