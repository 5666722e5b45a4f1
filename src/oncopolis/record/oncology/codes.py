"""Forms and check digits of ATC, LOINC and SNOMED CT codes; what they mean is licensed, and not here."""

import re
from typing import Final

from oncopolis.record.oncology.digits import compute_luhn, is_verhoeff
from oncopolis.record.oncology.issues import Checked, Issue

__all__ = ["check_atc", "check_loinc", "check_snomed", "find_atc_level"]

_ATC: Final = re.compile(r"[ABCDGHJLMNPRSV](?:[0-9]{2}(?:[A-Z](?:[A-Z](?:[0-9]{2})?)?)?)?", re.ASCII)
_ATC_LENGTHS: Final = {1: 1, 3: 2, 4: 3, 5: 4, 7: 5}  # structure: characters of a code -> its level
_LOINC: Final = re.compile(r"([0-9]{1,7})-([0-9])", re.ASCII)
_LOINC_PART: Final = re.compile(r"(?:LP|LA|LL|LG)([0-9]{1,7})-([0-9])", re.ASCII)
_SNOMED: Final = re.compile(r"[1-9][0-9]{5,17}", re.ASCII)
_SNOMED_CONCEPTS: Final = ("00", "10")
"""Partitions of concepts: of the international edition, of an extension."""


def check_atc(text: str) -> Checked:
    """Normal form of an ATC code of any level and what is wrong with it."""
    code = text.strip().upper()
    if not _ATC.fullmatch(code):
        return Checked(text, (Issue("atc-form", repr(text), "L, L01, L01X, L01XC or L01XC03"),))
    return Checked(code)


def find_atc_level(code: str) -> int | None:
    """Level of an ATC code from 1 (anatomy) to 5 (substance); None if it is none."""
    checked = check_atc(code)
    return _ATC_LENGTHS[len(checked.text)] if checked.is_sound else None


def check_loinc(text: str) -> Checked:
    """Normal form of a LOINC code and what is wrong with it: the digit after the hyphen checks the others."""
    code = text.strip().upper()
    if _LOINC_PART.fullmatch(code):
        return Checked(code)
    match = _LOINC.fullmatch(code)
    if match is None:
        return Checked(text, (Issue("loinc-form", repr(text), "digits, a hyphen and a check digit: 718-7"),))
    expected = compute_luhn(match[1])
    if int(match[2]) != expected:
        return Checked(code, (Issue("loinc-check-digit", code, f"{match[1]}-{expected}"),))
    return Checked(code)


def check_snomed(text: str) -> Checked:
    """Normal form of the id of a SNOMED CT concept and what is wrong with it."""
    code = text.strip()
    if not _SNOMED.fullmatch(code):
        return Checked(text, (Issue("snomed-form", repr(text), "6 to 18 digits"),))
    if not is_verhoeff(code):
        return Checked(code, (Issue("snomed-check-digit", code, "an id whose last digit checks the others"),))
    if code[-3:-1] not in _SNOMED_CONCEPTS:
        return Checked(
            code, (Issue("snomed-partition", code, "the id of a concept, not of a term or relation"),)
        )
    return Checked(code)
