"""The table of FHIR R4 says what the specification says, and comes from the official package."""

import gzip
from importlib.resources import files

import pytest
from tests.unit.record.fhir.examples import find_package

import make_fhir_definitions
from oncopolis.foundation.errors import NotFoundError
from oncopolis.record.fhir.definitions import Definitions, get_definitions


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return get_definitions()


def test_the_resources_of_r4(definitions: Definitions) -> None:
    assert len(definitions.resource_types) == 146
    assert definitions.is_resource_type("Patient")
    assert not definitions.is_resource_type("DomainResource")
    assert not definitions.is_resource_type("HumanName")


def test_elements_are_inherited_first(definitions: Definitions) -> None:
    patient = definitions.get_type("Patient")
    assert list(patient.elements)[:9] == [
        "id",
        "meta",
        "implicitRules",
        "language",
        "text",
        "contained",
        "extension",
        "modifierExtension",
        "identifier",
    ]
    name = patient.elements["name"]
    assert (name.types, name.min, name.max, name.is_summary) == (("HumanName",), 0, None, True)
    assert patient.elements["contact"].types == ("Patient.contact",)
    assert "modifierExtension" in definitions.get_type("Patient.contact").elements
    assert patient.elements["generalPractitioner"].targets == (
        "Organization",
        "Practitioner",
        "PractitionerRole",
    )


def test_choices_are_members_by_type(definitions: Definitions) -> None:
    observation = definitions.get_type("Observation")
    element, of_type = observation.members["valueDateTime"]
    assert (element.name, element.is_choice, of_type) == ("value", True, "dateTime")
    assert "value" not in observation.members


def test_elements_that_refer_to_others(definitions: Definitions) -> None:
    assert definitions.get_type("Questionnaire.item").elements["item"].types == ("Questionnaire.item",)
    assert definitions.get_type("Observation.component").elements["referenceRange"].types == (
        "Observation.referenceRange",
    )


def test_required_codes_and_their_system(definitions: Definitions) -> None:
    codes = definitions.get_type("Patient").elements["gender"].codes
    assert codes is not None
    assert codes.codes == {"male", "female", "other", "unknown"}
    assert codes.system == "http://hl7.org/fhir/administrative-gender"
    assert definitions.get_type("Attachment").elements["contentType"].codes is None


def test_plain_values_and_ids(definitions: Definitions) -> None:
    assert definitions.get_type("Extension").elements["url"].is_plain
    assert definitions.get_type("Patient").elements["id"].types == ("id",)
    assert definitions.get_type("HumanName").elements["id"].types == ("string",)


def test_specialised_types(definitions: Definitions) -> None:
    assert definitions.is_a("Age", "Quantity")
    assert definitions.is_a("Patient", "Resource")
    assert not definitions.is_a("Binary", "DomainResource")
    assert list(definitions.get_type("Age").elements) == list(definitions.get_type("Quantity").elements)
    assert definitions.get_type("code").is_primitive


def test_unknown_types_are_told(definitions: Definitions) -> None:
    with pytest.raises(NotFoundError, match="REC-001"):
        definitions.get_type("Pacient")


def test_search_parameters_have_numbers_of_their_own(definitions: Definitions) -> None:
    parameters = [p for t in definitions.resource_types for p in definitions.list_search_parameters(t)]
    numbers = [p.number for p in parameters]
    assert sorted(numbers) == list(range(1, len(parameters) + 1))
    assert len({(p.resource_type, p.code) for p in parameters}) == len(parameters)
    patient = definitions.find_search_parameter("Observation", "patient")
    assert patient is not None
    assert (patient.type, "Observation.subject" in patient.expression) == ("reference", True)
    assert definitions.find_search_parameter("Observation", "pacient") is None
    assert definitions.list_search_parameters("HumanName") == ()


def test_numbers_stay(definitions: Definitions) -> None:
    """Index rows in databases hold these numbers: they may never change."""
    numbers = {
        (resource_type, code): parameter.number
        for resource_type, code in [
            ("Account", "_id"),
            ("Patient", "identifier"),
            ("VisionPrescription", "status"),
        ]
        if (parameter := definitions.find_search_parameter(resource_type, code))
    }
    assert numbers == {
        ("Account", "_id"): 1,
        ("Patient", "identifier"): 1833,
        ("VisionPrescription", "status"): 2582,
    }


def test_composites_name_their_parts(definitions: Definitions) -> None:
    composite = definitions.find_search_parameter("Observation", "code-value-quantity")
    assert composite is not None
    assert composite.components == (("code", "code"), ("value-quantity", "value.as(Quantity)"))


def test_the_patient_compartment(definitions: Definitions) -> None:
    assert definitions.patient_parameters("Observation") == ("subject", "performer")
    assert definitions.patient_parameters("Location") == ()
    for resource_type in definitions.resource_types:
        for code in definitions.patient_parameters(resource_type):
            parameter = definitions.find_search_parameter(resource_type, code)
            assert parameter is not None
            assert parameter.type == "reference", (resource_type, code)


def test_the_table_is_what_the_script_makes_of_the_package() -> None:
    package = find_package()
    made = make_fhir_definitions.make_definitions(
        make_fhir_definitions.read_package(package), provenance=make_fhir_definitions.read_provenance(package)
    )
    packed = (files("oncopolis.record.fhir") / "definitions.json.gz").read_bytes()
    assert gzip.decompress(packed) == gzip.decompress(make_fhir_definitions.to_bytes(made))
    assert packed[4:8] == bytes(4), "a time of writing"


def test_the_table_says_where_it_is_from(definitions: Definitions) -> None:
    assert definitions.provenance["name"] == "hl7.fhir.r4.examples"
    assert definitions.provenance["version"] == "4.0.1"
    assert definitions.provenance["license"] == "CC0-1.0"
