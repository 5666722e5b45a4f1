"""Rules of the base: the official examples keep them, what breaks one is told by its key."""

from typing import Any

import pytest
from tests.unit.record.fhir.examples import list_some
from tests.unit.record.fhir.test_examples import UNSOUND

from oncopolis.record.fhir.text import parse
from oncopolis.record.fhir.validating import validate
from oncopolis.record.fhir.validating.expressions import CannotTell, holds
from oncopolis.record.fhir.validating.invariants import MAX_NODES
from oncopolis.record.fhir.validating.rules import get_rules
from oncopolis.record.fhir.validating.walking import start, walk
from oncopolis.record.fhir.validating.wording import WORDING

Json = dict[str, Any]

FALSE_TARGETS = {
    "DeviceMetric-example.json",
    "DeviceUseStatement-example.json",
    "MedicationRequest-medrx0301.json",
}
"""Examples whose references mean a type that the definition of their element does not name."""
SMALL = 100_000


def list_keys(resource: Json) -> set[tuple[str, str, str]]:
    return {
        (remark.rule, remark.severity, remark.path) for remark in validate(resource) if remark.rule != "dom-6"
    }


def concept(code: str, system: str) -> Json:
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code}]}


def make(type_: str, **members: Any) -> Json:
    return {"resourceType": type_, **members}


CODE = {"text": "x"}
SUBJECT = {"reference": "Patient/1"}
OBSERVATION = {"status": "final", "code": CODE}
CONDITION = {"subject": SUBJECT, "clinicalStatus": concept("active", "condition-clinical")}
BROKEN = [
    (
        "per-1",
        "Patient.name[0].period",
        make("Patient", name=[{"text": "x", "period": {"start": "2021", "end": "2020"}}]),
    ),
    ("pat-1", "Patient.contact[0]", make("Patient", contact=[{"gender": "male"}])),
    ("cpt-2", "Patient.telecom[0]", make("Patient", telecom=[{"value": "1"}])),
    ("ref-1", "Patient.managingOrganization", make("Patient", managingOrganization={"reference": "#o"})),
    ("dom-3", "Patient", make("Patient", contained=[make("Organization", id="o", name="x")])),
    (
        "dom-4",
        "Patient",
        make(
            "Patient",
            managingOrganization={"reference": "#o"},
            contained=[make("Organization", id="o", name="x", meta={"versionId": "1"})],
        ),
    ),
    ("org-1", "Organization", make("Organization", active=True)),
    (
        "org-3",
        "Organization.telecom[0]",
        make("Organization", name="x", telecom=[{"system": "phone", "value": "1", "use": "home"}]),
    ),
    ("obs-6", "Observation", make("Observation", **OBSERVATION, valueString="x", dataAbsentReason=CODE)),
    (
        "obs-3",
        "Observation.referenceRange[0]",
        make("Observation", **OBSERVATION, referenceRange=[{"type": CODE}]),
    ),
    (
        "obs-7",
        "Observation",
        make(
            "Observation",
            status="final",
            code=concept("1", "x"),
            valueString="x",
            component=[{"code": concept("1", "x"), "valueString": "y"}],
        ),
    ),
    (
        "qty-3",
        "Observation.valueQuantity",
        make("Observation", **OBSERVATION, valueQuantity={"value": 1, "code": "m"}),
    ),
    (
        "rng-2",
        "Observation.valueRange",
        make("Observation", **OBSERVATION, valueRange={"low": {"value": 2}, "high": {"value": 1}}),
    ),
    (
        "rat-1",
        "Observation.valueRatio",
        make("Observation", **OBSERVATION, valueRatio={"numerator": {"value": 2}}),
    ),
    (
        "sqty-1",
        "Observation.referenceRange[0].low",
        make("Observation", **OBSERVATION, referenceRange=[{"low": {"value": 1, "comparator": "<"}}]),
    ),
    ("con-4", "Condition", make("Condition", **CONDITION, abatementString="x")),
    (
        "con-5",
        "Condition",
        make(
            "Condition", **CONDITION, verificationStatus=concept("entered-in-error", "condition-ver-status")
        ),
    ),
    ("con-1", "Condition.stage[0]", make("Condition", **CONDITION, stage=[{"type": CODE}])),
    (
        "app-3",
        "Appointment",
        make("Appointment", status="booked", participant=[{"status": "accepted", "actor": SUBJECT}]),
    ),
    ("bdl-1", "Bundle", make("Bundle", type="collection", total=1)),
    (
        "bdl-11",
        "Bundle",
        make(
            "Bundle",
            type="document",
            identifier={"system": "urn:x", "value": "1"},
            timestamp="2026-01-01T00:00:00Z",
            entry=[{"fullUrl": "urn:uuid:5b5f1a5e-0000-4000-8000-000000000001", "resource": make("Patient")}],
        ),
    ),
    (
        "mad-1",
        "MedicationAdministration.dosage",
        make(
            "MedicationAdministration",
            status="completed",
            subject=SUBJECT,
            medicationCodeableConcept=CODE,
            effectiveDateTime="2026",
            dosage={"text": "x"},
        ),
    ),
    (
        "que-7",
        "Questionnaire.item[0].enableWhen[0]",
        make(
            "Questionnaire",
            status="draft",
            item=[
                {
                    "linkId": "1",
                    "type": "group",
                    "item": [{"linkId": "2", "type": "string"}],
                    "enableWhen": [{"question": "2", "operator": "exists", "answerString": "x"}],
                }
            ],
        ),
    ),
    (
        "tim-9",
        "ServiceRequest.occurrenceTiming.repeat",
        make(
            "ServiceRequest",
            status="active",
            intent="order",
            subject=SUBJECT,
            occurrenceTiming={"repeat": {"offset": 5}},
        ),
    ),
]


