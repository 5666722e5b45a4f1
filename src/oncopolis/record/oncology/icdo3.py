"""ICD-O-3 codes: topography, morphology with behaviour and grade, and whether they fit ICD-10."""

import re
from dataclasses import dataclass
from typing import Final

from oncopolis.record.oncology.icd10 import Nature, find_group, parse_icd10
from oncopolis.record.oncology.issues import Checked, Issue

__all__ = [
    "BEHAVIOURS",
    "Morphology",
    "check_agreement",
    "check_morphology",
    "check_topography",
    "parse_morphology",
    "parse_topography",
]

BEHAVIOURS: Final[dict[str, Nature]] = {
    "0": "benign",
    "1": "uncertain",
    "2": "in situ",
    "3": "malignant",
    "6": "secondary",
    "9": "malignant",
}
"""Behaviour -> nature; 9 is malignant of unknown origin, primary or secondary."""

_TOPOGRAPHY: Final = re.compile(r"(C[0-7][0-9]|C80)\.?([0-9])", re.ASCII | re.IGNORECASE)
_MORPHOLOGY: Final = re.compile(r"(?:M-?)?([89][0-9]{3})/?([0-9])([1-9])?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Morphology:
    """A morphology code in its parts: ``8140``, ``3`` and the grade or cell line, if told."""

    histology: str
    behaviour: str
    grade: str = ""

    def __str__(self) -> str:
        return f"{self.histology}/{self.behaviour}{self.grade}"


def parse_topography(text: str) -> str | None:
    """``C50.9`` of ``c509``; None if it is no topography."""
    match = _TOPOGRAPHY.fullmatch(text.strip())
    return f"{match[1].upper()}.{match[2]}" if match else None


def parse_morphology(text: str) -> Morphology | None:
    """Parts of a morphology code with or without ``M`` and slash; None if it is none."""
    match = _MORPHOLOGY.fullmatch(text.strip())
    return Morphology(match[1], match[2], match[3] or "") if match else None


def check_topography(text: str) -> Checked:
    """Normal form of a topography code and what is wrong with it."""
    code = parse_topography(text)
    if code is None:
        return Checked(text, (Issue("icdo3-topography", repr(text), "C00.0 to C80.9"),))
    return Checked(code)


def check_morphology(text: str) -> Checked:
    """Normal form of a morphology code and what is wrong with it."""
    code = parse_morphology(text)
    if code is None:
        return Checked(
            text, (Issue("icdo3-morphology", repr(text), "8000/0 to 9999/9: histology/behaviour"),)
        )
    if code.behaviour not in BEHAVIOURS:
        expected = f"one of {', '.join(BEHAVIOURS)}"
        return Checked(str(code), (Issue("icdo3-behaviour", f"behaviour {code.behaviour}", expected),))
    return Checked(str(code))


def check_agreement(icd10: str, morphology: str) -> tuple[Issue, ...]:
    """Whether the nature of a neoplasm in ICD-10 is that of its behaviour; nothing where one is no code."""
    code, tumour = parse_icd10(icd10), parse_morphology(morphology)
    group = find_group(code) if code else None
    nature = BEHAVIOURS.get(tumour.behaviour) if tumour else None
    if code is None or tumour is None or group is None or nature in (None, group.nature):
        return ()
    if {group.nature, nature} == {"malignant", "secondary"} and tumour.behaviour != "3":
        return ()
    got = f"{code} ({group.nature}) with {tumour} ({nature})"
    return (Issue("icd10-behaviour", got, "the same nature in both"),)
