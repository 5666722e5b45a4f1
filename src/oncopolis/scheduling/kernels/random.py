"""Random numbers within the loop: xorshift64*, whole numbers by multiplication, thresholds from a table."""

import numpy as np

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.kernels.reference import Reference

_MULTIPLIER = np.uint64(0x2545F4914F6CDD1D)  # structure: of the generator
_A, _B, _C, _HALF = np.uint64(12), np.uint64(25), np.uint64(27), np.uint64(32)  # structure: of the generator
_MASK = np.uint64(4095)  # structure: steps of the table of logarithms, less one


@compiled
def step(s: Reference) -> np.uint64:
    """Return 64 random bits."""
    x = s.random[0]
    x ^= x >> _A
    x ^= x << _B
    x ^= x >> _C
    s.random[0] = x
    return x * _MULTIPLIER


@compiled
def below(s: Reference, n: int) -> int:
    """Return a whole number from 0 to n - 1."""
    return np.int64(((step(s) >> _HALF) * np.uint64(n)) >> _HALF)  # type: ignore[return-value]


@compiled
def draw_log(s: Reference) -> float:
    """Return minus the logarithm of a uniform variate."""
    return s.logs[np.int64((step(s) >> _HALF) & _MASK)]
