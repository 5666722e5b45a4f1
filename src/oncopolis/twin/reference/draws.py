"""Keyed draws on plain whole numbers, and the distributions of the definition."""

import math
from dataclasses import dataclass
from typing import Any

from oncopolis.foundation.kernels import variates
from oncopolis.twin.kernels.tables import NEVER

_MASK = (1 << 64) - 1  # structure: 64 bits
_FAR = 9.0e15  # structure: ticks beyond which a time counts as never


def _get_plain(function: Any) -> Any:
    """Return the Python function behind a compiled one."""
    return getattr(function, "py_func", function)


_normal = _get_plain(variates.normal)


def mix(x: int) -> int:
    """Scatter 64 bits: the finaliser of splitmix64."""
    x = (x + 0x9E3779B97F4A7C15) & _MASK  # structure: increment of splitmix64
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK  # structure: splitmix64
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK  # structure: splitmix64
    return x ^ (x >> 31)  # structure: splitmix64


def child(key: int, number: int) -> int:
    """Return the key of the `number`-th thing that comes from `key`."""
    return mix(key ^ mix(number))


def uniform(key: int, purpose: int, number: int) -> float:
    """Draw from the open interval 0 to 1."""
    bits = mix(key ^ mix((purpose << 56) | number))  # structure: purposes have the highest 8 bits
    return ((bits >> 11) + 0.5) / (1 << 53)  # structure: the 53 bits of a double


def normal(u: float) -> float:
    """Return the standard normal quantile of `u`."""
    return float(_normal(u))


def correlate(u: float, z: float, loading: float) -> float:
    """Return a uniform number that follows the normal number `z` with a correlation."""
    mixed = loading * z + math.sqrt(1.0 - loading * loading) * normal(u)
    share = math.erfc(-mixed / math.sqrt(2.0)) / 2
    return min(max(share, 1e-16), 1.0 - 1e-16)  # structure: stays inside the open interval


def to_ticks(x: float) -> int:
    """Round to a tick; nothing takes less than none."""
    if x >= _FAR:
        return NEVER
    return max(math.floor(x + 0.5), 0)  # structure: rounding


def draw_gamma(shape: float, key: int, purpose: int, number: int) -> float:
    """Draw a gamma variate of scale 1 (Marsaglia and Tsang 2000)."""
    own = child(key, (purpose << 50) ^ number)  # structure: a key of its own
    raised = shape if shape >= 1 else shape + 1.0
    d = raised - 1.0 / 3.0  # structure: Marsaglia and Tsang
    c = 1.0 / math.sqrt(9.0 * d)  # structure: Marsaglia and Tsang
    tries = 0
    while True:
        x, u = normal(uniform(own, 0, tries)), uniform(own, 1, tries)
        tries += 1
        v = (1.0 + c * x) ** 3  # structure: a cube
        if v <= 0:
            continue
        surely = u < 1.0 - 0.0331 * x**4  # structure: Marsaglia and Tsang
        if surely or math.log(u) < 0.5 * x * x + d * (1.0 - v + math.log(v)):  # structure: likewise
            break
    return d * v if shape >= 1 else d * v * uniform(own, 2, 0) ** (1.0 / shape)


@dataclass(frozen=True)
class Spread:
    """How a time or number differs from case to case; parameters as in `foundation.kernels.variates`."""

    family: int
    a: float
    b: float
    c: float

    def draw(
        self, key: int, purpose: int, number: int, *, frailty: float = 0.0, loading: float = 0.0
    ) -> float:
        """Draw a value, in ticks or as a plain number."""
        if self.family == variates.FIXED:
            return self.a
        if self.family == variates.GAMMA:
            return self.b * draw_gamma(self.a, key, purpose, number)
        u = uniform(key, purpose, number)
        return self.find_quantile(u if loading == 0.0 else correlate(u, frailty, loading))

    def draw_ticks(
        self, key: int, purpose: int, number: int, *, frailty: float = 0.0, loading: float = 0.0
    ) -> int:
        """Draw a time, ticks."""
        return to_ticks(self.draw(key, purpose, number, frailty=frailty, loading=loading))

    def find_quantile(self, u: float) -> float:
        """Return the value that a share of `u` stays below."""
        a, b, c = self.a, self.b, self.c
        if self.family == variates.EXPONENTIAL:
            return -a * math.log(u)
        if self.family == variates.LOGNORMAL:
            return math.exp(a + b * normal(u))
        if self.family == variates.NORMAL:
            return a + b * normal(u)
        if self.family == variates.WEIBULL:
            return float(a * (-math.log(u)) ** (1.0 / b))
        if self.family == variates.UNIFORM:
            return a + (b - a) * u
        width = c - a
        if u < (b - a) / width:
            return a + math.sqrt(u * width * (b - a))
        return c - math.sqrt((1.0 - u) * width * (c - b))


def draw_count(mean: float, spread: Spread | None, key: int, purpose: int, number: int) -> int:
    """Draw a whole number with the stated mean: the whole part, and one more in the share of the rest."""
    if spread is not None:
        mean = max(spread.draw(key, purpose, number), 0.0)
    whole = math.floor(mean)
    rest = mean - whole
    more = rest > 0.0 and uniform(key, purpose + 128, number) < rest  # structure: a purpose of its own
    return whole + int(more)
