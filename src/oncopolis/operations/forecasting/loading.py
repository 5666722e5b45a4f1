"""Loading the kernel before anybody waits for it."""

import numpy as np

from oncopolis.operations.forecasting.kernels.foreseeing import foresee


def load_kernels() -> None:
    """Load the kernel, or compile it where that has not been done yet: a queue of one is foreseen."""
    number, none = np.zeros(1), np.zeros((1, 0, 2))
    foresee(
        np.zeros(1, np.uint64), number, number, -np.ones(1), np.zeros((1, 1), np.int64),
        np.zeros(1, np.int64), number, np.ones(1), np.zeros(2), np.ones(1, np.int64), none, 0.0, 1,
    )  # fmt: skip
