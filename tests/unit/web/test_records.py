"""One record over REST: made, read, changed, marked, and what is refused."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from tests.unit.web.calling import BASE, Client, check_refused, identified, patient

from oncopolis.record.fhir.checking import check_resource
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.text import parse
from oncopolis.web.fhir.policy import KEPT, WRONG, is_deletable


def make(client: Client, **members: Any) -> str:
    return str(client.call("POST", "/Patient", patient(**members)).json()["id"])


def test_a_record_is_made_read_changed_and_its_history_told(client: Client) -> None:
    text = (
        b'{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":72.50}}'
    )
    made = client.call("POST", "/Observation", text)
    assert made.status_code == 201
    id_ = made.json()["id"]
    assert made.headers["location"] == f"{BASE}/Observation/{id_}/_history/1"
    assert made.headers["etag"] == 'W/"1"'
    read = client.call("GET", f"/Observation/{id_}")
    assert read.content == made.content
    assert b'"value":72.50' in read.content
    changed = made.json() | {"status": "amended"}
    written = client.call("PUT", f"/Observation/{id_}", changed, if_match='W/"1"')
    assert (written.status_code, written.headers["etag"]) == (200, 'W/"2"')
    assert client.call("GET", f"/Observation/{id_}/_history/1").content == made.content
    past = client.call("GET", f"/Observation/{id_}/_history").json()
    assert [one["resource"]["meta"]["versionId"] for one in past["entry"]] == ["2", "1"]
    assert [one["request"]["method"] for one in past["entry"]] == ["PUT", "POST"]
    assert not check_resource(parse(client.call("GET", "/_history").content))
    assert not check_resource(parse(client.call("GET", "/Observation/_history").content))


def test_an_update_makes_what_was_not_there(client: Client) -> None:
    made = client.call("PUT", "/Patient/mine", patient(id="mine"))
    assert (made.status_code, made.json()["id"]) == (201, "mine")
    check_refused(client.call("PUT", "/Patient/mine", patient(id="mine"), if_none_match="*"), 412)
    assert client.call("PUT", "/Patient/other", patient(id="other"), if_none_match="*").status_code == 201
    check_refused(client.call("PUT", "/Patient/third", patient(id="third"), if_match='W/"1"'), 412)
    check_refused(client.call("GET", "/Patient/third"), 404)


def test_a_lost_race_is_told(client: Client) -> None:
    id_ = make(client)
    assert client.call("PUT", f"/Patient/{id_}", patient(id=id_), if_match='"1"').status_code == 200
    check_refused(client.call("PUT", f"/Patient/{id_}", patient(id=id_), if_match='W/"1"'), 412)
    body = [{"op": "add", "path": "/active", "value": True}]
    check_refused(client.call("PATCH", f"/Patient/{id_}", body, if_match='W/"1"'), 412)
    assert client.call("PATCH", f"/Patient/{id_}", body, if_match='W/"2"').json()["active"] is True


def test_many_writers_of_one_record_have_one_winner_for_each_version(client: Client) -> None:
    id_ = make(client)

    async def race(http: httpx.AsyncClient) -> list[int]:
        body = json.dumps(patient(id=id_)).encode()
        headers = {"content-type": "application/fhir+json", "if-match": 'W/"1"'}
        calls = (http.put(f"/fhir/Patient/{id_}", content=body, headers=headers) for _ in range(20))
        return [answer.status_code for answer in await asyncio.gather(*calls)]

    assert sorted(client.run(race)) == [200] + [412] * 19
    assert client.call("GET", f"/Patient/{id_}").headers["etag"] == 'W/"2"'


def test_a_reader_who_has_it_is_told_so(client: Client) -> None:
    id_ = make(client)
    read = client.call("GET", f"/Patient/{id_}")
    same = client.call("GET", f"/Patient/{id_}", if_none_match='W/"7", W/"1"')
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", 'W/"1"')
    since = client.call("GET", f"/Patient/{id_}", if_modified_since=read.headers["last-modified"])
    assert since.status_code == 304
    assert client.call("GET", f"/Patient/{id_}", if_none_match='W/"2"').status_code == 200
    head = client.call("HEAD", f"/Patient/{id_}")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", 'W/"1"')
    assert head.headers["content-length"] == str(len(read.content))


def test_what_a_writer_wants_back(client: Client) -> None:
    minimal = client.call("POST", "/Patient", patient(), prefer="return=minimal")
    assert (minimal.status_code, minimal.content) == (201, b"")
    assert minimal.headers["location"]
    outcome = client.call(
        "POST", "/Patient", patient(), prefer="respond-async, return=OperationOutcome"
    ).json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert not check_resource(outcome)


def test_conditional_create_makes_one_record_however_many_ask(client: Client) -> None:
    async def race(http: httpx.AsyncClient) -> list[httpx.Response]:
        headers = {"content-type": "application/json", "if-none-exist": "identifier=urn:test:mrn|7"}
        body = json.dumps(identified("7")).encode()
        return await asyncio.gather(
            *(http.post("/fhir/Patient", content=body, headers=headers) for _ in range(10))
        )

    answers = client.run(race)
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    client.call("POST", "/Patient", identified("7"))
    several = client.call("POST", "/Patient", identified("7"), if_none_exist="identifier=7")
    check_refused(several, 412, where="identifier", says="2 matches")


def test_conditional_update_finds_the_record_that_is_meant(client: Client) -> None:
    path = "/Patient?identifier=urn:test:mrn|8"
    made = client.call("PUT", path, identified("8"))
    assert made.status_code == 201
    again = client.call("PUT", path, identified("8", active=True))
    assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])
    check_refused(client.call("PUT", path, identified("8", id="another")), 400, where="Patient.id")
    check_refused(client.call("PUT", "/Patient", identified("8")), 400, says="without a query")
    check_refused(client.call("PUT", "/Patient?nombre=x", patient()), 400, says="'nombre'")


def test_the_same_key_does_it_once(client: Client) -> None:
    first = client.call("POST", "/Patient", patient(), idempotency_key="k1")
    again = client.call("POST", "/Patient", patient(), idempotency_key="k1")
    assert (again.status_code, again.content, again.headers["location"]) == (
        201, first.content, first.headers["location"],
    )  # fmt: skip
    assert client.count_versions() == 1
    check_refused(client.call("POST", "/Patient", patient(active=True), idempotency_key="k1"), 409)


def test_clinical_records_are_marked_and_others_deleted(client: Client) -> None:
    id_ = make(client)
    refused = client.call("DELETE", f"/Patient/{id_}")
    check_refused(refused, 405, where="Patient.active", says="set Patient.active to false")
    assert "DELETE" not in refused.headers["allow"]
    body = {"resourceType": "Binary", "id": "b", "contentType": "text/plain"}
    client.call("PUT", "/Binary/b", body)
    assert client.call("DELETE", "/Binary/b").status_code == 204
    assert client.call("DELETE", "/Binary/b").status_code == 204
    check_refused(client.call("GET", "/Binary/b"), 410)
    check_refused(client.call("PATCH", "/Binary/b", []), 410)
    check_refused(client.call("DELETE", "/Binary/never"), 404)
    past = client.call("GET", "/Binary/b/_history").json()["entry"]
    assert [one["request"]["method"] for one in past] == ["DELETE", "POST"]
    assert client.call("PUT", "/Binary/b", body).status_code == 201
    assert client.call("GET", "/Binary/b").headers["etag"] == 'W/"3"'


def test_every_type_of_a_patient_says_how_it_is_marked() -> None:
    definitions = get_definitions()
    for type_ in definitions.resource_types:
        if definitions.patient_parameters(type_):
            assert not is_deletable(type_)
            assert type_ in KEPT, type_
    for type_, kept in KEPT.items():
        if kept.element:
            element = definitions.get_type(type_).elements[kept.element]
            assert element.codes is None or kept.value in element.codes.codes, type_
            assert kept.value != WRONG or element.codes or element.types == ("CodeableConcept",), type_


def test_a_patch_keeps_what_it_does_not_name(client: Client) -> None:
    text = b'{"resourceType":"Patient","multipleBirthInteger":1,"_birthDate":{"extension":[{"url":"http://x.test/a","valueDecimal":1.50}]}}'
    id_ = client.call("POST", "/Patient", text).json()["id"]
    patched = client.call(
        "PATCH", f"/Patient/{id_}", [{"op": "replace", "path": "/multipleBirthInteger", "value": 2}]
    )
    assert b'"valueDecimal":1.50' in patched.content
    bad = client.call("PATCH", f"/Patient/{id_}", [{"op": "add", "path": "/gender", "value": "x"}])
    check_refused(bad, 400, where="Patient.gender")
    for path, value in (("/id", "other"), ("/resourceType", "Person"), ("", 1)):
        operation = {"op": "replace", "path": path, "value": value}
        check_refused(client.call("PATCH", f"/Patient/{id_}", [operation]), 422)
    check_refused(client.call("PATCH", "/Patient/nobody", []), 404)
    assert client.count_versions() == 2


def test_a_patch_finds_the_record_that_is_meant(client: Client) -> None:
    for value in ("1", "2", "2"):
        client.call("POST", "/Patient", identified(value))
    change = [{"op": "add", "path": "/gender", "value": "female"}]
    patched = client.call("PATCH", "/Patient?identifier=urn:test:mrn|1", change, if_match='W/"1"')
    assert (patched.status_code, patched.json()["gender"]) == (200, "female")
    assert patched.headers["etag"] == 'W/"2"'
    check_refused(client.call("PATCH", "/Patient?identifier=urn:test:mrn|2", change), 412)
    check_refused(client.call("PATCH", "/Patient?identifier=urn:test:mrn|3", change), 404)
    check_refused(client.call("PATCH", "/Patient", change), 400)
    stale = client.call("PATCH", "/Patient?identifier=urn:test:mrn|1", change, if_match='W/"1"')
    check_refused(stale, 412)
    assert client.count_versions() == 4


def test_lists_turn_their_pages(client: Client) -> None:
    for number in range(5):
        client.call("PUT", f"/Patient/p{number}", identified(str(number % 2), id=f"p{number}"))
    page = client.call("GET", "/Patient?_count=2").json()
    found = []
    for _ in range(9):
        assert page["total"] == 5
        found += [one["resource"]["id"] for one in page["entry"]]
        following = [link["url"] for link in page["link"] if link["relation"] == "next"]
        if not following:
            break
        page = client.call("GET", following[0].removeprefix(BASE)).json()
    assert found == [f"p{number}" for number in range(5)]
    assert client.call("GET", "/Patient?_count=0").json().get("entry") is None
    one = client.call("GET", "/Patient?identifier=urn:test:mrn|1&_format=json").json()
    assert ([each["resource"]["id"] for each in one["entry"]], one["total"]) == (["p1", "p3"], 2)
    both = client.call("GET", "/Patient?_id=p1,p2,nobody&identifier=1").json()
    assert [each["resource"]["id"] for each in both["entry"]] == ["p1"]
    assert not check_resource(both)


def test_history_turns_its_pages(client: Client) -> None:
    for _ in range(5):
        client.call("PUT", "/Patient/a", patient(id="a"))
    page = client.call("GET", "/Patient/a/_history?_count=2").json()
    found = []
    for _ in range(9):
        found += [one["resource"]["meta"]["versionId"] for one in page["entry"]]
        following = [link["url"] for link in page["link"] if link["relation"] == "next"]
        if not following:
            break
        page = client.call("GET", following[0].removeprefix(BASE)).json()
    assert found == ["5", "4", "3", "2", "1"]
    assert "entry" not in client.call("GET", "/_history?_since=2999-01-01T00:00:00Z").json()
    assert len(client.call("GET", "/_history?_since=2020-01-01").json()["entry"]) == 5


def test_what_the_server_says_of_itself_is_sound_and_true(client: Client) -> None:
    answer = client.call("GET", "/metadata")
    statement = parse(answer.content)
    assert not check_resource(statement)
    resources = {one["type"]: one for one in statement["rest"][0]["resource"]}
    assert set(resources) == set(get_definitions().resource_types)
    assert {"code": "delete"} not in resources["Observation"]["interaction"]
    assert {"code": "delete"} in resources["Binary"]["interaction"]
    assert "entered-in-error" in resources["Observation"]["documentation"]
    # What it names is known here; what it does not name is not.
    for one in resources["Binary"]["interaction"]:
        assert (
            one["code"] in "read vread update patch delete history-instance history-type create search-type"
        )


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "says"),
    [
        ("GET", "/Pacient/1", None, {}, 404, "no such address"),
        ("GET", "/Patient/1/2/3/4/5", None, {}, 404, "no such address"),
        ("GET", "/Patient/a_b", None, {}, 400, "letters"),
        ("GET", "/Patient/nobody", None, {}, 404, "no such record"),
        ("GET", "/Patient/nobody/_history", None, {}, 404, "no such record"),
        ("GET", "/Patient/nobody/_history/1", None, {}, 404, "no such record"),
        ("GET", "/Patient/nobody/_history/x", None, {}, 404, "no such record"),
        ("GET", "/Patient/nobody/_history/" + "9" * 40, None, {}, 404, "no such record"),
        ("GET", "/Patient?nombre=x", None, {}, 400, "'nombre'"),
        ("GET", "/Patient?_count=-1", None, {}, 400, "_count"),
        ("GET", "/Patient?_count=1&_count=2", None, {}, 400, "twice"),
        ("GET", "/Patient?_id=%00", None, {}, 400, "U+0000"),
        ("GET", "/Patient?_id=%ff", None, {}, 400, "name=value"),
        ("GET", "/Patient?identifier=a%7Cb%7Cc", None, {}, 400, "system|code"),
        ("GET", "/Patient?" + "&".join(f"a{n}=1" for n in range(1000)), None, {}, 400, "name=value"),
        ("GET", "/_history?_since=yesterday", None, {}, 400, "_since"),
        ("GET", "/_history?_since=2026-02-30", None, {}, 400, "_since"),
        ("GET", "/_history?_before=x", None, {}, 400, "_before"),
        ("GET", "/Patient/a?x=1", None, {}, 400, "'x'"),
        ("GET", "/metadata?x=1", None, {}, 400, "'x'"),
        ("GET", "/metadata", None, {"accept": "application/fhir+xml"}, 406, "fhir+json"),
        ("GET", "/metadata", None, {"accept": "application/json;q=0, text/html"}, 406, "fhir+json"),
        ("GET", "/metadata", None, {"accept": "application/fhir+json; fhirVersion=5.0"}, 406, "4.0"),
        ("GET", "/metadata?_format=xml", None, {}, 406, "fhir+json"),
        ("POST", "/metadata", {}, {}, 405, "GET"),
        ("DELETE", "/Patient", None, {}, 400, "without a query"),
        ("PURGE", "/Patient/a", None, {}, 405, "PUT"),
        ("PUT", "", None, {}, 405, "POST"),
        ("POST", "/Patient", b"{}", {"content-type": "text/plain"}, 415, "fhir+json"),
        ("POST", "/Patient", b"{}", {"content-encoding": "gzip"}, 415, "gzip"),
        ("POST", "/Patient", b"{}", {"content-type": "application/json; charset=utf-16"}, 415, "UTF-8"),
        ("PATCH", "/Patient/a", b"[]", {"content-type": "application/json"}, 415, "json-patch"),
        ("POST", "/Patient", b"", {"content-type": "application/json"}, 400, "JSON"),
        ("POST", "/Patient", b'{"resourceType":"Patient"', {}, 400, "JSON"),
        ("POST", "/Patient", b'{"id":"a","id":"b"}', {}, 400, "twice"),
        ("POST", "/Patient", b'{"resourceType":"Patient","x":NaN}', {}, 400, "finite"),
        ("POST", "/Patient", b"\xff\xfe{}", {}, 400, "UTF-8"),
        ("POST", "/Patient", b'{"a":' * 100 + b"1" + b"}" * 100, {}, 400, "nesting"),
        ("POST", "/Patient", b"[" * 100_000, {}, 400, ""),
        ("POST", "/Patient", {"resourceType": "Person"}, {}, 400, "as in the URL"),
        ("POST", "/Patient", {"resourceType": "Patient", "nickname": "x"}, {}, 400, "nickname"),
        ("POST", "/Patient", patient(birthDate="2001-02-30"), {}, 400, "Patient.birthDate"),
        ("POST", "/Patient", {"resourceType": "Patient", "active": "yes"}, {}, 400, "Patient.active"),
        ("POST", "/Patient", patient(), {"if-none-exist": "nombre=x"}, 400, "'nombre'"),
        ("POST", "/Patient", patient(), {"if-none-exist": ""}, 400, "a parameter"),
        ("PUT", "/Patient/a", {"resourceType": "Patient", "id": "b"}, {}, 400, "as in the URL"),
        ("PUT", "/Patient/a", {"resourceType": "Patient"}, {}, 400, "as in the URL"),
        ("PUT", "/Patient/a", patient(id="a"), {"if-match": "1"}, 400, "ETag"),
        ("PUT", "/Patient/a", patient(id="a"), {"if-match": "*"}, 400, "ETag"),
        ("PUT", "/Patient/a", patient(id="a"), {"if-none-match": "x"}, 400, "If-Match"),
        ("PATCH", "/Patient/a", {}, {}, 400, "array"),
        ("POST", "", {"resourceType": "Patient"}, {}, 400, "transaction or a batch"),
        ("POST", "", {"resourceType": "Bundle", "type": "collection"}, {}, 400, "transaction or a batch"),
        ("GET", "/metadata", None, {"host": "evil.test/x y"}, 400, "Host"),
        ("GET", "/metadata", None, {"x-request-id": "a b"}, 400, "X-Request-Id"),
        ("POST", "/Patient", patient(), {"idempotency-key": "a b"}, 400, "Idempotency-Key"),
    ],
)  # fmt: skip
def test_bad_requests_are_refused_and_leave_nothing(
    client: Client, method: str, path: str, body: Any, headers: dict[str, str], status: int, says: str
) -> None:
    named = {name.replace("-", "_"): value for name, value in headers.items()}
    check_refused(client.call(method, path, body, **named), status, says=says)
    assert client.count_versions() == 0


def test_large_bodies_are_refused_whether_they_say_so_or_not(store: Any) -> None:
    client = Client(store, limit_bytes=1000)
    check_refused(client.call("POST", "/Patient", b" " * 1001), 413, says="1000 bytes")
    check_refused(client.call("POST", "", b" " * 1001), 413, says="1000 bytes")
    kept = {"resourceType": "Bundle", "type": "collection", "identifier": {"value": "x" * 1000}}
    assert client.call("POST", "/Bundle", kept).status_code == 201

    async def send(http: httpx.AsyncClient) -> httpx.Response:
        async def parts() -> Any:
            for _ in range(20):
                yield b" " * 100

        return await http.post("/fhir/Patient", content=parts())

    check_refused(client.run(send), 413)


def test_headers_given_twice_are_refused(client: Client) -> None:
    headers = [("if-match", 'W/"1"'), ("if-match", 'W/"2"'), ("content-type", "application/json")]
    answer = client.run(lambda http: http.put("/fhir/Patient/a", content=b"{}", headers=headers))
    check_refused(answer, 400, where="If-Match", says="twice")


def test_requests_keep_their_id(client: Client) -> None:
    assert client.call("GET", "/metadata", x_request_id="abc-1").headers["x-request-id"] == "abc-1"
    assert client.call("GET", "/nothing", x_request_id="abc-2").headers["x-request-id"] == "abc-2"
    assert client.call("GET", "/metadata").headers["x-request-id"]
