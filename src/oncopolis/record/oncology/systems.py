"""Which rules a code or an identifier has, by the address of its system."""

from collections.abc import Callable, Mapping
from typing import Final

from oncopolis.record.oncology.codes import check_atc, check_loinc, check_snomed
from oncopolis.record.oncology.icd10 import check_icd10
from oncopolis.record.oncology.icdo3 import check_morphology, check_topography, parse_topography
from oncopolis.record.oncology.identifiers import Person, check_enp, check_pinfl, check_rrn, check_snils
from oncopolis.record.oncology.issues import Checked

__all__ = [
    "ATC",
    "BASIS",
    "ICD10",
    "ICDO3",
    "IDENTIFIERS",
    "LOINC",
    "SNOMED",
    "SYSTEMS",
    "check_icdo3",
    "normalise_identifier",
]

ATC: Final = "http://www.whocc.no/atc"
BASIS: Final = "urn:oncopolis:basis-of-diagnosis"
"""Most valid basis of a diagnosis, as ENCR and IACR number them."""
ICD10: Final = "http://hl7.org/fhir/sid/icd-10"
ICDO3: Final = "http://terminology.hl7.org/CodeSystem/icd-o-3"
LOINC: Final = "http://loinc.org"
SNOMED: Final = "http://snomed.info/sct"


def check_icdo3(text: str) -> Checked:
    """Normal form of a code; topography and morphology have one system, the letter tells which is meant."""
    return check_topography(text) if parse_topography(text) or text[:1] in "Cc" else check_morphology(text)


SYSTEMS: Final[Mapping[str, Callable[[str], Checked]]] = {
    ICD10: check_icd10,
    "http://hl7.org/fhir/sid/icd-10-cm": check_icd10,
    ICDO3: check_icdo3,
    "http://hl7.org/fhir/sid/icd-o-3": check_icdo3,
    ATC: check_atc,
    LOINC: check_loinc,
    SNOMED: check_snomed,
}
"""Code system -> check of its codes."""

IDENTIFIERS: Final[Mapping[str, Callable[[str], Person]]] = {
    "https://dhp.uz/fhir/core/sid/pid/uz/ni": check_pinfl,
    "http://fhir.ru/core/systems/snils": check_snils,
    "http://fhir.ru/ig/RuSEMD/systems/snils": check_snils,
    "urn:oid:1.2.643.100.3": check_snils,
    "http://fhir.ru/ig/RuSEMD/systems/OMS": check_enp,
    "https://mois.go.kr/rrn": check_rrn,
}
"""Identifier system -> check; addresses as UZ Core, fhir.ru and a Korean guide have them (2026-11)."""


def normalise_identifier(system: str | None, value: str) -> str:
    """Return a national number as digits alone; anything else, and what cannot be read, as it came."""
    check = IDENTIFIERS.get(system or "")
    return check(value).text if check else value
