"""Two records of one patient become one, with everything that is open; and two again."""

from oncopolis.operations.merging.acts import ACTS

__all__ = ["ACTS"]
