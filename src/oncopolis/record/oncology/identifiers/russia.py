"""SNILS and the number of the insurance policy (ENP) of Russia.

SNILS: nine digits and two that check them: the sum of the digits times 9, 8, ..., 1 modulo 101, where 100
counts as 0; numbers up to 001-001-998 have none. Source: order of the Ministry of Health and Social
Development, consultant.ru LAW_142584, as public programs that name it have the rule; opened 2026-11.

ENP: 16 digits, the last checks the others (mod 10 of HL7 version 2: the digits in odd places from the right,
written as one number and doubled, after those in even places; what the digits of the whole lack to a multiple
of ten). RECALLED: the order of the fund that states it was not opened.
"""

import re
from typing import Final

from oncopolis.record.oncology.digits import strip, to_weighted_sum
from oncopolis.record.oncology.identifiers.person import Person, make_form_issue
from oncopolis.record.oncology.issues import Issue

__all__ = ["check_enp", "check_snils"]

_SNILS: Final = re.compile(r"([0-9]{9})([0-9]{2})", re.ASCII)
_SNILS_DIGITS: Final = 11  # structure: of the number
_WEIGHTS: Final = tuple(range(9, 0, -1))  # structure: of the check digits
_MODULUS, _NONE = 101, 100  # structure: of the check digits; the remainder that counts as 0
_LAST_UNCHECKED: Final = 1_001_998  # structure: numbers up to this one have no check digits
_ENP: Final = re.compile(r"[0-9]{16}", re.ASCII)
_ENP_DIGITS: Final = 16  # structure: of the number
_BASE: Final = 10  # structure: the modulus


def check_snils(text: str) -> Person:
    """Read a SNILS, with spaces or hyphens or without."""
    digits = strip(text)
    match = _SNILS.fullmatch(digits)
    if match is None:
        return Person(text, (make_form_issue("snils", text, _SNILS_DIGITS),))
    number, check = match.groups()
    if int(number) <= _LAST_UNCHECKED:
        return Person(digits)
    expected = to_weighted_sum(number, _WEIGHTS) % _MODULUS % _NONE
    if int(check) != expected:
        return Person(
            digits, (Issue("snils-check-digit", "other last digits", "those that check the others"),)
        )
    return Person(digits)


def check_enp(text: str) -> Person:
    """Read the number of a policy, with spaces or hyphens or without."""
    digits = strip(text)
    if not _ENP.fullmatch(digits):
        return Person(text, (make_form_issue("enp", text, _ENP_DIGITS),))
    reverse = digits[-2::-1]
    doubled = str(int(reverse[::2]) * 2)
    total = sum(map(int, reverse[1::2] + doubled))
    if -total % _BASE != int(digits[-1]):
        return Person(
            digits, (Issue("enp-check-digit", "another last digit", "the one that checks the others"),)
        )
    return Person(digits)
