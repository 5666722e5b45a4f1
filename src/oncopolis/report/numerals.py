"""How values are written: as many digits as their size deserves, their unit in words."""

import math

from oncopolis.foundation.units import PERCENT
from oncopolis.report.language import Language, mark

SCALES = (
    (10**12, 10**13, mark("{unit} {value} trillion")),
    (10**9, 10**10, mark("{unit} {value} billion")),
    (10**6, 10**6, mark("{unit} {value} million")),
)
"""Scales of money, the size from which each is used, and how it is written; the largest first."""

KOREAN_SCALES = (
    (10**12, 10**12, "{value}조 {unit}"),
    (10**8, 10**8, "{value}억 {unit}"),
    (10**4, 10**6, "{value}만 {unit}"),
)
"""Korean counts in steps of ten thousand."""

PER_YEAR = "/year"

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
    "contact/day": mark("contacts a day"),
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
    if size >= _TENTHS_FROM and abs(round(value, 1) - round(value)) < _TOLERANCE:
        return 0
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
    if is_money(unit):
        return write_money(language, value, unit or "")
    if unit == "share":
        return f"{write_value(language, value, unit)}{_write_percent_sign(language)}"
    words = write_unit(language, unit)
    shown = write_value(language, value, unit)
    return f"{shown}\N{NO-BREAK SPACE}{words}" if words else shown


def is_money(unit: str | None) -> bool:
    """Whether a unit is a currency, or one a year."""
    return (unit or "").removesuffix(PER_YEAR) in MONEY


def write_money(language: Language, value: float, unit: str = "USD") -> str:
    """Write a sum of money, in millions or more where it is large."""
    currency = unit.removesuffix(PER_YEAR)
    shown = _write_large(language, (value,), currency)
    if not shown:
        shown = f"{currency}\N{NO-BREAK SPACE}{language.numeral(value, 0)}"
    return f"{shown} {language.text('a year')}" if currency != unit else shown


def write_interval(language: Language, low: float | None, high: float | None, unit: str | None) -> str:
    """Write an interval with the same number of decimals at both ends; empty if there is none."""
    if low is None or high is None:
        return ""
    currency = (unit or "").removesuffix(PER_YEAR)
    if currency in MONEY and (large := _write_large(language, (low, high), currency)):
        return large
    scale = PERCENT if unit == "share" else 1
    digits = min(count_digits(end * scale) for end in (low, high) if end or low == high)
    if all(abs(end - round(end)) < _TOLERANCE for end in (low * scale, high * scale)):
        digits = 0
    elif max(abs(low), abs(high)) * scale < _WHOLE_FROM:
        digits = count_digits(_find_uneven(low * scale, high * scale))
    shown = "–".join(dict.fromkeys(language.numeral(end * scale, digits) for end in (low, high)))
    return shown + (_write_percent_sign(language) if unit == "share" else "")


def _find_uneven(low: float, high: float) -> float:
    """Return the end that is no whole number, the larger if neither is."""
    return high if abs(high - round(high)) >= _TOLERANCE else low


def write_change(language: Language, first: float, last: float) -> str:
    """Write a relative change in whole percent with its sign."""
    if not first:
        return "–"
    change = round(PERCENT * (last / first - 1))
    return f"{'+' if change > 0 else ''}{language.numeral(change, 0)}{_write_percent_sign(language)}"


def _write_percent_sign(language: Language) -> str:
    return "\N{NO-BREAK SPACE}%" if language.code == "ru" else "%"


def _write_large(language: Language, values: tuple[float, ...], unit: str) -> str:
    """Write one or both ends of a sum in the largest scale that leaves four digits; empty if it is small."""
    largest = max(abs(value) for value in values)
    for scale, least, words in KOREAN_SCALES if language.code == "ko" else SCALES:
        if largest >= least:
            digits = count_digits(min(abs(value) for value in values) / scale)
            shown = "–".join(language.numeral(value / scale, digits) for value in values)
            return language.text(words, unit=unit, value=shown)
    return ""
