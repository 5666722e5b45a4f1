"""Samples, donors and events by the profiles of MIABIS on FHIR.

A donor appears by pseudonym, sex and year of birth; moments as days. Our amount and the parent of an aliquot,
which MIABIS has not, are told as FHIR R4 has them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from oncopolis.interop.miabis.codes import (
    ICD10,
    TOPOGRAPHY,
    find_temperature,
    find_type,
    make_concept,
    make_extension,
    name_profile,
)
from oncopolis.record.biobank.custody import Told
from oncopolis.record.biobank.specimens import Donor, Specimen

BARCODE: Final = "urn:oncopolis:specimen-barcode"
PSEUDONYM: Final = "urn:oncopolis:donor-pseudonym"
KIND: Final = "urn:oncopolis:sprec-type"
EVENT: Final = "urn:oncopolis:custody"
_DIAGNOSIS: Final = {"coding": [{"system": "http://loinc.org", "code": "52797-8"}]}
"""Diagnosis, ICD code."""
_UNITS: Final = {"ug": "ug", "nl": "nL", "pcs": "{pcs}"}
_ID = 32  # structure: characters of an id that is a digest
_MS = 1000  # structure: milliseconds of a second


def make_id(kind: str, name: str) -> str:
    """The id of a record: the same for the same thing, and no name of ours."""
    return sha256(f"{kind}\n{name}".encode()).hexdigest()[:_ID]


def to_donor(donor: Donor) -> dict[str, Any]:
    """Sample Donor."""
    told: dict[str, Any] = {
        "resourceType": "Patient",
        "id": make_id("donor", donor.pseudonym),
        "meta": {"profile": [name_profile("miabis-sample-donor")]},
        "identifier": [{"system": PSEUDONYM, "value": donor.pseudonym}],
        "gender": donor.sex,
    }
    return told if donor.birth_year is None else told | {"birthDate": f"{donor.birth_year:04}"}


def to_sample(
    one: Specimen, donor: Donor, parent: str | None, collection: str | None, celsius: float | None
) -> dict[str, Any]:
    """Sample.

    Parameters
    ----------
    parent
        Barcode of what it was made of.
    collection
        Id of its collection.
    celsius
        What it is kept at.
    """
    subject = {"reference": f"Patient/{make_id('donor', donor.pseudonym)}"}
    day = _write_day(one.made_ms)
    told: dict[str, Any] = {
        "resourceType": "Specimen",
        "id": make_id("sample", one.barcode),
        "meta": {"profile": [name_profile("miabis-sample")]},
        "extension": [],
        "identifier": [{"system": BARCODE, "value": one.barcode}],
        "accessionIdentifier": {"system": BARCODE, "value": one.barcode},
        "type": make_concept("miabis-detailed-samply-type-cs", find_type(one.kind)),
        "subject": subject,
        "collection": {"collectedDateTime": day},
        "container": [{"specimenQuantity": _write_amount(one)}],
    }
    told["type"]["coding"].append({"system": KIND, "code": one.kind})
    if collection is not None:
        identifier = {"value": collection}
        told["extension"].append(
            make_extension("miabis-sample-collection-extension", "Identifier", identifier)
        )
    temperature = find_temperature(celsius)
    if temperature is not None:
        concept = make_concept("miabis-storage-temperature-cs", temperature)
        stored = make_extension("miabis-sample-storage-temperature-extension", "CodeableConcept", concept)
        told["processing"] = [{"extension": [stored], "description": "storage"}]
    if one.diagnosis:
        told["extension"].append(make_extension("miabis-sample-diagnosis-extension", "Code", one.diagnosis))
    if one.site:
        coding = {"system": TOPOGRAPHY, "version": "3", "code": one.site}
        told["collection"]["bodySite"] = {"coding": [coding]}
    if parent is not None:
        told["parent"] = [{"reference": f"Specimen/{make_id('sample', parent)}"}]
    if not told["extension"]:
        del told["extension"]
    return told


def to_diagnosis(one: Specimen, donor: Donor) -> Iterator[dict[str, Any]]:
    """Yield the Observation of a sample's diagnosis, if it has one."""
    if one.diagnosis:
        yield {
            "resourceType": "Observation",
            "id": make_id("diagnosis", one.barcode),
            "meta": {"profile": [name_profile("miabis-observation")]},
            "identifier": [{"value": one.barcode}],
            "status": "final",
            "code": _DIAGNOSIS,
            "subject": {"reference": f"Patient/{make_id('donor', donor.pseudonym)}"},
            "specimen": {"reference": f"Specimen/{make_id('sample', one.barcode)}"},
            "effectiveDateTime": _write_day(one.collected_ms),
            "valueCodeableConcept": {"coding": [{"system": ICD10, "code": one.diagnosis}]},
        }


def to_event(event: Told, one: Specimen, donor: Donor) -> dict[str, Any]:
    """Event: what happened to a sample on a day; MIABIS on FHIR has no profile for it yet."""
    return {
        "resourceType": "Observation",
        "id": make_id("event", f"{one.barcode} {event.seq}"),
        "identifier": [{"system": EVENT, "value": make_id("event", f"{one.barcode} {event.seq}")}],
        "status": "final",
        "code": {"coding": [{"system": EVENT, "code": event.what.replace(" ", "-")}]},
        "subject": {"reference": f"Patient/{make_id('donor', donor.pseudonym)}"},
        "specimen": {"reference": f"Specimen/{make_id('sample', one.barcode)}"},
        "effectiveDateTime": _write_day(event.at_ms),
    }


def _write_amount(one: Specimen) -> dict[str, Any]:
    code = _UNITS[one.unit]
    system = "http://unitsofmeasure.org"
    return {"value": Decimal(one.remaining), "unit": code, "system": system, "code": code}


def _write_day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / _MS, UTC).date().isoformat()
