"""Data types that name somebody and say where they are reached: CX, EI, XPN, XAD, XTN, XCN."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from oncopolis.interop.hl7.message import Components
from oncopolis.interop.mapping.kinds import drop_empty, pick
from oncopolis.interop.mapping.rows import Repetition
from oncopolis.interop.naming import Naming

__all__ = ["IDENTIFIER_TYPES", "Address", "HumanName", "Identifier", "Person", "Telecom"]

IDENTIFIER_TYPES: Final = "http://terminology.hl7.org/CodeSystem/v2-0203"


@dataclass(frozen=True)
class Identifier:
    """CX, EI / Identifier.

    Parameters
    ----------
    type
        Code of table 0203 for one that does not come with its own.
    is_entity
        Whether it is an EI, which spreads the assigning authority over components 2 to 4.
    """

    type: str = ""
    is_entity: bool = False

    @property
    def name(self) -> str:
        """Data type of HL7."""
        return "EI" if self.is_entity else "CX"

    def read(self, repetition: Repetition, _where: str, naming: Naming) -> dict[str, Any] | None:
        """Return the identifier, with a system always."""
        value = pick(repetition, 1)
        if not value:
            return None
        if self.is_entity:
            authority = tuple(pick(repetition, number) for number in range(2, 5))
            kind = self.type
        else:
            authority = tuple(pick(repetition, 4, part) for part in range(1, 4))
            kind = pick(repetition, 5) or self.type
        typed = {"coding": [{"system": IDENTIFIER_TYPES, "code": kind}]} if kind else {}
        system = naming.find_system(*authority) if any(authority) else self._get_own(naming)
        return drop_empty({"type": typed, "system": system, "value": value})

    def _get_own(self, naming: Naming) -> str:
        """Return the system of one without an authority: placers and fillers count each for themselves."""
        return f"{naming.own}:{self.type.lower()}" if self.is_entity else naming.own

    def write(self, value: Mapping[str, Any], naming: Naming) -> Components:
        """Return value, authority and type."""
        system = value.get("system", "")
        authority = [""] if system == self._get_own(naming) else naming.find_authority(system)
        codings = value.get("type", {}).get("coding", ())
        kind = next((one["code"] for one in codings if one.get("system") == IDENTIFIER_TYPES), "")
        text = value.get("value", "")
        return [text, *authority] if self.is_entity else [text, "", "", authority, kind]


@dataclass(frozen=True)
class HumanName:
    """XPN / HumanName; a name in ideographs or in sounds keeps that (XPN-8)."""

    name: str = "XPN"

    def read(self, repetition: Repetition, _where: str, _naming: Naming) -> dict[str, Any] | None:
        """Return the name."""
        further = pick(repetition, 3).split()
        shape = _REPRESENTATIONS.get(pick(repetition, 8))
        made = drop_empty(
            {
                "extension": [{"url": _REPRESENTATION, "valueCode": shape}] if shape else [],
                "use": _NAME_USES.get(pick(repetition, 7), ""),
                "family": pick(repetition, 1),
                "given": [part for part in (pick(repetition, 2), *further) if part],
                "prefix": [part for part in (pick(repetition, 5),) if part],
                "suffix": [part for part in (pick(repetition, 4),) if part],
            }
        )
        return made if made.keys() & {"family", "given"} else None

    def write(self, value: Mapping[str, Any], _naming: Naming) -> Components:
        """Return family, given, further, suffix, prefix, '', type, representation."""
        given = value.get("given", ())
        shape = next(
            (
                one.get("valueCode", "")
                for one in value.get("extension", ())
                if one.get("url") == _REPRESENTATION
            ),
            "",
        )
        use = next((ours for ours, theirs in _NAME_USES.items() if theirs == value.get("use")), "")
        letter = next((ours for ours, theirs in _REPRESENTATIONS.items() if theirs == shape), "")
        if not given and not value.get("family"):
            return [value.get("text", ""), "", "", "", "", "", use, letter]
        return [
            value.get("family", ""), *(given[:1] or [""]), " ".join(given[1:]),
            " ".join(value.get("suffix", ())), " ".join(value.get("prefix", ())), "", use, letter,
        ]  # fmt: skip


_NAME_USES: Final = {
    "L": "official",
    "D": "usual",
    "N": "nickname",
    "M": "maiden",
    "S": "anonymous",
    "T": "temp",
}
"""HL7 table 0200 -> NameUse."""
_REPRESENTATION: Final = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"
_REPRESENTATIONS: Final = {"A": "ABC", "I": "IDE", "P": "SYL"}
"""HL7 table 0465 -> HL7 v3 EntityNamePartQualifier of the extension."""


@dataclass(frozen=True)
class Address:
    """XAD / Address."""

    name: str = "XAD"

    def read(self, repetition: Repetition, _where: str, _naming: Naming) -> dict[str, Any] | None:
        """Return the address."""
        lines = [part for part in (pick(repetition, 1), pick(repetition, 2)) if part]
        uses = _ADDRESS_USES.get(pick(repetition, 7), {})
        made = drop_empty(
            {"line": lines}
            | {name: pick(repetition, number) for name, number in _ADDRESS_PARTS.items()}
        )  # fmt: skip
        return dict(uses) | made if made else None

    def write(self, value: Mapping[str, Any], _naming: Naming) -> Components:
        """Return its parts."""
        lines = value.get("line") or [value.get("text", "")]
        parts = {number: value.get(name, "") for name, number in _ADDRESS_PARTS.items()}
        uses = {name: value[name] for name in ("use", "type") if name in value}
        parts[7] = next((ours for ours, theirs in _ADDRESS_USES.items() if theirs == uses), "")
        rest = [parts.get(number, "") for number in range(3, 10)]
        return [*lines[:1], " ".join(lines[1:]), *rest]


_ADDRESS_PARTS: Final = {"city": 3, "state": 4, "postalCode": 5, "country": 6, "district": 9}
_ADDRESS_USES: Final = {
    "H": {"use": "home"},
    "B": {"use": "work"},
    "C": {"use": "temp"},
    "BA": {"use": "old"},
    "M": {"type": "postal"},
}
"""HL7 table 0190 -> use or type."""


@dataclass(frozen=True)
class Telecom:
    """XTN / ContactPoint.

    Parameters
    ----------
    use
        Of one that does not say that it is a mobile phone.
    """

    use: str
    name: str = "XTN"

    def read(self, repetition: Repetition, _where: str, _naming: Naming) -> dict[str, Any] | None:
        """Return the contact, from the whole text or from country, area and number."""
        email = pick(repetition, 4)
        parts = [pick(repetition, number) for number in (5, 6, 7)]
        number = pick(repetition, 1) or pick(repetition, 12) or " ".join(part for part in parts if part)
        if pick(repetition, 2) == "NET" or (email and not number):
            return drop_empty({"system": "email", "value": email or number, "use": self.use})
        if not number:
            return None
        equipment = pick(repetition, 3)
        use = "mobile" if equipment == "CP" else self.use
        return {"system": _EQUIPMENT.get(equipment, "phone"), "value": number, "use": use}

    def write(self, value: Mapping[str, Any], _naming: Naming) -> Components:
        """Return number, use, equipment and e-mail."""
        if value.get("system") == "email":
            return ["", "NET", "Internet", value.get("value", "")]
        equipment = next((ours for ours, theirs in _EQUIPMENT.items() if theirs == value.get("system")), "PH")
        use = "WPN" if self.use == "work" else "PRN"
        return [value.get("value", ""), use, "CP" if value.get("use") == "mobile" else equipment]


_EQUIPMENT: Final = {"PH": "phone", "FX": "fax", "BP": "pager"}
"""HL7 table 0202 -> ContactPointSystem."""


@dataclass(frozen=True)
class Person:
    """XCN / a reference by identifier and name: who it is in the record need not be known."""

    name: str = "XCN"

    def read(self, repetition: Repetition, _where: str, naming: Naming) -> dict[str, Any] | None:
        """Return the reference."""
        value, family = pick(repetition, 1), pick(repetition, 2)
        given = [pick(repetition, 3), pick(repetition, 4)]
        shown = " ".join(part for part in (family, *given) if part)
        authority = tuple(pick(repetition, 9, part) for part in (1, 2, 3))
        identifier = {"system": naming.find_system(*authority), "value": value} if value else {}
        return (
            drop_empty({"type": "Practitioner", "identifier": identifier, "display": shown})
            if (value or shown)
            else None
        )

    def write(self, value: Mapping[str, Any], naming: Naming) -> Components:
        """Return identifier and name."""
        identifier = value.get("identifier", {})
        family, *given = value.get("display", "").split(" ")
        authority = naming.find_authority(identifier.get("system", "")) if identifier else [""]
        names = [family, *(given[:1] or [""]), " ".join(given[1:])]
        return [identifier.get("value", ""), *names, "", "", "", "", authority]
