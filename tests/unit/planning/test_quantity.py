"""Quantities know how they were made."""

import numpy as np
import pytest
from tests.routes import make_coefficients

from oncopolis.foundation import NotFoundError
from oncopolis.planning.quantity import (
    Ledger,
    Quantity,
    largest,
    to_quantity,
    total,
    write_formula,
)


def make_ledger(**values: float) -> Ledger:
    return Ledger(make_coefficients(**values), range(2026, 2031))


def name(ledger: Ledger, key: str, value: float) -> Quantity:
    return ledger.name(key, key.upper(), "count", to_quantity(value))


def value_of(quantity: Quantity) -> float:
    return float(quantity.central[0])


@pytest.mark.parametrize(
    ("made", "value", "text"),
    [
        (lambda a, b: a + b, 8, "A + B"),
        (lambda a, b: a - b, 4, "A - B"),
        (lambda a, b: 1 - a, -5, "1 - A"),
        (lambda a, b: a * b, 12, "A x B"),
        (lambda a, b: a / b, 3, "A / B"),
        (lambda a, b: a**b, 36, "A ^ B"),
        (lambda a, b: a * 2.5, 15, "A x 2.5"),
        (lambda a, b: a.at_most(b), 2, "A, at most B"),
        (lambda a, b: a.at_least(b), 6, "A, at least B"),
        (lambda a, b: (a / 4).ceil(), 2, "round up(A / 4)"),
        (lambda a, b: total([a, b]), 8, "sum(A, B)"),
        (lambda a, b: largest([b, a]), 6, "B, at least A"),
        (lambda a, b: a.where_needed(b), 6, "A"),
        (lambda a, b: (a + b) * b, 16, "(A + B) x B"),
        (lambda a, b: b * (a + b), 16, "B x (A + B)"),
        (lambda a, b: a + b * b, 10, "A + B x B"),
        (lambda a, b: a - (b - a), 10, "A - (B - A)"),
        (lambda a, b: (a - b) - a, -2, "A - B - A"),
        (lambda a, b: a / (b / a), 18, "A / (B / A)"),
        (lambda a, b: a / (b * a), 0.5, "A / (B x A)"),
        (lambda a, b: a * (b / a), 2, "A x B / A"),
        (lambda a, b: a / b * b, 6, "A / B x B"),
    ],
)
def test_operators_compute_and_say_so(made: object, value: float, text: str) -> None:
    ledger = make_ledger()
    quantity = made(name(ledger, "a", 6), name(ledger, "b", 2))  # type: ignore[operator]
    assert value_of(quantity) == value
    assert write_formula(quantity) == text


def test_powers_of_sums_keep_their_parentheses() -> None:
    ledger = make_ledger()
    a, b = name(ledger, "a", 0.5), name(ledger, "b", 2)
    assert write_formula((a + 1) ** b) == "(A + 1) ^ B"
    assert write_formula(a ** (b + 1)) == "A ^ (B + 1)"


def test_limits_within_products_keep_their_parentheses() -> None:
    ledger = make_ledger()
    a, b = name(ledger, "a", 6), name(ledger, "b", 2)
    assert write_formula(a.at_most(b) * b) == "(A, at most B) x B"


def test_one_year_of_a_sum_is_that_of_all_of_it() -> None:
    ledger = make_ledger()
    years = ledger.name("a", "A", "count", Quantity(np.arange(5.0)[None, :], "years"))
    assert write_formula((years + 1).at(2, 2028) * 2) == "(A + 1) in 2028 x 2"
    assert write_formula((years + 1).where_needed(years) * 2) == "(A + 1) x 2"


def test_dividing_by_nothing_gives_nothing() -> None:
    assert value_of(to_quantity(5) / to_quantity(0)) == 0


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(3.0, 3), (3.0 + 1e-12, 3), (3.001, 4), (2.999999, 3), (0.0, 0), (0.1 * 3 / 0.3, 1)],
)
def test_rounding_up_forgives_floating_point(value: float, rounded: float) -> None:
    assert value_of(to_quantity(value).ceil()) == rounded


def test_nothing_is_needed_where_there_is_no_need() -> None:
    need = Quantity(np.array([[0.0, 0.2]]), "need")
    np.testing.assert_array_equal((need.ceil() + 1).where_needed(need).values, [[0, 2]])


def test_the_sum_of_nothing_is_nothing() -> None:
    assert value_of(total([])) == 0


def test_draws_and_years_spread_over_each_other() -> None:
    draws, years = Quantity(np.ones((3, 1)), "draws"), Quantity(np.arange(5.0)[None, :], "years")
    assert (draws * years).values.shape == (3, 5)
    assert (draws * years).at(2, 2028).values.tolist() == [[2.0]] * 3
    assert draws.at(2, 2028) is draws


def test_long_sums_are_cut_and_say_how_many_are_left() -> None:
    ledger = make_ledger()
    parts = [name(ledger, f"p{i}", i) for i in range(9)]
    assert write_formula(total(parts)) == "sum(P0, P1, P2, P3, P4, P5 and 3 more)"


def test_inputs_are_the_nearest_named_each_once() -> None:
    ledger = make_ledger(rate=0.5)
    a = name(ledger, "a", 6)
    rate = ledger.evidence("rate")
    named = ledger.name("b", "B", "count", (a * rate + a) * 2)
    top = ledger.name("c", "C", "count", named + rate)
    assert [quantity.key for quantity in ledger.list_inputs(named)] == ["a", "rate"]
    assert [quantity.key for quantity in ledger.list_inputs(top)] == ["b", "rate"]


def test_a_named_quantity_named_again_keeps_its_first_name() -> None:
    ledger = make_ledger()
    a = name(ledger, "a", 6)
    ledger.name("b", "B", "count", a)
    assert a.key == "a"
    assert [quantity.key for quantity in ledger.list_inputs(ledger.get("b"))] == ["a"]
    assert write_formula(ledger.get("b")) == "A"


def test_naming_a_coefficient_leaves_the_coefficient_alone() -> None:
    ledger = make_ledger(rate=0.5)
    ledger.name("a", "A", "count", ledger.evidence("rate"))
    assert ledger.evidence("rate").key == "rate"
    assert "a" in ledger.figures


def test_a_figure_that_does_not_exist_names_its_neighbours() -> None:
    ledger = make_ledger()
    name(ledger, "resource.linac", 3)
    with pytest.raises(NotFoundError, match=r"resource\.linac"):
        ledger.get("resource.linacs")
    with pytest.raises(NotFoundError, match=r"resource\.linac"):
        ledger.get("linac")


def test_a_year_off_the_axis_is_the_nearest_on_it() -> None:
    ledger = Ledger(make_coefficients(), [2028, 2035])
    assert [ledger.find_year(year) for year in (2020, 2030, 2032, 2050)] == [0, 0, 1, 1]
