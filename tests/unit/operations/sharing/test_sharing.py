"""A case is shared by consent, without the patient's name; members of the partner sign opinions."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.clinic import Data
from tests.courses import get_course_house
from tests.live import MONDAY_MS, SOMEBODY, open_live, wish

from oncopolis.foundation import ConflictError, ForbiddenError, InputError
from oncopolis.operations import ACTS, VIEWS, Live
from oncopolis.operations.sharing import (
    Opinion,
    Share,
    make_bundle,
    read_opinions,
    read_remarks,
    read_shared,
    read_shares,
)
from oncopolis.record import Act, Who
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.fhir.text import to_text
from oncopolis.record.fhir.validating import validate
from oncopolis.record.store import Store

MADE = Act("C", "made for a test", SOMEBODY, "test")
DAY_MS = 86_400_000
PATIENT: Data = {
    "resourceType": "Patient", "id": "p1", "active": True, "gender": "female", "birthDate": "1960-05-17",
    "name": [{"family": "Karimova", "given": ["Malika", "Bahrom qizi"]}],
    "identifier": [{"system": "https://dhp.uz/fhir/core/sid/pid/uz/ni", "value": "41705600010018"}],
    "telecom": [{"system": "phone", "value": "+998 90 123 45 67"}],
}  # fmt: skip
ABOUT: Data = {"subject": {"reference": "Patient/p1"}}
REPORT: Data = {
    "resourceType": "DiagnosticReport", "id": "r1", "status": "final", "code": {"text": "Histology"},
    "issued": "2027-02-20T10:00:00Z", "identifier": [{"value": "H-77"}],
    "encounter": {"reference": "Encounter/e9"},
    "performer": [{"reference": "Practitioner/somebody", "display": "Dr Kim"}],
    "conclusion": "Mrs KARIMOVA (born 1960-05-17, no. 41705600010018): ductal, Karimovaning left breast",
    **ABOUT,
}  # fmt: skip
DOCUMENT: Data = {
    "resourceType": "DocumentReference", "id": "d1", "status": "current",
    "content": [{"attachment": {"contentType": "text/plain", "data": "c2xpZGU=", "title": "slide"}}], **ABOUT,
}  # fmt: skip


def put(store: Store, record: Data) -> None:
    store.submit(lambda tx: tx.put(record), MADE).result()


@pytest.fixture
def live(store: Store) -> Live:
    for record in (PATIENT, REPORT, DOCUMENT, {"resourceType": "Practitioner", "id": "somebody"}):
        put(store, record)
    put(store, {"resourceType": "Organization", "id": "centre"})
    return open_live(store, VIEWS, get_course_house())


def act(live: Live, name: str, who: Who = SOMEBODY, days: int = 0, /, **said: Any) -> dict[str, Any]:
    asked = wish(ACTS[name], said, MONDAY_MS + days * DAY_MS)
    audited = Act("E", name, who, "request")
    return live.perform(replace(asked, audited=audited)).result()


def list_case(live: Live) -> str:
    act(
        live, "record_diagnosis", patient="p1", icd10="C50.9", topography="C50.4", morphology="8500/3",
        day="2027-02-20", basis="7",
    )  # fmt: skip
    course = act(live, "start_course", patient="p1", pathway="care")["course"]
    return str(act(live, "put_on_agenda", course=course, board="board", day="2027-03-02")["case"])


def add_partner(live: Live, name: str = "Seoul centre") -> tuple[str, Who]:
    partner = str(act(live, "add_partner", name=name, country="KR", language="ko")["partner"])
    member = act(live, "invite_partner", partner=partner, name="Lee")["practitioner"]
    return partner, Who("Practitioner", str(member), "Lee")


def share(live: Live, case: str, partner: str, **more: Any) -> str:
    said: Data = {
        "case": case, "partner": partner, "scopes": ["diagnosis", "results"], "until": "2027-03-10",
        "agreed_by": "patient", "question": "Operate first?",
    }  # fmt: skip
    return str(act(live, "share_case", **(said | more))["share"])


def get_share(live: Live, id_: str) -> Share:
    return live.ask(lambda floor: floor.get(Share, id_))


def test_what_goes_out_names_nobody_and_stays_sound(live: Live, store: Store) -> None:
    partner, _ = add_partner(live)
    known = get_share(live, share(live, list_case(live), partner))
    patient, records = store.ask(lambda reading: read_shared(known, reading))
    bundle = make_bundle(known, patient, records, "2027-03-01T03:00:00Z")
    text = to_text(bundle).decode()
    named = ("karimova", "malika", "bahrom", "41705600010018", "1960-05-17", "123 45", "kim", "h-77")
    assert not [word for word in named if word in text.casefold()]
    for inside in ("p1", "somebody", "e9", "r1"):
        assert f'/{inside}"' not in text
        assert f'"id":"{inside}"' not in text.replace(" ", "")
    assert "ductal" in text
    assert {one["resource"]["resourceType"] for one in bundle["entry"]} == {
        "Patient", "Condition", "DiagnosticReport",
    }  # fmt: skip
    assert bundle["entry"][0]["resource"]["birthDate"] == "1960"
    for entry in bundle["entry"]:
        assert not [one for one in validate(entry["resource"]) if one.severity == "error"]


def test_the_consent_is_sound_and_says_what_the_view_says(live: Live, store: Store) -> None:
    partner, _ = add_partner(live)
    id_ = share(live, list_case(live), partner, documents=["d1"], is_looked_through=True)
    body = find_resource(store.read("Consent", id_)) or {}
    assert not [one for one in validate(body) if one.severity == "error"]
    assert Share.from_record(body) == get_share(live, id_)
    assert Share.from_record(body).to_record() | {"meta": None} == body | {"meta": None}
    assert get_share(live, id_).documents == ("d1",)


def test_an_opinion_is_signed_by_a_member_and_is_with_the_case(live: Live, store: Store) -> None:
    partner, lee = add_partner(live)
    case = list_case(live)
    id_ = share(live, case, partner)
    act(live, "comment_case", lee, share=id_, text="Is HER2 known?")
    act(live, "remark_on_case", share=id_, text="Negative.")
    with pytest.raises(InputError) as unsigned:
        act(live, "give_opinion", lee, share=id_, text="Operate first.")
    assert unsigned.value.code == "OPS-473"
    act(live, "give_opinion", lee, share=id_, text="Operate first.", is_signed=True)
    (opinion,) = store.ask(lambda reading: read_opinions(case, reading))
    assert (opinion.text, opinion.by) == ("Operate first.", f"Practitioner/{lee.id}")
    remarks = store.ask(lambda reading: read_remarks(id_, reading))
    assert {one.text for one in remarks} == {"Is HER2 known?", "Negative."}
    body = find_resource(store.read("ClinicalImpression", opinion.id)) or {}
    signature = find_resource(store.list_current("Provenance")[0]) or {}
    for record in (body, signature):
        assert not [one for one in validate(record) if one.severity == "error"]
    assert signature["signature"][0]["who"]["reference"] == f"Practitioner/{lee.id}"
    assert Opinion.from_record(body) == opinion


def test_withdrawn_or_run_out_nobody_of_the_partner_writes_any_more(live: Live, store: Store) -> None:
    partner, lee = add_partner(live)
    case = list_case(live)
    id_ = share(live, case, partner)
    with pytest.raises(ForbiddenError) as late:
        act(live, "comment_case", lee, 10, share=id_, text="x")
    assert late.value.code == "OPS-469"
    act(live, "withdraw_share", share=id_, reason="the patient wishes it")
    with pytest.raises(ForbiddenError) as gone:
        act(live, "give_opinion", lee, share=id_, text="x", is_signed=True)
    assert gone.value.code == "OPS-469"
    (kept,) = store.ask(lambda reading: read_shares(case, "p1", reading))
    assert (kept.state, kept.reason) == ("withdrawn", "the patient wishes it")


def test_a_patient_who_ends_the_consent_themselves_ends_it_at_once(live: Live, store: Store) -> None:
    partner, lee = add_partner(live)
    id_ = share(live, list_case(live), partner)
    body = find_resource(store.read("Consent", id_)) or {}
    put(store, body | {"status": "inactive"})
    assert not live.ask(lambda floor: list(floor.list(Share)))
    with pytest.raises(ForbiddenError):
        act(live, "comment_case", lee, share=id_, text="x")


def test_members_of_another_partner_and_former_ones_are_refused(live: Live) -> None:
    partner, lee = add_partner(live)
    _, other = add_partner(live, "Another centre")
    id_ = share(live, list_case(live), partner)
    for who in (other, SOMEBODY):
        with pytest.raises(ForbiddenError) as stranger:
            act(live, "comment_case", who, share=id_, text="x")
        assert stranger.value.code == "OPS-470"
    act(live, "end_partner_member", practitioner=lee.id, reason="left")
    with pytest.raises(ForbiddenError) as former:
        act(live, "give_opinion", lee, share=id_, text="x", is_signed=True)
    assert former.value.code == "OPS-470"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"until": "2027-02-01"}, "OPS-466"),
        ({"until": "2029-01-01"}, "OPS-466"),
        ({"documents": ["d1"]}, "OPS-467"),
        ({"documents": ["d2"], "is_looked_through": True}, "OPS-472"),
        ({"partner": "centre"}, "OPS-471"),
    ],
)
def test_what_cannot_be_shared_is_refused(live: Live, more: Data, code: str) -> None:
    partner, _ = add_partner(live)
    with pytest.raises(InputError) as refused:
        share(live, list_case(live), **({"partner": partner} | more))
    assert refused.value.code == code


def test_one_partner_has_a_case_once_and_only_while_it_is_on_the_agenda(live: Live) -> None:
    partner, _ = add_partner(live)
    case = list_case(live)
    id_ = share(live, case, partner)
    with pytest.raises(ConflictError) as twice:
        share(live, case, partner)
    assert twice.value.code == "OPS-468"
    act(live, "withdraw_share", share=id_, reason="another question")
    act(live, "withdraw_case", case=case, reason="moved away")
    with pytest.raises(ConflictError) as gone:
        share(live, case, partner)
    assert gone.value.code == "OPS-465"
    assert get_share(live, id_).holds_on(date(2027, 3, 1)) is False
