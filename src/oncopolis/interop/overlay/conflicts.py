"""Two say different things of one record: listed with both values, decided by a person, kept for ever."""

from collections.abc import Sequence
from typing import Any, Final

from oncopolis.interop.mapping.stating import make_id
from oncopolis.interop.naming import SYSTEM
from oncopolis.interop.overlay.masters import Difference
from oncopolis.record.fhir.text import parse, to_text

__all__ = ["CONFLICT", "OURS", "THEIRS", "is_decided", "list_differences", "make_conflict"]

CONFLICT: Final = "conflict"
OURS: Final = "ours"
THEIRS: Final = "theirs"
_SOURCE: Final = "source"


def make_conflict(
    partner: str,
    type_: str,
    id_: str,
    differences: Sequence[Difference],
    *,
    source: str,
    document: str,
    master: str,
    patient: str,
    authored: str,
) -> dict[str, Any]:
    """Return the task to decide a conflict; one for each record and partner, whose versions are its history.

    Parameters
    ----------
    source
        URI of what says "theirs".
    document
        Id of the DocumentReference that keeps it, '' if it was the change here that was noticed.
    """
    inputs = [
        {
            "type": {"coding": [{"system": SYSTEM, "code": side}], "text": one.element},
            "valueString": _write(value),
        }
        for one in differences
        for side, value in ((OURS, one.ours), (THEIRS, one.theirs))
    ]
    inputs.append({"type": {"coding": [{"system": SYSTEM, "code": _SOURCE}]}, "valueString": source})
    names = ", ".join(one.element for one in differences)
    return {
        "resourceType": "Task",
        "id": make_conflict_id(partner, type_, id_),
        "status": "requested",
        "businessStatus": {"coding": [{"system": SYSTEM, "code": f"open-{CONFLICT}"}]},
        "intent": "order",
        "code": {"coding": [{"system": SYSTEM, "code": CONFLICT}]},
        "description": f"{partner} and the record differ in {names}; master: {master or 'nobody'}",
        "focus": {"reference": f"{type_}/{id_}"},
        **({"for": {"reference": f"Patient/{patient}"}} if patient else {}),
        "authoredOn": authored,
        **({"reasonReference": {"reference": f"DocumentReference/{document}"}} if document else {}),
        "input": inputs,
    }


def make_conflict_id(partner: str, type_: str, id_: str) -> str:
    """Return the id of the task of one record and partner."""
    return make_id(CONFLICT, partner, type_, id_)


def list_differences(task: dict[str, Any]) -> list[Difference]:
    """Return the two sides of a conflict."""
    sides: dict[str, dict[str, Any]] = {}
    for one in task.get("input", ()):
        code = one["type"]["coding"][0]["code"]
        if code != _SOURCE:
            sides.setdefault(one["type"]["text"], {})[code] = _read(one["valueString"])
    return [Difference(element, values.get(OURS), values.get(THEIRS)) for element, values in sides.items()]


def get_conflict_source(task: dict[str, Any]) -> str:
    """Return the URI of what says "theirs"."""
    return next(
        str(one["valueString"]) for one in task["input"] if one["type"]["coding"][0]["code"] == _SOURCE
    )


def is_decided(task: dict[str, Any], differences: Sequence[Difference]) -> bool:
    """Tell whether somebody has decided for ours against exactly this already."""
    status = task.get("businessStatus", {}).get("coding", [{}])[0].get("code")
    decided = {one.element: one.theirs for one in list_differences(task)}
    return status == OURS and all(
        one.element in decided and decided[one.element] == one.theirs for one in differences
    )


def find_owner(record: dict[str, Any]) -> str:
    """Return the id of the patient a record belongs to or is, '' for none."""
    if record["resourceType"] == "Patient":
        return str(record["id"])
    links = [record.get("subject", {}), *(one.get("actor", {}) for one in record.get("participant", ()))]
    references = [str(one.get("reference", "")) for one in links]
    return next((one.rpartition("/")[2] for one in references if one.startswith("Patient/")), "")


def _write(value: Any) -> str:
    return to_text({"value": value}).decode()


def _read(text: str) -> Any:
    return parse(text.encode())["value"]
