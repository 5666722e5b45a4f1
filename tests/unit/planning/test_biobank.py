"""Tissues and tanks worked out on paper."""

import math

import pytest
from tests.clinic import build, count, get, lay, plan, plan_small, read, row

from oncopolis.planning import Coefficients, calculate
from oncopolis.planning.biobank import find_tank_year
from oncopolis.planning.plan import list_drawn_years

INTAKE = 1000 * 0.5 * 0.8 * 3
PER_TANK = 13_000 * 0.8 / 6


def fill(n_years: int, first: float = 0.0, lost: float = 0.05) -> float:
    level = first
    for _ in range(n_years):
        level = level * (1 - lost) + INTAKE
    return level


def test_donors_and_tissues() -> None:
    assert get(plan_small(), "biobank.donors") == pytest.approx(400)
    assert get(plan_small(), "biobank.tissues") == pytest.approx(INTAKE)


def test_the_stock_grows_from_the_first_year_of_service() -> None:
    small = plan_small()
    assert get(small, "biobank.stock", 2029) == 0
    assert get(small, "biobank.stock", 2030) == pytest.approx(INTAKE)
    assert get(small, "biobank.stock", 2033) == pytest.approx(fill(4))


def test_what_was_stored_before_is_carried_on() -> None:
    small = plan(lay(build(), "biobank.stock_tissues", count(2000)))
    assert get(small, "biobank.stock", 2029) == 2000
    assert get(small, "biobank.stock", 2031) == pytest.approx(fill(2, 2000))


def test_tanks_take_the_stock_of_their_years_and_one_is_empty() -> None:
    small = plan_small()
    assert find_tank_year(small.asking.project.centre) == 2035
    assert get(small, "biobank.tank_tissues") == pytest.approx(PER_TANK)
    tanks = math.ceil(fill(6) / PER_TANK)
    assert get(small, "biobank.tanks") == tanks + 1
    assert get(small, "biobank.capacity") == pytest.approx(tanks * PER_TANK)


def test_tanks_of_a_long_horizon_are_sized_for_its_end() -> None:
    data = lay(build(), "biobank.horizon_years", 30)
    small = plan(data)
    assert find_tank_year(small.asking.project.centre) == 2037
    assert get(small, "biobank.tanks") == math.ceil(fill(8) / PER_TANK) + 1


@pytest.mark.slow
def test_more_empty_tanks_take_no_more_tissues() -> None:
    small = plan(lay(build(), "biobank.evacuation_tanks", 3))
    assert get(small, "biobank.tanks") == get(plan_small(), "biobank.tanks") + 2
    assert get(small, "biobank.capacity") == pytest.approx(get(plan_small(), "biobank.capacity"))


def test_given_tanks_say_when_they_are_full() -> None:
    small = plan(lay(build(), "biobank.tanks", 3))
    assert get(small, "biobank.tanks") == 3
    assert get(small, "biobank.capacity") == pytest.approx(2 * PER_TANK)
    full = next(2029 + n for n in range(1, 9) if fill(n) > 2 * PER_TANK)
    assert small.biobank is not None
    assert small.biobank.full_year == full
    planned = plan_small().biobank
    assert planned is not None
    assert planned.full_year is None or planned.full_year > 2035


def test_26_tanks_are_explained_and_not_copied() -> None:
    """25 in use x 13,000 vials, four fifths full, six a tissue: 43,333 tissues against 40,000 stated."""
    data = lay(build(), "biobank.tanks", 26)
    small = plan(lay(data, "biobank.target_tissues", count(40_000)))
    assert get(small, "biobank.capacity") == pytest.approx(25 * 13_000 * 0.8 / 6)
    assert get(small, "biobank.stated") == 40_000
    assert get(small, "biobank.stated_per_tank") == pytest.approx(40_000 / 26)
    assert get(small, "biobank.stated_ratio") == pytest.approx(40_000 / (25 * PER_TANK))


def test_on_the_years_of_draws_the_stock_is_that_of_all_years() -> None:
    """Draws look at a few years only; the intake between them is taken on a straight line."""
    data = lay(build(), "flows.patients.growth", row(0.03, "1/year"))
    project = read(data)
    whole = calculate(project, Coefficients(project.evidence))
    few = calculate(project, Coefficients(project.evidence), list_drawn_years(project.centre))
    assert few.ledger.years == (2028, 2033, 2035)
    assert get(few, "biobank.tanks") == get(whole, "biobank.tanks")
    assert get(few, "biobank.stock", 2035) == pytest.approx(get(whole, "biobank.stock", 2035), rel=0.01)


def test_a_centre_without_a_biobank_has_none() -> None:
    data = build()
    del data["biobank"]
    assert plan(data).biobank is None
