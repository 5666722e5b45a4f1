"""What a notification lacks, and where its values contradict each other."""

from collections.abc import Iterator
from typing import Final

from oncopolis.foundation.findings import Finding, Severity
from oncopolis.record.oncology.icdo3 import check_agreement, check_morphology, check_topography
from oncopolis.record.oncology.notification.items import ITEMS, Need
from oncopolis.record.oncology.notification.reading import Case

__all__ = ["check_case"]

_SEVERITIES: Final[dict[Need, Severity]] = {
    "essential": "error",
    "recommended": "warning",
    "optional": "note",
}


def check_case(case: Case) -> list[Finding]:
    """Findings about a case: items that lack, by how much they are needed, then contradictions."""
    return [*_list_missing(case), *_list_contradictions(case)]


def _list_missing(case: Case) -> Iterator[Finding]:
    for item in ITEMS:
        if item.key not in case.values:
            yield Finding(
                rule="notification-item-missing",
                severity=_SEVERITIES[item.need],
                where=item.key,
                message=f"{item.label} is not in the record",
                expected=item.need,
                source=item.source,
                fix=f"record it: {item.place}",
            )


def _list_contradictions(case: Case) -> Iterator[Finding]:
    values = case.values
    checks = {
        "topography": check_topography(values["topography"]).issues if "topography" in values else (),
        "morphology": check_morphology(values["morphology"]).issues if "morphology" in values else (),
        "icd10": check_agreement(values.get("icd10", ""), values.get("morphology", "")),
    }
    for key, issues in checks.items():
        for issue in issues:
            yield Finding(
                rule=issue.rule, severity="warning", where=key, message=str(issue), actual=issue.got,
                expected=issue.expected, fix="code it in ICD-O-3, and alike in both",
            )  # fmt: skip
    if values.get("birth_date", "") > values.get("incidence_date", "9"):
        yield Finding(
            rule="notification-dates", severity="error", where="incidence_date",
            message="the cancer was found before the patient was born", fix="correct one of the dates",
        )  # fmt: skip
    if "death_date" in values and values["death_date"] < values.get("incidence_date", ""):
        yield Finding(
            rule="notification-dates", severity="warning", where="death_date",
            message="the cancer was found after the patient had died", fix="confirm the dates",
        )  # fmt: skip
