"""PINFL (JSHSHIR), the personal number of Uzbekistan: 14 digits.

Sex and century, day, month and year of birth, three digits of the district, three of the order, and a check
digit: the sum of the others times 7, 3, 1, 7, 3, 1, ... modulo 10.

Sources: examples of the guide UZ Core (github.com/vadi2/DHP-temp, dhp.uz) agree with the rule; the rule as
three public programs have it. Opened 2026-11. The regulation itself was not opened.
"""

import re
from typing import Final

from oncopolis.record.oncology.digits import strip, to_weighted_sum
from oncopolis.record.oncology.identifiers.person import Person, Sex, find_day, make_form_issue
from oncopolis.record.oncology.issues import Issue

__all__ = ["check_pinfl"]

_FORM: Final = re.compile(r"([1-6])([0-9]{2})([0-9]{2})([0-9]{2})[0-9]{6}([0-9])", re.ASCII)
_WEIGHTS: Final = (7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7)  # structure: of the check digit
_CENTURIES: Final = {
    "1": 1800,
    "2": 1800,
    "3": 1900,
    "4": 1900,
    "5": 2000,
    "6": 2000,
}  # structure: first digit
_DIGITS: Final = 14  # structure: of the number
_BASE: Final = 10  # structure: the modulus


def check_pinfl(text: str) -> Person:
    """Read a PINFL, with spaces or hyphens or without."""
    digits = strip(text)
    match = _FORM.fullmatch(digits)
    if match is None:
        return Person(text, (make_form_issue("pinfl", text, _DIGITS),))
    first, day, month, year, check = match.groups()
    sex: Sex = "male" if int(first) % 2 else "female"
    born = find_day(_CENTURIES[first] + int(year), month, day)
    issues = [] if born else [Issue("pinfl-birth-date", "no such day", "a day of birth in digits 2 to 7")]
    if to_weighted_sum(digits[:-1], _WEIGHTS) % _BASE != int(check):
        issues.append(Issue("pinfl-check-digit", "another last digit", "the one that checks the others"))
    return Person(digits, tuple(issues), born, sex)
