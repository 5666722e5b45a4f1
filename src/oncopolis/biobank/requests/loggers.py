"""Files of temperature loggers: read whole, or refused with the row that is wrong."""

import csv
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import StringIO
from itertools import pairwise
from math import isfinite

from oncopolis.foundation import InputError

_MS = 1000  # structure: milliseconds in a second
_MINUTE_MS = 60_000  # structure: milliseconds in a minute
_COLDEST_C, _HOTTEST_C = -273.15, 200.0  # structure: what no logger has ever seen is a fault of it
_LONGEST_GAP_MS = 6 * 3_600_000  # structure: default of a setting: longer silence proves nothing


@dataclass(frozen=True, slots=True)
class Reading:
    """One row of a logger."""

    at_ms: int
    celsius: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a logger shows of a journey.

    Parameters
    ----------
    outside_min
        Minutes outside of what was agreed.
    """

    n: int
    lowest_c: float
    highest_c: float
    outside_min: float

    def __str__(self) -> str:
        where = "within the limits" if self.outside_min == 0 else f"outside for {self.outside_min:.0f} min"
        return f"{self.n} readings, {self.lowest_c:g} to {self.highest_c:g} degrees Celsius, {where}"


def read_logger(text: str, where: str) -> list[Reading]:
    """Read ``time,celsius`` rows; times with their zone, in order.

    Raises
    ------
    InputError
        A row that is none (BIO-080), a temperature no logger can have seen (BIO-081), times out of order or
        too far apart (BIO-082), fewer than two rows (BIO-083).
    """
    try:
        rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
    except csv.Error:
        rows = []
    found: list[Reading] = []
    for number, row in enumerate(rows, 1):
        if not any(cell.strip() for cell in row) or (number == 1 and _read(row) is None):
            continue
        found.append(_check(_read(row), row, f"{where}, row {number}"))
        if len(found) > 1 and not 0 < found[-1].at_ms - found[-2].at_ms <= _LONGEST_GAP_MS:
            raise InputError(
                code="BIO-082", where=f"{where}, row {number}", got=f"{row[0]} after {rows[number - 2][0]}",
                expected="times in order, without long silence", fix="read the logger out again",
            )  # fmt: skip
    if len(found) < 2:
        raise InputError(
            code="BIO-083", where=where, got=f"{len(found)} readings",
            expected="time,celsius in at least two rows",
            fix="read the logger out again; without proof the specimens are under suspicion",
        )  # fmt: skip
    return found


def _read(row: list[str]) -> Reading | None:
    try:
        at = datetime.fromisoformat(row[0].strip())
        return None if at.tzinfo is None else Reading(round(at.timestamp() * _MS), float(row[1]))
    except (ValueError, IndexError, OverflowError):
        return None


def _check(reading: Reading | None, row: list[str], where: str) -> Reading:
    if reading is None:
        raise InputError(
            code="BIO-080", where=where, got=",".join(row)[:80],
            expected="time with zone, degrees Celsius",
            fix="export the logger as CSV with ISO 8601 times",
        )  # fmt: skip
    if not isfinite(reading.celsius) or not _COLDEST_C <= reading.celsius <= _HOTTEST_C:
        raise InputError(
            code="BIO-081", where=where, got=row[1],
            expected=f"{_COLDEST_C:g} to {_HOTTEST_C:g} degrees Celsius",
            fix="have the logger looked at; without proof the specimens are under suspicion",
        )  # fmt: skip
    return reading


def judge(readings: list[Reading], lowest_c: float, highest_c: float) -> Verdict:
    """What a journey was like; a reading counts until the next."""
    outside_ms = sum(
        after.at_ms - one.at_ms
        for one, after in pairwise(readings)
        if not lowest_c <= one.celsius <= highest_c
    )
    seen = [one.celsius for one in readings]
    return Verdict(len(readings), min(seen), max(seen), outside_ms / _MINUTE_MS)


def compute_digest(text: str) -> str:
    """SHA-256 of a file."""
    return sha256(text.encode()).hexdigest()
