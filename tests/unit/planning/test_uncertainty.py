"""Intervals and tornado on models whose answer is known."""

import numpy as np
import pytest
from tests.routes import make_coefficients

from oncopolis.planning.quantity import Ledger
from oncopolis.planning.uncertainty import INTERVAL, compute_uncertainty

N_DRAWS = 2000


def make_ledger(**values: float | tuple[float, float, float]) -> Ledger:
    return Ledger(make_coefficients(N_DRAWS, 11, **values), [2030])


def name(ledger: Ledger, key: str, factor: float = 1.0, **weights: float) -> None:
    """Name a sum of coefficients times weights, times a factor."""
    parts = [ledger.evidence(part) * weight for part, weight in weights.items()]
    made = parts[0]
    for part in parts[1:]:
        made = made + part
    ledger.name(key, key, "count", made * factor)


def test_the_interval_holds_nine_draws_of_ten() -> None:
    ledger = make_ledger(a=(0.0, 10.0, 20.0))
    name(ledger, "top", a=1)
    found = compute_uncertainty(ledger, ledger.coefficients, ["top"], 2030)
    low, high = found.intervals["top"]
    drawn = ledger.figures["top"].values[1:, 0]
    assert INTERVAL == (0.05, 0.95)
    assert ((drawn >= low) & (drawn <= high)).mean() == pytest.approx(0.9, abs=0.002)
    # A triangle over 0..20: a twentieth lies below 20 sqrt(0.05 / 2).
    assert low == pytest.approx(20 * np.sqrt(0.05 / 2), rel=0.01)
    assert high == pytest.approx(20 - 20 * np.sqrt(0.05 / 2), rel=0.01)
    assert found.quantiles["top"]["0.5"] == pytest.approx(10, rel=0.01)


def test_the_tornado_of_a_sum_is_its_weights() -> None:
    ledger = make_ledger(a=(8.0, 10.0, 12.0), b=(0.0, 1.0, 2.0), c=(4.0, 5.0, 9.0), d=3.0)
    name(ledger, "top", a=2, b=-3, c=1, d=1)
    bars = compute_uncertainty(ledger, ledger.coefficients, ["top"], 2030).tornado["top"]
    central = 2 * 10 - 3 * 1 + 5 + 3
    expected = {
        "a": (central - 4, central + 4),
        "b": (central + 3, central - 3),
        "c": (central - 1, central + 4),
    }
    assert {bar.evidence for bar in bars} == set(expected)
    for bar in bars:
        low, high = expected[bar.evidence]
        assert bar.at_low == pytest.approx(low, abs=0.3)
        assert bar.at_high == pytest.approx(high, abs=0.4)
        row = ledger.coefficients.used[bar.evidence]
        assert (bar.low_value, bar.high_value) == (row.low, row.high)
    swings = [abs(bar.at_high - bar.at_low) for bar in bars]
    assert swings == sorted(swings, reverse=True)


def test_what_does_not_stand_out_of_the_noise_is_no_bar() -> None:
    ledger = make_ledger(a=(8.0, 10.0, 12.0), b=(0.0, 1.0, 2.0), unused=(0.0, 5.0, 10.0))
    name(ledger, "top", a=1, b=1e-6)
    ledger.evidence("unused")
    bars = compute_uncertainty(ledger, ledger.coefficients, ["top"], 2030).tornado["top"]
    assert [bar.evidence for bar in bars] == ["a"]


def test_a_headline_that_never_moves_has_no_bars() -> None:
    ledger = make_ledger(a=(8.0, 10.0, 12.0))
    made = ledger.evidence("a")
    ledger.name("top", "Top", "count", made * 0 + 5)
    found = compute_uncertainty(ledger, ledger.coefficients, ["top"], 2030)
    assert "top" not in found.tornado
    assert found.intervals["top"] == (5, 5)


def test_a_year_of_the_axis_is_looked_at() -> None:
    ledger = Ledger(make_coefficients(N_DRAWS, 11, a=(8.0, 10.0, 12.0)), [2030, 2031])
    years = ledger.given(np.array([[1.0, 100.0]]), "years")
    ledger.name("top", "Top", "count", ledger.evidence("a") * years)
    assert compute_uncertainty(ledger, ledger.coefficients, ["top"], 2031).quantiles["top"]["0.5"] > 900
    assert compute_uncertainty(ledger, ledger.coefficients, ["top"], 2030).quantiles["top"]["0.5"] < 20


def test_without_ranges_there_is_nothing_to_say() -> None:
    ledger = Ledger(make_coefficients(0, a=1.0), [2030])
    name(ledger, "top", a=1)
    found = compute_uncertainty(ledger, ledger.coefficients, ["top"], 2030)
    assert found.intervals == {}
    assert found.tornado == {}
