"""Whatever is sent, the answer is never a fault of the server, and what is refused leaves nothing."""

import json
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.web.calling import PATCH, Client, bundle, identified, patient

from oncopolis.foundation import ExternalError
from oncopolis.record.store import Store, open_store

SERVER_FAULT = 500

WORDS = st.sampled_from(
    "Patient Observation Binary Bundle Pacient _history metadata _search a-1 1 a_b %00 %ff urn:uuid:1"
    " Patient/1 transaction batch identifier system value resourceType id meta entry request method url"
    " resource fullUrl ifMatch ifNoneExist reference subject status final active birthDate 2001-02-30".split()
)
TEXTS = WORDS | st.text(max_size=5)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
RESOURCES = st.builds(
    lambda type_, members: {"resourceType": type_, **members},
    st.sampled_from(("Patient", "Observation", "Binary", "Bundle", "Parameters")),
    st.dictionaries(WORDS, VALUES, max_size=4),
) | st.sampled_from(
    (patient(), identified("1"), patient(id="a-1"), {"resourceType": "Binary", "contentType": "x/y"})
)
METHODS = st.sampled_from(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "X"))
URLS = st.lists(WORDS | st.text("ab/?=&|,%_:-", max_size=4), max_size=4).map("/".join)
QUERIES = st.dictionaries(
    st.sampled_from(("_count", "_id", "identifier", "_since", "_before", "_after", "_format", "x")),
    TEXTS,
    max_size=2,
)
REQUESTS = st.fixed_dictionaries(
    {
        "method": METHODS,
        "url": st.sampled_from(("Patient", "Patient/a-1", "Binary/b", "Patient?identifier=1")) | URLS,
    },
    optional={
        "ifMatch": TEXTS,
        "ifNoneMatch": TEXTS,
        "ifNoneExist": st.sampled_from(("identifier=1", "x=1")) | TEXTS,
    },
)
ENTRIES = st.fixed_dictionaries(
    {"request": REQUESTS},
    optional={
        "resource": RESOURCES | VALUES,
        "fullUrl": st.sampled_from(("urn:uuid:1", "http://a/Patient/a-1")),
    },
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ("accept", "content-type", "if-match", "if-none-match", "if-none-exist", "prefer", "idempotency-key",
         "x-request-id", "if-modified-since", "host", "content-encoding")
    ),
    st.sampled_from(('W/"1"', "*", "return=minimal", "application/json", "identifier=1", "x")) | st.text(
        st.characters(min_codepoint=32, max_codepoint=126), max_size=8
    ),
    max_size=2,
)  # fmt: skip

MANY = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def sqlite_client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("record")
    with open_store(f"sqlite:///{folder / 'record.db'}") as store:
        yield Client(store)


def check(client: Client, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> None:
    before = client.count_versions()
    answer = client.run(lambda http: http.request(method, f"/fhir/{path}", content=body, headers=headers))
    assert answer.status_code < SERVER_FAULT, answer.text
    if answer.status_code >= 400:
        assert client.count_versions() == before
        if method != "HEAD":
            assert answer.json()["resourceType"] == "OperationOutcome"
            assert answer.json()["issue"][0]["diagnostics"]


@pytest.mark.slow
@MANY
@given(METHODS, URLS, QUERIES, HEADERS, st.none() | RESOURCES | VALUES)
def test_any_request(
    sqlite_client: Client, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
) -> None:
    address = quote(path, safe="/%") + (f"?{urlencode(query, errors='replace')}" if query else "")
    sent = None if body is None else json.dumps(body).encode("utf-8", "surrogatepass")
    kind = {"content-type": PATCH if method == "PATCH" else "application/json"} if sent is not None else {}
    check(sqlite_client, method, address.lstrip("/"), sent, kind | headers)


@pytest.mark.slow
@MANY
@given(st.sampled_from(("transaction", "batch")), st.lists(ENTRIES | VALUES, max_size=4), HEADERS)
def test_any_bundle(sqlite_client: Client, kind: str, entries: list[Any], headers: dict[str, str]) -> None:
    body = json.dumps(bundle(kind, *entries)).encode("utf-8", "surrogatepass")
    check(sqlite_client, "POST", "", body, {"content-type": "application/json"} | headers)


@pytest.mark.slow
@MANY
@given(st.binary(max_size=60) | VALUES.map(lambda value: json.dumps(value)[:-1].encode("utf-8", "replace")))
def test_any_bytes(sqlite_client: Client, body: bytes) -> None:
    for method, path, kind in (
        ("POST", "Patient", "application/json"),
        ("POST", "", "application/json"),
        ("PATCH", "Patient/1", PATCH),
    ):
        check(sqlite_client, method, path, body, {"content-type": kind})


class Broken:
    """A store that cannot."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def look_here(self, *_: object) -> None:
        raise self.error

    read = look_here


def test_a_store_in_trouble_is_told_as_such() -> None:
    error = ExternalError(code="X", where="disk", got="full", expected="room", fix="make some")
    answer = Client(cast("Store", Broken(error))).call("GET", "/Patient/a")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_a_fault_of_ours_tells_its_number_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    answer = Client(cast("Store", Broken(KeyError("secret")))).call("GET", "/Patient/a", x_request_id="r-1")
    assert answer.status_code == SERVER_FAULT
    assert "secret" not in answer.text
    assert "r-1" in answer.json()["issue"][0]["diagnostics"]
    assert "r-1" in caplog.text
