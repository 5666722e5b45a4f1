"""Searches over HTTP: how they are asked, what the bundle says, and what is refused."""

from typing import Any
from urllib.parse import urlencode

import pytest
from tests.records import make_observation, make_patient
from tests.unit.web.calling import BASE, Client, bundle, check_refused, entry

from oncopolis.record.fhir import check_resource

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def filled(client: Client) -> Client:
    """Three patients with a haemoglobin each, the second with two."""
    entries = [entry("PUT", f"Patient/p{n}", make_patient(f"p{n}", f"Name{n}")) for n in (1, 2, 3)]
    for n, (patient, value) in enumerate((("p1", "70.5"), ("p2", "80"), ("p2", "90"), ("p3", "100"))):
        made = make_observation(value, patient=patient, id_=f"o{n}")
        made["valueQuantity"]["value"] = float(value)
        entries.append(entry("PUT", f"Observation/o{n}", made))
    answer = client.call("POST", "", bundle("batch", *entries)).json()
    assert {one["response"]["status"] for one in answer["entry"]} == {"201 Created"}
    return client


def ask(client: Client, path: str, **headers: str) -> dict[str, Any]:
    response = client.call("GET", path, **headers)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    assert not check_resource(found)
    return found


def get_ids(found: dict[str, Any], mode: str = "match") -> list[str]:
    return [one["resource"].get("id", "") for one in found.get("entry", ()) if one["search"]["mode"] == mode]


def get_link(found: dict[str, Any], relation: str) -> str:
    return next(str(link["url"]) for link in found["link"] if link["relation"] == relation)


def test_a_search_by_post_is_that_by_get(filled: Client) -> None:
    by_get = ask(filled, "/Observation?code=718-7&value-quantity=gt75&_sort=-value-quantity")
    assert (get_ids(by_get), by_get["total"]) == (["o3", "o2", "o1"], 3)
    body = urlencode({"value-quantity": "gt75", "_sort": "-value-quantity"}).encode()
    by_post = filled.call("POST", "/Observation/_search?code=718-7", body, content_type=FORM).json()
    assert get_ids(by_post) == get_ids(by_get)
    assert get_link(by_post, "self") == get_link(by_get, "self")
    check_refused(filled.call("POST", "/Observation/_search", {}), 415, where="Content-Type")
    check_refused(
        filled.call("POST", "/Observation/_search", b"x=\xff", content_type=FORM), 400, where="body"
    )


def test_a_search_of_all_types_and_of_a_patients_compartment(filled: Client) -> None:
    assert get_ids(ask(filled, "?_type=Patient")) == ["p1", "p2", "p3"]
    assert get_ids(ask(filled, "?_type=Patient,Observation&_id=p1,o1")) == ["p1", "o1"]
    body = b"_type=Patient&_lastUpdated=gt2020"
    assert len(get_ids(filled.call("POST", "/_search", body, content_type=FORM).json())) == 3
    assert get_ids(ask(filled, "/Patient/p2/Observation?value-quantity=gt85")) == ["o2"]
    assert get_ids(ask(filled, "/Patient/p2/*")) == ["p2", "o1", "o2"]
    assert get_ids(ask(filled, "/Patient/p2/*?_type=Observation")) == ["o1", "o2"]
    assert ask(filled, "/Patient/p2/_history")["type"] == "history"
    check_refused(filled.call("GET", "/Patient/p2/Patients"), 404)
    check_refused(filled.call("GET", "/Encounter/e1/Observation"), 404, says="Patient/id/Type")


def test_what_is_not_known_is_refused_or_said(filled: Client) -> None:
    check_refused(filled.call("GET", "/Patient?nombre=x"), 400, where="nombre", says="one of Patient: _id")
    check_refused(filled.call("GET", "/Patient?nombre=x", prefer="handling=strict"), 400, where="nombre")
    check_refused(filled.call("GET", "/Observation?subject.nombre=x"), 400, where="subject.nombre")
    found = ask(filled, "/Patient?nombre=x&family=name1", prefer="return=minimal, handling=lenient")
    assert (get_ids(found), found["total"]) == (["p1"], 1)
    (outcome,) = [one["resource"] for one in found["entry"] if one["search"]["mode"] == "outcome"]
    assert "'nombre'" in outcome["issue"][0]["diagnostics"]
    assert get_link(found, "self") == f"{BASE}/Patient?family=name1"
    for bad in ("/Patient?name:regex=x", "/Patient?_filter=x", "/Patient?gender:in=http://x"):
        check_refused(filled.call("GET", bad, prefer="handling=lenient"), 400)


