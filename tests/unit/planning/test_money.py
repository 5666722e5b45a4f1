"""Money worked out on paper."""

import math

import pytest
from tests.clinic import build, get, lay, plan, plan_small, row, share

LINAC_PRICE = 2_000_000 * 1.03**4
"""A price of 2020 in prices of 2024."""

BEDS = 14 * 5000
LINACS = 6 * LINAC_PRICE


def sum_building() -> float:
    small = plan_small()
    areas = {
        key: get(small, f"space.building.{key}") for key in ("outpatient", "wards", "surgery", "radiotherapy")
    }
    return sum(area * (6000 if key == "surgery" else 3000) for key, area in areas.items())


def compute_annuity(life: float) -> float:
    """Yearly payment over a life whose present value at five per cent is one dollar."""
    return 1 / sum(1.05**-year for year in range(1, int(life) + 1))


def test_prices_are_carried_to_the_price_year() -> None:
    small = plan_small()
    assert get(small, "money.price.linac_machine") == pytest.approx(LINAC_PRICE)
    assert get(small, "money.price.bed_frame") == 5000


def test_capital() -> None:
    small, building = plan_small(), sum_building()
    assert get(small, "money.capital.building") == pytest.approx(building)
    assert get(small, "money.capital.equipment") == pytest.approx(LINACS + BEDS)
    assert get(small, "money.capital.fees") == pytest.approx(building * 0.12)
    assert get(small, "money.capital.contingency") == pytest.approx((building + LINACS + BEDS) * 0.1)
    assert get(small, "money.capital") == pytest.approx(
        building * 1.12 + (building + LINACS + BEDS) * 0.1 + LINACS + BEDS
    )


def test_what_stands_already_is_value_and_not_capital() -> None:
    data = lay(build(), "openings.0.exists", True)
    small, new = plan(data), plan_small()
    assert get(small, "money.value") == pytest.approx(get(new, "money.capital"))
    assert "money.value" not in new.ledger.figures  # the same as capital where all is new
    radiotherapy = get(new, "space.building.radiotherapy") * 3000
    assert get(small, "money.capital.equipment") == pytest.approx(LINACS)
    assert get(small, "money.capital.building") == pytest.approx(radiotherapy)
    money = small.money
    assert money is not None
    assert money.by_year["capital"].sum() == pytest.approx(get(small, "money.capital"))
    assert money.by_year["capital"][2026 - 2026] == 0


def test_capital_is_spent_the_year_before_a_phase_opens() -> None:
    money = plan_small().money
    assert money is not None
    spent = {2026 + i: value for i, value in enumerate(money.by_year["capital"]) if value}
    assert set(spent) == {2026, 2029}
    assert sum(spent.values()) == pytest.approx(get(plan_small(), "money.capital"))


def test_machines_are_replaced_at_the_end_of_their_life() -> None:
    money = plan_small().money
    assert money is not None
    replaced = {2026 + i: value for i, value in enumerate(money.by_year["replacement"]) if value}
    assert replaced == {2035: pytest.approx(LINACS)}  # opened in 2030, five years; beds would be due in 2042


def test_running_cost_by_kind() -> None:
    small, building = plan_small(), sum_building()
    salaries = {
        "doctor": 80_000,
        "radiographer": 50_000,
        "physicist": 60_000,
        "nurse": 40_000,
        "cleaner": 20_000,
    }
    energy = (get(small, "space.gross_m2") * 250 + 6 * 30 * 0.3 * 24 * 365.25) * 0.1
    costs = {
        "staff": sum(get(small, f"staff.{role}") * salary for role, salary in salaries.items()),
        "medicines": 1000 * 400,
        "consumables": 4000 * 10,
        "outside": 0,
        "service": LINACS * 0.08 + BEDS * 0.02,
        "energy": energy,
        "upkeep": building * 0.02,
    }
    for kind, cost in costs.items():
        assert get(small, f"money.running.{kind}") == pytest.approx(cost), kind
    assert get(small, "money.running.overhead") == pytest.approx(0.15 * sum(costs.values()))
    assert get(small, "money.running") == pytest.approx(1.15 * sum(costs.values()))


def test_income_is_counted_on_its_driver() -> None:
    assert get(plan_small(), "money.income") == pytest.approx(40_000 * 100)


def test_cost_of_one_fraction() -> None:
    small = plan_small()
    building = get(small, "space.building.radiotherapy") * 3000
    area, hours = get(small, "space.building.radiotherapy"), 24 * 365.25
    running = get(small, "staff.radiographer") * 50_000 + get(small, "staff.physicist") * 60_000
    running += LINACS * 0.08 + (area * 250 + 6 * 30 * 0.3 * hours) * 0.1 + building * 0.02
    capital = LINACS * compute_annuity(5) + building * compute_annuity(40)
    assert get(small, "money.unit_cost.1") == pytest.approx((running * 1.15 + capital) / 40_000)


def test_money_of_the_years_meets_the_reference_year() -> None:
    small, money = plan_small(), plan_small().money
    assert money is not None
    for kind in ("staff", "medicines", "energy", "upkeep", "service", "overhead", "consumables"):
        assert money.by_year[kind][2033 - 2026] == pytest.approx(get(small, f"money.running.{kind}")), kind
        assert money.by_year[kind][0] == 0, kind
    assert money.by_year["medicines"][2027 - 2026] == pytest.approx(400_000)


def test_no_inflation_between_equal_years() -> None:
    small = plan(lay(build(), "finance.inflation", row(0.0, "1/year")))
    assert get(small, "money.price.linac_machine") == 2_000_000


def test_no_interest_makes_the_annuity_a_straight_line() -> None:
    data = lay(build(), "finance.discount", row(1e-9, "1/year"))
    lay(data, "finance.overhead", share(0.0))
    before = plan(lay(build(), "finance.overhead", share(0.0)))
    building = get(before, "space.building.radiotherapy") * 3000
    change = get(plan(data), "money.unit_cost.1") - get(before, "money.unit_cost.1")
    expected = LINACS * (1 / 5 - compute_annuity(5)) + building * (1 / 40 - compute_annuity(40))
    assert change == pytest.approx(expected / 40_000, rel=1e-4)


def test_a_centre_without_finance_has_no_money() -> None:
    data = build()
    del data["finance"]
    assert plan(data).money is None


def test_annuity_of_one_year_is_the_dollar_and_its_interest() -> None:
    assert math.isclose(compute_annuity(1), 1.05)
