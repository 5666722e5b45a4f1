"""`Columns`: rows gathered one by one, given out as the arrays the kernels read."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_KEYS = frozenset(
    {
        "st_has",
        "st_lacks",
        "st_sets",
        "ep_has",
        "ep_lacks",
        "ep_sets",
        "so_key",
        "re_key",
        "in_mask",
        "in_key",
    }
)


class Columns:
    """Columns of several tables under way, by name."""

    def __init__(self) -> None:
        self._lists: dict[str, list[float]] = defaultdict(list)

    def add(self, **values: float) -> None:
        """Append one value to each of the named columns."""
        for name, value in values.items():
            self._lists[name].append(value)

    def extend(self, **values: Iterable[float]) -> None:
        """Append several values to each of the named columns."""
        for name, several in values.items():
            self._lists[name].extend(several)

    def get(self, name: str, row: int) -> float:
        """Return one value."""
        return self._lists[name][row]

    def set(self, name: str, row: int, value: float) -> None:
        """Change one value."""
        self._lists[name][row] = value

    def count(self, name: str) -> int:
        """Return how many rows a column has."""
        return len(self._lists[name])

    def to_array(self, name: str, kind: type[np.generic]) -> NDArray[np.generic]:
        """Return a column; keys are unsigned."""
        return np.array(self._lists[name], dtype=np.uint64 if name in _KEYS else kind)
