"""Index rows: what is found of each kind of value, and that nothing is left out unsaid."""

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.record.fhir.examples import list_some

from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.extracting import LIKENESS, OUTSIDE, REPLACED_BY, IndexRow, extract
from oncopolis.record.fhir.moments import find_stretch_ms
from oncopolis.record.fhir.paths import IsSet, compile_path
from oncopolis.record.fhir.rows import FAR_FUTURE_MS, FAR_PAST_MS, find_writer, normalise
from oncopolis.record.fhir.text import parse

NOT_INDEXED = {
    ("date", "Age"): "an age is no date",
    ("date", "Range"): "a range of ages is no date",
    ("date", "string"): "free text is no date",
    ("reference", "Attachment"): "a document in place points at no resource",
}
"""Types of values that parameters reach and that have no rows, each with the reason."""


def found(resource: dict[str, Any], code: str) -> list[tuple[Any, ...]]:
    """Rows of one parameter, without its number."""
    parameter = get_definitions().find_search_parameter(resource["resourceType"], code)
    assert parameter is not None
    return [(kind, *values[1:]) for kind, values in extract(resource) if values[0] == parameter.number]


def test_every_value_a_parameter_reaches_has_rows_or_a_reason() -> None:
    missing = set()
    for resource_type in get_definitions().resource_types:
        for parameter in get_definitions().list_search_parameters(resource_type):
            compiled = compile_path(parameter.expression, resource_type)
            if parameter.type in ("composite", "special") or isinstance(compiled, IsSet):
                continue
            missing |= {
                (parameter.type, route.type)
                for route in compiled
                if route.type != "Extension" and find_writer(parameter.type, route.type, 1, None) is None
            }
    assert missing == set(NOT_INDEXED)


