"""People are registered once; who may be the same is shown, and nothing is merged by itself."""

from typing import Any

import pytest
from pydantic import ValidationError
from tests.live import MONDAY_MS, do, open_live
from tests.records import ACT, query

from oncopolis.foundation import ConflictError, InputError, OncopolisError
from oncopolis.operations import Act, Live
from oncopolis.operations.people import ACTS, REASONS, SENTENCES, find_candidates
from oncopolis.operations.people.asking import Details, Register
from oncopolis.record import Act as Audited
from oncopolis.record import Who
from oncopolis.record.fhir.text import parse
from oncopolis.record.likeness.weighing import get_weights
from oncopolis.record.store import Store

PINFL = "https://dhp.uz/fhir/core/sid/pid/uz/ni"
BY_NAME: dict[str, Act[Any]] = {act.name: act for act in ACTS}
AZIZA: dict[str, Any] = {
    "names": [{"family": "Каримова", "given": ["Азиза", "Рустамовна"]}],
    "birth_date": "1970-03-04",
    "sex": "female",
    "language": "uz",
    "contacts": [{"value": "+998 90 123-45-67", "is_preferred": True}],
}
AZIZA_AGAIN: dict[str, Any] = {
    "names": [{"family": "Karimova", "given": ["Aziza"]}], "birth_date": "1970-04-03", "sex": "female",
}  # fmt: skip


@pytest.fixture
def live(store: Store) -> Live:
    return open_live(store, [])


def act(live: Live, name: str, /, **said: Any) -> dict[str, Any]:
    return do(live, BY_NAME[name], said)


def get(live: Live, id_: str) -> dict[str, Any]:
    return parse(live.store.get("Patient", id_).body or b"")


def test_somebody_is_registered(live: Live) -> None:
    answer = act(live, "register", **AZIZA)
    assert answer["made"] == [answer["patient"]]
    record = get(live, answer["patient"])
    assert record["active"] is True
    assert record["name"] == [{"use": "official", "family": "Каримова", "given": ["Азиза", "Рустамовна"]}]
    assert record["telecom"] == [{"system": "phone", "value": "+998 90 123-45-67", "rank": 1}]
    assert record["communication"][0]["language"]["coding"][0]["code"] == "uz"


def test_who_is_likely_the_same_has_to_be_told_apart(live: Live) -> None:
    first = act(live, "register", **AZIZA)["patient"]
    with pytest.raises(ConflictError, match="OPS-023") as refused:
        act(live, "register", **AZIZA_AGAIN)
    assert f"Patient/{first}" in str(refused.value)
    with pytest.raises(ConflictError, match="OPS-023"):
        act(live, "register", **AZIZA_AGAIN, not_one_of=["somebody-else"])
    second = act(live, "register", **AZIZA_AGAIN, not_one_of=[first])["patient"]
    assert "link" not in get(live, first)
    (told,) = live.store.list_current("Provenance")
    record = parse(told.body or b"")
    assert record["target"][0]["reference"] == f"Patient/{second}"
    assert record["entity"][0]["what"]["reference"] == f"Patient/{first}"
    assert told.patient == second


def test_candidates_are_shown_with_reasons_that_have_a_text(live: Live) -> None:
    first = act(live, "register", **AZIZA)["patient"]
    for where in (live.store, live.store.ask(lambda reading: find_candidates(reading, _details()))):
        found = where if isinstance(where, list) else find_candidates(where, _details())
        (one,) = found
        assert one.person.id == first
        assert one.is_likely
        assert 0.5 < one.score < 1
        told = [REASONS[reason.thing, reason.level] for reason in one.reasons]
        assert "day and month of birth changed places" in told
    assert find_candidates(live.store, {"name": [{"family": "Kim"}], "birthDate": "1999-01-01"}) == []


def test_who_was_looked_at_is_in_the_audit(live: Live) -> None:
    first = act(live, "register", **AZIZA)["patient"]
    audited = Audited("E", "search", Who("Practitioner", "reception-1"), "request")
    find_candidates(live.store, _details(), audited)
    sql = (
        "SELECT agent FROM audit a JOIN audit_patient p ON p.chain = a.chain AND p.seq = a.seq "
        "WHERE patient = ?"
    )
    assert ("Practitioner/reception-1",) in query(live.store, sql, first)


def _details() -> Details:
    return Details.model_validate(AZIZA_AGAIN)


def test_every_reason_has_a_text() -> None:
    assert {
        (thing, level) for thing, levels in get_weights().levels.items() for level in levels
    } - REASONS.keys() <= {("order", "same")}


