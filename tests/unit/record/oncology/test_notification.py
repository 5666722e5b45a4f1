"""The notification of a cancer: what it takes from the record, what it lacks, and how it is told."""

import csv
from copy import deepcopy
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncopolis.record.fhir.checking import check_resource
from oncopolis.record.fhir.validating import validate
from oncopolis.record.oncology.notification import (
    ITEMS,
    VARIANTS,
    Case,
    check_case,
    make_document,
    read_cases,
    to_csv,
    to_national,
    to_rows,
)
from oncopolis.record.oncology.systems import ICD10, ICDO3

Json = dict[str, Any]

MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
SUBJECT = {"reference": "Patient/p1"}
BREAST = {"reference": "Condition/breast"}


def code(value: str, system: str, display: str = "") -> Json:
    return {"coding": [{"system": system, "code": value, **({"display": display} if display else {})}]}


def observe(profile: str, id_: str, value: Json, date: str, **members: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": id_,
        "meta": {"profile": [f"{MCODE}{profile}"]},
        "status": "final",
        "code": {"text": "x"},
        "subject": SUBJECT,
        "effectiveDateTime": date,
        "valueCodeableConcept": value,
        **members,
    }


def extend(name: str, value: Json) -> Json:
    return {"url": f"{MCODE}{name}", "valueCodeableConcept": value}


