"""What is hidden is not found, counted, sorted by, followed or included; refused like what is missing."""

import statistics
import time
from itertools import product

import pytest
from tests.unit.web.ward import (
    CONFIDENTIALITY,
    DISCLOSURE,
    Ward,
    condition,
    episode,
    furnish,
    labelled,
    make,
    person,
    put,
    ref,
    staff,
)

from oncopolis.record.store import Store

DOCTOR = staff("physician")
NURSE = staff("nurse")


@pytest.fixture
def ward(store: Store) -> Ward:
    furnish(store)
    about = {"subject": ref("Patient", "p1")}
    put(
        store,
        make("Patient", "p1", name=[{"family": "Karimova"}], birthDate="1970-01-01"),
        make("Patient", "p2", name=[{"family": "Yusupova"}], birthDate="1980-01-01"),
        condition("secret", "p1", "F20", meta=labelled(CONFIDENTIALITY, "V")),
        make(
            "Observation",
            "o1",
            status="final",
            code={"text": "hb"},
            focus=[ref("Condition", "secret")],
            **about,
        ),
        make("Observation", "o2", status="final", code={"text": "hb"}, subject=ref("Patient", "p2")),
        make("Procedure", "open", status="completed", reasonReference=[ref("Condition", "secret")], **about),
    )
    return Ward(store)


def test_chains_do_not_look_through_what_is_hidden(ward: Ward) -> None:
    assert ward.find(DOCTOR, "/Procedure?reason-reference:Condition.code=F20") == {"open"}
    assert ward.find(NURSE, "/Procedure?reason-reference:Condition.code=F20") == set()
    assert ward.find(NURSE, "/Procedure") == {"open"}
    assert ward.find(DOCTOR, "/Observation?patient.family=Yusupova") == set()


def test_has_does_not_look_at_what_is_hidden(ward: Ward) -> None:
    assert ward.find(DOCTOR, "/Patient?_has:Condition:subject:code=F20") == {"p1"}
    assert ward.find(NURSE, "/Patient?_has:Condition:subject:code=F20") == set()
    assert ward.find(DOCTOR, "/Patient?_has:Condition:subject:code=C50.9") == {"p1"}


def test_includes_bring_only_what_may_be_seen(ward: Ward) -> None:
    path = "/Procedure?_include=Procedure:reason-reference"
    assert ward.find(DOCTOR, path) == {"open", "secret"}
    assert ward.find(NURSE, path) == {"open"}
    assert ward.find(NURSE, "/Patient?_id=p1&_revinclude=Condition:subject") == {"p1", "c-p1"}
    assert ward.find(DOCTOR, "/Patient?_id=p2&_revinclude=Condition:subject") == {"p2"}
    assert ward.find(NURSE, "/Patient/p1/Condition") == {"c-p1"}
    assert "secret" in ward.find(DOCTOR, "/Patient/p1/$everything")
    assert "secret" not in ward.find(NURSE, "/Patient/p1/$everything")


def test_counts_and_order_tell_nothing_of_what_is_hidden(ward: Ward) -> None:
    for caller, n in ((DOCTOR, 2), (NURSE, 1), (person("p1"), 0)):
        for query in (
            "_summary=count",
            "_total=accurate",
            "_sort=code&_total=accurate",
            "code=F20,C50.9&_total=accurate",
        ):
            answer = ward.call(caller, "GET", f"/Condition?{query}")
            assert answer.status_code == 200, answer.text
            assert answer.json()["total"] == n, (caller, query)
    page = ward.call(NURSE, "GET", "/Condition?_count=1&_sort=-_lastUpdated").json()
    assert [one["resource"]["id"] for one in page["entry"]] == ["c-p1"]
    assert "next" not in {link["relation"] for link in page["link"]}


def test_conditions_of_writes_do_not_see_what_is_hidden(ward: Ward) -> None:
    fresh = condition("", "p1", "F20")
    del fresh["id"]
    assert ward.call(NURSE, "PUT", "/Condition?code=F20", fresh).status_code == 201
    assert ward.find(DOCTOR, "/Condition?code=F20") >= {"secret"}
    assert ward.call(DOCTOR, "GET", "/Condition/secret").json()["meta"]["versionId"] == "1"


def test_an_undisclosed_diagnosis_is_in_no_search(ward: Ward) -> None:
    shared = labelled(DISCLOSURE, "shareable")
    put(
        ward.store, episode("e9", "p1", "a", meta=shared, diagnosis=[{"condition": ref("Condition", "c-p1")}])
    )
    me = person("p1")
    assert ward.find(me, "/EpisodeOfCare") == set()
    assert ward.find(me, "/Patient?_has:Condition:subject:code=C50.9") == set()
    assert ward.find(me, "/Patient?_revinclude=Condition:subject") == {"p1"}
    assert ward.find(me, "/Patient/p1/$everything") == {"p1"}
    assert "C50" not in ward.call(me, "GET", "/_history").text


def test_hidden_and_missing_records_are_refused_in_the_same_time(database_url: str, store: Store) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("one database tells")
    furnish(store)
    put(store, *(condition(f"h{n}", "p2") for n in range(40)))
    ward = Ward(store)
    spent: dict[str, list[int]] = {"h": [], "m": []}
    for n, kind in product(range(40), ("h", "m")):
        began = time.thread_time_ns()
        assert ward.status(DOCTOR, f"/Condition/{kind}{n}") == 404
        spent[kind].append(time.thread_time_ns() - began)
    hidden, missing = (statistics.median(values) for values in spent.values())
    spread = max(statistics.median(abs(v - statistics.median(x)) for v in x) for x in spent.values())
    assert abs(hidden - missing) < 3 * spread
