"""What the record says of shared cases: consents, opinions, remarks, and the records that go out."""

from collections.abc import Iterator
from typing import Any, Final

from oncopolis.operations.sharing.pseudonyms import TYPES
from oncopolis.operations.sharing.views import Opinion, Remark, Share
from oncopolis.operations.views import Record
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store.reading import MANY, Reading

_READ: Final = (Remark.TYPE, Opinion.TYPE)


def read_remarks(share: str, reading: Reading) -> list[Remark]:
    """Return what was written about a shared case, the oldest first."""
    found = (Remark.from_record(one) for one in _list(share, "Consent", reading) if Remark.is_mine(one))
    return sorted((one for one in found if one.share == share), key=lambda one: (one.at_ms, one.id))


def read_opinions(case: str, reading: Reading) -> list[Opinion]:
    """Return the opinions of partners on a case of the agenda, the oldest first."""
    found = (Opinion.from_record(one) for one in _list(case, "Task", reading) if Opinion.is_mine(one))
    return sorted(found, key=lambda one: (one.at_ms, one.id))


def read_shares(case: str, patient: str, reading: Reading) -> list[Share]:
    """Return the consents to share a case, those that were withdrawn too, the latest first."""
    records = (find_resource(one) for one in reading.list_of_patient("Consent", patient))
    found = [Share.from_record(one) for one in records if one is not None and Share.is_mine(one)]
    return sorted((one for one in found if one.case == case), key=lambda one: -one.shared_ms)


def read_shared(share: Share, reading: Reading) -> tuple[Record, list[Record]]:
    """Return the patient and the records whose types the consent covers."""
    patient = find_resource(reading.read("Patient", share.patient)) or {}
    records = [
        record
        for type_, scope in TYPES.items()
        if scope in share.scopes
        for one in reading.list_of_patient(type_, share.patient)
        if (record := find_resource(one)) is not None
    ]
    return patient, records


def _list(id_: str, type_: str, reading: Reading) -> Iterator[dict[str, Any]]:
    for found_type, found_id in reading.find_references(type_, id_, MANY):
        if found_type in _READ:
            record = find_resource(reading.read(found_type, found_id))
            if record is not None:
                yield record
