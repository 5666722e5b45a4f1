"""The end of a warm-up: against sums taken one by one, and where it is known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from oncopolis.foundation import InputError
from oncopolis.twin.experiments.warming import compute_welch, find_settling, find_warming

Floats = NDArray[np.float64]


def sum_one_by_one(series: Floats) -> list[float]:
    """The statistic as the paper writes it, every start summed anew."""
    n = len(series) // 5
    batches = [sum(series[5 * i : 5 * i + 5]) / 5 for i in range(n)]
    statistic = []
    for d in range(n - 5):
        kept = batches[d:]
        mean = sum(kept) / len(kept)
        statistic.append(sum((x - mean) ** 2 for x in kept) / len(kept) ** 2)
    return statistic


def make_rise(n: int, settles: int, seed: int) -> Floats:
    """From nought to 10 in a straight line, and noise from there."""
    level = np.minimum(np.arange(n) / settles, 1.0) * 10
    return np.asarray(level + np.random.default_rng(seed).normal(0, 0.5, n))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_statistic_is_that_of_the_paper(seed: int, offset: float) -> None:
    series = make_rise(203, 40, seed) + offset
    warming = find_warming(series)
    slow = sum_one_by_one(series)
    np.testing.assert_allclose(warming.statistic, slow, rtol=1e-6)
    assert warming.get_point() == 5 * int(np.argmin(slow))
    assert warming.length == 203


def test_a_step_is_found_to_the_batch() -> None:
    warming = find_warming(np.array([10.0] * 30 + [2.0, 3.0] * 100))
    assert warming.get_point() == 30


def test_a_series_without_warm_up_is_kept_whole() -> None:
    assert find_warming(np.full(100, 0.1)).get_point() == 0
    assert find_warming(np.array([1.0, 2.0] * 100)).get_point() == 0


def test_a_rise_is_found_where_it_ends() -> None:
    points = [find_warming(make_rise(1000, 100, seed)).get_point() for seed in range(20)]
    assert 70 <= np.median(points) <= 110


def test_replications_are_averaged_first() -> None:
    runs = np.stack([make_rise(300, 60, seed) for seed in range(8)])
    assert find_warming(runs).get_point() == find_warming(runs.mean(axis=0)).get_point()


def test_a_series_that_never_settles_is_refused() -> None:
    warming = find_warming(np.arange(200.0))
    assert not warming.has_settled
    with pytest.raises(InputError, match="TWN-032"):
        warming.get_point()


@pytest.mark.parametrize("series", [np.arange(49.0), np.full(100, np.nan), np.zeros((2, 2, 50))])
def test_what_says_nothing_is_refused(series: Floats) -> None:
    with pytest.raises(InputError, match="TWN-033"):
        find_warming(series)


def test_welchs_average_is_that_of_the_book() -> None:
    series = np.array([1.0, 4.0, 2.0, 8.0, 5.0, 7.0])
    expected = [1.0, 7 / 3, 14 / 3, 5.0, 20 / 3]
    np.testing.assert_allclose(compute_welch(series, 1), expected)
    np.testing.assert_allclose(compute_welch(series, 0), series)
    np.testing.assert_allclose(compute_welch(series, 2), [1.0, 7 / 3, 4.0, 26 / 5])


@pytest.mark.parametrize("window", [-1, 3])
def test_a_window_as_wide_as_the_series_is_refused(window: int) -> None:
    with pytest.raises(InputError, match="TWN-033"):
        compute_welch(np.arange(6.0), window)


def test_both_ways_agree_on_a_rise() -> None:
    runs = np.stack([make_rise(1000, 100, seed) for seed in range(20)])
    settled = find_settling(runs, 10, 0.02)
    assert settled is not None
    assert abs(settled - find_warming(runs).get_point()) <= 30


def test_what_is_still_moving_has_no_point() -> None:
    assert find_settling(np.arange(100.0), 5, 0.01) is None
