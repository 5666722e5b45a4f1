"""What a laboratory has flagged as critical in the observations of a report; nothing is judged here."""

from collections.abc import Iterator
from typing import Any, Final

from oncopolis.operations.elements import get_referred
from oncopolis.operations.floor import Floor
from oncopolis.operations.views import Record
from oncopolis.record.fhir.bodies import find_resource

FLAGS: Final = frozenset({"AA", "HH", "LL"})
"""Codes of HL7's ObservationInterpretation for critical: abnormal, high, low."""
_MOST: Final = 200  # structure: characters that are told
_MOST_RESULTS: Final = 100  # structure: observations that are looked at


def find_critical(floor: Floor, report: Record) -> str:
    """Return what of a report its sender has flagged as critical, with values; empty if nothing."""
    ids = [
        id_ for one in report.get("result", ())[:_MOST_RESULTS] if (id_ := get_referred(one, "Observation"))
    ]
    found = [_read(floor, id_) for id_ in ids]
    return "; ".join(_tell(one) for one in found if FLAGS & set(_list_flags(one)))[:_MOST]


def _read(floor: Floor, id_: str) -> Record:
    return find_resource(floor.look(lambda reading: reading.read("Observation", id_), None)) or {}


def _list_flags(observation: Record) -> Iterator[str]:
    for concept in observation.get("interpretation", ()):
        yield from (str(coding.get("code")) for coding in concept.get("coding", ()))


def _tell(observation: Record) -> str:
    code: dict[str, Any] = observation.get("code", {})
    coding: dict[str, Any] = next(iter(code.get("coding", ())), {})
    name = code.get("text") or coding.get("display") or coding.get("code") or "?"
    quantity = observation.get("valueQuantity", {})
    value = f"{quantity.get('value', '')} {quantity.get('unit', '')}".strip() or observation.get(
        "valueString", ""
    )
    return f"{name} {value}".strip()
