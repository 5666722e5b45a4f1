"""Evidence as arrays: central values first, Latin hypercube draws after them."""

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre import Coefficient
from oncopolis.evidence import Evidence, Row
from oncopolis.foundation.hypercube import compute_triangular, draw_column
from oncopolis.foundation.units import convert

Array = NDArray[np.float64]

CENTRAL = 0
"""Index of the central values on the draw axis."""


class Coefficients:
    """Values of evidence rows on the draw axis.

    Parameters
    ----------
    evidence
        Rows in force.
    n_draws
        Draws beside the central value; arrays have ``n_draws + 1`` entries, the central one first.
    seed
        Same seed, same draws. Each key has a stream of its own, so that a new row moves no other.
        None leaves every draw at the central value, but for what is pinned.

    Notes
    -----
    Each row is drawn from a triangle over low, value, high with its median at the value, on a column of a
    Latin hypercube of its own (`draw_column`).
    """

    def __init__(self, evidence: Evidence, n_draws: int = 0, seed: int | None = None) -> None:
        self.evidence, self.n_draws, self.seed = evidence, n_draws, seed
        self.used: dict[str, Row] = {}
        self._arrays: dict[Coefficient, Array] = {}
        self._pinned: dict[str, Array] = {}

    @property
    def size(self) -> int:
        """Length of the draw axis."""
        return self.n_draws + 1

    def pin(self, key: str, values: Array) -> None:
        """Give a key stated values, shape (size,), in place of draws."""
        self._pinned[key] = values

    def get(self, coefficient: Coefficient) -> Array:
        """Return values of a coefficient in its row's unit, shape (size,)."""
        values = self._arrays.get(coefficient)
        if values is None:
            self._arrays[coefficient] = values = self._read(coefficient)
        return values

    def _read(self, coefficient: Coefficient) -> Array:
        if isinstance(coefficient, int):
            return np.full(self.size, float(coefficient))
        self.used[coefficient] = row = self.evidence.get_row(coefficient)
        return self._make(coefficient, row)

    def get_in(self, coefficient: Coefficient, unit: str) -> Array:
        """Return values converted to `unit`, shape (size,)."""
        values = self.get(coefficient)
        if isinstance(coefficient, int):
            return values
        own = self.used[coefficient].unit
        return values if own == unit else values * convert(1, own, unit, coefficient)

    def get_minutes(self, coefficient: Coefficient) -> Array:
        """Return a duration in minutes, shape (size,)."""
        return self.get_in(coefficient, "min")

    def _make(self, key: str, row: Row) -> Array:
        values = np.full(self.size, row.value)
        if key in self._pinned:
            return self._pinned[key]
        if row.is_ranged and self.n_draws and self.seed is not None:
            uniform = draw_column(self.n_draws, self.seed, key)
            values[1:] = compute_triangular(uniform, row.lowest, row.value, row.highest)
        return values
