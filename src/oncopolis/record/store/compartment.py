"""Whose record it is: the patient whose key seals it."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from oncopolis.foundation.errors import InputError
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.rows import IndexRow


def find_patient(resource: Mapping[str, Any], rows: Sequence[IndexRow]) -> str | None:
    """Id of the patient, or of the first of several, a record belongs to; of itself if it is one."""
    type_ = resource["resourceType"]
    if type_ == "Patient":
        return str(resource["id"])
    numbers = list_numbers(type_)
    for kind, values in rows:
        if kind == "reference":
            number, target, id_, url = values
            if target == "Patient" and url is None and number in numbers:
                return str(id_)
    return None


@cache
def list_numbers(type_: str) -> frozenset[int]:
    """Numbers of the search parameters that tie records of a type to a patient."""
    definitions = get_definitions()
    codes = definitions.patient_parameters(type_)
    return frozenset(one.number for one in definitions.list_search_parameters(type_) if one.code in codes)


@cache
def get_parameter(type_: str, code: str) -> int:
    """Number of a search parameter in the index tables."""
    definitions = get_definitions()
    found = definitions.find_search_parameter(type_, code)
    if found is None:
        known = ", ".join(one.code for one in definitions.list_search_parameters(type_))
        raise InputError(
            code="REC-071",
            where=f"{type_}?{code}",
            got="a search parameter that is not known",
            expected=f"one of {known}",
            fix="see the CapabilityStatement",
        )
    return found.number
