"""What the page of a journey reads of a patient's record, once the device has been looked at."""

from collections.abc import Mapping
from typing import Any

from oncopolis.record.accounts.desk import Desk
from oncopolis.record.fhir.bodies import find_resource

MOST = 40  # structure: records of a kind, more than a page of a phone shows


def list_latest(desk: Desk, patient: str, type_: str, since_ms: int) -> list[Mapping[str, Any]]:
    """Return the records of a type about a patient that were written since then, the latest first."""
    versions = desk.store.ask(
        lambda reading: reading.list_where(
            "r.patient = ? AND r.type = ? AND r.deleted = 0 AND v.at_ms >= ?",
            (patient, type_, since_ms, MOST),
            order="ORDER BY v.seq DESC LIMIT ?",
            is_current=True,
        )
    )
    return [one for version in versions if (one := find_resource(version)) is not None]


def find_record(desk: Desk, type_: str, id_: str) -> Mapping[str, Any] | None:
    """Return a record; None if it is not there."""
    version = desk.store.ask(lambda reading: reading.read(type_, id_))
    return find_resource(version)
