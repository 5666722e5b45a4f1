"""Importance of inputs against definitions, scipy, and a function whose indices are known."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import rankdata, spearmanr

from oncopolis.foundation import InputError
from oncopolis.twin.experiments.designs import Range, draw_hypercube, draw_saltelli
from oncopolis.twin.experiments.importance import compute_sobol, screen_ranks

Floats = NDArray[np.float64]
KEYS = ("strong", "weak", "nothing")
UNIT = tuple(Range(key, 0.0, 1.0) for key in KEYS)
ANGLES = tuple(Range(key, -np.pi, np.pi) for key in ("x1", "x2", "x3"))


def ishigami(points: Floats) -> Floats:
    x = points.T
    return np.asarray(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))


def test_what_matters_comes_first() -> None:
    design = draw_hypercube(UNIT, 200, 1)
    noise = np.random.default_rng(1).normal(0, 0.3, 200)
    screened = screen_ranks(design, np.exp(5 * design.points[:, 0]) - 8 * design.points[:, 1] + noise)
    assert [each.key for each in screened] == list(KEYS)
    assert screened[0].partial > 0.9
    assert screened[1].partial < -0.3
    assert abs(screened[2].partial) < 0.25


def test_spearman_is_scipys_and_partial_is_by_the_inverse_of_the_correlations() -> None:
    design = draw_hypercube(UNIT, 60, 2)
    output = design.points @ [3.0, -1.0, 0.2] + np.random.default_rng(2).normal(0, 0.5, 60)
    ranks = np.stack([rankdata(column) for column in (*design.points.T, output)])
    inverse = np.linalg.inv(np.corrcoef(ranks))
    for each in screen_ranks(design, output):
        j = KEYS.index(each.key)
        assert each.spearman == pytest.approx(spearmanr(design.points[:, j], output).statistic, abs=1e-12)
        by_inverse = -inverse[j, 3] / np.sqrt(inverse[j, j] * inverse[3, 3])
        assert each.partial == pytest.approx(by_inverse, abs=1e-9)


def test_partial_correlation_sees_through_inputs_that_go_together() -> None:
    design = draw_hypercube(UNIT, 100, 3)
    design.points[:, 1] = design.points[:, 0] + 0.05 * design.points[:, 1]
    rest = {each.key: each for each in screen_ranks(design, design.points[:, 0] + 0.01 * design.points[:, 2])}
    assert rest["weak"].spearman > 0.9
    assert abs(rest["weak"].partial) < 0.5 < rest["strong"].partial


def test_an_output_that_does_not_move_correlates_with_nothing() -> None:
    design = draw_hypercube(UNIT, 20, 4)
    assert {(each.spearman, each.partial) for each in screen_ranks(design, np.ones(20))} == {(0.0, 0.0)}


def test_one_input_is_enough() -> None:
    design = draw_hypercube(UNIT[:1], 20, 5)
    (only,) = screen_ranks(design, -design.points[:, 0])
    assert (only.spearman, only.partial) == pytest.approx((-1.0, -1.0))


def test_sobol_indices_of_ishigami_are_those_on_paper() -> None:
    design = draw_saltelli(ANGLES, 2048, 1)
    shares = {each.key: each for each in compute_sobol(design, ishigami(design.points) + 1e4, seed=1)}
    a, b = 7.0, 0.1
    variance = a**2 / 8 + b * np.pi**4 / 5 + b**2 * np.pi**8 / 18 + 0.5
    first = {"x1": 0.5 * (1 + b * np.pi**4 / 5) ** 2 / variance, "x2": a**2 / 8 / variance, "x3": 0.0}
    together = 8 * b**2 * np.pi**8 / 225 / variance
    total = {"x1": first["x1"] + together, "x2": first["x2"], "x3": together}
    assert list(shares) == ["x1", "x2", "x3"]
    for key, share in shares.items():
        assert share.first.value == pytest.approx(first[key], abs=0.03)
        assert share.total.value == pytest.approx(total[key], abs=0.03)
        assert share.first.low < share.first.value < share.first.high
        assert share.total.contains(total[key])


def test_the_same_seed_gives_the_same_intervals() -> None:
    design = draw_saltelli(ANGLES, 16, 1)
    outputs = ishigami(design.points)
    assert compute_sobol(design, outputs, seed=5) == compute_sobol(design, outputs, seed=5)


@pytest.mark.parametrize("outputs", [[1.0] * 5, [np.nan] * 20, [1.0] * 19])
def test_outputs_that_do_not_match_are_refused(outputs: list[float]) -> None:
    with pytest.raises(InputError, match="TWN-045"):
        screen_ranks(draw_hypercube(UNIT, 20, 1), outputs)


def test_too_few_points_are_refused() -> None:
    with pytest.raises(InputError, match="TWN-045"):
        screen_ranks(draw_hypercube(UNIT, 5, 1), np.arange(5.0))


def test_an_output_that_does_not_move_has_no_shares() -> None:
    with pytest.raises(InputError, match="TWN-045"):
        compute_sobol(draw_saltelli(ANGLES, 8, 1), np.ones(40), seed=1)
