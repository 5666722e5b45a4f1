"""Every rule of the checks: what keeps it, and what breaks it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncopolis.record.fhir.checking import MAX_ISSUES, check_resource
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.primitives import PRIMITIVES

CODE = {"coding": [{"system": "s", "code": "c"}]}
EXTENSION = {"url": "http://x", "valueString": "x"}
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">x</div>'


def patient(**members: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", **members}


def observation(**members: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "status": "final", "code": CODE, **members}


def told(resource: Any) -> list[tuple[str, str]]:
    return [(issue.path, issue.code) for issue in check_resource(resource)]


@pytest.mark.parametrize(
    "resource",
    [
        patient(),
        patient(id="a-1.b", active=True, birthDate="1970-02", deceasedDateTime="2020-01-01T10:00:00+05:00"),
        patient(name=[{"family": "Ли", "given": ["A", "B"]}]),
        patient(name=[{"given": [None, "B"], "_given": [{"extension": [EXTENSION]}, None]}]),
        patient(name=[{"given": ["A", "B"], "_given": [None, {"id": "x"}]}]),
        patient(name=[{"_given": [{"extension": [EXTENSION]}]}]),
        patient(_birthDate={"extension": [EXTENSION]}),
        patient(birthDate="1970-01-01", _birthDate={"id": "b"}),
        patient(extension=[{"url": "http://x", "extension": [{"url": "y", "_valueDate": {"id": "z"}}]}]),
        patient(contained=[{"resourceType": "Organization", "id": "o", "name": "x"}]),
        patient(text={"status": "generated", "div": DIV}),
        observation(valueQuantity={"value": Decimal("72.50"), "unit": "kg"}),
        observation(valueQuantity={"value": 72}, component=[{"code": CODE, "valueInteger": -3}]),
        observation(_status={"extension": [EXTENSION]}),
        {"resourceType": "Observation", "_status": {"extension": [EXTENSION]}, "code": CODE},
        observation(valueDateTime="2020", _valueDateTime={"id": "x"}),
        observation(component=[{"code": CODE, "referenceRange": [{"text": "x"}]}]),
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": observation()}, {"resource": patient(gender="male")}],
        },
        {
            "resourceType": "Parameters",
            "parameter": [{"name": "a", "part": [{"name": "b", "resource": patient()}]}],
        },
        {"resourceType": "Binary", "contentType": "text/plain", "data": "aGVsbG8="},
    ],
)
def test_sound_resources(resource: dict[str, Any]) -> None:
    assert check_resource(resource) == []


@pytest.mark.parametrize(
    ("resource", "faults"),
    [
        # the whole
        (None, [("", "structure")]),
        ([], [("", "structure")]),
        ({}, [("resourceType", "structure")]),
        ({"resourceType": "Pacient"}, [("resourceType", "structure")]),
        ({"resourceType": "DomainResource"}, [("resourceType", "structure")]),
        ({"resourceType": "HumanName"}, [("resourceType", "structure")]),
        ({"resourceType": ["Patient"]}, [("resourceType", "structure")]),
        # unknown members
        (patient(nom="x"), [("Patient.nom", "structure")]),
        (patient(name=[{"famly": "x"}]), [("Patient.name[0].famly", "structure")]),
        (patient(deceased=True), [("Patient.deceased", "structure")]),
        (patient(deceasedDate="2020"), [("Patient.deceasedDate", "structure")]),
        (
            patient(name=[{"family": "x", "resourceType": "HumanName"}]),
            [("Patient.name[0].resourceType", "structure")],
        ),
        (patient(_id={"id": "x"}), [("Patient._id", "structure")]),
        (patient(_name=[{"id": "x"}]), [("Patient._name", "structure")]),
        # JSON types
        (patient(active="true"), [("Patient.active", "structure")]),
        (patient(active=None), [("Patient.active", "structure")]),
        (patient(birthDate=1970), [("Patient.birthDate", "structure")]),
        (patient(birthDate=["1970"]), [("Patient.birthDate", "structure")]),
        (patient(name={"family": "x"}), [("Patient.name", "structure")]),
        (patient(name=["x"]), [("Patient.name[0]", "structure")]),
        (patient(name=[None]), [("Patient.name[0]", "structure")]),
        (patient(name=[{"given": "x"}]), [("Patient.name[0].given", "structure")]),
        (patient(maritalStatus=[CODE]), [("Patient.maritalStatus", "structure")]),
        (patient(multipleBirthInteger=Decimal("1.0")), [("Patient.multipleBirthInteger", "structure")]),
        (patient(multipleBirthInteger=True), [("Patient.multipleBirthInteger", "structure")]),
        (observation(valueQuantity={"value": "1"}), [("Observation.valueQuantity.value", "structure")]),
        # emptiness
        (patient(name=[]), [("Patient.name", "structure")]),
        (patient(name=[{}]), [("Patient.name[0]", "structure")]),
        (patient(maritalStatus={}), [("Patient.maritalStatus", "structure")]),
        (patient(name=[{"given": []}]), [("Patient.name[0].given", "structure")]),
        (patient(name=[{"family": ""}]), [("Patient.name[0].family", "value")]),
        # cardinality
        (
            {"resourceType": "Observation"},
            [("Observation.status", "required"), ("Observation.code", "required")],
        ),
        (observation(component=[{"valueString": "x"}]), [("Observation.component[0].code", "required")]),
        (patient(link=[{"type": "refer"}]), [("Patient.link[0].other", "required")]),
        (
            {
                "resourceType": "MedicationRequest",
                "status": "active",
                "intent": "order",
                "subject": {"display": "x"},
            },
            [("MedicationRequest.medication", "required")],
        ),
        # choices
        (
            patient(deceasedBoolean=True, deceasedDateTime="2020"),
            [("Patient.deceased[x]", "structure")],
        ),
        (
            observation(valueString="x", _valueInteger={"id": "x"}),
            [("Observation.value[x]", "structure")],
        ),
        # formats
        (patient(id="a_b"), [("Patient.id", "value")]),
        (patient(birthDate="1970-02-30"), [("Patient.birthDate", "value")]),
        (patient(meta={"lastUpdated": "2020-01-01"}), [("Patient.meta.lastUpdated", "value")]),
        (patient(meta={"profile": ["a b"]}), [("Patient.meta.profile[0]", "value")]),
        # required codes
        (patient(gender="m"), [("Patient.gender", "code-invalid")]),
        (patient(name=[{"use": "officially"}]), [("Patient.name[0].use", "code-invalid")]),
        # nulls and the extensions of primitives
        (patient(name=[{"given": [None]}]), [("Patient.name[0].given[0]", "structure")]),
        (patient(name=[{"given": ["A", None]}]), [("Patient.name[0].given[1]", "structure")]),
        (
            patient(name=[{"given": ["A", None], "_given": [{"id": "x"}, None]}]),
            [("Patient.name[0].given[1]", "structure")],
        ),
        (
            patient(name=[{"given": ["A", "B"], "_given": [{"id": "x"}]}]),
            [("Patient.name[0]._given", "structure")],
        ),
        (patient(name=[{"given": ["A"], "_given": [None]}]), [("Patient.name[0]._given", "structure")]),
        (patient(name=[{"given": ["A"], "_given": {"id": "x"}}]), [("Patient.name[0]._given", "structure")]),
        (patient(name=[{"_given": [{"id": "x"}, None]}]), [("Patient.name[0]._given[1]", "structure")]),
        (patient(_birthDate=None), [("Patient._birthDate", "structure")]),
        (patient(_birthDate={}), [("Patient._birthDate", "structure")]),
        (patient(_birthDate=[{"id": "x"}]), [("Patient._birthDate", "structure")]),
        (patient(_birthDate={"value": "1970"}), [("Patient._birthDate.value", "structure")]),
        # extensions
        (patient(extension=[{"valueString": "x"}]), [("Patient.extension[0].url", "required")]),
        (patient(extension=[{"url": "http://x"}]), [("Patient.extension[0]", "invariant")]),
        (
            patient(extension=[{**EXTENSION, "extension": [EXTENSION]}]),
            [("Patient.extension[0]", "invariant")],
        ),
        (
            patient(extension=[{**EXTENSION, "valueCode": "x"}]),
            [("Patient.extension[0].value[x]", "structure")],
        ),
        (
            patient(extension=[{**EXTENSION, "_url": {"id": "x"}}]),
            [("Patient.extension[0]._url", "structure")],
        ),
        (
            patient(modifierExtension=[{"url": "http://x", "valueDate": "x"}]),
            [("Patient.modifierExtension[0].valueDate", "value")],
        ),
        # resources within resources
        (patient(contained=[{"id": "x"}]), [("Patient.contained[0].resourceType", "structure")]),
        (patient(contained=["x"]), [("Patient.contained[0]", "structure")]),
        (
            patient(contained=[patient(contained=[patient(id="y")])]),
            [("Patient.contained[0].contained", "invariant")],
        ),
        (patient(contained=[patient(active=1)]), [("Patient.contained[0].active", "structure")]),
        (
            {"resourceType": "Bundle", "type": "batch", "entry": [{"resource": patient(active=1)}]},
            [("Bundle.entry[0].resource.active", "structure")],
        ),
        # elements that refer to others
        (
            {
                "resourceType": "Questionnaire",
                "status": "draft",
                "item": [{"linkId": "1", "type": "group", "item": [{"linkId": "2"}]}],
            },
            [("Questionnaire.item[0].item[0].type", "required")],
        ),
        (
            observation(component=[{"code": CODE, "referenceRange": [{"txt": "x"}]}]),
            [("Observation.component[0].referenceRange[0].txt", "structure")],
        ),
        # narratives
        (patient(text={"status": "generated"}), [("Patient.text.div", "required")]),
        (patient(text={"status": "generated", "div": "x"}), [("Patient.text.div", "value")]),
        (patient(text={"status": "x", "div": DIV}), [("Patient.text.status", "code-invalid")]),
    ],
)
def test_what_breaks_a_rule(resource: Any, faults: list[tuple[str, str]]) -> None:
    assert told(resource) == faults


GOOD: Mapping[str, list[Any]] = {
    "base64Binary": ["aGVsbG8=", "aGVs\nbG8=", "AA=="],
    "boolean": [True, False],
    "canonical": ["http://x|1.0", "#a", "ValueSet/x"],
    "code": ["a", "a b", "<=", "ж"],
    "date": ["1970", "1970-01", "2024-02-29"],
    "dateTime": ["1970", "2024-02-29T23:59:60.123456Z"],
    "decimal": [0, -1, Decimal("1.50"), 1.5],
    "id": ["a", "A-.9", "x" * 64],
    "instant": ["2024-02-29T00:00:00.001+05:00"],
    "integer": [0, -(2**31), 2**31 - 1],
    "markdown": ["# x\n\n* y"],
    "oid": ["urn:oid:1.2.840.10008", "urn:oid:2.0"],
    "positiveInt": [1, 2**31 - 1],
    "string": [" ", "a\tb\r\nc", "한국어", "x" * 1_048_576],
    "time": ["00:00:00", "23:59:60.5"],
    "unsignedInt": [0, 2**31 - 1],
    "uri": ["urn:x:1", "a"],
    "url": ["http://x/y?z=1"],
    "uuid": ["urn:uuid:c757873d-ec9a-4326-a141-556f43239520"],
    "xhtml": [DIV, '<div xmlns="http://www.w3.org/1999/xhtml"><img src="a.png" alt="b"/></div>'],
}
BAD: Mapping[str, list[Any]] = {
    "base64Binary": ["", " ", "a", "aGVsbG8", "aGVs*bG8=", "=AAA", "aGVsbG8=x", 1],
    "boolean": ["true", 0, 1, None],
    "canonical": ["", "a b", 1],
    "code": ["", " a", "a ", "a  b", "a\nb", 1],
    "date": ["", "1970-1", "2023-02-29", "2024-02-29T00:00:00Z", "0000", 1970],
    "dateTime": ["", "2024-02-29T10:00", "2024-02-29T10:00:00", "2023-02-29T10:00:00Z"],
    "decimal": ["1", True, None, float("nan"), float("inf")],
    "id": ["", "a b", "a_b", "x" * 65, "ж", "a\n", 1],
    "instant": ["2024-02-29", "2024", "2024-02-29T00:00:00"],
    "integer": [2**31, -(2**31) - 1, "1", Decimal(1), 1.0, True],
    "markdown": ["", "a\x01"],
    "oid": ["1.2.3", "urn:oid:3.1", "urn:oid:1.02"],
    "positiveInt": [0, -1, 2**31, "1", True],
    "string": ["", "a\x00b", "\x1f", "x" * 1_048_577, 1, None],
    "time": ["24:00:00", "10:00", "10:00:00Z", "1:00:00"],
    "unsignedInt": [-1, 2**31, False],
    "uri": ["", "a b", "a\n"],
    "url": ["", "http://x y"],
    "uuid": ["c757873d-ec9a-4326-a141-556f43239520", "urn:uuid:C757873D-EC9A-4326-A141-556F43239520"],
    "xhtml": ["x", "<div>x</div>", 1],
}


def test_every_primitive_of_the_definitions_is_tested() -> None:
    table = {name for name in PRIMITIVES if get_definitions().get_type(name).is_primitive}
    assert table == set(PRIMITIVES) == set(GOOD) == set(BAD)
    used = {
        of_type
        for t in get_definitions().resource_types
        for _, of_type in get_definitions().get_type(t).members.values()
    }
    assert {name for name in used if name.islower() or name[0].islower()} <= set(PRIMITIVES)


@pytest.mark.parametrize(
    ("name", "value"), [(n, v) for n, values in GOOD.items() for v in values], ids=lambda v: str(v)[:20]
)
def test_values_that_are(name: str, value: Any) -> None:
    assert PRIMITIVES[name].is_valid(value)


@pytest.mark.parametrize(
    ("name", "value"), [(n, v) for n, values in BAD.items() for v in values], ids=lambda v: str(v)[:20]
)
def test_values_that_are_not(name: str, value: Any) -> None:
    assert not PRIMITIVES[name].is_valid(value)


def test_a_fault_says_what_is_expected_and_what_was_found() -> None:
    (fault,) = check_resource(patient(gender="m"))
    assert fault.expected == "one of female, male, other, unknown"
    assert fault.got == "m"
    (fault,) = check_resource(patient(birthDate="x" * 100))
    assert fault.got == "x" * 60 + "…"
    assert "YYYY-MM-DD" in fault.expected
    (fault,) = check_resource(patient(active={}))
    assert (fault.expected, fault.got) == ("true or false", "an empty object")


def test_many_faults_are_told_up_to_a_limit() -> None:
    faults = check_resource(patient(name=[{"use": "x"}] * 1_000))
    assert len(faults) == MAX_ISSUES


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(Decimal("1.5")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "extension",
                    "url",
                    "value",
                    "valueString",
                    "_valueString",
                    "given",
                    "_given",
                    "resourceType",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@pytest.mark.slow
@given(
    st.dictionaries(
        st.sampled_from([*get_definitions().get_type("Patient").members, "_birthDate", "x"]), junk
    )
)
def test_any_json_is_checked_without_an_error(members: dict[str, Any]) -> None:
    for fault in check_resource({**members, "resourceType": "Patient"}):
        assert fault.path.startswith("Patient")
        assert fault.expected
        assert fault.code in {"structure", "required", "value", "code-invalid", "invariant"}