@pytest.mark.parametrize(
    ("query", "where", "says"),
    [
        ("_count=-1", "_count", "whole number"),
        ("_count=1&_count=2", "_count", "it once"),
        ("_sort=nombre", "_sort", "one of"),
        ("_sort=general-practitioner", "_sort", "one of"),
        ("_total=all", "_total", "accurate"),
        ("_summary=some", "_summary", "count"),
        ("_elements=nombre", "_elements", "elements"),
        ("_include=Patient:name", "_include", "general-practitioner"),
        ("_include=Patient", "_include", "Type:parameter"),
        ("_include:all=*", "_include", ":iterate"),
        ("_contained=true", "_contained", "false"),
        ("_cursor=abc", "_cursor", "link"),
        ("_cursor=%E2%82%AC", "_cursor", "link"),
        ("birthdate=2026-13", "birthdate", "a date"),
        ("birthdate=zz2026", "birthdate", "prefixes"),
        ("birthdate=99999-01-01", "birthdate", "a date"),
        ("gender:missing=maybe", "gender:missing", "true or false"),
        ("name=", "name", "a value"),
        ("name=a,,b", "name", "a value"),
        ("identifier=a|b|c", "identifier", "system|code"),
        ("_has:Observation:code:status=x", "_has", "a reference of Observation"),
        ("_has:Observation=1", "_has", "_has:Type:reference:parameter"),
        ("gender.name=x", "gender.name", "a reference"),
        ("link:Observation.name=x", "link", "one of"),
        ("link." * 10 + "name=x", "link", "at most 5 links"),
        ("_has:Patient:link:" * 10 + "name=x", "_has", "at most 5 links"),
        ("name=" + ",".join("abc" for _ in range(201)), "name", "at most 200"),
        ("&".join(f"name={n}" for n in range(1000)), "URL", "Max number of fields"),
        ("near=1|2", "near", "address"),
        ("_text=cancer", "_text", ":text"),
        ("name:" + "x" * 5000 + "=1", "name", "one of"),
        ("name%0d%0aX-Evil:%201=1", "name", "one of"),
    ],
)
def test_bad_questions_are_refused_with_their_place(
    filled: Client, query: str, where: str, says: str
) -> None:
    response = filled.call("GET", f"/Patient?{query}")
    check_refused(response, 400, where=where, says=says)
    assert len(response.content) < 4_000


def test_pages_follow_each_other_under_writes(filled: Client) -> None:
    """A record that changes in between comes once, and hides no other."""
    page = ask(filled, "/Observation?_count=1&status=final")
    found = get_ids(page)
    while any(link["relation"] == "next" for link in page["link"]):
        touched = make_observation("1", patient="p1", id_=found[-1])
        touched["valueQuantity"]["value"] = 1
        assert filled.call("PUT", f"/Observation/{found[-1]}", touched).status_code == 200
        page = ask(filled, get_link(page, "next").removeprefix(BASE))
        found += get_ids(page)
    assert found == ["o0", "o1", "o2", "o3"]


def test_a_cursor_is_of_one_question(filled: Client) -> None:
    cursor = get_link(ask(filled, "/Patient?_count=1"), "next").partition("_cursor=")[2]
    check_refused(filled.call("GET", f"/Patient?gender=male&_cursor={cursor}"), 400, where="_cursor")
    assert get_ids(ask(filled, f"/Patient?_count=2&_cursor={cursor}")) == ["p2", "p3"]


def test_what_comes_along_is_marked(filled: Client) -> None:
    found = ask(filled, "/Observation?_id=o1&_include=Observation:subject&_revinclude=Observation:subject")
    assert (get_ids(found), get_ids(found, "include"), found["total"]) == (["o1"], ["p2"], 1)
    found = ask(filled, "/Observation?_id=o1&_include=*&_revinclude:iterate=Observation:subject:Patient")
    assert (get_ids(found), get_ids(found, "include")) == (["o1"], ["p2", "o2"])


def test_parts_of_records_say_that_they_are(filled: Client) -> None:
    (part,) = ask(filled, "/Patient?_id=p1&_elements=birthDate")["entry"]
    assert {"resourceType", "id", "meta", "birthDate"} == set(part["resource"])
    assert [tag["code"] for tag in part["resource"]["meta"]["tag"]] == ["SUBSETTED"]
    (part,) = ask(filled, "/Observation?_id=o1&_summary=true")["entry"]
    assert "valueQuantity" in part["resource"]
    assert "performer" in part["resource"]
    (part,) = ask(filled, "/Observation?_id=o1&_summary=text")["entry"]
    assert set(part["resource"]) == {"resourceType", "id", "meta", "status", "code"}
    (whole,) = ask(filled, "/Observation?_id=o1&_summary=false")["entry"]
    assert "tag" not in whole["resource"]["meta"]
    for query in ("_summary=count", "_count=0"):
        found = ask(filled, f"/Observation?{query}")
        assert (found["total"], "entry" in found) == (4, False)
    assert "total" not in ask(filled, "/Observation?_total=none")


