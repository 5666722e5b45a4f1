"""GS1 element strings, of DataMatrix, QR codes and GS1-128 (GS1 General Specifications, 3 and 7.8).

Read are the identifiers that medicines and implants carry. A code with another one is not read: where its
value ends would be guessed.
"""

import re
from datetime import date, timedelta
from typing import Final

_END: Final = "\x1d"
"""FNC1 as scanners send it: the end of a value of any length."""
_SYMBOLOGIES: Final = ("]d2", "]C1", "]Q3", "]e0")
_FIXED: Final = {
    "00": 18,
    "01": 14,
    "02": 14,
    "11": 6,
    "13": 6,
    "15": 6,
    "16": 6,
    "17": 6,
    "20": 2,
}  # structure: GS1
_LONGEST: Final = {
    "10": 20,
    "21": 20,
    "22": 20,
    "30": 8,
    "37": 8,
    "240": 30,
    "241": 30,
    "710": 20,
    "711": 20,
    "712": 20,
    "713": 20,
    "714": 20,
}  # structure: GS1
_NAMES: Final = {"01": "gtin", "10": "lot", "17": "expires", "21": "serial"}
_WORD: Final = re.compile(r"[!-\"%-/0-9:-?A-Z_a-z]+", re.ASCII)
"""Characters of a value: set 82 of the specifications."""
_LONG_AI: Final = 3  # structure: digits of the longest identifier that is read
_CENTURY: Final = 100  # structure: years
_HALF: Final = (
    50  # structure: years ahead, by 7.12 of the specifications; those beyond are of the last century
)


def read_gs1(text: str, year: int | None = None) -> dict[str, str] | None:
    """Return what an element string says: ``gtin``, and ``lot``, ``serial``, ``expires`` (a day).

    Parameters
    ----------
    text
        With FNC1 as ASCII 29, or written for people: ``(01)…(17)…``.
    year
        This year, by which two digits of another are understood; the present one if None.

    Returns
    -------
    dict or None
        None for half a code, one without a GTIN, or one whose check digit is wrong.
    """
    elements = _split_written(text) if text.startswith("(") else _split(_strip(text))
    if elements is None:
        return None
    found: dict[str, str] = {}
    for ai, value in elements:
        if not _is_good(ai, value) or (ai in _NAMES and _NAMES[ai] in found):
            return None
        if ai in _NAMES:
            found[_NAMES[ai]] = value
    if "gtin" not in found:
        return None
    if "expires" in found:
        day = read_day(found["expires"], year or date.today().year)  # noqa: DTZ011 - the century only
        if day is None:
            return None
        found["expires"] = day.isoformat()
    return found


def _strip(text: str) -> str:
    for symbology in _SYMBOLOGIES:
        text = text.removeprefix(symbology)
    return text.removeprefix(_END)


def _split(text: str) -> list[tuple[str, str]] | None:
    """Return identifiers with their values, in order; None if that cannot be done."""
    found: list[tuple[str, str]] = []
    while text:
        ai = next((text[:n] for n in (2, _LONG_AI) if text[:n] in _FIXED or text[:n] in _LONGEST), None)
        if ai is None:
            return None
        text = text[len(ai) :]
        if ai in _FIXED:
            value, text = text[: _FIXED[ai]], text[_FIXED[ai] :].removeprefix(_END)
        else:
            value, _, text = text.partition(_END)
        found.append((ai, value))
    return found


def _split_written(text: str) -> list[tuple[str, str]] | None:
    parts = re.findall(r"\(([0-9]{2,4})\)([^(]*)", text)
    whole = "".join(f"({ai}){value}" for ai, value in parts)
    return parts if whole == text else None


def _is_good(ai: str, value: str) -> bool:
    if ai in _FIXED:
        if len(value) != _FIXED[ai] or not (value.isdecimal() and value.isascii()):
            return False
        return ai not in ("00", "01", "02") or _is_checked(value)
    return ai in _LONGEST and len(value) <= _LONGEST[ai] and _WORD.fullmatch(value) is not None


def _is_checked(digits: str) -> bool:
    """Tell whether the last digit is the check digit of the others: weights 3 and 1 from the right."""
    weights = (3, 1)  # structure: GS1 General Specifications 7.9
    total = sum(int(digit) * weights[i % 2] for i, digit in enumerate(reversed(digits[:-1])))
    return (total + int(digits[-1])) % 10 == 0  # structure: modulo ten


def read_day(text: str, year: int) -> date | None:
    """Return the day of six digits YYMMDD; day 00 is the last of its month. None if there is none."""
    yy, month, day = int(text[:2]), int(text[2:4]), int(text[4:])  # YYMMDD
    whole = year - year % _CENTURY + yy
    if whole - year > _HALF:
        whole -= _CENTURY
    elif year - whole >= _HALF:
        whole += _CENTURY
    try:
        if day:
            return date(whole, month, day)
        following = date(whole + month // 12, month % 12 + 1, 1)  # structure: months of a year
    except ValueError:
        return None
    return following - timedelta(days=1)
