"""The closed list of units and denominators, and the conversion constants of the house.

A number that converts one unit into another lives here and nowhere else. Any other number with a
meaning is evidence.
"""

from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from oncopolis.foundation.errors import InputError

if TYPE_CHECKING:
    from pint import UnitRegistry

NS_PER_MS = 1_000_000
MS_PER_SECOND = 1_000
MS_PER_MINUTE = 60_000
MINUTES_PER_HOUR = 60
MS_PER_HOUR = MS_PER_MINUTE * MINUTES_PER_HOUR
HOURS_PER_DAY = 24
MINUTES_PER_DAY = MINUTES_PER_HOUR * HOURS_PER_DAY
MS_PER_DAY = MS_PER_HOUR * HOURS_PER_DAY
DAYS_PER_WEEK = 7
HOURS_PER_WEEK = HOURS_PER_DAY * DAYS_PER_WEEK
DAYS_PER_YEAR = 365.25
WEEKS_PER_YEAR = DAYS_PER_YEAR / DAYS_PER_WEEK
MONTHS_PER_YEAR = 12
HOURS_PER_YEAR = HOURS_PER_DAY * DAYS_PER_YEAR
KG_PER_TONNE = 1_000
PER_100_000 = 100_000
PER_MILLION = 1_000_000
PER_THOUSAND = 1_000
PERCENT = 100
MSV_PER_SV = 1_000
CM_PER_M = 100
G_PER_CM2_IN_KG_PER_M2 = 10

# Our spelling -> the same in pint's words. Things that are counted carry no dimension of their own:
# what they are counted *per* is the row's `per`.
UNITS: dict[str, str] = {
    "share": "dimensionless",
    "ratio": "dimensionless",
    "count": "dimensionless",
    "min": "minute",
    "hour": "hour",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
    "mm": "millimeter",
    "cm": "centimeter",
    "m": "meter",
    "m2": "meter ** 2",
    "m3": "meter ** 3",
    "kg": "kilogram",
    "t": "metric_ton",
    "kN/m2": "kilonewton / meter ** 2",
    "kW": "kilowatt",
    "kWh": "kilowatt_hour",
    "degC": "degree_Celsius",
    "L": "liter",
    "Gy": "gray",
    "mSv": "millisievert",
    "mSv/hour": "millisievert / hour",
    "mSv/week": "millisievert / week",
    "mSv/Gy": "millisievert / gray",
    "Sv/Gy/m2": "sievert / gray / meter ** 2",
    "Sv.m2": "sievert * meter ** 2",
    "kg/m3": "kilogram / meter ** 3",
    "USD": "USD",
    "EUR": "EUR",
    "GBP": "GBP",
    "KRW": "KRW",
    "UZS": "UZS",
    "RUB": "RUB",
    "1/year": "1 / year",
    "1/hour": "1 / hour",
    "1/day": "1 / day",
    "1/week": "1 / week",
    "case/year": "1 / year",
    "patient/year": "1 / year",
    "course/year": "1 / year",
    "fraction/year": "1 / year",
    "operation/year": "1 / year",
    "visit/year": "1 / year",
    "contact/day": "1 / day",
    "fraction/day": "1 / day",
    "fraction/hour": "1 / hour",
    "patient/day": "1 / day",
    "case/day": "1 / day",
    "hour/day": "hour / day",
    "hour/week": "hour / week",
    "hour/year": "hour / year",
    "day/week": "day / week",
    "day/year": "day / year",
    "min/day": "minute / day",
    "min/week": "minute / week",
    "min/month": "minute / month",
    "min/year": "minute / year",
    "km/h": "kilometer / hour",
    "m/min": "meter / minute",
    "USD/year": "USD / year",
    "EUR/year": "EUR / year",
    "USD/m2": "USD / meter ** 2",
    "USD/kWh": "USD / kilowatt_hour",
    "USD/kg": "USD / kilogram",
    "USD/L": "USD / liter",
    "USD/m2/year": "USD / meter ** 2 / year",
    "kWh/m2/year": "kilowatt_hour / meter ** 2 / year",
    "kWh/year": "kilowatt_hour / year",
    "L/day": "liter / day",
    "L/year": "liter / year",
    "kg/day": "kilogram / day",
    "m2/year": "meter ** 2 / year",
}
"""Allowed units, each with its meaning in pint's words."""

PER: frozenset[str] = frozenset(
    """
    adult aliquot analyser bed bed_day block booking bunker case centre chair chemotherapy_patient
    chemotherapy_visit contact country course cycle day death department donor episode examination
    floor fraction fte hundred_thousand_persons irradiated_patient m2 machine machine_year
    million_population month operated_case operation patient person post preparation proton_patient
    room room_year shift site specimen stage station stay surgical_bed survivor table tank theatre
    tissue visit week work_day worker year
    """.split()
)
"""Allowed denominators (`per`) of a share, a count or a norm."""

_FACTORS = {
    ("hour", "min"): float(MINUTES_PER_HOUR),
    ("day", "min"): float(MINUTES_PER_DAY),
    ("week", "min"): float(MINUTES_PER_DAY * DAYS_PER_WEEK),
    ("hour/year", "min/year"): float(MINUTES_PER_HOUR),
    ("month", "year"): 1 / MONTHS_PER_YEAR,
    ("t", "kg"): float(KG_PER_TONNE),
}
"""The everyday conversions, for which pint need not be loaded."""

_CURRENCIES = ("USD", "EUR", "GBP", "KRW", "UZS", "RUB")


def check_unit(unit: str, where: str) -> InputError | None:
    """Return an error if `unit` is not in the closed list, else None."""
    if unit in UNITS:
        return None
    near = get_close_matches(unit, UNITS)
    return InputError(
        code="UNI-001",
        where=where,
        got=f"unit {unit!r}",
        expected="a unit of the closed list" + (f" (near: {', '.join(near)})" if near else ""),
        fix="use one of `oncopolis.foundation.units.UNITS`, listed in docs/reference/units.md",
    )


@cache
def _registry() -> "UnitRegistry[float]":
    from pint import UnitRegistry

    registry: UnitRegistry[float] = UnitRegistry()
    for code in _CURRENCIES:
        registry.define(f"{code} = [{code}]")
    return registry


def convert(value: float, from_unit: str, to_unit: str, where: str) -> float:
    """Convert `value` between two units of the closed list.

    Raises
    ------
    InputError
        If one of the units is unknown, or they do not measure the same thing. Currencies are never
        converted into each other: that takes a rate and a date, which are evidence.
    """
    for unit in (from_unit, to_unit):
        if error := check_unit(unit, where):
            raise error
    if from_unit == to_unit:
        return value
    if (from_unit, to_unit) in _FACTORS:
        return value * _FACTORS[from_unit, to_unit]
    from pint import DimensionalityError

    try:
        quantity = _registry().Quantity(value, UNITS[from_unit]).to(UNITS[to_unit])
    except DimensionalityError as error:
        raise InputError(
            code="UNI-002",
            where=where,
            got=f"{value:g} {from_unit}",
            expected=f"a value that fits {to_unit}",
            fix=f"state the value in {to_unit}",
        ) from error
    return float(quantity.magnitude)