PATIENT: Json = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [
        {"system": "urn:hospital", "value": "77"},
        {"system": "https://dhp.uz/fhir/core/sid/pid/uz/ni", "value": "4 241054-022 0011"},
    ],
    "name": [{"family": "Karimova", "given": ["Nodira", "Rustamovna"]}],
    "gender": "female",
    "birthDate": "1954-10-24",
    "deceasedBoolean": False,
    "address": [{"line": ["Farobiy 383"], "city": "Tashkent", "country": "UZ"}],
    "managingOrganization": {"reference": "Organization/o1"},
}
CONDITION: Json = {
    "resourceType": "Condition",
    "id": "breast",
    "subject": SUBJECT,
    "recordedDate": "2026-02-03",
    "clinicalStatus": code("active", "http://terminology.hl7.org/CodeSystem/condition-clinical"),
    "code": code("C50.4", ICD10),
    "onsetDateTime": "2026-01-15",
    "bodySite": [
        {
            **code("C50.4", ICDO3),
            "extension": [extend("laterality-qualifier", code("7771000", "http://snomed.info/sct"))],
        }
    ],
    "extension": [extend("histology-morphology-behavior", code("8500/32", ICDO3))],
    "evidence": [{"code": [code("7", "urn:basis")]}],
    "asserter": {"reference": "Practitioner/d1"},
}
LATER: Json = {
    "resourceType": "Condition",
    "id": "skin",
    "subject": SUBJECT,
    "recordedDate": "2026-05-01",
    "code": code("C43.5", ICD10),
}
RECORDS: list[Json] = [
    PATIENT,
    CONDITION,
    LATER,
    {"resourceType": "Organization", "id": "o1", "name": "Tashkent centre"},
    {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Kim", "given": ["A"]}]},
    observe(
        "tnm-primary-tumor-category", "t1", code("x", "urn:s", "AJCC cT1 (x)"), "2026-01-20", focus=[BREAST]
    ),
    observe("tnm-primary-tumor-category", "t2", {"text": "pT2"}, "2026-02-20", focus=[BREAST]),
    observe("tnm-regional-nodes-category", "n", code("pN1(sn)", "urn:s"), "2026-02-20", focus=[BREAST]),
    observe(
        "tnm-distant-metastases-category", "m", code("1229901006", "http://snomed.info/sct"), "2026-02-20"
    ),
    observe(
        "tnm-stage-group",
        "s",
        code("IIB", "urn:s"),
        "2026-02-20",
        focus=[BREAST],
        code=code("399588009", "http://snomed.info/sct"),
    ),
    observe("tnm-stage-group", "wrong", code("IV", "urn:s"), "2026-03-20", focus=[BREAST])
    | {"status": "entered-in-error"},
    {
        "resourceType": "Procedure",
        "id": "op",
        "meta": {"profile": [f"{MCODE}cancer-related-surgical-procedure"]},
        "status": "completed",
        "subject": SUBJECT,
        "performedDateTime": "2026-02-10T09:00:00Z",
        "reasonReference": [BREAST],
    },
    {
        "resourceType": "Procedure",
        "id": "rt",
        "meta": {"profile": [f"{MCODE}radiotherapy-course-summary"]},
        "status": "completed",
        "subject": SUBJECT,
        "performedPeriod": {"start": "2026-04-01", "end": "2026-05-10"},
    },
]


def read(*changes: Json, without: tuple[str, ...] = ()) -> list[Case]:
    changed = {one["id"]: one for one in changes}
    return read_cases(
        [changed.pop(one["id"], one) for one in RECORDS if one["id"] not in without] + list(changed.values())
    )


def test_the_records_of_this_test_are_sound() -> None:
    assert not [issue for one in RECORDS for issue in check_resource(one)]


def test_values_come_from_their_places() -> None:
    case = read()[0]
    assert case.values == {
        "family_name": "Karimova",
        "given_names": "Nodira Rustamovna",
        "personal_number": "42410540220011",
        "record_number": "77",
        "sex": "female",
        "birth_date": "1954-10-24",
        "address": "Farobiy 383, Tashkent, UZ",
        "incidence_date": "2026-01-15",
        "basis": "urn:basis|7",
        "icd10": "C50.4",
        "topography": "C50.4",
        "laterality": "left",
        "morphology": "8500/32",
        "behaviour": "3",
        "grade": "2",
        "sequence": "1",
        "t": "pT2",
        "n": "pN1(sn)",
        "m": "http://snomed.info/sct|1229901006",
        "stage": "IIB",
        "stage_basis": "pathological",
        "surgery": "2026-02-10",
        "radiotherapy": "2026-04-01",
        "last_contact": "2026-04-01",
        "vital_status": "alive",
        "institution": "Tashkent centre",
        "doctor": "A Kim",
        "registration_date": "2026-02-03",
    }
    assert [one["id"] for one in case.used[:2]] == ["p1", "breast"]
    assert {"t2", "n", "m", "s", "op", "rt", "o1", "d1"} <= {one["id"] for one in case.used}


def test_each_primary_cancer_is_a_case_in_their_order() -> None:
    cases = read()
    assert [(case.values["icd10"], case.values["sequence"]) for case in cases] == [
        ("C50.4", "1"),
        ("C43.5", "2"),
    ]
    assert "t" not in cases[1].values
    assert "surgery" not in cases[1].values
    assert cases[1].values["radiotherapy"] == "2026-04-01"


@pytest.mark.parametrize(
    "change",
    [
        {"code": code("C78.0", ICD10)},
        {"code": code("D24", ICD10)},
        {"code": code("J45", ICD10)},
        {"verificationStatus": code("refuted", "http://terminology.hl7.org/CodeSystem/condition-ver-status")},
    ],
)
def test_what_is_no_primary_cancer_is_not_told(change: Json) -> None:
    assert [case.values["icd10"] for case in read(LATER | change)] == ["C50.4"]


def test_metastases_are_told_by_their_sites() -> None:
    def spread(id_: str, site: str, of: str | None) -> Json:
        related = {"url": f"{MCODE}related-condition", "valueReference": {"reference": f"Condition/{of}"}}
        return LATER | {
            "id": id_, "code": code("C79", ICD10), "bodySite": [code(site, ICDO3)],
            "meta": {"profile": [f"{MCODE}secondary-cancer-condition"]}, "extension": [related] if of else [],
        }  # fmt: skip

    cases = read(spread("m1", "C71.9", "breast"), spread("m2", "C22.0", None), spread("m3", "C34.9", "skin"))
    assert [case.values["metastases"] for case in cases] == ["C71.9; C22.0", "C22.0; C34.9"]


def test_mcode_profile_makes_a_primary_cancer_whatever_its_code() -> None:
    claimed = {"meta": {"profile": [f"{MCODE}primary-cancer-condition|4.0.0"]}, "code": code("1", "urn:own")}
    assert len(read(LATER | claimed)) == 2


def test_the_dead_are_told_with_their_day() -> None:
    dead = {key: value for key, value in PATIENT.items() if key != "deceasedBoolean"} | {
        "deceasedDateTime": "2026-06-01"
    }
    values = read(dead)[0].values
    assert (values["vital_status"], values["death_date"], values["last_contact"]) == (
        "dead",
        "2026-06-01",
        "2026-06-01",
    )


def test_every_item_that_lacks_is_a_finding_by_its_need() -> None:
    diagnosis = {"resourceType": "Condition", "id": "c", "subject": SUBJECT, "code": code("C50", ICD10)}
    bare: list[Json] = [{"resourceType": "Patient", "id": "p1"}, diagnosis]
    (case,) = read_cases(bare)
    found = {one.where: one.severity for one in check_case(case)}
    levels = {"essential": "error", "recommended": "warning", "optional": "note"}
    assert found == {item.key: levels[item.need] for item in ITEMS if item.key not in ("icd10", "sequence")}
    assert not [one for one in check_case(read()[0]) if one.severity == "error"]


@pytest.mark.parametrize(
    ("change", "rule", "where"),
    [
        ({"code": code("D05.1", ICD10)}, "icd10-behaviour", "icd10"),
        (
            {"extension": [extend("histology-morphology-behavior", code("80463/3", ICDO3))]},
            "icdo3-morphology",
            "morphology",
        ),
        ({"bodySite": [code("39607008", "http://snomed.info/sct")]}, "icdo3-topography", "topography"),
        ({"onsetDateTime": "1950-01-01"}, "notification-dates", "incidence_date"),
    ],
)
def test_contradictions_are_findings(change: Json, rule: str, where: str) -> None:
    case = next(case for case in read(CONDITION | change) if "stage" in case.values)
    assert (rule, where) in {(one.rule, one.where) for one in check_case(case)}


def test_a_cancer_found_after_death_is_asked_about() -> None:
    dead = {key: value for key, value in PATIENT.items() if key != "deceasedBoolean"} | {
        "deceasedDateTime": "2026-01-01"
    }
    assert "death_date" in {
        one.where for one in check_case(read(dead)[0]) if one.rule == "notification-dates"
    }


def test_rows_have_every_item_and_no_formula() -> None:
    evil = PATIENT | {"name": [{"family": '=HYPERLINK("http://x")', "given": ['a,\n"b']}]}
    rows = list(csv.DictReader(StringIO(to_csv(read(evil)), newline="")))
    assert [list(row) for row in rows] == [[item.key for item in ITEMS]] * 2
    assert rows[0]["family_name"] == '\'=HYPERLINK("http://x")'
    assert rows[0]["given_names"] == 'a,\n"b'
    assert to_rows(read())[1]["t"] == ""


@pytest.mark.parametrize("country", VARIANTS)
def test_national_forms_name_items_of_the_generic_one(country: str) -> None:
    variant = VARIANTS[country]
    assert set(variant.labels) <= {item.key for item in ITEMS}
    assert len(set(variant.labels.values())) == len(variant.labels)
    assert not variant.is_opened
    told = to_national(read()[0], variant)
    assert told[variant.labels["personal_number"]] == "42410540220011"
    assert list(told) == [*variant.labels.values(), *variant.by_hand]


def test_a_document_is_sound_and_escapes_what_it_shows() -> None:
    evil = PATIENT | {"name": [{"family": "<script>alert(1)</script>&"}]}
    cases = read(evil)
    document = make_document(
        cases, [check_case(case) for case in cases], base="http://x", at="2026-11-22T09:00:00.000Z"
    )
    errors = [remark for remark in validate(document) if remark.severity == "error"]
    assert not [remark for remark in errors if not remark.rule.startswith(("mcode", "us-core"))]
    titles = [one["title"] for one in document["entry"][0]["resource"]["section"]]
    assert "Person of cancer 1" in titles
    assert "To be mended of cancer 2" in titles
    assert "<script>" not in str(document["entry"][0])
    names = [one["fullUrl"] for one in document["entry"]]
    assert len(set(names)) == len(names)


def list_paths(value: Any) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [
            path
            for key, item in value.items()
            for path in [(key,), *((key, *rest) for rest in list_paths(item))]
        ]
    if isinstance(value, list):
        return [
            path
            for at, item in enumerate(value)
            for path in [(at,), *((at, *rest) for rest in list_paths(item))]
        ]
    return []


@given(st.lists(st.sampled_from(list_paths(RECORDS)), max_size=3))
def test_whatever_lacks_the_rest_is_told(paths: list[tuple[Any, ...]]) -> None:
    records: Any = deepcopy(RECORDS)
    for path in sorted(paths, key=str, reverse=True):
        at = records
        try:
            for step in path[:-1]:
                at = at[step]
            del at[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
    for case in read_cases(records):
        assert set(case.values) <= {item.key for item in ITEMS}
        check_case(case)
    to_csv(read_cases(records))
