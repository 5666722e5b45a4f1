"""Designs: strata, ranges and the blocks of Saltelli."""

import numpy as np
import pytest

from oncopolis.evidence import Row
from oncopolis.foundation import InputError
from oncopolis.foundation.hypercube import draw_column
from oncopolis.twin.experiments.designs import Range, draw_hypercube, draw_saltelli

TWO = (Range("a", 0.0, 10.0), Range("b", 1.0, 9.0, 2.0))


def test_each_stratum_of_each_input_is_hit_once() -> None:
    design = draw_hypercube(TWO, 50, 3)
    assert design.keys == ("a", "b")
    assert design.points.shape == (50, 2)
    assert sorted(np.floor(design.points[:, 0] * 5).astype(int)) == list(range(50))
    assert (design.points[:, 1] < 2).sum() == 25
    assert design.points[:, 1].min() >= 1
    assert design.points[:, 1].max() <= 9


def test_columns_are_those_of_a_plans_draws() -> None:
    np.testing.assert_array_equal(draw_hypercube(TWO, 20, 3).points[:, 0], 10 * draw_column(20, 3, "a"))


def test_another_input_moves_none() -> None:
    more = draw_hypercube((Range("c", 0.0, 1.0), *TWO), 20, 3)
    np.testing.assert_array_equal(more.points[:, 1:], draw_hypercube(TWO, 20, 3).points)


def test_a_point_is_read_by_key() -> None:
    design = draw_hypercube(TWO, 5, 3)
    assert design.get_point(2) == {"a": design.points[2, 0], "b": design.points[2, 1]}


def test_a_row_has_a_range() -> None:
    row = Row(label="k", value=3, low=1, high=8, unit="min", source="test", status="published", opened=True)
    assert Range.from_row(row, "k") == Range("k", 1.0, 8.0, 3.0)


def test_saltellis_blocks_differ_in_one_column() -> None:
    design = draw_saltelli((*TWO, Range("c", 0.0, 1.0)), 8, 1)
    assert design.points.shape == (40, 3)
    first, second, *mixed = design.points.reshape(5, 8, 3)
    for j, block in enumerate(mixed):
        for column in range(3):
            np.testing.assert_array_equal(block[:, column], (second if j == column else first)[:, column])
    assert not np.any(first == second)
    again = draw_saltelli((*TWO, Range("c", 0.0, 1.0)), 8, 1)
    np.testing.assert_array_equal(design.points, again.points)


def test_a_number_of_points_that_is_no_power_of_2_is_refused() -> None:
    with pytest.raises(InputError, match=r"128 or 64.*TWN-043"):
        draw_saltelli(TWO, 100, 1)


@pytest.mark.parametrize(("low", "high", "middle"), [(2.0, 1.0, None), (1.0, 1.0, None), (0.0, 1.0, 2.0)])
def test_a_range_out_of_order_is_refused(low: float, high: float, middle: float | None) -> None:
    with pytest.raises(InputError, match=r"range of k.*TWN-042"):
        Range("k", low, high, middle)


@pytest.mark.parametrize(("ranges", "n"), [((), 4), (TWO, 0), ((TWO[0], TWO[0]), 4)])
def test_a_design_of_nothing_or_of_one_input_twice_is_refused(ranges: tuple[Range, ...], n: int) -> None:
    with pytest.raises(InputError, match="TWN-044"):
        draw_hypercube(ranges, n, 1)
