"""What a sample says of all: exact against fractions, and true as often as it is said to be."""

from fractions import Fraction
from math import comb

import pytest

from oncopolis.biobank.quality.confidence import compute_most_wrong, compute_sample, compute_share_seen


def compute_exactly(n_all: int, n_wrong: int, n_sample: int, most_seen: int) -> Fraction:
    ways = sum(
        comb(n_wrong, seen) * comb(n_all - n_wrong, n_sample - seen)
        for seen in range(most_seen + 1)
        if 0 <= n_sample - seen <= n_all - n_wrong
    )
    return Fraction(ways, comb(n_all, n_sample))


@pytest.mark.parametrize("n_all", [1, 2, 7, 30])
def test_chances_are_those_of_the_hypergeometric_distribution(n_all: int) -> None:
    for n_sample in range(1, n_all + 1):
        for n_wrong in range(n_all + 1):
            for seen in range(n_sample + 1):
                exact = float(compute_exactly(n_all, n_wrong, n_sample, seen))
                assert compute_share_seen(n_all, n_wrong, n_sample, seen) == pytest.approx(exact, abs=1e-12)


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
@pytest.mark.parametrize(("n_all", "n_sample"), [(20, 5), (40, 13), (60, 59), (60, 60)])
def test_the_bound_holds_as_often_as_it_says_whatever_is_wrong(
    n_all: int, n_sample: int, confidence: float
) -> None:
    """However many are wrong, samples whose bound is too low come no oftener than 1 - confidence."""
    bounds = [compute_most_wrong(n_all, n_sample, seen, confidence) for seen in range(n_sample + 1)]
    for n_wrong in range(n_all + 1):
        too_low = sum(
            Fraction(comb(n_wrong, seen) * comb(n_all - n_wrong, n_sample - seen), comb(n_all, n_sample))
            for seen in range(n_sample + 1)
            if seen <= n_wrong and n_sample - seen <= n_all - n_wrong and bounds[seen] < n_wrong
        )
        assert float(too_low) <= 1 - confidence + 1e-12


def test_the_bound_is_the_lowest_that_holds() -> None:
    for seen in range(6):
        most = compute_most_wrong(50, 10, seen, 0.95)
        assert compute_exactly(50, most, 10, seen) > Fraction(1, 20)
        assert most == 50 - (10 - seen) or compute_exactly(50, most + 1, 10, seen) <= Fraction(1, 20)


def test_a_sample_is_as_large_as_needed_and_no_larger() -> None:
    for n_all, share in ((100, 0.05), (1_000, 0.01), (13_000, 0.01)):
        n = compute_sample(n_all, share, 0.95)
        assert compute_most_wrong(n_all, n, 0, 0.95) <= share * n_all
        assert compute_most_wrong(n_all, n - 1, 0, 0.95) > share * n_all
    assert compute_sample(10_000_000, 0.01, 0.95) == pytest.approx(299, abs=1)  # ln 0.05 / ln 0.99
    assert compute_sample(1, 0.01, 0.95) == 1
    assert compute_most_wrong(10_000_000, 10_000_000, 3, 0.95) == 3