@pytest.mark.parametrize(("key", "path", "resource"), BROKEN, ids=[key for key, *_ in BROKEN])
def test_a_broken_rule_is_told_by_its_key(key: str, path: str, resource: Json) -> None:
    assert (key, "error", path) in list_keys(resource)
    assert all(rule == key for rule, severity, _ in list_keys(resource) if severity == "error")


def test_sound_records_are_said_to_be_sound() -> None:
    told = make(
        "Patient", text={"status": "empty", "div": '<div xmlns="http://www.w3.org/1999/xhtml">x</div>'}
    )
    assert not validate(told)
    assert not list_keys(make("Observation", **OBSERVATION, valueQuantity={"value": 1, "unit": "cm"}))
    exists = {"question": "2", "operator": "exists", "answerBoolean": True}
    asked = {
        "linkId": "1",
        "type": "group",
        "item": [{"linkId": "2", "type": "string"}],
        "enableWhen": [exists],
    }
    assert not list_keys(make("Questionnaire", status="draft", item=[asked]))


@pytest.mark.parametrize(
    ("resource", "path", "code"),
    [
        (make("Condition", subject=SUBJECT, clinicalStatus=CODE), "Condition.clinicalStatus", "code-invalid"),
        (make("Condition", subject={"reference": "Slot/1"}), "Condition.subject", "structure"),
        (make("Binary", contentType="image png"), "Binary.contentType", "code-invalid"),
    ],
)
def test_holes_of_the_check_on_writing_are_filled(resource: Json, path: str, code: str) -> None:
    assert (code, path) in {(r.code, r.path) for r in validate(resource) if r.severity == "error"}


def test_rules_wait_for_the_structure() -> None:
    remarks = validate(make("Patient", contact=[{"gender": "male"}], colour="red"))
    assert [(r.severity, r.code) for r in remarks] == [
        ("error", "structure"),
        ("information", "not-supported"),
    ]


def test_official_examples_keep_the_rules() -> None:
    unsound = set()
    for name, data in list_some(2):
        remarks = validate(parse(data)) if len(data) < SMALL else []
        unsound |= {name for remark in remarks if remark.severity == "error"}
        assert not any(
            remark.text.startswith("not checked: ") and "Error" in remark.text for remark in remarks
        )
    assert unsound <= set(UNSOUND) | FALSE_TARGETS


