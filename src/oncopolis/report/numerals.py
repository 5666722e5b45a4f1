"""How values are written: as many digits as their size deserves, their unit in words."""

import math

from oncopolis.foundation.units import PER_MILLION, PERCENT
from oncopolis.report.language import Language, mark

MONEY = ("USD", "EUR", "GBP", "KRW", "UZS", "RUB")

UNIT_WORDS = {
    "count": "",
    "ratio": "",
    "share": "%",
    "min": mark("min"),
    "hour": mark("hours"),
    "day": mark("days"),
    "year": mark("years"),
    "m2": "m²",
    "m3": "m³",
    "case/year": mark("cases a year"),
    "patient/year": mark("patients a year"),
    "course/year": mark("courses a year"),
    "fraction/year": mark("fractions a year"),
    "operation/year": mark("operations a year"),
    "visit/year": mark("visits a year"),
    "hour/year": mark("hours a year"),
    "day/year": mark("days a year"),
    "1/year": mark("a year"),
    "fte": mark("full-time posts"),
}
"""Unit of the plan -> what a reader sees; a unit that is not here is shown as it is."""

_WHOLE_FROM, _TENTHS_FROM = 100, 10
_SIGNIFICANT = 3
_TOLERANCE = 1e-9


def write_unit(language: Language, unit: str | None) -> str:
    """Write a unit for readers; a pure number has none."""
    return language.text(UNIT_WORDS.get(unit or "", unit or "")) if unit else ""


def write_value(language: Language, value: float | None, unit: str | None = None) -> str:
    """Write a value without its unit; a share is written in percent, a missing value as a dash."""
    if value is None or not math.isfinite(value):
        return "–"
    if unit == "share":
        value *= PERCENT
    return language.numeral(value, count_digits(value))


def count_digits(value: float) -> int:
    """Return the decimals that a value of this size is shown with."""
    size = abs(value)
    if size >= _WHOLE_FROM or abs(value - round(value)) < _TOLERANCE:
        return 0
    if size >= _TENTHS_FROM:
        return 1
    if size >= 1:
        return 2
    return min(_SIGNIFICANT - 1 - math.floor(math.log10(size)), _TENTHS_FROM)


def write_with_unit(language: Language, value: float | None, unit: str | None) -> str:
    """Write a value with its unit; large sums of money in millions."""
    if value is None:
        return "–"
    if unit in MONEY:
        return write_money(language, value, unit)
    words = write_unit(language, unit)
    space = "" if words == "%" and language.code in {"en", "ko"} else "\N{NO-BREAK SPACE}"
    return (
        f"{write_value(language, value, unit)}{space}{words}".rstrip(space)
        if words
        else write_value(language, value, unit)
    )


def write_money(language: Language, value: float, unit: str = "USD") -> str:
    """Write a sum of money, in millions where it reaches one."""
    if abs(value) >= PER_MILLION:
        scaled = value / PER_MILLION
        return language.text(
            "{unit} {value} million", unit=unit, value=language.numeral(scaled, count_digits(scaled))
        )
    return f"{unit}\N{NO-BREAK SPACE}{language.numeral(value, 0 if abs(value) >= _TENTHS_FROM else 2)}"


def write_interval(language: Language, low: float | None, high: float | None, unit: str | None) -> str:
    """Write an interval; empty if there is none."""
    if low is None or high is None:
        return ""
    if unit in MONEY and max(abs(low), abs(high)) >= PER_MILLION:
        digits = count_digits(low / PER_MILLION)
        low_text = language.numeral(low / PER_MILLION, digits)
        return language.text(
            "{unit} {value} million",
            unit=unit,
            value=f"{low_text}–{language.numeral(high / PER_MILLION, digits)}",
        )
    percent = "%" if unit == "share" else ""
    return f"{write_value(language, low, unit)}–{write_value(language, high, unit)}{percent}"


def write_change(language: Language, first: float, last: float) -> str:
    """Write a relative change in whole percent with its sign."""
    if not first:
        return "–"
    change = round(PERCENT * (last / first - 1))
    return f"{'+' if change > 0 else ''}{language.numeral(change, 0)}\N{NO-BREAK SPACE}%"
