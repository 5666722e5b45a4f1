"""ISBT 128 data structures: what labels of blood products say (ICCBBA ST-001).

A label has its structures one by one, or several in a row in one two-dimensional code. Each has its length.
"""

import re
from datetime import date, timedelta
from typing import Final

_PATTERNS: Final = (
    (re.compile(r"=\+[0-9]{2}[0-9]{3}", re.ASCII), "compound"),
    (re.compile(r"=%([0-9A-Z]{4})", re.ASCII), "group"),
    (re.compile(r"=<([A-Z][0-9]{4}[A-Z0-9]{3})", re.ASCII), "product"),
    (re.compile(r"=>([0-9]{6})", re.ASCII), "expires"),
    (re.compile(r"&>([0-9]{6})[0-9]{4}", re.ASCII), "expires"),
    (re.compile(r"=([A-NP-Z1-9][0-9A-Z]{4}[0-9]{8})[0-9A-Z]{2}", re.ASCII), "number"),
)
_CENTURY: Final = 1000  # structure: the first of three digits of a year is left out
_MILLENNIUM: Final = 2000  # structure: years
_CENTURIES: Final = 900  # structure: those that begin with 9 are of the millennium before


def read_isbt(text: str) -> dict[str, str] | None:
    """Return what structures say: ``number`` (donation), and ``product``, ``group``, ``expires``.

    Returns
    -------
    dict or None
        None for half a code, one that has none of the donation number, or the same thing twice.
    """
    found: dict[str, str] = {}
    while text:
        matched = ((pattern.match(text), name) for pattern, name in _PATTERNS)
        match, name = next(((match, name) for match, name in matched if match), (None, ""))
        if match is None:
            return None
        text = text[match.end() :]
        if name == "compound":
            continue
        if name in found:
            return None
        found[name] = match[1]
    if "number" not in found:
        return None
    if "expires" in found:
        day = read_day(found["expires"])
        if day is None:
            return None
        found["expires"] = day.isoformat()
    return found


def read_day(text: str) -> date | None:
    """Return the day of six digits cyyjjj: year without its first digit, and day of the year."""
    year, of_year = int(text[:3]), int(text[3:])  # cyyjjj
    year += _MILLENNIUM - _CENTURY if year >= _CENTURIES else _MILLENNIUM
    day = date(year, 1, 1) + timedelta(days=of_year - 1)
    return day if of_year and day.year == year else None
