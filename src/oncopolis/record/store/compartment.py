"""Whose record it is: the patient whose key seals it, and who decides who may see it."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from oncopolis.foundation.errors import InputError
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.rows import IndexRow


def find_patient(resource: Mapping[str, Any], rows: Sequence[IndexRow]) -> str | None:
    """Id of the patient a record is about; of the first of several; of itself if it is one."""
    type_ = resource["resourceType"]
    if type_ == "Patient":
        return str(resource["id"])
    ranks, best, found = rank_parameters(type_), _NONE, None
    for kind, values in rows:
        if kind == "reference" and ranks.get(values[0], _NONE) < best:
            number, target, id_, url = values
            if target == "Patient" and url is None:
                best, found = ranks[number], str(id_)
    return found


_ABOUT, _NEAR, _NONE = 0, 1, 2


@cache
def rank_parameters(type_: str) -> Mapping[int, int]:
    """Numbers of the parameters that tie records of a type to a patient; the lowest rank goes first.

    Whom a record is about goes before who else took part in it; and some types that FHIR does not count into
    the compartment of a patient are about one all the same, such as Task.
    """
    definitions = get_definitions()
    near = definitions.patient_parameters(type_)
    return {
        one.number: _ABOUT if one.code in {"patient", "subject"} else _NEAR
        for one in definitions.list_search_parameters(type_)
        if one.type == "reference" and (one.code in {"patient", "subject"} or one.code in near)
    }


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
