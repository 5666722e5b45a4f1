"""Which inputs matter: ranks correlated for a first look, Sobol indices for the dozen that are left."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation import InputError
from oncopolis.twin.experiments.designs import Design
from oncopolis.twin.experiments.intervals import LEVEL, Interval

Floats = NDArray[np.float64]

_RESAMPLES = 999  # structure: resamples of the bootstrap, as many as scipy takes


@dataclass(frozen=True)
class Screened:
    """How one output moves with one input, by ranks: -1 to 1."""

    key: str
    spearman: float
    """Rank correlation."""
    partial: float
    """The same with what all other inputs explain taken out of both."""


@dataclass(frozen=True)
class Share:
    """Shares of the variance of an output that come from one input."""

    key: str
    first: Interval
    """From this input alone."""
    total: Interval
    """From this input alone and together with others."""


def screen_ranks(design: Design, outputs: Sequence[float] | Floats) -> tuple[Screened, ...]:
    """Correlate ranks of an output with those of each input, the strongest partial correlation first.

    Serves outputs that go up or down with an input all the way; a hump in the middle is not seen.

    Parameters
    ----------
    design
        A Latin hypercube.
    outputs
        Value at each point; shape (points,).

    Raises
    ------
    InputError
        Outputs do not match the points, are not finite, or are fewer than inputs + 3.
    """
    values = _check(design, outputs, len(design.keys) + 3)  # structure: else no freedom is left
    from scipy.stats import rankdata

    inputs = np.stack([_standardise(rankdata(column)) for column in design.points.T], axis=1)
    output = _standardise(rankdata(values))
    screened = []
    for j, key in enumerate(design.keys):
        others = np.delete(inputs, j, axis=1)
        rest_in, rest_out = _take_out(others, inputs[:, j]), _take_out(others, output)
        screened.append(Screened(key, _correlate(inputs[:, j], output), _correlate(rest_in, rest_out)))
    return tuple(sorted(screened, key=lambda each: -abs(each.partial)))


def compute_sobol(
    design: Design, outputs: Sequence[float] | Floats, *, seed: int, level: float = LEVEL
) -> tuple[Share, ...]:
    """Estimate first and total Sobol indices with bootstrap intervals, the largest total first.

    Parameters
    ----------
    design
        Of `draw_saltelli`.
    outputs
        Value at each point in its order; shape (points,).
    seed
        Of the bootstrap.
    level
        Confidence of the intervals.

    Raises
    ------
    InputError
        Outputs do not match the points, are not finite, or are all the same.
    """
    values = _check(design, outputs, len(design.points))
    if np.ptp(values) == 0:
        raise _refuse("the same value at all points", "an output that varies", "choose another output")
    blocks = values.reshape(len(design.keys) + 2, -1)
    blocks = blocks - blocks[:2].mean()  # estimates of variances lose digits on a mean far from nought
    n = blocks.shape[1]
    found = _estimate(blocks)
    rng = np.random.default_rng(seed)
    again = np.stack([_estimate(blocks[:, rng.integers(0, n, n)]) for _ in range(_RESAMPLES)])
    tail = (1 - level) / 2
    low, high = np.nanquantile(again, [tail, 1 - tail], axis=0)
    shares = [
        Share(
            key,
            *(
                Interval(float(found[kind, j]), float(low[kind, j]), float(high[kind, j]), n, level)
                for kind in range(2)
            ),
        )
        for j, key in enumerate(design.keys)
    ]
    return tuple(sorted(shares, key=lambda each: -each.total.value))


def _estimate(blocks: Floats) -> Floats:
    """Return first and total indices, shape (2, inputs); NaN where a resample does not vary."""
    if np.ptp(blocks[:2]) == 0:
        return np.full((2, len(blocks) - 2), np.nan)
    from scipy.stats import sobol_indices

    found = sobol_indices(
        func={"f_A": blocks[:1], "f_B": blocks[1:2], "f_AB": blocks[2:][:, np.newaxis]}, n=blocks.shape[1]
    )
    return np.stack([np.ravel(found.first_order), np.ravel(found.total_order)])


def _standardise(values: Floats) -> Floats:
    spread = values.std()
    scaled: Floats = (values - values.mean()) / spread if spread else np.zeros(len(values))
    return scaled


def _take_out(others: Floats, values: Floats) -> Floats:
    """Return what a linear fit on the others leaves."""
    if not others.shape[1]:
        return values
    fit = np.linalg.lstsq(others, values, rcond=None)[0]
    rest: Floats = values - others @ fit
    return rest


def _correlate(a: Floats, b: Floats) -> float:
    scale = np.sqrt((a @ a) * (b @ b))
    nothing = np.finfo(np.float64).eps * len(a)
    return float(np.clip(a @ b / scale, -1, 1)) if scale > nothing else 0.0


def _check(design: Design, outputs: Sequence[float] | Floats, least: int) -> Floats:
    values = np.asarray(outputs, dtype=np.float64)
    n = len(design.points)
    if values.shape == (n,) and n >= least and np.isfinite(values).all():
        return values
    raise _refuse(
        f"{np.isfinite(values).sum()} finite outputs of shape {values.shape} at {n} points",
        f"one finite output at each of at least {least} points",
        "run all points of the design",
    )


def _refuse(got: str, expected: str, fix: str) -> InputError:
    return InputError(code="TWN-045", where="importance of inputs", got=got, expected=expected, fix=fix)
