"""Small records and acts for tests of the store."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from oncopolis.record import Act, Who
from oncopolis.record.store import Store
from oncopolis.record.store.journal import JournalLine
from oncopolis.record.store.keys import Keys

ACT = Act("U", "update", Who("Practitioner", "dr-1", "Dr Kim"), "request-1", "TREAT")

TABLES = (
    "resource",
    "version",
    "claim",
    "audit",
    "journal",
    "outbox",
    "request",
    "patient_key",
    *(
        f"index_{kind}"
        for kind in ("token", "string", "reference", "date", "number", "quantity", "uri", "compound")
    ),
)


def make_keys(folder: Path) -> Keys:
    path = folder / "master.key"
    return Keys.load(path) if path.exists() else Keys.make(path)


def make_observation(value: str = "72.50", *, patient: str = "p1", id_: str | None = None) -> dict[str, Any]:
    """A haemoglobin with a dozen index rows."""
    return {
        "resourceType": "Observation",
        **({"id": id_} if id_ else {}),
        "status": "final",
        "identifier": [{"system": "urn:lab", "value": f"sample-{value}"}],
        "category": [{"coding": [{"system": "urn:category", "code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "718-7"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": "2026-01-01T10:00:00Z",
        "performer": [{"reference": "Organization/lab"}],
        "valueQuantity": {"value": Decimal(value), "unit": "g/L", "code": "g/L"},
    }


def make_patient(id_: str = "p1", family: str = "Karimova") -> dict[str, Any]:
    return {"resourceType": "Patient", "id": id_, "name": [{"family": family}], "birthDate": "1970-02-03"}


def make_slot(id_: str, status: str = "free") -> dict[str, Any]:
    return {
        "resourceType": "Slot",
        "id": id_,
        "schedule": {"reference": "Schedule/s1"},
        "status": status,
        "start": "2026-01-01T10:00:00Z",
        "end": "2026-01-01T10:15:00Z",
    }


def make_line(case: str = "p1", end_ms: int = 1_767_261_600_000) -> JournalLine:
    """A visit of a quarter of an hour, on time."""
    start_ms = end_ms - 900_000
    return JournalLine(
        case, "breast_2", "consultation", "first_visit", "room", start_ms, start_ms, start_ms, end_ms, "done"
    )


def query(store: Store, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    return store.ask(lambda reading: reading.session.query(sql, values))


def count_rows(store: Store) -> dict[str, int]:
    return {table: query(store, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}
