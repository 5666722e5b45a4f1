"""From a centre with its numbers to the arrays the kernels read."""

from oncopolis.twin.compiling.compiling import compile_model

__all__ = ["compile_model"]
