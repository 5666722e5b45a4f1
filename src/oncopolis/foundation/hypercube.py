"""Latin hypercubes by key and the triangle of a range: how evidence is varied."""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def draw_column(n_draws: int, seed: int, key: str) -> Array:
    """Draw the column of one key in a Latin hypercube: one point in each of `n_draws` equal strata.

    Columns of different keys are permuted independently, which makes them a Latin hypercube together, and
    each key has a stream of its own. `scipy.stats.qmc.LatinHypercube` does the same; loading scipy.stats
    takes longer than the rest of a plan's start-up, so a test compares the two instead.
    """
    stream = np.random.default_rng([seed, crc32(key.encode())])
    column: Array = (stream.permutation(n_draws) + stream.random(n_draws)) / n_draws
    return column


def compute_triangular(uniform: Array, low: float, middle: float, high: float) -> Array:
    """Map uniform numbers on 0..1 to a triangle of two halves whose median is `middle`.

    Half of the draws fall below the central value and half above it, each half thinning out in a straight
    line towards its end of the range, so that a lopsided range does not move the middle.
    """
    below = middle - (middle - low) * (1 - np.sqrt(2 * np.minimum(uniform, 1 - uniform)))
    above = middle + (high - middle) * (1 - np.sqrt(2 * np.minimum(uniform, 1 - uniform)))
    drawn: Array = np.where(2 * uniform < 1, below, above)
    return drawn
