"""Histogram bins of times: eight to each doubling, found with whole numbers only."""

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation.kernels.compiled import compiled

OCTAVES = 42  # structure: 2**42 ms are 139 years
SPLIT_BITS = 3  # structure: eight bins to each doubling, each 9 to 12 % wide
SPLIT = 1 << SPLIT_BITS
N_BINS = SPLIT + (OCTAVES - SPLIT_BITS) * SPLIT


@compiled
def find_bin(ticks: int) -> int:
    """Return the bin of a time; those below 8 ms have a bin each."""
    if ticks < SPLIT:
        return max(ticks, 0)
    exponent, rest = 0, ticks
    for bits in (32, 16, 8, 4, 2, 1):  # structure: halves of a word
        if rest >> bits:
            rest >>= bits
            exponent += bits
    if exponent >= OCTAVES:
        return N_BINS - 1
    return SPLIT + (exponent - SPLIT_BITS) * SPLIT + ((ticks >> (exponent - SPLIT_BITS)) & (SPLIT - 1))


def list_edges() -> NDArray[np.float64]:
    """Return the edges of the bins, ticks; shape (N_BINS + 1,)."""
    low = np.arange(SPLIT, dtype=np.float64)
    high = [
        float((SPLIT + part) << (exponent - SPLIT_BITS))
        for exponent in range(SPLIT_BITS, OCTAVES)
        for part in range(SPLIT)
    ]
    return np.array([*low, *high, float(1 << OCTAVES)])
