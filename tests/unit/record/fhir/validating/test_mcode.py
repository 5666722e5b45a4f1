"""Profiles of mCODE: its own examples conform, and every way of breaking one is told with its place."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.record.fhir.validating.mcode import COUNT, get_example, get_url, iterate_examples

from oncopolis.record.fhir.validating import Remark, is_known, validate
from oncopolis.record.fhir.validating.profiles import CANONICAL, get_profiles
from oncopolis.record.fhir.validating.slicing import contains

Json = dict[str, Any]

T3 = "Observation-tnm-clinical-primary-tumor-category-cT3"
STAGE = "Observation-tnm-clinical-stage-group-3c"
COURSE = "Procedure-radiotherapy-treatment-summary-chest-wall-jenny-m"
PATIENT = "Patient-cancer-patient-jenny-m"
CANCER = "Condition-primary-cancer-condition-jenny-m"
BUNDLE = "Bundle-mcode-patient-bundle-jenny-m"
SIZE = "Observation-tumor-size-pathology"
BSA = "Observation-body-surface-area-brian-l"
NEVER_CLAIMED = ("cancer-risk-assessment", "tnm-category")


def list_errors(resource: Json, *profiles: str) -> list[Remark]:
    return [remark for remark in validate(resource, profiles) if remark.severity == "error"]


def test_every_example_conforms_to_the_profiles_it_claims() -> None:
    checked, names = Counter[str](), []
    for name, resource in iterate_examples():
        assert not list_errors(resource), name
        names.append(name)
        for profile in resource.get("meta", {}).get("profile", ()):
            checked[profile] += 1
    assert len(names) == COUNT
    kinds = {url: profile.type for url in get_profiles().urls if (profile := get_profiles().find(url))}
    never = {url for url, kind in kinds.items() if kind not in ("Extension", "Identifier")} - set(checked)
    assert never == {get_url(name) for name in NEVER_CLAIMED}


def _remove(*path: Any) -> Callable[[Json], None]:
    def change(resource: Json) -> None:
        at: Any = resource
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]

    return change


def _put(value: Any, *path: Any) -> Callable[[Json], None]:
    def change(resource: Json) -> None:
        at: Any = resource
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value

    return change


def _add(value: Any, *path: Any) -> Callable[[Json], None]:
    def change(resource: Json) -> None:
        at: Any = resource
        for step in path:
            at = at.setdefault(step, [])
        at.append(value)

    return change


def _concept(code: str, system: str = "http://snomed.info/sct") -> Json:
    return {"coding": [{"system": system, "code": code}]}


BROKEN = [
    (T3, _remove("subject"), "required", "Observation.subject"),
    (T3, _remove("method"), "required", "Observation.method"),
    (T3, _remove("category"), "required", "Observation.category"),
    (T3, _put({"reference": "Group/1"}, "subject"), "structure", "Observation.subject"),
    (T3, _add({"reference": "Patient/1"}, "focus"), "structure", "Observation.focus[0]"),
    (T3, _put(_concept("999999999"), "code"), "code-invalid", "Observation.code"),
    (STAGE, _remove("focus"), "required", "Observation.focus"),
    (COURSE, _put(_concept("108290001"), "code"), "value", "Procedure.code"),
    (COURSE, _remove("subject"), "required", "Procedure.subject"),
    (PATIENT, _remove("identifier"), "required", "Patient.identifier"),
    (PATIENT, _remove("identifier", 0, "system"), "required", "Patient.identifier[0].system"),
    (PATIENT, _remove("gender"), "required", "Patient.gender"),
    (CANCER, _remove("code"), "required", "Condition.code"),
    (CANCER, _remove("category"), "required", "Condition.category"),
    (CANCER, _put(_concept("active"), "clinicalStatus"), "code-invalid", "Condition.clinicalStatus"),
    (SIZE, _remove("component"), "required", "Observation.component"),
    (SIZE, _put(_concept("1"), "component", 0, "code"), "required", "Observation.component"),
    (SIZE, _put({"system": "http://unitsofmeasure.org", "code": "m"}, "component", 0, "valueQuantity"),
     "code-invalid", "Observation.component[0].valueQuantity"),
    (SIZE, _remove("focus"), "invariant", "Observation"),
    (BSA, _put(_concept("laboratory"), "category", 0), "required", "Observation.category"),
    (BUNDLE, _put("transaction", "type"), "value", "Bundle.type"),
    (BUNDLE, _remove("entry", 0), "required", "Bundle.entry"),
    (BUNDLE, _remove("entry", 0, "resource", "name"), "required", "Bundle.entry[0].resource.name"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "code", "path"), BROKEN)
def test_a_broken_example_is_told_with_its_place(
    name: str, change: Callable[[Json], None], code: str, path: str
) -> None:
    resource = get_example(name)
    assert not list_errors(resource)
    change(resource)
    assert (code, path) in {(remark.code, remark.path) for remark in list_errors(resource)}


def test_whatever_a_profile_requires_is_missed_in_every_example() -> None:
    n_removed = Counter[str]()
    for name, resource in iterate_examples():
        for url in resource.get("meta", {}).get("profile", ()):
            profile = get_profiles().find(url)
            for node in profile.root.children if profile else ():
                element = node.name.removesuffix("[x]")
                members = [key for key in resource if key.lstrip("_").startswith(element)]
                if node.slice or not node.min or not members:
                    continue
                changed = {key: value for key, value in resource.items() if key not in members}
                places = {error.path for error in list_errors(changed) if error.code == "required"}
                assert f"{resource['resourceType']}.{node.name}" in places, f"{name}: {url}"
                n_removed[url] += 1
    assert n_removed.total() > COUNT


def test_a_second_patient_in_a_patient_bundle_is_one_too_many() -> None:
    bundle = get_example(BUNDLE)
    bundle["entry"].append(bundle["entry"][0] | {"fullUrl": "urn:uuid:5b5f1a5e-0000-4000-8000-000000000001"})
    (error,) = list_errors(bundle)
    assert "2 of entry:cancerPatient" in error.text


def test_extensions_of_mcode_are_checked_wherever_they_stand() -> None:
    url = get_url("procedure-intent")
    plain = {"resourceType": "Basic", "code": _concept("1")}
    good = plain | {"extension": [{"url": url, "valueCodeableConcept": _concept("373808002")}]}
    assert not list_errors(good)
    wrong = plain | {"extension": [{"url": url, "valueString": "curative"}]}
    (error,) = list_errors(wrong)
    assert (error.code, error.path) == ("structure", "Basic.extension[0].valueString")
    unknown = plain | {"extension": [{"url": f"{CANONICAL}mcode-procedure-intention", "valueString": "x"}]}
    (error,) = list_errors(unknown)
    assert error.path == "Basic.extension[0].url"


def test_techniques_have_to_fit_their_modality() -> None:
    resource = get_example(COURSE)
    used = next(
        e for e in resource["extension"] if e["url"] == get_url("radiotherapy-modality-and-technique")
    )
    by_url = {part["url"]: part for part in used["extension"]}
    assert not list_errors(resource)
    by_url[get_url("radiotherapy-modality")]["valueCodeableConcept"] = _concept("10611004")
    by_url[get_url("radiotherapy-technique")]["valueCodeableConcept"] = _concept("441799006")
    assert "TechniquesForProtonBeamModality" in {error.rule for error in list_errors(resource)}


def test_a_profile_is_checked_on_request_and_only_for_its_type() -> None:
    patient = {"resourceType": "Patient"}
    assert not list_errors(patient)
    assert {error.path for error in list_errors(patient, get_url("cancer-patient"))} == {
        "Patient.identifier", "Patient.name", "Patient.gender",
    }  # fmt: skip
    (error,) = list_errors(patient, get_url("tumor"))
    assert "got Patient, expected BodyStructure" in error.text


def test_a_resource_type_is_a_profile_too() -> None:
    base = "http://hl7.org/fhir/StructureDefinition/"
    patient = {"resourceType": "Patient", "meta": {"profile": [f"{base}Patient", f"{base}Patient|4.0.1"]}}
    assert {remark.rule for remark in validate(patient)} == {"dom-6"}
    (error,) = list_errors(patient, f"{base}Slot")
    assert error.text == "got Patient, expected Slot"
    assert is_known(f"{base}Patient")
    assert is_known(get_url("tumor"))
    assert not is_known(f"{base}bodyweight")


def test_what_is_claimed_and_not_known_is_said() -> None:
    claimed = {
        "resourceType": "Patient",
        "meta": {"profile": ["https://example.org/p", f"{get_url('cancer-patient')}|9.0"]},
    }
    told = {(remark.severity, remark.rule): remark.text for remark in validate(claimed)}
    assert "not known" in told["information", "https://example.org/p"]
    assert any("not by 9.0" in remark.text for remark in validate(claimed))


def test_must_support_elements_that_lack_are_one_remark() -> None:
    resource = get_example(T3)
    (remark,) = [remark for remark in validate(resource) if "must-support" in remark.text]
    assert remark.severity == "information"
    assert remark.text.endswith(": focus")


@pytest.mark.parametrize(
    ("value", "pattern", "answer"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 2}, {"a": 1}, False),
        ({"a": [{"x": 1, "y": 2}, {"x": 3}]}, {"a": [{"x": 3}]}, True),
        ({"a": [{"x": 1}]}, {"a": [{"x": 1}, {"x": 2}]}, False),
        ("a", {"a": 1}, False),
        ({"a": 1}, {"b": 1}, False),
    ],
)
def test_a_pattern_is_contained_or_not(value: Any, pattern: Any, answer: bool) -> None:
    assert contains(value, pattern) is answer
