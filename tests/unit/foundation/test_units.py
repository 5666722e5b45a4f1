"""Units come from a closed list, convert through pint, and never turn one currency into another."""

import pytest

from oncopolis.foundation import InputError, units
from oncopolis.foundation.units import PER, UNITS, check_unit, convert


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_one_to_pint(unit: str) -> None:
    """Each unit of the list means something to pint, and converts to its own meaning and back."""
    assert units._registry().Quantity(1, UNITS[unit]).to_base_units().magnitude > 0


@pytest.mark.parametrize(
    ("value", "from_unit", "to_unit", "converted"),
    [
        (2, "hour", "min", 120),
        (90, "min", "hour", 1.5),
        (1, "t", "kg", 1000),
        (1, "year", "day", 365.25),
        (2, "hour/week", "min/week", 120),
        (2, "min/day", "min/week", 14),
        (1, "case/year", "1/year", 1),
        (3, "share", "count", 3),
        (5, "KRW", "KRW", 5),
    ],
)
def test_units_of_one_kind_convert(value: float, from_unit: str, to_unit: str, converted: float) -> None:
    """Units that measure the same convert by their definition."""
    assert convert(value, from_unit, to_unit, "here") == pytest.approx(converted, rel=1e-12)


@pytest.mark.parametrize(("from_unit", "to_unit"), units._FACTORS)
@pytest.mark.parametrize("value", [1.0, 0.1, 14.0, 365.25])
def test_everyday_conversions_are_those_of_pint(value: float, from_unit: str, to_unit: str) -> None:
    """What is known without pint is the same to the last bit."""
    asked = units._registry().Quantity(value, UNITS[from_unit]).to(UNITS[to_unit])
    assert convert(value, from_unit, to_unit, "here") == asked.magnitude


@pytest.mark.parametrize(
    ("from_unit", "to_unit"),
    [("hour", "m2"), ("USD", "USD/year"), ("kW", "kWh"), ("m", "m2"), ("share", "kg")],
)
def test_units_of_two_kinds_do_not(from_unit: str, to_unit: str) -> None:
    """Units that measure different things are an error that names the place and both units."""
    with pytest.raises(InputError) as caught:
        convert(1, from_unit, to_unit, "file.yaml:3: x")
    assert (caught.value.code, caught.value.where) == ("UNI-002", "file.yaml:3: x")
    assert from_unit in caught.value.got
    assert to_unit in caught.value.expected


@pytest.mark.parametrize(("from_unit", "to_unit"), [("EUR", "USD"), ("KRW", "UZS"), ("EUR/year", "USD/year")])
def test_currencies_are_not_converted(from_unit: str, to_unit: str) -> None:
    """A rate of exchange is evidence, so no currency turns into another here."""
    with pytest.raises(InputError, match="UNI-002"):
        convert(1, from_unit, to_unit, "here")


@pytest.mark.parametrize(("unit", "near"), [("hours", "hour"), ("usd", ""), ("case/yr", "case/year")])
def test_units_outside_the_list_are_refused(unit: str, near: str) -> None:
    """A unit outside the list is refused with the nearest ones."""
    error = check_unit(unit, "here")
    assert error is not None
    assert error.code == "UNI-001"
    assert near in error.expected
    for pair in ((unit, "hour"), ("hour", unit)):
        with pytest.raises(InputError, match="UNI-001"):
            convert(1, *pair, "here")


def test_units_in_the_list_are_no_fault() -> None:
    """A known unit gives no error."""
    assert check_unit("hour/week", "here") is None


def test_lists_hold_plain_words() -> None:
    """Denominators can stand after "per", and none is a unit as well but time and area."""
    assert all(word.isidentifier() for word in PER)
    assert set(UNITS) & PER == {"day", "m2", "month", "week", "year"}


def test_constants_of_conversion_agree_with_pint() -> None:
    """The named constants are those that pint uses."""
    assert convert(1, "year", "hour", "") == pytest.approx(units.HOURS_PER_YEAR)
    assert convert(1, "year", "week", "") == pytest.approx(units.WEEKS_PER_YEAR)
    assert convert(1, "day", "min", "") == pytest.approx(units.MINUTES_PER_DAY)
    assert convert(1, "year", "month", "") == pytest.approx(units.MONTHS_PER_YEAR)
