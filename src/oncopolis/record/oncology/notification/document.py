"""Cases as one FHIR document: a Composition that shows the form, and the records it is from."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from oncopolis.foundation.findings import Finding
from oncopolis.record.oncology.notification.items import ITEMS, SECTIONS
from oncopolis.record.oncology.notification.reading import Case
from oncopolis.record.oncology.notification.values import Resource

__all__ = ["CANCER_EVENT_REPORT", "make_document"]

CANCER_EVENT_REPORT: Final = "72134-0"
"""LOINC code of the kind of document."""

_XHTML: Final = "http://www.w3.org/1999/xhtml"
_SYSTEM: Final = "urn:oncopolis:cancer-notification"


def make_document(
    cases: Sequence[Case], findings: Sequence[Sequence[Finding]], *, base: str, at: str
) -> dict[str, Any]:
    """Return a Bundle of type document.

    Parameters
    ----------
    cases
        At least one, all of one patient.
    findings
        Of each case, in the same order.
    base
        Address the records have: ``base/Patient/1``.
    at
        When it is put together, as an instant.
    """
    patient = cases[0].used[0]
    records = list({_name(one): one for case in cases for one in case.used}.values())
    versions = sorted(f"{_name(one)}/{one.get('meta', {}).get('versionId', '')}" for one in records)
    id_ = uuid5(NAMESPACE_URL, "\n".join((base, *versions)))
    sections = [
        section
        for number, (case, found) in enumerate(zip(cases, findings, strict=True), start=1)
        for section in _make_sections(case, found, f" of cancer {number}" if len(cases) > 1 else "")
    ]
    author = next((case.used[1].get("asserter") for case in cases if case.used[1].get("asserter")), None)
    composition = {
        "resourceType": "Composition",
        "id": str(id_),
        "text": _make_text("Cancer notification"),
        "status": "final",
        "type": {"coding": [{"system": "http://loinc.org", "code": CANCER_EVENT_REPORT}]},
        "subject": {"reference": _name(patient)},
        "date": at,
        "author": [author or patient.get("managingOrganization") or {"display": "not in the record"}],
        "title": "Cancer notification",
        "section": sections,
    }
    return {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": _SYSTEM, "value": str(id_)},
        "timestamp": at,
        "entry": [
            {"fullUrl": f"urn:uuid:{id_}", "resource": composition},
            *({"fullUrl": f"{base}/{_name(one)}", "resource": one} for one in records),
        ],
    }


def _make_sections(case: Case, findings: Iterable[Finding], suffix: str) -> Iterable[dict[str, Any]]:
    for name in SECTIONS:
        rows = [
            (one.label, case.values[one.key])
            for one in ITEMS
            if one.section == name and one.key in case.values
        ]
        if rows:
            section = {"title": f"{name.capitalize()}{suffix}", "text": _make_table(rows)}
            yield section | ({"entry": [{"reference": _name(case.used[1])}]} if name == "tumour" else {})
    lacking = [(f"{one.severity}: {one.where}", one.message) for one in findings]
    if lacking:
        yield {"title": f"To be mended{suffix}", "text": _make_table(lacking)}


def _make_table(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    cells = "".join(f"<tr><th>{escape(label)}</th><td>{escape(value)}</td></tr>" for label, value in rows)
    return {"status": "generated", "div": f'<div xmlns="{_XHTML}"><table>{cells}</table></div>'}


def _make_text(text: str) -> dict[str, str]:
    return {"status": "generated", "div": f'<div xmlns="{_XHTML}"><p>{escape(text)}</p></div>'}


def _name(resource: Resource) -> str:
    return f"{resource.get('resourceType')}/{resource.get('id')}"
