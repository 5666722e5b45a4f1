"""Intervals against tables, binomial sums on paper, and how often they hold the truth."""

import math
from math import comb

import numpy as np
import pytest
from scipy import stats

from oncopolis.foundation import InputError
from oncopolis.twin.experiments.intervals import (
    Interval,
    compute_difference,
    compute_mean,
    compute_quantile,
)

N_TRIALS = 2000
Z_999 = 3.29
"""Half-width of a 99.9 % interval in standard errors."""


def hold_rate_within(hits: int, level: float) -> bool:
    return abs(hits / N_TRIALS - level) < Z_999 * math.sqrt(level * (1 - level) / N_TRIALS)


def test_mean_and_half_width_are_those_of_the_t_table() -> None:
    interval = compute_mean([1.0, 2.0, 3.0, 4.0, 5.0])
    assert interval.value == 3.0
    assert interval.n == 5
    # t(4; 0.975) = 2.776 in any table; sd = sqrt(2.5).
    assert interval.half_width == pytest.approx(2.776445 * math.sqrt(2.5 / 5), abs=1e-6)
    assert interval.contains(3.0)
    assert not interval.contains(9.0)


def test_half_width_is_that_of_scipy() -> None:
    values = np.random.default_rng(1).normal(10, 3, 17)
    low, high = stats.t.interval(0.9, 16, values.mean(), stats.sem(values))
    interval = compute_mean(values, 0.9)
    assert (interval.low, interval.high) == pytest.approx((low, high), rel=1e-12)


def test_one_value_says_nothing_of_its_spread() -> None:
    interval = compute_mean([4.0])
    assert interval.value == 4.0
    assert interval.half_width == math.inf


def test_equal_values_have_no_width() -> None:
    assert compute_mean([2.0, 2.0, 2.0]).half_width == 0.0


def test_mean_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(2)
    hits = sum(compute_mean(rng.normal(5, 2, 8), 0.9).contains(5) for _ in range(N_TRIALS))
    assert hold_rate_within(hits, 0.9)


def test_difference_is_taken_pair_by_pair() -> None:
    before = [10.0, 20.0, 30.0]
    interval = compute_difference(before, [11.0, 21.0, 31.0])
    assert interval == Interval(1.0, 1.0, 1.0, 3, 0.95)
    assert interval.excludes_zero
    assert not compute_difference(before, [9.0, 21.0, 30.0]).excludes_zero


def test_common_noise_cancels_in_a_paired_difference() -> None:
    rng = np.random.default_rng(3)
    common = rng.normal(0, 10, 30)
    paired = compute_difference(common, common + 1 + rng.normal(0, 0.1, 30))
    apart = compute_difference(common, rng.permutation(common) + 1)
    assert paired.half_width < apart.half_width / 20


@pytest.mark.parametrize(("n", "share", "level"), [(10, 0.5, 0.95), (100, 0.9, 0.95), (37, 0.25, 0.9)])
def test_ranks_of_a_quantile_are_those_of_the_binomial(n: int, share: float, level: float) -> None:
    interval = compute_quantile(np.arange(1.0, n + 1), share, level)
    below = [sum(comb(n, j) * share**j * (1 - share) ** (n - j) for j in range(k + 1)) for k in range(n)]
    tail = (1 - level) / 2
    lower = max(r for r in range(1, n + 1) if below[r - 1] <= tail)
    upper = min(r for r in range(1, n + 1) if below[r - 1] >= 1 - tail)
    assert (interval.low, interval.high) == (lower, upper)


def test_median_of_ten_has_the_ranks_of_the_tables() -> None:
    interval = compute_quantile(np.arange(1.0, 11), 0.5)
    assert (interval.low, interval.value, interval.high) == (2.0, 5.5, 9.0)


def test_too_few_values_leave_a_bound_open() -> None:
    interval = compute_quantile([1.0, 2.0, 3.0], 0.9)
    assert interval.high == math.inf


def test_quantile_intervals_hold_the_truth_at_least_as_often_as_they_say() -> None:
    rng = np.random.default_rng(4)
    truth = -math.log(0.2)
    hits = sum(compute_quantile(rng.exponential(1, 60), 0.8).contains(truth) for _ in range(N_TRIALS))
    assert hits / N_TRIALS > 0.95 - Z_999 * math.sqrt(0.95 * 0.05 / N_TRIALS)


@pytest.mark.parametrize("values", [[], [1.0, math.nan], [math.inf]])
def test_what_has_no_mean_is_refused(values: list[float]) -> None:
    with pytest.raises(InputError, match="TWN-030"):
        compute_mean(values)


@pytest.mark.parametrize("level", [0.0, 1.0, 1.5])
def test_a_level_outside_0_to_1_is_refused(level: float) -> None:
    with pytest.raises(InputError, match="TWN-030"):
        compute_mean([1.0, 2.0], level)


def test_a_share_outside_0_to_1_is_refused() -> None:
    with pytest.raises(InputError, match="TWN-030"):
        compute_quantile([1.0, 2.0], 1.0)


def test_pairs_have_to_match() -> None:
    with pytest.raises(InputError, match="TWN-031"):
        compute_difference([1.0], [1.0, 2.0])
