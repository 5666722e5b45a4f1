"""The twin once more in plain Python: slow, and written to be read.

It runs the same compiled model with the same keyed draws as the kernels, on a heap of notices, queues that
are lists and appointments that are dictionaries. What both do must be equal, event for event.
"""

from oncopolis.twin.reference.simulation import Lived, run

__all__ = ["Lived", "run"]
