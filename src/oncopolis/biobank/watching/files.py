"""Files of readings, from loggers that no network reaches: read whole, with every row that is wrong."""

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from io import StringIO
from math import isfinite
from typing import Final

from oncopolis.biobank.watching.channels import is_possible
from oncopolis.biobank.watching.limits import Limits
from oncopolis.biobank.watching.readings import KINDS, Kind
from oncopolis.foundation import InputError
from oncopolis.record.biobank.readings import Said

COLUMNS: Final = ("subject", "kind", "time", "value")
MOST: Final = 200_000  # structure: rows of a file: a reading a minute for four months
_MS_PER_S: Final = 1_000  # structure: milliseconds of a second
_SHOWN: Final = 80  # structure: characters of what is told of a row


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is wrong, and why; ``row`` counts from 1 with the heading."""

    row: int
    error: InputError


@dataclass(frozen=True, slots=True)
class Logged:
    """What a file says: good rows by sensor and time, and those that are wrong."""

    readings: tuple[Said, ...]
    bad: tuple[BadRow, ...]


def read_file(
    body: bytes,
    subjects: Collection[str],
    zone: tzinfo,
    limits: Limits,
    now_ms: int,
    whole: Mapping[str, str],
) -> Logged:
    """Read a table of readings with the columns subject, kind, time and value, apart by comma or semicolon.

    Parameters
    ----------
    subjects
        Tanks and rooms there are.
    zone
        Of times that say none.
    whole
        ``subject`` and ``kind`` of a file that has no such columns.

    Raises
    ------
    InputError
        It is no such table (BIO-210), or has no row or too many (BIO-211).
    """
    rows = _split(body)
    heads = [head.strip().lower() for head in next(rows, [])]
    missing = [name for name in COLUMNS if name not in heads and not whole.get(name)]
    if missing or len(set(heads)) < len(heads):
        raise InputError(
            code="BIO-210", where="file of readings", got=", ".join(heads)[:_SHOWN] or "nothing",
            expected=f"a table with the columns {', '.join(COLUMNS)}",
            fix=f"add {', '.join(missing) or 'each once'}",
        )  # fmt: skip
    found: dict[tuple[str, str, int], Said] = {}
    bad: list[BadRow] = []
    n = 1
    for n, cells in enumerate(rows, 2):
        if n > MOST + 1:
            break
        if not any(cell.strip() for cell in cells):
            continue
        said = dict(whole) | dict(zip(heads, (cell.strip() for cell in cells), strict=False))
        try:
            one = _read_row(said, subjects, zone, limits, now_ms)
            if found.get((one.subject, one.kind, one.at_ms), one) != one:
                raise _refuse("another value at the same time", "one value of a sensor at a time")
        except InputError as error:
            bad.append(BadRow(n, error))
        else:
            found[one.subject, one.kind, one.at_ms] = one
    if n > MOST + 1 or not (found or bad):
        raise InputError(
            code="BIO-211", where="file of readings", got="no row" if n == 1 else f"more than {MOST} rows",
            expected=f"1 to {MOST} rows", fix="read the logger out again, or split the file",
        )  # fmt: skip
    return Logged(tuple(sorted(found.values())), tuple(bad))


def _split(body: bytes) -> Iterator[list[str]]:
    text = body.decode("utf-8-sig", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    first = text.partition("\n")[0]
    mark = max(";\t,", key=first.count)
    return csv.reader(StringIO(text, newline=""), delimiter=mark, strict=False)


def _read_row(
    said: Mapping[str, str], subjects: Collection[str], zone: tzinfo, limits: Limits, now_ms: int
) -> Said:
    subject, kind = said.get("subject", ""), said.get("kind", "").lower()
    if subject not in subjects:
        raise _refuse(f"subject {subject}", "a tank or room that is watched")
    known: Kind | None = next((one for one in KINDS if one == kind), None)
    if known is None:
        raise _refuse(f"kind {kind}", f"one of {', '.join(KINDS)}")
    at_ms = _read_time(said.get("time", ""), zone)
    if at_ms is None or not 0 < at_ms <= now_ms + limits.clock_ms:
        raise _refuse(f"time {said.get('time', '')}", "a time that has passed, as 2026-01-31T08:30:00+05:00")
    value = _read_number(said.get("value", ""))
    if value is None or not is_possible(known, value, limits):
        raise _refuse(f"value {said.get('value', '')}", f"what a sensor of {known} can say")
    return Said(subject, known, at_ms, value, False)


def _read_time(text: str, zone: tzinfo) -> int | None:
    try:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo is not None else at.replace(tzinfo=zone)
        return round(at.timestamp() * _MS_PER_S)
    except (ValueError, OverflowError):
        return None


def _read_number(text: str) -> float | None:
    try:
        value = float(text.replace(",", ".").replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        return None
    return value if isfinite(value) else None


def _refuse(got: str, expected: str) -> InputError:
    return InputError(
        code="BIO-212", where="row of readings", got=got[:_SHOWN], expected=expected,
        fix="correct the row, or have the logger looked at",
    )  # fmt: skip
