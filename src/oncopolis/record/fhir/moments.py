"""Dates and times of FHIR as stretches of milliseconds.

A date of less precision is a longer stretch: ``2013-02`` is the whole of February. A date without a zone is
taken in UTC. Milliseconds count from 1970-01-01T00:00Z; both ends belong to the stretch.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from oncopolis.foundation.units import MS_PER_SECOND

__all__ = ["find_stretch_ms"]

_MOMENT: Final = re.compile(
    r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-2][0-9]|3[01])"
    r"(?:T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(?:\.([0-9]+))?"
    r"(?:Z|([+-])(0[0-9]|1[0-3]|14(?=:00)):([0-5][0-9])))?)?)?"
)
_S_PER_MINUTE: Final = 60  # structure: seconds of a minute
_MINUTES_PER_HOUR: Final = 60  # structure: minutes of an hour
_HOURS_PER_DAY: Final = 24  # structure: hours of a day
_MS_PER_DAY: Final = _HOURS_PER_DAY * _MINUTES_PER_HOUR * _S_PER_MINUTE * MS_PER_SECOND
_EPOCH: Final = date(1970, 1, 1).toordinal()  # structure: the day milliseconds count from
_DECEMBER: Final = 12  # structure: months of a year
_MS_DIGITS: Final = 3  # structure: digits of a second's fraction in milliseconds
_REMEMBERED: Final = 8192  # structure: texts whose stretch is kept; one resource repeats its dates


@lru_cache(maxsize=_REMEMBERED)
def find_stretch_ms(text: str) -> tuple[int, int] | None:
    """First and last millisecond of a ``date``, ``dateTime`` or ``instant``; None if it is none of them.

    Days are real days: ``2023-02-29`` is none.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, zone_hour, zone_minute = match.groups()
    try:
        start = date(int(year), int(month or 1), int(day or 1)).toordinal() - _EPOCH
    except ValueError:
        return None
    low = start * _MS_PER_DAY
    if hour is None:
        return low, low + _count_days(int(year), month, day) * _MS_PER_DAY - 1
    minutes = int(hour) * _MINUTES_PER_HOUR + int(minute)
    if sign:
        offset = int(zone_hour) * _MINUTES_PER_HOUR + int(zone_minute)
        minutes += offset if sign == "-" else -offset
    low += (minutes * _S_PER_MINUTE + int(second)) * MS_PER_SECOND
    if fraction is None:
        return low, low + MS_PER_SECOND - 1
    digits = fraction[:_MS_DIGITS]
    unit = 10 ** (_MS_DIGITS - len(digits))  # structure: decimal digits
    low += int(digits) * unit
    return low, low + unit - 1


def _count_days(year: int, month: str | None, day: str | None) -> int:
    """Days that a year, a month of it or a day of that has."""
    if day:
        return 1
    first = date(year, int(month or 1), 1).toordinal()
    if month and int(month) < _DECEMBER:
        return date(year, int(month) + 1, 1).toordinal() - first
    return date(year, _DECEMBER, 31).toordinal() + 1 - first  # structure: the last day of a year
