"""PL / Location: a ward, a room or a bed of the partner, by the names that lead to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from oncopolis.interop.hl7.message import Components
from oncopolis.interop.mapping.kinds import pick
from oncopolis.interop.mapping.rows import Repetition
from oncopolis.interop.naming import Naming

__all__ = ["Place", "make_location"]

_PHYSICAL: Final = "http://terminology.hl7.org/CodeSystem/location-physical-type"
_KINDS: Final = (("bd", "Bed"), ("ro", "Room"), ("wa", "Ward"))
_PARTS: Final = 3  # structure: point of care, room, bed


@dataclass(frozen=True)
class Place:
    """A reference to a Location by point of care, room, bed and facility."""

    name: str = "PL"

    def read(self, repetition: Repetition, _where: str, naming: Naming) -> dict[str, Any] | None:
        """Return the reference; who applies it finds or makes the Location."""
        parts = [pick(repetition, number) for number in range(1, _PARTS + 1)]
        facility = pick(repetition, 4)
        value = "^".join((*parts, facility)).rstrip("^")
        if not value:
            return None
        shown = " ".join(part for part in parts if part) or facility
        return {
            "type": "Location",
            "identifier": {"system": f"{naming.own}:place", "value": value},
            "display": shown,
        }

    def write(self, value: Mapping[str, Any], naming: Naming) -> Components:
        """Return the parts of the identifier, or the name of a place that is not the partner's."""
        identifier = value.get("identifier", {})
        if identifier.get("system") == f"{naming.own}:place":
            return [*identifier["value"].split("^")]
        return [value.get("display") or identifier.get("value", "")]


def make_location(reference: Mapping[str, Any]) -> dict[str, Any]:
    """Return the Location of a reference as `Place` reads it."""
    value = reference["identifier"]["value"]
    parts = [*value.split("^"), "", "", ""][:_PARTS]
    code, display = next(
        (kind for kind, part in zip(_KINDS, reversed(parts), strict=True) if part), _KINDS[-1]
    )
    return {
        "resourceType": "Location",
        "identifier": [reference["identifier"]],
        "status": "active",
        "name": reference["display"],
        "mode": "instance",
        "physicalType": {"coding": [{"system": _PHYSICAL, "code": code, "display": display}]},
    }
