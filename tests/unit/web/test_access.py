"""Who sees and writes what over the API: the same answer for what is hidden and what is not there."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.records import make_keys, query
from tests.unit.web.calling import bundle, check_refused, entry
from tests.unit.web.ward import (
    CONFIDENTIALITY,
    DISCLOSURE,
    VALUE,
    Ward,
    carer,
    coded,
    condition,
    consent,
    episode,
    furnish,
    labelled,
    make,
    person,
    program,
    put,
    ref,
    staff,
    told,
)

from oncopolis.record.store import Store

DOCTOR = staff("physician")
OFFICER = staff("data_protection_officer", id_="dpo")
REGISTRAR = staff("registrar", id_="desk")


@pytest.fixture
def ward(store: Store) -> Ward:
    furnish(store)
    return Ward(store)


def strip(text: str, *ids: str) -> str:
    for id_ in ids:
        text = text.replace(id_, "#")
    return text


def test_nobody_unknown_gets_in_and_what_is_public_is_open(ward: Ward) -> None:
    answer = ward.client.call("GET", "/Patient/p1")
    check_refused(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert ward.client.call("GET", "/metadata").status_code == 200


def test_nothing_is_read_of_what_a_stranger_sends(ward: Ward) -> None:
    n_read = 0

    async def send_for_ever() -> AsyncIterator[bytes]:
        nonlocal n_read
        while n_read < 1_000:
            n_read += 1
            yield b"x" * 1_000

    answer = ward.client.run(lambda client: client.post("/fhir/Patient", content=send_for_ever()))
    check_refused(answer, 401)
    assert n_read == 0


def test_a_clinic_sees_its_own_patients_only(ward: Ward) -> None:
    assert ward.status(DOCTOR, "/Condition/c-p1") == 200
    assert ward.find(DOCTOR, "/Condition") == {"c-p1"}
    assert ward.call(DOCTOR, "GET", "/Condition").json()["total"] == 1
    assert ward.find(staff("physician", clinics=("a", "b")), "/Condition") == {"c-p1", "c-p2"}
    for path in ("/Condition/{}", "/Condition/{}/_history", "/Condition/{}/_history/1"):
        hidden = ward.call(DOCTOR, "GET", path.format("c-p2"))
        missing = ward.call(DOCTOR, "GET", path.format("c-xx"))
        check_refused(hidden, 404)
        assert strip(hidden.text, "c-p2") == strip(missing.text, "c-xx")
    assert "c-p2" not in ward.call(DOCTOR, "GET", "/_history").text
    assert "c-p1" in ward.call(DOCTOR, "GET", "/_history").text


def test_roles_without_a_row_are_refused_whatever_is_there(ward: Ward) -> None:
    for id_ in ("c-p1", "c-xx"):
        check_refused(ward.call(REGISTRAR, "GET", f"/Condition/{id_}"), 403, says="REC-244")
    assert ward.status(REGISTRAR, "/Patient/p3") == 200


def test_a_purpose_narrows(ward: Ward) -> None:
    assert ward.status(DOCTOR, "/Condition/c-p1", x_purpose_of_use="TREAT") == 200
    assert ward.status(DOCTOR, "/Condition/c-p1", x_purpose_of_use="HRESCH") == 403
    assert ward.status(DOCTOR, "/Condition/c-p1", x_purpose_of_use="no code") == 400


def test_a_tie_that_ends_takes_access_with_the_same_commit(ward: Ward) -> None:
    ended = episode("e1", "p1", "a", "finished", period={"end": "2026-11-01"})
    assert ward.call(REGISTRAR, "PUT", "/EpisodeOfCare/e1", ended).status_code == 200
    assert ward.status(DOCTOR, "/Condition/c-p1") == 404


def test_a_person_is_tied_by_name_and_a_clinic_by_its_places(ward: Ward) -> None:
    named = staff("physician", clinics=(), id_="dr-n")
    there = staff("physician", clinics=("b",))
    assert ward.status(named, "/Condition/c-p3") == ward.status(there, "/Condition/c-p3") == 404
    who = [ref("Patient", "p3"), ref("Practitioner", "dr-n"), ref("Location", "room")]
    put(
        ward.store,
        make("Location", "room", managingOrganization=ref("Organization", "b")),
        make(
            "Appointment",
            "ap",
            status="booked",
            participant=[{"actor": one, "status": "accepted"} for one in who],
        ),
    )
    assert ward.status(named, "/Condition/c-p3") == ward.status(there, "/Condition/c-p3") == 200
    assert ward.status(DOCTOR, "/Condition/c-p3") == 404


def test_labels_close_records_to_all_but_some(ward: Ward) -> None:
    put(
        ward.store,
        condition("normal", "p1"),
        condition("secret", "p1", meta=labelled(CONFIDENTIALITY, "V")),
        condition("closed", "p1", meta=labelled(CONFIDENTIALITY, "R")),
    )
    assert ward.find(DOCTOR, "/Condition") == {"c-p1", "normal", "secret", "closed"}
    assert ward.find(staff("nurse"), "/Condition") == {"c-p1", "normal", "closed"}
    assert ward.find(staff("radiation_therapist"), "/Condition") == {"c-p1", "normal"}
    assert ward.status(staff("nurse"), "/Condition/secret") == 404


def test_labels_are_changed_by_stated_roles_only(ward: Ward) -> None:
    put(
        ward.store, make("Observation", "o", status="final", code={"text": "x"}, subject=ref("Patient", "p1"))
    )
    therapist = staff("radiation_therapist")
    told_early = make(
        "Observation", "o", status="final", code={"text": "x"}, subject=ref("Patient", "p1"),
        meta=labelled(DISCLOSURE, "shareable"),
    )  # fmt: skip
    check_refused(ward.call(therapist, "PUT", "/Observation/o", told_early), 403, says="REC-242")
    assert ward.call(staff("nurse"), "PUT", "/Observation/o", told_early).status_code == 200
    again = told_early | {"code": {"text": "y"}}
    assert ward.call(therapist, "PUT", "/Observation/o", again).status_code == 200
    del again["meta"]
    check_refused(ward.call(therapist, "PUT", "/Observation/o", again), 403, says="REC-242")


def test_patients_see_their_own_record_once_they_were_told(ward: Ward) -> None:
    assert ward.find(person("p1"), "/Patient") == {"p1"}
    assert ward.find(person("p1"), "/Condition") == set()
    assert ward.status(person("p1"), "/Condition/c-p1") == 404
    put(ward.store, told("t1", "p1", "RelatedPerson/son"))
    assert ward.find(person("p1"), "/Condition") == set()
    put(ward.store, told("t2", "p1", "Patient/p1"))
    assert ward.find(person("p1"), "/Condition") == {"c-p1"}
    assert ward.find(person("p2"), "/Condition") == set()


def test_what_is_shareable_is_shown_before_unless_it_reveals(ward: Ward) -> None:
    shared = labelled(DISCLOSURE, "shareable")

    def visit(id_: str, place: str, **members: Any) -> dict[str, Any]:
        who = [ref("Patient", "p1"), ref("Location", place)]
        people = [{"actor": one, "status": "accepted"} for one in who]
        return make("Appointment", id_, status="booked", participant=people, **members)

    put(
        ward.store,
        make("Location", "north", name="North wing", meta=shared),
        make("Location", "onco", name="Chemotherapy", meta=labelled(DISCLOSURE, "reveals")),
        make("Location", "plain", name="Radiotherapy"),
        visit("neutral", "north", meta=shared),
        visit("unmarked", "north"),
        visit("there", "onco", meta=shared),
        condition("told-too-early", "p1", meta=shared),
        condition("cold", "p1", "J00", meta=shared),
    )
    assert ward.find(person("p1"), "/Appointment") == {"neutral"}
    assert ward.find(person("p1"), "/Condition") == {"cold"}
    assert ward.find(person("p1"), "/Location") == {"north"}
    assert ward.call(person("p1"), "GET", "/Condition").json()["total"] == 1
    put(ward.store, told("t", "p1", "Patient/p1"))
    assert ward.find(person("p1"), "/Appointment") == {"neutral", "unmarked", "there"}
    assert ward.find(person("p1"), "/Location") == {"north", "onco", "plain"}


def test_a_carer_needs_a_consent_that_names_them_and_the_family_may_know_more(ward: Ward) -> None:
    son = carer("son", "p1")
    assert ward.find(son, "/Patient") == set()
    put(ward.store, consent("k", "p1", "carer", "son"), told("t", "p1", "RelatedPerson/son"))
    assert ward.find(son, "/Condition") == {"c-p1"}
    assert ward.find(person("p1"), "/Condition") == set()
    assert ward.find(carer("neighbour", "p1"), "/Condition") == set()
    past = {"start": "2020-01-01", "end": "2021-01-01"}
    put(ward.store, consent("k", "p1", "carer", "son", period=past))
    assert ward.find(son, "/Condition") == set()
    put(ward.store, consent("k", "p1", "carer", "son"))
    withdrawn = consent("k", "p1", "carer", "son", "inactive")
    assert (
        ward.call(person("p1"), "PUT", "/Consent/k", withdrawn).status_code == 404
    )  # not shown: not told yet
    assert ward.call(REGISTRAR, "PUT", "/Consent/k", withdrawn).status_code == 200
    assert ward.find(son, "/Condition") == set()


def test_research_sees_pseudonymised_records_of_those_who_consent(ward: Ward) -> None:
    researcher = staff("researcher", id_="sci", clinics=())
    put(
        ward.store,
        condition("ps", "p1", meta=labelled(VALUE, "PSEUDED")),
        condition("p2s", "p2", meta=labelled(VALUE, "PSEUDED")),
    )
    assert ward.find(researcher, "/Condition") == set()
    put(ward.store, consent("r", "p1", "research"))
    assert ward.find(researcher, "/Condition") == {"ps"}
    assert ward.status(researcher, "/Patient/p1") == 403
    put(ward.store, consent("r", "p1", "research", status="rejected"))
    assert ward.find(researcher, "/Condition") == set()


def test_scopes_narrow_what_roles_allow(ward: Ward) -> None:
    def scoped(*scopes: str) -> Any:
        return staff("physician", scopes=scopes)

    assert ward.find(scoped("user/Condition.rs"), "/Condition") == {"c-p1"}
    assert ward.find(scoped("user/*.cruds"), "/Condition") == {"c-p1"}
    assert ward.find(scoped("user/Condition.r"), "/Condition") == set()
    assert ward.status(scoped("user/Condition.s"), "/Condition/c-p1") == 404
    assert ward.find(scoped("user/Patient.rs", "openid"), "/Condition") == set()
    assert ward.find(scoped("user/Condition.rs?code=http://hl7.org/fhir/sid/icd-10|C50.9"), "/Condition") == {
        "c-p1"
    }
    assert ward.find(scoped("user/Condition.rs?code=C61"), "/Condition") == set()
    assert ward.find(scoped("user/Condition.rs?onset-date=2020"), "/Condition") == set()
    assert ward.find(program("system/Condition.rs"), "/Condition") == {"c-p1", "c-p2", "c-p3"}
    assert ward.find(program("patient/Condition.rs"), "/Condition") == set()
    put(ward.store, told("t", "p1", "Patient/p1"))
    assert ward.find(person("p1", scopes=("patient/Condition.rs",)), "/Condition") == {"c-p1"}


def test_writes_are_refused_where_no_row_allows_them(ward: Ward) -> None:
    fresh = condition("", "p1")
    del fresh["id"]
    assert ward.call(DOCTOR, "POST", "/Condition", fresh).status_code == 201
    foreign = fresh | {"subject": ref("Patient", "p2")}
    check_refused(ward.call(DOCTOR, "POST", "/Condition", foreign), 403, says="REC-242")
    check_refused(ward.call(staff("nurse"), "PUT", "/Patient/p1", make("Patient", "p1")), 403)
    before = ward.client.count_versions()
    for id_ in ("c-p2", "c-xx"):
        answer = ward.call(DOCTOR, "PUT", f"/Condition/{id_}", condition(id_, "p1"))
        check_refused(answer, 404, says="REC-241")
    patch = [{"op": "replace", "path": "/code", "value": coded("urn:x", "y")}]
    assert ward.call(DOCTOR, "PATCH", "/Condition/c-p2", patch).status_code == 404
    assert ward.client.count_versions() == before


def test_a_record_is_moved_only_by_who_may_write_for_both_patients(ward: Ward) -> None:
    moved = condition("c-p1", "p2")
    check_refused(ward.call(DOCTOR, "PUT", "/Condition/c-p1", moved), 403)
    both = staff("physician", clinics=("a", "b"))
    assert ward.call(both, "PUT", "/Condition/c-p1", moved).status_code == 200
    assert ward.status(DOCTOR, "/Condition/c-p1") == 404


def test_what_was_another_patients_is_not_in_a_history(database_url: str, tmp_path: Any) -> None:
    from oncopolis.record.store import open_store

    with open_store(database_url, keys=make_keys(tmp_path)) as store:
        furnish(store)
        put(store, condition("c-p1", "p2"))
        ward = Ward(store)
        there = staff("physician", clinics=("b",))
        assert ward.status(there, "/Condition/c-p1") == 200
        assert ward.status(there, "/Condition/c-p1/_history/1") == 404
        assert ward.call(there, "GET", "/Condition/c-p1/_history").text.count('"POST"') == 0


def test_bundles_do_nothing_that_single_requests_may_not(ward: Ward) -> None:
    mine, theirs = condition("c-p1", "p1", "C61"), condition("c-p2", "p2", "C61")
    steps = [entry("PUT", "Condition/c-p1", mine), entry("PUT", "Condition/c-p2", theirs)]
    before = ward.client.count_versions()
    check_refused(ward.call(DOCTOR, "POST", "", bundle("transaction", *steps)), 404)
    assert ward.client.count_versions() == before
    answer = ward.call(DOCTOR, "POST", "", bundle("batch", *steps, entry("GET", "Condition/c-p2")))
    statuses = [one["response"]["status"][:3] for one in answer.json()["entry"]]
    assert statuses == ["200", "404", "404"]
    check_refused(ward.call(DOCTOR, "POST", "", bundle("transaction", entry("GET", "Condition/c-p2"))), 404)


def test_conditional_writes_do_not_find_what_is_hidden(ward: Ward) -> None:
    marked: dict[str, Any] = {"identifier": [{"system": "urn:mrn", "value": "7"}]}
    put(ward.store, condition("hidden", "p2", **marked))
    fresh = condition("", "p1", **marked)
    del fresh["id"]
    answer = ward.call(DOCTOR, "POST", "/Condition", fresh, if_none_exist="identifier=urn:mrn|7")
    assert answer.status_code == 201
    assert answer.json()["id"] != "hidden"


def test_nobody_gives_themselves_access(ward: Ward) -> None:
    tie = episode("", "p3", "a")
    del tie["id"]
    check_refused(ward.call(DOCTOR, "POST", "/EpisodeOfCare", tie), 403)
    assert ward.call(REGISTRAR, "POST", "/EpisodeOfCare", tie).status_code == 201
    assert ward.status(DOCTOR, "/Condition/c-p3") == 200
    let_in = consent("", "p1", "carer", "thief")
    del let_in["id"]
    check_refused(ward.call(carer("thief", "p1"), "POST", "/Consent", let_in), 403)
    check_refused(ward.call(staff("nurse"), "POST", "/Consent", let_in), 403)
    tell = told("", "p1", "Patient/p1")
    del tell["id"]
    check_refused(ward.call(staff("nurse"), "POST", "/Communication", tell), 403)
    check_refused(ward.call(person("p1"), "POST", "/Communication", tell), 403)
    assert ward.call(DOCTOR, "POST", "/Communication", tell).status_code == 201


def test_a_consent_of_ours_that_denies_is_refused(ward: Ward) -> None:
    denied = consent("", "p1", "carer", "son", type="deny")
    del denied["id"]
    check_refused(ward.call(REGISTRAR, "POST", "/Consent", denied), 400, says="REC-243")


GLASS = {"x_purpose_of_use": "ETREAT", "x_break_glass_reason": "unconscious, no relatives"}


def test_breaking_the_glass_opens_one_record_and_a_review(ward: Ward) -> None:
    assert ward.status(DOCTOR, "/Condition/c-p3") == 404
    assert ward.status(DOCTOR, "/Condition/c-p3", x_purpose_of_use="ETREAT") == 400
    assert ward.status(DOCTOR, "/Condition/c-p3", **GLASS) == 200
    assert ward.status(DOCTOR, "/Condition/c-p3") == 404
    found = ward.call(DOCTOR, "GET", "/Condition", x_break_glass_patient="p3", **GLASS).json()
    assert {one["resource"]["id"] for one in found["entry"]} == {"c-p1", "c-p3"}
    assert ward.status(DOCTOR, "/Condition", **GLASS) == 400
    for caller in (REGISTRAR, staff("radiation_therapist"), person("p1")):
        assert ward.status(caller, "/Condition/c-p3", **GLASS) == 403
    (review,) = (one["resource"] for one in ward.call(OFFICER, "GET", "/Task").json()["entry"])
    assert review["description"] == GLASS["x_break_glass_reason"]
    assert review["for"] == ref("Patient", "p3")
    assert review["requester"] == ref("Practitioner", "dr-a")
    closed = review | {"status": "completed", "note": [{"text": "justified"}]}
    check_refused(ward.call(DOCTOR, "PUT", f"/Task/{review['id']}", closed), 404)
    assert ward.call(OFFICER, "PUT", f"/Task/{review['id']}", closed).status_code == 200
    assert ward.status(DOCTOR, "/Condition/c-p3", **GLASS) == 200
    assert len(ward.find(OFFICER, "/Task")) == 2
    entries = query(ward.store, "SELECT entry FROM audit WHERE entry LIKE '%break-glass%'")
    assert entries
    assert all("unconscious" not in text for (text,) in entries)


def test_refusals_are_in_the_audit_of_the_patient(ward: Ward) -> None:
    ward.status(DOCTOR, "/Condition/c-p2")
    ward.status(DOCTOR, "/Condition/c-xx")
    ward.status(REGISTRAR, "/Condition/c-p2")
    ward.client.call("GET", "/Condition/c-p2")
    rows = query(
        ward.store,
        "SELECT a.agent FROM audit a JOIN audit_patient p ON p.chain = a.chain AND p.seq = a.seq "
        "WHERE p.patient = 'p2' AND a.entry LIKE '%refusal%' ORDER BY a.seq",
    )
    assert rows == [("Practitioner/dr-a",), ("Practitioner/desk",), ("address/127.0.0.1",)]
    assert query(ward.store, "SELECT count(*) FROM audit WHERE entry LIKE '%refusal%'") == [(4,)]


def test_no_value_that_was_searched_for_is_in_the_audit(ward: Ward) -> None:
    ward.call(DOCTOR, "GET", "/Patient?identifier=urn:mrn|SECRET&_count=5")
    ((text,),) = query(ward.store, "SELECT entry FROM audit WHERE entry LIKE '%search%'")
    assert '"query":"Patient?identifier&_count"' in text
    assert "SECRET" not in text