@pytest.mark.parametrize(
    ("resource", "code", "rows"),
    [
        # tokens
        (
            {
                "resourceType": "Patient",
                "identifier": [{"system": "s", "value": "1"}, {"value": "2"}, {"system": "s"}],
            },
            "identifier",
            [("token", "s", "1"), ("token", None, "2")],
        ),
        ({"resourceType": "Patient", "active": False}, "active", [("token", None, "false")]),
        (
            {"resourceType": "Patient", "gender": "female"},
            "gender",
            [("token", "http://hl7.org/fhir/administrative-gender", "female")],
        ),
        (
            {
                "resourceType": "Observation",
                "code": {"coding": [{"system": "a", "code": "1"}, {"code": "2"}, {"system": "x"}]},
            },
            "code",
            [("token", "a", "1"), ("token", None, "2")],
        ),
        ({"resourceType": "Observation", "code": {"text": "Hb"}}, "code", [("string", "hb", "Hb")]),
        (
            {"resourceType": "Observation", "code": {"coding": [{"code": "1", "display": "Hb"}]}},
            "code",
            [("token", None, "1"), ("string", "hb", "Hb")],
        ),
        (
            {
                "resourceType": "Patient",
                "identifier": [
                    {"type": {"coding": [{"system": "t", "code": "MR"}], "text": "MRN"}, "value": "1"}
                ],
            },
            "identifier",
            [
                ("token", None, "1"),
                ("string", "mrn", "MRN"),
                ("compound", "t", "MR", None, "1", None, None, None, None),
            ],
        ),
        (
            {"resourceType": "Encounter", "class": {"system": "a", "code": "AMB"}},
            "class",
            [("token", "a", "AMB")],
        ),
        (
            {
                "resourceType": "Patient",
                "telecom": [{"system": "phone", "value": "1"}, {"system": "email", "value": "a@b"}],
            },
            "email",
            [("token", None, "a@b")],
        ),
        ({"resourceType": "Patient"}, "deceased", [("token", None, "false")]),
        ({"resourceType": "Patient", "deceasedBoolean": False}, "deceased", [("token", None, "false")]),
        ({"resourceType": "Patient", "deceasedBoolean": True}, "deceased", [("token", None, "true")]),
        ({"resourceType": "Patient", "deceasedDateTime": "2020"}, "deceased", [("token", None, "true")]),
        (
            {
                "resourceType": "Patient",
                "meta": {"tag": [{"system": "t", "code": "x"}, {"system": "t", "code": "x"}]},
            },
            "_tag",
            [("token", "t", "x")],
        ),
        (
            {
                "resourceType": "Questionnaire",
                "item": [{"item": [{"code": [{"code": "deep"}]}], "code": [{"code": "top"}]}],
            },
            "code",
            [("token", None, "top")],
        ),
        (
            {"resourceType": "Communication", "contained": [{"resourceType": "Patient", "gender": "male"}]},
            "subject",
            [],
        ),
        # texts
        (
            {
                "resourceType": "Patient",
                "name": [
                    {
                        "family": "O’Brien",
                        "given": ["Zoë", None],
                        "_given": [None, {"id": "x"}],
                        "text": "ZOË",
                    }
                ],
            },
            "name",
            [("string", "o'brien", "O’Brien"), ("string", "zoe", "Zoë"), ("string", "zoe", "ZOË")],
        ),
        (
            {
                "resourceType": "Patient",
                "address": [{"line": ["1  Main St"], "city": "Seoul", "use": "home"}],
            },
            "address",
            [("string", "1 main st", "1  Main St"), ("string", "seoul", "Seoul")],
        ),
        # references
        (
            {"resourceType": "Observation", "subject": {"reference": "Patient/1/_history/2"}},
            "patient",
            [("reference", "Patient", "1", None)],
        ),
        ({"resourceType": "Observation", "subject": {"reference": "Group/1"}}, "patient", []),
        (
            {"resourceType": "Observation", "subject": {"reference": "http://a/fhir/Patient/1/_history/2"}},
            "subject",
            [("reference", "Patient", "1", "http://a/fhir/Patient/1")],
        ),
        (
            {"resourceType": "Observation", "subject": {"reference": "urn:uuid:1", "type": "Patient"}},
            "patient",
            [("reference", "Patient", None, "urn:uuid:1")],
        ),
        (
            {
                "resourceType": "Observation",
                "contained": [{"resourceType": "Patient", "id": "p"}],
                "subject": {"reference": "#p", "identifier": {"system": "s", "value": "9"}},
            },
            "patient",
            [("token", "s", "9")],
        ),
        (
            {"resourceType": "Observation", "subject": {"identifier": {"system": "s", "value": "9"}}},
            "subject",
            [("token", "s", "9")],
        ),
        (
            {"resourceType": "QuestionnaireResponse", "questionnaire": "http://a/Questionnaire/q|3"},
            "questionnaire",
            [("reference", "Questionnaire", "q", "http://a/Questionnaire/q")],
        ),
        (
            {
                "resourceType": "Bundle",
                "entry": [
                    {"resource": {"resourceType": "Composition", "id": "c"}},
                    {"resource": {"resourceType": "Patient", "id": "p"}},
                ],
            },
            "composition",
            [("reference", "Composition", "c", None)],
        ),
        # dates
        (
            {"resourceType": "Patient", "birthDate": "1970-01"},
            "birthdate",
            [("date", 0, 31 * 86_400_000 - 1)],
        ),
        (
            {"resourceType": "Encounter", "period": {"start": "1970-01-01"}},
            "date",
            [("date", 0, FAR_FUTURE_MS)],
        ),
        (
            {"resourceType": "Encounter", "period": {"end": "1970-01-01"}},
            "date",
            [("date", FAR_PAST_MS, 86_399_999)],
        ),
        ({"resourceType": "Encounter", "period": {"id": "x"}}, "date", []),
        (
            {"resourceType": "Observation", "effectiveTiming": {"event": ["1970-01-02", "1970-01-01"]}},
            "date",
            [("date", 0, 2 * 86_400_000 - 1)],
        ),
        (
            {
                "resourceType": "Observation",
                "effectiveTiming": {"repeat": {"boundsPeriod": {"start": "1970"}}},
            },
            "date",
            [("date", 0, FAR_FUTURE_MS)],
        ),
        ({"resourceType": "Observation", "effectiveTiming": {"code": {"text": "daily"}}}, "date", []),
        # numbers and quantities
        (
            {"resourceType": "RiskAssessment", "prediction": [{"probabilityDecimal": Decimal("0.10")}]},
            "probability",
            [("number", 0.10, 0.10)],
        ),
        (
            {
                "resourceType": "Observation",
                "valueQuantity": {"value": Decimal("72.5"), "system": "u", "code": "kg", "unit": "kilo"},
            },
            "value-quantity",
            [("quantity", "u", "kg", 72.5, 72.5), ("quantity", None, "kilo", 72.5, 72.5)],
        ),
        (
            {"resourceType": "Observation", "valueQuantity": {"value": 5, "comparator": "<", "unit": "mg"}},
            "value-quantity",
            [("quantity", None, "mg", -math.inf, 5.0)],
        ),
        (
            {"resourceType": "Observation", "valueQuantity": {"value": 5, "comparator": ">="}},
            "value-quantity",
            [("quantity", None, None, 5.0, math.inf)],
        ),
        ({"resourceType": "Observation", "valueQuantity": {"unit": "mg"}}, "value-quantity", []),
        (
            {"resourceType": "Condition", "onsetRange": {"low": {"value": 50, "unit": "a"}}},
            "onset-age",
            [("quantity", None, "a", 50.0, math.inf)],
        ),
        (
            {"resourceType": "Invoice", "totalNet": {"value": Decimal("10.00"), "currency": "KRW"}},
            "totalnet",
            [("quantity", "urn:iso:std:iso:4217", "KRW", 10.0, 10.0)],
        ),
        (
            {
                "resourceType": "Observation",
                "valueSampledData": {
                    "origin": {"value": 10, "unit": "mV"},
                    "factor": 2,
                    "lowerLimit": -3,
                    "upperLimit": 4,
                },
            },
            "value-quantity",
            [("quantity", None, "mV", 4.0, 18.0)],
        ),
        # several values of one element
        (
            {
                "resourceType": "Observation",
                "code": {"coding": [{"code": "1"}, {"system": "s", "code": "2"}]},
                "valueQuantity": {"value": 5, "unit": "mg"},
                "component": [{"code": {"coding": [{"code": "3"}]}, "valueQuantity": {"value": 6}}],
            },
            "code-value-quantity",
            [
                ("compound", None, "1", None, "mg", 5.0, 5.0, None, None),
                ("compound", "s", "2", None, "mg", 5.0, 5.0, None, None),
            ],
        ),
        (
            {
                "resourceType": "Observation",
                "component": [
                    {"code": {"coding": [{"code": "3"}]}, "valueQuantity": {"value": 6}},
                    {"code": {"coding": [{"code": "4"}]}, "valueQuantity": {"value": 7}},
                ],
            },
            "component-code-value-quantity",
            [
                ("compound", None, "3", None, None, 6.0, 6.0, None, None),
                ("compound", None, "4", None, None, 7.0, 7.0, None, None),
            ],
        ),
        (
            {
                "resourceType": "MolecularSequence",
                "referenceSeq": {"chromosome": {"coding": [{"code": "1"}]}},
                "variant": [{"start": 5, "end": 7}],
            },
            "chromosome-variant-coordinate",
            [("compound", None, "1", None, None, 5.0, 5.0, 7.0, 7.0)],
        ),
        # addresses
        ({"resourceType": "ValueSet", "url": "http://a|1"}, "url", [("uri", "http://a|1")]),
        # extensions
        (
            {
                "resourceType": "Observation",
                "extension": [
                    {
                        "url": "http://hl7.org/fhir/StructureDefinition/observation-geneticsGene",
                        "valueCodeableConcept": {"coding": [{"system": "hgnc", "code": "BRCA1"}]},
                    },
                    {"url": "http://other", "valueString": "x"},
                ],
            },
            "gene-identifier",
            [("token", "hgnc", "BRCA1")],
        ),
    ],
)
def test_rows(resource: dict[str, Any], code: str, rows: list[tuple[Any, ...]]) -> None:
    assert found(resource, code) == rows