@pytest.mark.parametrize(
    "number", [{"system": PINFL, "value": "4040370-0010010"}, {"system": "urn:mrn", "value": "A/1"}]
)
def test_a_number_is_used_once(live: Live, number: dict[str, str]) -> None:
    number = number | ({"value": _sound(number["value"])} if number["system"] == PINFL else {})
    first = act(live, "register", **AZIZA, identifiers=[number])["patient"]
    other = {"names": [{"family": "Kim", "given": ["Minjun"]}], "birth_date": "1999-01-01"}
    with pytest.raises(ConflictError, match="OPS-022") as refused:
        act(live, "register", **other, identifiers=[number])
    assert f"Patient/{first}" in str(refused.value)
    second = act(live, "register", **other)["patient"]
    with pytest.raises(ConflictError, match="OPS-022"):
        act(live, "correct", patient=second, identifiers=[number])
    act(live, "correct", patient=first, identifiers=[number])


def _sound(value: str) -> str:
    """With the check digit that belongs to it."""
    digits = value.replace("-", "")[:-1]
    weights = (7, 3, 1) * 5
    return digits + str(sum(int(one) * by for one, by in zip(digits, weights, strict=False)) % 10)


def test_a_mistyped_national_number_is_refused_without_repeating_it(live: Live) -> None:
    sound = _sound("40403700010010")
    wrong = sound[:-1] + str((int(sound[-1]) + 1) % 10)
    with pytest.raises(InputError, match="OPS-021") as refused:
        act(live, "register", **AZIZA, identifiers=[{"system": PINFL, "value": wrong}])
    assert wrong not in str(refused.value)


def test_somebody_nobody_knows_is_registered_and_known_later(live: Live) -> None:
    known = act(live, "register", **AZIZA)["patient"]
    unknown = act(live, "register", is_unknown=True, sex="female")["patient"]
    record = get(live, unknown)
    assert record["name"] == [{"use": "temp", "text": "? 2027-03-01 08:00"}]
    assert record["extension"] == [{"url": "urn:oncopolis:identity", "valueCode": "provisional"}]
    with pytest.raises(ConflictError, match="OPS-023"):
        act(live, "identify", patient=unknown, **AZIZA_AGAIN)
    act(live, "identify", patient=unknown, **AZIZA_AGAIN, not_one_of=[known])
    record = get(live, unknown)
    assert record["name"][0]["family"] == "Karimova"
    assert "extension" not in record
    with pytest.raises(ConflictError, match="OPS-025"):
        act(live, "identify", patient=unknown, **AZIZA_AGAIN)


def test_two_unknown_people_are_not_taken_for_one(live: Live) -> None:
    first = act(live, "register", is_unknown=True)["patient"]
    assert act(live, "register", is_unknown=True)["patient"] != first


def test_what_is_corrected_takes_the_place_of_what_was_there(live: Live) -> None:
    patient = act(live, "register", **AZIZA)["patient"]
    act(live, "correct", patient=patient, birth_date="1971-03-04", language="ru")
    record = get(live, patient)
    assert (record["birthDate"], record["gender"]) == ("1971-03-04", "female")
    assert [one.get("preferred") for one in record["communication"]] == [True, None]


def test_what_is_known_of_a_number_stays_when_others_are_corrected(live: Live) -> None:
    number = {"system": "urn:mrn", "value": "1", "period": {"start": "2020"}}
    patient = {"resourceType": "Patient", "id": "p1", "name": [{"family": "Kim"}], "identifier": [number]}
    live.store.submit(lambda transaction: transaction.put(patient).id, ACT).result()
    told = [{"system": "urn:mrn", "value": "1"}, {"system": "urn:card", "value": "2"}]
    act(live, "correct", patient="p1", identifiers=told)
    assert get(live, "p1")["identifier"] == [number, told[1]]


def test_what_cannot_be_is_refused(live: Live) -> None:
    with pytest.raises(InputError, match="OPS-020"):
        act(live, "register", birth_date="1970")
    for said in ({"birth_date": "1970-13-01"}, {"birth_date": "70"}, {"names": [{"family": "a\u0007"}]}):
        with pytest.raises(ValidationError):
            Register.model_validate(AZIZA | said)
    with pytest.raises(OncopolisError, match="OPS-001"):
        act(live, "correct", patient="nobody")


def test_every_refusal_has_a_sentence() -> None:
    assert {f"OPS-0{number}" for number in range(20, 29)} <= SENTENCES.keys()


def test_registering_the_same_wish_twice_makes_one_record(live: Live) -> None:
    answers = [do(live, BY_NAME["register"], AZIZA, MONDAY_MS, key="desk-1") for _ in range(2)]
    assert answers[0] == answers[1]
    assert live.store.count("Patient") == 1
