"""How a partner names authorities and code systems, and the URIs that the record has for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

__all__ = ["CODE_SYSTEMS", "RECORD", "SYSTEM", "Naming"]

SYSTEM: Final = "urn:oncopolis:exchange"
"""System of the codes of this room, and beginning of the URIs that stand for a partner's own names."""
RECORD: Final = "urn:oncopolis:record"
"""System of identifiers that are ids of our records."""

CODE_SYSTEMS: Final = {
    "LN": "http://loinc.org",
    "SCT": "http://snomed.info/sct",
    "I10": "http://hl7.org/fhir/sid/icd-10",
    "I10C": "http://hl7.org/fhir/sid/icd-10-cm",
    "ICDO3": "http://terminology.hl7.org/CodeSystem/icd-o-3",
    "UCUM": "http://unitsofmeasure.org",
    "WC": "http://www.whocc.no/atc",
    "ISO639": "urn:ietf:bcp:47",
}
"""HL7 table 0396 -> URI; those of HL7's own tables (``HL7nnnn``) follow a pattern."""
_HL7_TABLE: Final = re.compile(r"HL7(\d{4})")
_HL7_URI: Final = "http://terminology.hl7.org/CodeSystem/v2-"


@dataclass(frozen=True)
class Naming:
    """The names of one partner.

    Parameters
    ----------
    partner
        Key of the partner in the settings.
    us
        What messages call us; identifiers of this authority are ids of records (`RECORD`).
    systems
        Assigning authority or code system, as the partner writes it -> URI.
    zone
        Of times that do not tell theirs.
    """

    partner: str
    us: str = ""
    systems: Mapping[str, str] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    @property
    def own(self) -> str:
        """Beginning of the URIs of this partner."""
        return f"{SYSTEM}:{self.partner}"

    def find_system(self, namespace: str, universal_id: str = "", universal_type: str = "") -> str:
        """Return the URI of an assigning authority (HD)."""
        if namespace in self.systems:
            return self.systems[namespace]
        if namespace and namespace == self.us:
            return RECORD
        if universal_id and universal_type == "ISO":
            return f"urn:oid:{universal_id}"
        if universal_id and universal_type == "URI":
            return universal_id
        return f"{self.own}:{quote(namespace, safe='')}" if namespace else self.own

    def find_authority(self, system: str) -> list[str]:
        """Return the assigning authority (HD) of a URI."""
        for namespace, uri in self.systems.items():
            if uri == system:
                return [namespace]
        if system == RECORD:
            return [self.us]
        if system.startswith("urn:oid:"):
            return ["", system.removeprefix("urn:oid:"), "ISO"]
        if system == self.own or not system:
            return [""]
        if system.startswith(f"{self.own}:"):
            return [unquote(system.removeprefix(f"{self.own}:"))]
        return ["", system, "URI"]

    def find_code_system(self, name: str) -> str:
        """Return the URI of a code system (HL7 table 0396), '' for none."""
        table = _HL7_TABLE.fullmatch(name)
        if table:
            return f"{_HL7_URI}{table[1]}"
        if not name:
            return ""
        return self.systems.get(name) or CODE_SYSTEMS.get(name) or f"{self.own}:code:{quote(name, safe='')}"

    def find_code_name(self, system: str) -> str:
        """Return what a message calls a code system; a URI without a name stands for itself."""
        for name, uri in (*self.systems.items(), *CODE_SYSTEMS.items()):
            if uri == system:
                return name
        if system.startswith(_HL7_URI):
            return f"HL7{system.removeprefix(_HL7_URI)}"
        own = f"{self.own}:code:"
        return unquote(system.removeprefix(own)) if system.startswith(own) else system
