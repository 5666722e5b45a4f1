"""What is told of a patient with cancer: their mCODE bundle, and the notification of a registry."""

import asyncio
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from oncopolis.record.fhir.primitives import PRIMITIVES
from oncopolis.record.fhir.text import to_text
from oncopolis.record.fhir.validating.profiles import CANONICAL
from oncopolis.record.oncology.notification import check_case, make_document, read_cases
from oncopolis.record.oncology.notification.values import find_date, list_profiles
from oncopolis.record.store import Store
from oncopolis.web.fhir.exchange import Answer, Asked, answer_bundle, to_instant
from oncopolis.web.fhir.gathering import Gathered, gather
from oncopolis.web.fhir.headers import MS_PER_S
from oncopolis.web.fhir.parameters import read_parameters
from oncopolis.web.fhir.refusing import RequestError, show

MCODE_EVERYTHING = "http://hl7.org/fhir/us/mcode/OperationDefinition/mcode-patient-everything"
NOTIFICATION = "urn:oncopolis:OperationDefinition:cancer-notification"

PATIENT_BUNDLE = f"{CANONICAL}mcode-patient-bundle"
_ENDS = frozenset({"start", "end"})
_NONE: frozenset[str] = frozenset()
_DAY = len("2000-01-01")


async def mcode_everything(store: Store, asked: Asked) -> Answer:
    """``$mcode-everything``: a collection of the patient and their records that claim a profile of mCODE."""
    ends = _read(asked, _ENDS)
    gathered = await gather(store, asked)
    return answer_bundle(await asyncio.to_thread(_make_collection, asked, gathered, ends))


async def notify(store: Store, asked: Asked) -> Answer:
    """``$cancer-notification``: a document that tells every primary cancer of the patient."""
    _read(asked, _NONE)
    gathered = await gather(store, asked)
    return answer_bundle(await asyncio.to_thread(_make_notification, asked, gathered))


def _make_collection(asked: Asked, gathered: Gathered, ends: Mapping[str, str]) -> bytes:
    patient, *others = gathered.resources
    chosen = [patient, *(one for one in others if list_profiles(one) and _is_within(one, ends))]
    return to_text(
        {
            "resourceType": "Bundle",
            "meta": {"profile": [PATIENT_BUNDLE]},
            "type": "collection",
            "timestamp": _get_now(),
            "entry": [
                {"fullUrl": f"{asked.base}/{one['resourceType']}/{one['id']}", "resource": one}
                for one in chosen
            ],
        }
    )


def _make_notification(asked: Asked, gathered: Gathered) -> bytes:
    cases = read_cases(gathered.resources)
    if not cases:
        raise RequestError(
            code="REC-225", where=f"Patient/{asked.segments[1]}", got="no primary cancer in the record",
            expected="a Condition of mCODE's profile of primary cancers, or in ICD-10",
            fix="record the diagnosis first",
            status=HTTPStatus.NOT_FOUND, issue="not-found",
        )  # fmt: skip
    findings = [check_case(case) for case in cases]
    document: dict[str, Any] = make_document(cases, findings, base=asked.base, at=_get_now())
    return to_text(document)


def _is_within(resource: Mapping[str, Any], ends: Mapping[str, str]) -> bool:
    """Tell whether a record is of a time, both days included; what has no date always is."""
    date = (find_date(resource) or "")[:_DAY]
    if not date:
        return True
    start, end = ends.get("start", ""), ends.get("end", "")
    return date >= start[: len(date)] and (not end or date[: len(end)] <= end[: len(date)])


def _read(asked: Asked, known: frozenset[str]) -> Mapping[str, str]:
    """Return the parameters, all of them dates."""
    texts = read_parameters(asked, known).texts
    for name, value in texts.items():
        if name not in known:
            expected = f"one of {', '.join(sorted(known))}" if known else "no parameter"
            raise _bad(f"parameter {show(name)}", expected)
        if not PRIMITIVES["date"].is_valid(value):
            raise _bad(f"{name} {show(value)}", "a date such as 2026-11-22")
    return texts


def _get_now() -> str:
    return to_instant(int(time.time() * MS_PER_S))


def _bad(got: str, expected: str) -> RequestError:
    return RequestError(code="REC-227", where="URL", got=got, expected=expected, fix="mend the parameters")
