"""Compiled search parameters give what a FHIRPath engine gives."""

import json
import re
from functools import cache
from typing import Any

import pytest
from fhirpathpy import compile as compile_fhirpath
from fhirpathpy.engine.nodes import ResourceNode
from fhirpathpy.models import models
from tests.unit.record.fhir.examples import iterate_examples, list_some

from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.paths import (
    HasExtension,
    IsSet,
    PointsAt,
    Route,
    Step,
    UnknownPath,
    compile_path,
    find_values,
)
from oncopolis.record.fhir.text import parse

PER_TYPE = 12


class Engine:
    """fhirpathpy, told what it does not know: what references point at, and that resources are `Resource`."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}
        self._options = {"userInvocationTable": {"resolve": {"fn": self._resolve, "arity": {0: []}}}}

    def evaluate(self, expression: str, resource: dict[str, Any]) -> list[Any]:
        self._root = resource
        return self._compile(adapt(expression, resource["resourceType"]))(resource)  # type: ignore[no-any-return]

    @cache  # noqa: B019 - one engine lives as long as the tests
    def _compile(self, expression: str) -> Any:
        return compile_fhirpath(expression, models["r4"], self._options)

    def _resolve(self, references: list[Any]) -> list[Any]:
        kinds = [kind for reference in references if (kind := self._get_type(reference))]
        return [ResourceNode({"resourceType": kind}, kind) for kind in kinds]  # type: ignore[no-untyped-call]

    def _get_type(self, reference: dict[str, Any]) -> Any:
        text = reference.get("reference")
        if text is None:
            return None
        if text.startswith("#"):
            return {r["id"]: r["resourceType"] for r in self._root.get("contained", [])}.get(text[1:])
        parts = text.split("/_history/")[0].split("/")
        is_known = len(parts) > 1 and parts[-2] in get_definitions().resource_types
        return parts[-2] if is_known else reference.get("type")


def adapt(expression: str, resource_type: str) -> str:
    """``as`` of many values, bases of resources and ``hasExtension`` in words the engine has."""
    expression = re.sub(r"\((\S+) as (\w+)\)", r"\1.ofType(\2)", expression).replace(".as(", ".ofType(")
    expression = re.sub(r"hasExtension\(('[^']*')\)", r"extension(\1).exists()", expression)
    return re.sub(r"\b(Resource|DomainResource)\.", f"{resource_type}.", expression)


ENGINE = Engine()


def list_ours(expression: str, resource: dict[str, Any]) -> list[Any]:
    compiled = compile_path(expression, resource["resourceType"])
    if isinstance(compiled, IsSet):
        return [any(value is not False for _, value in find_values(resource, compiled.routes))]
    return [value for _, value in find_values(resource, compiled)]


def to_keys(values: list[Any]) -> set[str]:
    return {json.dumps(value, sort_keys=True, default=str) for value in values}


def compare(data: bytes) -> int:
    resource = parse(data)
    n = 0
    for parameter in get_definitions().list_search_parameters(resource["resourceType"]):
        theirs = ENGINE.evaluate(parameter.expression, resource)
        ours = list_ours(parameter.expression, resource)
        assert to_keys(ours) == to_keys(theirs), f"{parameter.resource_type} {parameter.code}"
        n += len(ours)
    return n


def test_examples_give_what_a_fhirpath_engine_gives() -> None:
    assert sum(compare(data) for _, data in list_some(PER_TYPE)) > 9_000


@pytest.mark.soak
def test_all_examples_give_what_a_fhirpath_engine_gives() -> None:
    assert sum(compare(data) for _, data in iterate_examples()) > 100_000


def test_every_search_parameter_of_every_type_compiles() -> None:
    definitions = get_definitions()
    for resource_type in definitions.resource_types:
        for parameter in definitions.list_search_parameters(resource_type):
            assert compile_path(parameter.expression, resource_type), parameter


@pytest.mark.parametrize(
    ("expression", "resource_type", "routes"),
    [
        ("Patient.birthDate", "Patient", [Route((Step("birthDate"),), "date")]),
        ("Patient.birthDate", "Person", []),
        ("Resource.id", "Binary", [Route((Step("id"),), "id")]),
        ("DomainResource.text", "Binary", []),
        ("name | name", "InsurancePlan", [Route((Step("name"),), "string")]),
        ("Goal.start.as(date)", "Goal", [Route((Step("startDate"),), "date")]),
        ("(Goal.start as date)", "Goal", [Route((Step("startDate"),), "date")]),
        ("Goal.start.ofType(date)", "Goal", [Route((Step("startDate"),), "date")]),
        (
            "Goal.start",
            "Goal",
            [Route((Step("startDate"),), "date"), Route((Step("startCodeableConcept"),), "CodeableConcept")],
        ),
        (
            "Account.subject.where(resolve() is Patient)",
            "Account",
            [Route((Step("subject", PointsAt("Patient")),), "Reference")],
        ),
        (
            "Bundle.entry[0].resource",
            "Bundle",
            [Route((Step("entry", index=0), Step("resource")), "Resource")],
        ),
        (
            "Patient.name.where(hasExtension('u')).family",
            "Patient",
            [Route((Step("name", HasExtension("u")), Step("family")), "string")],
        ),
    ],
)
def test_routes(expression: str, resource_type: str, routes: list[Route]) -> None:
    assert compile_path(expression, resource_type) == tuple(routes)


def test_codes_carry_the_system_they_do_not_write() -> None:
    assert compile_path("Patient.gender", "Patient") == (
        Route((Step("gender"),), "code", "http://hl7.org/fhir/administrative-gender"),
    )


@pytest.mark.parametrize(
    "expression",
    [
        "Patient.nothing",
        "Patient.name.first()",
        "Patient.name.where(use = 3)",
        "Patient.name.extension(url)",
        "Patient.name +",
        "Patient.name )",
        "(Patient.name",
        "Patient.name[x",
        "Patient.name.exists()",
        "Patient.name.exists() and Patient.photo != false",
        "Patient.name.exists() or Patient.name != false",
        "Patient.name.where(resolve() as Patient)",
        "",
    ],
)
def test_what_is_not_known_is_refused(expression: str) -> None:
    with pytest.raises(UnknownPath, match="REC-003"):
        compile_path(expression, "Patient")
