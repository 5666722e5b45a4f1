"""Whether somebody can be booked for: their record is there, in use, and they are alive."""

from functools import partial
from typing import Any, Final

from oncopolis.foundation import ConflictError, NotFoundError
from oncopolis.operations.floor import Floor
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store.reading import Reading

_UNKNOWN: Final[dict[str, Any] | None] = {}


def check_patient(floor: Floor, patient: str) -> None:
    """Refuse to book for whom the record does not know, or knows to be merged, dead or not in use.

    A floor without a record behind it takes everybody.
    """
    record = floor.look(partial(_read, patient), _UNKNOWN)
    where = f"Patient/{patient}"
    if record is None:
        raise NotFoundError(
            code="OPS-054", where=where, got="no such patient", expected="somebody who is registered",
            fix="look them up again, or register them first",
        )  # fmt: skip
    links = (link["other"]["reference"] for link in record.get("link", ()) if link["type"] == "replaced-by")
    other = next(links, None)
    if other is not None:
        raise ConflictError(
            code="OPS-055", where=where, got=f"a record that was merged into {other}",
            expected="one that is in use", fix="book for that one",
        )  # fmt: skip
    if record.get("deceasedBoolean") or "deceasedDateTime" in record:
        raise ConflictError(
            code="OPS-056", where=where, got="somebody who has died", expected="somebody alive",
            fix="correct the record if that is a mistake",
        )  # fmt: skip
    if record.get("active") is False:
        raise ConflictError(
            code="OPS-057", where=where, got="a record that is not in use", expected="one that is",
            fix="look them up again, or let it be used again",
        )  # fmt: skip


def _read(patient: str, reading: Reading) -> dict[str, Any] | None:
    return find_resource(reading.read("Patient", patient))
