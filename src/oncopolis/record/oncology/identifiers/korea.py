"""The resident registration number (RRN) of Korea: 13 digits, and that of foreigners.

Year, month and day of birth, sex and century, five digits, and a check digit: what the digits times 2, 3, 4,
5, 6, 7, 8, 9, 2, 3, 4, 5 lack to a multiple of 11, modulo 10. Numbers given since October 2020 have six
digits at random after the sex, so that their last digit checks nothing: a number of somebody who was born
since then is not checked, and an older one that does not agree may have been given anew.

Source: Wikipedia, "Resident registration number", which has both; opened 2026-11.
"""

import re
from datetime import date
from typing import Final

from oncopolis.record.oncology.digits import strip, to_weighted_sum
from oncopolis.record.oncology.identifiers.person import Person, Sex, find_day, make_form_issue
from oncopolis.record.oncology.issues import Issue

__all__ = ["check_rrn"]

_FORM: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})([0-9])[0-9]{5}([0-9])", re.ASCII)
_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)  # structure: of the check digit
_CENTURIES: Final = {
    kind: century for century, kinds in ((1800, "90"), (1900, "1256"), (2000, "3478")) for kind in kinds
}  # structure: seventh digit -> century of birth
_DIGITS: Final = 13  # structure: of the number
_MODULUS, _BASE = 11, 10  # structure: of the check digit
_AT_RANDOM: Final = date(2020, 10, 1)  # structure: since then the last six digits are random


def check_rrn(text: str) -> Person:
    """Read an RRN, with a hyphen or without."""
    digits = strip(text)
    match = _FORM.fullmatch(digits)
    if match is None:
        return Person(text, (make_form_issue("rrn", text, _DIGITS),))
    year, month, day, kind, check = match.groups()
    sex: Sex = "male" if int(kind) % 2 else "female"
    born = find_day(_CENTURIES[kind] + int(year), month, day)
    if born is None:
        return Person(
            digits, (Issue("rrn-birth-date", "no such day", "a day of birth in digits 1 to 6"),), None, sex
        )
    expected = -to_weighted_sum(digits[:-1], _WEIGHTS) % _MODULUS % _BASE
    if born < _AT_RANDOM and int(check) != expected:
        text = "the one that checks the others, or a number that was given since October 2020"
        return Person(digits, (Issue("rrn-check-digit", "another last digit", text),), born, sex)
    return Person(digits, (), born, sex)