def test_every_rule_can_be_evaluated() -> None:
    for path, rules in get_rules().invariants.items():
        for rule in rules:
            spot = start({"resourceType": path.partition(".")[0]})
            try:
                holds(rule.expression, spot)
            except CannotTell as reason:
                pytest.fail(f"{rule.key}: {reason}")


def test_wording_is_about_rules_there_are() -> None:
    from oncopolis.record.fhir.validating.profiles import Node, get_profiles

    def list_profile_keys(node: Node) -> set[str]:
        return {rule.key for rule in node.invariants}.union(*map(list_profile_keys, node.children))

    keys = {rule.key for rules in get_rules().invariants.values() for rule in rules}
    for url in get_profiles().urls:
        profile = get_profiles().find(url)
        assert profile is not None
        keys |= list_profile_keys(profile.root)
    assert set(WORDING) <= keys


@pytest.mark.parametrize(
    ("limit", "n", "places"),
    [
        ("MAX_NODES", 3, ["Bundle.entry[0].resource", "Bundle.entry[1].resource"]),
        ("MAX_SECONDS", -1, ["Bundle"]),
    ],
)
def test_what_takes_too_long_is_not_done(
    limit: str, n: int, places: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"oncopolis.record.fhir.validating.invariants.{limit}", n)
    entries = [{"resource": make("Observation", **OBSERVATION)} for _ in range(2)]
    remarks = validate(make("Bundle", type="collection", entry=entries))
    assert [remark.path for remark in remarks if remark.code == "too-costly"] == places


@pytest.mark.slow
def test_conditions_that_compare_each_with_each_are_bounded() -> None:
    codings = [{"system": "x", "code": str(number)} for number in range(MAX_NODES)]
    components = [{"code": {"coding": codings[:2]}, "valueString": "x"} for _ in range(MAX_NODES)]
    costly = make("Observation", status="final", code={"coding": codings}, component=components)
    assert "too-costly" in {remark.code for remark in validate(costly)}


def test_everything_in_a_resource_is_walked() -> None:
    resource = make("Patient", _birthDate={"extension": [{"url": "urn:x", "valueCode": "y"}]},
                    name=[{"given": ["a", None], "_given": [None, {"id": "b"}]}])  # fmt: skip
    assert [spot.place for spot in walk(resource)] == [
        "Patient",
        "Patient.birthDate",
        "Patient.birthDate.extension[0]",
        "Patient.birthDate.extension[0].url",
        "Patient.birthDate.extension[0].valueCode",
        "Patient.name[0]",
        "Patient.name[0].given[0]",
        "Patient.name[0].given[1]",
    ]


def test_mistyped_codes_and_numbers_are_warned_of() -> None:
    pinfl = {"system": "https://dhp.uz/fhir/core/sid/pid/uz/ni", "value": "30211975910034"}
    codings = [{"system": system, "code": "718-8"} for system in ("http://loinc.org", "urn:own")]
    observation = make("Observation", status="final", identifier=[pinfl], code={"coding": codings})
    warned = {
        (r.rule, r.path): r.text
        for r in validate(observation)
        if r.severity == "warning" and r.rule != "dom-6"
    }
    assert set(warned) == {
        ("loinc-check-digit", "Observation.code.coding[0].code"),
        ("pinfl-check-digit", "Observation.identifier[0].value"),
    }
    assert not any(pinfl["value"] in text for text in warned.values())


@pytest.mark.parametrize(("icd10", "rules"), [("D05.1", {"icd10-behaviour"}), ("C50.9", set())])
def test_a_diagnosis_and_its_morphology_have_to_agree(icd10: str, rules: set[str]) -> None:
    told = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/icd-o-3", "code": "8500/3"}]}
    url = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior"
    condition = make(
        "Condition", **CONDITION, extension=[{"url": url, "valueCodeableConcept": told}],
        code={"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": icd10}]},
    )  # fmt: skip
    warnings = {r.rule for r in validate(condition) if r.severity == "warning"} - {"dom-6", "con-3"}
    assert warnings == rules
