"""Variates from uniform draws, each a function of one uniform number so that draws can be correlated.

Only gamma variates need more than one; they take further draws of the same key.
"""

import math

import numpy as np

from oncopolis.foundation.kernels.compiled import compiled
from oncopolis.foundation.kernels.keyed import child, uniform

FIXED, EXPONENTIAL, LOGNORMAL, GAMMA, WEIBULL, NORMAL, TRIANGULAR, UNIFORM = range(8)  # structure: codes

_HALF = 0.5  # structure: half
_CENTRAL = 0.425  # structure: AS 241, where the central formula holds
_CENTRAL_SQUARE = 0.180625  # structure: AS 241
_TAIL = 5.0  # structure: AS 241, where the far formula begins
_TAIL_SHIFT = 1.6  # structure: AS 241
_ROOT_TWO = math.sqrt(2.0)
_SQUEEZE = 0.0331  # structure: Marsaglia and Tsang 2000
_THIRD = 1.0 / 3.0  # structure: Marsaglia and Tsang 2000
_NINE = 9.0  # structure: Marsaglia and Tsang 2000


@compiled
def normal(u: float) -> float:
    """Return the standard normal quantile of `u` (Wichura 1988, AS 241; 16 digits)."""
    q = u - _HALF
    if abs(q) <= _CENTRAL:
        r = _CENTRAL_SQUARE - q * q
        top = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608)  # fmt: skip  # noqa: E501  # structure: AS 241
        low = (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1.0)  # fmt: skip  # noqa: E501  # structure: AS 241
        return q * top / low
    r = math.sqrt(-math.log(u if q < 0 else 1.0 - u))
    if r <= _TAIL:
        r -= _TAIL_SHIFT
        top = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734)  # fmt: skip  # noqa: E501  # structure: AS 241
        low = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1.0)  # fmt: skip  # noqa: E501  # structure: AS 241
    else:
        r -= _TAIL
        top = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772)  # fmt: skip  # noqa: E501  # structure: AS 241
        low = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1.0)  # fmt: skip  # noqa: E501  # structure: AS 241
    return -top / low if q < 0 else top / low


@compiled
def correlate(u: float, z: float, loading: float) -> float:
    """Return a uniform number that follows a normal `z` with correlation `loading` (Gaussian copula)."""
    mixed = loading * z + math.sqrt(1.0 - loading * loading) * normal(u)
    share = _HALF * math.erfc(-mixed / _ROOT_TWO)
    return min(max(share, 1e-16), 1.0 - 1e-16)  # structure: stays inside the open interval


@compiled
def gamma(shape: float, key: np.uint64, purpose: int, number: int) -> float:
    """Draw a gamma variate of scale 1 (Marsaglia and Tsang 2000) from further draws of the same key."""
    own = child(key, (purpose << 50) ^ number)  # structure: a key of its own for its row of tries
    d = (shape if shape >= 1 else shape + 1.0) - _THIRD
    c = 1.0 / math.sqrt(_NINE * d)
    k = 0
    while True:
        x = normal(uniform(own, 0, k))
        u = uniform(own, 1, k)
        k += 1
        v = (1.0 + c * x) ** 3  # structure: Marsaglia and Tsang
        if v <= 0:
            continue
        squeezed = u < 1.0 - _SQUEEZE * x**4  # structure: Marsaglia and Tsang
        if squeezed or math.log(u) < _HALF * x * x + d * (1.0 - v + math.log(v)):
            break
    if shape >= 1:
        return d * v
    return d * v * uniform(own, 2, 0) ** (1.0 / shape)


@compiled
def variate(family: int, a: float, b: float, c: float, u: float) -> float:
    """Return the quantile of `u`; gamma has its own function.

    Parameters
    ----------
    family
        One of the codes above.
    a, b, c
        fixed: value. exponential: mean. lognormal: mu and sigma of the logarithm. weibull: scale, shape.
        normal: mean, standard deviation. triangular: low, mode, high. uniform: low, high.
    u
        Uniform number between 0 and 1.
    """
    if family == EXPONENTIAL:
        return -a * math.log(u)
    if family == LOGNORMAL:
        return math.exp(a + b * normal(u))
    if family == NORMAL:
        return a + b * normal(u)
    if family == TRIANGULAR:
        width = c - a
        left = (b - a) / width
        if u < left:
            return a + math.sqrt(u * width * (b - a))
        return c - math.sqrt((1.0 - u) * width * (c - b))
    if family == UNIFORM:
        return a + (b - a) * u
    if family == WEIBULL:
        return a * (-math.log(u)) ** (1.0 / b)
    return a
