"""A discharge summary is made of the record, signed when nothing is open or with a reason, and given."""

from typing import Any

import pytest
from tests.clinic import Data
from tests.live import MONDAY_MS, SOMEBODY, do, open_live

from oncopolis.foundation import ConflictError, InputError
from oncopolis.operations import ACTS, VIEWS, Live
from oncopolis.operations.elements import to_instant
from oncopolis.operations.summaries import Summary, list_summaries
from oncopolis.record import Act
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.fhir.validating import validate
from oncopolis.record.store import Store

MADE = Act("C", "made for a test", SOMEBODY, "test")
HOUR_MS = 3_600_000
ABOUT: Data = {"subject": {"reference": "Patient/p1"}}
RECORDS: tuple[Data, ...] = (
    {"resourceType": "Patient", "id": "p1", "name": [{"family": "Karimova"}], "active": True},
    {"resourceType": "Practitioner", "id": "somebody"},
    {
        "resourceType": "Procedure", "id": "x1", "status": "completed", "code": {"text": "Lumpectomy <left>"},
        "performedDateTime": to_instant(MONDAY_MS + HOUR_MS), **ABOUT,
    },
    {
        "resourceType": "Procedure", "id": "x2", "status": "not-done", "code": {"text": "Never done"},
        "performedDateTime": to_instant(MONDAY_MS + HOUR_MS), **ABOUT,
    },
    {
        "resourceType": "DiagnosticReport", "id": "r1", "status": "final", "code": {"text": "Histology"},
        "issued": to_instant(MONDAY_MS + HOUR_MS), "conclusion": "margins free", **ABOUT,
    },
    {
        "resourceType": "DiagnosticReport", "id": "r0", "status": "final", "code": {"text": "Long before"},
        "issued": to_instant(MONDAY_MS - 99 * HOUR_MS), **ABOUT,
    },
    {
        "resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order",
        "medicationCodeableConcept": {"text": "Tamoxifen 20 mg"}, "dosageInstruction": [{"text": "1-0-0"}],
        "authoredOn": to_instant(MONDAY_MS - 99 * HOUR_MS), **ABOUT,
    },
)  # fmt: skip


def put(store: Store, record: Data) -> None:
    store.submit(lambda tx: tx.put(record), MADE).result()


@pytest.fixture
def live(store: Store) -> Live:
    for record in RECORDS:
        put(store, record)
    bed = {
        "resourceType": "Location", "id": "bed.bed.1", "status": "active",
        "physicalType": {"coding": [{"code": "bd"}]},
        "type": [{"coding": [{"system": "urn:oncopolis:resource", "code": "bed"}]}],
    }  # fmt: skip
    put(store, bed)
    return open_live(store, VIEWS)


def act(live: Live, name: str, hours: int = 0, **said: Any) -> dict[str, Any]:
    return do(live, ACTS[name], said, MONDAY_MS + hours * HOUR_MS)


def admit(live: Live) -> str:
    act(
        live, "record_diagnosis", patient="p1", icd10="C50.9", topography="C50.4", morphology="8500/3",
        day="2027-02-20", basis="7",
    )  # fmt: skip
    return str(act(live, "admit", patient="p1", activity="stay")["stay"])


def get_summary(live: Live, stay: str) -> Summary:
    return live.ask(lambda floor: list_summaries(floor, "p1", stay))[0]


def test_a_draft_says_what_the_record_says_of_the_stay_and_no_more(live: Live, store: Store) -> None:
    stay = admit(live)
    id_ = act(live, "draft_summary", 24, stay=stay)["summary"]
    summary = get_summary(live, stay)
    assert summary.get_lines("procedures") == ("2027-03-01 · Lumpectomy <left>",)
    assert summary.get_lines("results") == ("2027-03-01 · Histology · margins free",)
    assert summary.get_lines("medicines") == ("2027-02-25 · Tamoxifen 20 mg · 1-0-0",)
    assert summary.get_lines("diagnoses") == ("C50.9 · C50.4 · 8500/3 · 2027-02-20",)
    assert summary.get_lines("stay")[0] == "2027-03-01 08:00"
    body = find_resource(store.read("Composition", id_)) or {}
    assert not [one for one in validate(body) if one.severity == "error"]
    assert Summary.from_record(body).to_record() | {"meta": None} == body | {"meta": None}


def test_it_is_written_signed_given_and_found(live: Live, store: Store) -> None:
    stay = admit(live)
    id_ = act(live, "draft_summary", 1, stay=stay)["summary"]
    act(live, "write_summary", 2, summary=id_, course="No fever.\n\nWalks.", advice="Rest")
    assert act(live, "draft_summary", 3, stay=stay)["summary"] == id_
    assert get_summary(live, stay).get_lines("course") == ("No fever.", "Walks.")
    act(live, "sign_summary", 4, summary=id_)
    act(live, "give_summary", 5, summary=id_, to="the patient")
    summary = get_summary(live, stay)
    assert (summary.state, summary.signed_by, summary.given_to) == (
        "signed", "Practitioner/somebody", "the patient",
    )  # fmt: skip
    document = find_resource(store.read("DocumentReference", id_)) or {}
    assert document["docStatus"] == "final"
    assert not [one for one in validate(document) if one.severity == "error"]


def test_what_is_open_is_named_before_it_is_signed(live: Live) -> None:
    stay = admit(live)
    order = act(live, "order", patient="p1", activity="operation")["order"]
    id_ = act(live, "draft_summary", 1, stay=stay)["summary"]
    with pytest.raises(ConflictError) as refused:
        act(live, "sign_summary", 2, summary=id_)
    assert refused.value.code == "OPS-457"
    assert order in refused.value.got
    act(live, "sign_summary", 2, summary=id_, despite="the result follows by post")
    assert get_summary(live, stay).despite == "the result follows by post"


def test_what_is_signed_is_changed_by_a_new_version_only(live: Live, store: Store) -> None:
    stay = admit(live)
    first = act(live, "draft_summary", 1, stay=stay)["summary"]
    act(live, "sign_summary", 2, summary=first)
    for name, said in (("write_summary", {"course": "x"}), ("sign_summary", {})):
        with pytest.raises(ConflictError) as refused:
            act(live, name, 3, summary=first, **said)
        assert refused.value.code == "OPS-458"
    second = act(live, "draft_summary", 3, stay=stay)["summary"]
    assert second != first
    act(live, "sign_summary", 4, summary=second)
    assert (find_resource(store.read("DocumentReference", first)) or {})["status"] == "superseded"
    assert get_summary(live, stay).replaces == first


def test_one_in_error_is_marked_with_a_reason(live: Live) -> None:
    stay = admit(live)
    id_ = act(live, "draft_summary", 1, stay=stay)["summary"]
    with pytest.raises(InputError):
        act(live, "withdraw_summary", 2, summary=id_, reason=" ")
    act(live, "withdraw_summary", 2, summary=id_, reason="wrong patient")
    assert get_summary(live, stay).state == "withdrawn"
    assert act(live, "draft_summary", 3, stay=stay)["summary"] != id_


def test_who_was_never_admitted_has_nothing_to_sum_up(live: Live) -> None:
    stay = act(live, "reserve_bed", patient="p1", activity="stay", expected_ms=MONDAY_MS + HOUR_MS)["stay"]
    with pytest.raises(ConflictError) as refused:
        act(live, "draft_summary", stay=stay)
    assert refused.value.code == "OPS-456"
