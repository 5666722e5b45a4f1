"""Claim lines: the charges of one payer as FHIR Claim drafts, one a patient, and as rows of CSV."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from io import StringIO
from typing import Any, Final

from oncopolis.operations.charges.charging import COVERAGE
from oncopolis.operations.charges.views import Charge
from oncopolis.operations.elements import PREFIX, extend, find_extended, make_reference, to_instant
from oncopolis.operations.views import Record

CLINIC: Final = "centre"
COLUMNS: Final = (
    "claim", "payer", "patient", "encounter", "day", "code", "activity", "quantity", "price", "net",
    "patient_part", "payer_part", "currency", "charge",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "@", "\t", "\r")
_TYPES: Final = "http://terminology.hl7.org/CodeSystem/claim-type"
_PRIORITIES: Final = "http://terminology.hl7.org/CodeSystem/processpriority"


def make_claim(id_: str, charges: Sequence[Charge], at_ms: int) -> Record:
    """Return the draft of a claim: the lines of one patient and one payer."""
    first = charges[0]
    total = sum((one.payer_part for one in charges), Decimal(0))
    return {
        "resourceType": "Claim",
        "id": id_,
        "extension": extend(payer__String=first.payer),
        "status": "draft",
        "type": {"coding": [{"system": _TYPES, "code": "institutional"}]},
        "use": "claim",
        "patient": make_reference("Patient", first.patient),
        "created": to_instant(at_ms),
        "provider": make_reference("Organization", CLINIC),
        "priority": {"coding": [{"system": _PRIORITIES, "code": "normal"}]},
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": first.payer, "type": COVERAGE}}],
        "item": [_make_item(place, one) for place, one in enumerate(charges, start=1)],
        "total": {"value": total, "currency": first.currency},
    }


def _make_item(place: int, charge: Charge) -> Record:
    return {
        "extension": extend(
            charge__Reference=make_reference("ChargeItem", charge.id), net__String=str(charge.net),
            patient_part__String=str(charge.patient_part),
        ),
        "sequence": place,
        "productOrService": {
            "coding": [
                {"system": PREFIX + "tariff", "code": charge.code},
                {"system": PREFIX + "activity", "code": charge.activity},
            ]
        },
        "servicedDate": charge.day.isoformat(),
        "quantity": {"value": charge.quantity},
        "unitPrice": {"value": charge.price, "currency": charge.currency},
        "net": {"value": charge.payer_part, "currency": charge.currency},
        "encounter": [make_reference("Encounter", charge.encounter)],
    }  # fmt: skip


def to_csv(claims: Iterable[Mapping[str, Any]]) -> str:
    """Return the lines of claims as CSV; what a spreadsheet would take for a formula begins with a quote."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for claim in claims:
        for item in claim["item"]:
            writer.writerow([_guard(str(value)) for value in _list_values(claim, item)])
    return text.getvalue()


def _list_values(claim: Mapping[str, Any], item: Mapping[str, Any]) -> Iterable[Any]:
    tariff, activity = (one["code"] for one in item["productOrService"]["coding"])
    return (
        claim["id"], find_extended(claim, "payer"), claim["patient"]["reference"].removeprefix("Patient/"),
        item["encounter"][0]["reference"].removeprefix("Encounter/"), item["servicedDate"], tariff, activity,
        item["quantity"]["value"], item["unitPrice"]["value"], find_extended(item, "net"),
        find_extended(item, "patient-part"), item["net"]["value"], item["net"]["currency"],
        find_extended(item, "charge")["reference"].removeprefix("ChargeItem/"),
    )  # fmt: skip


def _guard(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
