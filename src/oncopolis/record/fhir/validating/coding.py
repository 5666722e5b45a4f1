"""Codes and numbers that their form, check digit or each other show to be mistyped: warnings."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from oncopolis.record.fhir.validating.profiles import CANONICAL
from oncopolis.record.fhir.validating.remarks import Remark
from oncopolis.record.fhir.validating.walking import Spot
from oncopolis.record.oncology import IDENTIFIERS, SYSTEMS, Issue, check_agreement
from oncopolis.record.oncology.notification.values import find_code, find_extension
from oncopolis.record.oncology.systems import ICD10, ICDO3

__all__ = ["check_coding"]


def check_coding(spots: Iterable[Spot]) -> Iterator[Remark]:
    """Yield a warning for what cannot be a code or number of its system, and for codes that disagree."""
    for spot in spots:
        if spot.value is None:
            continue
        if spot.type == "Coding" and "code" in spot.value:
            check = SYSTEMS.get(spot.value.get("system", ""))
            if check is not None:
                yield from _warn(check(spot.value["code"]).issues, spot, "code")
        elif spot.type == "Identifier" and "value" in spot.value:
            number = IDENTIFIERS.get(spot.value.get("system", ""))
            if number is not None:
                yield from _warn(number(spot.value["value"]).issues, spot, "value")
        elif spot.type == "Condition":
            yield from _warn(_find_disagreement(spot.value), spot, "code")


def _find_disagreement(condition: Mapping[str, Any]) -> tuple[Issue, ...]:
    """Tell whether ICD-10 and the morphology of a cancer speak of different kinds of neoplasm."""
    told = find_extension(condition, f"{CANONICAL}mcode-histology-morphology-behavior") or {}
    icd10 = find_code(condition.get("code"), (ICD10,))
    morphology = find_code(told.get("valueCodeableConcept"), (ICDO3,))
    return check_agreement(icd10, morphology) if icd10 and morphology else ()


def _warn(issues: Iterable[Issue], spot: Spot, member: str) -> Iterator[Remark]:
    for issue in issues:
        yield Remark("warning", "code-invalid", f"{spot.place}.{member}", issue.rule, str(issue))
