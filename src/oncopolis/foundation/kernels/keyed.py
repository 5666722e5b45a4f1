"""Random numbers by key: a draw is a hash of whose it is, what for, and which in the row.

No draw depends on how many were taken before it, so that two scenarios share the draws of everybody
whom they treat alike, in whatever order things happen. The hash is the finaliser of splitmix64 (Steele,
Lea, Flood 2014), used twice: once on purpose and number, once on these together with the key.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from oncopolis.foundation.kernels.compiled import compiled

_FIRST = np.uint64(0xBF58476D1CE4E5B9)  # structure: multiplier of splitmix64
_SECOND = np.uint64(0x94D049BB133111EB)  # structure: multiplier of splitmix64
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # structure: increment of splitmix64
_S30 = np.uint64(30)  # structure: shift of splitmix64
_S27 = np.uint64(27)  # structure: shift of splitmix64
_S31 = np.uint64(31)  # structure: shift of splitmix64
_S11 = np.uint64(11)  # structure: 64 bits less the 53 of a double
_S56 = np.uint64(56)  # structure: purposes have the highest 8 bits
_UNIT = 2.0**-53  # structure: one over the integers a double tells apart


@compiled
def mix(x: np.uint64) -> np.uint64:
    """Scatter 64 bits."""
    x = np.uint64(x) + _GOLDEN
    x = (x ^ (x >> _S30)) * _FIRST
    x = (x ^ (x >> _S27)) * _SECOND
    return x ^ (x >> _S31)


@compiled
def child(key: np.uint64, number: int) -> np.uint64:
    """Return the key of the `number`-th thing that comes from `key`."""
    return mix(key ^ mix(np.uint64(number)))


@compiled
def uniform(key: np.uint64, purpose: int, number: int) -> float:
    """Draw from the open interval 0 to 1.

    Parameters
    ----------
    key
        Whose draw it is.
    purpose
        What for; 0 to 255.
    number
        Which one; 0 to 2**56 - 1.
    """
    bits = mix(key ^ mix((np.uint64(purpose) << _S56) | np.uint64(number)))
    return (np.float64(bits >> _S11) + 0.5) * _UNIT  # structure: the middle of the step, never 0 or 1


@njit(cache=True)
def mix_keys(key: np.uint64, names: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the keys of several names under one key."""
    keys = np.empty_like(names)
    for i in range(len(names)):
        keys[i] = mix(key ^ names[i])
    return keys
