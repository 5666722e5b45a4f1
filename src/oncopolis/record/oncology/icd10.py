"""ICD-10 codes: their form, and what kind of neoplasm their chapter says (C00-D48)."""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from oncopolis.record.oncology.issues import Checked, Issue

__all__ = ["GROUPS", "Group", "Icd10", "Nature", "check_icd10", "find_group", "parse_icd10"]

Nature: TypeAlias = Literal["malignant", "secondary", "in situ", "benign", "uncertain"]

_FORM: Final = re.compile(r"([A-TV-Z][0-9][0-9A-Z])(?:\.?([0-9A-Z]{1,4}))?[*+†]?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Icd10:
    """A code in its parts.

    Parameters
    ----------
    category
        Three characters: ``C50``.
    rest
        What follows the point, or nothing: ``9``.
    """

    category: str
    rest: str = ""

    def __str__(self) -> str:
        return f"{self.category}.{self.rest}" if self.rest else self.category


@dataclass(frozen=True, slots=True)
class Group:
    """A block of categories of the chapter of neoplasms."""

    first: str
    last: str
    nature: Nature

    @property
    def name(self) -> str:
        """Name as the classification writes it: ``C50-C50``."""
        return f"{self.first}-{self.last}"


_BLOCKS: Final[tuple[tuple[Nature, str], ...]] = (
    (
        "malignant",
        "C00-C14 C15-C26 C30-C39 C40-C41 C43-C44 C45-C49 C50-C50 C51-C58 C60-C63 C64-C68 C69-C72 C73-C75",
    ),
    ("malignant", "C76-C76"),
    ("secondary", "C77-C79"),
    ("malignant", "C80-C80 C81-C96 C97-C97"),
    ("in situ", "D00-D09"),
    ("benign", "D10-D36"),
    ("uncertain", "D37-D48"),
)
GROUPS: Final = tuple(
    Group(name[: len("C00")], name[-len("C00") :], nature)
    for nature, names in _BLOCKS
    for name in names.split()
)
"""Blocks of neoplasms; C76-C80 is split where secondary ones stand in it."""


def parse_icd10(text: str) -> Icd10 | None:
    """Parts of a code written with a point or without, in capitals or not; None if it is none."""
    match = _FORM.fullmatch(text.strip())
    return Icd10(match[1].upper(), (match[2] or "").upper()) if match else None


def find_group(code: Icd10) -> Group | None:
    """Block of neoplasms a code belongs to."""
    return next((group for group in GROUPS if group.first <= code.category <= group.last), None)


def check_icd10(text: str) -> Checked:
    """Normal form of a code and what is wrong with it."""
    code = parse_icd10(text)
    if code is None:
        return Checked(
            text, (Issue("icd10-form", repr(text), "a letter, two digits and what follows a point: C50.9"),)
        )
    return Checked(str(code))