@pytest.mark.parametrize("resource_type", get_definitions().resource_types)
def test_a_bare_resource_has_no_rows_but_tests(resource_type: str) -> None:
    rows = extract(
        {"resourceType": resource_type, "id": "x", "meta": {"lastUpdated": "2020-01-01T00:00:00Z"}}
    )
    kinds = [kind for kind, _ in rows]
    assert kinds == (["date", "token"] if resource_type == "Patient" else ["date"])
    assert {"_id"} == OUTSIDE


def test_rows_have_the_columns_of_their_kind() -> None:
    widths = {"token": 3, "string": 3, "reference": 4, "date": 3, "number": 3, "quantity": 5, "uri": 2}
    widths["compound"] = 9
    n = 0
    for name, data in list_some(3):
        resource = parse(data)
        rows = extract(resource)
        own = {p.number for p in get_definitions().list_search_parameters(resource["resourceType"])}
        own |= {LIKENESS, REPLACED_BY}
        assert len(rows) == len(set(rows)), name
        for kind, values in rows:
            assert len(values) == widths[kind], (name, kind)
            assert values[0] in own, name
            if kind in ("date", "number", "quantity"):
                assert values[-2] <= values[-1], (name, kind, values)
        n += len(rows)
    assert n > 2_000


def test_rows_are_those_of_the_same_text() -> None:
    for _, data in list_some(3):
        assert extract(parse(data)) == extract(parse(data))


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  Van  der\tBerg ", "van der berg"),
        ("Müller", "muller"),
        ("Ёлкин", "елкин"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Oʻzbekiston", "o'zbekiston"),
        ("O‘zbekiston", "o'zbekiston"),
        ("O'zbekiston", "o'zbekiston"),
        ("김철수", "김철수"),
        ("ＡＢＣ", "abc"),
    ],
)
def test_texts_are_compared_without_case_and_accents(text: str, normal: str) -> None:
    assert normalise(text) == normal


@pytest.mark.slow
@given(st.text())
def test_normal_texts_stay(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def sort(rows: list[IndexRow]) -> list[str]:
    return sorted(repr(row) for row in rows)


def test_order_of_members_does_not_change_the_set_of_rows() -> None:
    for name, data in list_some(2):
        resource = parse(data)
        assert sort(extract(dict(reversed(resource.items())))) == sort(extract(resource)), name


def test_far_ends_are_those_of_the_calendar() -> None:
    assert (find_stretch_ms("0001") or (0,))[0] == FAR_PAST_MS
    assert (find_stretch_ms("9999") or (0,))[-1] == FAR_FUTURE_MS
