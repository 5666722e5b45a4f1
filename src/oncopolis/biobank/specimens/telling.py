"""Specimens in FHIR R4, and back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from oncopolis.record.biobank.specimens import Donor, Specimen

BARCODE: Final = "urn:oncopolis:specimen-barcode"
PSEUDONYM: Final = "urn:oncopolis:donor-pseudonym"
KIND: Final = "urn:oncopolis:sprec-type"
SITE: Final = "http://terminology.hl7.org/CodeSystem/icd-o-3"
DIAGNOSIS: Final = "http://hl7.org/fhir/sid/icd-10"
_PREFIX: Final = "urn:oncopolis:"
_UNITS: Final = {"ug": "ug", "nl": "nL", "pcs": "{pcs}"}
"""UCUM codes of our units."""
_MS = 1000  # structure: milliseconds in a second


def to_record(specimen: Specimen, donor: Donor, parent: Specimen | None) -> dict[str, Any]:
    """Return the FHIR Specimen; where it is, and who has it, is the biobank's own business."""
    assert specimen.record is not None
    record: dict[str, Any] = {
        "resourceType": "Specimen",
        "id": specimen.record,
        "identifier": [{"system": BARCODE, "value": specimen.barcode}],
        "status": "unavailable" if specimen.state in ("away", "gone") else "available",
        "type": {"coding": [{"system": KIND, "code": specimen.kind}]},
        "subject": _write_donor(donor),
        "collection": _write_collection(specimen),
        "container": [{"specimenQuantity": _write_amount(specimen.remaining, specimen.unit)}],
    }
    if parent is not None:
        identifier = {"system": BARCODE, "value": parent.barcode}
        reference = {} if parent.record is None else {"reference": f"Specimen/{parent.record}"}
        record["parent"] = [reference | {"identifier": identifier}]
    if specimen.frozen_ms is not None:
        record["processing"] = [{"description": "preserved", "timeDateTime": _write_ms(specimen.frozen_ms)}]
    return record | {"extension": _extend(specimen)}


def _write_donor(donor: Donor) -> dict[str, Any]:
    identifier = {"identifier": {"system": PSEUDONYM, "value": donor.pseudonym}}
    return identifier if donor.patient is None else {"reference": f"Patient/{donor.patient}"} | identifier


def _write_collection(specimen: Specimen) -> dict[str, Any]:
    collection: dict[str, Any] = {
        "collectedDateTime": _write_ms(specimen.collected_ms),
        "quantity": _write_amount(specimen.amount, specimen.unit),
    }
    if specimen.site:
        collection["bodySite"] = {"coding": [{"system": SITE, "code": specimen.site}]}
    return collection


def _write_amount(amount: int, unit: str) -> dict[str, Any]:
    code = _UNITS[unit]
    return {"value": Decimal(amount), "unit": code, "system": "http://unitsofmeasure.org", "code": code}


def _extend(specimen: Specimen) -> list[dict[str, Any]]:
    told: list[tuple[str, str, Any]] = [
        ("specimen-made", "DateTime", _write_ms(specimen.made_ms)),
        ("specimen-inventory", "Code", specimen.inventory),
        ("specimen-review", "Code", specimen.review),
        ("specimen-state", "Code", specimen.state),
        ("specimen-thaws", "UnsignedInt", specimen.n_thaws),
    ]
    if specimen.diagnosis:
        coding = {"system": DIAGNOSIS, "code": specimen.diagnosis}
        told.append(("specimen-diagnosis", "Coding", coding))
    for name, text in (("collection", specimen.collection), ("sprec", specimen.sprec)):
        told += [(f"specimen-{name}", "String", text)] if text else []
    for name, seconds in (("warm", specimen.warm_s), ("cold", specimen.cold_s)):
        quantity = {"value": seconds, "unit": "s", "system": "http://unitsofmeasure.org", "code": "s"}
        told += [] if seconds is None else [(f"{name}-ischaemia", "Quantity", quantity)]
    if specimen.quality is not None:
        told.append(("specimen-quality", "Decimal", Decimal(str(specimen.quality))))
    return [{"url": _PREFIX + name, f"value{kind}": value} for name, kind, value in told]


def from_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a FHIR Specimen of this house says: fields of `Specimen`, with barcodes for numbers.

    ``donor`` and ``parent`` are the pseudonym and the barcode; positions, hands and requests are not told.
    """
    told = {
        one["url"].removeprefix(_PREFIX): value
        for one in record.get("extension", ())
        for key, value in one.items()
        if key.startswith("value")
    }
    collection, held = record["collection"], record["container"][0]["specimenQuantity"]
    parents = record.get("parent", ())
    frozen = [one["timeDateTime"] for one in record.get("processing", ())]
    units = {code: unit for unit, code in _UNITS.items()}
    return {
        "record": record["id"],
        "barcode": record["identifier"][0]["value"],
        "donor": record["subject"]["identifier"]["value"],
        "parent": parents[0]["identifier"]["value"] if parents else None,
        "kind": record["type"]["coding"][0]["code"],
        "site": collection["bodySite"]["coding"][0]["code"] if "bodySite" in collection else "",
        "diagnosis": told["specimen-diagnosis"]["code"] if "specimen-diagnosis" in told else "",
        "collection": told.get("specimen-collection", ""),
        "inventory": told["specimen-inventory"],
        "review": told["specimen-review"],
        "state": told["specimen-state"],
        "n_thaws": told["specimen-thaws"],
        "sprec": told.get("specimen-sprec", ""),
        "quality": float(told["specimen-quality"]) if "specimen-quality" in told else None,
        "warm_s": int(told["warm-ischaemia"]["value"]) if "warm-ischaemia" in told else None,
        "cold_s": int(told["cold-ischaemia"]["value"]) if "cold-ischaemia" in told else None,
        "collected_ms": _read_ms(collection["collectedDateTime"]),
        "made_ms": _read_ms(told["specimen-made"]),
        "frozen_ms": _read_ms(frozen[0]) if frozen else None,
        "amount": int(collection["quantity"]["value"]),
        "remaining": int(held["value"]),
        "unit": units[held["code"]],
    }


def _write_ms(at_ms: int) -> str:
    written = datetime.fromtimestamp(at_ms / _MS, UTC).isoformat(timespec="milliseconds")
    return written.replace("+00:00", "Z")


def _read_ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * _MS)
