"""Values on the draw axis: central first, then a Latin hypercube."""

import numpy as np
import pytest
from tests.routes import make_coefficients

from oncopolis.foundation import EvidenceError

RANGED = (2.0, 3.0, 7.0)


def test_the_central_value_comes_first() -> None:
    values = make_coefficients(100, a=RANGED).get("a")
    assert values.shape == (101,)
    assert values[0] == 3.0
    assert 2.0 <= values.min() <= values.max() <= 7.0


def test_the_median_of_the_draws_is_the_value() -> None:
    drawn = make_coefficients(2000, a=RANGED).get("a")[1:]
    assert np.median(drawn) == pytest.approx(3.0, abs=0.01)
    assert (drawn < 3.0).mean() == pytest.approx(0.5, abs=0.001)


def test_same_seed_same_draws_other_seed_others() -> None:
    first, same = (make_coefficients(50, 5, a=RANGED).get("a") for _ in range(2))
    other = make_coefficients(50, 6, a=RANGED).get("a")
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)
    assert first[0] == other[0]


def test_a_new_key_moves_no_other() -> None:
    alone = make_coefficients(50, a=RANGED)
    beside = make_coefficients(50, b=(0.0, 1.0, 2.0), a=RANGED)
    beside.get("b")
    np.testing.assert_array_equal(alone.get("a"), beside.get("a"))


def test_a_row_without_a_range_does_not_move() -> None:
    assert set(make_coefficients(50, a=4.0).get("a")) == {4.0}


def test_a_whole_number_is_itself() -> None:
    np.testing.assert_array_equal(make_coefficients(3).get(2), [2.0] * 4)


def test_a_pinned_key_has_the_values_given() -> None:
    coefficients = make_coefficients(2, a=RANGED, b=RANGED)
    coefficients.pin("a", np.array([1.0, 2.0, 3.0]))
    np.testing.assert_array_equal(coefficients.get("a"), [1, 2, 3])
    assert coefficients.get("b")[0] == 3.0


def test_without_a_seed_only_what_is_pinned_moves() -> None:
    coefficients = make_coefficients(2, a=RANGED, b=RANGED)
    coefficients.seed = None
    coefficients.pin("a", np.array([1.0, 2.0, 3.0]))
    assert set(coefficients.get("b")) == {3.0}
    assert set(coefficients.get("a")) == {1.0, 2.0, 3.0}


def test_what_was_asked_is_on_record() -> None:
    coefficients = make_coefficients(a=1.0, b=2.0)
    coefficients.get("b")
    assert set(coefficients.used) == {"b"}


def test_a_key_that_does_not_exist_is_refused() -> None:
    with pytest.raises(EvidenceError, match="'b'"):
        make_coefficients(a=1.0).get("b")


def test_values_are_asked_in_another_unit() -> None:
    coefficients = make_coefficients(days_in=2.0)
    assert coefficients.get_minutes("days_in")[0] == 2880
    assert coefficients.get_in("days_in", "hour")[0] == pytest.approx(48)
    assert coefficients.get_in(3, "min")[0] == 3