def test_pretty_is_the_same_with_lines(filled: Client) -> None:
    plain = filled.call("GET", "/Observation?_id=o0")
    pretty = filled.call("GET", "/Observation?_id=o0&_pretty=true")
    assert pretty.text.count("\n") > 50
    assert pretty.json()["entry"] == plain.json()["entry"]


def test_reads_have_parts_and_lines_too(filled: Client) -> None:
    whole = filled.call("GET", "/Observation/o0")
    pretty = filled.call("GET", "/Observation/o0?_pretty=true")
    assert (pretty.json(), pretty.text.count("\n") > 20) == (whole.json(), True)
    for place in ("/Observation/o0", "/Observation/o0/_history/1"):
        part = filled.call("GET", f"{place}?_elements=status")
        assert set(part.json()) == {"resourceType", "id", "meta", "status", "code"}
        assert part.headers["etag"] == whole.headers["etag"]
        assert part.json()["meta"]["tag"][0]["code"] == "SUBSETTED"
    assert filled.call("GET", "/Observation/o0?_summary=false").content == whole.content
    for wrong in ("_summary=count", "_summary=x", "_elements=colour", "_count=1"):
        check_refused(filled.call("GET", f"/Observation/o0?{wrong}"), 400)
    form = filled.call("POST", "/Observation/_search", b"_id=o0&_pretty=true", content_type=FORM)
    assert form.text.count("\n") > 50


def test_what_clients_leave_in_addresses_does_no_harm(filled: Client) -> None:
    assert get_ids(ask(filled, "/Patient?&_id=p1&")) == ["p1"]
    assert filled.call("GET", "/metadata?mode=full&_pretty=true").status_code == 200
    check_refused(filled.call("GET", "/metadata?mode=terminology"), 400, where="mode")
    summary = filled.call("GET", "/metadata?_summary=true").json()
    assert (summary["fhirVersion"], summary["meta"]["tag"][0]["code"]) == ("4.0.1", "SUBSETTED")


def test_conditions_are_searches(filled: Client) -> None:
    same = make_patient("p2", "Name2")
    again = filled.call("PUT", "/Patient?family:exact=Name2&birthdate=1970-02-03", same)
    assert (again.status_code, again.json()["id"]) == (200, "p2")
    check_refused(filled.call("PUT", "/Patient?birthdate=1970", same), 412, says="3 matches")
    check_refused(filled.call("PUT", "/Patient?name:missing=false&_sort=name", same), 400, says="_sort")
    refused = filled.call("DELETE", "/Patient?family=Name2")
    check_refused(refused, 405, says="active")
    slot = {"resourceType": "Basic", "code": {"text": "x"}, "identifier": [{"value": "b"}]}
    assert filled.call("DELETE", "/Basic?identifier=b").status_code == 405
    library = {**slot, "resourceType": "ValueSet", "status": "draft"}
    del library["code"]
    assert filled.call("POST", "/ValueSet", library, if_none_exist="status=draft").status_code == 201
    assert filled.call("POST", "/ValueSet", library, if_none_exist="status=draft").status_code == 200
    assert filled.call("DELETE", "/ValueSet?status=draft&identifier=b").status_code == 204
    check_refused(filled.call("DELETE", "/ValueSet?status=draft"), 404)


def test_the_statement_names_what_can_be_searched(client: Client) -> None:
    rest = client.call("GET", "/metadata").json()["rest"][0]
    assert "search-system" in {one["code"] for one in rest["interaction"]}
    by_type = {one["type"]: one for one in rest["resource"]}
    observation = by_type["Observation"]
    names = {one["name"]: one for one in observation["searchParam"]}
    assert names["code-value-quantity"]["type"] == "composite"
    assert ":of-type" in names["identifier"]["documentation"]
    assert "Observation:subject" in observation["searchInclude"]
    assert "Observation:subject" in by_type["Patient"]["searchRevInclude"]
    assert by_type["ValueSet"]["conditionalDelete"] == "single"
    assert by_type["Patient"]["conditionalDelete"] == "not-supported"
