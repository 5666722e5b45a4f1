"""Columns of a Latin hypercube and the triangle they are mapped on."""

import numpy as np
import pytest
from scipy.stats import ks_2samp, qmc

from oncopolis.foundation.hypercube import compute_triangular, draw_column


def test_every_stratum_holds_one_draw() -> None:
    column = draw_column(500, 7, "a.key")
    assert sorted(np.floor(column * 500).astype(int)) == list(range(500))


def test_columns_follow_the_law_of_scipys_latin_hypercube() -> None:
    """Points within strata are uniform, and columns of different keys do not move together."""
    n = 2000
    ours = np.stack([draw_column(n, 3, key) for key in ("a", "b")], axis=1)
    theirs = np.array(qmc.LatinHypercube(d=2, rng=np.random.default_rng(3)).random(n)).reshape(n, 2)
    for table in (ours, theirs):
        assert sorted(np.floor(table[:, 0] * n).astype(int)) == list(range(n))
        assert abs(np.atleast_2d(np.corrcoef(table.T))[0, 1]) < 4 / np.sqrt(n)
    within = [np.mod(table[:, 0] * n, 1).tolist() for table in (ours, theirs)]
    assert ks_2samp(within[0], within[1]).pvalue > 0.001
    assert ks_2samp(ours.sum(axis=1).tolist(), theirs.sum(axis=1).tolist()).pvalue > 0.001


def test_the_triangle_thins_out_towards_its_ends() -> None:
    uniform = (np.arange(10_000) + 0.5) / 10_000
    drawn = compute_triangular(uniform, 0.0, 1.0, 5.0)
    assert np.all(np.diff(drawn) >= 0)
    # Each half is a right triangle: three quarters of its draws lie in the half next to the middle.
    assert (drawn[drawn > 1] < 3).mean() == pytest.approx(0.75, abs=0.001)
    assert (drawn[drawn < 1] > 0.5).mean() == pytest.approx(0.75, abs=0.001)
