"""Dates and numbers that are asked for: which stretches of values they mean, and which rows match.

A row has a stretch of its own, from low to high: a day, a period, or one number. What the prefixes mean for
two stretches is in R4, Search, 3.1.1.4.6. A number stands for the reach of its digits with ``eq`` and ``ne``
(100 is 99.5 up to, not including, 100.5), and for itself with every other prefix.
"""

import math
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from oncopolis.foundation.units import NS_PER_MS
from oncopolis.record.access.conditions import TRUE, both, either
from oncopolis.record.fhir.moments import find_stretch_ms
from oncopolis.record.search.parameters import PREFIXES
from oncopolis.record.search.refusing import refuse_value
from oncopolis.record.search.sql import Sql

MS_PER_DAY: Final = 86_400_000  # structure: milliseconds of a day; rows as long have an index of their own
_HALF: Final = Decimal("0.5")  # structure: half of the last digit
_TENTH: Final = 0.1  # structure: "approximately" is within a tenth, as R4 recommends
_LONGEST_NUMBER: Final = 40  # structure: characters of a number
_LARGEST_EXPONENT: Final = 300  # structure: beyond it a number is no double any more
_MINUTE_END_MS: Final = 59_000  # structure: a minute is this longer than its first second
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_TO_MINUTE: Final = re.compile(r"(.*T[0-9]{2}:[0-9]{2})((?:Z|[+-][0-9]{2}:[0-9]{2})?)", re.ASCII)
_ZONED: Final = re.compile(r".*(?:Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reach:
    """What is asked for.

    Parameters
    ----------
    low, high
        What ``eq`` means; `high` itself belongs to it for dates only.
    first, last
        What the other prefixes compare with.
    """

    prefix: str
    low: float
    high: float
    first: float
    last: float
    is_date: bool

    @property
    def span(self) -> int:
        """Rows shorter than this are found by their low end, the others have an index of their own."""
        return MS_PER_DAY if self.is_date else 0

    def match(self, low: str, high: str) -> Sql:
        """The condition on the columns of a row."""
        ends = f"{high} <= ?" if self.is_date else f"{high} < ?"
        within: Sql = (f"{low} >= ? AND {low} <= ? AND {ends}", (self.low, self.high, self.high))
        after = f"{high} > ?" if self.is_date else f"{high} >= ?"
        conditions: dict[str, Sql] = {
            "eq": within,
            "ne": (f"({low} < ? OR {after})", (self.low, self.high)),
            "gt": (f"{high} > ?", (self.last,)),
            "lt": (f"{low} < ?", (self.first,)),
            "ge": (f"({high} > ? OR {low} >= ?)", (self.last, self.first)),
            "le": (f"({low} < ? OR ({low} <= ? AND {high} <= ?))", (self.first, self.last, self.last)),
            "sa": (f"{low} > ?", (self.last,)),
            "eb": (f"({low} < ? AND {high} < ?)", (self.first, self.first)),
            "ap": (f"({low} <= ? AND {high} >= ?)", (self.high, self.low)),
        }
        return conditions[self.prefix]

    def get_box(self) -> "Box":
        """Where rows that match must lie."""
        boxes = {
            "eq": Box(low_min=self.low, low_max=self.high, high_min=self.low),
            "gt": Box(low_min=self.last - self.span, high_min=self.last, may_be_long=True),
            "ge": Box(low_min=min(self.first, self.last - self.span), high_min=self.first, may_be_long=True),
            "lt": Box(low_max=self.first),
            "le": Box(low_max=self.last),
            "sa": Box(low_min=self.last, high_min=self.last),
            "eb": Box(low_max=self.first),
            "ap": Box(low_min=self.low - self.span, low_max=self.high, high_min=self.low, may_be_long=True),
        }
        return boxes.get(self.prefix, Box())


@dataclass(frozen=True, slots=True)
class Box:
    """Limits of what can match; rows that are long may begin before `low_min`."""

    low_min: float = -math.inf
    low_max: float = math.inf
    high_min: float = -math.inf
    may_be_long: bool = False

    def limit_low(self, low: str) -> Sql:
        """The condition on the low end of rows that are not long."""
        parts: list[Sql] = []
        if self.low_min > -math.inf:
            parts.append((f"{low} >= ?", (self.low_min,)))
        if self.low_max < math.inf:
            parts.append((f"{low} <= ?", (self.low_max,)))
        return both(parts)


def unite(boxes: Sequence[Box]) -> Box:
    """Limits of what any of several has."""
    return Box(
        low_min=min(box.low_min for box in boxes),
        low_max=max(box.low_max for box in boxes),
        high_min=min(box.high_min for box in boxes),
        may_be_long=any(box.may_be_long for box in boxes),
    )


def intersect(boxes: Sequence[Box]) -> Box:
    """Limits of what all of several have."""
    return Box(
        low_min=max(box.low_min for box in boxes),
        low_max=min(box.low_max for box in boxes),
        high_min=max(box.high_min for box in boxes),
        may_be_long=any(box.may_be_long for box in boxes),
    )


def match_any(reaches: Sequence[Reach], low: str, high: str) -> Sql:
    """Rows that match one of several."""
    return either(reach.match(low, high) for reach in reaches) if reaches else TRUE


def read_date(where: str, text: str) -> Reach:
    """Read a date with its prefix; a time without a zone is in UTC, as stored ones are."""
    prefix, rest = _take_prefix(where, text)
    stretch = _find_stretch(rest)
    if stretch is None:
        raise refuse_value(
            where,
            text,
            "a date such as 2026, 2026-11, 2026-11-22 or 2026-11-22T10:00:00Z, after a prefix or not",
        )
    low, high = stretch
    first, last = low, high
    if prefix == "ap":
        today = time.time_ns() // NS_PER_MS // MS_PER_DAY * MS_PER_DAY
        margin = int(abs(today - low) * _TENTH)
        low, high = low - margin, high + margin
    return Reach(prefix, low, high, first, last, is_date=True)


def _find_stretch(text: str) -> tuple[int, int] | None:
    text = text.strip().replace(" ", "+").replace("t", "T").replace("z", "Z")
    to_minute = _TO_MINUTE.fullmatch(text)
    if to_minute is not None:
        stretch = find_stretch_ms(f"{to_minute[1]}:00{to_minute[2] or 'Z'}")
        return None if stretch is None else (stretch[0], stretch[1] + _MINUTE_END_MS)
    if "T" in text and not _ZONED.fullmatch(text):
        text += "Z"
    return find_stretch_ms(text)


def read_number(where: str, text: str) -> Reach:
    """Read a number with its prefix."""
    prefix, rest = _take_prefix(where, text)
    rest = rest.strip()
    number = None
    if _NUMBER.fullmatch(rest) and len(rest) <= _LONGEST_NUMBER:
        try:
            number = Decimal(rest)
        except InvalidOperation:
            number = None
    if number is None or (number and abs(number.adjusted()) > _LARGEST_EXPONENT):
        raise refuse_value(where, text, "a number such as 100, 5.40 or 1e2, after a prefix or not")
    value = float(number)
    low, high = get_reach(number)
    if prefix == "ap":
        low, high = value - abs(value) * _TENTH, value + abs(value) * _TENTH
    return Reach(prefix, low, high, value, value, is_date=False)


def get_reach(number: Decimal) -> tuple[float, float]:
    """What a number may stand for by the digits it has: 100 is 99.5 to 100.5.

    One with an exponent reaches to a tenth of its last place: R4 has 1e2 as 95 to 105.
    """
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    half = _HALF.scaleb(exponent - 1 if exponent > 0 else exponent)
    return float(number - half), float(number + half)


def _take_prefix(where: str, text: str) -> tuple[str, str]:
    start = text[:2]
    if not (start.isalpha() and start.isascii()):
        return "eq", text
    if start not in PREFIXES:
        raise refuse_value(where, text, f"one of the prefixes {', '.join(PREFIXES)}, or none")
    return start, text[2:]
