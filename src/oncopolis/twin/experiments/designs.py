"""Which inputs to vary how: Latin hypercubes over ranges, and the design that Sobol indices need."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oncopolis.evidence import Row
from oncopolis.foundation import InputError
from oncopolis.foundation.hypercube import compute_triangular, draw_column

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Range:
    """An input and the values it may have.

    With `middle` values thin out towards both ends and half lie on either side of it, as in a plan's draws;
    without it they are uniform.
    """

    key: str
    low: float
    high: float
    middle: float | None = None

    def __post_init__(self) -> None:
        middle = self.low if self.middle is None else self.middle
        if not (self.low <= middle <= self.high and self.low < self.high):
            raise InputError(
                code="TWN-042",
                where=f"range of {self.key}",
                got=f"{self.low} to {self.high}" + ("" if self.middle is None else f" around {self.middle}"),
                expected="a lower end, a middle within, and a higher end",
                fix="leave the input out of the design, or state another range",
            )

    @classmethod
    def from_row(cls, row: Row, key: str) -> "Range":
        """Return the range of an evidence row."""
        return cls(key, row.lowest, row.highest, row.value)

    def map(self, uniform: Floats) -> Floats:
        """Map uniform numbers of 0 to 1 on the range."""
        if self.middle is not None:
            return compute_triangular(uniform, self.low, self.middle, self.high)
        mapped: Floats = self.low + (self.high - self.low) * uniform
        return mapped


@dataclass(frozen=True)
class Design:
    """Points at which to run the twin."""

    keys: tuple[str, ...]
    points: Floats
    """Value of each input; shape (points, inputs)."""

    def get_point(self, number: int) -> dict[str, float]:
        """Return one point by key."""
        return dict(zip(self.keys, map(float, self.points[number]), strict=True))


def draw_hypercube(ranges: Sequence[Range], n: int, seed: int) -> Design:
    """Draw a Latin hypercube: each of `n` equal strata of every input is hit once.

    Each key has a stream of its own, so that another input moves none of the others.

    Raises
    ------
    InputError
        No range, two of one key, or no point.
    """
    _check(ranges, n)
    columns = [each.map(draw_column(n, seed, each.key)) for each in ranges]
    return Design(tuple(each.key for each in ranges), np.stack(columns, axis=1))


def draw_saltelli(ranges: Sequence[Range], n: int, seed: int) -> Design:
    """Draw the ``n * (inputs + 2)`` points from which first and total Sobol indices are estimated.

    Two independent samples A and B come first, each of `n` scrambled Sobol points; then, input after
    input, A with the column of that input out of B (Saltelli et al. 2010, Computer Physics
    Communications 181, 259-270). `compute_sobol` takes the outputs in this order.

    Raises
    ------
    InputError
        As in `draw_hypercube`; or `n` is not a power of 2.
    """
    _check(ranges, n)
    if n & (n - 1):
        raise InputError(
            code="TWN-043",
            where="design for Sobol indices",
            got=f"{n} points",
            expected="a power of 2",
            fix=f"ask for {1 << n.bit_length()} or {1 << (n.bit_length() - 1)}",
        )
    from scipy.stats import qmc

    k = len(ranges)
    uniform = qmc.Sobol(2 * k, rng=np.random.default_rng(seed)).random(n)
    first = np.stack([each.map(uniform[:, j]) for j, each in enumerate(ranges)], axis=1)
    second = np.stack([each.map(uniform[:, k + j]) for j, each in enumerate(ranges)], axis=1)
    blocks = [first, second]
    for j in range(k):
        mixed = first.copy()
        mixed[:, j] = second[:, j]
        blocks.append(mixed)
    return Design(tuple(each.key for each in ranges), np.concatenate(blocks))


def _check(ranges: Sequence[Range], n: int) -> None:
    keys = [each.key for each in ranges]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if not keys or twice or n < 1:
        raise InputError(
            code="TWN-044",
            where="design",
            got=f"{', '.join(twice)} twice" if twice else f"{len(keys)} inputs and {n} points",
            expected="at least one input, each once, and at least one point",
            fix="name inputs to vary",
        )
