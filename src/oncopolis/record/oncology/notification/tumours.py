"""Which conditions of a patient are primary cancers, in the order they were found."""

from collections.abc import Iterable

from oncopolis.record.oncology.icd10 import find_group, parse_icd10
from oncopolis.record.oncology.notification.values import (
    Resource,
    find_code,
    find_extension,
    list_codings,
    list_profiles,
)
from oncopolis.record.oncology.systems import ICD10

__all__ = ["find_incidence_date", "list_tumours"]

_ASSERTED = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate"
_WRONG = ("entered-in-error", "refuted")
_NOT_PRIMARY = ("secondary", "benign")


def list_tumours(resources: Iterable[Resource]) -> list[Resource]:
    """Return the primary cancers: by mCODE's profile, or by ICD-10 (C00-C97, D00-D09, D37-D48)."""
    found = [one for one in resources if one.get("resourceType") == "Condition" and _is_primary(one)]
    return sorted(found, key=lambda one: (find_incidence_date(one) or "9", str(one.get("id"))))


def find_incidence_date(condition: Resource) -> str | None:
    """Return when a cancer was found: asserted, else its onset, else recorded."""
    asserted = find_extension(condition, _ASSERTED) or {}
    onset = condition.get("onsetDateTime") or condition.get("onsetPeriod", {}).get("start")
    found = asserted.get("valueDateTime") or onset or condition.get("recordedDate")
    return str(found)[: len("2000-01-01")] if found else None


def _is_primary(condition: Resource) -> bool:
    codes = {code for _, code, _ in list_codings(condition.get("verificationStatus"))}
    if codes & set(_WRONG):
        return False
    if "primary-cancer-condition" in list_profiles(condition):
        return True
    parsed = parse_icd10(find_code(condition.get("code"), (ICD10,)) or "")
    group = find_group(parsed) if parsed else None
    return group is not None and group.nature not in _NOT_PRIMARY
